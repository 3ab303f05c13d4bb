"""The floors of the house: a file imports only from its own folder or from lower floors."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "navo_qa"

# The first prefix that fits a module decides its floor.
FLOORS = (
    ("types", 1), ("errors", 1), ("settings", 1), ("text", 1), ("vectors", 1),
    ("ingest", 2), ("chunk", 2), ("encode", 2), ("index", 2), ("collection", 2), ("cite", 2),
    ("records", 2), ("versions", 2),
    ("retrieve", 3), ("smooth", 3), ("reader", 3), ("choose", 3), ("build", 3), ("gather", 3),
    ("watch", 3), ("memo", 3),
    ("pipeline", 4), ("uploads", 4),
    ("evaluation", 5), ("api", 5), ("client", 5), ("mcp_server", 5), ("terminal", 5),
    ("terminal_answers", 5),
    ("cli", 6),
)  # fmt: skip
MODULES = sorted(path.relative_to(SOURCE).with_suffix("") for path in SOURCE.rglob("*.py"))


def floor(module: str) -> int:
    """Return the floor of a module inside the package; the package itself, which holds the version, is the ground."""
    first = module.split(".")[0]
    if first in ("__init__", ""):
        return 0
    return dict(FLOORS)[first]


def imports(path: Path) -> Iterator[str]:
    """Yield the modules of the package that the file imports, wherever in the file."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "navo_qa":
            base = node.module.split(".")[1:]
            for alias in node.names:
                inside = SOURCE.joinpath(*base, alias.name)
                is_module = inside.with_name(f"{alias.name}.py").exists() or inside.is_dir()
                yield ".".join([*base, alias.name] if is_module else base)
        elif isinstance(node, ast.Import):
            yield from (a.name.removeprefix("navo_qa.") for a in node.names if a.name.startswith("navo_qa."))


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_imports_only_from_lower_floors(module: Path) -> None:
    """What a file imports stands lower, or beside it: on the same floor only in its own folder, or as a plain noun."""
    own = module.parts[0]
    for imported in imports((SOURCE / module).with_suffix(".py")):
        other = imported.split(".")[0]
        if other in ("", own):
            continue
        assert floor(imported) <= floor(own), f"{module} imports {imported} from a higher floor"


def test_every_module_has_a_floor() -> None:
    """A new file gets a floor before it gets imported."""
    unknown = [str(module) for module in MODULES if module.parts[0] not in {"__init__", *dict(FLOORS)}]
    assert not unknown


def test_no_cycles_between_files() -> None:
    """Files may lean on each other within a floor, never in a circle."""
    graph = {
        ".".join(module.parts).removesuffix(".__init__"): set(imports((SOURCE / module).with_suffix(".py"))) - {""}
        for module in MODULES
    }
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " -> ".join((*trail, name))
        if name in done or name not in graph:
            return
        for other in graph[name]:
            visit(other, (*trail, name))
        done.add(name)

    for name in graph:
        visit(name, ())
