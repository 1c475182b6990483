-- The ticket core's tables. Ids are text (UUIDv7), times BIGINT epoch milliseconds UTC.

create table setting (
    key text primary key,
    value text not null
);

create table sequence (
    name text primary key,
    value bigint not null
);
insert into sequence (name, value) values ('ticket', 1000);

create table person (
    id text primary key,
    name text not null,
    email text unique,
    lang text,
    product text,
    version text,
    created_at bigint not null
);

-- Who somebody is on a channel. One person may have several.
create table identity (
    channel text not null,
    bot text not null,
    external_id text not null,
    person_id text not null references person (id),
    name text not null,
    created_at bigint not null,
    primary key (channel, bot, external_id)
);
create index identity_person on identity (person_id);

create table staff (
    id text primary key,
    email text not null unique,
    name text not null,
    role text not null,
    password_hash text not null,
    lang text not null,
    disabled boolean not null default false,
    created_at bigint not null
);

create table session (
    token_hash text primary key,
    staff_id text not null references staff (id),
    csrf text not null,
    created_at bigint not null,
    expires_at bigint not null
);
create index session_staff on session (staff_id);

create table api_token (
    id text primary key,
    name text not null,
    token_hash text not null unique,
    created_at bigint not null,
    last_used_at bigint,
    revoked_at bigint
);

-- One chat with one person on one channel; `dialogue` is the bot's state, `version` guards it.
create table conversation (
    id text primary key,
    channel text not null,
    bot text not null,
    chat text not null,
    external_user text not null,
    person_id text not null references person (id),
    private boolean not null,
    lang text,
    dialogue text not null,
    reachable boolean not null default true,
    version bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    unique (channel, bot, chat, external_user)
);
create index conversation_person on conversation (person_id);

create table ticket (
    id text primary key,
    number bigint not null unique,
    kind text not null,
    status text not null,
    severity bigint not null,
    severity_reason text not null,
    scope text,
    effect text,
    workaround boolean,
    title text not null,
    product text,
    product_version text,
    plan text not null,
    channel text not null,
    conversation_id text references conversation (id),
    person_id text not null references person (id),
    assignee_id text references staff (id),
    next_due_at bigint,
    created_at bigint not null,
    updated_at bigint not null,
    resolved_at bigint,
    version bigint not null
);
create index ticket_queue on ticket (status, next_due_at);
create index ticket_person on ticket (person_id, created_at);
create index ticket_conversation on ticket (conversation_id);
create index ticket_opened on ticket (created_at, number);

-- The timeline: append-only. Clocks are replayed from it.
create table ticket_event (
    id text primary key,
    ticket_id text not null references ticket (id),
    seq bigint not null,
    at bigint not null,
    actor text not null,
    actor_id text,
    kind text not null,
    data text not null,
    unique (ticket_id, seq)
);

-- What was said: in a chat (conversation_id), on a ticket (ticket_id), or both.
create table message (
    id text primary key,
    conversation_id text references conversation (id),
    ticket_id text references ticket (id),
    author text not null,
    author_id text,
    text text not null,
    internal boolean not null default false,
    external_id text,
    created_at bigint not null,
    edited_at bigint
);
create index message_ticket on message (ticket_id, id);
create index message_conversation on message (conversation_id, id);
create index message_external on message (conversation_id, external_id);

-- Earlier wordings of an edited message; the newest is in `message`.
create table message_revision (
    message_id text not null references message (id),
    n bigint not null,
    text text not null,
    at bigint not null,
    primary key (message_id, n)
);

-- A file somebody sent. `state`: waiting (bytes still at the platform), stored, too_large, failed.
create table attachment (
    id text primary key,
    message_id text references message (id),
    name text not null,
    mime text not null,
    size bigint not null,
    sha256 text,
    state text not null,
    source text not null,
    created_at bigint not null
);
create index attachment_message on attachment (message_id);

-- A cache of what the clock replay said last; the timeline is the truth.
create table clock (
    ticket_id text not null references ticket (id),
    milestone text not null,
    target_seconds bigint not null,
    due_at bigint not null,
    state text not null,
    met_at bigint,
    breached_at bigint,
    primary key (ticket_id, milestone)
);

create table rating (
    ticket_id text not null references ticket (id),
    cycle bigint not null,
    stars bigint not null,
    comment text,
    at bigint not null,
    primary key (ticket_id, cycle)
);

-- What arrived. The unique key makes a repeated delivery harmless. `state`: pending, done, failed, aside.
create table inbox (
    id text primary key,
    channel text not null,
    bot text not null,
    external_id text not null,
    chat text not null,
    external_user text not null,
    event text not null,
    state text not null,
    attempts bigint not null default 0,
    error text,
    received_at bigint not null,
    next_at bigint not null,
    done_at bigint,
    unique (channel, bot, external_id)
);
create index inbox_pending on inbox (state, next_at);
create index inbox_chat on inbox (channel, bot, chat, external_user, received_at);

-- How far a channel was read: the Telegram offset, the last Discord message of a chat.
create table ingress_cursor (
    channel text not null,
    bot text not null,
    name text not null,
    value text not null,
    primary key (channel, bot, name)
);

-- What is to be sent, in order per chat. `state`: queued, sent, blocked, failed.
create table outbox (
    id text primary key,
    channel text not null,
    bot text not null,
    chat text not null,
    conversation_id text references conversation (id),
    ticket_id text references ticket (id),
    message_id text references message (id),
    payload text not null,
    state text not null,
    attempts bigint not null default 0,
    next_at bigint not null,
    error text,
    created_at bigint not null,
    sent_at bigint
);
create index outbox_due on outbox (state, channel, bot, next_at);
create index outbox_chat on outbox (channel, bot, chat, id);
create index outbox_ticket on outbox (ticket_id);
create index outbox_message on outbox (message_id);

-- The platform's ids of what was sent (several when it was split): a reply to one of them finds its ticket.
create table outbox_sent (
    channel text not null,
    bot text not null,
    chat text not null,
    external_id text not null,
    outbox_id text not null references outbox (id),
    primary key (channel, bot, chat, external_id)
);

-- Work due at a time. `unique_key` makes enqueueing idempotent. `state`: todo, done, failed.
create table job (
    id text primary key,
    kind text not null,
    unique_key text not null,
    data text not null,
    state text not null,
    due_at bigint not null,
    lease_until bigint,
    attempts bigint not null default 0,
    error text,
    created_at bigint not null,
    done_at bigint,
    unique (kind, unique_key)
);
create index job_due on job (state, due_at);

create table idempotency (
    scope text not null,
    key text not null,
    request_hash text not null,
    status bigint not null,
    body text not null,
    created_at bigint not null,
    primary key (scope, key)
);
