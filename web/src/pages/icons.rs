//! Icons, drawn into the page: no request, and they take the colour of the text around them.

macro_rules! icons {
    ($($name:literal),+ $(,)?) => {
        /// The SVG of an icon; an unknown name draws nothing.
        pub fn icon(name: &str) -> &'static str {
            match name {
                $($name => include_str!(concat!("../../assets/icons/", $name, ".svg")),)+
                _ => "",
            }
        }
    };
}

icons!(
    "alert", "back", "book", "bot", "chat", "check", "clip", "clock", "code", "cross", "discord", "edit",
    "file", "globe", "history", "inbox", "language", "line", "lock", "moon", "next", "note", "out", "pause",
    "person", "report", "search", "send", "star", "sun", "swap", "telegram", "terminal",
);

/// The icon of a channel a ticket came from.
pub fn channel_icon(channel: &str) -> &'static str {
    icon(match channel {
        "telegram" => "telegram",
        "discord" => "discord",
        "terminal" => "terminal",
        "api" => "code",
        _ => "globe",
    })
}
