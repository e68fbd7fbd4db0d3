"""Judges a proposal independently: it knows the instance and the proposal's file, and nothing of the solver."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from keyuan.duty.rules.instance import ATTEND, KINDS, LECTURE, Instance, Leader, without
from keyuan.duty.rules.proposal import OPTIMAL, Assignment, Proposal


@dataclass(slots=True)
class Verdict:
    """What an independent reckoning says of a proposal (复核结论)."""

    faults: list[str] = field(default_factory=list)
    objective: dict[str, int] = field(default_factory=dict)
    most_covered: int = (
        0  # no plan covers more: matchings of each kind, months and limits of classes left aside
    )

    @property
    def sound(self) -> bool:
        """Whether nothing was found."""
        return not self.faults


def verify(instance: Instance, proposal: Proposal) -> Verdict:
    """Every rule asked again, every figure reckoned again, every reason 'by the rules' tried again."""
    verdict = Verdict()
    if proposal.instance != instance.fingerprint:
        verdict.faults.append(_("方案不是为这个算例做的：指纹不同。请用同一个文件。"))
        return verdict
    left = without(instance, proposal.out)
    unknown = list(_unknown(left, proposal))
    if unknown:
        verdict.faults += unknown
        return verdict
    judge = Judge(left, proposal)
    verdict.faults += [*judge.single(), *judge.shared(), *judge.left_over(), *judge.changed()]
    verdict.objective = judge.objective()
    verdict.faults += judge.figures(verdict.objective)
    verdict.most_covered = sum(_matching(left, kind) for kind in KINDS)
    if len(proposal.assignments) > verdict.most_covered:
        verdict.faults.append(_("排上的项数超过了独立算出的上限 {most}。").format(most=verdict.most_covered))
    return verdict


def _unknown(instance: Instance, proposal: Proposal) -> Iterator[str]:
    duties = [(one.leader, one.kind) for one in proposal.assignments]
    for leader, kind in [*duties, *((one.leader, one.kind) for one in proposal.missed)]:
        if leader not in instance.leaders or kind not in KINDS:
            yield _("{leader} {kind}：算例中没有此人或此项（或已退出）。").format(leader=leader, kind=kind)
    for one in proposal.assignments:
        if one.at not in (instance.offers if one.kind == ATTEND else instance.slots):
            yield _("{leader} {kind}：没有班次或课次 {at}（或已取消）。").format(
                leader=one.leader, kind=one.kind, at=one.at
            )


def forbidden(instance: Instance, leader: Leader, kind: str, at: str) -> Iterator[str]:
    """Each rule that one arrangement alone breaks; who fixed it beforehand judged expertise and distance."""
    class_id = at if kind == ATTEND else instance.slots[at].offer
    offer = instance.offers[class_id]
    first = offer.starts if kind == ATTEND else instance.slots[at].day
    last = offer.ends if kind == ATTEND else instance.slots[at].day
    if last > leader.term_to or first < (leader.term_from or first):
        yield _("不在任期之内")
    for begins, ends in leader.unavailable:
        if not (last < begins or ends < first):
            yield _("本人 {begins} 至 {ends} 没空").format(begins=begins, ends=ends)
    fixed = leader.fixed.get(kind)
    if fixed is not None and fixed != at:
        yield _("事先定下的是 {at}").format(at=fixed)
    theme = instance.slots[at].theme if kind == LECTURE else ""
    if fixed is None and theme and leader.expertise.get(theme, 0) < instance.rules.least_match:
        yield _("专业不符")
    farthest = instance.rules.farthest
    if fixed is None and farthest is not None and instance.distances.of(leader.city, offer.city) > farthest:
        yield _("路程过远")


def _span(instance: Instance, kind: str, at: str) -> tuple[date, date]:
    if kind == LECTURE:
        return instance.slots[at].day, instance.slots[at].day
    return instance.offers[at].starts, instance.offers[at].ends


def _meet(instance: Instance, one: tuple[date, date], other: tuple[date, date]) -> bool:
    """Whether two spans want the same person in one month, or on one day where months may be shared."""
    if instance.rules.once_a_month:
        (a, b), (c, d) = (tuple(day.year * 12 + day.month for day in span) for span in (one, other))
        return a <= d and c <= b
    return one[0] <= other[1] and other[0] <= one[1]


class Judge:
    """One proposal before the rules (复核)."""

    def __init__(self, instance: Instance, proposal: Proposal) -> None:
        self.instance = instance
        self.proposal = proposal
        self.given = proposal.assignments
        self.needed = {(key, kind) for key, leader in instance.leaders.items() for kind in leader.needs}

    def single(self) -> Iterator[str]:
        """Each arrangement by itself."""
        for one in self.given:
            leader = self.instance.leaders[one.leader]
            if one.kind not in leader.needs:
                yield self._said(one, _("此人没有这项任务"))
            for broken in forbidden(self.instance, leader, one.kind, one.at):
                yield self._said(one, broken)

    def shared(self) -> Iterator[str]:
        """What several arrangements share: a duty, a person's month, places, slots, lecturers of a class."""
        for (leader, kind), count in Counter((one.leader, one.kind) for one in self.given).items():
            if count > 1:
                yield _("{leader} {kind}：排了 {count} 次").format(leader=leader, kind=kind, count=count)
        persons: dict[str, list[Assignment]] = defaultdict(list)
        for one in self.given:
            for other in persons[self.instance.leaders[one.leader].person]:
                spans = (_span(self.instance, each.kind, each.at) for each in (one, other))
                if _meet(self.instance, *spans):
                    yield self._said(one, _("与同一人的 {at} 同月或同日").format(at=other.at))
            persons[self.instance.leaders[one.leader].person].append(one)
        guests = Counter(one.at for one in self.given if one.kind == ATTEND)
        speakers = Counter(one.at for one in self.given if one.kind == LECTURE)
        of_class = Counter(self.instance.slots[one.at].offer for one in self.given if one.kind == LECTURE)
        room = {key: offer.places for key, offer in self.instance.offers.items()}
        slots = {key: slot.lecturers for key, slot in self.instance.slots.items()}
        limit = {key: offer.lecturers for key, offer in self.instance.offers.items()}
        for counted, most, words in (
            (guests, room, _("班次 {id}：听课 {count} 人，名额只有 {most} 个")),
            (speakers, slots, _("课次 {id}：{count} 人讲，只要 {most} 人")),
            (of_class, limit, _("班次 {id}：讲课 {count} 人，最多 {most} 人")),
        ):
            for key, count in counted.items():
                if count > most[key]:
                    yield words.format(id=key, count=count, most=most[key])

    def left_over(self) -> Iterator[str]:
        """Nobody is forgotten, and 'nothing allowed' is said exactly of those who have nothing."""
        placed = {(one.leader, one.kind) for one in self.given}
        told = Counter((one.leader, one.kind) for one in self.proposal.missed)
        for leader, kind in sorted(self.needed - placed - told.keys()):
            yield _("{leader} {kind}：既没有排上，也没有说明原因").format(leader=leader, kind=kind)
        for leader, kind in sorted(
            key for key in told if key in placed or key not in self.needed or told[key] > 1
        ):
            yield _("{leader} {kind}：列为未排上，却已排上、重复或没有此项任务").format(
                leader=leader, kind=kind
            )
        for key, owner in self.instance.leaders.items():
            for kind in sorted(owner.fixed.keys() & owner.needs):
                if (key, kind) not in placed:
                    yield _("{leader} {kind}：事先定下的 {at} 没有排").format(
                        leader=key, kind=kind, at=owner.fixed[kind]
                    )
        for one in self.proposal.missed:
            if (one.reason == "rules") != (not self._ways(one.leader, one.kind)):
                yield _("{leader} {kind}：说明的原因与规则不符").format(leader=one.leader, kind=one.kind)

    def _ways(self, key: str, kind: str) -> int:
        """In how many places a duty could be done beside what is fixed beforehand."""
        places = self.instance.offers if kind == ATTEND else self.instance.slots
        return sum(_free(self.instance, self.instance.leaders[key], kind, at) for at in places)

    def changed(self) -> Iterator[str]:
        """The list of changes is exactly the difference from the previous plan."""
        if self.proposal.before is None:
            return
        was = {(leader, kind): at for leader, kind, at in self.proposal.before}
        now = {(one.leader, one.kind): one.at for one in self.given}
        real = {
            (*duty, was.get(duty, ""), now.get(duty, ""))
            for duty in was.keys() | now.keys()
            if was.get(duty) != now.get(duty)
        }
        if real != {(one.leader, one.kind, one.was, one.now) for one in self.proposal.changes}:
            yield _("调整清单与两个方案的差别不符")

    def objective(self) -> dict[str, int]:
        """Every part of the objective, reckoned from the documented formulas."""
        rules, leaders = self.instance.rules, self.instance.leaders
        urgent = [one for one in self.given if leaders[one.leader].term_to <= rules.urgent_until]
        before = set(self.proposal.before or ())
        kept = sum(one.place in before for one in self.given)
        quality = {
            "expertise": rules.weights.expertise * sum(self._match(one) for one in self.given),
            "distance": -rules.weights.distance * sum(self._steps(one) for one in self.given),
            "fairness": -self._unfairness(),
            "spread": -self._crowding(),
        }
        return {
            "urgent": len(urgent),
            "covered": len(self.given),
            "duties": len(self.needed),
            "kept": kept,
            "coverage": self._coverage(len(urgent), kept),
            **quality,
            "quality": sum(quality.values()),
        }

    def _coverage(self, urgent: int, kept: int) -> int:
        ordinary = len(self.given) - urgent
        if self.proposal.before is None:
            return urgent * (len(self.needed) + 1) + ordinary
        moves = self.instance.rules.moves_per_duty
        return urgent * ((2 * moves + 3) * len(self.needed) + 1) + ordinary * (2 * moves + 1) + 2 * kept

    def _match(self, one: Assignment) -> int:
        known = self.instance.leaders[one.leader].expertise
        if one.kind == LECTURE:
            return known.get(self.instance.slots[one.at].theme, 0)
        return max([known.get(theme, 0) for theme in self.instance.offers[one.at].themes], default=0)

    def _steps(self, one: Assignment) -> int:
        class_id = one.at if one.kind == ATTEND else self.instance.slots[one.at].offer
        home, there = self.instance.leaders[one.leader].city, self.instance.offers[class_id].city
        return self.instance.distances.of(home, there) // self.instance.distances.step

    def _unfairness(self) -> int:
        owed = Counter(self.instance.leaders[leader].field for leader, _kind in self.needed)
        done = Counter(self.instance.leaders[one.leader].field for one in self.given)
        weight = self.instance.rules.weights.fairness
        return sum(
            weight * (2 * nth - 1) // size
            for name, size in owed.items()
            for nth in range(1, size - done[name] + 1)
        )

    def _crowding(self) -> int:
        weight = self.instance.rules.weights.spread
        guests = Counter(one.at for one in self.given if one.kind == ATTEND)
        return sum(
            weight * (2 * nth - 1) // max(1, self.instance.offers[at].places)
            for at, count in guests.items()
            for nth in range(1, count + 1)
        )

    def figures(self, objective: dict[str, int]) -> Iterator[str]:
        """The proposal's own figures and proof say what was reckoned here."""
        for key in sorted(objective.keys() | self.proposal.objective.keys()):
            told, real = self.proposal.objective.get(key), objective.get(key)
            if told != real:
                yield _("目标 {key}：方案写 {told}，复算为 {real}").format(key=key, told=told, real=real)
        stages = {stage.name: stage for stage in self.proposal.stages}
        if set(stages) != {"coverage", "quality"}:
            yield _("证明应有 coverage、quality 两步")
            return
        for name, stage in stages.items():
            if stage.value != objective[name] or stage.bound < stage.value:
                yield _("证明的 {name} 一步：值或界与复算不符").format(name=name)
            if stage.proven != (stage.bound == stage.value):
                yield _("证明的 {name} 一步：是否最优与界不符").format(name=name)
        if (self.proposal.status == OPTIMAL) != all(stage.bound == stage.value for stage in stages.values()):
            yield _("状态 {status} 与证明不符").format(status=self.proposal.status)

    def _said(self, one: Assignment, words: str) -> str:
        return f"{one.leader} {one.kind} {one.at}：{words}"


def _free(instance: Instance, leader: Leader, kind: str, at: str) -> bool:
    """Whether one duty could be done in one place if only what is fixed beforehand took place besides."""
    if leader.fixed.get(kind) == at:
        return True
    if any(forbidden(instance, leader, kind, at)):
        return False
    fixed = [
        (other, each, there) for other in instance.leaders.values() for each, there in other.fixed.items()
    ]
    span = _span(instance, kind, at)
    if any(
        other.person == leader.person and _meet(instance, span, _span(instance, each, there))
        for other, each, there in fixed
    ):
        return False
    same = sum(each == kind and there == at for _other, each, there in fixed)
    if kind == ATTEND:
        return same < instance.offers[at].places
    offer = instance.offers[instance.slots[at].offer]
    in_class = sum(
        each == LECTURE and instance.slots[there].offer == offer.id for _other, each, there in fixed
    )
    return same < instance.slots[at].lecturers and in_class < offer.lecturers


def _matching(instance: Instance, kind: str) -> int:
    """The most duties of one kind that any plan covers: a largest matching of duties to seats by augmenting paths."""
    places = instance.offers if kind == ATTEND else instance.slots
    room = {
        at: (instance.offers[at].places if kind == ATTEND else instance.slots[at].lecturers) for at in places
    }
    ways = {
        key: [at for at in places if not any(forbidden(instance, leader, kind, at))]
        for key, leader in instance.leaders.items()
        if kind in leader.needs
    }
    seated: dict[str, list[str]] = {at: [] for at in places}
    sits: dict[str, str] = {}
    return sum(_seat(key, ways, room, seated, sits) for key in ways)


def _seat(
    key: str,
    ways: dict[str, list[str]],
    room: dict[str, int],
    seated: dict[str, list[str]],
    sits: dict[str, str],
) -> bool:
    """Seat one more, moving others along the shortest path to a free seat; False when there is none."""
    reached: dict[str, str] = {}
    waiting = [key]
    for asking in waiting:
        for at in ways[asking]:
            if at in reached:
                continue
            reached[at] = asking
            if len(seated[at]) < room[at]:
                _move_along(at, reached, seated, sits)
                return True
            waiting += seated[at]
    return False


def _move_along(at: str, reached: dict[str, str], seated: dict[str, list[str]], sits: dict[str, str]) -> None:
    free: str | None = at
    while free is not None:
        mover = reached[free]
        left = sits.get(mover)
        if left is not None:
            seated[left].remove(mover)
        seated[free].append(mover)
        sits[mover] = free
        free = left
