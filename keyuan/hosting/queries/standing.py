"""The order of a rota as its log gives it, who cannot be asked for a day and why, and each draw told again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from keyuan.hosting.models import CoHost, Exemption, LogEntry, Member, Passing, Rota, RotaRule, Turn
from keyuan.hosting.rules import spans
from keyuan.hosting.rules.order import Choice, Entry, Replayed, State, choose, replay
from keyuan.orgs.models import Organisation
from keyuan.terms.models import Post
from keyuan.terms.queries import current_terms

HEADS = (Post.Duty.PRESIDENT.value, Post.Duty.CHAIR.value)


def entries_of(rota: Rota) -> list[Entry]:
    """The log as the rule reads it."""
    rows = LogEntry.objects.filter(rota=rota).order_by("seq").values_list("seq", "kind", "facts")
    return [Entry(seq, kind, facts) for seq, kind, facts in rows]


def replayed(rota: Rota, until: int | None = None) -> Replayed:
    """The log read from its beginning; one query."""
    return replay(rota.seed, entries_of(rota), until=until)


def rule_on(rota: Rota, day: date) -> RotaRule:
    """What holds of a rota on a day; before the first rule the usual figures."""
    found = RotaRule.objects.filter(rota=rota, since__lte=day).order_by("-since").first()
    return found or RotaRule(rota=rota, since=day)


def in_election(rota: Rota, day: date, today: date, months: int) -> dict[int, date]:
    """The units that are in 换届 on a day: organisation → when the term of its head ends.

    Within so many months of that end, before or after; and while a term is overdue and the day is near.
    """
    if not months:
        return {}
    rows = current_terms(rota.school_id, HEADS, today, (rota.kind,)).filter(acting=False)
    found: dict[int, date] = {}
    for unit, due, extended in rows.order_by().values_list("organisation_id", "due", "extended_to"):
        end = extended or due
        if end and spans.in_election(end, day, today, months):
            found[unit] = end
    return found


def passed_over(rota: Rota, day: date, today: date, turn: Turn | None = None) -> dict[int, str]:
    """Who cannot be asked for a day, and why: organisation → a code of `rules.explaining`."""
    found: dict[int, str] = {}
    late = Passing.objects.filter(turn__rota=rota, how=Passing.How.DEFERRED, until__gt=day)
    exempt = Exemption.objects.filter(member__rota=rota, starts__lte=day, ends__gte=day, revoked_at=None)
    idle = Member.objects.filter(rota=rota, left_on=None, organisation__active=False)
    found |= dict.fromkeys(idle.values_list("organisation_id", flat=True), "inactive")
    found |= dict.fromkeys(late.values_list("organisation_id", flat=True), "deferred")
    found |= dict.fromkeys(in_election(rota, day, today, rule_on(rota, day).term_months), "term")
    found |= dict.fromkeys(exempt.values_list("member__organisation_id", flat=True), "exempt")
    if turn is not None:
        asked = Passing.objects.filter(turn=turn).exclude(how=Passing.How.CANCELLED)
        helping = CoHost.objects.filter(turn=turn).values_list("organisation_id", flat=True)
        found |= dict.fromkeys(asked.values_list("organisation_id", flat=True), "asked")
        found |= dict.fromkeys(helping, "helps")
    members = set(Member.objects.filter(rota=rota, left_on=None).values_list("organisation_id", flat=True))
    return {unit: code for unit, code in found.items() if unit in members}


@dataclass(frozen=True)
class Drawn:
    """One draw as it was: the outcome, who was passed over and why, and the window it asked for."""

    choice: Choice
    passed: dict[int, str]
    window: int


def drawn(rota: Rota, seq: int) -> Drawn | None:
    """The draw of a line of the log, worked out again from the lines before it."""
    entries = entries_of(rota)
    entry = next((one for one in entries if one.seq == seq and one.kind == "draw"), None)
    if entry is None:
        return None
    _named, choice = replay(rota.seed, entries, until=seq).draws[seq]
    passed = {int(pk): str(code) for pk, code in entry.facts["passed"].items()}
    return Drawn(choice, passed, int(entry.facts["window"]))


def next_choice(rota: Rota, day: date, today: date, state: State, turn: Turn | None = None) -> Drawn:
    """Whom a turn of a day would fall on now."""
    passed, rule = passed_over(rota, day, today, turn), rule_on(rota, day)
    found = choose(state, day, passed=passed, window=rule.window, tolerance=rule.tolerance)
    return Drawn(found, passed, rule.window)


def disagreements(rota: Rota) -> list[str]:
    """Where what is stored is not what the log gives: draws, hosts, units that help. Empty when all agree."""
    found = replayed(rota)
    faults = [f"日志第 {seq} 行：排出的单位与规则不符" for seq in found.wrong]
    held = {turn: one.society for turn, one in found.state.held.items()}
    stored = dict(
        Turn.objects.filter(rota=rota, state__in=("proposed", "invited", "accepted", "done")).values_list(
            "pk", "host_id"
        )
    )
    faults += [
        f"期次 {pk}：登记的承办单位与日志不符"
        for pk in sorted({*held, *stored})
        if held.get(pk) != stored.get(pk)
    ]
    helping = set(CoHost.objects.filter(turn__rota=rota).values_list("turn_id", "organisation_id"))
    faults += [
        f"期次 {turn}：联合承办单位与日志不符" for turn, _unit in sorted(helping ^ set(found.state.helped))
    ]
    numbers = [entry.seq for entry in entries_of(rota)]
    if numbers != list(range(1, len(numbers) + 1)):
        faults.append("日志序号不连续")
    return faults


def names_of(units: Iterable[int]) -> dict[int, str]:
    """Names of units by number, one query."""
    return dict(Organisation.objects.filter(pk__in=list(units)).values_list("pk", "name"))


def turns_to_come(rota: Rota) -> list[Turn]:
    """The turns without a host, the earliest first."""
    return list(Turn.objects.filter(Q(rota=rota), state="open").order_by("planned_on", "pk"))
