-- What staff teach the search: entries of the dictionary, the register of error codes, and what came of them.

-- Number of the last change of the dictionary; every process follows it.
insert into kb_change (name, value) values ('dictionary', 0);

-- One entry: synonyms, product words, a pin, a stop-gap, small talk, a sensitive word, a frequent question, the
-- settings. `data` holds what its kind needs; after `until` it has no effect.
create table kb_entry (
    id text primary key,
    kind text not null,
    data text not null,
    until bigint,
    version bigint not null,
    created_at bigint not null,
    updated_at bigint not null
);
create index kb_entry_kind on kb_entry (kind, id);

-- Error codes. `code_key` is the code as it is compared; each entry has an article made from it.
create table kb_code (
    id text primary key,
    code text not null,
    code_key text not null,
    lang text not null,
    product text not null,
    module text,
    meaning text not null,
    cure text not null,
    versions text,
    article_id text not null references kb_article (id),
    version bigint not null,
    deleted boolean not null default false,
    created_at bigint not null,
    updated_at bigint not null,
    unique (code_key, product, lang)
);

-- Who changed what and when: entries, codes, settings. Appended to, never changed.
create table kb_entry_log (
    id text primary key,
    at bigint not null,
    actor text not null,
    action text not null,
    kind text not null,
    subject text not null,
    before text,
    after text
);
create index kb_entry_log_subject on kb_entry_log (subject, id);

-- Messages that held a sensitive word.
create table kb_sensitive_hit (
    id text primary key,
    word text not null,
    text text not null,
    who text not null,
    at bigint not null
);

-- Questions with known answers, kept to see what a change would do to them.
create table kb_saved_question (
    id text primary key,
    query text not null,
    lang text,
    relevant text not null,
    created_at bigint not null
);

-- Codes a question named that belong to a family we know but are in no register.
alter table kb_search add column unknown_codes text not null default '[]';
