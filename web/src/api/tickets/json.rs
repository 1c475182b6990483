//! A ticket as JSON: the shape programs rely on.
use firstline_bots::texts;
use firstline_core::Time;
use firstline_core::clocks::ClockState;
use firstline_core::desk::Links;
use firstline_core::desk::view::TicketView;
use firstline_core::entitlement::Entitlement;
use firstline_core::files::Attachment;
use firstline_core::plan::Milestone;
use firstline_core::ticket::belonging::Belonging;
use firstline_core::ticket::{Author, ClockRow, Kind, Message, MessageRevision, Number, Status};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::schemas;
use crate::pages::download;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Ticket)]
#[serde(deny_unknown_fields)]
pub struct TicketOut {
    #[schema(value_type = String, example = "FL-1024")]
    number: Number,
    #[schema(schema_with = schemas::kind)]
    kind: Kind,
    #[schema(schema_with = schemas::status)]
    status: Status,
    /// 1 (worst) to 4.
    #[schema(minimum = 1, maximum = 4)]
    severity: i64,
    /// Why it has this severity, in the language of `Accept-Language`.
    severity_reason: String,
    title: String,
    product: Option<String>,
    version: Option<String>,
    /// Where it was opened: `telegram`, `discord`, `web`, `terminal` or `api`.
    channel: String,
    customer: CustomerOut,
    /// The staff member who has it, by e-mail address.
    assignee: Option<String>,
    /// The organisation the customer belongs to; null while nobody knows.
    organisation: Option<OrganisationOut>,
    contract: Option<TicketContractOut>,
    installation: Option<InstallationRef>,
    /// The support group it lies with.
    group: Option<String>,
    /// What caused it, as far as known: `operation`, `environment`, `database`, `operating_system`,
    /// `hardware`, `network`, `software`, `equipment` or `other`.
    cause: Option<String>,
    /// What the customer is owed; null while their organisation is not known.
    entitlement: Option<EntitlementOut>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Time,
    clocks: Vec<ClockOut>,
    messages: Vec<MessageOut>,
    /// The stars the customer gave after the last solution.
    #[schema(minimum = 1, maximum = 5)]
    rating: Option<i64>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Organisation)]
#[serde(deny_unknown_fields)]
pub struct OrganisationOut {
    id: String,
    name: String,
    /// Who at the organisation speaks for this ticket.
    contact: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TicketContract)]
#[serde(deny_unknown_fields)]
pub struct TicketContractOut {
    id: String,
    number: String,
    /// The id of its service plan.
    plan: String,
    suspended: bool,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TicketInstallation)]
#[serde(deny_unknown_fields)]
pub struct InstallationRef {
    id: String,
    name: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Entitlement)]
#[serde(deny_unknown_fields)]
pub struct EntitlementOut {
    /// `free`, `parts`, `parts_and_labour`, `by_contract`, `not_covered` or `suspended`.
    answer: String,
    /// `before`, `warranty`, `maintenance` or `after`; null without a contract.
    period: Option<String>,
    /// The last day of the period, `YYYY-MM-DD`.
    until: Option<String>,
    /// In plain words, in the language of `Accept-Language`.
    text: String,
    /// Advice is given even where it is not covered.
    advice: bool,
    /// False while the cause is only assumed.
    cause_known: bool,
}

impl EntitlementOut {
    pub fn new(e: &Entitlement, lang: &str) -> EntitlementOut {
        EntitlementOut {
            answer: e.answer.to_string(),
            period: e.period.map(|p| p.to_string()),
            until: e.until.map(|d| d.to_string()),
            text: texts::entitlement_lines(e, lang).join(" "),
            advice: e.advice,
            cause_known: e.cause_known,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Customer)]
#[serde(deny_unknown_fields)]
pub struct CustomerOut {
    name: String,
    /// Null when they came by a chat and gave none.
    email: Option<String>,
}

/// One promise and how it stands now.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Clock)]
#[serde(deny_unknown_fields)]
pub struct ClockOut {
    #[schema(schema_with = schemas::milestone)]
    milestone: Milestone,
    #[schema(value_type = String, format = DateTime)]
    due_at: Time,
    #[schema(schema_with = schemas::clock_state)]
    state: ClockState,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Message)]
#[serde(deny_unknown_fields)]
pub struct MessageOut {
    id: String,
    #[schema(schema_with = schemas::author)]
    author: Author,
    text: String,
    /// A note for staff that the customer never sees.
    internal: bool,
    #[schema(value_type = String, format = DateTime)]
    created_at: Time,
    #[schema(value_type = Option<String>, format = DateTime)]
    edited_at: Option<Time>,
    /// Earlier wordings, oldest first.
    revisions: Vec<RevisionOut>,
    attachments: Vec<AttachmentOut>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Revision)]
#[serde(deny_unknown_fields)]
pub struct RevisionOut {
    text: String,
    #[schema(value_type = String, format = DateTime)]
    at: Time,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Attachment)]
#[serde(deny_unknown_fields)]
pub struct AttachmentOut {
    name: String,
    /// Bytes.
    #[schema(minimum = 0)]
    size: i64,
    /// Null until the bytes have arrived.
    sha256: Option<String>,
    /// Openable by whoever has it; null until the bytes have arrived.
    url: Option<String>,
}

impl TicketOut {
    pub fn new(links: &Links, view: &TicketView, lang: &str, now: Time) -> TicketOut {
        let t = &view.ticket;
        let b = &view.belonging;
        TicketOut {
            number: t.number,
            kind: t.kind,
            status: t.status,
            severity: t.severity,
            severity_reason: texts::severity_reason(&t.assessment(), lang),
            title: t.title.clone(),
            product: t.product.clone(),
            version: t.product_version.clone(),
            channel: t.channel.clone(),
            customer: CustomerOut { name: view.person.name.clone(), email: view.person.email.clone() },
            assignee: view.assignee.as_ref().map(|s| s.email.clone()),
            organisation: b
                .customer_id
                .clone()
                .zip(b.customer_name.clone())
                .map(|(id, name)| OrganisationOut { id, name, contact: b.contact_name.clone() }),
            contract: TicketContractOut::of(b),
            installation: b
                .installation_id
                .clone()
                .zip(b.installation_name.clone())
                .map(|(id, name)| InstallationRef { id, name }),
            group: b.group_name.clone(),
            cause: b.cause.clone(),
            entitlement: b.entitlement.as_ref().map(|e| EntitlementOut::new(e, lang)),
            created_at: t.created_at,
            clocks: view.clocks.iter().map(|c| ClockOut::new(c, now)).collect(),
            messages: view.messages.iter().map(|m| MessageOut::of_view(links, view, m)).collect(),
            rating: view.rating,
        }
    }
}

impl TicketContractOut {
    fn of(b: &Belonging) -> Option<TicketContractOut> {
        Some(TicketContractOut {
            id: b.contract_id.clone()?,
            number: b.contract_number.clone()?,
            plan: b.contract_plan.clone()?,
            suspended: b.suspended.unwrap_or(false),
        })
    }
}

impl ClockOut {
    fn new(row: &ClockRow, now: Time) -> ClockOut {
        ClockOut { milestone: row.milestone, due_at: row.due_at, state: row.state_at(now) }
    }
}

impl MessageOut {
    fn of_view(links: &Links, view: &TicketView, message: &Message) -> MessageOut {
        let revisions = view.revisions.get(&message.id).map_or(&[][..], Vec::as_slice);
        let attachments = view.attachments.get(&message.id).map_or(&[][..], Vec::as_slice);
        MessageOut::new(links, message, revisions, attachments)
    }

    pub fn new(
        links: &Links,
        m: &Message,
        revisions: &[MessageRevision],
        files: &[Attachment],
    ) -> MessageOut {
        MessageOut {
            id: m.id.clone(),
            author: m.author,
            text: m.text.clone(),
            internal: m.internal,
            created_at: m.created_at,
            edited_at: m.edited_at,
            revisions: revisions.iter().map(|r| RevisionOut { text: r.text.clone(), at: r.at }).collect(),
            attachments: files.iter().map(|a| AttachmentOut::new(links, a)).collect(),
        }
    }
}

impl AttachmentOut {
    fn new(links: &Links, a: &Attachment) -> AttachmentOut {
        AttachmentOut {
            name: a.name.clone(),
            size: a.size,
            sha256: a.sha256.clone(),
            url: a.sha256.as_ref().map(|_| links.page(&download::path(links, a))),
        }
    }
}
