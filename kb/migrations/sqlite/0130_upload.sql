-- Files on their way in. The bytes lie beside the store; `received` says how many of them are safe on the disk, and
-- whoever sends goes on from there. `state`: open, done (then `file_id` is the hosted file), refused (then `flaw`).
create table kb_upload (
    id text primary key,
    name text not null,
    size bigint not null,
    received bigint not null,
    state text not null,
    flaw text,
    looked text,
    file_id text references kb_file (id),
    begun_by text not null,
    created_at bigint not null,
    touched_at bigint not null
);
create index kb_upload_open on kb_upload (state, touched_at);
