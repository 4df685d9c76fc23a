"""The source of the gateway, as its rules see it: modules, what they import, and broken rules."""

import ast
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from tests.processes import ROOT


@dataclass(frozen=True)
class Rule:
    """A rule of the source: what it says, why it is so, and what to do instead."""

    rule: str
    reason: str
    remedy: str

    def holds(self, broken) -> None:
        """Fail with all three if anything breaks it; ``broken`` are sentences that say what."""
        __tracebackhide__ = True
        if found := sorted(broken):
            lines = [*found, f"Rule: {self.rule}", f"Reason: {self.reason}"]
            pytest.fail("\n".join([*lines, f"Remedy: {self.remedy}"]), pytrace=False)


def modules(folder: str) -> list[Path]:
    """The modules below a folder of the repository."""
    return sorted(
        path for path in (ROOT / folder).rglob("*.py") if "node_modules" not in path.parts
    )


def name_of(path: Path) -> str:
    """The name by which a module is imported."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def file_of(name: str) -> Path:
    """The file of a module or a package."""
    path = ROOT / Path(*name.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


@cache
def imports(path: Path, *, lazy: bool = True) -> frozenset[str]:
    """The modules a file imports; with ``lazy`` false only those imported when it is loaded."""
    tree = ast.parse(path.read_text())
    skipped: set[ast.AST] = set()
    for node in ast.walk(tree):
        is_lazy = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        typing_only = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        if typing_only or (is_lazy and not lazy):
            skipped.update(ast.walk(node))
    found: set[str] = set()
    for node in ast.walk(tree):
        if node in skipped:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= _from(node)
    return frozenset(found)


def _from(node: ast.ImportFrom) -> set[str]:
    names = {f"{node.module}.{alias.name}" for alias in node.names}
    inner = {name for name in names if (ROOT / Path(*name.split("."))).with_suffix(".py").exists()}
    return inner or {str(node.module)}


def ours(found) -> set[str]:
    """Of these modules those of ``lib``."""
    return {name for name in found if top(name) == "lib"}


def foreign(found) -> set[str]:
    """Of these modules those of installed packages."""
    return {name for name in found if top(name) not in sys.stdlib_module_names | {"lib"}}


def top(name: str) -> str:
    """The package that a module belongs to."""
    return name.split(".", maxsplit=1)[0]


def breaches(paths, bad) -> list[str]:
    """Say who imports what it must not; ``bad`` picks these out of the imports of a file."""
    return [
        f"{name_of(path)} imports {name}" for path in paths for name in bad(path, imports(path))
    ]
