"""The tables that the rooms declare are the tables that the migrations make."""

from hearback.database.engine import ENGINE
from hearback.piccolo_app import APP_CONFIG

KINDS = {
    "UUID": "uuid",
    "ForeignKey": "uuid",
    "Varchar": "character varying",
    "Text": "text",
    "Boolean": "boolean",
    "SmallInt": "smallint",
    "Integer": "integer",
    "BigInt": "bigint",
    "Real": "real",
    "Date": "date",
    "Timestamptz": "timestamp with time zone",
    "Bytea": "bytea",
    "JSONB": "jsonb",
    "Array": "ARRAY",
}
COLUMNS = """select column_name, data_type, is_nullable = 'YES' as maybe, character_maximum_length as longest
             from information_schema.columns where table_schema = 'public' and table_name = $1"""


async def test_every_declared_table_stands_in_the_database_column_for_column(pool):
    for table in APP_CONFIG.table_classes:
        made = {row["column_name"]: row for row in await ENGINE.pool.fetch(COLUMNS, table._meta.tablename)}
        declared = {column._meta.name: column for column in table._meta.columns}
        assert made.keys() == declared.keys(), table.__name__
        for name, column in declared.items():
            where = f"{table.__name__}.{name}"
            assert made[name]["data_type"] == KINDS[type(column).__name__], where
            assert made[name]["maybe"] == column._meta.null, where
            assert made[name]["longest"] == getattr(column, "length", None), where


async def test_no_table_is_left_undeclared(pool):
    made = {
        row[0]
        for row in await ENGINE.pool.fetch("select tablename from pg_tables where schemaname = 'public'")
    }
    declared = {table._meta.tablename for table in APP_CONFIG.table_classes}
    others = {name for name in made - declared if not name.startswith("pgqueuer")}
    assert others == {"migration"}


async def test_every_table_of_a_company_refuses_links_across_companies(pool):
    """No foreign key of a table with a company, but to the company or the account, is without the company."""
    loose = await ENGINE.pool.fetch(
        """select conrelid::regclass::text as "table", pg_get_constraintdef(oid) as key from pg_constraint
           where contype = 'f' and cardinality(conkey) = 1
             and confrelid::regclass::text not in ('company', 'account')"""
    )
    assert [dict(row) for row in loose] == []
