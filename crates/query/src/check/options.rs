//! Options such as `type=left`.

use super::Checker;
use crate::suggestion::{closest, did_you_mean};
use crate::syntax::{Name, OptionText};

impl Checker<'_> {
    /// Reports options that a command does not have, and those that it has twice.
    pub(super) fn known_options(&mut self, options: &[OptionText], known: &[&str]) {
        for (index, option) in options.iter().enumerate() {
            let name = option.name.text.to_ascii_lowercase();
            if !known.contains(&name.as_str()) {
                let help = closest(&name, known.iter().copied()).map(did_you_mean);
                let help = help.unwrap_or_else(|| format!("there are `{}`", known.join("`, `")));
                self.wrong(
                    option.name.span,
                    format!("there is no option `{}` here", option.name.text),
                    &help,
                );
            }
            let is_again =
                options.iter().take(index).any(|it| it.name.text.eq_ignore_ascii_case(&name));
            if is_again {
                self.wrong(option.name.span, format!("`{name}` is given twice"), "");
            }
        }
    }

    /// Returns whether an option is `true`.
    pub(super) fn flag(&mut self, options: &[OptionText], name: &str, otherwise: bool) -> bool {
        let Some(value) = find(options, name) else { return otherwise };
        match value.text.to_ascii_lowercase().as_str() {
            "true" => true,
            "false" => false,
            _ => {
                self.wrong(value.span, format!("`{name}` is `true` or `false`"), "");
                otherwise
            }
        }
    }
}

/// Returns the value of an option.
pub(super) fn find<'text>(options: &'text [OptionText], name: &str) -> Option<&'text Name> {
    options.iter().find(|it| it.name.text.eq_ignore_ascii_case(name)).map(|it| &it.value)
}
