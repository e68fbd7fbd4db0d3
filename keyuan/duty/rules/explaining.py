"""Says in words why each duty is placed where it is, why some are not, and what a new plan changed."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from keyuan.duty.rules.instance import ATTEND, Out
from keyuan.duty.rules.occupancy import Occupancy, far_words, kind_words, name_of, place_words
from keyuan.duty.rules.options import Duty, Field, Option, option
from keyuan.duty.rules.proposal import Assignment, Change, Missed, Place
from keyuan.duty.rules.refusing import Refusals, rule_words

SHOWN = 3


def staircase(weight: int, size: int) -> list[int]:
    """What the first, second, … of `size` costs: growing, so that unevenness costs more; k of them cost w·k²/size."""
    return [weight * (2 * k - 1) // size for k in range(1, size + 1)]


class Words:
    """The reasons of one plan (方案说明)."""

    def __init__(
        self,
        field: Field,
        chosen: list[Option],
        *,
        covered: bool,
        proven: bool,
        before: tuple[Place, ...] | None,
    ) -> None:
        self.field = field
        self.instance = field.instance
        self.chosen = chosen
        self.proven = proven
        self.before = before
        self.occupancy = Occupancy(field.instance, chosen)
        self.refusals = Refusals(field, self.occupancy, covered=covered, replanned=before is not None)
        self._placed = {one.duty: one for one in chosen}

    def choices(self) -> Iterator[Assignment]:
        """Every arrangement with its reason."""
        for one in self.chosen:
            yield Assignment(one.leader, one.kind, one.at, self._why(one))

    def missed(self) -> Iterator[Missed]:
        """Every duty left over with its reason."""
        for duty in self.field.duties:
            if duty not in self._placed:
                yield self.refusals.reason(duty)

    def _why(self, one: Option) -> str:
        head = _(
            "{name}{kind}：{place}，任期 {to} 届满之前；主题相符 {match}（满分 10），路程 {far}。"
        ).format(
            name=name_of(self.instance, one.leader),
            kind=kind_words(one.kind),
            place=place_words(self.instance, one.kind, one.at),
            to=self.instance.leaders[one.leader].term_to,
            match=one.match,
            far=far_words(self.instance, one.distance),
        )
        if one.duty in self.field.fixed:
            return head + _("事先已定。")
        if (one.leader, one.kind, one.at) in (self.before or ()):
            return head + _("与上一方案相同：先求少改动，再比专业和路程。")
        return head + self._rank(one)

    def _rank(self, one: Option) -> str:
        options = self.field.options[one.duty]
        better = sorted((o for o in options if o.points > one.points), key=lambda o: (-o.points, o.at))
        if len(options) == 1:
            return _("合乎各项规定的只有这一个。")
        if not better:
            return _("合乎各项规定的有 {count} 个，没有专业和路程更合适的。").format(count=len(options))
        told = "；".join(self._why_not(other, one) for other in better[:SHOWN])
        more = _("等") if len(better) > SHOWN else ""
        return _("合乎各项规定的有 {count} 个，专业和路程更合适的有 {better} 个：{told}{more}。").format(
            count=len(options), better=len(better), told=told, more=more
        )

    def _why_not(self, other: Option, one: Option) -> str:
        obstacle = next(self.occupancy.obstacles(other, instead_of=one), None)
        if obstacle is not None:
            return obstacle.words
        gain = other.points - one.points
        loss = self._crowding(other, one)
        if gain <= loss:
            return _("改到 {id} 专业和路程多 {gain} 分，但各班人数更不均匀，少 {loss} 分").format(
                id=other.at, gain=gain, loss=loss
            )
        if self.before is not None and self.proven:
            return _("改到 {id} 要多改动上一方案").format(id=other.at)
        return _("改到 {id} 可多 {gain} 分，限定时间内还没有算到最优").format(id=other.at, gain=gain - loss)

    def _crowding(self, other: Option, one: Option) -> int:
        """What evenness loses when a guest moves from one class to another."""
        if one.kind != ATTEND:
            return 0
        weight = self.instance.rules.weights.spread
        there = staircase(weight, self.instance.offers[other.at].places)
        here = staircase(weight, self.instance.offers[one.at].places)
        return (
            there[len(self.occupancy.at[ATTEND, other.at])] - here[len(self.occupancy.at[ATTEND, one.at]) - 1]
        )

    def changes(self, out: Out) -> Iterator[Change]:
        """What differs from the previous plan, each with its reason; nothing when there was none."""
        if self.before is None:
            return
        was: dict[Duty, str] = {(leader, kind): at for leader, kind, at in self.before}
        now = {duty: one.at for duty, one in self._placed.items()}
        for duty in sorted(was.keys() | now.keys()):
            old, new = was.get(duty, ""), now.get(duty, "")
            if old != new:
                yield Change(*duty, old, new, self._why_changed(duty, old, new, out))

    def _why_changed(self, duty: Duty, old: str, new: str, out: Out) -> str:
        leader, kind = duty
        if leader not in self.instance.leaders or duty not in self.field.options:
            return _("{leader} 已退出或不再有此任务，空出 {old}。").format(leader=leader, old=old)
        head = _("{name}的{kind}：").format(name=name_of(self.instance, leader), kind=kind_words(kind))
        if not old:
            return head + _("上一方案没有排上，现排在 {new}。").format(new=new)
        left = self._why_left(duty, old)
        if new:
            return head + left + _("改到 {new}。").format(new=new)
        return head + left + _("没有排上。") + self.refusals.reason(duty).why

    def _why_left(self, duty: Duty, old: str) -> str:
        leader, kind = duty
        if old not in self.field.everywhere(kind):
            return _("原定的 {old} 已取消，").format(old=old)
        there = option(self.instance, self.instance.leaders[leader], kind, old)
        if there not in self.field.options[duty]:
            rules = "、".join(rule_words(rule) for rule in self.field.refusals(there)) or _(
                "另有事先定下的安排"
            )
            return _("原定的 {old} 已不合规定（{rules}），").format(old=old, rules=rules)
        obstacle = next(self.occupancy.obstacles(there, instead_of=self._placed.get(duty)), None)
        if obstacle is None:
            return _("限定时间内没有证明必须改动，")
        return _("为排上更多的任务让出 {old}（{words}），").format(old=old, words=obstacle.words)
