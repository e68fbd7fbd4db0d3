"""Who sees which rota and turn, who keeps the rota, and who acts for a host."""

from typing import Any

from django.db.models import Q, QuerySet

from keyuan.hosting.models import (
    CoHost,
    Exemption,
    Headcount,
    Lecturer,
    LogEntry,
    Member,
    Nudge,
    Passing,
    Report,
    Rota,
    RotaRule,
    Swap,
    Task,
    TaskTemplate,
    Turn,
)
from keyuan.kernel.access import Actor, rule, scope
from keyuan.people.roles import OFFICE, Role

SEERS = (*OFFICE, Role.LIAISON.value)
KEEPERS = (Role.REGISTRAR.value, Role.LEADER.value)
WHOLE = frozenset(("system", *OFFICE))


def unit_of(actor: Actor) -> int:
    """The unit a liaison acts for, 0 for nobody else."""
    return (actor.organisation_id or 0) if Role.LIAISON in actor.roles else 0


@scope(Rota)
def rotas_i_see(actor: Actor, rows: QuerySet[Rota]) -> QuerySet[Rota]:
    """The office its school's; a liaison those the unit takes part in: the order is published among them."""
    rows = rows.filter(school_id=actor.school_id or 0)
    if actor.roles & WHOLE:
        return rows
    return rows.filter(
        pk__in=Member.objects.filter(organisation_id=unit_of(actor), left_on=None).values("rota_id")
    )


def _rotas(actor: Actor) -> QuerySet[Any]:
    rows: QuerySet[Any] = rotas_i_see(actor, Rota.objects.order_by()).values("pk")
    return rows


@scope(RotaRule)
def rules_i_see(actor: Actor, rows: QuerySet[RotaRule]) -> QuerySet[RotaRule]:
    """With their rota."""
    return rows.filter(rota__in=_rotas(actor))


@scope(Member)
def members_i_see(actor: Actor, rows: QuerySet[Member]) -> QuerySet[Member]:
    """With their rota."""
    return rows.filter(rota__in=_rotas(actor))


@scope(LogEntry)
def log_i_see(actor: Actor, rows: QuerySet[LogEntry]) -> QuerySet[LogEntry]:
    """With its rota: whoever takes part may reckon the order again."""
    return rows.filter(rota__in=_rotas(actor))


@scope(TaskTemplate)
def templates_i_see(actor: Actor, rows: QuerySet[TaskTemplate]) -> QuerySet[TaskTemplate]:
    """With their rota."""
    return rows.filter(rota__in=_rotas(actor))


@scope(Turn)
def turns_i_see(actor: Actor, rows: QuerySet[Turn]) -> QuerySet[Turn]:
    """With their rota; a liaison sees no turn of another unit before it is settled."""
    rows = rows.filter(rota__in=_rotas(actor))
    if actor.roles & WHOLE:
        return rows
    return rows.filter(Q(host_id=unit_of(actor)) | ~Q(state="proposed"))


def works_on(actor: Actor) -> Q:
    """The turns whose inner work an actor sees: all for the office, those hosted or helped with for a liaison."""
    if actor.roles & WHOLE:
        return Q()
    unit = unit_of(actor)
    return Q(host_id=unit) | Q(pk__in=CoHost.objects.filter(organisation_id=unit).values("turn_id"))


def _worked(actor: Actor) -> QuerySet[Any]:
    rows: QuerySet[Any] = turns_i_see(actor, Turn.objects.order_by()).filter(works_on(actor)).values("pk")
    return rows


@scope(Exemption)
def exemptions_i_see(actor: Actor, rows: QuerySet[Exemption]) -> QuerySet[Exemption]:
    """The office its school's; a liaison the unit's own."""
    rows = rows.filter(member__rota__in=_rotas(actor))
    return rows if actor.roles & WHOLE else rows.filter(member__organisation_id=unit_of(actor))


@scope(Passing)
def passings_i_see(actor: Actor, rows: QuerySet[Passing]) -> QuerySet[Passing]:
    """The office its school's; a liaison the unit's own."""
    rows = rows.filter(turn__rota__in=_rotas(actor))
    return rows if actor.roles & WHOLE else rows.filter(organisation_id=unit_of(actor))


@scope(CoHost)
def co_hosts_i_see(actor: Actor, rows: QuerySet[CoHost]) -> QuerySet[CoHost]:
    """With their turn."""
    return rows.filter(turn__rota__in=_rotas(actor))


@scope(Swap)
def swaps_i_see(actor: Actor, rows: QuerySet[Swap]) -> QuerySet[Swap]:
    """The office its school's; a liaison those the unit is part of."""
    rows = rows.filter(turn__rota__in=_rotas(actor))
    if actor.roles & WHOLE:
        return rows
    return rows.filter(Q(host_id=unit_of(actor)) | Q(other_host_id=unit_of(actor)))


@scope(Task)
def tasks_i_see(actor: Actor, rows: QuerySet[Task]) -> QuerySet[Task]:
    """Who works on the turn."""
    return rows.filter(turn__in=_worked(actor))


@scope(Lecturer)
def lecturers_i_see(actor: Actor, rows: QuerySet[Lecturer]) -> QuerySet[Lecturer]:
    """Who works on the turn."""
    return rows.filter(turn__in=_worked(actor))


@scope(Headcount)
def headcounts_i_see(actor: Actor, rows: QuerySet[Headcount]) -> QuerySet[Headcount]:
    """Who works on the turn."""
    return rows.filter(turn__in=_worked(actor))


@scope(Nudge)
def nudges_i_see(actor: Actor, rows: QuerySet[Nudge]) -> QuerySet[Nudge]:
    """Who works on the turn."""
    return rows.filter(turn__in=_worked(actor))


@scope(Report)
def reports_i_see(actor: Actor, rows: QuerySet[Report]) -> QuerySet[Report]:
    """Who works on the turn."""
    return rows.filter(turn__in=_worked(actor))


def _school_of(thing: Any) -> int | None:
    """The school of a rota or of whatever hangs on one."""
    for name in ("member", "turn", "rota"):
        thing = getattr(thing, name, thing)
    found: int | None = getattr(thing, "school_id", None)
    return found


def _inside(actor: Actor, thing: Any) -> bool:
    return actor.school_id is not None and (thing is None or _school_of(thing) == actor.school_id)


@rule("hosting.see", title="查看承办轮值", roles=SEERS, limits="本校；联络员限本单位参加的轮值")
def may_see(actor: Actor, thing: Any) -> bool:
    """The office in its school; who takes part sees the order and the reasons."""
    return _inside(actor, thing)


@rule("hosting.keep", title="管理承办轮值", roles=KEEPERS, limits="本校")
def may_keep(actor: Actor, thing: Any) -> bool:
    """Registrar and leader, in the own school."""
    return _inside(actor, thing)


@rule("hosting.answer", title="答复承办邀请和办理对调", roles=SEERS, limits="本校；联络员限本单位承办的期次")
def may_answer(actor: Actor, thing: Any) -> bool:
    """The host's liaison; the office enters it for a unit that answered by letter."""
    if not _inside(actor, thing):
        return False
    turn = thing.turn if isinstance(thing, Swap) else thing
    keeps = bool(actor.roles.intersection(("system", *KEEPERS)))
    return keeps or (unit_of(actor) != 0 and getattr(turn, "host_id", None) == unit_of(actor))


@rule("hosting.agree", title="同意与本单位对调", roles=SEERS, limits="本校；联络员限本单位的期次")
def may_agree(actor: Actor, thing: Any) -> bool:
    """The liaison of the other turn's host alone; the office enters it for them."""
    if not _inside(actor, thing):
        return False
    keeps = bool(actor.roles.intersection(("system", *KEEPERS)))
    return keeps or (unit_of(actor) != 0 and getattr(thing, "other_host_id", None) == unit_of(actor))


@rule(
    "hosting.work",
    title="办理承办任务和报送总结",
    roles=SEERS,
    limits="本校；联络员限本单位承办或联合承办的期次",
)
def may_work(actor: Actor, thing: Any) -> bool:
    """Host and co-hosts; the office for them."""
    if not _inside(actor, thing):
        return False
    if actor.roles.intersection(("system", *KEEPERS)):
        return True
    turn, unit = (thing if isinstance(thing, Turn) else thing.turn), unit_of(actor)
    return unit != 0 and (
        turn.host_id == unit or any(one.organisation_id == unit for one in turn.co_hosts.all())
    )


@rule("hosting.export", title="导出承办轮值", roles=SEERS, limits="限本人可见的内容")
def may_export(actor: Actor, _thing: Any) -> bool:
    """What one sees anyway."""
    return actor.school_id is not None
