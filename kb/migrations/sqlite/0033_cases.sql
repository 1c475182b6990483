-- Solved tickets as staff search them ("similar cases"). Numbered by the same counter as articles, because the
-- same writer brings both into the index.
create table kb_case (
    ticket_id text primary key,
    ticket_version bigint not null,
    number bigint not null,
    title text not null,
    product text,
    product_version text,
    question text not null,
    resolution text not null,
    resolved_at bigint not null,
    deleted boolean not null default false,
    change_no bigint not null
);
create unique index kb_case_change on kb_case (change_no);

-- Up to when (epoch milliseconds) the timelines of tickets were read.
insert into kb_change (name, value) values ('case_seen', 0);
