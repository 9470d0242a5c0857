"""The whole thread: people, questions, answers, themes, actions, notes, promises, receipts.

Written as SQL, not generated: a reader sees the schema as PostgreSQL keeps it, and composite keys, partial
indexes and rights have no other way. A test compares the result with the tables the rooms declare.
"""

import re

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from hearback.database.schema import make_app_role, only_add, run_ddl

ID = "2026-11-22T02:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "The whole thread, from a question to the fan who answered"

# Every row knows its company, and every link goes through (company, id): the database itself refuses a link
# from one company's row to another's. `unique (company, id)` is what such links point at.
TABLES = """
create table company (
    id uuid primary key,
    slug varchar(40) not null unique,
    name varchar(80) not null,
    colour varchar(7) not null default '#2b3f9e' check (colour ~ '^#[0-9a-f]{6}$'),
    address varchar(3) not null default 'du' check (address in ('du', 'sie')),
    languages varchar(2)[] not null default '{de,en}' check (cardinality(languages) between 1 and 10),
    timezone varchar(40) not null default 'Europe/Berlin',
    imprint text not null default '',
    privacy text not null default '',
    fewest_voices smallint not null default 5,
    created_at timestamptz not null default current_timestamp,
    constraint the_public_needs_at_least_one_voice check (fewest_voices between 1 and 50)
);

create table account (
    id uuid primary key,
    email varchar(254) not null unique check (email = lower(email)),
    password_hash text,
    created_at timestamptz not null default current_timestamp
);

create table member (
    id uuid primary key,
    company uuid not null references company,
    account uuid not null references account,
    name varchar(80) not null,
    name_key varchar(80) not null,
    role_title varchar(120) not null default '',
    role varchar(10) not null check (role in ('admin', 'comms', 'product', 'moderator', 'reader')),
    leads boolean not null default false,
    language varchar(2) not null default 'de' check (language in ('de', 'en')),
    face_digest varchar(16),
    active boolean not null default true,
    created_at timestamptz not null default current_timestamp,
    unique (company, id),
    unique (company, account)
);

create table portrait (
    id uuid primary key,
    company uuid not null references company,
    member uuid not null,
    digest varchar(16) not null,
    picture bytea not null,
    unique (company, member),
    foreign key (company, member) references member (company, id) on delete cascade
);
create index portrait_digest on portrait (company, digest);

create table invitation (
    id uuid primary key,
    company uuid not null references company,
    email varchar(254) not null,
    role varchar(10) not null check (role in ('admin', 'comms', 'product', 'moderator', 'reader')),
    leads boolean not null default false,
    token_hash bytea not null unique,
    invited_by uuid,
    expires_at timestamptz not null default current_timestamp,
    used_at timestamptz,
    unique (company, id),
    foreign key (company, invited_by) references member (company, id)
);

create table password_reset (
    id uuid primary key,
    company uuid not null references company,
    account uuid not null references account,
    token_hash bytea not null unique,
    made_by uuid,
    expires_at timestamptz not null default current_timestamp,
    used_at timestamptz,
    foreign key (company, made_by) references member (company, id)
);

create table session (
    id uuid primary key,
    account uuid not null references account on delete cascade,
    token_hash bytea not null unique,
    created_at timestamptz not null default current_timestamp,
    seen_at timestamptz not null default current_timestamp
);
create index session_account on session (account);

create table audit (
    id uuid primary key,
    company uuid not null references company,
    member uuid,
    did varchar(60) not null,
    subject uuid,
    before jsonb,
    after jsonb,
    at timestamptz not null default current_timestamp,
    foreign key (company, member) references member (company, id)
);
create index audit_newest on audit (company, at desc);

create table question (
    id uuid primary key,
    company uuid not null references company,
    slug varchar(80) not null,
    language varchar(2) not null default 'de',
    title varchar(200) not null,
    why text not null,
    can_change text not null,
    cannot_change text not null,
    what_happens text not null,
    asked_by uuid not null,
    reply_by date not null default current_date,
    opens_at timestamptz not null default current_timestamp,
    closes_at timestamptz not null default current_timestamp,
    state varchar(10) not null default 'draft' check (state in ('draft', 'open', 'closed')),
    created_by uuid not null,
    created_at timestamptz not null default current_timestamp,
    constraint it_closes_after_it_opens check (closes_at > opens_at),
    unique (company, id),
    unique (company, slug),
    foreign key (company, asked_by) references member (company, id),
    foreign key (company, created_by) references member (company, id)
);

create table prompt (
    id uuid primary key,
    company uuid not null references company,
    question uuid not null,
    position smallint not null,
    kind varchar(10) not null check (kind in ('open', 'choice', 'choices', 'scale')),
    words varchar(300) not null,
    help varchar(500) not null default '',
    required boolean not null default false,
    options varchar(200)[] not null default '{}',
    low smallint,
    high smallint,
    low_label varchar(80) not null default '',
    high_label varchar(80) not null default '',
    constraint a_choice_has_options check (kind not in ('choice', 'choices') or cardinality(options) >= 2),
    constraint a_scale_has_ends check (kind <> 'scale' or (low is not null and high > low)),
    unique (company, id),
    unique (company, question, position) deferrable initially deferred,
    foreign key (company, question) references question (company, id) on delete cascade
);

create table response (
    id uuid primary key,
    company uuid not null references company,
    question uuid not null,
    receipt_hash bytea,
    external_id varchar(120),
    content_hash bytea,
    channel varchar(10) not null default 'web' check (channel in ('web', 'file')),
    language varchar(2) not null default 'de',
    state varchar(10) not null default 'counted'
        check (state in ('counted', 'held', 'set_aside', 'withdrawn', 'erased')),
    reason text not null default '',
    set_aside_by uuid,
    quoting varchar(10) not null default 'no' check (quoting in ('no', 'unnamed', 'named')),
    first_name varchar(60) not null default '',
    place varchar(80) not null default '',
    day date not null default current_date,
    test boolean not null default false,
    read_by uuid,
    read_on date,
    constraint what_is_set_aside_has_a_reason check (state <> 'set_aside' or reason <> ''),
    constraint who_may_be_named_gave_a_name check (quoting <> 'named' or first_name <> ''),
    unique (company, id),
    foreign key (company, question) references question (company, id),
    foreign key (company, set_aside_by) references member (company, id),
    foreign key (company, read_by) references member (company, id)
);
create unique index response_receipt on response (company, receipt_hash) where receipt_hash is not null;
create unique index response_external on response (company, question, external_id) where external_id is not null;
create unique index response_content on response (company, question, content_hash)
    where content_hash is not null and external_id is null;
create index response_of_question on response (company, question, state, day);

create table answer (
    id uuid primary key,
    company uuid not null references company,
    response uuid not null,
    prompt uuid not null,
    words text not null default '',
    chosen smallint[] not null default '{}',
    number smallint,
    unique (company, id),
    unique (company, response, prompt),
    foreign key (company, response) references response (company, id) on delete cascade,
    foreign key (company, prompt) references prompt (company, id)
);
create index answer_of_prompt on answer (company, prompt);

create table import_run (
    id uuid primary key,
    company uuid not null references company,
    question uuid not null,
    file_name varchar(200) not null,
    rows integer not null,
    new integer not null,
    at timestamptz not null default current_timestamp,
    foreign key (company, question) references question (company, id)
);

create table excerpt (
    id uuid primary key,
    company uuid not null references company,
    question uuid not null,
    response uuid not null,
    answer uuid not null,
    starts integer not null,
    ends integer not null,
    vector bytea,
    constraint it_holds_something check (ends > starts),
    unique (company, id),
    unique (company, answer, starts),
    foreign key (company, question) references question (company, id),
    foreign key (company, response) references response (company, id) on delete cascade,
    foreign key (company, answer) references answer (company, id) on delete cascade
);
create index excerpt_of_response on excerpt (company, response);
create index excerpt_of_question on excerpt (company, question);

create table theme (
    id uuid primary key,
    company uuid not null references company,
    name varchar(120) not null default '',
    terms varchar(60)[] not null default '{}',
    definition text not null default '',
    state varchar(10) not null default 'suggested' check (state in ('suggested', 'named')),
    named_by uuid,
    named_at timestamptz,
    merged_into uuid,
    heir uuid not null,
    weight_reason text not null default '',
    weighted_by uuid,
    weighted_at timestamptz,
    created_at timestamptz not null default current_timestamp,
    constraint a_named_theme_has_a_name check (state <> 'named' or name <> ''),
    unique (company, id),
    foreign key (company, named_by) references member (company, id),
    foreign key (company, merged_into) references theme (company, id),
    foreign key (company, heir) references theme (company, id) deferrable initially deferred,
    foreign key (company, weighted_by) references member (company, id)
);
create index theme_heir on theme (company, heir);

create table placement (
    id uuid primary key,
    company uuid not null references company,
    excerpt uuid not null,
    theme uuid,
    by varchar(10) not null check (by in ('machine', 'person')),
    member uuid,
    confidence real not null default 1 check (confidence between 0 and 1),
    "on" date not null default current_date,
    constraint a_person_has_a_name check (by <> 'person' or member is not null),
    constraint the_machine_names_a_theme check (by <> 'machine' or theme is not null),
    unique (company, excerpt),
    foreign key (company, excerpt) references excerpt (company, id) on delete cascade,
    foreign key (company, theme) references theme (company, id),
    foreign key (company, member) references member (company, id)
);
create index placement_of_theme on placement (company, theme);

create table theme_event (
    id uuid primary key,
    company uuid not null references company,
    theme uuid,
    deed varchar(12) not null,
    member uuid,
    details jsonb not null default '{}',
    at timestamptz not null default current_timestamp,
    foreign key (company, theme) references theme (company, id),
    foreign key (company, member) references member (company, id)
);
create index theme_event_newest on theme_event (company, theme, at desc);
create index theme_event_of_member on theme_event (company, member, at desc);

create table grouping_run (
    id uuid primary key,
    company uuid not null references company,
    excerpts integer not null,
    placed integer not null,
    themes integer not null,
    method varchar(60) not null,
    centre bytea not null,
    least real not null,
    took_ms integer not null,
    at timestamptz not null default current_timestamp
);

create table action (
    id uuid primary key,
    company uuid not null references company,
    title varchar(200) not null,
    why text not null default '',
    owner uuid not null,
    due_on date not null default current_date,
    state varchar(12) not null default 'considering'
        check (state in ('considering', 'planned', 'in_progress', 'done', 'declined')),
    decline_reason text not null default '',
    tracker_url varchar(500) not null default '',
    created_by uuid not null,
    created_at timestamptz not null default current_timestamp,
    constraint a_no_has_a_reason check (state <> 'declined' or decline_reason <> ''),
    unique (company, id),
    foreign key (company, owner) references member (company, id),
    foreign key (company, created_by) references member (company, id)
);

create table action_step (
    id uuid primary key,
    company uuid not null references company,
    action uuid not null,
    state varchar(12) not null check (state in ('considering', 'planned', 'in_progress', 'done', 'declined')),
    by uuid not null,
    at timestamptz not null default current_timestamp,
    foreign key (company, action) references action (company, id) on delete cascade,
    foreign key (company, by) references member (company, id)
);

create table action_theme (
    id uuid primary key,
    company uuid not null references company,
    action uuid not null,
    theme uuid not null,
    unique (company, action, theme),
    foreign key (company, action) references action (company, id) on delete cascade,
    foreign key (company, theme) references theme (company, id)
);
create index action_of_theme on action_theme (company, theme);

create table note (
    id uuid primary key,
    company uuid not null references company,
    slug varchar(80) not null,
    kind varchar(12) not null check (kind in ('changed', 'not_changed', 'mistake', 'holding')),
    language varchar(2) not null default 'de',
    state varchar(10) not null default 'draft' check (state in ('draft', 'published', 'withdrawn')),
    signed_by uuid not null,
    draft jsonb not null default '{}',
    version smallint not null default 1,
    created_by uuid not null,
    created_at timestamptz not null default current_timestamp,
    published_at timestamptz,
    constraint what_is_public_has_a_day check (state = 'draft' or published_at is not null),
    unique (company, id),
    unique (company, slug),
    foreign key (company, signed_by) references member (company, id),
    foreign key (company, created_by) references member (company, id)
);
create index note_log on note (company, published_at desc) where published_at is not null;
-- No silent edit: what is public is corrected by a new revision or withdrawn, nothing else.
create or replace function a_public_note_stays() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' or new.state <> 'withdrawn' or to_jsonb(new) - 'state' <> to_jsonb(old) - 'state' then
        raise exception 'a public note is corrected or withdrawn, never changed' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger a_public_note_stays before update or delete on note
    for each row when (old.state <> 'draft') execute function a_public_note_stays();

create table revision (
    id uuid primary key,
    company uuid not null references company,
    note uuid not null,
    number smallint not null,
    kind varchar(10) not null check (kind in ('published', 'corrected', 'withdrawn')),
    reason text not null default '',
    by uuid not null,
    at timestamptz not null default current_timestamp,
    constraint a_correction_has_a_reason check (kind = 'published' or reason <> ''),
    unique (company, id),
    unique (company, note, number),
    foreign key (company, note) references note (company, id),
    foreign key (company, by) references member (company, id)
);

create table note_field (
    id uuid primary key,
    company uuid not null references company,
    revision uuid not null,
    name varchar(40) not null,
    words text,
    until date,
    unique (company, revision, name),
    foreign key (company, revision) references revision (company, id)
);

create table note_theme (
    id uuid primary key,
    company uuid not null references company,
    note uuid not null,
    theme uuid not null,
    unique (company, note, theme),
    foreign key (company, note) references note (company, id) on delete cascade,
    foreign key (company, theme) references theme (company, id)
);
create index note_of_theme on note_theme (company, theme);

create table note_action (
    id uuid primary key,
    company uuid not null references company,
    note uuid not null,
    action uuid not null,
    unique (company, note, action),
    foreign key (company, note) references note (company, id) on delete cascade,
    foreign key (company, action) references action (company, id)
);

create table note_quote (
    id uuid primary key,
    company uuid not null references company,
    note uuid not null,
    excerpt uuid not null,
    position smallint not null,
    unique (company, note, excerpt),
    foreign key (company, note) references note (company, id) on delete cascade,
    foreign key (company, excerpt) references excerpt (company, id) on delete cascade
);

create table note_question (
    id uuid primary key,
    company uuid not null references company,
    note uuid not null,
    question uuid not null,
    unique (company, note, question),
    foreign key (company, note) references note (company, id) on delete cascade,
    foreign key (company, question) references question (company, id)
);

create table promise (
    id uuid primary key,
    company uuid not null references company,
    kind varchar(12) not null check (kind in ('reply', 'repair', 'look_again', 'next_word')),
    words varchar(200) not null,
    question uuid,
    note uuid,
    instead_of uuid,
    made_by uuid not null,
    made_at timestamptz not null default current_timestamp,
    due_on date not null default current_date,
    kept_on date,
    kept_by uuid,
    unique (company, id),
    foreign key (company, question) references question (company, id),
    foreign key (company, note) references note (company, id),
    foreign key (company, instead_of) references promise (company, id),
    foreign key (company, made_by) references member (company, id),
    foreign key (company, kept_by) references member (company, id)
);
create index promise_due on promise (company, due_on) where kept_on is null;
create index promise_of_question on promise (company, question) where question is not null;
create index promise_of_note on promise (company, note) where note is not null;

create table hearback (
    id uuid primary key,
    company uuid not null references company,
    response uuid not null,
    note uuid not null,
    verdict varchar(10) not null check (verdict in ('yes', 'not_quite', 'no')),
    words text not null default '',
    "on" date not null default current_date,
    unique (company, response, note),
    foreign key (company, response) references response (company, id) on delete cascade,
    foreign key (company, note) references note (company, id)
);
create index hearback_of_note on hearback (company, note);

create table bucket (
    id uuid primary key,
    key bytea not null unique,
    tries integer not null default 0,
    ends_at timestamptz not null default current_timestamp
);
create index bucket_ends on bucket (ends_at);

create table worker_beat (
    id uuid primary key,
    worker varchar(120) not null unique,
    seen_at timestamptz not null default current_timestamp
);
"""

HISTORY = ["audit", "theme_event", "revision", "note_field"]


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="hearback", description=DESCRIPTION)

    async def make() -> None:
        await make_app_role()
        await run_ddl(TABLES)
        for table in HISTORY:
            await only_add(table)

    async def drop() -> None:
        for table in re.findall(r"^create table (\w+)", TABLES, re.MULTILINE):
            await run_ddl(f'drop table "{table}" cascade')

    manager.add_raw(make)
    manager.add_raw_backwards(drop)
    return manager
