-- Knowledge. Ids are text (UUIDv7), times BIGINT epoch milliseconds UTC, JSON is jsonb here.

-- Counters: 'article' is the number of the last change of an article, 'rebuild' how often the index was
-- ordered anew. The row lock puts changes in the order they become visible in.
create table kb_change (
    name text primary key,
    value bigint not null
);
insert into kb_change (name, value) values ('article', 0), ('rebuild', 0);

create table kb_article (
    id text primary key,
    external_id text not null unique,
    lang text not null,
    kind text not null,
    category text,
    title text not null,
    body_md text not null,
    product text,
    versions text,
    tags jsonb not null,
    codes jsonb not null,
    symptoms jsonb not null,
    frequent boolean not null default false,
    translates text,
    revision bigint not null,
    change_no bigint not null,
    deleted boolean not null default false,
    created_at bigint not null,
    updated_at bigint not null
);
create unique index kb_article_change on kb_article (change_no);
create index kb_article_translates on kb_article (translates);

-- Every wording an article ever had, the current one included.
create table kb_revision (
    article_id text not null references kb_article (id),
    revision bigint not null,
    draft jsonb not null,
    author text not null,
    at bigint not null,
    primary key (article_id, revision)
);

-- Every search: what was asked and what was shown. who is the conversation or channel that asked.
create table kb_search (
    id text primary key,
    query text not null,
    corrected text,
    lang text,
    product text,
    answer text,
    shown jsonb not null,
    total bigint not null,
    who text not null,
    at bigint not null
);
create index kb_search_at on kb_search (at);

-- What became of something shown. No row means silence, which is never taken for solved.
create table kb_verdict (
    id text primary key,
    search_id text not null references kb_search (id),
    article_id text,
    verdict text not null,
    at bigint not null
);
create index kb_verdict_search on kb_verdict (search_id);
create index kb_verdict_article on kb_verdict (article_id);
