"""No container engine runs here: so every line of the image and of compose is held against what it relies on."""

import http.server
import json
import os
import re
import shlex
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import yaml
from packaging.requirements import Requirement
from packaging.tags import compatible_tags, cpython_tags
from packaging.utils import parse_wheel_filename

from hearback.cli import parser
from hearback.database import embedded
from hearback.database.embedded import EmbeddedPostgres
from hearback.database.migrating import migrate
from hearback.settings import read_settings
from tests.processes import enterable_folder

HERE = Path(__file__).parents[1]
DOCKER = HERE / "docker"
PROJECT = tomllib.loads((HERE / "pyproject.toml").read_text())
COMPOSE = yaml.safe_load((DOCKER / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"] == "hearback"}
EXAMPLE = dict(
    line.split("=", 1)
    for line in (DOCKER / "env.example").read_text().splitlines()
    if line and line[0] != "#"
)


def instructions() -> list[list[tuple[str, str]]]:
    """The Dockerfile as stages of (instruction, rest)."""
    text = re.sub(r"^\s*#.*\n", "", (DOCKER / "Dockerfile").read_text(), flags=re.MULTILINE)
    lines = text.replace("\\\n", " ").splitlines()
    pairs = [tuple(line.split(None, 1)) for line in lines if line.strip()]
    stages: list[list[tuple[str, str]]] = []
    for word, rest in pairs:
        if word == "FROM":
            stages.append([])
        stages[-1].append((word, " ".join(rest.split())))
    return stages


BUILD, IMAGE = instructions()


def said(stage: list[tuple[str, str]], word: str) -> list[str]:
    return [rest for instruction, rest in stage if instruction == word]


def image_env() -> dict[str, str]:
    return dict(pair.split("=", 1) for rest in said(IMAGE, "ENV") for pair in shlex.split(rest))


def image_python() -> tuple[int, int]:
    versions = {
        re.match(r"python:(\d+)\.(\d+)-slim", said(stage, "FROM")[0]).groups() for stage in (BUILD, IMAGE)
    }
    assert len(versions) == 1, (
        "both stages need the same Python: the environment is copied from one to the other"
    )
    major, minor = versions.pop()
    return int(major), int(minor)


# -- image ---------------------------------------------------------------------------------------
def test_every_file_that_is_copied_exists_and_reaches_the_build():
    ignored = (DOCKER / "Dockerfile.dockerignore").read_text().splitlines()
    let_in = [line[1:] for line in ignored if line.startswith("!")]
    for rest in said(BUILD, "COPY"):
        *sources, _target = rest.split()
        for source in sources:
            assert (HERE / source).exists(), source
            assert any(fnmatch(source, pattern) for pattern in let_in), f"{source} is ignored"


def test_the_build_has_all_that_the_wheel_is_made_of():
    hatch = PROJECT["tool"]["hatch"]["build"]
    wanted = {PROJECT["project"]["readme"], *PROJECT["project"]["license-files"], "pyproject.toml"}
    wanted |= set(hatch["targets"]["wheel"]["force-include"]) | {hatch["hooks"]["custom"]["path"]}
    wanted |= {package.split("/")[0] for package in hatch["targets"]["wheel"]["packages"]}
    copied = {source for rest in said(BUILD, "COPY") for source in rest.split()[:-1]}
    assert wanted <= copied


def test_packages_come_with_hashes_from_the_lock_file():
    install = next(rest for rest in said(BUILD, "RUN") if "-r requirements.lock" in rest)
    assert "--require-hashes" in install


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_every_package_has_a_wheel_for_the_python_of_the_image(machine):
    """The slim image has no compiler, and `--only-binary :all:` refuses anything else."""
    python = image_python()
    platforms = [f"manylinux_2_{minor}_{machine}" for minor in range(36, 4, -1)] + [
        f"manylinux2014_{machine}"
    ]
    tags = {*cpython_tags(python, platforms=platforms), *compatible_tags(python, platforms=platforms)}
    here = {"python_version": "{}.{}".format(*python), "python_full_version": "{}.{}.0".format(*python)}
    here |= {"platform_machine": machine, "sys_platform": "linux", "implementation_name": "cpython"}
    wheels = {
        (package["name"], package["version"]): [
            wheel["url"].rsplit("/", 1)[1] for wheel in package.get("wheels", [])
        ]
        for package in tomllib.loads((HERE / "uv.lock").read_text())["package"]
    }
    lines = (HERE / "requirements.lock").read_text().splitlines()
    wanted = [Requirement(line.rstrip(" \\")) for line in lines if re.match(r"[a-z0-9]", line)]
    assert len(wanted) > 50
    for one in wanted:
        if one.marker is None or one.marker.evaluate(here):
            version = str(one.specifier).removeprefix("==")
            assert any(parse_wheel_filename(name)[3] & tags for name in wheels[one.name, version]), one.name


def test_python_of_the_image_is_one_that_we_support():
    oldest = tuple(int(part) for part in PROJECT["project"]["requires-python"].removeprefix(">=").split("."))
    assert image_python() >= oldest


def test_the_environment_is_found_where_it_was_built():
    (copied,) = said(IMAGE, "COPY")
    assert copied == "--from=build /opt/hearback /opt/hearback"  # scripts name their python by its full path
    assert image_env()["PATH"].startswith("/opt/hearback/bin:")
    assert "python -m venv /opt/hearback" in said(BUILD, "RUN")


def test_nothing_runs_as_root():
    (user,) = said(IMAGE, "USER")
    assert int(user) > 0
    accounts = next(rest for rest in said(IMAGE, "RUN") if "useradd" in rest)
    assert f"--uid {user}" in accounts
    words = [word for word, _ in IMAGE]
    assert words.index("USER") < words.index("ENTRYPOINT")
    assert "RUN" not in words[words.index("USER") :]
    for name, service in OURS.items():
        assert "user" not in service, name
        assert service["cap_drop"] == ["ALL"]


def test_an_init_reaps_and_hands_on_signals():
    (entry,) = said(IMAGE, "ENTRYPOINT")
    assert json.loads(entry)[:2] == ["tini", "--"]
    assert re.search(r"apt-get install -y --no-install-recommends tini\b", " ".join(said(IMAGE, "RUN")))


def test_the_data_folder_belongs_to_the_account_and_outlives_the_container():
    data = Path(image_env()["HEARBACK_DATA"])
    (volume,) = said(IMAGE, "VOLUME")
    assert data.is_relative_to(volume)
    assert f"--home-dir {volume} --create-home" in " ".join(said(IMAGE, "RUN"))


@pytest.fixture
def answering(request: pytest.FixtureRequest) -> Iterator[int]:
    """A web server that answers /health/live with the given status, and all else with 404."""

    class Health(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(request.param if self.path == "/health/live" else 404)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    with http.server.HTTPServer(("127.0.0.1", 0), Health) as server:
        threading.Thread(target=server.serve_forever).start()
        yield server.server_port
        server.shutdown()


@pytest.mark.parametrize(("answering", "well"), [(200, True), (500, False)], indirect=["answering"])
def test_the_health_check_tells_well_from_ill(answering, well):
    command = health_check()
    assert f":{image_env()['HEARBACK_PORT']}/" in command[-1]
    assert command[0] == "python"
    there = command[-1].replace(f":{image_env()['HEARBACK_PORT']}/", f":{answering}/")
    done = subprocess.run([sys.executable, *command[1:-1], there], capture_output=True, check=False)
    assert (done.returncode == 0) is well


def health_check() -> list[str]:
    (rest,) = said(IMAGE, "HEALTHCHECK")
    command: list[str] = json.loads(rest[rest.index("CMD") + len("CMD") :])
    return command


async def test_the_health_check_asks_for_something_that_is_there(fan):
    path = re.search(r"127\.0\.0\.1:\d+(/[\w/]+)", health_check()[-1])[1]
    assert (await fan.get(path)).status_code == 200


def test_the_port_is_the_one_that_is_exposed_and_published():
    port = image_env()["HEARBACK_PORT"]
    assert said(IMAGE, "EXPOSE") == [port]
    assert all(published.endswith(f":{port}") for published in OURS["web"]["ports"])


# -- commands and settings -----------------------------------------------------------------------
def commands() -> list[list[str]]:
    (default,) = said(IMAGE, "CMD")
    return [json.loads(default), *(service["command"] for service in OURS.values())]


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_the_command_line_knows_every_command(command):
    (entry,) = said(IMAGE, "ENTRYPOINT")
    assert json.loads(entry)[2] in PROJECT["project"]["scripts"]
    assert callable(parser().parse_args(command).command)


def filled(text: str) -> str:
    """`${NAME:?…}` and `${NAME:-…}` replaced as compose does, from the filled-in example."""
    given = EXAMPLE | dict.fromkeys(["POSTGRES_PASSWORD", "OWNER_PASSWORD", "APP_PASSWORD"], "abc123")
    given |= {"HEARBACK_SECRET_KEY": "k" * 64, "HEARBACK_PUBLIC_URL": "https://hearback.example.org"}
    return re.sub(r"\$\{(\w+)(?::[?-][^}]*)?\}", lambda found: given[found[1]], text)


@pytest.mark.parametrize("name", OURS)
def test_our_containers_start_with_settings_that_fit(name):
    env = image_env() | {variable: filled(value) for variable, value in OURS[name]["environment"].items()}
    settings = read_settings(env)
    assert settings.host == "0.0.0.0"
    assert settings.secret_key
    assert settings.database_url.startswith("postgresql://hearback_app:")
    assert settings.database_owner_url.startswith("postgresql://hearback_owner:" if name == "migrate" else "")


def test_no_variable_is_misspelt():
    fields = type(read_settings({})).__struct_fields__
    known = {f"HEARBACK_{field.upper()}" for field in fields} | {"DATABASE_URL", "DATABASE_OWNER_URL"}
    for env in [image_env(), *(service["environment"] for service in OURS.values())]:
        ours = {variable for variable in env if variable.startswith(("HEARBACK_", "DATABASE_"))}
        assert ours <= known


def test_the_example_names_every_variable_that_compose_asks_for():
    asked = set(re.findall(r"\$\{(\w+)", (DOCKER / "compose.yaml").read_text()))
    assert asked == set(EXAMPLE)
    secrets = {name: EXAMPLE[name] for name in asked if name.endswith(("PASSWORD", "KEY"))}
    assert set(secrets.values()) == {""}, "a secret in the example is everybody's secret"


# -- compose -------------------------------------------------------------------------------------
def test_compose_has_the_four_parts_in_their_numbers():
    assert {name: service.get("deploy", {}).get("replicas", 1) for name, service in SERVICES.items()} == {
        "postgres": 1,
        "migrate": 1,
        "web": 2,
        "worker": 2,
    }


def test_there_is_a_port_for_every_web_container():
    (published,) = OURS["web"]["ports"]
    first, last = re.match(r"127\.0\.0\.1:(\d+)-(\d+):", published).groups()
    assert int(last) - int(first) + 1 == OURS["web"]["deploy"]["replicas"]


def test_paths_volumes_and_dependencies_exist():
    for name, service in SERVICES.items():
        if "build" in service:
            context = (DOCKER / service["build"]["context"]).resolve()
            assert context == HERE
            assert (context / service["build"]["dockerfile"]).is_file()
        for mount in service.get("volumes", []):
            source = mount.split(":")[0]
            assert (DOCKER / source).is_file() if source.startswith(".") else source in COMPOSE["volumes"], (
                name
            )
        for other, wanted in service.get("depends_on", {}).items():
            if wanted["condition"] == "service_healthy":
                assert "test" in SERVICES[other]["healthcheck"]
            else:
                assert SERVICES[other]["restart"] == "no"


def test_web_reads_how_far_was_signed_and_sees_no_key():
    marks = Path(SERVICES["web"]["environment"]["HEARBACK_LEDGER_MARKS"])
    assert SERVICES["web"]["volumes"] == [f"marks:{marks}:ro"]
    assert f"marks:{marks}" in SERVICES["worker"]["volumes"]
    assert not marks.is_relative_to(said(IMAGE, "VOLUME")[0])
    (account,) = said(IMAGE, "USER")
    # A new volume takes over whose folder it is from the image.
    assert f"install --directory --owner={account} --group={account} --mode=0700 {marks}" in " ".join(
        said(IMAGE, "RUN")
    )


def test_web_and_worker_wait_for_the_migration_and_that_for_the_database():
    for name in ("web", "worker"):
        assert OURS[name]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}
    assert OURS["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}


def test_a_stop_is_given_the_time_that_ours_takes():
    for service in OURS.values():
        assert int(service["stop_grace_period"].removesuffix("s")) > 10


def test_the_database_image_is_the_version_we_run_and_keeps_its_data_where_that_version_does():
    postgres = SERVICES["postgres"]
    assert postgres["image"] == f"pgvector/pgvector:pg{embedded.MAJOR}"
    assert "postgres:/var/lib/postgresql" in postgres["volumes"]  # from 18 on not …/data


def test_the_database_is_made_with_options_that_initdb_knows(tmp_path):
    options = SERVICES["postgres"]["environment"]["POSTGRES_INITDB_ARGS"].split()
    server = EmbeddedPostgres(tmp_path)
    listed = subprocess.run(
        [server.tool("initdb"), "--help"], capture_output=True, text=True, check=True
    ).stdout
    assert all(option.split("=")[0] in listed for option in options)


def test_the_health_check_of_the_database_uses_options_that_pg_isready_knows(tmp_path):
    how, command, *options = SERVICES["postgres"]["healthcheck"]["test"]
    assert how == "CMD"
    program = EmbeddedPostgres(tmp_path).tool(command)
    listed = subprocess.run([program, "--help"], capture_output=True, text=True, check=True).stdout
    assert all(option.split("=")[0] in listed for option in options)


@pytest.fixture
def made_by_compose(monkeypatch: pytest.MonkeyPatch) -> Iterator[EmbeddedPostgres]:
    """An empty server, as the image makes it, after the script that compose hands to it."""
    monkeypatch.setattr(embedded, "FIRST_WORDS", "select 1;\n")
    script = next(mount.split(":")[0] for mount in SERVICES["postgres"]["volumes"] if mount.startswith("."))
    with enterable_folder() as folder, EmbeddedPostgres(folder, {"fsync": "off"}).at_hand() as server:
        env = server.environment("postgres", "postgres")
        env["PATH"] = f"{server.tool('psql').parent}{os.pathsep}{os.environ['PATH']}"
        passwords = {"OWNER_PASSWORD": "it's the owner's", "APP_PASSWORD": "app"}
        subprocess.run([DOCKER / script], env=env | passwords, check=True)
        yield server


async def test_the_roles_of_compose_have_passwords_and_the_extensions_are_there(made_by_compose):
    superuser = await asyncpg.connect(made_by_compose.url("postgres", "hearback"))
    named = (
        "select rolname from pg_authid where rolname like 'hearback%' and rolpassword like 'SCRAM-SHA-256%'"
    )
    assert {row["rolname"] for row in await superuser.fetch(named)} == {"hearback_owner", "hearback_app"}
    extensions = {row["extname"] for row in await superuser.fetch("select extname from pg_extension")}
    assert extensions >= {"vector", "pg_trgm", "unaccent"}
    await superuser.close()


async def test_the_roles_of_compose_can_migrate_and_work_and_no_more(made_by_compose):
    await migrate(made_by_compose.owner_url)
    app = await asyncpg.connect(made_by_compose.app_url)
    assert await app.fetchval("select count(*) from company") == 0
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await app.execute("drop table company")
    await app.close()
