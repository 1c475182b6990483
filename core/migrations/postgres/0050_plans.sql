-- Plans with versions, holidays by year, and tickets that keep the version they run under.

alter table ticket add column plan_version bigint not null default 1;
alter table ticket add column difficulty text not null default 'ordinary';
alter table ticket add column region text;
alter table ticket add column mode text not null default 'chat';
alter table ticket add column taken_at bigint;
create index ticket_plan on ticket (plan, plan_version);

alter table clock add column target text not null default '';
alter table clock add column calendar text not null default '24x7';
alter table clock add column paused boolean not null default false;
alter table clock add column breached_by_seconds bigint not null default 0;
alter table clock add column applies boolean not null default true;

-- Versions that staff made; the shipped ones are in the program. Never changed, only added to.
create table plan_version (
    id text not null,
    version bigint not null,
    source text not null,
    note text not null,
    created_by text,
    created_at bigint not null,
    primary key (id, version)
);

-- Imported holidays, beside the ones that ship: one row per date, the newest import wins.
create table holiday (
    set_id text not null,
    day text not null,
    name text not null,
    off boolean not null,
    imported_at bigint not null,
    primary key (set_id, day)
);

-- What staff were told of a promise. One row per step, due time, repeat and person: each is told once.
create table staff_notice (
    staff_id text not null references staff (id),
    ticket_id text not null references ticket (id),
    milestone text not null,
    due_at bigint not null,
    step bigint not null,
    n bigint not null,
    created_at bigint not null,
    seen_at bigint,
    primary key (ticket_id, step, due_at, n, staff_id)
);
create index staff_notice_staff on staff_notice (staff_id, seen_at);
