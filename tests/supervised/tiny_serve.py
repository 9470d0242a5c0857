"""`hearback serve` in small: tiny_serve.py FOLDER PORT [what goes wrong]."""

import signal
import subprocess
import sys
from pathlib import Path

from hearback.database.embedded import EmbeddedPostgres
from hearback.database.wheel import NoDatabase
from hearback.supervising import CannotServe, Program, run_to_end, serve

folder, port, wrong = Path(sys.argv[1]), int(sys.argv[2]), "".join(sys.argv[3:])
database = EmbeddedPostgres(folder)  # with fsync: the tests kill it and count what is left
HERE = Path(__file__).parent
SCHEMA = """
create table if not exists kept (number int primary key);
create table if not exists beats (at timestamptz default clock_timestamp());
grant select, insert on kept, beats to hearback_app;
"""


def say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def prepare() -> None:
    psql = [str(database.tool("psql")), "-qX", "-v", "ON_ERROR_STOP=1", "-c", SCHEMA]
    subprocess.run(
        psql, env=database.environment() | {"PGOPTIONS": "-c client_min_messages=warning"}, check=True
    )
    if wrong == "prepare":
        run_to_end(Program("migrating", [sys.executable, "-c", "raise SystemExit('no way')"], {}))
    if wrong == "endless-prepare":
        say("preparing")
        run_to_end(Program("migrating", ["sleep", "600"], {}))


def programs() -> list[Program]:
    env = {"DATABASE_URL": database.app_url, "PYTHONPATH": str(HERE)}
    call = f"serve_web('tiny_app:app', host='127.0.0.1', port={port})"
    worker = HERE / ("no_such_worker.py" if wrong == "worker" else "tiny_worker.py")
    return [
        Program("web", [sys.executable, "-c", f"from hearback.web.serving import serve_web; {call}"], env),
        Program("worker", [sys.executable, str(worker)], env),
    ]


# A suite that runs in the background hands down ignored ones.
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, signal.SIG_DFL)
try:
    serve(
        programs,
        database=database,
        prepare=prepare,
        host="127.0.0.1",
        port=port,
        announce=lambda seconds: say(f"ready after {seconds:.1f} s"),
    )
except (CannotServe, NoDatabase) as reason:
    sys.exit(str(reason))
say("all ended")
