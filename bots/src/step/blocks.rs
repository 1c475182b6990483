//! Markdown of an article as the blocks a chat can show: what a chat cannot (tables, pictures, nested
//! lists) becomes the nearest thing it can.
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::message::{Block, Span};

/// The blocks of a Markdown text.
pub fn blocks(md: &str) -> Vec<Block> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut writer = Writer::default();
    for event in Parser::new_ext(md, options) {
        writer.take(event);
    }
    writer.flush_paragraph();
    writer.blocks
}

/// The first blocks of at most about `max_chars` characters, and whether something was left out.
/// A list is cut between its items, the first block is always kept.
pub fn first_of(blocks: Vec<Block>, max_chars: usize) -> (Vec<Block>, bool) {
    let mut kept = Vec::new();
    let mut room = max_chars;
    for block in blocks {
        let size = size_of(&block);
        if size <= room {
            room -= size;
            kept.push(block);
            continue;
        }
        match block {
            Block::List { ordered, items } => kept.extend(first_items(ordered, items, room)),
            other if kept.is_empty() => kept.push(other),
            _ => {}
        }
        return (kept, true);
    }
    (kept, false)
}

fn first_items(ordered: bool, items: Vec<Vec<Span>>, mut room: usize) -> Option<Block> {
    let mut kept = Vec::new();
    for item in items {
        let size = spans_size(&item);
        if size > room && !kept.is_empty() {
            break;
        }
        room = room.saturating_sub(size);
        kept.push(item);
    }
    (!kept.is_empty()).then_some(Block::List { ordered, items: kept })
}

fn size_of(block: &Block) -> usize {
    match block {
        Block::Heading(text) | Block::Code(text) => text.chars().count(),
        Block::Paragraph(spans) | Block::Quote(spans) => spans_size(spans),
        Block::List { items, .. } => items.iter().map(|i| spans_size(i)).sum(),
    }
}

fn spans_size(spans: &[Span]) -> usize {
    let count = |span: &Span| match span {
        Span::Text(text) | Span::Bold(text) | Span::Code(text) | Span::Link { text, .. } => {
            text.chars().count()
        }
    };
    spans.iter().map(count).sum()
}

#[derive(Default)]
struct Writer {
    blocks: Vec<Block>,
    spans: Vec<Span>,
    bold: usize,
    quote: usize,
    link: Option<(String, String)>,
    code: Option<String>,
    heading: bool,
    /// Open lists, outermost first: whether they are numbered. Only the outermost becomes a block.
    lists: Vec<bool>,
    items: Vec<Vec<Span>>,
    cell: bool,
}

impl Writer {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text),
            Event::Code(text) => self.spans.push(Span::Code(text.into_string())),
            Event::SoftBreak | Event::HardBreak => self.text("\n"),
            Event::Rule => self.flush_paragraph(),
            // Raw HTML means nothing in a chat; footnotes, maths and tasks are not enabled.
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Heading { .. } => {
                self.flush_paragraph();
                self.heading = true;
            }
            Tag::List(first) => {
                if self.lists.is_empty() {
                    self.flush_paragraph();
                }
                self.lists.push(first.is_some());
            }
            Tag::Item if self.lists.len() == 1 => self.spans.clear(),
            Tag::Item => self.text("\n· "),
            Tag::Paragraph if !self.lists.is_empty() && !self.spans.is_empty() => self.text("\n"),
            Tag::CodeBlock(_) => {
                if self.lists.is_empty() {
                    self.flush_paragraph();
                }
                self.code = Some(String::new());
            }
            Tag::BlockQuote(_) => {
                self.flush_paragraph();
                self.quote += 1;
            }
            Tag::Strong => self.bold += 1,
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => {
                self.link = Some((dest_url.into_string(), String::new()));
            }
            Tag::TableCell => {
                if self.cell {
                    self.text(" | ");
                }
                self.cell = true;
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) => {
                let text = plain(&std::mem::take(&mut self.spans));
                self.heading = false;
                self.blocks.push(Block::Heading(text));
            }
            TagEnd::Paragraph if self.lists.is_empty() => self.flush_paragraph(),
            TagEnd::Item if self.lists.len() == 1 => self.items.push(std::mem::take(&mut self.spans)),
            TagEnd::List(_) => self.end_list(),
            TagEnd::CodeBlock => self.end_code(),
            TagEnd::BlockQuote(_) => {
                self.flush_paragraph();
                self.quote = self.quote.saturating_sub(1);
            }
            TagEnd::Strong => self.bold = self.bold.saturating_sub(1),
            TagEnd::Link | TagEnd::Image => self.end_link(),
            TagEnd::TableRow | TagEnd::TableHead => {
                self.cell = false;
                self.flush_paragraph();
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if let Some(code) = &mut self.code {
            code.push_str(text);
        } else if let Some((_, label)) = &mut self.link {
            label.push_str(text);
        } else if self.bold > 0 {
            self.spans.push(Span::Bold(text.to_string()));
        } else {
            self.spans.push(Span::Text(text.to_string()));
        }
    }

    fn end_list(&mut self) {
        let ordered = self.lists.pop().unwrap_or_default();
        if self.lists.is_empty() {
            let items = std::mem::take(&mut self.items);
            self.blocks.push(Block::List { ordered, items });
        }
    }

    fn end_code(&mut self) {
        let code = self.code.take().unwrap_or_default().trim_end().to_string();
        if self.lists.is_empty() {
            self.blocks.push(Block::Code(code));
        } else {
            self.spans.push(Span::Text("\n".into()));
            self.spans.push(Span::Code(code));
        }
    }

    /// Only addresses anybody can open stay links.
    fn end_link(&mut self) {
        let Some((url, text)) = self.link.take() else { return };
        let text = if text.is_empty() { url.clone() } else { text };
        let open = url.starts_with("https://") || url.starts_with("http://");
        self.spans.push(if open { Span::Link { text, url } } else { Span::Text(text) });
    }

    fn flush_paragraph(&mut self) {
        if self.spans.is_empty() || self.heading || !self.lists.is_empty() {
            return;
        }
        let spans = std::mem::take(&mut self.spans);
        self.blocks.push(if self.quote > 0 { Block::Quote(spans) } else { Block::Paragraph(spans) });
    }
}

fn plain(spans: &[Span]) -> String {
    spans
        .iter()
        .map(|s| match s {
            Span::Text(t) | Span::Bold(t) | Span::Code(t) | Span::Link { text: t, .. } => t.as_str(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARTICLE: &str = "## 现象\n转圈。\n\n## 解决办法\n1. 检查 **网线**。\n2. 运行 `ping srv`：\n   ```\n   ping srv\n   ```\n3. 看[说明](https://x.example/a)和[本地](file:///etc)。\n\n### 管理员\n- 重启\n\n## 其他\n完";

    #[test]
    fn markdown_becomes_what_a_chat_can_show() {
        let found = blocks(&firstline_kb::parts::passage(ARTICLE, "zh-CN"));
        let Block::List { ordered: true, items } = &found[0] else { panic!("{found:?}") };
        assert_eq!(items.len(), 3);
        assert_eq!(items[0][1], Span::Bold("网线".into()));
        assert!(items[1].contains(&Span::Code("ping srv".into())));
        assert!(items[2].contains(&Span::Link { text: "说明".into(), url: "https://x.example/a".into() }));
        assert!(items[2].contains(&Span::Text("本地".into())));
        assert_eq!(found[1], Block::Heading("管理员".into()));
    }

    #[test]
    fn a_long_text_is_cut_between_items() {
        let many: String = (1..=30).map(|i| format!("{i}. 步骤{i}一二三四五六七八九十\n")).collect();
        let (kept, cut) = first_of(blocks(&many), 60);
        let Block::List { items, .. } = &kept[0] else { panic!("{kept:?}") };
        assert!(cut && (2..6).contains(&items.len()), "{}", items.len());
        assert!(!first_of(blocks("short"), 60).1);
        assert_eq!(first_of(blocks(&"长".repeat(99)), 60).0.len(), 1);
    }
}
