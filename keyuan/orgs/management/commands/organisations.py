"""`manage organisations import FILE`: take the office's own list of organisations."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from keyuan.kernel.access import system_of
from keyuan.kernel.faults import Fault
from keyuan.orgs.actions import take_list
from keyuan.orgs.models import School
from keyuan.orgs.queries import ListComparison, compare
from keyuan.orgs.sheets import read_list


class Command(BaseCommand):
    """The list's own command (单位名单)."""

    help = "导入单位名单：organisations import 文件（.csv、.xlsx）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`import` is the one act; --whole retires what the file leaves out, --dry-run only looks."""
        parser.add_argument("act", choices=["import"], help="import：导入")
        parser.add_argument("file", type=Path, help="名单文件")
        parser.add_argument("--school", default="", help="分校代码；只有一所学校时不必写")
        parser.add_argument("--whole", action="store_true", help="以此名单为准：同类别中未列出的单位停用")
        parser.add_argument("--dry-run", action="store_true", help="只看变化，不写入")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print the differences, then write them unless only looking."""
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(_("没有找到文件：{path}").format(path=path))
        rows = (
            School.objects.filter(code=options["school"])
            if options["school"]
            else School.objects.filter(parent=None)
        )
        schools = list(rows[:2])
        if len(schools) != 1:
            raise CommandError(_("请用 --school 写明分校代码；还没有分校时先运行 manage start_data。"))
        try:
            listed = read_list(path)
            found = compare(schools[0], listed, whole=options["whole"])
            self._show(found)
            if not options["dry_run"] and not found.changes_nothing:
                take_list(
                    system_of(schools[0].pk), school=schools[0], listed=listed,
                    whole=options["whole"], expected=found.state,
                )  # fmt: skip
                self.stdout.write(self.style.SUCCESS(_("已导入。")))
        except Fault as fault:
            raise CommandError(
                _("没有导入，什么也没有改动：\n{message}").format(message=fault.message)
            ) from fault

    def _show(self, found: ListComparison) -> None:
        if found.changes_nothing:
            self.stdout.write(_("没有变化。"))
            return
        self.stdout.write(
            _("新增 {added}，修改 {changed}，停用 {retired}，不变 {same}").format(
                added=len(found.added),
                changed=len(found.changed),
                retired=len(found.retired),
                same=found.same,
            )
        )
