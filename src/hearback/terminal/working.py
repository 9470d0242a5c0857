"""`worker`: one worker process."""

import argparse
import asyncio

from hearback import worker


def work(_given: argparse.Namespace) -> None:
    asyncio.run(worker.run())
