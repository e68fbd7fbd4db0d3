"""Somebody registered twice in the demo, and the proposal to make one of the two."""

from django.db import transaction

from keyuan.desk.demo.cast import Cast
from keyuan.people import actions as people
from keyuan.people import queries
from keyuan.people.actions import merging
from keyuan.people.models import Merge, Person


@transaction.atomic
def make(cast: Cast) -> None:
    """Once: the second record has the phone of the first and no identity number."""
    if Merge.objects.filter(school=cast.school).exists():
        return
    parts = [person.pk for person in cast.parts.values()]
    first = (
        Person.objects.filter(school=cast.school, demo=True, erased_at=None, organisation__isnull=False)
        .exclude(pk__in=parts)
        .order_by("-pk")
        .first()
    )
    if first is None:
        return
    registrar = cast.actor("registrar")
    facts = people.PersonFacts(
        name=first.name, organisation=first.organisation, phone=queries.phone_of(first), demo=True
    )
    second = people.add_person(registrar, facts=facts)
    merging.propose(
        registrar, kept=first, gone=second, reason="姓名、单位和手机都相同，第二次登记时没有填证件号码"
    )
