"""How much memory a process has held at most."""

import re
import resource
from pathlib import Path

STATUS = Path("/proc/self/status")


def peak_mb() -> int:
    """Of this process alone, in MB of 2^20 bytes.

    Linux hands ru_maxrss on to whatever a process starts, so that a small child of a large one looks as large; the
    high-water mark of its own memory does not do that. Elsewhere ru_maxrss is all there is.
    """
    if STATUS.exists():
        own = re.search(r"^VmHWM:\s+(\d+) kB", STATUS.read_text(), re.MULTILINE)
        if own:
            return int(own[1]) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
