//! Tests of the rendering: nothing is lost, the limits hold, the HTML is well-formed.
use proptest::prelude::*;

use super::*;

/// A text as people and articles write it, with everything that could be taken for notation.
fn words() -> impl Strategy<Value = String> {
    proptest::collection::vec(
        prop_oneof![
            "[a-zA-Z0-9 ]{1,12}",
            "[中文错误代码报表 ]{1,8}",
            Just("<b>&amp;</b>".to_owned()),
            Just("a < b && c > \"d\"".to_owned()),
            Just("😀👩‍👩‍👧".to_owned()),
            Just("\n".to_owned()),
            Just("0x80070005。".to_owned()),
            "[a-z]{200,900}",
        ],
        1..12,
    )
    .prop_map(|pieces| pieces.concat())
}

fn span() -> impl Strategy<Value = Span> {
    prop_oneof![
        words().prop_map(Span::Text),
        words().prop_map(Span::Bold),
        "[a-z_`*<>&]{1,20}".prop_map(Span::Code),
        words().prop_map(|text| Span::Link { text, url: "https://kb.example.com/a?b=1&c=\"2\"".into() }),
    ]
}

fn block() -> impl Strategy<Value = Block> {
    let spans = || proptest::collection::vec(span(), 1..5);
    prop_oneof![
        words().prop_map(Block::Heading),
        spans().prop_map(Block::Paragraph),
        (any::<bool>(), proptest::collection::vec(spans(), 1..5))
            .prop_map(|(ordered, items)| Block::List { ordered, items }),
        spans().prop_map(Block::Quote),
        words().prop_map(Block::Code),
    ]
}

pub(crate) fn blocks() -> impl Strategy<Value = Vec<Block>> {
    proptest::collection::vec(block(), 0..14)
}

/// All words of the blocks in order, without white space.
pub(crate) fn said(blocks: &[Block]) -> String {
    let span = |s: &Span| match s {
        Span::Text(t) | Span::Bold(t) | Span::Code(t) | Span::Link { text: t, .. } => t.clone(),
    };
    let spans = |all: &[Span]| all.iter().map(span).collect::<String>();
    let words: String = blocks
        .iter()
        .map(|block| match block {
            Block::Heading(text) | Block::Code(text) => text.clone(),
            Block::Paragraph(all) | Block::Quote(all) => spans(all),
            Block::List { items, .. } => items.iter().map(|item| spans(item)).collect(),
        })
        .collect();
    squeezed(&words)
}

pub(crate) fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect()
}

/// What the server would show; panics on HTML it would refuse.
fn shown(html: &str) -> String {
    let (mut text, mut open, mut rest) = (String::new(), Vec::new(), html);
    while let Some(at) = rest.find('<') {
        text.push_str(&rest[..at]);
        let end = at + rest[at..].find('>').expect("a tag ends");
        let tag = &rest[at + 1..end];
        match tag.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop().as_deref(), Some(name), "tags nest"),
            None => open.push(tag.split(' ').next().unwrap_or_default().to_owned()),
        }
        rest = &rest[end + 1..];
    }
    text.push_str(rest);
    assert!(open.is_empty(), "every tag ends: {open:?}");
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

fn texts(message: &Outgoing) -> Vec<TextPart> {
    let parts = parts(message).into_iter();
    parts.filter_map(|part| if let Part::Text(text) = part { Some(text) } else { None }).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn nothing_is_lost_and_every_part_fits(blocks in blocks()) {
        // Signs of lists would have to be told from words: paragraphs instead.
        let blocks: Vec<Block> = blocks.into_iter().flat_map(|block| match block {
            Block::List { items, .. } => items.into_iter().map(Block::Paragraph).collect(),
            other => vec![other],
        }).collect();
        let texts = texts(&Outgoing { blocks: blocks.clone(), ..Outgoing::default() });
        let mut visible = String::new();
        for text in &texts {
            let shown = shown(&text.markup);
            prop_assert!(layout::utf16(&shown) <= 4096 && !shown.trim().is_empty());
            prop_assert!(layout::utf16(&text.plain) <= 4096);
            visible.push_str(&shown);
        }
        prop_assert_eq!(squeezed(&visible), said(&blocks));
    }

    #[test]
    fn lists_fit_and_nest_too(blocks in blocks()) {
        for text in texts(&Outgoing { blocks, ..Outgoing::default() }) {
            prop_assert!(layout::utf16(&shown(&text.markup)) <= 4096);
        }
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
            Span::Text("See ".into()),
            Span::Link { text: "a & b".into(), url: "https://kb.example.com/?a=1&b=2".into() },
        ]),
        Block::List {
            ordered: true,
            items: vec![vec![Span::Bold("one".into())], vec![Span::Code("a<b".into())]],
        },
        Block::Code("x\ny".into()),
    ];
    let texts =
        texts(&Outgoing { blocks, buttons: vec![vec![button("Solved", "ok:1")]], ..Outgoing::default() });
    let expected = "<b>E-1042</b>\nSee <a href=\"https://kb.example.com/?a=1&amp;b=2\">a &amp; b</a>\n\n1. <b>one</b>\n2. <code>a&lt;b</code>\n\n<pre>x\ny</pre>";
    assert_eq!(texts[0].markup, expected);
    assert_eq!(texts[0].rows.len(), 1);
}

#[test]
fn buttons_stand_under_the_last_part_and_keep_the_limits() {
    let long = Block::Paragraph(vec![Span::Text("字".repeat(9000))]);
    let wide: Vec<Button> = (0..20).map(|n| button(&"l".repeat(200), &format!("a:{n}"))).collect();
    let too_long = button("x", &"a".repeat(65));
    let texts =
        texts(&Outgoing { blocks: vec![long], buttons: vec![wide, vec![too_long]], ..Outgoing::default() });
    assert_eq!(texts.len(), 3);
    assert!(texts[0].rows.is_empty() && texts[1].rows.is_empty());
    let keyboard = keyboard(&texts[2].rows).unwrap();
    let rows = keyboard["inline_keyboard"].as_array().unwrap();
    assert_eq!(rows.iter().map(|row| row.as_array().unwrap().len()).collect::<Vec<_>>(), [8, 8, 4]);
    assert!(rows[0][0]["text"].as_str().unwrap().chars().count() <= 64);
}

#[test]
fn an_address_the_server_refuses_under_a_button_is_written_out() {
    let local = Button {
        label: "Open".into(),
        action: String::new(),
        url: Some("http://localhost:8080/t/FL-1".into()),
    };
    let public = Button { url: Some("http://127.0.0.1:8080/t/FL-1".into()), ..local.clone() };
    let message = Outgoing { buttons: vec![vec![local, public]], ..Outgoing::text("Here") };
    let texts = texts(&message);
    assert!(texts[0].markup.contains("http://localhost:8080/t/FL-1"));
    assert_eq!(texts[0].rows[0].len(), 1);
}

#[test]
fn a_message_of_nothing_is_no_message() {
    assert!(parts(&Outgoing::default()).is_empty());
    assert!(parts(&Outgoing::text(" \n ")).is_empty());
}
