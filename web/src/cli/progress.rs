//! Progress of long tasks: a bar on a terminal, a plain line now and then elsewhere. Both go to stderr.
use std::io::{IsTerminal, stderr};

use firstline_kb::{Progress, Unit};
use indicatif::{HumanBytes, ProgressBar, ProgressStyle};

/// Plain lines are written at every such part of the whole, or after so many pieces when that is unknown.
const PARTS: u64 = 10;
const PIECES: u64 = 1000;

pub struct Reporter {
    title: &'static str,
    bar: Option<ProgressBar>,
    /// The last part a plain line was written for.
    said: u64,
}

impl Reporter {
    pub fn new(title: &'static str) -> Reporter {
        let bar = stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(0).with_style(style());
            bar.set_message(title);
            bar
        });
        Reporter { title, bar, said: 0 }
    }

    pub fn show(&mut self, at: Progress) {
        match &self.bar {
            Some(bar) => {
                bar.set_length(at.total.max(at.done));
                bar.set_position(at.done);
            }
            None => self.show_plain(at),
        }
    }

    fn show_plain(&mut self, at: Progress) {
        let part = match at.total {
            0 => at.done / PIECES,
            total => at.done * PARTS / total,
        };
        if part > self.said {
            self.said = part;
            eprintln!("{}: {}", self.title, words(at));
        }
    }

    pub fn finish(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}

fn style() -> ProgressStyle {
    let template = "{msg} {wide_bar} {pos}/{len} ({eta} left)";
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

fn words(at: Progress) -> String {
    let amount = |n: u64| match at.unit {
        Unit::Bytes => HumanBytes(n).to_string(),
        Unit::Articles => format!("{n} articles"),
        Unit::Files => format!("{n} files"),
        Unit::Questions => format!("{n} questions"),
        Unit::Releases => format!("{n} releases"),
    };
    if at.total == 0 { amount(at.done) } else { format!("{} of {}", amount(at.done), amount(at.total)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_lines_read_as_words() {
        let at = |done, total| Progress { done, total, unit: Unit::Articles };
        assert_eq!(words(at(10, 100)), "10 articles of 100 articles");
        assert_eq!(words(at(2000, 0)), "2000 articles");
    }
}
