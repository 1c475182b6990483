-- What people said of articles shown for a question, by the words of the question. One row a verdict.
create table kb_vote (
    verdict_id text primary key references kb_verdict (id),
    query_key text not null,
    article_id text not null,
    who text not null,
    verdict text not null,
    at bigint not null
);
create index kb_vote_query on kb_vote (query_key);

-- The sums ranking reads: decayed weights for and against, as of `at`, of so many people.
create table kb_prior (
    query_key text not null,
    article_id text not null,
    pro double precision not null,
    con double precision not null,
    people bigint not null,
    at bigint not null,
    primary key (query_key, article_id)
);
