"""There is no way to take an answer out of the count without an entry that everybody can see."""

import ast
import json
import random
import re

import pytest

from hearback.database.engine import ENGINE
from hearback.refusals import NotFound, Refused
from hearback.settings import PACKAGE
from tests.answering.test_sums import NAMES, acts  # noqa: F401  (a fixture)

CHANGES = re.compile(r"\bupdate response\b.*?\bset\b[^;]*?\bstate\s*=", re.DOTALL | re.IGNORECASE)
TELLS = {
    "set_aside": {"answer.set-aside"},
    "withdrawn": {"answer.withdrawn"},
    "erased": {"answer.erased"},
}


@pytest.mark.parametrize("seed", range(6))
async def test_after_any_acts_whatever_counts_no_more_has_said_so_last(acts, seed):  # noqa: F811
    chance = random.Random(seed)
    for _ in range(40):
        try:
            await getattr(acts, chance.choice(NAMES))(chance.randrange(50))
        except (Refused, NotFound):
            continue
    rows = await ENGINE.pool.fetch(
        """select r.state, r.flag, array(select convert_from(l.entry, 'utf8') from ledger_leaf l
                                         where l.subject = r.id order by l.step) as entries
           from response r where r.company = $1""",
        acts.company.id,
    )
    assert rows
    for row in rows:
        last = [json.loads(entry)["kind"] for entry in row["entries"]][-1:]
        if row["state"] in TELLS:
            assert set(last) == TELLS[row["state"]]
        if row["state"] == "held" and last:  # else it waited from the first
            assert last == ["answer.set-aside"]
        if row["state"] == "counted" and last:
            assert last == ["answer.restored"]


def functions():
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.parts[len(PACKAGE.parts)] in ("bench", "demo"):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.AsyncFunctionDef | ast.FunctionDef):
                yield f"{path.stem}.{node.name}", node


def test_every_statement_that_changes_what_counts_stands_beside_its_entry():
    found = {}
    for name, function in functions():
        texts = [node.value for node in ast.walk(function) if isinstance(node, ast.Constant)]
        if any(isinstance(text, str) and CHANGES.search(text) for text in texts):
            found[name] = "recording." in ast.unparse(function)
    assert [name for name, tells in found.items() if not tells] == []
    assert len(found) >= 9
