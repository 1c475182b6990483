-- Customers (organisations), who speaks for them, what they run and what was agreed; groups and the rota;
-- the work done on tickets. Dates without a time are text `YYYY-MM-DD` in the customer's zone.

create table customer (
    id text primary key,
    name text not null,
    name_key text not null unique,
    region text,
    zone text not null,
    note text not null,
    created_at bigint not null,
    version bigint not null
);

-- Somebody at a customer. `left_at` is set when they leave; their successor takes over their tickets.
create table contact (
    id text primary key,
    customer_id text not null references customer (id),
    name text not null,
    email text,
    phone text,
    role text not null,
    left_at bigint,
    successor_id text references contact (id),
    created_at bigint not null
);
create index contact_customer on contact (customer_id, name);
create unique index contact_email on contact (email) where left_at is null;

-- A person of a chat is this contact. One contact may have several (Telegram, web chat, e-mail).
create table contact_link (
    person_id text primary key references person (id),
    contact_id text not null references contact (id),
    how text not null,
    linked_by text,
    linked_at bigint not null
);
create index contact_link_contact on contact_link (contact_id);

create table contract (
    id text primary key,
    customer_id text not null references customer (id),
    number text not null unique,
    plan text not null,
    accepted_on text,
    warranty_months bigint,
    maintenance_months bigint,
    suspended_at bigint,
    suspended_reason text,
    named_engineer_id text references staff (id),
    products jsonb not null,
    exclusions jsonb not null,
    quotas jsonb not null,
    overrides text not null,
    created_at bigint not null,
    version bigint not null
);
create index contract_customer on contract (customer_id, created_at);

-- The named engineer is only replaced with the customer's consent.
create table engineer_change (
    id text primary key,
    contract_id text not null references contract (id),
    from_id text not null references staff (id),
    to_id text not null references staff (id),
    reason text not null,
    state text not null,
    asked_by text not null,
    asked_at bigint not null,
    decided_by text,
    decided_at bigint
);
create index engineer_change_contract on engineer_change (contract_id, asked_at);

create table installation (
    id text primary key,
    customer_id text not null references customer (id),
    contract_id text references contract (id),
    name text not null,
    product text not null,
    product_version text,
    region text,
    created_at bigint not null,
    retired_at bigint,
    version bigint not null
);
create index installation_customer on installation (customer_id, name);

-- The operation archive: dated entries, never changed.
create table installation_entry (
    id text primary key,
    installation_id text not null references installation (id),
    on_date text not null,
    kind text not null,
    text text not null,
    staff_id text,
    created_at bigint not null
);
create index installation_entry_date on installation_entry (installation_id, on_date);

-- Who changed what about customers, contracts, groups and the rota.
create table desk_audit (
    id text primary key,
    at bigint not null,
    actor text not null,
    actor_id text,
    what text not null,
    subject_id text not null,
    data jsonb not null
);
create index desk_audit_subject on desk_audit (subject_id, at);

alter table ticket add column customer_id text references customer (id);
alter table ticket add column contact_id text references contact (id);
alter table ticket add column contract_id text references contract (id);
alter table ticket add column installation_id text references installation (id);
alter table ticket add column group_id text;
alter table ticket add column cause text;
alter table ticket add column cause_guessed boolean not null default true;
alter table ticket add column exclusion text;
alter table ticket add column entitlement jsonb;
alter table ticket add column fingerprint text;
alter table ticket add column attention bigint not null default 0;
alter table ticket add column handling text not null default 'chat';
alter table ticket add column about_id text references ticket (id);
alter table ticket add column watcher_id text references staff (id);
create index ticket_customer on ticket (customer_id, created_at);
create index ticket_contract on ticket (contract_id);
create index ticket_installation on ticket (installation_id, created_at);
create index ticket_contact on ticket (contact_id);
create index ticket_about on ticket (about_id);
create index ticket_fingerprint on ticket (fingerprint, created_at);
-- The queue: an open ticket has no `resolved_at`; what is promised nothing comes last.
create index ticket_open on ticket (coalesce(next_due_at, 9223372036854775807), number) where resolved_at is null;
create index ticket_open_counts on ticket (status, assignee_id, group_id, next_due_at, attention) where resolved_at is null;
create index ticket_assignee on ticket (assignee_id, coalesce(next_due_at, 9223372036854775807), number) where resolved_at is null;
create index ticket_group on ticket (group_id, coalesce(next_due_at, 9223372036854775807), number) where resolved_at is null;

create table support_group (
    id text primary key,
    name text not null,
    name_key text not null unique,
    kind text not null,
    region text,
    skills jsonb not null,
    zone text not null,
    hours text not null,
    holidays boolean not null,
    created_at bigint not null,
    version bigint not null
);

create table group_member (
    group_id text not null references support_group (id),
    staff_id text not null references staff (id),
    primary key (group_id, staff_id)
);
create index group_member_staff on group_member (staff_id);

create table duty (
    id text primary key,
    group_id text not null references support_group (id),
    staff_id text not null references staff (id),
    starts_at bigint not null,
    ends_at bigint not null,
    phone text not null,
    created_at bigint not null
);
create index duty_time on duty (group_id, ends_at);

-- An engineer whom this customer does not want on this ticket any more.
create table excluded_engineer (
    ticket_id text not null references ticket (id),
    staff_id text not null references staff (id),
    reason text not null,
    at bigint not null,
    primary key (ticket_id, staff_id)
);

create table work_log (
    id text primary key,
    ticket_id text not null references ticket (id),
    contract_id text references contract (id),
    staff_id text,
    on_date text not null,
    kind text not null,
    minutes bigint not null,
    note text not null,
    travel_cents bigint not null,
    lodging_cents bigint not null,
    payer text,
    created_at bigint not null
);
create index work_log_ticket on work_log (ticket_id, on_date);
create index work_log_contract on work_log (contract_id, kind, on_date);

-- A remote session cannot be recorded without who allowed it and when.
create table remote_session (
    id text primary key,
    ticket_id text not null references ticket (id),
    staff_id text,
    authorised_by text not null,
    authorised_at bigint not null,
    note text not null,
    created_at bigint not null
);
create index remote_session_ticket on remote_session (ticket_id);

-- What an individual change would take and cost; the customer decides.
create table quote (
    id text primary key,
    ticket_id text not null references ticket (id),
    days bigint not null,
    cents bigint not null,
    currency text not null,
    note text not null,
    state text not null,
    offered_by text,
    offered_at bigint not null,
    decided_by text,
    decided_at bigint
);
create index quote_ticket on quote (ticket_id, offered_at);

-- Which member of staff looked at which ticket, once an hour.
create table ticket_access (
    ticket_id text not null references ticket (id),
    staff_id text not null references staff (id),
    hour bigint not null,
    at bigint not null,
    primary key (ticket_id, staff_id, hour)
);
