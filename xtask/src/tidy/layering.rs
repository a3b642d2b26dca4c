//! A crate depends on lower layers only.
//!
//! The layers stand in one table here rather than in each manifest, so that the whole order can be read at
//! once and a crate cannot promote itself in passing.

use super::Problem;
use crate::repository::{Crate, Dependency, Repository};

/// Layers up to this one are pure: no I/O, no clock, no environment, no printing. Two crates of one pure layer
/// do not know each other either; above, neighbours may.
const HIGHEST_PURE: u8 = 3;

/// The layer of crates that only tests and chores use.
const DEVELOPMENT: u8 = 7;

/// The crate that the tests of every layer may use.
const TESTKIT: &str = "portolan-testkit";

/// The layer of each crate. Rooms of the plan that are not built yet have theirs too, so that whoever adds one
/// finds it decided.
static LAYERS: &[(&str, u8)] = &[
    ("portolan-net", 0),
    ("portolan-catalog", 0),
    ("portolan-model", 1),
    ("portolan-reach", 2),
    ("portolan-query", 2),
    ("portolan-flow", 2),
    ("portolan-forecast", 2),
    ("portolan-audit", 3),
    ("portolan-respond", 3),
    ("portolan-sources", 4),
    ("portolan-aws", 4),
    ("portolan-lake", 4),
    ("portolan-store", 4),
    ("portolan-mail", 4),
    ("portolan-gateway", 4),
    ("portolan-tls", 4),
    ("portolan-bgp", 4),
    ("portolan-report", 4),
    ("portolan-watch", 5),
    ("portolan-web", 5),
    ("portolan-daemon", 5),
    ("portolan", 6),
    (TESTKIT, DEVELOPMENT),
    ("portolan-fuzzing", DEVELOPMENT + 1),
    ("xtask", DEVELOPMENT + 1),
];

/// Edges that the layers would allow and that must not be, with the reason. Tests may have them.
static APART: &[(&str, &str, &str)] =
    &[(TESTKIT, "portolan-reach", "the oracle must share no code with the engine it judges")];

/// The crates from outside that a pure layer may use: values and algorithms, nothing that reaches out. `serde` is there to
/// read what AWS writes; that pure types do not write themselves is a row of `forbidden_text`.
static PURE_MAY_USE: &[&str] = &[
    "memchr",
    "num-bigint",
    "regex-syntax",
    "rustc-hash",
    "serde",
    "serde_json",
    "strsim",
    "thiserror",
    "wide",
];

/// Finds crates without a layer, edges that lead up or sideways, and impure dependencies of pure crates.
pub(super) fn problems(repository: &Repository) -> Vec<Problem> {
    repository.crates.iter().flat_map(crate_problems).collect()
}

/// Returns whether the crate of this name is in a pure layer.
pub(super) fn is_pure(name: &str) -> bool {
    layer(name).is_some_and(|layer| layer <= HIGHEST_PURE)
}

fn crate_problems(dependent: &Crate) -> Vec<Problem> {
    let Some(layer) = layer(&dependent.name) else {
        let message = "has no layer; give it one in xtask/src/tidy/layering.rs";
        return vec![Problem::new(&dependent.name, message)];
    };
    let messages = dependent.dependencies.iter().filter_map(|it| edge(&dependent.name, layer, it));
    messages.map(|message| Problem::new(&dependent.name, message)).collect()
}

/// Returns what is wrong with the edge from a crate in `layer` to `dependency`, if anything is.
fn edge(dependent: &str, layer: u8, dependency: &Dependency) -> Option<String> {
    let name = dependency.name.as_str();
    let apart = APART.iter().find(|(from, to, _)| (*from, *to) == (dependent, name));
    if let Some((.., reason)) = apart.filter(|_| !dependency.is_development) {
        return Some(format!("depends on {name}: {reason}"));
    }
    match self::layer(name) {
        Some(_) if dependency.is_development && name == TESTKIT => None,
        Some(lower) if lower > layer => {
            Some(format!("layer {layer} depends on {name}, layer {lower}"))
        }
        Some(same) if same == layer && layer <= HIGHEST_PURE => {
            Some(format!("depends on {name}, its neighbour in pure layer {layer}"))
        }
        None if layer <= HIGHEST_PURE && is_refused(dependency) => {
            Some(format!("pure layer {layer} depends on {name}, which PURE_MAY_USE does not list"))
        }
        _ => None,
    }
}

fn is_refused(dependency: &Dependency) -> bool {
    !dependency.is_development && !PURE_MAY_USE.contains(&dependency.name.as_str())
}

fn layer(name: &str) -> Option<u8> {
    LAYERS.iter().find(|(known, _)| *known == name).map(|(_, layer)| *layer)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(dependent: &str, dependency: &str, is_development: bool, expected: &str) {
        let dependency = Dependency { name: dependency.to_owned(), is_development };
        let dependent = Crate {
            name: dependent.to_owned(),
            dependencies: vec![dependency],
            ..Crate::default()
        };
        let messages: Vec<_> =
            crate_problems(&dependent).into_iter().map(|it| it.message).collect();
        assert_eq!(messages.join("\n"), expected);
    }

    #[test]
    fn edges_lead_down() {
        check("portolan-model", "portolan-net", false, "");
        check(
            "portolan-net",
            "portolan-model",
            false,
            "layer 0 depends on portolan-model, layer 1",
        );
        check("portolan-net", "portolan-model", true, "layer 0 depends on portolan-model, layer 1");
        check("portolan-report", "portolan-sources", false, "");
    }

    #[test]
    fn pure_neighbours_stay_apart() {
        let expected = "depends on portolan-catalog, its neighbour in pure layer 0";
        check("portolan-net", "portolan-catalog", false, expected);
    }

    #[test]
    fn only_tests_use_the_testkit() {
        check("portolan-net", TESTKIT, true, "");
        check("portolan-net", TESTKIT, false, "layer 0 depends on portolan-testkit, layer 7");
    }

    #[test]
    fn the_oracle_is_independent() {
        let expected =
            "depends on portolan-reach: the oracle must share no code with the engine it judges";
        check(TESTKIT, "portolan-reach", false, expected);
        check(TESTKIT, "portolan-reach", true, "");
    }

    #[test]
    fn pure_layers_reach_out_to_nothing() {
        let expected = "pure layer 2 depends on tokio, which PURE_MAY_USE does not list";
        check("portolan-reach", "tokio", false, expected);
        check("portolan-reach", "proptest", true, "");
        check("portolan-sources", "walkdir", false, "");
    }

    #[test]
    fn a_new_crate_needs_a_layer() {
        let expected = "has no layer; give it one in xtask/src/tidy/layering.rs";
        check("portolan-attic", "anyhow", false, expected);
    }
}
