-- What was shown by which search, one row each, and which searches came back: filled from kb_search by the
-- digest, which may run twice over the same searches.
create table kb_shown (
    search_id text not null references kb_search (id),
    article_id text not null,
    revision bigint not null,
    rank bigint not null,
    at bigint not null,
    primary key (search_id, article_id)
);
create index kb_shown_article on kb_shown (article_id, at);
create index kb_search_who on kb_search (who, at);

-- A search after which the same person asked the same again within seven days.
create table kb_return (
    search_id text primary key references kb_search (id),
    again_id text not null,
    at bigint not null
);

-- Why something did not help, in the asker's words or by a code.
create table kb_feedback (
    id text primary key,
    article_id text not null,
    revision bigint not null,
    search_id text,
    reason text not null,
    words text not null,
    at bigint not null
);
create index kb_feedback_article on kb_feedback (article_id, at);

-- Questions without an answer, clustered.
create table kb_gap (
    id text primary key,
    -- open, dismissed, closed
    state text not null,
    title text not null,
    lang text not null,
    product text,
    assignee text,
    -- Why it was dismissed.
    reason text,
    -- What closed it.
    article_id text,
    settled_at bigint,
    reopened bigint not null default 0,
    -- What its questions are made of: how the next one is known to belong here.
    profile text not null,
    version bigint not null,
    first_at bigint not null,
    last_at bigint not null
);
create index kb_gap_last on kb_gap (last_at);
create table kb_gap_question (
    search_id text primary key references kb_search (id),
    gap_id text not null references kb_gap (id),
    query text not null,
    lang text not null,
    -- nothing or rejected
    why text not null,
    article_id text,
    at bigint not null
);
create index kb_gap_question_gap on kb_gap_question (gap_id, at);

-- Saved questions with the articles that answer them: what a publication must not make worse.
create table kb_gate_question (
    id text primary key,
    query text not null,
    lang text,
    relevant text not null,
    author text not null,
    at bigint not null
);

-- How far the digest read, and the row two digests queue at.
insert into kb_change (name, value) values ('digest', 0), ('digest_at', 0), ('digest_verdict_at', 0);
create index kb_verdict_at on kb_verdict (at);
