//! What each function computes.

use std::net::IpAddr;

use portolan_query::{Arithmetic, Expression, Function, Literal, Period};

use super::number::{Number, real};
use super::regex::compiled;
use super::value::{Row, Value};
use super::{Run, address, digest, json, text, time};

/// The mean radius of the Earth in kilometres.
///
/// Source: IUGG, the arithmetic mean radius, rounded.
const EARTH_RADIUS: f64 = 6371.0;

/// A call whose arguments have their values.
struct Call<'call> {
    values: Vec<Value>,
    arguments: &'call [Expression],
}

impl Run<'_> {
    /// Returns the value of a call.
    pub(super) fn call(self, function: Function, arguments: &[Expression], row: &Row) -> Value {
        let values = arguments.iter().map(|it| self.value(it, row)).collect();
        let call = Call { values, arguments };
        match function {
            Function::Now => (self.world.now / 1000).into(),
            Function::QueryStartTime => self.world.window.start.into(),
            Function::QueryEndTime => self.world.window.end.into(),
            Function::QueryTimeRange => (self.world.window.end - self.world.window.start).into(),
            _ => call
                .of_any(function)
                .or_else(|| call.of_numbers(function))
                .or_else(|| call.of_times(function))
                .or_else(|| call.of_text(function))
                .or_else(|| call.of_addresses(function))
                .unwrap_or_default(),
        }
    }
}

impl Call<'_> {
    fn value(&self, index: usize) -> &Value {
        self.values.get(index).unwrap_or(&Value::Missing)
    }

    fn number(&self, index: usize) -> Option<Number> {
        self.value(index).number()
    }

    fn real(&self, index: usize) -> Option<f64> {
        self.number(index).map(Number::real)
    }

    fn text(&self, index: usize) -> Option<String> {
        self.value(index).to_text()
    }

    fn period(&self, index: usize) -> Option<Period> {
        match self.arguments.get(index) {
            Some(Expression::Literal(Literal::Period(period))) => Some(*period),
            _ => None,
        }
    }

    fn regex(&self, index: usize) -> Option<::regex::Regex> {
        match self.arguments.get(index) {
            Some(Expression::Literal(Literal::Regex(regex))) => compiled(regex),
            _ => None,
        }
    }

    /// Functions that have a value although an argument is missing, and those of lists and maps.
    fn of_any(&self, function: Function) -> Option<Value> {
        let first = self.value(0);
        Some(match function {
            Function::IsPresent => first.is_present().into(),
            Function::Coalesce => {
                self.values.iter().find(|it| it.is_present()).cloned().unwrap_or_default()
            }
            Function::Case => self.case(),
            Function::If => self.value(if first.truth() == Some(true) { 1 } else { 2 }).clone(),
            Function::IsNumeric => {
                (!matches!(first, Value::Time(_)) && first.number().is_some()).into()
            }
            Function::IsEmpty => self.text(0).is_none_or(|it| it.is_empty()).into(),
            Function::IsBlank => self.text(0).is_none_or(|it| it.trim().is_empty()).into(),
            Function::Concat => {
                Value::Text(self.values.iter().filter_map(Value::to_text).collect())
            }
            Function::JsonParse => self.text(0).map(|it| json::parse(&it)).unwrap_or_default(),
            Function::JsonStringify => match json::structure(first) {
                Value::Missing => Value::Missing,
                structure => Value::Text(json::stringify(&structure)),
            },
            Function::JsonArraySize => match json::structure(first) {
                Value::List(items) => i64::try_from(items.len()).ok().into(),
                _ => Value::Missing,
            },
            Function::JsonArrayContains => match json::structure(first) {
                Value::List(items) => {
                    let wanted = self.text(1);
                    (wanted.is_some() && items.iter().any(|it| it.to_text() == wanted)).into()
                }
                _ => Value::Boolean(false),
            },
            Function::Unmask => first.clone(),
            _ => return None,
        })
    }

    fn case(&self) -> Value {
        let pairs = self.values.chunks(2);
        let chosen = pairs.into_iter().find_map(|pair| match pair {
            [condition, value] => (condition.truth() == Some(true)).then(|| value.clone()),
            [otherwise] => Some(otherwise.clone()),
            _ => None,
        });
        chosen.unwrap_or_default()
    }

    fn of_numbers(&self, function: Function) -> Option<Value> {
        let first = self.number(0);
        let real_of =
            |compute: fn(f64) -> f64| first.map(|it| Number::Real(compute(it.real()))).into();
        Some(match function {
            Function::Abs => first.and_then(|it| it.map(i64::checked_abs, f64::abs)).into(),
            Function::Ceil => first.and_then(|it| it.map(Some, f64::ceil)).into(),
            Function::Floor => first.and_then(|it| it.map(Some, f64::floor)).into(),
            Function::Round => self.round().into(),
            Function::Greatest => self.extreme(std::cmp::Ordering::Greater).into(),
            Function::Least => self.extreme(std::cmp::Ordering::Less).into(),
            Function::Log => real_of(f64::ln),
            Function::Sqrt => real_of(f64::sqrt),
            Function::Haversine => self.haversine().map(Number::Real).into(),
            Function::ToNumber | Function::ToDouble => real_of(std::convert::identity),
            Function::ToInt => {
                let whole = first.and_then(Number::whole);
                whole.filter(|it| i32::try_from(*it).is_ok()).into()
            }
            Function::ToLong => first.and_then(Number::whole).into(),
            Function::DecimalToHex => {
                first.and_then(Number::whole).map(text::to_hexadecimal).into()
            }
            _ => return None,
        })
    }

    fn round(&self) -> Option<Number> {
        let digits = if self.values.len() > 1 { self.number(1)?.whole()? } else { 0 };
        let scale = 10_f64.powf(real(digits));
        let number = self.number(0)?;
        if number.is_whole() && digits >= 0 {
            return Some(number);
        }
        let rounded = (number.real() * scale).round() / scale;
        if !number.is_whole() {
            return Some(Number::Real(if rounded.is_finite() { rounded } else { number.real() }));
        }
        super::number::truncated(rounded).map(Number::Whole)
    }

    /// Returns the largest or smallest number; `None` if an argument is none.
    fn extreme(&self, wanted: std::cmp::Ordering) -> Option<Number> {
        let numbers: Option<Vec<_>> = self.values.iter().map(Value::number).collect();
        let numbers = numbers?;
        let are_whole = numbers.iter().all(|it| it.is_whole());
        let best = numbers
            .into_iter()
            .reduce(|best, it| if it.order(best) == wanted { it } else { best })?;
        Some(if are_whole { best } else { Number::Real(best.real()) })
    }

    fn haversine(&self) -> Option<f64> {
        let [latitude, longitude, other_latitude, other_longitude] =
            [self.real(0)?, self.real(1)?, self.real(2)?, self.real(3)?].map(f64::to_radians);
        let half = |from: f64, to: f64| ((to - from) / 2.0).sin().powi(2);
        let chord = half(latitude, other_latitude)
            + latitude.cos() * other_latitude.cos() * half(longitude, other_longitude);
        Some(2.0 * EARTH_RADIUS * chord.sqrt().min(1.0).asin())
    }

    fn of_times(&self, function: Function) -> Option<Value> {
        let first = time::milliseconds(self.value(0));
        let rounded = |round: fn(i64, Period) -> Option<i64>| {
            let rounded = first.zip(self.period(1)).and_then(|(time, period)| round(time, period));
            rounded.map_or(Value::Missing, Value::Time)
        };
        let zone = if self.values.len() > 2 { self.text(2) } else { Some(String::from("UTC")) };
        Some(match function {
            Function::DateFloor => rounded(time::floor),
            Function::DateCeil => rounded(time::ceil),
            Function::FromMillis => first.map_or(Value::Missing, Value::Time),
            Function::ToMillis => first.into(),
            Function::ParseDate => {
                let parsed = self.text(0).zip(self.text(1)).zip(zone);
                parsed
                    .and_then(|((text, pattern), zone)| time::parse(&text, &pattern, &zone))
                    .into()
            }
            Function::FormatDate => {
                let formatted = first.zip(self.text(1)).zip(zone);
                formatted
                    .and_then(|((time, format), zone)| time::format(time, &format, &zone))
                    .into()
            }
            _ => return None,
        })
    }

    fn of_text(&self, function: Function) -> Option<Value> {
        let Some(first) = self.text(0) else {
            return is_of_text(function).then_some(Value::Missing);
        };
        let second = self.text(1);
        let with_second =
            |compute: &dyn Fn(&str) -> Value| second.as_deref().map(compute).unwrap_or_default();
        Some(match function {
            Function::MessageSize => i64::try_from(first.len()).ok().into(),
            Function::StringLength => i64::try_from(first.chars().count()).ok().into(),
            Function::ToUpper => first.to_uppercase().into(),
            Function::ToLower => first.to_lowercase().into(),
            Function::LeftTrim => self.trimmed(&first, true, false),
            Function::RightTrim => self.trimmed(&first, false, true),
            Function::Trim => self.trimmed(&first, true, true),
            Function::Substring => self.substring(&first).into(),
            Function::Replace => self.replaced(&first).into(),
            Function::RegexReplace => {
                let replaced = self.regex(1).zip(self.text(2));
                replaced
                    .map(|(regex, to)| regex.replace_all(&first, to.as_str()).into_owned())
                    .into()
            }
            Function::StringContains => self.contains(&first).into(),
            Function::StartsWith => with_second(&|it| first.starts_with(it).into()),
            Function::EndsWith => with_second(&|it| first.ends_with(it).into()),
            Function::Split => with_second(&|it| split(&first, it)),
            Function::UrlEncode => text::url_encode(&first).into(),
            Function::UrlDecode => text::url_decode(&first).into(),
            Function::Base64Encode => text::base64_encode(&first).into(),
            Function::Base64Decode => text::base64_decode(&first).into(),
            Function::HexToAscii => text::from_hexadecimal(&first).into(),
            Function::HexToDecimal => text::hexadecimal_number(&first).into(),
            Function::Md5 => digest::md5(first.as_bytes()).into(),
            Function::Sha256 => digest::sha256(first.as_bytes()).into(),
            _ => return None,
        })
    }

    fn trimmed(&self, text: &str, at_start: bool, at_end: bool) -> Value {
        let characters = if self.values.len() > 1 { self.text(1).map(Some) } else { Some(None) };
        let Some(characters) = characters else { return Value::Missing };
        let is_cut =
            |it: char| characters.as_ref().map_or(it.is_whitespace(), |all| all.contains(it));
        let text = if at_start { text.trim_start_matches(is_cut) } else { text };
        let text = if at_end { text.trim_end_matches(is_cut) } else { text };
        Value::text(text)
    }

    fn substring(&self, text: &str) -> Option<String> {
        let start = self.number(1)?.whole()?;
        let length = if self.values.len() > 2 { Some(self.number(2)?.whole()?) } else { None };
        Some(text::substring(text, start, length))
    }

    fn replaced(&self, text: &str) -> Option<String> {
        let (search, replacement) = (self.text(1)?, self.text(2)?);
        Some(if search.is_empty() { text.to_owned() } else { text.replace(&search, &replacement) })
    }

    fn contains(&self, text: &str) -> Option<bool> {
        let search = self.text(1)?;
        let ignores_case = if self.values.len() > 2 { self.value(2).truth()? } else { false };
        Some(if ignores_case {
            text.to_lowercase().contains(&search.to_lowercase())
        } else {
            text.contains(&search)
        })
    }

    fn of_addresses(&self, function: Function) -> Option<Value> {
        let Some(text) = self.text(0) else { return Some(Value::Missing) };
        let address = address::parse(&text);
        let is = |holds: fn(IpAddr) -> bool| address.is_some_and(holds).into();
        Some(match function {
            Function::IsValidIp => address.is_some().into(),
            Function::IsValidIpv4 => is(|it| it.is_ipv4()),
            Function::IsValidIpv6 => is(|it| it.is_ipv6()),
            Function::IsIpInSubnet => self.is_in_subnet(address.as_ref()),
            Function::IsIpv4InSubnet => {
                self.is_in_subnet(address.as_ref().filter(|it| it.is_ipv4()))
            }
            Function::IsIpv6InSubnet => {
                self.is_in_subnet(address.as_ref().filter(|it| it.is_ipv6()))
            }
            Function::IsPrivateIp => is(address::is_private),
            Function::IsReservedIp => is(address::is_reserved),
            Function::IsPublicIp => is(|it| !address::is_private(it) && !address::is_reserved(it)),
            Function::Ipv4ToNumber => match address {
                Some(IpAddr::V4(it)) => i64::from(it.to_bits()).into(),
                _ => Value::Missing,
            },
            _ => return None,
        })
    }

    fn is_in_subnet(&self, address: Option<&IpAddr>) -> Value {
        let Some(subnet) = self.text(1) else { return Value::Missing };
        let subnet = address::Subnet::parse(&subnet);
        address.zip(subnet).is_some_and(|(address, subnet)| subnet.holds(*address)).into()
    }
}

/// Returns whether a function is one of text, so that it is missing where its text is.
fn is_of_text(function: Function) -> bool {
    let call = Call { values: vec![Value::text("")], arguments: &[] };
    call.of_text(function).is_some()
}

/// Returns the parts of a text between delimiters; all of it if the delimiter is empty.
fn split(text: &str, delimiter: &str) -> Value {
    if delimiter.is_empty() {
        return Value::List(vec![Value::text(text)]);
    }
    Value::List(text.split(delimiter).map(Value::text).collect())
}

/// Returns the number with the other sign.
pub(super) fn negated(number: Number) -> Option<Number> {
    Number::Whole(0).apply(Arithmetic::Subtract, number)
}
