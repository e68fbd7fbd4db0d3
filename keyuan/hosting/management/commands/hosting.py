"""`manage hosting replay`: read every rota's log again and say where what is stored differs; exit code 1 if anywhere."""

import hashlib
import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from keyuan.hosting.models import Rota
from keyuan.hosting.queries.standing import disagreements, entries_of, next_choice, replayed
from keyuan.hosting.rules.order import Entry, choose, replay


class Command(BaseCommand):
    """The order reckoned again, from the database or from a published file."""

    help = "承办轮值：按日志重算次序，与登记的核对（replay）"

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do, for which rota, with which file."""
        parser.add_argument("what", choices=("replay",))
        parser.add_argument("file", nargs="?", type=Path, help="核对一份公布的日志（JSON），不读数据库")
        parser.add_argument("--rota", type=int, help="只核对这一个轮值（编号）")

    def handle(self, **options: Any) -> None:
        """One line a rota."""
        faults = self._file(options["file"]) if options["file"] else self._stored(options["rota"])
        if faults:
            raise CommandError("\n".join(faults))

    def _stored(self, only: int | None) -> list[str]:
        faults: list[str] = []
        today = timezone.localdate()
        for rota in Rota.objects.filter(pk=only) if only else Rota.objects.order_by("pk"):
            found, wrong = replayed(rota), disagreements(rota)
            order = [one.society for one in next_choice(rota, today, today, found.state).choice.order]
            self._say(str(rota), len(entries_of(rota)), len(found.draws), order, wrong)
            faults += [f"{rota}：{fault}" for fault in wrong]
        return faults

    def _file(self, path: Path) -> list[str]:
        """A published log: its draws against the rule, and the order it leaves when nobody is passed over."""
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            entries = [Entry(int(one["seq"]), str(one["kind"]), one["facts"]) for one in told["entries"]]
            found = replay(str(told["seed"]), entries)
        except (OSError, ValueError, KeyError, TypeError) as fault:
            raise CommandError(f"读不懂这份日志：{fault}") from fault
        order = [one.society for one in choose(found.state, timezone.localdate()).order]
        wrong = [f"日志第 {seq} 行：排出的单位与规则不符" for seq in found.wrong]
        self._say(path.name, len(entries), len(found.draws), order, wrong)
        return wrong

    def _say(self, name: str, lines: int, draws: int, order: list[int], wrong: list[str]) -> None:
        mark = hashlib.sha256(json.dumps(order).encode()).hexdigest()[:16]
        verdict = f"{len(wrong)} 处不符" if wrong else "全部相符"
        self.stdout.write(f"{name}：日志 {lines} 行，排出 {draws} 次，{verdict}；当前次序 {mark}")
