"""Who signed keeps the role in which they signed: whoever leads a house next year did not sign last year's note as its
head. The database writes it down as a note, a version of it or a reply goes out, and nobody changes it afterwards. What
is out already gets the role of today, the best that is known."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from hearback.database.schema import run_ddl

ID = "2026-11-23T06:50:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "A signature keeps the role in which it was given"

MORE = """
alter table note add column signed_as varchar(120);
alter table revision add column by_as varchar(120);
alter table reply add column written_as varchar(120);

create function role_of(company_id uuid, member_id uuid) returns varchar stable language sql as $$
    select role_title from member where company = company_id and id = member_id
$$;

alter table note disable trigger user;
update note set signed_as = role_of(company, signed_by) where state <> 'draft';
alter table note enable trigger user;
alter table revision disable trigger user;
update revision set by_as = role_of(company, by);
alter table revision enable trigger user;
alter table reply disable trigger user;
update reply set written_as = role_of(company, writer) where state = 'sent';
alter table reply enable trigger user;

create function a_note_is_signed() returns trigger language plpgsql as $$
begin
    new.signed_as := role_of(new.company, new.signed_by);
    return new;
end $$;
create trigger it_is_signed before update on note
    for each row when (old.state = 'draft' and new.state <> 'draft') execute function a_note_is_signed();

create function a_version_is_signed() returns trigger language plpgsql as $$
begin
    new.by_as := role_of(new.company, new."by");
    return new;
end $$;
create trigger it_is_signed before insert on revision for each row execute function a_version_is_signed();

create function a_reply_is_signed() returns trigger language plpgsql as $$
begin
    new.written_as := case when old.state = 'sent' then old.written_as else role_of(new.company, new.writer) end;
    return new;
end $$;
create trigger it_is_signed before update on reply
    for each row when (new.state = 'sent') execute function a_reply_is_signed();
"""
LESS = """
drop trigger it_is_signed on reply;
drop function a_reply_is_signed();
drop trigger it_is_signed on revision;
drop function a_version_is_signed();
drop trigger it_is_signed on note;
drop function a_note_is_signed();
drop function role_of(uuid, uuid);
alter table reply drop column written_as;
alter table revision drop column by_as;
alter table note drop column signed_as;
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="hearback", description=DESCRIPTION)

    async def make() -> None:
        await run_ddl(MORE)

    async def drop() -> None:
        await run_ddl(LESS)

    manager.add_raw(make)
    manager.add_raw_backwards(drop)
    return manager
