"""`worker`: one worker process."""

import argparse
import asyncio
import os
import sys

from hearback import worker
from hearback.settings import read_settings
from hearback.terminal.at_hand import try_database


def work(_given: argparse.Namespace) -> None:
    try_database(read_settings())
    with asyncio.Runner() as runner:
        runner.run(worker.run())
        # A thread that is in the middle of reading thousands of answers cannot be told to stop, and asyncio would wait
        # for it. Nothing is lost: its job is not done, so another worker gets it.
        sys.stdout.flush()
        os._exit(0)
