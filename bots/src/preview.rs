//! An article as each chat will show it, made by the very code that answers: for curators, before anybody reads it.
use firstline_kb::parts;

use crate::message::{Block, Outgoing};
use crate::step::{answer, blocks, say};
use crate::{discord, telegram};

/// The messages an article becomes. One is right; more means it is too long for the channel.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Preview {
    /// Telegram's HTML, a message each.
    pub telegram: Vec<String>,
    /// Discord's Markdown, a message each.
    pub discord: Vec<String>,
    /// The steps are longer than a chat shows; the rest is behind the link.
    pub cut: bool,
}

/// The answer made of an article; `site` is the root of all links.
pub fn of(title: &str, body_md: &str, lang: &str, site: &str) -> Preview {
    let steps = parts::passage(body_md, lang);
    let (_, cut) = blocks::first_of(blocks::blocks(&steps), answer::STEPS_CHARS);
    let message = answer::words(lang.into(), site, title, &steps, "/kb/…");
    let message = Outgoing { blocks: without_link(message.blocks), ..message };
    Preview {
        telegram: telegram::markup(&message),
        discord: discord::markup(&message),
        cut: cut || steps.trim_end().ends_with('…'),
    }
}

/// A message in a channel's own form: what its adapter would hand to the platform, part by part.
pub fn shown(message: &Outgoing, channel: &str) -> String {
    match channel {
        "telegram" => telegram::markup(message).join("\n\n"),
        "discord" => discord::markup(message).join("\n\n"),
        _ => say::plain(message),
    }
}

/// A draft has no page yet: its link would lead nowhere.
fn without_link(mut blocks: Vec<Block>) -> Vec<Block> {
    blocks.pop();
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p1_01_every_chat_shows_the_users_steps_first() {
        let body =
            "## Symptoms\nx\n\n## Steps\n1. [administrator] Restart *it*.\n2. Check the cable.\n\n## More\ny";
        let preview = of("No <connection>", body, "en", "https://help.example");
        assert_eq!((preview.telegram.len(), preview.discord.len(), preview.cut), (1, 1, false));
        let text = &preview.telegram[0];
        assert!(text.starts_with("<b>No &lt;connection&gt;</b>"), "{text}");
        assert!(text.find("Check the cable") < text.find("Administrator"), "{text}");
        assert!(preview.discord[0].contains("### Administrator"), "{}", preview.discord[0]);
        assert!(of("T", &format!("## Steps\n{}", "1. one step of many\n".repeat(200)), "en", "").cut);
    }

    #[test]
    fn our_own_links_lead_to_our_site_from_a_chat() {
        let preview = of("T", "## Steps\nSee [menu](/kb/files/1/menu.png).", "en", "https://help.example");
        assert!(
            preview.telegram[0].contains("https://help.example/kb/files/1/menu.png"),
            "{:?}",
            preview.telegram
        );
    }
}
