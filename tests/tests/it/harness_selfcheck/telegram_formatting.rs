//! The HTML parser against the published cases of the real server's tests.
use std::collections::BTreeSet;

use serde_json::Value;

use crate::harness::fake_telegram::parse_html;
use crate::harness::shared_data;

#[test]
fn html_is_read_as_the_server_reads_it() {
    let Some(path) = shared_data::file("platform-specs/td-format-vectors.json.gz") else { return };
    let text = shared_data::read_text(&path).expect("the cases");
    let cases: Value = serde_json::from_str(&text).expect("the cases");
    let cases = cases["html"].as_array().cloned().unwrap_or_default();
    assert!(cases.len() > 80);
    for case in cases {
        let source = case["in"].as_str().expect("a source");
        match (parse_html(source), case["error"].as_str()) {
            // The published file names this one text by a constant.
            (Err(_), Some("invalid_surrogate_pair_error_message")) => {}
            (Err(error), Some(expected)) => assert_eq!(error, expected, "{source}"),
            (Ok((text, entities)), None) => {
                assert_eq!(text, case["text"].as_str().expect("a text"), "{source}");
                let found: BTreeSet<(u64, u64, String)> = entities
                    .iter()
                    .map(|entity| (entity.offset as u64, entity.length as u64, entity.kind.to_owned()))
                    .collect();
                assert_eq!(found, expected(&case), "{source}");
            }
            (outcome, expected) => panic!("{source}: {outcome:?} instead of {expected:?}"),
        }
    }
}

fn expected(case: &Value) -> BTreeSet<(u64, u64, String)> {
    let entities = case["entities"].as_array().cloned().unwrap_or_default();
    let number = |value: &Value| value.as_u64().expect("a number");
    entities
        .iter()
        .map(|entity| {
            (number(&entity[1]), number(&entity[2]), entity[0].as_str().expect("a kind").to_owned())
        })
        .collect()
}
