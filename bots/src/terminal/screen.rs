//! What the terminal shows: messages as plain lines and numbered buttons, which are typed by number.
use std::io;

use tokio::io::{AsyncWrite, AsyncWriteExt};

use crate::message::{Block, Outgoing, Span};

pub struct Screen<W> {
    output: W,
    interactive: bool,
    /// The actions of the buttons on the screen; `[1]` is the first.
    buttons: Vec<String>,
}

impl<W: AsyncWrite + Unpin> Screen<W> {
    pub fn new(output: W, interactive: bool) -> Screen<W> {
        Screen { output, interactive, buttons: Vec::new() }
    }

    pub async fn line(&mut self, text: &str) -> io::Result<()> {
        self.write(&format!("{text}\n")).await
    }

    /// Where one types; only with somebody there.
    pub async fn prompt(&mut self) -> io::Result<()> {
        if self.interactive { self.write("> ").await } else { Ok(()) }
    }

    /// Shows what was read from a pipe, so that the record reads as a chat.
    pub async fn echo(&mut self, line: &str) -> io::Result<()> {
        if self.interactive { Ok(()) } else { self.write(&format!("> {line}\n")).await }
    }

    pub async fn end(&mut self) -> io::Result<()> {
        if self.interactive { self.write("\n").await } else { Ok(()) }
    }

    /// Buttons of earlier messages cannot be typed any more.
    pub fn forget_buttons(&mut self) {
        self.buttons.clear();
    }

    /// The action of the button whose number was typed (`2` or `[2]`).
    pub fn pressed(&self, line: &str) -> Option<String> {
        let digits = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')).unwrap_or(line);
        let n: usize = digits.parse().ok()?;
        self.buttons.get(n.checked_sub(1)?).cloned()
    }

    pub async fn message(&mut self, message: &Outgoing) -> io::Result<()> {
        let mut text = String::from("\n");
        for block in &message.blocks {
            text.push_str(&block_text(block));
            text.push('\n');
        }
        for file in &message.files {
            text.push_str(&format!("📎 {} ({} KB)\n", file.name, (file.size + 1023) / 1024));
        }
        for row in &message.buttons {
            let labels: Vec<String> =
                row.iter().filter_map(|b| self.button(&b.label, &b.action, b.url.as_deref())).collect();
            if !labels.is_empty() {
                text.push_str(&format!("{}\n", labels.join("  ")));
            }
        }
        text.push('\n');
        self.write(&text).await
    }

    fn button(&mut self, label: &str, action: &str, url: Option<&str>) -> Option<String> {
        if let Some(url) = url {
            return (!url.starts_with("private:")).then(|| format!("{label}: {url}"));
        }
        self.buttons.push(action.to_string());
        Some(format!("[{}] {label}", self.buttons.len()))
    }

    async fn write(&mut self, text: &str) -> io::Result<()> {
        self.output.write_all(text.as_bytes()).await?;
        self.output.flush().await
    }
}

fn block_text(block: &Block) -> String {
    match block {
        Block::Heading(text) => format!("■ {}", safe(text)),
        Block::Paragraph(spans) => spans_text(spans),
        Block::Quote(spans) => indent(&spans_text(spans), "│ "),
        Block::Code(code) => indent(&safe(code), "    "),
        Block::List { ordered, items } => {
            let mark = |i: usize| if *ordered { format!("{}. ", i + 1) } else { "• ".to_string() };
            let items = items.iter().enumerate();
            items
                .map(|(i, spans)| mark(i) + &spans_text(spans).replace('\n', "\n   "))
                .collect::<Vec<_>>()
                .join("\n")
        }
    }
}

fn indent(text: &str, with: &str) -> String {
    text.lines().map(|line| format!("{with}{line}")).collect::<Vec<_>>().join("\n")
}

fn spans_text(spans: &[Span]) -> String {
    spans
        .iter()
        .map(|span| match span {
            Span::Text(text) | Span::Bold(text) => safe(text),
            Span::Code(text) => format!("`{}`", safe(text)),
            Span::Link { text, url } if text == url => safe(url),
            Span::Link { text, url } => format!("{}: {}", safe(text), safe(url)),
        })
        .collect()
}

/// Control characters in somebody's words must not steer the terminal.
fn safe(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() || *c == '\n').collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Button;

    #[tokio::test]
    async fn shows_a_message_and_takes_the_number_of_a_button() {
        let mut screen = Screen::new(Vec::new(), false);
        let button =
            |label: &str, action: &str| Button { label: label.into(), action: action.into(), url: None };
        let message = Outgoing {
            blocks: vec![
                Block::Heading("标题\u{1b}[31m".into()),
                Block::List {
                    ordered: true,
                    items: vec![vec![Span::Text("一".into())], vec![Span::Code("ping".into())]],
                },
            ],
            buttons: vec![vec![button("解决了", "ok:1"), button("还是不行", "no:1")]],
            ..Outgoing::default()
        };
        screen.message(&message).await.unwrap();
        let shown = String::from_utf8(screen.output.clone()).unwrap();
        assert_eq!(shown, "\n■ 标题[31m\n1. 一\n2. `ping`\n[1] 解决了  [2] 还是不行\n\n");
        assert_eq!(screen.pressed("2").as_deref(), Some("no:1"));
        assert_eq!(screen.pressed("[1]").as_deref(), Some("ok:1"));
        assert_eq!((screen.pressed("3"), screen.pressed("0"), screen.pressed("解决")), (None, None, None));
    }
}
