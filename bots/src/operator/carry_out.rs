//! Carries out the effects of a step, in order, inside one transaction.
use firstline_core::Result;
use firstline_core::desk::{Turn, TurnTx};
use firstline_core::ticket::NewTicket;
use firstline_kb::catalogue::Wish;
use firstline_kb::events::SearchRecord;

use super::Operator;
use crate::message::{Outgoing, Payload};
use crate::step::dialogue::CURRENT;
use crate::step::{Effect, Opening, Outcome, card, say};

impl Operator {
    pub(super) async fn carry_out(&self, turn: &Turn, mut outcome: Outcome) -> Result<()> {
        let mut tx = self.desk.begin_turn(turn).await?;
        let mut heard: Option<String> = None;
        for effect in std::mem::take(&mut outcome.effects) {
            match effect {
                Effect::Heard { text, external_id, files } => {
                    let id = tx.heard(&text, external_id.as_deref(), &files).await?;
                    outcome.dialogue.settle_current(&id);
                    heard = Some(id);
                }
                Effect::OpenTicket(opening) => {
                    self.open(&mut tx, turn, &mut outcome, *opening, heard.as_deref()).await?;
                }
                effect => self.apply(&mut tx, turn, effect, heard.as_deref()).await?,
            }
        }
        tx.finish(&outcome.dialogue.store(), Some(outcome.lang.tag())).await
    }

    async fn apply(&self, tx: &mut TurnTx, turn: &Turn, effect: Effect, heard: Option<&str>) -> Result<()> {
        match effect {
            Effect::AddFiles { external_id, files } => {
                tx.add_files(&external_id, &files).await?;
            }
            Effect::Edit { external_id, text } => {
                tx.edit(&external_id, &text).await?;
            }
            Effect::Say { message, ticket_id } => say(tx, *message, ticket_id.as_deref()).await?,
            Effect::AddToTicket { number, message_id } => {
                tx.add_to_ticket(number, real(&message_id, heard)).await?;
            }
            Effect::NoteOnTicket { number, message_id } => {
                tx.note_on_ticket(number, real(&message_id, heard)).await?;
            }
            Effect::Contest { number, message_id, words } => {
                tx.contest(number, real(&message_id, heard), &words).await?;
            }
            Effect::Reopen { number } => {
                tx.reopen(number).await?;
            }
            Effect::ConfirmSolved { number } => {
                tx.confirm_solved(number).await?;
            }
            Effect::Rate { number, stars } => {
                tx.rate(number, i64::from(stars), None).await?;
            }
            Effect::Remember(profile) => tx.remember(&profile).await?,
            Effect::GaveReleases(releases) => {
                for release in &releases {
                    self.catalogue.took(tx.tx(), release, &turn.conversation.id).await?;
                }
            }
            Effect::Subscribe { product, on } => {
                let wish = if on { Wish::All } else { Wish::None };
                self.catalogue.subscribe(tx.tx(), &turn.conversation.id, &product, wish).await?;
            }
            Effect::Unreachable => tx.unreachable("the user left or blocked the bot").await?,
            Effect::ReachableAgain => tx.reachable_again().await?,
            Effect::RecordSearch { id, lang, product, answer, found } => {
                let (who, lang) = (&turn.conversation.id, Some(lang.tag()));
                let record = SearchRecord::of_answer(id, who, lang, product.as_deref(), &answer, &found);
                self.record_search(tx, &record).await?;
            }
            Effect::RecordVerdict { search, article, verdict } => {
                self.record_verdict(tx, &search, article.as_deref(), verdict).await?;
            }
            Effect::RecordReason { search, article, revision, reason } => {
                self.record_reason(tx, search.as_deref(), (&article, revision), reason).await?;
            }
            // The caller takes these: they change the dialogue that is stored in the end.
            Effect::Heard { .. } | Effect::OpenTicket(_) => {}
        }
        Ok(())
    }

    async fn open(
        &self,
        tx: &mut TurnTx,
        turn: &Turn,
        outcome: &mut Outcome,
        opening: Opening,
        heard: Option<&str>,
    ) -> Result<()> {
        let new = NewTicket {
            kind: opening.kind,
            title: opening.title.clone(),
            product: opening.product.clone(),
            product_version: opening.version.clone(),
            situation: opening.situation,
            channel: turn.conversation.channel.clone(),
            conversation_id: Some(turn.conversation.id.clone()),
            person_id: turn.person.id.clone(),
            packet: opening.packet.clone(),
        };
        let with: Vec<String> = opening.with.iter().map(|id| real(id, heard).to_string()).collect();
        let opened = tx.open_ticket(&new, &opening.text, &with).await?;
        outcome.dialogue.settle_number(opened.ticket.number);
        let message = card::opened(&opened, &opening, outcome.lang, tx.now());
        say(tx, message, Some(&opened.ticket.id)).await
    }
}

/// The id of the message of this turn where `CURRENT` stands for it.
fn real<'a>(id: &'a str, heard: Option<&'a str>) -> &'a str {
    if id == CURRENT { heard.unwrap_or(id) } else { id }
}

async fn say(tx: &mut TurnTx, message: Outgoing, ticket_id: Option<&str>) -> Result<()> {
    let text = say::plain(&message);
    tx.say(&text, &Payload::message(message), ticket_id).await.map(drop)
}
