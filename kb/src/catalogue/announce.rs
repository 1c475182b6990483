//! Telling everybody a release concerns, once each: who reported a fault it fixes, who was given it, who
//! has it installed, who subscribed. A job that may die anywhere and goes on where it stopped.
use std::collections::{HashMap, HashSet};

use firstline_core::conversation::{self, Conversation};
use firstline_core::desk::{Change, Notice, ReleaseNotice};
use firstline_core::jobs::{self, Job};
use firstline_core::outbox::{self, Outgoing};
use firstline_core::ticket::{Number, reporters};
use firstline_core::{Desk, Error, Result, people, text_enum};

use super::lifecycle::due_of;
use super::model::{Product, Release, State, Texts, Viewer};
use super::store::{files, notices, releases};
use super::{Catalogue, names};
use crate::published;

text_enum! {
    /// Why somebody is told; of several reasons the first counts.
    Why ("why") {
        Reported = "reported",
        Installed = "installed",
        Given = "given",
        Told = "told",
        Subscribed = "subscribed",
    }
}

text_enum! {
    /// What a chat wants to hear of a product. Who reported a fault hears of its fix in any case.
    Wish ("wish") { All = "all", Security = "security", None = "none" }
}

/// Somebody to tell, and where.
#[derive(Clone, Debug)]
pub struct Reader {
    /// The person; of a group, its conversation.
    pub key: String,
    pub conversation: Conversation,
    pub why: Why,
    /// The ticket in which they reported a fault that is fixed now.
    pub ticket: Option<(String, Number)>,
}

/// What would be sent to whom.
pub struct Preview {
    pub readers: Vec<Reader>,
    pub notice: ReleaseNotice,
}

impl Catalogue {
    /// Runs a `release_notice` job: tells everybody who was not told yet and marks the job done.
    pub async fn tell(&self, desk: &Desk, job: &Job) -> Result<()> {
        let due = due_of(job)?;
        if let Some(row) = releases::by_id(self.db(), &due.release).await?
            && row.state.as_str() == due.what
        {
            let product_id = row.product_id.clone();
            let release = row.into_release();
            let product = self.product(&release.draft.product).await?;
            let product =
                product.ok_or_else(|| Error::not_found("product", release.draft.product.clone()))?;
            for reader in self.readers(desk, &product_id, &product, &release).await? {
                self.tell_one(desk, &product, &release, &reader).await?;
            }
        }
        let mut tx = self.db().begin().await?;
        jobs::done(&mut tx, self.clock(), &job.id).await?;
        tx.commit().await?;
        desk.committed(&[]);
        Ok(())
    }

    async fn tell_one(
        &self,
        desk: &Desk,
        product: &Product,
        release: &Release,
        reader: &Reader,
    ) -> Result<()> {
        let notice = Notice::Release(Box::new(notice_of(
            product,
            release,
            reader.ticket.as_ref().map(|(_, number)| *number),
        )));
        let payload = serde_json::to_value(&notice).map_err(|e| Error::invalid("notice", e.to_string()))?;
        let mut tx = self.db().begin().await?;
        if notices::tell_once(&mut tx, self.clock(), &release.id, release.state.as_str(), reader).await? {
            let c = &reader.conversation;
            let out = Outgoing {
                channel: &c.channel,
                bot: &c.bot,
                chat: &c.chat,
                conversation_id: Some(&c.id),
                ticket_id: reader.ticket.as_ref().map(|(id, _)| id.as_str()),
                message_id: None,
                payload: &payload,
            };
            outbox::queue(&mut tx, &desk.clock, &out).await?;
        }
        tx.commit().await?;
        let (channel, chat) = (reader.conversation.channel.clone(), reader.conversation.chat.clone());
        desk.tell(vec![Change::Chat { channel, chat }]);
        Ok(())
    }

    /// What publishing or withdrawing a release (with `reason`) would say, and to whom.
    pub async fn preview(&self, desk: &Desk, id: &str, state: State, reason: &Texts) -> Result<Preview> {
        let row = releases::by_id(self.db(), id).await?.ok_or_else(|| Error::not_found("release", id))?;
        let product_id = row.product_id.clone();
        let release = Release { state, reason: reason.clone(), ..row.into_release() };
        let product = self.product(&release.draft.product).await?;
        let product = product.ok_or_else(|| Error::not_found("product", release.draft.product.clone()))?;
        let readers = self.readers(desk, &product_id, &product, &release).await?;
        let number = readers.iter().find_map(|r| r.ticket.as_ref().map(|(_, number)| *number));
        Ok(Preview { notice: notice_of(&product, &release, number), readers })
    }

    /// Everybody concerned, each person once, by their best reason.
    async fn readers(
        &self,
        desk: &Desk,
        product_id: &str,
        product: &Product,
        release: &Release,
    ) -> Result<Vec<Reader>> {
        let wishes = notices::wishes(self.db(), product_id).await?;
        let mut gathered = Gathered {
            catalogue: self,
            release,
            wishes: wishes.iter().cloned().collect(),
            seen: HashSet::new(),
            readers: vec![],
        };
        let draft = &release.draft;
        if release.state == State::Published && !draft.codes.is_empty() {
            let codes: Vec<String> = draft.codes.iter().chain(&draft.cves).cloned().collect();
            for ticket in reporters::of_codes(&desk.db, &codes).await? {
                let about = ticket
                    .product
                    .as_deref()
                    .is_none_or(|name| super::shelf::is_called(product, &names::fold(name)));
                if let (true, Some(conversation)) = (about, &ticket.conversation_id) {
                    gathered
                        .add(conversation, Why::Reported, Some((ticket.id.clone(), ticket.number)))
                        .await?;
                }
            }
        }
        for conversation in installed(desk, product, release).await? {
            gathered.add(&conversation, Why::Installed, None).await?;
        }
        if release.state == State::Withdrawn {
            for conversation in notices::takers(self.db(), &release.id).await? {
                gathered.add(&conversation, Why::Given, None).await?;
            }
            for conversation in self.downloaders(desk, &release.id).await? {
                gathered.add(&conversation, Why::Given, None).await?;
            }
            for conversation in notices::told(self.db(), &release.id, State::Published.as_str()).await? {
                gathered.add(&conversation, Why::Told, None).await?;
            }
        }
        for (conversation, _) in wishes.iter().filter(|(_, wish)| *wish != Wish::None) {
            gathered.add(conversation, Why::Subscribed, None).await?;
        }
        Ok(gathered.readers)
    }
}

impl Catalogue {
    /// The chats of the people who downloaded a file of a release.
    async fn downloaders(&self, desk: &Desk, release: &str) -> Result<Vec<String>> {
        let mut chats = Vec::new();
        for file in files::of_release(self.db(), release).await? {
            let Some(id) = &file.file_id else { continue };
            for person in published::takers(self.db(), id).await? {
                chats.extend(conversation::last_private(&desk.db, &person).await?.map(|c| c.id));
            }
        }
        Ok(chats)
    }
}

/// The chats of the people who have the product installed: the contacts of every installation on record, and
/// those who named it, with their version, when they wrote to us.
async fn installed(desk: &Desk, product: &Product, release: &Release) -> Result<Vec<String>> {
    let names: Vec<String> = [&product.key, &product.title.zh, &product.title.en]
        .into_iter()
        .chain(&product.aliases)
        .filter(|n| !n.is_empty())
        .cloned()
        .collect();
    let mut used = conversation::of_installations(&desk.db, &names).await?;
    used.extend(conversation::of_product(&desk.db, &names).await?);
    let range = release.draft.applies_to.as_deref();
    let concerns = |version: &Option<String>| match (version, range) {
        (Some(version), Some(range)) => crate::version::applies(range, version),
        _ => true,
    };
    Ok(used.into_iter().filter(|(_, version)| concerns(version)).map(|(id, _)| id).collect())
}

struct Gathered<'a> {
    catalogue: &'a Catalogue,
    release: &'a Release,
    wishes: HashMap<String, Wish>,
    seen: HashSet<String>,
    readers: Vec<Reader>,
}

impl Gathered<'_> {
    async fn add(&mut self, conversation: &str, why: Why, ticket: Option<(String, Number)>) -> Result<()> {
        let db = self.catalogue.db();
        let urgent = self.release.draft.security || self.release.state == State::Withdrawn;
        let unwanted = match self.wishes.get(conversation) {
            Some(Wish::None) => true,
            Some(Wish::Security) => !urgent,
            Some(Wish::All) | None => false,
        };
        if unwanted && ticket.is_none() {
            return Ok(());
        }
        let Some(conversation) = conversation::by_id(db, conversation).await? else { return Ok(()) };
        let key = if conversation.private { conversation.person_id.clone() } else { conversation.id.clone() };
        // Nothing of a ticket is said where others read along.
        if self.seen.contains(&key) || (ticket.is_some() && !conversation.private) {
            return Ok(());
        }
        let person = people::by_id(db, &conversation.person_id).await?;
        let viewer =
            Viewer::Person { id: conversation.person_id.clone(), email: person.and_then(|p| p.email) };
        if self.release.seen_by(&viewer) {
            self.seen.insert(key.clone());
            self.readers.push(Reader { key, conversation, why, ticket });
        }
        Ok(())
    }
}

fn notice_of(product: &Product, release: &Release, number: Option<Number>) -> ReleaseNotice {
    let draft = &release.draft;
    let withdrawn = release.state == State::Withdrawn;
    ReleaseNotice {
        product: product.key.clone(),
        title: (product.name("zh-CN").into(), product.name("en").into()),
        version: draft.version.to_string(),
        withdrawn,
        security: draft.security,
        urgent: draft.security || withdrawn,
        codes: draft.codes.clone(),
        notes: (draft.notes.of("zh-CN").into(), draft.notes.of("en").into()),
        reason: (release.reason.of("zh-CN").into(), release.reason.of("en").into()),
        number: number.filter(|_| !withdrawn),
    }
}
