//! Advice on upgrades in words: for the chat as a message, for the command line and the portal as text.
mod steps;

use firstline_kb::catalogue::model::Texts;
use firstline_kb::catalogue::path::{Advice, Reason, Remark};

use crate::message::{Block, Outgoing};
use crate::step::say::paragraph;
use crate::texts::{Arg, Lang, t, tt};

pub use steps::{bytes_words, download_path, release_path};

/// The whole answer. `site` is the root of links; no buttons.
pub fn message(advice: &Advice, lang: Lang, site: &str) -> Outgoing {
    let mut out = Outgoing::default();
    match &advice.reason {
        Some(_) => out.blocks.extend(reason(advice, lang).into_iter().map(paragraph)),
        None => steps::write(&mut out, advice, lang, site),
    }
    let remarks: Vec<Block> = remarks(advice, lang).into_iter().map(paragraph).collect();
    out.blocks.extend(remarks);
    out
}

/// The product's name in a language.
pub fn title(advice: &Advice, lang: Lang) -> String {
    named(&advice.title, &advice.product, lang)
}

pub fn named(title: &Texts, key: &str, lang: Lang) -> String {
    Some(title.of(lang.tag())).filter(|t| !t.is_empty()).unwrap_or(key).to_string()
}

/// One line that says what the steps are.
pub fn heading(advice: &Advice, lang: Lang) -> String {
    let to = advice.steps.last().map(|s| s.version.clone()).unwrap_or_default();
    let args = [
        ("title", title(advice, lang).into()),
        ("from", advice.version.as_str().into()),
        ("to", to.into()),
        ("count", (advice.steps.len() as i64).into()),
    ];
    t(lang, if advice.steps.len() == 1 { "upgrade-heading-one" } else { "upgrade-heading" }, &args)
}

/// Why there are no steps, in sentences; empty when there are steps.
pub fn reason(advice: &Advice, lang: Lang) -> Vec<String> {
    let Some(reason) = &advice.reason else { return vec![] };
    let mut said = vec![first_sentence(advice, reason, lang)];
    said.extend(second_sentence(reason, lang));
    let stands = &advice.standing;
    match (reason, &stands.newest_in_channel, &stands.newest) {
        (Reason::UnknownVersion { .. }, Some(newest), _) => {
            said.push(t(lang, "upgrade-newest-in-channel", &[("newest", newest.as_str().into())]));
        }
        (Reason::UnknownVersion { .. } | Reason::NeedVersion, None, Some(newest)) => {
            said.push(t(lang, "upgrade-newest", &[("newest", newest.as_str().into())]));
        }
        _ => {}
    }
    said
}

fn first_sentence(advice: &Advice, reason: &Reason, lang: Lang) -> String {
    let title = title(advice, lang);
    let mut args: Vec<Arg<'_>> = vec![("title", title.into()), ("version", advice.version.as_str().into())];
    let comma = tt(lang, "list-comma");
    let join = |list: &[String]| list.join(&comma);
    let key = match reason {
        Reason::AlreadyNewest => "upgrade-none-already-newest",
        Reason::AlreadyFixed { fix, by } => {
            args.extend([("fix", fix.as_str().into()), ("by", by.as_str().into())]);
            "upgrade-none-already-fixed"
        }
        Reason::AlreadySecure => "upgrade-none-already-secure",
        Reason::EndOfLife { on, .. } => {
            args.push(("on", on.to_string().into()));
            "upgrade-none-end-of-life"
        }
        Reason::UnknownProduct { product, .. } => {
            args.push(("product", crate::step::say::clip(product, 60).into()));
            "upgrade-none-unknown-product"
        }
        Reason::UnknownVersion { .. } => "upgrade-none-unknown-version",
        Reason::UnknownChannel { channel, known } => {
            args.extend([("channel", channel.as_str().into()), ("known", join(known).into())]);
            "upgrade-none-unknown-channel"
        }
        Reason::NoFix { fix } => {
            args.push(("fix", fix.as_str().into()));
            "upgrade-none-no-fix"
        }
        Reason::FixWithdrawn { version, why, .. } => {
            args.retain(|(name, _)| *name != "version");
            args.extend([
                ("version", version.as_str().into()),
                ("why", why.of(lang.tag()).to_string().into()),
            ]);
            "upgrade-none-withdrawn"
        }
        Reason::FixElsewhere { fix, versions } => {
            args.extend([("fix", fix.as_str().into()), ("versions", join(versions).into())]);
            "upgrade-none-elsewhere"
        }
        Reason::Fork { heads } => {
            args.push(("heads", join(heads).into()));
            "upgrade-none-fork"
        }
        Reason::Gap { target, needs, .. } => {
            args.extend([("target", target.as_str().into()), ("needs", join(needs).into())]);
            "upgrade-none-gap"
        }
        Reason::Platform { platform, offered } => {
            args.extend([("platform", platform.as_str().into()), ("offered", join(offered).into())]);
            "upgrade-none-platform"
        }
        Reason::FixedIn { fix, releases } => {
            let list: Vec<String> =
                releases.iter().map(|(channel, version)| format!("{version} ({channel})")).collect();
            args.extend([("fix", fix.as_str().into()), ("versions", join(&list).into())]);
            "upgrade-none-fixed-in"
        }
        Reason::NothingPublished => "upgrade-none-nothing",
        Reason::NeedProduct { .. } => "upgrade-none-need-product",
        Reason::NeedVersion => "upgrade-none-need-version",
    };
    t(lang, key, &args)
}

fn second_sentence(reason: &Reason, lang: Lang) -> Option<String> {
    let comma = tt(lang, "list-comma");
    match reason {
        Reason::EndOfLife { alternatives, .. } if !alternatives.is_empty() => {
            let list: Vec<String> =
                alternatives.iter().map(|(channel, newest)| format!("{channel} ({newest})")).collect();
            Some(t(lang, "upgrade-none-end-of-life-go", &[("alternatives", list.join(&comma).into())]))
        }
        Reason::UnknownVersion { below: Some(below), above: Some(above) } => {
            let args = [("below", below.as_str().into()), ("above", above.as_str().into())];
            Some(t(lang, "upgrade-none-between", &args))
        }
        Reason::UnknownVersion { below: Some(near), .. }
        | Reason::UnknownVersion { above: Some(near), .. } => {
            Some(t(lang, "upgrade-none-near", &[("near", near.as_str().into())]))
        }
        Reason::FixedIn { .. } => Some(tt(lang, "upgrade-none-need-version")),
        Reason::Gap { missing, .. } if !missing.is_empty() => {
            Some(t(lang, "upgrade-none-gap-missing", &[("missing", missing.join(&comma).into())]))
        }
        _ => None,
    }
}

/// What else a reader should know.
pub fn remarks(advice: &Advice, lang: Lang) -> Vec<String> {
    let version = advice.version.as_str();
    let one = |remark: &Remark| match remark {
        Remark::Component { component, release } => {
            let args = [
                ("version", version.into()),
                ("component", component.as_str().into()),
                ("release", release.as_str().into()),
            ];
            t(lang, "upgrade-remark-component", &args)
        }
        Remark::YoursWithdrawn { reason } => {
            let args = [("version", version.into()), ("why", reason.of(lang.tag()).to_string().into())];
            t(lang, "upgrade-remark-yours-withdrawn", &args)
        }
        Remark::Unlisted => t(lang, "upgrade-remark-unlisted", &[("version", version.into())]),
        Remark::EndOfLife { channel, on } => {
            let args = [("channel", channel.as_str().into()), ("on", on.to_string().into())];
            t(lang, "upgrade-remark-end-of-life", &args)
        }
        Remark::ChannelChange { from, to } => t(
            lang,
            "upgrade-remark-channel-change",
            &[("from", from.as_str().into()), ("to", to.as_str().into())],
        ),
        Remark::LeftOut { versions } => {
            t(lang, "upgrade-remark-left-out", &[("versions", versions.join(&tt(lang, "list-comma")).into())])
        }
    };
    advice.remarks.iter().map(one).collect()
}
