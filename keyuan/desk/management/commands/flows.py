"""`manage flows`: the state diagrams of docs/flows.md, drawn from the tables of moves."""

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from keyuan.kernel.access import RULES
from keyuan.kernel.flow import FLOWS, Flow

HEAD = """# 状态流转 State diagrams

Drawn by `manage flows` from the tables of moves in `keyuan/*/flows.py`; a test fails when this page is stale.
Each move asks the right named beside it, writes one audit line, and is refused as a conflict from any other state.
"""


def states_of(flow: Flow[Any]) -> list[tuple[str, str]]:
    """Every state of a flow with its Chinese word, in the order of the model."""
    choices = flow.model._meta.get_field(flow.field).choices or ()
    return [(str(key), str(word)) for key, word in choices]


def section(flow: Flow[Any]) -> Iterator[str]:
    """One flow: its diagram, then who may make each move."""
    name = (flow.model.__doc__ or "").strip().split("\n")[0]
    yield f"\n## {flow.key}\n\n{name}\n\n```mermaid\nstateDiagram-v2"
    yield from (f'    state "{word}" as {key}' for key, word in states_of(flow))
    yield from (f"    [*] --> {state}" for state in flow.begins)
    for move in flow.moves.values():
        yield from (f"    {source} --> {move.target}: {move.word}" for source in move.sources)
    yield "```\n\n| 操作 move | 权限 right | 角色 roles | 须写理由 reason |\n|---|---|---|---|"
    for move in flow.moves.values():
        rule = RULES[move.rule]
        roles = ", ".join(str(role) for role in rule.roles)
        yield f"| {move.word} `{move.name}` | {rule.title} `{rule.name}` | {roles} | {'是' if move.reason else ''} |"


def document() -> str:
    """The whole page, always in the language of the source."""
    with translation.override(settings.LANGUAGE_CODE):
        lines = [line for key in sorted(FLOWS) for line in section(FLOWS[key])]
    return HEAD + "\n".join(lines) + "\n"


class Command(BaseCommand):
    """Write the page, or only tell whether it is stale."""

    help = "按状态表重画 docs/flows.md"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--check` writes nothing."""
        parser.add_argument("--check", action="store_true", help="只检查是否过期，不写入")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 1 with --check when the page is stale."""
        path, text = settings.BASE_DIR / "docs" / "flows.md", document()
        stale = not path.exists() or path.read_text("utf-8") != text
        if options["check"] and stale:
            raise CommandError("docs/flows.md 已过期，请运行 manage flows。")
        if stale:
            path.write_text(text, "utf-8")
        self.stdout.write("docs/flows.md ✓")
