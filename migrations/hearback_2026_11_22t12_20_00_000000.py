"""Who wants to be told, what is to be sent, and what fans say weeks later.

The address of a follower stands apart from every answer, and only sealed. The database itself counts the mails
that go to a follower, and refuses one more than was promised.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from hearback.database.schema import run_ddl

ID = "2026-11-22T12:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Followers, the outbox, and check-backs"

TABLES = """
create table mail_setup (
    id uuid primary key,
    company uuid not null unique references company,
    active boolean not null default false,
    host varchar(253) not null default '',
    port integer not null default 587 check (port between 1 and 65535),
    tls varchar(10) not null default 'starttls' check (tls in ('none', 'starttls', 'implicit')),
    login varchar(254) not null default '',
    password bytea,
    sender varchar(254) not null default '',
    reply_to varchar(254) not null default '',
    bounces_to varchar(254) not null default '',
    dkim_selector varchar(63) not null default '',
    check_back_weeks smallint not null default 4 check (check_back_weeks between 0 and 52),
    reopen_percent smallint not null default 30 check (reopen_percent between 1 and 100),
    constraint who_sends_has_a_server check (not active or host <> '' and sender <> '')
);

create table follower (
    id uuid primary key,
    company uuid not null references company,
    what varchar(10) not null check (what in ('answer', 'question', 'theme', 'log')),
    response uuid,
    question uuid,
    theme uuid,
    language varchar(2) not null default 'de' check (language in ('de', 'en')),
    address bytea not null,
    address_key bytea not null,
    digest boolean not null default false,
    corrections boolean not null default false,
    most smallint not null check (most between 1 and 12),
    sent smallint not null default 0,
    asked_on date not null default current_date,
    confirmed_on date,
    unique (company, id),
    constraint it_follows_one_thing check (
        (what = 'answer') = (response is not null) and (what = 'question') = (question is not null)
        and (what = 'theme') = (theme is not null)),
    constraint no_more_than_promised check (sent between 0 and most),
    foreign key (company, response) references response (company, id) on delete cascade,
    foreign key (company, question) references question (company, id),
    foreign key (company, theme) references theme (company, id)
);
create unique index follower_once
    on follower (company, address_key, coalesce(response, question, theme, company));
create index follower_of_response on follower (company, response) where response is not null;
create index follower_of_question on follower (company, question) where question is not null;
create index follower_of_theme on follower (company, theme) where theme is not null;

create table mail (
    id uuid primary key,
    company uuid not null references company,
    follower uuid,
    kind varchar(12) not null
        check (kind in ('confirm', 'published', 'corrected', 'withdrawn', 'moved', 'reply', 'digest', 'check_back')),
    cause varchar(40) not null,
    note uuid,
    promise uuid,
    signed_by uuid,
    words text not null default '',
    state varchar(8) not null default 'waiting'
        check (state in ('waiting', 'sending', 'handing', 'sent', 'unsure', 'failed')),
    tries smallint not null default 0,
    due_at timestamptz,
    trouble varchar(300) not null default '',
    "on" date not null default current_date,
    unique (company, id),
    unique (company, follower, kind, cause),
    foreign key (company, follower) references follower (company, id) on delete set null (follower),
    foreign key (company, note) references note (company, id),
    foreign key (company, promise) references promise (company, id),
    foreign key (company, signed_by) references member (company, id)
);
create index mail_due on mail (due_at) where state = 'waiting' or state = 'sending' or state = 'handing';
create index mail_in_trouble on mail (company, "on") where state = 'unsure' or state = 'failed';

create function count_mail() returns trigger language plpgsql as $$
begin
    if new.kind = 'confirm' then
        return new;
    end if;
    if old.state = 'waiting' and new.state = 'sending' then
        update follower set sent = sent + 1 where company = new.company and id = new.follower;
    elsif old.state in ('sending', 'handing') and new.state = 'waiting' then
        update follower set sent = sent - 1 where company = new.company and id = new.follower;
    end if;
    return new;
end $$;
create trigger count_mail before update of state on mail for each row execute function count_mail();

create function a_mail_waits_first() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' and new.state = 'waiting' then
        return new;
    elsif tg_op = 'UPDATE' and (old.state, new.state) in (
        ('waiting', 'sending'), ('waiting', 'failed'), ('sending', 'waiting'), ('sending', 'handing'),
        ('sending', 'failed'), ('handing', 'waiting'), ('handing', 'sent'), ('handing', 'unsure'),
        ('handing', 'failed')) then
        return new;
    end if;
    raise exception 'a mail cannot become % here', new.state using errcode = 'check_violation';
end $$;
create trigger a_mail_waits_first before insert on mail for each row execute function a_mail_waits_first();
create trigger a_mail_goes_one_way before update of state on mail
    for each row when (old.state <> new.state) execute function a_mail_waits_first();

create table mail_silence (
    id uuid primary key,
    company uuid not null references company,
    address_key bytea not null,
    why varchar(10) not null check (why in ('bounced', 'complained')),
    "on" date not null default current_date,
    unique (company, address_key)
);

create table check_back (
    id uuid primary key,
    company uuid not null references company,
    note uuid not null,
    response uuid not null,
    verdict varchar(10) check (verdict in ('better', 'same', 'worse', 'not_mine')),
    asked_on date,
    "on" date,
    unique (company, note, response),
    constraint it_was_asked_or_said check (asked_on is not null or verdict is not null),
    constraint what_was_said_has_a_day check ((verdict is null) = ("on" is null)),
    foreign key (company, note) references note (company, id),
    foreign key (company, response) references response (company, id) on delete cascade
);
create index check_back_of_response on check_back (company, response);
"""
GONE = """
drop table check_back; drop table mail_silence; drop table mail; drop function a_mail_waits_first();
drop function count_mail(); drop table follower; drop table mail_setup;
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="hearback", description=DESCRIPTION)

    async def make() -> None:
        await run_ddl(TABLES)

    async def drop() -> None:
        await run_ddl(GONE)

    manager.add_raw(make)
    manager.add_raw_backwards(drop)
    return manager
