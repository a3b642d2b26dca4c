//! JSON answers against the schemas that the program publishes.
//!
//! The check knows the keywords of JSON Schema that ours use and fails on any other, so that nothing passes
//! because it was not understood. A field that no schema describes fails too.

use serde_json::Value;

use super::portolan;

/// The output of the program, as JSON.
fn json(arguments: &[&str]) -> Value {
    let output = portolan(arguments).output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A schema, by whose root references are resolved.
#[derive(Clone, Copy)]
struct Schema<'a> {
    root: &'a Value,
}

impl<'a> Schema<'a> {
    /// Returns where a document is not as the schema says.
    fn problems(self, document: &Value) -> Vec<String> {
        let mut problems = self.breaches(document, self.root, "$");
        problems.extend(self.undescribed(document, vec![self.root], "$"));
        problems
    }

    /// Returns which keywords a value breaks.
    fn breaches(self, value: &Value, schema: &Value, path: &str) -> Vec<String> {
        let Some(keywords) = schema.as_object() else { return Vec::new() };
        let of_keyword = |(keyword, rule)| self.breaches_of(keyword, rule, value, path);
        keywords.iter().flat_map(of_keyword).collect()
    }

    fn breaches_of(self, keyword: &String, rule: &Value, value: &Value, path: &str) -> Vec<String> {
        let list = || rule.as_array().unwrap().iter();
        let fitting = || list().filter(|it| self.breaches(value, it, path).is_empty()).count();
        let length = || value.as_array().map_or(0, Vec::len) as u64;
        let is_met = match keyword.as_str() {
            "$ref" => return self.breaches(value, self.target(rule), path),
            "properties" => return self.breaches_of_fields(value, rule, path),
            "items" => return self.breaches_of_items(value, rule, path),
            "type" => rule.as_array().map_or_else(
                || has_type(value, rule),
                |types| types.iter().any(|it| has_type(value, it)),
            ),
            "const" => value == rule,
            "minimum" => value.as_f64().is_none_or(|it| it >= rule.as_f64().unwrap()),
            "maximum" => value.as_f64().is_none_or(|it| it <= rule.as_f64().unwrap()),
            "minItems" => length() >= rule.as_u64().unwrap(),
            "maxItems" => length() <= rule.as_u64().unwrap(),
            "oneOf" => fitting() == 1,
            "anyOf" => fitting() >= 1,
            "required" => list().all(|it| value.get(it.as_str().unwrap()).is_some()),
            "$defs" | "$schema" | "description" | "format" | "title" => true,
            _ => false,
        };
        if is_met { Vec::new() } else { vec![format!("{path}: {keyword}")] }
    }

    fn breaches_of_fields(self, value: &Value, properties: &Value, path: &str) -> Vec<String> {
        let properties = properties.as_object().unwrap().iter();
        let present =
            properties.filter_map(|(name, schema)| Some((name, value.get(name)?, schema)));
        present
            .flat_map(|(name, field, schema)| {
                self.breaches(field, schema, &format!("{path}.{name}"))
            })
            .collect()
    }

    fn breaches_of_items(self, value: &Value, schema: &Value, path: &str) -> Vec<String> {
        let items = value.as_array().into_iter().flatten().enumerate();
        items.flat_map(|(at, item)| self.breaches(item, schema, &format!("{path}[{at}]"))).collect()
    }

    /// Returns the fields that none of the schemas of a value describes.
    fn undescribed(self, value: &Value, schemas: Vec<&'a Value>, path: &str) -> Vec<String> {
        let schemas = self.with_parts(schemas);
        let below = |keyword: &str| -> Vec<&'a Value> {
            schemas.iter().filter_map(|it| it.get(keyword)).collect()
        };
        match value {
            Value::Object(fields) => fields
                .iter()
                .flat_map(|(name, field)| {
                    let path = format!("{path}.{name}");
                    let known = below("properties").into_iter().filter_map(|it| it.get(name));
                    let known: Vec<_> = known.collect();
                    let is_unknown = known.is_empty();
                    let deeper = self.undescribed(field, known, &path);
                    if is_unknown { vec![format!("{path}: not described")] } else { deeper }
                })
                .collect(),
            Value::Array(items) => {
                let of_item = |item| self.undescribed(item, below("items"), &format!("{path}[]"));
                items.iter().flat_map(of_item).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Adds the schemas that the schemas refer to, and their alternatives.
    fn with_parts(self, mut schemas: Vec<&'a Value>) -> Vec<&'a Value> {
        let mut at = 0;
        while let Some(schema) = schemas.get(at).copied() {
            schemas.extend(schema.get("$ref").map(|it| self.target(it)));
            let alternatives = ["oneOf", "anyOf"].into_iter().filter_map(|it| schema.get(it));
            schemas.extend(alternatives.flat_map(|it| it.as_array().unwrap()));
            at += 1;
        }
        schemas
    }

    fn target(self, reference: &Value) -> &'a Value {
        self.root.pointer(reference.as_str().unwrap().trim_start_matches('#')).unwrap()
    }
}

fn has_type(value: &Value, name: &Value) -> bool {
    match name.as_str().unwrap() {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    }
}

#[track_caller]
fn check(name: &str, arguments: &[&str]) {
    let schema = json(&["generate", "schema", name]);
    let document = json(&[arguments, &["--format", "json"]].concat());
    let problems = Schema { root: &schema }.problems(&document);
    assert!(problems.is_empty(), "{:#?}", problems.iter().take(20).collect::<Vec<_>>());
}

#[test]
fn exposures_are_as_published() {
    check("exposure", &["exposure", "examples/harbor"]);
    check("exposure", &["exposure", "crates/cli/tests/cmd/broken.in/partly"]);
}

#[test]
fn answers_are_as_published() {
    let ask = |from, to, more: &[&str]| {
        let question = ["reach", "examples/harbor", "--from", from, "--to", to];
        check("reach", &[&question, more].concat());
    };
    ask("internet", "bastion-1", &["--port", "ssh"]);
    ask("internet", "booking-db", &["--layers"]);
    ask("web-1", "internet", &["--protocol", "icmp"]);
    ask("internet", "harbor-web", &[]);
}

#[test]
fn matrices_are_as_published() {
    check("matrix", &["matrix", "examples/harbor"]);
    check("matrix", &["matrix", "examples/harbor", "--expand", "--limit", "50"]);
}

#[test]
fn ports_are_as_published() {
    check("ports", &["ports"]);
    check("ports", &["ports", "0-1023"]);
}

#[test]
fn plans_and_evaluations_are_as_published() {
    let logs = ["examples/harbor", "--flows", "examples/harbor/flow-logs"];
    check("tighten", &[&["tighten"], &logs[..]].concat());
    check("evaluate", &[&["evaluate"], &logs[..]].concat());
}

#[test]
fn every_schema_is_listed() {
    let all = json(&["generate", "schema"]);
    let names: Vec<_> = all.as_object().unwrap().keys().collect();
    assert_eq!(
        names,
        ["evaluate", "exposure", "flows query", "flows why", "matrix", "ports", "reach", "tighten"]
    );
}

#[test]
fn the_check_finds_what_is_wrong() {
    let schema = serde_json::json!({
        "type": "object",
        "required": ["a"],
        "properties": { "a": { "$ref": "#/$defs/a" }, "b": { "oneOf": [{ "const": 1 }] } },
        "$defs": { "a": { "type": ["integer", "null"], "maximum": 3 } }
    });
    let check = |document, expected: &[&str]| {
        assert_eq!(Schema { root: &schema }.problems(&document), expected, "{document}");
    };
    check(serde_json::json!({ "a": 3 }), &[]);
    check(serde_json::json!({ "a": null, "b": 1 }), &[]);
    check(serde_json::json!({ "a": 4 }), &["$.a: maximum"]);
    check(serde_json::json!({ "a": "3" }), &["$.a: type"]);
    check(serde_json::json!({}), &["$: required"]);
    check(serde_json::json!({ "a": 1, "b": 2 }), &["$.b: oneOf"]);
    check(serde_json::json!({ "a": 1, "c": 2 }), &["$.c: not described"]);
    check(serde_json::json!([]), &["$: required", "$: type"]);
}
