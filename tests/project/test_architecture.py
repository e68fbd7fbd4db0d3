"""The laws of the house that no linter knows."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

HOME = Path(__file__).resolve().parent.parent.parent
HOUSE = HOME / "keyuan"
FILE, FUNCTION, VIEW = 400, 40, 25
# The starter is one file by promise: nothing else can be read before the environment exists.
LARGER = {"run.py": 430}
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "services"}


def sources() -> Iterator[Path]:
    yield HOME / "run.py"
    yield from (path for path in sorted(HOUSE.rglob("*.py")) if "migrations" not in path.parts)


def where(path: Path) -> str:
    return path.relative_to(HOME).as_posix()


def functions(path: Path) -> Iterator[tuple[ast.FunctionDef | ast.AsyncFunctionDef, int]]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node, (node.end_lineno or 0) - node.lineno + 1


def test_no_file_outgrows_four_hundred_lines():
    sizes = {where(path): len(path.read_text("utf-8").splitlines()) for path in sources()}
    assert {name: size for name, size in sizes.items() if size > LARGER.get(name, FILE)} == {}


def test_no_function_outgrows_forty_lines():
    long = [
        f"{where(path)}:{node.name} {size}"
        for path in sources()
        for node, size in functions(path)
        if size > FUNCTION
    ]
    assert long == []


def test_no_view_outgrows_twenty_five_lines():
    views = [path for path in sources() if path.stem == "views" or path.parent.name == "views"]
    assert [
        f"{where(p)}:{node.name} {size}" for p in views for node, size in functions(p) if size > VIEW
    ] == []


def test_no_module_has_a_vague_name():
    assert [where(path) for path in sources() if VAGUE & {path.stem, path.parent.name}] == []


def test_every_module_says_in_one_line_what_it_is_for():
    assert [
        where(path) for path in sources() if not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ] == []


def test_no_model_overrides_save_or_delete():
    overriding = [
        f"{where(path)}:{function.name}"
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ClassDef)
        and any("Model" in ast.unparse(base) and "Form" not in ast.unparse(base) for base in node.bases)
        for function in node.body
        if isinstance(function, ast.FunctionDef) and function.name in {"save", "delete"}
    ]
    assert overriding == []


def test_nothing_in_the_domain_happens_by_signal():
    listening = [
        where(path)
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom)
        and (str(node.module).endswith("signals") or str(node.module).startswith("django.dispatch"))
    ]
    assert listening == []


def test_the_contracts_know_every_room_and_every_room_is_installed():
    rooms = {path.parent.name for path in HOUSE.glob("*/apps.py")}
    assert {
        name.removeprefix("keyuan.") for name in settings.INSTALLED_APPS if name.startswith("keyuan.")
    } == rooms
    contracts = tomllib.loads((HOME / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    listed = {room.strip() for floor in contracts[0]["layers"] for room in floor.split("|")}
    assert contracts[0]["exhaustive"] is True
    assert listed == rooms | {"project"}
    assert {name.removeprefix("keyuan.") for name in contracts[2]["containers"]} == rooms - {"kernel"}


def test_the_locks_name_no_registry_and_pin_every_direct_dependency_by_hash():
    project = tomllib.loads((HOME / "pyproject.toml").read_text("utf-8"))
    groups = {
        "run": project["project"]["dependencies"],
        "dev": [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]],
    }
    for name, wanted in groups.items():
        lock = (HOME / "requirements" / f"{name}.txt").read_text("utf-8")
        assert "://" not in lock
        pinned = {
            line.split("==")[0] for line in lock.splitlines() if "==" in line and not line.startswith(" ")
        }
        direct = {
            text.split("[")[0].split("~")[0].split("=")[0].split(">")[0].strip().lower() for text in wanted
        }
        assert direct <= pinned
        assert lock.count("--hash=sha256:") >= len(pinned)


def test_every_direct_dependency_has_its_reason_written_down():
    project = tomllib.loads((HOME / "pyproject.toml").read_text("utf-8"))
    reasons = (HOME / "docs" / "dependencies.md").read_text("utf-8")
    for text in [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]:
        name = text.split("[")[0].split("~")[0].split("=")[0].split(">")[0].strip()
        assert f"`{name}`" in reasons, f"docs/dependencies.md says nothing of {name}"
