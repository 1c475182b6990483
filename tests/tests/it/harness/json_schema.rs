//! As much of JSON Schema as Discord's published description uses, read the way that document means it.
//!
//! Unions are not exclusive there (`oneOf` is read as `anyOf`), integers may be numeric strings, and unknown fields are
//! no errors.
use serde_json::Value;

/// Says what in `value` contradicts `schema`; references are looked up in `root`. Empty means it fits.
pub fn violations(root: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    check(root, schema, value, "$", &mut found);
    found
}

fn check(root: &Value, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    if let Some(reference) = schema["$ref"].as_str() {
        let pointer = reference.trim_start_matches('#');
        match root.pointer(pointer) {
            Some(target) => check(root, target, value, at, found),
            None => found.push(format!("{at}: the schema refers to {reference}, which does not exist")),
        }
        return;
    }
    for part in schema["allOf"].as_array().into_iter().flatten() {
        check(root, part, value, at, found);
    }
    for union in ["anyOf", "oneOf"] {
        if let Some(choices) = schema[union].as_array() {
            check_union(root, choices, value, at, found);
        }
    }
    if !type_fits(&schema["type"], value) {
        found.push(format!("{at}: {} is not of type {}", brief(value), schema["type"]));
        return;
    }
    check_values(schema, value, at, found);
    match value {
        Value::Object(_) => check_object(root, schema, value, at, found),
        Value::Array(items) => check_array(root, schema, items, at, found),
        Value::String(text) => check_text(schema, text, at, found),
        Value::Number(number) => check_number(schema, number.as_f64().unwrap_or(0.0), at, found),
        Value::Null | Value::Bool(_) => {}
    }
}

/// One of the choices must fit; of several that do not, the complaint of the nearest one is told.
fn check_union(root: &Value, choices: &[Value], value: &Value, at: &str, found: &mut Vec<String>) {
    let mut nearest: Option<Vec<String>> = None;
    for choice in choices {
        let mut complaints = Vec::new();
        check(root, choice, value, at, &mut complaints);
        if complaints.is_empty() {
            return;
        }
        if nearest.as_ref().is_none_or(|known| complaints.len() < known.len()) {
            nearest = Some(complaints);
        }
    }
    found.extend(nearest.unwrap_or_default());
}

fn type_fits(wanted: &Value, value: &Value) -> bool {
    let fits = |name: &str| match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string() || value.is_u64(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "number" => value.is_number(),
        "integer" => {
            value.is_i64() || value.is_u64() || value.as_str().is_some_and(|text| text.parse::<i64>().is_ok())
        }
        _ => true,
    };
    match wanted {
        Value::String(name) => fits(name),
        Value::Array(names) => names.iter().filter_map(Value::as_str).any(fits),
        _ => true,
    }
}

fn check_values(schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    if let Some(allowed) = schema["enum"].as_array()
        && !allowed.contains(value)
    {
        found.push(format!("{at}: {} is none of {}", brief(value), schema["enum"]));
    }
    if let Some(wanted) = schema.get("const")
        && wanted != value
    {
        found.push(format!("{at}: {} is not {wanted}", brief(value)));
    }
}

fn check_object(root: &Value, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if value.get(name).is_none() {
            found.push(format!("{at}: {name} is missing"));
        }
    }
    for (name, part) in schema["properties"].as_object().into_iter().flatten() {
        if let Some(inner) = value.get(name) {
            check(root, part, inner, &format!("{at}.{name}"), found);
        }
    }
}

fn check_array(root: &Value, schema: &Value, items: &[Value], at: &str, found: &mut Vec<String>) {
    bounds(schema, "minItems", "maxItems", items.len(), at, "items", found);
    if let Some(part) = schema.get("items") {
        for (index, item) in items.iter().enumerate() {
            check(root, part, item, &format!("{at}[{index}]"), found);
        }
    }
}

fn check_text(schema: &Value, text: &str, at: &str, found: &mut Vec<String>) {
    bounds(schema, "minLength", "maxLength", text.chars().count(), at, "characters", found);
    if schema["format"] == "snowflake" && text.parse::<u64>().is_err() {
        found.push(format!("{at}: {text:?} is no snowflake"));
    }
}

fn check_number(schema: &Value, number: f64, at: &str, found: &mut Vec<String>) {
    if schema["minimum"].as_f64().is_some_and(|least| number < least) {
        found.push(format!("{at}: {number} is below {}", schema["minimum"]));
    }
    if schema["maximum"].as_f64().is_some_and(|most| number > most) {
        found.push(format!("{at}: {number} is above {}", schema["maximum"]));
    }
}

fn bounds(
    schema: &Value,
    least: &str,
    most: &str,
    length: usize,
    at: &str,
    of: &str,
    found: &mut Vec<String>,
) {
    let length = length as u64;
    if schema[least].as_u64().is_some_and(|least| length < least) {
        found.push(format!("{at}: {length} {of}, at least {} are needed", schema[least]));
    }
    if schema[most].as_u64().is_some_and(|most| length > most) {
        found.push(format!("{at}: {length} {of}, at most {} are allowed", schema[most]));
    }
}

fn brief(value: &Value) -> String {
    let text = value.to_string();
    text.chars().take(60).collect()
}
