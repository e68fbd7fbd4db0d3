"""`manage flows`: draw the lives of things into docs/flows.md from the tables the buttons come from."""

import re
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from keyuan.kernel.access import RULES
from keyuan.kernel.flow import FLOWS, Flow, Move
from keyuan.people.roles import Role

CHINESE_NAME = re.compile(r"\(([\u4e00-\u9fff]+)")
PLACE = Path("docs", "flows.md")
HEAD = """# 状态与流转

由 `manage flows` 从代码里的流转表画出，请勿手改。按钮、操作日志和测试都来自同一张表；
“权限”一栏的角色还要再过该权限自己的判断（见 `/matrix/`）。
"""


def document() -> str:
    """The whole file, in the language of the source: a diagram and a table for every registered flow."""
    with translation.override(settings.LANGUAGE_CODE):
        return "\n".join([HEAD, *(_section(FLOWS[key]) for key in sorted(FLOWS))])


def _name(flow: Flow[Any]) -> str:
    # By the law of style a class's docstring names the thing in Chinese once, in brackets.
    found = CHINESE_NAME.search(flow.model.__doc__ or "")
    return found[1] if found else str(flow.model._meta.verbose_name)


def _section(flow: Flow[Any]) -> str:
    words = dict(flow.model._meta.get_field(flow.field).flatchoices)
    first = flow.model._meta.get_field(flow.field).get_default()
    sources = {source for move in flow.moves.values() for source in move.sources}
    # A state that no move enters or leaves is set by the work itself; the diagram keeps it out.
    drawn = sources | {move.target for move in flow.moves.values()} | {first}
    lines = [f"## {_name(flow)}（`{flow.key}`）", "", "```mermaid", "stateDiagram-v2"]
    lines += [f'    state "{words[key]}" as {key}' for key in words if key in drawn]
    lines.append(f"    [*] --> {first}")
    for move in flow.moves.values():
        lines += [f"    {source} --> {move.target} : {move.word}" for source in move.sources]
    lines += [f"    {key} --> [*]" for key in words if key in drawn - sources]
    lines += ["```", "", "| 动作 | 从 | 到 | 权限 | 说明 |", "|---|---|---|---|---|"]
    return "\n".join([*lines, *(_row(move, words) for move in flow.moves.values()), ""])


def _row(move: Move[Any], words: dict[Any, Any]) -> str:
    rule = RULES[move.rule]
    roles = "、".join(str(Role(role).label) for role in rule.roles)
    notes = [note for note, holds in (("须写理由", move.reason), ("须再次确认", move.danger)) if holds]
    sources = "、".join(str(words[source]) for source in move.sources)
    return f"| {move.word} | {sources} | {words[move.target]} | {rule.title}：{roles} | {'；'.join(notes)} |"


class Command(BaseCommand):
    """The drawing of flows (状态图)."""

    help = "把各项业务的状态流转画成 docs/flows.md；--check 只检查是否过时"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--check` only looks."""
        parser.add_argument("--check", action="store_true", help="只检查，不写入；过时则以 1 结束")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write the file, or end with 1 when it does not say what the code does."""
        path = Path(settings.BASE_DIR) / PLACE
        if not options["check"]:
            path.write_text(document(), "utf-8", newline="\n")
            self.stdout.write(f"已写入 {PLACE.as_posix()}：{len(FLOWS)} 张状态图。")
        elif not path.exists() or path.read_text("utf-8") != document():
            raise CommandError(f"{PLACE.as_posix()} 已过时，请运行 manage flows。")
        else:
            self.stdout.write(f"{PLACE.as_posix()} 与代码一致。")
