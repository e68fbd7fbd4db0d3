"""`manage duty solve | replan | check | generate`: schedules from a file, re-plans, judges, and makes up a year."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from keyuan.duty.rules.generating import generate
from keyuan.duty.rules.instance import Instance, Out
from keyuan.duty.rules.proposal import OPTIMAL, Proposal, read_proposal
from keyuan.duty.rules.reading import read_text
from keyuan.duty.rules.solving import LIMIT, replan, solve
from keyuan.duty.rules.verifying import verify
from keyuan.kernel.faults import Fault


class Command(BaseCommand):
    """The scheduler's own command (听一课讲一课排期)."""

    help = (
        "听一课讲一课排期：solve 求解、replan 重排、check 复核、generate 造数；格式见 docs/duty-instance.md"
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Four acts, each with its own options."""
        acts = parser.add_subparsers(dest="act", required=True)
        for name in ("solve", "replan"):
            act = acts.add_parser(name)
            act.add_argument("file", type=Path, help="算例文件（JSON）")
            if name == "replan":
                act.add_argument("proposal", type=Path, help="上一方案（solve --json 的输出）")
                for what, title in (("leader", "退出的人"), ("class", "取消的班次"), ("slot", "取消的课次")):
                    act.add_argument(f"--out-{what}", action="append", default=[], metavar="ID", help=title)
            act.add_argument("--limit", type=float, default=LIMIT, help="最多算多少秒")
            act.add_argument("--json", action="store_true", help="输出 JSON")
        act = acts.add_parser("check")
        act.add_argument("file", type=Path, help="算例文件")
        act.add_argument("proposal", type=Path, help="方案文件")
        act.add_argument("--json", action="store_true", help="输出 JSON")
        act = acts.add_parser("generate")
        for what, usual in (("leaders", 207), ("classes", 24), ("slots", 216), ("seed", 1)):
            act.add_argument(f"--{what}", type=int, default=usual)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Do the act; a fault of a file is one clear message and exit 1."""
        try:
            getattr(self, f"_{options['act']}")(options)
        except Fault as fault:
            raise CommandError(fault.message) from fault

    def _solve(self, options: dict[str, Any]) -> None:
        instance = read_text(_text(options["file"]))
        self._show(instance, solve(instance, limit_seconds=_limit(options)), as_json=options["json"])

    def _replan(self, options: dict[str, Any]) -> None:
        instance = read_text(_text(options["file"]))
        previous = read_proposal(_text(options["proposal"]))
        out = Out(
            frozenset(options["out_leader"]), frozenset(options["out_class"]), frozenset(options["out_slot"])
        )
        for ids, known in (
            (out.leaders, instance.leaders), (out.offers, instance.offers), (out.slots, instance.slots)
        ):  # fmt: skip
            for key in sorted(ids - known.keys()):
                raise CommandError(_("算例中没有编号“{id}”，请核对。").format(id=key))
        found = replan(instance, previous, out=out, limit_seconds=_limit(options))
        self._show(instance, found, as_json=options["json"])

    def _check(self, options: dict[str, Any]) -> None:
        instance = read_text(_text(options["file"]))
        verdict = verify(instance, read_proposal(_text(options["proposal"])))
        if options["json"]:
            found = {
                "sound": verdict.sound,
                "faults": verdict.faults,
                "objective": verdict.objective,
                "most_covered": verdict.most_covered,
            }
            self.stdout.write(json.dumps(found, ensure_ascii=False))
        elif verdict.sound:
            self.stdout.write(_("复核无误：逐条规则都符合，目标值复算一致。"))
            self.stdout.write(
                _("排上 {covered} 项；不计同月和讲课人数上限，任何方案最多 {most} 项。").format(
                    covered=verdict.objective["covered"], most=verdict.most_covered
                )
            )
        else:
            self.stdout.write("\n".join(verdict.faults))
        if not verdict.sound:
            raise SystemExit(1)

    def _generate(self, options: dict[str, Any]) -> None:
        sizes = {key: options[key] for key in ("leaders", "classes", "slots")}
        if min(sizes.values()) < 0 or max(sizes.values()) > 5000:
            raise CommandError(_("人数、班数、课次数请写 0 到 5000。"))
        self.stdout.write(json.dumps(generate(**sizes, seed=options["seed"]), ensure_ascii=False, indent=1))

    def _show(self, instance: Instance, found: Proposal, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(found.as_json(), ensure_ascii=False, indent=1))
            return
        write = self.stdout.write
        if instance.title:
            write(instance.title)
        write(_("排上 {covered} 项，共 {duties} 项；其中任期将满的 {urgent} 项。").format(**found.objective))
        for stage in found.stages:
            name = _("一、尽量都排上") if stage.name == "coverage" else _("二、专业、路程、公平、均匀")
            proof = (
                _("已证明最优") if stage.proven else _("未证明最优，至多还能好 {gap}").format(gap=stage.gap)
            )
            write(
                _("{name}：{value}，上界 {bound}，{proof}（{seconds} 秒，{nodes} 个节点）").format(
                    name=name, value=stage.value, bound=stage.bound, proof=proof,
                    seconds=stage.seconds, nodes=stage.nodes,
                )
            )  # fmt: skip
        write(_("结论：最优") if found.status == OPTIMAL else _("结论：可行，尚未证明最优"))
        if found.changes:
            write("\n" + _("与上一方案相比，有 {count} 处调整：").format(count=len(found.changes)))
            for change in found.changes:
                write(f"  {change.why}")
        write("\n" + _("安排："))
        for one in found.assignments:
            write(f"  {one.why}")
        if found.missed:
            write("\n" + _("没有排上："))
            for missed in found.missed:
                write(f"  {missed.why}")


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(_("读不出文件 {path}，请确认路径，并存为 UTF-8。").format(path=path)) from error


def _limit(options: dict[str, Any]) -> float:
    limit: float = options["limit"]
    if not 0 < limit <= 86400:
        raise CommandError(_("--limit 请写 1 到 86400 秒。"))
    return limit
