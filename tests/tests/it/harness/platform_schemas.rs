//! The platforms' published descriptions, where the shared data are at hand: calls and objects are held against them.
use std::sync::LazyLock;

use serde_json::Value;

use super::json_schema;
use super::shared_data;
use super::uploads::Body;

static TELEGRAM: LazyLock<Option<Value>> =
    LazyLock::new(|| read("platform-specs/telegram-bot-api-10.1.json.gz"));
static DISCORD: LazyLock<Option<Value>> =
    LazyLock::new(|| read("platform-specs/discord-openapi-v10.json.gz"));

fn read(name: &str) -> Option<Value> {
    let path = shared_data::folder()?.join(name);
    let text = shared_data::read_text(&path).ok()?;
    serde_json::from_str(&text).ok()
}

/// What a call of a Bot API method does that its description does not know. Method name in lower case.
pub fn telegram_call_violations(method: &str, body: &Body) -> Vec<String> {
    let Some(api) = TELEGRAM.as_ref() else { return Vec::new() };
    let methods = api["methods"].as_object().expect("methods of the Bot API");
    let Some((name, described)) = methods.iter().find(|(name, _)| name.to_lowercase() == method) else {
        return vec![format!("{method}: no such method")];
    };
    let parameters = described["fields"].as_array().cloned().unwrap_or_default();
    let known = |field: &str| parameters.iter().any(|parameter| parameter["name"] == field);
    let mut found: Vec<String> = body
        .fields
        .keys()
        .filter(|field| !known(field))
        .map(|field| format!("{name}: no parameter {field}"))
        .collect();
    for parameter in &parameters {
        let field = parameter["name"].as_str().unwrap_or_default();
        let given = body.fields.contains_key(field) || body.files.iter().any(|file| file.field == field);
        if parameter["required"] == true && !given {
            found.push(format!("{name}: {field} is missing"));
        }
        if is_structured(&parameter["types"])
            && let Ok(Some(value)) = body.structure(field)
        {
            telegram_value(api, &parameter["types"], &value, &format!("{name}.{field}"), &mut found);
        }
    }
    found
}

/// Numbers, texts and files come in several spellings; only objects and arrays are looked into.
fn is_structured(types: &Value) -> bool {
    let plain = ["Integer", "Float", "String", "Boolean", "InputFile"];
    let types = types.as_array().into_iter().flatten().filter_map(Value::as_str);
    types.into_iter().any(|kind| !plain.contains(&kind))
}

/// What in an object contradicts its type, such as `Update`. `None` without the shared data.
pub fn telegram_object_violations(kind: &str, object: &Value) -> Option<Vec<String>> {
    let api = TELEGRAM.as_ref()?;
    let mut found = Vec::new();
    telegram_value(api, &Value::from(vec![kind]), object, kind, &mut found);
    Some(found)
}

fn telegram_value(api: &Value, types: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    let mut nearest: Option<Vec<String>> = None;
    for kind in types.as_array().into_iter().flatten().filter_map(Value::as_str) {
        let complaints = telegram_type(api, kind, value, at);
        if complaints.is_empty() {
            return;
        }
        if nearest.as_ref().is_none_or(|known| complaints.len() < known.len()) {
            nearest = Some(complaints);
        }
    }
    found.extend(nearest.unwrap_or_default());
}

fn telegram_type(api: &Value, kind: &str, value: &Value, at: &str) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(inner) = kind.strip_prefix("Array of ") {
        match value.as_array() {
            None => found.push(format!("{at} is no array")),
            Some(items) => {
                for (index, item) in items.iter().enumerate() {
                    telegram_value(
                        api,
                        &Value::from(vec![inner]),
                        item,
                        &format!("{at}[{index}]"),
                        &mut found,
                    );
                }
            }
        }
        return found;
    }
    let fits = match kind {
        "Integer" => value.is_i64(),
        "Float" => value.is_number(),
        "String" => value.is_string(),
        "Boolean" => value.is_boolean(),
        _ => value.is_object(),
    };
    if !fits {
        return vec![format!("{at} is no {kind}")];
    }
    let Some(described) = api["types"].get(kind) else { return found };
    // A type with kinds below it (ChatMember, MaybeInaccessibleMessage) is any of them.
    if described
        .get("subtypes")
        .is_some_and(|subtypes| subtypes.as_array().is_some_and(|list| !list.is_empty()))
    {
        telegram_value(api, &described["subtypes"], value, at, &mut found);
        return found;
    }
    let fields = described["fields"].as_array().cloned().unwrap_or_default();
    for field in &fields {
        let name = field["name"].as_str().unwrap_or_default();
        match value.get(name) {
            Some(inner) => telegram_value(api, &field["types"], inner, &format!("{at}.{name}"), &mut found),
            None if field["required"] == true => found.push(format!("{at}.{name} is missing")),
            None => {}
        }
    }
    for name in value.as_object().into_iter().flat_map(|object| object.keys()) {
        if !fields.iter().any(|field| field["name"] == name.as_str()) {
            found.push(format!("{at}.{name} is unknown"));
        }
    }
    found
}

/// What in a body contradicts the description of `method path` (`post`, `/channels/{channel_id}/messages`).
pub fn discord_body_violations(method: &str, path: &str, body: &Value) -> Vec<String> {
    let Some(api) = DISCORD.as_ref() else { return Vec::new() };
    let Some(described) = api["paths"].get(path).and_then(|operations| operations.get(method)) else {
        return vec![format!("{method} {path}: not described")];
    };
    let schema = &described["requestBody"]["content"]["application/json"]["schema"];
    if schema.is_null() {
        return Vec::new();
    }
    named(&format!("{method} {path}"), json_schema::violations(api, schema, body))
}

/// What in an object contradicts a schema such as `MessageResponse`. `None` without the shared data.
pub fn discord_object_violations(schema: &str, object: &Value) -> Option<Vec<String>> {
    let api = DISCORD.as_ref()?;
    let described = api["components"]["schemas"].get(schema)?;
    Some(named(schema, json_schema::violations(api, described, object)))
}

fn named(name: &str, complaints: Vec<String>) -> Vec<String> {
    complaints.into_iter().map(|complaint| format!("{name} {complaint}")).collect()
}
