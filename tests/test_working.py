"""How a worker process ends."""

import subprocess
import sys

BUSY = """
import argparse, asyncio, threading
from hearback import worker
from hearback.terminal import working

reads = threading.Event()

async def run():
    asyncio.get_running_loop().run_in_executor(None, reads.wait)
    print("told to stop")

worker.run, working.try_database, working.read_settings = run, lambda _: None, lambda: None
working.work(argparse.Namespace())
"""


def test_a_worker_that_is_told_to_stop_does_not_wait_for_what_it_reads():
    ended = subprocess.run(
        [sys.executable, "-c", BUSY], capture_output=True, text=True, timeout=60, check=False
    )

    assert (ended.returncode, ended.stdout) == (0, "told to stop\n"), ended.stderr
