"""The web server: granian with our settings, whose worker processes die with it even when it is killed.

serve_web(app, *, host, port, processes=1, factory=False) -> None
    app: "package.module:name". factory: call it to get the application. Returns when asked to stop.
"""

from functools import partial
from importlib import import_module
from typing import Any

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from hearback.lifeline import die_with_parent


def serve_web(app: str, *, host: str, port: int, processes: int = 1, factory: bool = False) -> None:
    Granian(
        app,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=processes,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=5,  # an open event stream would hold the stop for ever
        log_level=LogLevels.warning,
    ).serve(target_loader=partial(_load, factory))


def _load(factory: bool, app: str) -> Any:
    """Runs in each worker process, in its main thread, before the application."""
    die_with_parent()
    module, _, name = app.partition(":")
    found = getattr(import_module(module), name)
    return found() if factory else found
