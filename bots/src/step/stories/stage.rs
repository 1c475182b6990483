//! A stage for stories: the pure step with a small kb and a small ticket desk, all in memory.
use firstline_core::Time;
use firstline_core::clocks;
use firstline_core::desk::Opened;
use firstline_core::files::FileOffer;
use firstline_core::plan::{self, Plan, Plans};
use firstline_core::ticket::{ClockRow, Mode, Number, Status, Ticket};
use firstline_kb::{Answer, Article, ArticleKind, Found, Hit};

use crate::event::{Envelope, Event};
use crate::message::Outgoing;
use crate::step::{self, Context, Dialogue, Effect, Facts, Opening, TicketCard, TicketRef, Wants, card, say};
use crate::texts::Lang;

/// Monday 2026-11-23, 9:30 in China.
pub const MONDAY: Time = Time(1_795_397_400_000);

pub struct Stage {
    pub dialogue: Dialogue,
    pub ctx: Context,
    pub hint: &'static str,
    pub plan: std::sync::Arc<Plan>,
    /// What this person asked last in the group they come from.
    pub asked_in_group: Option<String>,
    pub tickets: Vec<Ticket>,
    /// Everything that was to happen, newest last.
    pub effects: Vec<Effect>,
    /// What was said in the last turn.
    pub said: Vec<Outgoing>,
    pub reading: Option<step::Reading>,
    turns: usize,
}

impl Stage {
    pub fn new(hint: &'static str) -> Stage {
        let ctx = Context {
            now: MONDAY,
            received_at: MONDAY,
            token: String::new(),
            search_id: String::new(),
            channel: "telegram".into(),
            conversation: "c1".into(),
            private: true,
            site: "https://help.example".into(),
            chosen: None,
            spoken: None,
            name: "王会计".into(),
            product: None,
            version: None,
            products: Default::default(),
            replied: None,
            reachable: true,
        };
        let plan = Plans::built_in().get(plan::DEFAULT).unwrap();
        Stage {
            dialogue: Dialogue::default(),
            ctx,
            hint,
            plan,
            tickets: Vec::new(),
            asked_in_group: None,
            effects: Vec::new(),
            said: Vec::new(),
            reading: None,
            turns: 0,
        }
    }

    /// Somebody who reported about this before.
    pub fn knows(mut self, product: &str, version: &str) -> Stage {
        self.ctx.product = Some(product.into());
        self.ctx.version = Some(version.into());
        self
    }

    pub fn says(&mut self, text: &str) -> String {
        self.sends(text, 0, None)
    }

    pub fn sends(&mut self, text: &str, files: usize, album: Option<&str>) -> String {
        let offer = FileOffer {
            name: "screen.png".into(),
            mime: "image/png".into(),
            size: 10,
            sha256: None,
            source: serde_json::Value::Null,
        };
        self.turn(Event::Message {
            id: format!("x{}", self.turns),
            text: text.into(),
            files: vec![offer; files],
            reply_to: None,
            album: album.map(str::to_owned),
            ack: None,
        })
    }

    /// A reply to a message about a ticket.
    pub fn replies(&mut self, number: Number, text: &str) -> String {
        self.ctx.replied = self.tickets.iter().find(|t| t.number == number).map(TicketRef::from);
        let answer = self.says(text);
        self.ctx.replied = None;
        answer
    }

    /// Taps a button on the screen by a part of its label.
    pub fn taps(&mut self, label: &str) -> String {
        let buttons = self.said.iter().flat_map(|m| m.buttons.iter().flatten());
        let found = buttons.filter(|b| b.label.contains(label)).map(|b| b.action.clone()).next();
        self.presses(&found.unwrap_or_else(|| panic!("no button {label:?} in {:?}", self.text())))
    }

    pub fn presses(&mut self, action: &str) -> String {
        self.turn(Event::Pressed { action: action.into(), message_id: None, ack: Some("ack".into()) })
    }

    /// The action behind a label on the screen.
    pub fn action(&self, label: &str) -> String {
        let mut buttons = self.said.iter().flat_map(|m| m.buttons.iter().flatten());
        buttons.find(|b| b.label.contains(label)).unwrap().action.clone()
    }

    pub fn text(&self) -> String {
        self.said.iter().map(say::plain).collect::<Vec<_>>().join("\n---\n")
    }

    pub fn turn(&mut self, event: Event) -> String {
        self.turns += 1;
        self.ctx.token = format!("{:016x}", self.turns);
        self.ctx.search_id = format!("search{}", self.turns);
        let envelope = Envelope {
            event,
            name: self.ctx.name.clone(),
            lang_hint: Some(self.hint.into()),
            private: self.ctx.private,
            sent_at: None,
        };
        let stored = step::recall(&self.dialogue.store(), &envelope, &self.ctx);
        let reading = step::read(&stored, &envelope, &self.ctx);
        let facts = self.look_up(&reading.wants);
        let outcome = step::respond(&stored, &envelope, &reading, &self.ctx, &facts, &self.plan);
        self.dialogue = outcome.dialogue;
        self.dialogue.settle_current(&format!("message{}", self.turns));
        self.ctx.spoken = Some(outcome.lang);
        self.said.clear();
        for effect in &outcome.effects {
            self.carry_out(effect, outcome.lang);
        }
        self.effects.extend(outcome.effects);
        self.reading = Some(reading);
        self.text()
    }

    fn carry_out(&mut self, effect: &Effect, lang: Lang) {
        match effect {
            Effect::Say { message, .. } => self.said.push((**message).clone()),
            Effect::OpenTicket(opening) => self.open(opening, lang),
            Effect::ConfirmSolved { number } => self.set_status(*number, Status::Closed),
            Effect::Reopen { number } | Effect::AddToTicket { number, .. } => {
                self.set_status(*number, Status::Open)
            }
            Effect::Remember(profile) => {
                self.ctx.product = profile.product.clone().or(self.ctx.product.take());
                self.ctx.version = profile.version.clone().or(self.ctx.version.take());
                self.ctx.chosen = profile.lang.as_deref().and_then(Lang::known).or(self.ctx.chosen);
            }
            _ => {}
        }
    }

    fn open(&mut self, opening: &Opening, lang: Lang) {
        let number = Number(1001 + self.tickets.len() as i64);
        let severity = self.plan.severity.assess(opening.situation);
        let clocks = clocks::at_opening(&self.plan, opening.kind, severity.level, self.ctx.now);
        let ticket = Ticket {
            id: format!("t{}", number.0),
            number,
            kind: opening.kind,
            status: Status::New,
            severity: i64::from(severity.level),
            severity_reason: severity.reason.into(),
            scope: None,
            effect: None,
            workaround: None,
            title: opening.title.clone(),
            product: opening.product.clone(),
            product_version: opening.version.clone(),
            plan: "default".into(),
            plan_version: 1,
            difficulty: plan::Difficulty::Ordinary,
            region: None,
            mode: Mode::Chat,
            taken_at: None,
            channel: self.ctx.channel.clone(),
            conversation_id: None,
            person_id: "p".into(),
            assignee_id: None,
            next_due_at: None,
            created_at: self.ctx.now,
            updated_at: self.ctx.now,
            resolved_at: None,
            version: 1,
        };
        self.tickets.insert(0, ticket.clone());
        self.dialogue.settle_number(number);
        let opened = Opened {
            ticket,
            clocks,
            next_opening: None,
            on_duty: Vec::new(),
            link: format!("https://help.example/t/{number}?key=k"),
            entitlement: None,
        };
        self.said.push(card::opened(&opened, opening, lang, self.ctx.now));
    }

    pub fn set_status(&mut self, number: Number, status: Status) {
        self.tickets.iter_mut().filter(|t| t.number == number).for_each(|t| t.status = status);
    }

    /// The tickets opened so far, as the step handed them over.
    pub fn openings(&self) -> Vec<&Opening> {
        let opened = self.effects.iter().filter_map(|e| match e {
            Effect::OpenTicket(opening) => Some(&**opening),
            _ => None,
        });
        opened.collect()
    }

    fn look_up(&self, wants: &Wants) -> Facts {
        let answer = wants.answer.as_ref().map(|q| answer_to(&q.text, q.product.as_deref()));
        let mut facts = Facts { answer, article: wants.article.as_deref().map(article), ..Facts::default() };
        if wants.frequent {
            facts.frequent = ["e1042", "printer", "vpn"].map(article).to_vec();
        }
        if wants.products {
            facts.products = vec!["invoice".into(), "stock".into()];
        }
        facts.group = wants.group.as_ref().and(self.asked_in_group.clone());
        if wants.tickets {
            facts.tickets = self.tickets.iter().map(TicketRef::from).collect();
        }
        let wanted = self.tickets.iter().find(|t| Some(t.number) == wants.ticket);
        facts.ticket = wanted.map(|ticket| TicketCard {
            ticket: ticket.clone(),
            clocks: Vec::<ClockRow>::new(),
            last: None,
            timeline: Vec::new(),
            link: "https://help.example/t".into(),
        });
        facts
    }
}

const STEPS: &str = "## 解决办法\n1. 检查网线。\n2. 运行 `ping invoice-server`。\n";

fn article(id: &str) -> Article {
    let title = match id {
        "e1042" => "开票时报错 E-1042，连不上开票服务器",
        "printer" => "打印机脱机",
        other => other,
    };
    Article {
        id: id.into(),
        external_id: id.into(),
        lang: "zh-CN".into(),
        kind: ArticleKind::Troubleshooting,
        category: None,
        title: title.into(),
        body_md: STEPS.into(),
        product: Some("invoice".into()),
        versions: None,
        tags: Vec::new(),
        codes: Vec::new(),
        symptoms: Vec::new(),
        questions: Vec::new(),
        frequent: true,
        translates: None,
        revision: 1,
        created_at: MONDAY,
        updated_at: MONDAY,
    }
}

fn hit(id: &str, score: f32) -> Hit {
    let article = article(id);
    Hit {
        id: id.into(),
        external_id: id.into(),
        kind: article.kind,
        lang: article.lang,
        title: article.title,
        product: article.product,
        revision: 1,
        snippet: String::new(),
        snippet_html: String::new(),
        score,
        path: format!("/kb/{id}"),
    }
}

/// A kb of a few words: what a question contains decides the answer.
fn answer_to(question: &str, product: Option<&str>) -> (Answer, Found) {
    let lower = question.to_lowercase();
    let steps_md = STEPS.trim_start_matches("## 解决办法\n").to_string();
    let answer = if lower.contains("e-1042") {
        Answer::Direct { hit: hit("e1042", 0.97), steps_md, others: vec![hit("vpn", 0.4)] }
    } else if lower.contains("打印") || lower.contains("print") {
        Answer::Direct {
            hit: hit("printer", 0.8),
            steps_md,
            others: vec![hit("driver", 0.78), hit("vpn", 0.3)],
        }
    } else if lower.contains("登录") && product.is_none() {
        Answer::Ask { products: vec!["invoice".into(), "stock".into()], hits: vec![hit("vpn", 0.5)] }
    } else if lower.contains("登录") || lower.contains("连接") {
        Answer::Choices { hits: vec![hit("vpn", 0.5), hit("driver", 0.49)] }
    } else {
        Answer::Nothing
    };
    let total = usize::from(answer != Answer::Nothing);
    (answer, Found { query: question.into(), corrected: None, hits: Vec::new(), total, ..Found::default() })
}
