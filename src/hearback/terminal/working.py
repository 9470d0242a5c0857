"""`worker`: one worker process."""

import argparse
import asyncio

from hearback import worker
from hearback.settings import read_settings
from hearback.terminal.at_hand import try_database


def work(_given: argparse.Namespace) -> None:
    try_database(read_settings())
    asyncio.run(worker.run())
