"""What the command line and the environment say together."""

import argparse
import os

from hearback.settings import Settings, read_settings


def settings_of(given: argparse.Namespace) -> Settings:
    """Settings with what the command line says laid over the environment."""
    over = {
        f"HEARBACK_{name.upper()}": str(value)
        for name in ("host", "port", "data")
        if (value := getattr(given, name, None)) is not None
    }
    return read_settings({**os.environ, **over})
