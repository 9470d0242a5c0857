"""What migrations say to PostgreSQL besides tables: who may do what."""

from hearback.database.engine import APP_ROLE, execute


async def run_ddl(sql: str) -> None:
    """One or more statements, in the migration's transaction; Piccolo's own takes only one at a time."""
    await execute(sql)


async def make_app_role() -> None:
    """What the role of the web and worker processes may do. Roles belong to the whole server: `have_app_role`
    has seen to the role itself before any migration runs."""
    await run_ddl(f"grant usage on schema public to {APP_ROLE}")
    await run_ddl(f"grant select on migration to {APP_ROLE}")  # /health/ready compares it with this version
    await run_ddl(
        f"alter default privileges in schema public grant select, insert, update, delete on tables to {APP_ROLE}"
    )
    await run_ddl(f"alter default privileges in schema public grant usage, select on sequences to {APP_ROLE}")


async def only_add(table: str) -> None:
    """Rows of this table are history: the app role may read and add them, nothing else."""
    await run_ddl(f'revoke update, delete, truncate on "{table}" from {APP_ROLE}')
