"""`manage roster check FILE [--json]` judges a roster without writing anything."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from keyuan.kernel.sheet import Contents, Row, SheetFault
from keyuan.people.sheets import ROSTER


class Command(BaseCommand):
    """Judge a roster file row by row: exit 2 when it is no roster; without --json 1 when some cannot go in."""

    help = "检查名册表格，只读不写"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`check FILE` and `--json`."""
        parser.add_argument("action", choices=["check"], help="check：逐行检查")
        parser.add_argument("file", help="名册文件（.xlsx 或 .xls）")
        parser.add_argument("--json", action="store_true", help="输出 JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the verdict on standard output; the whole file's fault as one line on standard error."""
        path = Path(options["file"])
        try:
            contents = ROSTER.read(path)
        except SheetFault as fault:
            self._refuse(fault.message, as_json=options["json"], code=fault.code)
        except OSError:
            self._refuse(f"找不到或无法打开文件：{path}", as_json=options["json"], code="unreadable")
        if options["json"]:
            # A program reads the verdict, not the exit status: the sheet was judged, so this is 0.
            self.stdout.write(json.dumps(verdict(contents), ensure_ascii=False))
            return
        self._tell(contents)
        if contents.bad:
            raise SystemExit(1)

    def _refuse(self, message: str, *, as_json: bool, code: str) -> None:
        if as_json:
            self.stdout.write(
                json.dumps({"rows": [], "fault": {"code": code, "message": message}}, ensure_ascii=False)
            )
        self.stderr.write(message, style_func=str)
        raise SystemExit(2)

    def _tell(self, contents: Contents) -> None:
        write = self.stdout.write
        write(
            f"工作表“{contents.sheet_name}”：共 {len(contents.rows)} 行，"
            f"可直接导入 {len(contents.good)} 行，需修改 {len(contents.bad)} 行。"
        )
        if contents.unread:
            write(f"未读入的列：{'、'.join(contents.unread)}")
        mended = sum(1 for row in contents.rows if row.repairs)
        if mended:
            write(f"自动整理了 {mended} 行（空格、全角、日期、号码分隔符等）。")
        for row in contents.bad:
            write(f"第 {row.number} 行 {row.values.get('name') or '（无姓名）'}")
            for fault in row.faults:
                write(f"    {fault.column}：{fault.message}")
        hinted = [row for row in contents.rows if row.ok and row.hints]
        if hinted:
            write(f"另有 {len(hinted)} 行可以导入，但请核对（如性别、出生年月与身份证号不一致）。")


def verdict(contents: Contents) -> dict[str, Any]:
    """The judgement of every row, for programs."""
    return {"rows": [_verdict_of(row) for row in contents.rows]}


def _verdict_of(row: Row) -> dict[str, Any]:
    return {
        "row": row.number,
        "name": row.values.get("name", ""),
        "ok": row.ok,
        "faults": [fault.as_json() for fault in row.faults],
        "hints": [hint.as_json() for hint in row.hints],
    }
