-- Files for download. The bytes lie in the file store under their SHA-256; a published file's bytes never
-- change, and a withdrawn one keeps its row and its reason.
create table kb_file (
    id text primary key,
    sha256 text not null,
    name text not null,
    size bigint not null,
    media_type text not null,
    access text not null,
    state text not null,
    reason text,
    signature text,
    added_by text not null,
    created_at bigint not null,
    published_at bigint,
    withdrawn_at bigint,
    unique (sha256, name)
);

-- Who may have a file whose access is 'chosen': a person's id, an address, or a domain such as @hospital.example.
create table kb_file_grant (
    file_id text not null references kb_file (id),
    who text not null,
    primary key (file_id, who)
);

-- Downloads that sent bytes: who took which part, and whether the last byte left. Alike ones of one second share
-- a row; times says how many.
create table kb_download (
    id text primary key,
    file_id text not null references kb_file (id),
    who text not null,
    resumed boolean not null,
    completed boolean not null,
    times bigint not null,
    sent bigint not null,
    at bigint not null
);
create index kb_download_file on kb_download (file_id, who);
