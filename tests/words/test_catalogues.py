"""Every sentence is in the catalogues, in every language, and every key is said."""

import os
from pathlib import Path

import pytest

from hearback.words import catalogue
from hearback.words.checking import problems


def test_the_catalogues_are_whole():
    assert problems() == []


def test_two_processes_may_find_the_sources_newer_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr(catalogue, "compiled", lambda name: tmp_path / name / "hearback.mo")
    written, write = [], catalogue.write_mo

    def write_while_another_does(file, whole):
        written.append(file.name)
        if len(written) == 1:
            with monkeypatch.context() as other:
                other.setattr(os, "getpid", lambda: 1)
                list(catalogue.compile_all())
        write(file, whole)

    monkeypatch.setattr(catalogue, "write_mo", write_while_another_does)
    list(catalogue.compile_all())

    assert {path.name for path in tmp_path.rglob("*.*")} == {"hearback.mo"}
    assert len(written) == len(catalogue.CATALOGUES) + 1


def test_what_is_cut_off_in_the_middle_leaves_nothing_behind_and_nothing_that_is_taken_for_source(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(catalogue, "compiled", lambda name: tmp_path / name / "hearback.mo")
    begun = []

    def cut_off(file, _whole):
        begun.append(Path(file.name))
        raise KeyboardInterrupt

    monkeypatch.setattr(catalogue, "write_mo", cut_off)
    with pytest.raises(KeyboardInterrupt):
        list(catalogue.compile_all())

    assert [path.suffix for path in begun] == [".mo"]  # ignored by git, the wheel and the source download
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
