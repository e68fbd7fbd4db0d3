"""`manage plan import FILE`: read an annex, print what it says and what it changes, and take it over."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from keyuan.kernel.access import system_of
from keyuan.kernel.faults import Fault
from keyuan.orgs.models import School
from keyuan.plan.actions import import_plan
from keyuan.plan.queries.changes import Comparison, compare
from keyuan.plan.sheets import read_file


class Command(BaseCommand):
    """The plan's own command (年度计划)."""

    help = "导入年度计划：plan import 文件（.txt、.docx、.xlsx）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`import` is the one act; --dry-run only looks, --yes does not ask."""
        parser.add_argument("act", choices=["import"], help="import：导入")
        parser.add_argument("file", type=Path, help="计划文件")
        parser.add_argument("--school", default="", help="分校代码；只有一所学校时不必写")
        parser.add_argument("--yes", action="store_true", help="不再询问，直接写入")
        parser.add_argument("--dry-run", action="store_true", help="只看变化，不写入")
        parser.add_argument("--json", action="store_true", help="以 JSON 输出")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Preview first, then write; on a terminal it asks, elsewhere the preview stands before the writing."""
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(_("没有找到文件：{path}").format(path=path))
        school = self._school(options["school"])
        try:
            found = compare(school, read_file(path))
            if found.objections:
                raise CommandError("\n".join(found.objections))
            if not options["json"]:
                self._show(found)
            wrote = self._goes_on(found, options)
            if wrote:
                import_plan(system_of(school.pk), school, found.annex, expected=found.state)
        except Fault as fault:
            if options["json"]:
                self.stdout.write(json.dumps({"faults": fault.message.split("\n")}, ensure_ascii=False))
            raise CommandError(
                _("没有导入，什么也没有改动：\n{message}").format(message=fault.message)
            ) from fault
        if options["json"]:
            self.stdout.write(json.dumps(as_json(found, wrote=wrote), ensure_ascii=False, indent=1))
        elif wrote:
            self.stdout.write(self.style.SUCCESS(_("已导入{year}年度计划。").format(year=found.annex.year)))

    def _school(self, code: str) -> School:
        schools = School.objects.filter(code=code) if code else School.objects.filter(parent=None)
        found = list(schools[:2])
        if len(found) == 1:
            return found[0]
        if code:
            raise CommandError(_("没有代码为“{code}”的分校。").format(code=code))
        if not found:
            raise CommandError(_("还没有分校，请先运行 manage start_data 建立初始数据。"))
        raise CommandError(_("有多所学校，请用 --school 写明代码。"))

    def _goes_on(self, found: Comparison, options: dict[str, Any]) -> bool:
        if options["dry_run"] or found.changes_nothing:
            return False
        if options["yes"] or options["json"] or not sys.stdin.isatty():
            return True
        if input(_("写入以上内容？[y/N] ")).strip().lower() in {"y", "yes", "是"}:
            return True
        self.stdout.write(_("没有写入。"))
        return False

    def _show(self, found: Comparison) -> None:
        annex = found.annex
        self.stdout.write(_("{year}年 {title}").format(year=annex.year, title=annex.title))
        if annex.source_note:
            self.stdout.write(_("依据：{note}").format(note=annex.source_note))
        self.stdout.write(
            _("{types} 个类型，{activities} 项重点活动，{leads} 个牵头部门").format(
                types=len(annex.types),
                activities=len(annex.activities),
                leads=len({lead.pk for leads in found.leads.values() for lead in leads}),
            )
        )
        for kind in annex.types:
            self.stdout.write(f"\n{kind.name}：{kind.task}")
            for line in annex.activities:
                if line.type_name == kind.name:
                    leads = "、".join(str(lead) for lead in found.leads[line.number])
                    self.stdout.write(f"  {line.number:>2}  {line.name}  〔{leads}〕")
        self.stdout.write("")
        if found.is_new:
            self.stdout.write(_("本年度还没有计划，将全部新增。"))
        elif found.changes_nothing:
            self.stdout.write(_("没有变化。"))
        else:
            self.stdout.write(_("与现有计划相比，有 {count} 处变化：").format(count=len(found.changes)))
            for change in found.changes:
                self.stdout.write(f"  {change.sentence}")


def as_json(found: Comparison, *, wrote: bool) -> dict[str, Any]:
    """The annex and its changes for programs."""
    annex = found.annex
    return {
        "year": annex.year,
        "title": annex.title,
        "source": annex.source_note,
        "new": found.is_new,
        "written": wrote,
        "types": [{"name": kind.name, "task": kind.task} for kind in annex.types],
        "activities": [
            {
                "number": line.number,
                "name": line.name,
                "type": line.type_name,
                "leads": [str(lead) for lead in found.leads[line.number]],
            }
            for line in annex.activities
        ],
        "changes": [
            {"kind": one.kind, "number": one.number, "before": one.before, "after": one.after}
            for one in found.changes
        ],
    }
