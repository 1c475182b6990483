-- The catalogue: products, channels, releases and their files. JSON is jsonb here. `draft` is the whole of
-- what a release says, without its files; the columns beside it are what is asked for by SQL.

-- `change_no` grows with every change of the product or its releases.
create table kb_product (
    id text primary key,
    key text not null unique,
    data jsonb not null,
    change_no bigint not null,
    created_at bigint not null,
    updated_at bigint not null
);

-- Every name of a product, folded: one name means one product.
create table kb_product_name (
    name text primary key,
    product_id text not null references kb_product (id)
);
create index kb_product_name_product on kb_product_name (product_id);

create table kb_release (
    id text primary key,
    product_id text not null references kb_product (id),
    version_key text not null,
    version text not null,
    draft jsonb not null,
    content_hash text not null,
    state text not null,
    audience text not null,
    chosen jsonb not null,
    publish_at bigint,
    published_at bigint,
    withdrawn_at bigint,
    reason jsonb not null,
    revision bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    unique (product_id, version_key)
);
create index kb_release_state on kb_release (state, updated_at);

-- A file of a release: hosted (`file_id` names it in `kb_file`) or elsewhere (`url`).
create table kb_release_file (
    release_id text not null references kb_release (id),
    n bigint not null,
    name text not null,
    component text,
    platform text,
    url text,
    size bigint,
    algorithm text,
    hash text,
    file_id text,
    primary key (release_id, n)
);
create index kb_release_file_hosted on kb_release_file (file_id);

-- What happened to a release, append-only.
create table kb_release_event (
    id text primary key,
    release_id text not null references kb_release (id),
    at bigint not null,
    actor text not null,
    what text not null,
    note text not null
);
create index kb_release_event_release on kb_release_event (release_id, id);

-- Who wants to hear of a product's releases, in which chat. `wish`: all, security, none.
create table kb_subscription (
    conversation_id text not null,
    product_id text not null references kb_product (id),
    wish text not null,
    created_at bigint not null,
    primary key (conversation_id, product_id)
);
create index kb_subscription_product on kb_subscription (product_id);

-- Who was told what, once. `reader` is a person, or a group's conversation; `why` is the best reason there was.
create table kb_release_notice (
    release_id text not null references kb_release (id),
    kind text not null,
    reader text not null,
    conversation_id text not null,
    why text not null,
    at bigint not null,
    primary key (release_id, kind, reader)
);

-- Who took a release: the readers of its files.
create table kb_release_taken (
    release_id text not null references kb_release (id),
    conversation_id text not null,
    at bigint not null,
    primary key (release_id, conversation_id)
);

insert into kb_change (name, value) values ('catalogue', 0);
