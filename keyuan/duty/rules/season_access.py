"""Who sees and makes proposals of a season: the office that arranges, each its own school's."""

from typing import Any

from django.db.models import QuerySet

from keyuan.duty.models import (
    Acceptance,
    AcceptedLine,
    Expertise,
    Proposal,
    Season,
    SeasonClass,
    SeasonSlot,
    Theme,
)
from keyuan.kernel.access import Actor, rule, scope
from keyuan.people.roles import Role

SCHEDULERS = (Role.REGISTRAR.value, Role.DEPARTMENT_HEAD.value)


def _scoped(model: Any, path: str) -> None:
    """Rows of the actor's school, for those who arrange."""

    def seen(actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
        if not actor.roles.intersection(SCHEDULERS):
            return rows.none()
        return rows.filter(**{path: actor.school_id or 0})

    scope(model)(seen)


for _model, _path in (
    (Theme, "school"),
    (Expertise, "theme__school"),
    (Season, "school"),
    (SeasonClass, "season__school"),
    (SeasonSlot, "season__school"),
    (Proposal, "season__school"),
    (Acceptance, "proposal__season__school"),
    (AcceptedLine, "acceptance__proposal__season__school"),
):
    _scoped(_model, _path)


def _school_of(thing: Any) -> int:
    if isinstance(thing, Proposal):
        return thing.season.school_id
    if isinstance(thing, Acceptance):
        return thing.proposal.season.school_id
    return int(thing.school_id)


@rule("duty.schedule", title="排期：谁听哪一课、谁讲哪一课", roles=SCHEDULERS, limits="本校")
def may_schedule(actor: Actor, thing: Any) -> bool:
    """Registrars and heads of departments, for their school."""
    return thing is None or _school_of(thing) == actor.school_id
