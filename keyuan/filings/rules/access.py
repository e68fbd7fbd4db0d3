"""Who sees which frames and filings, who files, and who receives."""

from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Substr

from keyuan.filings.models import (
    Demonstration,
    Filing,
    Frame,
    FrameType,
    Line,
    Outcome,
    Reminder,
    SubSchool,
    Version,
)
from keyuan.kernel.access import Actor, rule, scope
from keyuan.orgs.models import Organisation
from keyuan.people.roles import OFFICE, Role

SEERS = (*OFFICE, Role.LIAISON.value)


def _sees_school(actor: Actor) -> bool:
    return "system" in actor.roles or bool(actor.roles.intersection(OFFICE))


def answers_for(actor: Actor) -> Q:
    """The filings the actor answers for: of the unit a liaison acts for, of the unit a sub-school's registrar is."""
    mine = Q(pk__in=())
    if Role.LIAISON in actor.roles and actor.organisation_id:
        mine |= Q(organisation_id=actor.organisation_id, frame__school_id=actor.school_id or 0)
    if Role.REGISTRAR in actor.roles and actor.school_id:
        units = SubSchool.objects.filter(school_id=actor.school_id).values("organisation_id")
        mine |= Q(organisation_id__in=units)
    return mine


def _of_city(actor: Actor) -> Q:
    """The filings a city association reads: of the units in its city, by the first four figures of their code."""
    if Role.LIAISON not in actor.roles or not actor.organisation_id:
        return Q(pk__in=())
    unit = Organisation.objects.filter(pk=actor.organisation_id, kind=Organisation.Kind.CITY_ASSOCIATION)
    city = unit.exclude(city_code="").annotate(city=Substr("city_code", 1, 4)).values("city")
    units = Organisation.objects.filter(school_id=actor.school_id or 0).exclude(city_code="")
    return Q(organisation__in=units.annotate(city=Substr("city_code", 1, 4)).filter(city__in=city))


@scope(Filing)
def filings_i_see(actor: Actor, rows: QuerySet[Filing]) -> QuerySet[Filing]:
    """The office its school's; a unit its own; a city association also those of its city, to read."""
    seen = answers_for(actor) | _of_city(actor)
    if _sees_school(actor):
        seen |= Q(frame__school_id=actor.school_id or 0)
    return rows.filter(seen)


def own_filings(actor: Actor) -> QuerySet[Filing]:
    """The filings the actor answers for."""
    return Filing.objects.filter(answers_for(actor))


@scope(Frame)
def frames_i_see(actor: Actor, rows: QuerySet[Frame]) -> QuerySet[Frame]:
    """The office its school's; a unit those that ask something of it."""
    seen = Q(pk__in=own_filings(actor).values("frame_id"))
    if _sees_school(actor):
        seen |= Q(school_id=actor.school_id or 0)
    return rows.filter(seen)


@scope(FrameType)
def types_i_see(actor: Actor, rows: QuerySet[FrameType]) -> QuerySet[FrameType]:
    """As the frame."""
    return rows.filter(frame__in=frames_i_see(actor, Frame.objects.all()))


@scope(Demonstration)
def demonstrations_i_see(actor: Actor, rows: QuerySet[Demonstration]) -> QuerySet[Demonstration]:
    """As the frame."""
    return rows.filter(frame__in=frames_i_see(actor, Frame.objects.all()))


@scope(Line)
@scope(Outcome)
@scope(Version)
@scope(Reminder)
def parts_i_see(actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
    """As the filing."""
    return rows.filter(filing__in=filings_i_see(actor, Filing.objects.all()))


@scope(SubSchool)
def sub_schools_i_see(actor: Actor, rows: QuerySet[SubSchool]) -> QuerySet[SubSchool]:
    """The office those of its school's units; a sub-school itself."""
    if not _sees_school(actor):
        return rows.none()
    return rows.filter(Q(organisation__school_id=actor.school_id or 0) | Q(school_id=actor.school_id or 0))


def _school_of(thing: Any) -> int | None:
    """The school a frame, a filing or a sub-school's unit belongs to."""
    if isinstance(thing, Filing):
        return thing.frame.school_id
    found: int | None = getattr(thing, "school_id", None)
    return found


def _own_school(actor: Actor, thing: Any) -> bool:
    return actor.school_id is not None and (thing is None or _school_of(thing) == actor.school_id)


@rule(
    "filings.see",
    title="查看报备",
    roles=SEERS,
    limits="本校；联络员限本单位，市科协联络员可看本市各单位；分校限本校",
)
def may_see(actor: Actor, thing: Any) -> bool:
    """Whoever the scope shows it to."""
    if thing is None:
        return actor.school_id is not None
    rows: Any = type(thing)._default_manager.filter(pk=thing.pk)
    seen: QuerySet[Any] = (
        filings_i_see(actor, rows) if isinstance(thing, Filing) else frames_i_see(actor, rows)
    )
    return seen.exists()


@rule("filings.frame", title="拟订和下发统筹要求", roles=(Role.REGISTRAR,), limits="本校")
def may_frame(actor: Actor, thing: Any) -> bool:
    """The registrar, for the own school's units."""
    return _own_school(actor, thing)


@rule(
    "filings.file",
    title="填报计划和总结",
    roles=(Role.LIAISON, Role.REGISTRAR),
    limits="联络员限本单位；教务员可代本校各单位填报；分校教务限本校",
)
def may_file(actor: Actor, thing: Any) -> bool:
    """A liaison for the own unit, a sub-school's registrar for it; the registrar in anybody's stead."""
    if thing is None:
        return actor.school_id is not None
    if Role.REGISTRAR in actor.roles and _own_school(actor, thing):
        return True
    return own_filings(actor).filter(pk=thing.pk).exists()


@rule("filings.receive", title="签收、退回和审定报备", roles=(Role.REGISTRAR,), limits="本校")
def may_receive(actor: Actor, thing: Any) -> bool:
    """The registrar, for the own school's units."""
    return _own_school(actor, thing)


@rule("filings.remind", title="催报", roles=(Role.REGISTRAR,), limits="本校")
def may_remind(actor: Actor, thing: Any) -> bool:
    """The registrar; the system at its distances."""
    return _own_school(actor, thing)


@rule(
    "filings.reveal",
    title="查看报备联系电话",
    roles=(Role.REGISTRAR, Role.LIAISON),
    limits="本校；联络员限本单位",
)
def may_reveal(actor: Actor, thing: Any) -> bool:
    """Whoever may file it or receive it; every look is written down."""
    return may_file(actor, thing)


@rule("filings.export", title="导出报备", roles=SEERS, limits="本校；联络员限本单位和本市各单位")
def may_export(actor: Actor, thing: Any) -> bool:
    """What one sees anyway."""
    return may_see(actor, thing)
