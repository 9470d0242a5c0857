"""All that the environment may say, read once at start."""

import os
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated

from msgspec import Meta, Struct, ValidationError, convert

PACKAGE = Path(__file__).parent
CHECKOUT = PACKAGE.parent.parent


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    database_url: str = ""
    """What the processes use. Empty: `hearback serve` starts the embedded server."""
    database_owner_url: str = ""
    """Who may change the schema; the same as database_url when empty."""
    data: str = ""
    """Folder of the embedded database and the secret key."""
    host: str = "127.0.0.1"
    port: Annotated[int, Meta(ge=1, le=65535)] = 8000
    public_url: Annotated[str, Meta(pattern=r"^(https?://[^/\s]+)?$")] = ""
    """Address in links, QR codes and feeds; http://host:port when empty."""
    secret_key: Annotated[str, Meta(pattern=r"^(.{32,})?$")] = ""
    """At least 32 characters, the same for all processes; `hearback serve` keeps one in the data folder."""
    ledger_keys: str = ""
    """Folder of the keys that sign the ledgers, outside the database and its backups; in the data folder when empty."""
    ledger_marks: str = ""
    """Folder that remembers how far each ledger was signed: web reads it too, where it must not see the keys; with the
    keys when empty."""
    ledger_files: str = ""
    """Folder in which the worker lays the ledgers as files, at their addresses, for a web server to serve as they are;
    when empty they come from the database alone."""
    company: str = ""
    """Slug of the company whose page is the root page `/`."""
    web_processes: Annotated[int, Meta(ge=1, le=64)] = 1
    connections: Annotated[int, Meta(ge=1, le=200)] = 8
    """Most database connections a process holds."""
    trusted_proxies: Annotated[int, Meta(ge=0, le=5)] = 0
    """How many proxies in front of us append to X-Forwarded-For."""
    answers_per_network_and_hour: Annotated[int, Meta(ge=1)] = 600
    answers_per_question_and_hour: Annotated[int, Meta(ge=1)] = 20_000
    answers_per_company_and_hour: Annotated[int, Meta(ge=1)] = 50_000
    answers_per_hour: Annotated[int, Meta(ge=1)] = 200_000
    """Floods only: beyond these an answer is asked to come again later."""
    least_seconds_to_answer: Annotated[int, Meta(ge=0)] = 2
    """What is sent sooner after its page was asked for waits for somebody's look."""
    mail_to_private_networks: bool = False
    """Whether companies' mail servers may be in private networks: a relay beside us, or one for tests."""
    deliver_to_private_networks: bool = False
    """Whether webhooks and followers of an account may be in private networks and without https: for trying out."""
    second_reading: bool = True
    """Whether the worker reads answers with a second model too, in the background: better themes for more CPU."""
    source_url: Annotated[str, Meta(pattern=r"^(https?://\S+)?$")] = ""
    """Where the source of the running version is, should it be changed; offered by ourselves when empty."""
    log_level: str = "info"

    @property
    def base_url(self) -> str:
        return self.public_url or f"http://{self.host}:{self.port}"


class WrongSetting(Exception):
    """Names the variable, so that the start can stop with one clear sentence."""


@cache
def settings() -> Settings:
    """This process's settings, read once; `settings.cache_clear()` where the environment changes, as in tests."""
    return read_settings()


def read_settings(env: Mapping[str, str] = os.environ) -> Settings:
    """Read DATABASE_URL, DATABASE_OWNER_URL and HEARBACK_*; raise WrongSetting for a value that does not fit."""
    known = Settings.__struct_fields__
    named = {name: f"{'' if name.startswith('database') else 'HEARBACK_'}{name.upper()}" for name in known}
    given = {name: env[variable] for name, variable in named.items() if env.get(variable)}
    try:
        return convert(given, Settings, strict=False)
    except ValidationError as error:
        field = re.search(r"\$\.(\w+)", str(error))
        variable = named[field[1]] if field else "the environment"
        raise WrongSetting(f"{variable} does not fit: {str(error).split(' - at')[0]}") from error


def folder(name: str) -> Path:
    """`templates` or `migrations`: at the top of a checkout, inside the package once installed."""
    inside = PACKAGE / f"_{name}"
    return inside if inside.exists() else CHECKOUT / name


def data_folder(settings: Settings) -> Path:
    if settings.data:
        return Path(settings.data)
    if (CHECKOUT / "pyproject.toml").exists():
        return CHECKOUT / ".data"
    return Path.home() / ".local" / "share" / "hearback"
