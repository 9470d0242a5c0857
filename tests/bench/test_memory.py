"""A figure is worth what is measured: the memory of a process is not that of who started it."""

import multiprocessing

from hearback.bench.memory import peak_mb

LARGE_MB = 300


def test_what_a_child_has_held_is_not_what_its_parent_holds():
    held = bytearray(LARGE_MB << 20)
    held[::4096] = b"\1" * len(held[::4096])
    assert peak_mb() >= LARGE_MB

    with multiprocessing.get_context("spawn").Pool(1) as child:
        assert child.apply(peak_mb) < LARGE_MB
