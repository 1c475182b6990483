//! What holds for any text whatsoever, since questions and articles are anybody's bytes.
use proptest::prelude::*;

use super::code;
use super::fold::fold;
use super::stem::Stems;
use super::tokens::{FieldText, Piece, spans};
use super::variants::unify;
use crate::search::snippet;
use crate::{language, markdown};

/// Latin, Chinese, codes, punctuation of both widths and anything else, mixed.
fn any_text() -> impl Strategy<Value = String> {
    prop::collection::vec(
        prop_oneof![
            "[a-zA-Z0-9_.'-]{1,12}",
            "[一-龥]{1,8}",
            "[Ａ-Ｚ０-９，。：－ ]{1,4}",
            r"\PC{0,6}",
            Just("E-1042".to_string()),
            Just("0x0000007B".to_string()),
            Just("\n## 解决办法\n1. ".to_string()),
        ],
        0..20,
    )
    .prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn folding_keeps_places_and_is_done_once(text in any_text()) {
        let folded = fold(&text);
        prop_assert_eq!(folded.chars().count(), text.chars().count());
        prop_assert_eq!(fold(&folded), folded.clone());
    }

    #[test]
    fn pieces_are_slices_in_order(text in any_text()) {
        let folded = fold(&text);
        let mut end = 0;
        for (start, piece) in spans(&folded) {
            let (Piece::Word(slice) | Piece::Han(slice)) = piece;
            prop_assert!(start >= end && folded[start..].starts_with(slice) && !slice.is_empty());
            end = start + slice.len();
        }
    }

    #[test]
    fn codes_stand_where_they_say(text in any_text()) {
        let folded = fold(&text);
        for code in code::extract(&folded) {
            prop_assert!(!code.key.is_empty() && !code.key.contains(' '));
            prop_assert!(folded.get(code.start..code.end).is_some_and(|slice| !slice.is_empty()));
        }
    }

    #[test]
    fn a_code_is_the_same_in_every_dress(letters in "[A-Z]{1,5}", number in 100u32..999_999) {
        let key = format!("{}{number}", letters.to_lowercase());
        for dress in [format!("{letters}-{number}"), format!("{letters}{number}"), format!("{letters}_{number}"),
            format!("报错{letters}-{number}怎么办"), format!("（{letters}-{number}）")] {
            prop_assert!(code::keys(&dress).contains(&key), "{} in {:?}", key, code::keys(&dress));
        }
    }

    #[test]
    fn nothing_panics(text in any_text(), other in any_text()) {
        let folded = unify(&fold(&text));
        FieldText::default().add(&folded, &mut Stems::default());
        let marks: Vec<String> = fold(&other).split(' ').map(str::to_string).collect();
        let (plain, html) = snippet::make(&text, &fold(&text), &marks);
        prop_assert_eq!(html.matches("<mark>").count(), html.matches("</mark>").count());
        prop_assert!(plain.chars().count() <= 162);
        let _ = language::guess(&text);
        prop_assert!(!markdown::to_html(&text).contains("<script"));
        let _ = markdown::to_text(&text);
        let _ = crate::search::steps::of(&text);
    }
}
