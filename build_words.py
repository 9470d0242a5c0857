"""Build hook: compile the catalogues, so that every wheel and every checkout holds them."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).parent / "src"))

from hearback.words.catalogue import CATALOGUES, compile_all, compiled


class CompileWords(BuildHookInterface):  # type: ignore[type-arg]
    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        list(compile_all())
        build_data["artifacts"] += [str(compiled(name).relative_to(self.root)) for name in CATALOGUES]
