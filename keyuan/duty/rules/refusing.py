"""Why a duty could not be placed, found by checking and never by guessing."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from keyuan.duty.rules.instance import ATTEND, Instance, Leader
from keyuan.duty.rules.occupancy import CAP, FULL, OWN, SLOT, Occupancy, far_words, kind_words, name_of
from keyuan.duty.rules.options import SINGLE, Duty, Field, Option, clash, option
from keyuan.duty.rules.proposal import Missed

SHOWN = 4


class Refusals:
    """The reasons of one plan (未排上的原因); `covered` says whether its first step is proven best."""

    def __init__(self, field: Field, occupancy: Occupancy, *, covered: bool, replanned: bool) -> None:
        self.field = field
        self.instance = field.instance
        self.occupancy = occupancy
        self.covered = covered
        self.replanned = replanned

    def reason(self, duty: Duty) -> Missed:
        """The exact reason: `rules` nothing allowed, `own` at odds with himself, `joint` others, or `unproven`."""
        options = self.field.options[duty]
        if not options:
            return self._by_rules(duty)
        person = self.instance.leaders[duty[0]].person
        mine = [self.field.options[one.duty] for one in self.occupancy.of_person[person]]
        if mine and not _together(self.instance, [options, *mine], []):
            return self._by_own(duty)
        return self._by_others(duty, options)

    def _by_rules(self, duty: Duty) -> Missed:
        leader = self.instance.leaders[duty[0]]
        every = [option(self.instance, leader, duty[1], at) for at in self.field.everywhere(duty[1])]
        refused = [frozenset(self.field.refusals(one)) for one in every]
        left, steps = len(refused), []
        for n, rule in enumerate(SINGLE):
            still = sum(rules.isdisjoint(SINGLE[: n + 1]) for rules in refused)
            if still < left or rule == "term":
                steps.append(self._step(rule, leader, duty[1], still))
            left = still
        binding = _binding(refused)
        total = (_("共 {count} 个班次") if duty[1] == ATTEND else _("共 {count} 个课次")).format(
            count=len(every)
        )
        words = _("{name}的{kind}：{total}，{steps}。").format(
            name=name_of(self.instance, leader.id),
            kind=kind_words(duty[1]),
            total=total,
            steps="，".join(steps),
        )
        return Missed(*duty, "rules", binding, (), words + _relief(refused, binding))

    def _step(self, rule: str, leader: Leader, kind: str, count: int) -> str:
        words = {
            "term": _("任期 {to} 届满，任期内能完成的 {count} 个"),
            "places": _("设有名额的 {count} 个"),
            "match": _("与其专业相符的 {count} 个"),
            "far": _("路程不超过 {far} 的 {count} 个"),
            "unavailable": _("本人有空的 {count} 个"),
            "taken": _("没有被事先定满的 {count} 个"),
            "own": _("不与本人既定安排相撞的 {count} 个"),
        }[rule]
        far = far_words(self.instance, self.instance.rules.farthest or 0)
        return words.format(count=count, to=leader.term_to, far=far)

    def _by_own(self, duty: Duty) -> Missed:
        person = self.instance.leaders[duty[0]].person
        held = "、".join(f"{kind_words(one.kind)} {one.at}" for one in self.occupancy.of_person[person])
        rule = _("一人一个月只安排一次") if self.instance.rules.once_a_month else _("一人同一天只安排一次")
        words = _(
            "{name}的{kind}：可选的 {count} 个与此人其他任务的全部可选日期相撞（{rule}），即使没有别人也不能都排上；"
            "已排{held}。"
        ).format(
            name=name_of(self.instance, duty[0]), kind=kind_words(duty[1]),
            count=len(self.field.options[duty]), rule=rule, held=held,
        )  # fmt: skip
        return Missed(*duty, "own", ("own",), (), words)

    def _by_others(self, duty: Duty, options: list[Option]) -> Missed:
        obstacles = [list(self.occupancy.obstacles(one)) for one in options]
        head = _("{name}的{kind}：").format(name=name_of(self.instance, duty[0]), kind=kind_words(duty[1]))
        if not self.covered or not all(obstacles):
            words = _("合乎规定的有 {count} 个，限定时间内没有排上，也没有证明排不上；请放宽时限再算。")
            return Missed(*duty, "unproven", (), (), head + words.format(count=len(options)))
        told = {one.words: one for row in obstacles for one in row}
        shown = "；".join(list(told)[:SHOWN]) + (_("等") if len(told) > SHOWN else "")
        words = _("合乎规定的 {count} 个都被占用：{shown}。").format(count=len(options), shown=shown)
        words += self._shortage(duty) + self._proof()
        exhausted = {one.resource for one in told.values() if one.kind in {FULL, SLOT, CAP}}
        kinds = sorted({one.kind for one in told.values()}, key=[FULL, SLOT, CAP, OWN].index)
        return Missed(*duty, "joint", tuple(kinds), tuple(sorted(exhausted)), head + words)

    def _proof(self) -> str:
        if self.replanned:
            return _("已证明：要排上此项，必有别的任务落下，或要改动 {moves} 项以上已定的安排。").format(
                moves=self.instance.rules.moves_per_duty
            )
        return _("已证明：要排上此项，必有别的任务落下。")

    def _shortage(self, duty: Duty) -> str:
        """Where a set of places has provably too many who can go nowhere else: those figures, else nothing."""
        kind = duty[1]
        places = {one.at for one in self.field.options[duty]}
        waiting = sorted(places)
        while waiting:
            at = waiting.pop()
            if not self.occupancy.is_full(kind, at):
                return ""
            for holder in self.occupancy.at[kind, at]:
                fresh = {one.at for one in self.field.options[holder.duty]} - places
                places |= fresh
                waiting += sorted(fresh)
        room = sum(self.occupancy.capacity(kind, at) for at in places)
        bound = [
            one for one in self.field.duties
            if one[1] == kind and self.field.options[one] and {o.at for o in self.field.options[one]} <= places
        ]  # fmt: skip
        words = (
            _("只能去这 {count} 个班次的有 {people} 人，名额共 {room} 个。")
            if kind == ATTEND
            else _("只能讲这 {count} 个课次的有 {people} 人，共需 {room} 人讲。")
        )
        return words.format(count=len(places), people=len(bound), room=room)


def _binding(refused: Sequence[frozenset[str]]) -> tuple[str, ...]:
    """Each rule that alone stands in some option's way; where several always stand together, the fewest that do."""
    if not refused:
        return ()
    fewest = min(map(len, refused))
    found = {rule for rules in refused if len(rules) == fewest for rule in rules}
    return tuple(rule for rule in SINGLE if rule in found)


def rule_words(rule: str) -> str:
    """A single rule's name in words."""
    return {
        "term": _("任期"),
        "places": _("不设名额"),
        "match": _("专业不符"),
        "far": _("路程过远"),
        "unavailable": _("本人没空"),
        "taken": _("名额事先定满"),
        "own": _("与本人既定安排相撞"),
    }[rule]


def _relief(refused: Sequence[frozenset[str]], binding: Iterable[str]) -> str:
    """What would open a way: each single rule with how many, or that one rule is not enough."""
    if not refused:
        return ""
    fewest = min(map(len, refused))
    if fewest > 1:
        names = sorted({"＋".join(rule_words(rule) for rule in SINGLE if rule in rules)
                        for rules in refused if len(rules) == fewest})  # fmt: skip
        return _("只改变一个条件都不够，至少要同时改变：{names}。").format(names=_("，或").join(names[:3]))
    parts = [
        _("{rule}（若无此限，有 {count} 个）").format(
            rule=rule_words(rule), count=sum(rules == {rule} for rules in refused)
        )
        for rule in binding
    ]
    return _("起决定作用的是：{parts}。").format(parts="、".join(parts))


def _together(instance: Instance, rows: list[list[Option]], taken: list[Option]) -> bool:
    """Whether one person could do one option of each row."""
    if not rows:
        return True
    return any(
        _together(instance, rows[1:], [*taken, one])
        for one in rows[0]
        if not any(clash(instance, one, other) for other in taken)
    )
