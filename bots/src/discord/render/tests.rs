//! Tests of the rendering: nothing is lost, the limits hold, frames are closed.
use proptest::prelude::*;

use super::*;
use crate::message::Block;

fn words() -> impl Strategy<Value = String> {
    proptest::collection::vec(
        prop_oneof![
            "[a-zA-Z0-9 ]{1,12}",
            "[中文错误代码报表 ]{1,8}",
            "[*_~`|\\[<>@#\\\\-]{1,5}",
            Just("\n".to_owned()),
            Just("😀".to_owned()),
            Just("https://a.example.com/x_y_z ".to_owned()),
            "[a-z_]{200,900}",
        ],
        1..10,
    )
    .prop_map(|pieces| pieces.concat())
}

fn block() -> impl Strategy<Value = Block> {
    let span = || {
        prop_oneof![words().prop_map(Span::Text), words().prop_map(Span::Bold), words().prop_map(Span::Code)]
    };
    prop_oneof![
        words().prop_map(Block::Heading),
        proptest::collection::vec(span(), 1..4).prop_map(Block::Paragraph),
        proptest::collection::vec(span(), 1..4).prop_map(Block::Quote),
        words().prop_map(Block::Code),
    ]
}

fn said(blocks: &[Block]) -> String {
    let words: String = blocks
        .iter()
        .map(|block| match block {
            Block::Heading(text) | Block::Code(text) => text.clone(),
            Block::Paragraph(spans) | Block::Quote(spans) => spans.iter().map(plain).collect(),
            Block::List { .. } => String::new(),
        })
        .collect();
    squeezed(&words)
}

fn plain(span: &Span) -> String {
    match span {
        Span::Text(t) | Span::Bold(t) | Span::Code(t) | Span::Link { text: t, .. } => t.clone(),
    }
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn texts(message: &Outgoing) -> Vec<TextPart> {
    let parts = parts(message).into_iter();
    parts.filter_map(|part| if let Part::Text(text) = part { Some(text) } else { None }).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn nothing_is_lost_and_every_part_fits(blocks in proptest::collection::vec(block(), 0..12)) {
        let texts = texts(&Outgoing { blocks: blocks.clone(), ..Outgoing::default() });
        let mut all = String::new();
        for text in &texts {
            prop_assert!(text.markup.encode_utf16().count() <= 2000 && text.plain.encode_utf16().count() <= 2000);
            prop_assert!(!text.markup.trim().is_empty());
            all.push_str(&text.plain);
        }
        prop_assert_eq!(squeezed(&all), said(&blocks));
    }

    #[test]
    fn backslashes_taken_away_it_is_the_text(text in "[a-z中*_~`|\\[<>@ ]{0,60}") {
        prop_assert_eq!(escape(&text).replace('\\', ""), text);
    }
}

fn button(label: &str, action: &str) -> Button {
    Button { label: label.into(), action: action.into(), url: None }
}

#[test]
fn it_reads_as_it_should() {
    let blocks = vec![
        Block::Heading("E-1042".into()),
        Block::Paragraph(vec![
            Span::Text("# no_heading, see ".into()),
            Span::Link { text: "a*b".into(), url: "https://kb.example.com/a".into() },
        ]),
        Block::List {
            ordered: false,
            items: vec![vec![Span::Bold("one".into())], vec![Span::Code("a`b".into())]],
        },
        Block::Code("x\n```y".into()),
        Block::Quote(vec![Span::Text("said\nso".into())]),
    ];
    let texts = texts(&Outgoing { blocks, ..Outgoing::default() });
    let expected = "### E-1042\n\\# no\\_heading, see [a\\*b](<https://kb.example.com/a>)\n\n- **one**\n- `` a`b ``\n\n```\nx\n`\u{200b}`\u{200b}`y\n```\n\n> said\n> so";
    assert_eq!(texts[0].markup, expected);
}

#[test]
fn a_long_block_of_code_is_closed_and_opened_again() {
    let code: String = (0..300).map(|n| format!("line {n} of a log\n")).collect();
    let texts = texts(&Outgoing { blocks: vec![Block::Code(code)], ..Outgoing::default() });
    assert!(texts.len() > 2);
    assert!(texts.iter().all(|t| t.markup.starts_with("```\n") && t.markup.ends_with("\n```")));
}

#[test]
fn buttons_keep_the_limits() {
    let rows: Vec<Vec<Button>> =
        (0..7).map(|n| vec![button("a", &format!("x:{n}")), button("b", "same")]).collect();
    let rows = super::rows(&rows);
    assert_eq!(rows.iter().map(Vec::len).collect::<Vec<_>>(), [5, 3], "seven ids and one that repeats");
    let wide: Vec<Button> = (0..40).map(|n| button(&"l".repeat(200), &format!("x:{n}"))).collect();
    let rows = super::rows(&[wide]);
    assert_eq!(rows.iter().map(Vec::len).collect::<Vec<_>>(), [5, 5, 5, 5, 5]);
    let components = components(&rows);
    assert!(components[0]["components"][0]["label"].as_str().unwrap().chars().count() <= 80);
}
