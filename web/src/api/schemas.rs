//! Schemas of the domain's words, made from the enums themselves so that they cannot drift apart.
use firstline_core::clocks::ClockState;
use firstline_core::plan::Milestone;
use firstline_core::severity::{Effect, Scope};
use firstline_core::ticket::{Author, Kind, Status};
use firstline_kb::article::ArticleKind;
use serde_json::Value;
use utoipa::openapi::schema::{Array, ArrayBuilder, Object, ObjectBuilder, SchemaType, Type};

/// What counts as an e-mail address here.
pub const EMAIL: &str = r"^[^@\s\u0000-\u001f\u007f-\u009f]{1,64}@[^@\s.\u0000-\u001f\u007f-\u009f]{1,60}(\.[^@\s.\u0000-\u001f\u007f-\u009f]{1,60}){1,2}$";

fn words(values: Vec<&'static str>) -> Object {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(values)).build()
}

fn words_or_null(values: Vec<&'static str>) -> Object {
    let with_null = values.into_iter().map(Value::from).chain([Value::Null]);
    let types = SchemaType::Array(vec![Type::String, Type::Null]);
    ObjectBuilder::new().schema_type(types).enum_values(Some(with_null)).build()
}

/// One function per word: `name`, and `name_or_null` where it may be left out.
macro_rules! word_schemas {
    ($($name:ident, $or_null:ident: $enum:ty;)+) => { $(
        #[allow(dead_code, reason = "not every word is used both ways")]
        pub fn $name() -> Object {
            words(<$enum>::ALL.iter().map(|v| v.as_str()).collect())
        }

        #[allow(dead_code, reason = "not every word is used both ways")]
        pub fn $or_null() -> Object {
            words_or_null(<$enum>::ALL.iter().map(|v| v.as_str()).collect())
        }
    )+ };
}

word_schemas! {
    kind, kind_or_null: Kind;
    status, status_or_any: Status;
    scope, scope_or_null: Scope;
    effect, effect_or_null: Effect;
    author, author_or_null: Author;
    milestone, milestone_or_null: Milestone;
    clock_state, clock_state_or_null: ClockState;
    article_kind, article_kind_or_null: ArticleKind;
}

/// A status somebody may set: a ticket cannot become new again.
pub fn next_status() -> Object {
    let all = Status::ALL.iter().filter(|s| **s != Status::New);
    words(all.map(|s| s.as_str()).collect())
}

/// A list of words without U+0000.
pub fn texts() -> Array {
    let text = ObjectBuilder::new().schema_type(Type::String).pattern(Some(r"^[^\u0000]*$"));
    ArrayBuilder::new().items(text).build()
}

/// A language as requests name it: askers send what their device says, `zh-Hant` or `en-GB`.
const LANG: &str = r"^([Zz][Hh]|[Ee][Nn])([-_][A-Za-z0-9]+)*$";

pub fn lang() -> Object {
    ObjectBuilder::new().schema_type(Type::String).pattern(Some(LANG)).build()
}

pub fn lang_or_null() -> Object {
    let types = SchemaType::Array(vec![Type::String, Type::Null]);
    ObjectBuilder::new().schema_type(types).pattern(Some(LANG)).build()
}

/// A language as answers name it.
pub fn lang_tag() -> Object {
    words(vec!["zh-CN", "en"])
}
