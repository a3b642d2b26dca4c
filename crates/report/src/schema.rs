//! The published shapes of the JSON documents.
//!
//! They are derived from the types that are written, so that they cannot say anything else.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;

use crate::{answer, exposure, matrix, ports, rows};

/// Returns the name and the JSON Schema (draft 2020-12) of every JSON document.
///
/// The names are those of the commands that print the documents. Within a major version of `format_version`
/// properties are added and never taken away, so a reader must ignore those that it does not know.
pub fn schemas() -> Vec<(&'static str, Value)> {
    vec![
        ("exposure", schema::<exposure::json::Document>()),
        ("reach", schema::<answer::json::Document>()),
        ("matrix", schema::<matrix::json::Document>()),
        ("ports", schema::<ports::json::Document>()),
        ("flows query", schema::<rows::json::Document<'_>>()),
        ("tighten", schema::<crate::plan::Document>()),
        ("evaluate", schema::<crate::evaluation::Document>()),
        ("flows why", schema::<crate::rejection::Document>()),
    ]
}

fn schema<T: JsonSchema>() -> Value {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    settings.into_generator().into_root_schema_for::<T>().to_value()
}

#[cfg(test)]
mod tests {
    use portolan_catalog::describe;

    use super::*;
    use crate::answer::AnswerSet;
    use crate::fixture::{
        answer_as, exposure_as, matrix_as, reachable, unknown, unreachable, written,
    };
    use crate::format::{Format, Style};
    use crate::matrix::MatrixOptions;
    use crate::rejection::tests::refused_as;
    use crate::rows::Drawing;
    use crate::rows::tests::traffic;

    /// Returns every way in which a value breaks a schema. Knows the keywords that ours use, and fails on others.
    fn faults(root: &Value, schema: &Value, value: &Value, path: &str) -> Vec<String> {
        let schema = resolved(root, schema);
        let mut found = Vec::new();
        for (keyword, operand) in schema.as_object().unwrap() {
            let broken = match keyword.as_str() {
                "type" => fault(!has_type(operand, value), path, operand),
                "const" => fault(operand != value, path, operand),
                "enum" => fault(!operand.as_array().unwrap().contains(value), path, operand),
                "required" => missing(operand, value, path),
                "properties" => properties(root, operand, value, path),
                "items" => items(root, operand, value, path),
                "anyOf" | "oneOf" => {
                    let fits = |it: &&Value| faults(root, it, value, path).is_empty();
                    fault(!operand.as_array().unwrap().iter().any(|it| fits(&it)), path, operand)
                }
                "minItems" => {
                    fault(value.as_array().unwrap().len() < length(operand), path, operand)
                }
                "maxItems" => {
                    fault(value.as_array().unwrap().len() > length(operand), path, operand)
                }
                "minimum" => {
                    fault(value.as_f64().is_some_and(|it| it < number(operand)), path, operand)
                }
                "maximum" => {
                    fault(value.as_f64().is_some_and(|it| it > number(operand)), path, operand)
                }
                "$schema" | "$defs" | "title" | "description" | "format" => Vec::new(),
                other => panic!("the test does not know the keyword `{other}`"),
            };
            found.extend(broken);
        }
        found
    }

    /// Returns a schema with the properties of the one that it refers to.
    fn resolved(root: &Value, schema: &Value) -> Value {
        let mut resolved = schema.clone();
        let Some(pointer) = schema.get("$ref") else { return resolved };
        let target = root.pointer(pointer.as_str().unwrap().trim_start_matches('#')).unwrap();
        for (keyword, operand) in target.as_object().unwrap() {
            match (resolved.get_mut(keyword), operand) {
                (None, _) => resolved[keyword] = operand.clone(),
                (Some(Value::Object(own)), Value::Object(more)) => own.extend(more.clone()),
                (Some(Value::Array(own)), Value::Array(more)) => own.extend(more.clone()),
                (Some(_), _) => {}
            }
        }
        resolved.as_object_mut().unwrap().remove("$ref");
        resolved
    }

    fn number(operand: &Value) -> f64 {
        operand.as_f64().unwrap()
    }

    fn length(operand: &Value) -> usize {
        usize::try_from(operand.as_u64().unwrap()).unwrap()
    }

    fn fault(is_fault: bool, path: &str, expected: &Value) -> Vec<String> {
        if is_fault { vec![format!("{path}: not {expected}")] } else { Vec::new() }
    }

    fn has_type(expected: &Value, value: &Value) -> bool {
        let is = |name: &str| match name {
            "null" => value.is_null(),
            "boolean" => value.is_boolean(),
            "integer" => value.is_i64() || value.is_u64(),
            "number" => value.is_number(),
            "string" => value.is_string(),
            "array" => value.is_array(),
            "object" => value.is_object(),
            _ => false,
        };
        match expected {
            Value::Array(names) => names.iter().any(|name| is(name.as_str().unwrap())),
            name => is(name.as_str().unwrap()),
        }
    }

    fn missing(names: &Value, value: &Value, path: &str) -> Vec<String> {
        let names = names.as_array().unwrap().iter().map(|name| name.as_str().unwrap());
        names
            .filter(|name| value.get(name).is_none())
            .map(|name| format!("{path}: no {name}"))
            .collect()
    }

    /// A property that the schema does not have is a fault here, so that every property is published.
    fn properties(root: &Value, schemas: &Value, value: &Value, path: &str) -> Vec<String> {
        let Value::Object(members) = value else { return Vec::new() };
        let member = |(name, value): (&String, &Value)| {
            let path = format!("{path}.{name}");
            match schemas.get(name) {
                Some(schema) => faults(root, schema, value, &path),
                None => vec![format!("{path}: not in the schema")],
            }
        };
        members.iter().flat_map(member).collect()
    }

    fn items(root: &Value, schema: &Value, value: &Value, path: &str) -> Vec<String> {
        let values = value.as_array().unwrap().iter().enumerate();
        values.flat_map(|(at, it)| faults(root, schema, it, &format!("{path}[{at}]"))).collect()
    }

    fn check(name: &str, document: &str) {
        let schemas = schemas();
        let (_, schema) = schemas.iter().find(|(other, _)| *other == name).unwrap();
        let document: Value = serde_json::from_str(document).unwrap();
        assert_eq!(faults(schema, schema, &document, name), Vec::<String>::new());
    }

    #[test]
    fn what_is_written_is_what_is_published() {
        let style = Style::default();
        check("exposure", &exposure_as(Format::Json, &style, "bastion"));
        for answer in [reachable(), unreachable(), unknown()] {
            check("reach", &answer_as(Format::Json, &style, AnswerSet::One(&answer), "bastion"));
        }
        let (network_acls, security_groups, both) = (&reachable(), &unknown(), &unreachable());
        let layers = AnswerSet::Layers { network_acls, security_groups, both };
        check("reach", &answer_as(Format::Json, &style, layers, "bastion"));
        for expand in [false, true] {
            let options = MatrixOptions { expand, limit: None };
            check("matrix", &matrix_as(Format::Json, &style, options, "bastion"));
        }
        let entries = [describe(22), describe(51234), describe(0)];
        check("ports", &written(|out| ports(&entries, Format::Json, &style, out)));
        let set = traffic("action");
        let rows = written(|out| rows(&set, Drawing::Nothing, Format::Json, &style, out));
        check("flows query", &rows);
        check("flows why", &refused_as(Format::Json, "bastion"));
    }

    #[test]
    fn the_test_finds_faults() {
        let schema = serde_json::json!({
            "type": "object",
            "properties": {"a": {"type": "integer", "minimum": 1}, "b": {"type": "array", "items": {"type": "string"}}},
            "required": ["a"],
        });
        let count =
            |text: &str| faults(&schema, &schema, &serde_json::from_str(text).unwrap(), "x").len();
        assert_eq!(count(r#"{"a": 1, "b": ["c"]}"#), 0);
        assert_eq!(count(r#"{"a": 0}"#), 1);
        assert_eq!(count(r#"{"b": [1, 2], "c": 3}"#), 4);
    }

    #[test]
    fn every_schema_names_its_dialect_and_describes_itself() {
        for (name, schema) in schemas() {
            assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema", "{name}");
            assert!(schema["description"].as_str().unwrap().contains(name), "{name}");
        }
    }
}
