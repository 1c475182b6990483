-- The workshop. kb_article stays what customers see; here is what curators are at. A new article is a row of
-- kb_article with revision 0 and deleted set: nothing that serves customers reads it.
create table kb_work (
    article_id text primary key references kb_article (id),
    -- draft, in_review, published, retired: of the words at head.
    state text not null,
    title text not null,
    -- The revision on the bench, and the newest there is.
    head bigint not null,
    last bigint not null,
    -- The live revision the staged words began from; 0 when there was none.
    base bigint not null,
    -- Counts every change: a writer names the one it read.
    version bigint not null,
    owner text,
    review_at bigint,
    -- The gap this draft is to close.
    gap_id text,
    changed_by text not null,
    changed_at bigint not null
);
create index kb_work_changed on kb_work (changed_at);
create index kb_work_gap on kb_work (gap_id);
insert into kb_work (article_id, state, title, head, last, base, version, changed_by, changed_at)
select id, case when deleted then 'retired' else 'published' end, title, revision, revision, revision, 1, 'import', updated_at
from kb_article;

-- Which revision of its source a translation belongs to; null: the source's live one.
alter table kb_article add column source_revision bigint;
alter table kb_revision add column source_revision bigint;
alter table kb_revision add column note text not null default '';
-- Only what was published once may ever be shown to a customer.
alter table kb_revision add column published_at bigint;
alter table kb_revision add column published_by text;
update kb_revision set published_at = at, published_by = author;

-- What curators did, appended and never changed.
create table kb_audit (
    id text primary key,
    at bigint not null,
    actor text not null,
    action text not null,
    article_id text,
    subject text not null,
    detail text not null
);
create index kb_audit_article on kb_audit (article_id);

-- Pictures and files of articles; the bytes lie under their hash.
create table kb_picture (
    id text primary key,
    article_id text not null references kb_article (id),
    name text not null,
    mime text not null,
    size bigint not null,
    sha256 text not null,
    author text not null,
    at bigint not null
);
create index kb_picture_article on kb_picture (article_id);
