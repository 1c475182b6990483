//! Groups: the bot listens only to commands, its name and answers to itself, and its name is cut out.
use teloxide::types::Message;

use super::map::Me;

/// The words for us in a group message, or nothing when it is not for us.
pub(super) fn addressed(message: &Message, text: &str, me: &Me<'_>) -> Option<String> {
    if let Some(for_us) = command(text, me) {
        return for_us;
    }
    if let Some(rest) = without_mention(text, me) {
        return Some(rest);
    }
    let answered = message.reply_to_message().and_then(|original| original.from.as_ref());
    answered.is_some_and(|user| user.id.0.to_string() == me.id).then(|| text.to_owned())
}

/// In a private chat everything is for us; only `/start@our_bot` loses our name.
pub(super) fn private(text: &str, me: &Me<'_>) -> String {
    command(text, me).flatten().unwrap_or_else(|| text.to_owned())
}

/// `None`: no command. `Some(None)`: one for another bot. `Some(Some(text))`: ours, without our name.
fn command(text: &str, me: &Me<'_>) -> Option<Option<String>> {
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    let (first, rest) = text.split_at(end);
    let name = first.strip_prefix('/').filter(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()))?;
    Some(match name.split_once('@') {
        None => Some(text.to_owned()),
        Some((name, bot)) if me.username.is_some_and(|own| own.eq_ignore_ascii_case(bot)) => {
            Some(format!("/{name}{rest}"))
        }
        Some(_) => None,
    })
}

fn without_mention(text: &str, me: &Me<'_>) -> Option<String> {
    let mention = format!("@{}", me.username?.to_ascii_lowercase());
    let at = text.to_ascii_lowercase().match_indices(&mention).map(|(at, _)| at).find(|at| {
        let after = text[at + mention.len()..].chars().next();
        // `@our_bot_2` is somebody else.
        !after.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_')
    })?;
    let (before, after) = (&text[..at], &text[at + mention.len()..]);
    let joint = if before.trim_end().is_empty() { String::new() } else { format!("{} ", before.trim_end()) };
    Some(format!("{joint}{}", after.trim_start_matches([' ', ',', ':', '，', '：'])).trim().to_owned())
}
