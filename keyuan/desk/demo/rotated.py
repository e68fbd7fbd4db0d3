"""Rotation training in the demo: the usual requirements, labels, a named list, somebody exempt, a list turned into places."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from keyuan.desk.demo.cast import Cast
from keyuan.kernel.faults import Fault
from keyuan.rotation import actions
from keyuan.rotation.models import CohortLabel, Requirement
from keyuan.rotation.queries.coverage import coverage
from keyuan.rotation.queries.quota import classes_to_fill


@transaction.atomic
def make(cast: Cast) -> None:
    """Once: everything a clerk would have laid down in the first month."""
    if Requirement.objects.filter(school=cast.school).exists():
        return
    registrar = cast.actor("registrar")
    actions.load_defaults(registrar, school=cast.school)
    crowd = [person for some in cast.people.values() for person in some[:3]][:60]
    for place, name in enumerate(("县处级及以上干部", "专业技术人员")):
        label = CohortLabel.objects.get(school=cast.school, name=name)
        for person in crowd[place * 20 : place * 20 + 20]:
            actions.label_person(registrar, label=label, person=person, starts=date(2020, 1, 1))
    targeted = Requirement.objects.filter(school=cast.school, kind=Requirement.Kind.TARGETED).first()
    if targeted is None:
        return
    for person in crowd[40:52]:
        actions.list_person(registrar, requirement=targeted, person=person, note="演示名单")
    actions.exempt(registrar, requirement=targeted, persons=crowd[40:41], reason="驻外工作（演示）")
    _places(cast, targeted)


def _places(cast: Cast, requirement: Requirement) -> None:
    """The list as places of the first class that has room for it."""
    registrar, today = cast.actor("registrar"), timezone.localdate()
    lines = [line for line in coverage(registrar, requirement, today).lines if line.standing.is_due]
    for held in classes_to_fill(registrar):
        try:
            with transaction.atomic():
                actions.draw_quota(
                    registrar, requirement=requirement, training_class=held, lines=lines[:2], mode="add"
                )
        except Fault:
            continue
        return
