"""A process that we start dies with us, even if we are killed.

    spawn(command, *, ends_by=SIGKILL, account=None, env=None, output=None) -> subprocess.Popen[bytes]
        Start a direct child. When its parent is gone, the kernel sends it `ends_by`.
    die_with_parent()
        The same from inside, for processes that somebody else starts for us (granian's own workers).

Linux only (PR_SET_PDEATHSIG); elsewhere a killed parent leaves its children, and the next start on
the same data folder ends the orphaned database. The signal follows the *thread* that started the
child, so start children from a thread that lives as long as the process: the main one.
"""

import ctypes
import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import IO, NamedTuple

PR_SET_PDEATHSIG = 1
# Looked up before any fork: between fork and exec nothing may be loaded or locked.
_PRCTL = ctypes.CDLL(None).prctl if sys.platform == "linux" else None


class Account(NamedTuple):
    """Whom to run as, when we are root and the program must not be."""

    uid: int
    gid: int


def spawn(
    command: Sequence[str],
    *,
    ends_by: signal.Signals = signal.SIGKILL,
    account: Account | None = None,
    env: Mapping[str, str] | None = None,
    output: IO[bytes] | None = None,
) -> "subprocess.Popen[bytes]":
    """Start a direct child in its own session, so that a Ctrl-C in the terminal reaches only us.

    output: takes stdout and stderr; None leaves them ours.
    """
    parent = os.getpid()
    # Python runs preexec_fn after it has changed user and groups, which would have cleared the signal; and
    # nothing in it takes a lock, which another thread might have held while we forked.
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        env=env,
        cwd="/" if account else None,  # the account may not enter our folder
        start_new_session=True,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        preexec_fn=lambda: _hang_on(parent, ends_by),
    )


def die_with_parent(by: signal.Signals = signal.SIGKILL) -> None:
    """Call in a process made by multiprocessing, from its main thread."""
    parent = multiprocessing.parent_process()
    if parent is not None and parent.pid is not None:
        _hang_on(parent.pid, by)


def _hang_on(parent: int, by: signal.Signals) -> None:
    if _PRCTL is None:
        return
    _PRCTL(PR_SET_PDEATHSIG, int(by), 0, 0, 0)
    if os.getppid() != parent:  # it died before we asked to be told
        os._exit(1)
