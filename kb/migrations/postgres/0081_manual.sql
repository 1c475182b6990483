-- Manuals, course material and recordings: what a hosted file is about. Text is kept page by page.
create table kb_manual (
    id text primary key,
    file_id text not null unique references kb_file (id),
    kind text not null,
    title text not null,
    product text not null,
    version text not null,
    lang text not null,
    pages bigint not null,
    created_at bigint not null
);

create table kb_manual_page (
    manual_id text not null references kb_manual (id),
    page bigint not null,
    text text not null,
    primary key (manual_id, page)
);
