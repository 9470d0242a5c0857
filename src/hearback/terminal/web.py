"""`web`: the web server alone."""

import argparse

from hearback.terminal.at_hand import try_database
from hearback.terminal.given import settings_of
from hearback.web.serving import serve_web


def serve(given: argparse.Namespace) -> None:
    settings = settings_of(given)
    try_database(settings)
    serve_web(
        "hearback.app:build_app",
        host=settings.host,
        port=settings.port,
        processes=settings.web_processes,
        factory=True,
    )
