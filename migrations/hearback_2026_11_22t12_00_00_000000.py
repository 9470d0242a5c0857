"""More ways to answer: rankings, yes or no, something else in one's own words, and why.

Something else and why are answers of their own beside the one they belong to (`part`), so that their words are read,
quoted, searched and erased like all others. Translations stand beside the original, by language.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from hearback.database.schema import run_ddl

ID = "2026-11-22T12:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Kinds of prompts, conditions, pages, translations"

MORE = """
alter table question add column translations jsonb not null default '{}';
alter table prompt
    add column other boolean not null default false,
    add column why boolean not null default false,
    add column new_page boolean not null default false,
    add column if_prompt smallint,
    add column if_picks smallint[] not null default '{}',
    add column translations jsonb not null default '{}',
    drop constraint prompt_kind_check,
    drop constraint a_choice_has_options,
    add constraint prompt_kind_check
        check (kind in ('open', 'choice', 'choices', 'scale', 'ranking', 'yes_no')),
    add constraint a_choice_has_options check (kind in ('open', 'scale') or cardinality(options) >= 2),
    add constraint a_condition_looks_back
        check (if_prompt is null or (if_prompt < position and cardinality(if_picks) > 0));
alter table answer
    add column part varchar(10) not null default 'answer' check (part in ('answer', 'other', 'why')),
    add constraint one_answer_a_part unique (company, response, prompt, part),
    drop constraint answer_company_response_prompt_key;
"""
LESS = """
delete from answer where part <> 'answer'
    or prompt in (select id from prompt where kind in ('ranking', 'yes_no'));
delete from prompt where kind in ('ranking', 'yes_no');
alter table answer
    add constraint answer_company_response_prompt_key unique (company, response, prompt),
    drop column part;
alter table prompt
    drop constraint a_condition_looks_back,
    drop constraint prompt_kind_check,
    drop constraint a_choice_has_options,
    add constraint prompt_kind_check check (kind in ('open', 'choice', 'choices', 'scale')),
    add constraint a_choice_has_options check (kind not in ('choice', 'choices') or cardinality(options) >= 2),
    drop column other,
    drop column why,
    drop column new_page,
    drop column if_prompt,
    drop column if_picks,
    drop column translations;
alter table question drop column translations;
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
