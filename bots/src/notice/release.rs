//! "A release came out", "a release was withdrawn": urgent ones say so first, what changes stands before
//! the link, and whoever reported the fault is asked whether it works now.
use firstline_core::desk::{Links, ReleaseNotice};

use crate::action::Action;
use crate::advice::release_path;
use crate::message::{Block, Outgoing, Span};
use crate::step::blocks;
use crate::step::say::{button, link, paragraph};
use crate::texts::{Lang, t, tt};

const NOTES_CHARS: usize = 600;

pub(super) fn render(notice: &ReleaseNotice, lang: Lang, links: &Links) -> Outgoing {
    let pick = |pair: &(String, String)| {
        let (first, second) = if lang == Lang::Zh { (&pair.0, &pair.1) } else { (&pair.1, &pair.0) };
        if first.is_empty() { second.clone() } else { first.clone() }
    };
    let args = [
        ("title", pick(&notice.title).into()),
        ("version", notice.version.as_str().into()),
        ("codes", notice.codes.join(&tt(lang, "list-comma")).into()),
        ("number", notice.number.map(|n| n.to_string()).unwrap_or_default().into()),
    ];
    let key = match notice {
        n if n.withdrawn => "release-notice-withdrawn",
        n if n.number.is_some() => "release-notice-fixes-yours",
        n if n.security => "release-notice-security",
        _ => "release-notice-new",
    };
    let mut head = t(lang, key, &args);
    if notice.security && key == "release-notice-fixes-yours" {
        head = format!("{head} {}", t(lang, "release-notice-security", &args));
    }
    if notice.urgent {
        head = format!("{} {head}", tt(lang, "release-notice-urgent")).trim().to_string();
    }
    let mut out = Outgoing { blocks: vec![Block::Paragraph(vec![Span::Bold(head)])], ..Outgoing::default() };
    if notice.withdrawn {
        out.blocks.push(paragraph(t(lang, "release-notice-why", &[("why", pick(&notice.reason).into())])));
    } else {
        let (notes, cut) = blocks::first_of(blocks::blocks(&pick(&notice.notes)), NOTES_CHARS);
        out.blocks.extend(notes);
        if cut {
            out.blocks.push(paragraph("…"));
        }
        out.blocks.push(paragraph(tt(lang, "release-notice-path")));
    }
    let page = links.page(&release_path(&notice.product, &notice.version));
    let label = t(lang, "release-notice-page", &[("version", notice.version.as_str().into())]);
    out.blocks.push(Block::Paragraph(vec![link(label, page)]));
    let which = links.page(&format!("/products/{}/upgrade", notice.product));
    out.blocks.push(Block::Paragraph(vec![link(tt(lang, "release-notice-which"), which)]));
    if let Some(number) = notice.number {
        out.blocks.push(paragraph(tt(lang, "release-notice-tell")));
        out.buttons = vec![vec![
            button(tt(lang, "button-fix-works"), &Action::FixWorks { number }),
            button(tt(lang, "button-fix-broken"), &Action::FixBroken { number }),
        ]];
    }
    out
}
