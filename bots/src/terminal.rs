//! The terminal: the same conversation as everywhere, typed. Numbered buttons are typed as their number;
//! with piped input each line is a message and the program ends with the input.
mod screen;

use std::io;
use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use firstline_core::conversation::{self, Address};
use firstline_core::files::{self, FileOffer};
use firstline_core::inbox;
use firstline_core::{Desk, Error, Result, outbox};
use serde_json::Value;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncWrite, Lines};

use crate::event::{Envelope, Event};
use crate::message::Payload;
use crate::notice;
use crate::operator::Operator;
use crate::texts::{Lang, t, tt};
use screen::Screen;

pub const CHANNEL: &str = "terminal";
pub const BOT: &str = "-";
/// Whoever sits at this terminal.
const USER: &str = "local";
/// How often answers of staff are looked for, and steps of another process waited for.
const LOOK_EVERY: Duration = Duration::from_millis(400);
const READ_UP_TO: &str = "read";

/// Talks until the input ends. `lang` is what the terminal is set to (`zh-CN`, `en`); messages are
/// answered in their own language all the same. A closed output ends the talk quietly.
pub async fn run(
    desk: Desk,
    operator: Operator,
    lang: Option<&str>,
    input: impl AsyncBufRead + Unpin,
    output: impl AsyncWrite + Unpin,
    interactive: bool,
) -> Result<()> {
    let mut session = Session::open(desk, operator, lang, Screen::new(output, interactive)).await?;
    let ended = session.talk(input.lines(), interactive).await;
    match ended {
        Err(Ended::Output) | Ok(()) => Ok(()),
        Err(Ended::Error(error)) => Err(error),
    }
}

/// Why a talk ends before its input.
enum Ended {
    /// Nobody reads the output any more.
    Output,
    Error(Error),
}

impl From<Error> for Ended {
    fn from(error: Error) -> Ended {
        Ended::Error(error)
    }
}

impl From<io::Error> for Ended {
    fn from(_: io::Error) -> Ended {
        Ended::Output
    }
}

struct Session<W> {
    desk: Desk,
    operator: Operator,
    at: Address,
    lang: Option<Lang>,
    screen: Screen<W>,
    /// The last outbox row on the screen.
    read_up_to: String,
}

impl<W: AsyncWrite + Unpin> Session<W> {
    async fn open(
        desk: Desk,
        operator: Operator,
        lang: Option<&str>,
        screen: Screen<W>,
    ) -> Result<Session<W>> {
        let lang = lang.filter(|l| !l.trim().is_empty()).map(Lang::from);
        // A chat for each language the terminal is set to; the person and their tickets are the same.
        let chat = lang.map_or_else(|| USER.to_string(), |l| format!("{USER}-{}", l.tag()));
        let at = Address { channel: CHANNEL.into(), bot: BOT.into(), chat, external_user: USER.into() };
        let name = cursor_name(&at);
        let read_up_to = inbox::cursor(&desk.db, CHANNEL, BOT, &name).await?.unwrap_or_default();
        Ok(Session { desk, operator, at, lang, screen, read_up_to })
    }

    async fn talk(
        &mut self,
        mut lines: Lines<impl AsyncBufRead + Unpin>,
        interactive: bool,
    ) -> Result<(), Ended> {
        self.operator.settle().await?;
        self.print_new().await?;
        if interactive {
            self.screen.line(&tt(self.spoken().await?, "terminal-hint")).await?;
            self.say("/start").await?;
        }
        loop {
            self.screen.prompt().await?;
            let Some(line) = self.next_line(&mut lines, interactive).await? else { break };
            self.take(line.trim()).await?;
        }
        self.screen.end().await?;
        Ok(())
    }

    /// The next line typed; meanwhile answers of staff are shown as they come.
    async fn next_line(
        &mut self,
        lines: &mut Lines<impl AsyncBufRead + Unpin>,
        interactive: bool,
    ) -> Result<Option<String>, Ended> {
        let mut changes = self.desk.signals.changes.subscribe();
        loop {
            if !interactive {
                return read(lines.next_line().await);
            }
            tokio::select! {
                line = lines.next_line() => return read(line),
                _ = changes.recv() => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
            if self.print_new().await? {
                self.screen.prompt().await?;
            }
        }
    }

    async fn take(&mut self, line: &str) -> Result<(), Ended> {
        if line.is_empty() {
            return Ok(());
        }
        self.screen.echo(line).await?;
        if let Some(path) = line.strip_prefix("/file ") {
            return self.attach(Path::new(path.trim())).await;
        }
        match self.screen.pressed(line) {
            Some(action) => self.send(Event::Pressed { action, message_id: None, ack: None }).await,
            None => self.say(line).await,
        }
    }

    async fn say(&mut self, text: &str) -> Result<(), Ended> {
        self.message(text, Vec::new()).await
    }

    async fn message(&mut self, text: &str, files: Vec<FileOffer>) -> Result<(), Ended> {
        let id = self.desk.clock.id();
        let event = Event::Message { id, text: text.into(), files, reply_to: None, album: None, ack: None };
        self.send(event).await
    }

    async fn attach(&mut self, path: &Path) -> Result<(), Ended> {
        let lang = self.spoken().await?;
        let shown = path.display().to_string();
        let size = tokio::fs::metadata(path).await.map(|m| m.len());
        if size.as_ref().is_ok_and(|size| *size > files::MAX_BYTES) {
            return Ok(self
                .screen
                .line(&t(lang, "terminal-file-too-large", &[("path", shown.into())]))
                .await?);
        }
        let Ok(content) = tokio::fs::read(path).await else {
            return Ok(self.screen.line(&t(lang, "terminal-no-file", &[("path", shown.into())])).await?);
        };
        let size = content.len() as u64;
        let sha256 = Some(self.desk.files.put(Bytes::from(content)).await?);
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mime = mime_of(&name).to_string();
        self.message("", vec![FileOffer { name, mime, size, sha256, source: Value::Null }]).await
    }

    /// Stores an event, has it answered and prints the answer.
    async fn send(&mut self, event: Event) -> Result<(), Ended> {
        let envelope = Envelope {
            event,
            name: tt(self.lang.unwrap_or_default(), "terminal-name"),
            lang_hint: self.lang.map(|l| l.tag().to_string()),
            private: true,
            sent_at: None,
        };
        let incoming = envelope.incoming(self.at.clone(), self.desk.clock.id());
        self.desk.receive(&[incoming], None).await?;
        self.operator.settle().await?;
        // A server beside us may have taken the step, or a step failed for the moment and is tried again.
        while inbox::head_of(&self.desk.db, &self.at).await?.is_some() {
            tokio::time::sleep(LOOK_EVERY).await;
            self.operator.settle().await?;
        }
        self.print_new().await?;
        Ok(())
    }

    /// Prints what came since; true when there was something.
    async fn print_new(&mut self) -> Result<bool, Ended> {
        let rows = outbox::after(&self.desk.db, CHANNEL, BOT, &self.at.chat, &self.read_up_to, 200).await?;
        let Some(last) = rows.last().map(|row| row.id.clone()) else { return Ok(false) };
        let lang = self.spoken().await?;
        self.screen.forget_buttons();
        for row in &rows {
            let message = match serde_json::from_value::<Payload>(row.payload.0.clone()) {
                Ok(Payload::Message { message }) => *message,
                Ok(Payload::Notice(n)) => notice::render(&n, lang, &self.desk.links, self.desk.clock.now()),
                Err(error) => {
                    tracing::error!(%error, row = %row.id, "an outbox row is not readable");
                    continue;
                }
            };
            self.screen.message(&message).await?;
        }
        self.read_up_to = last;
        let name = cursor_name(&self.at);
        self.desk.receive(&[], Some((CHANNEL, BOT, &name, &self.read_up_to))).await?;
        Ok(true)
    }

    async fn spoken(&self) -> Result<Lang> {
        let conversation = conversation::find(&self.desk.db, &self.at).await?;
        let spoken = conversation.and_then(|c| c.lang).map(|l| Lang::from(&l));
        Ok(spoken.or(self.lang).unwrap_or_default())
    }
}

fn cursor_name(at: &Address) -> String {
    format!("{READ_UP_TO}:{}", at.chat)
}

/// A line that is no UTF-8 or a broken input ends the talk as its end would.
fn read(line: io::Result<Option<String>>) -> Result<Option<String>, Ended> {
    Ok(line.unwrap_or_default())
}

fn mime_of(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase().as_str() {
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "pdf" => "application/pdf",
        "txt" | "log" => "text/plain",
        "zip" => "application/zip",
        _ => "application/octet-stream",
    }
}
