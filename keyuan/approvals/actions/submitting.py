"""Registering what can be approved, and putting a thing before its chain."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.approvals.actions.chains import stored_chain
from keyuan.approvals.flows import due_on, tell_deciders
from keyuan.approvals.models import Request
from keyuan.approvals.rules import KINDS, Fact, Kind, StepFacts, applicable
from keyuan.approvals.rules.kinds import Followed, Seen, Words, register
from keyuan.kernel import audit, hours
from keyuan.kernel.access import Actor, require
from keyuan.kernel.faults import Conflict, Fault
from keyuan.orgs.models import Organisation

audit.sentence("approvals.submitted", "提交审批：{thing}")


def kind(
    key: str,
    title: Words,
    *,
    steps: Sequence[StepFacts],
    on_approved: Followed,
    on_returned: Followed | None = None,
    on_withdrawn: Followed | None = None,
    on_passed: Followed | None = None,
    may_see: Seen | None = None,
    link: Callable[[int], str] | None = None,
    facts: Mapping[str, Fact] | None = None,
    bulk: bool = False,
) -> Kind:
    """Register a kind of thing to approve, from a room above; see `Kind` for what the functions promise.

    `steps` is the chain of a school that has laid down none; `link(about_id)` where the thing is shown;
    `bulk` whether several may be agreed to at once.
    """
    shipped, titles = tuple(steps), dict(facts or {})
    return register(
        Kind(
            key,
            title,
            shipped,
            on_approved,
            on_returned,
            on_withdrawn,
            may_see,
            link,
            titles,
            bulk,
            on_passed,
        )
    )


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return hours.plain(value)
    return value.isoformat() if isinstance(value, date) else str(value)


@transaction.atomic
def submit(
    actor: Actor,
    kind: str,
    *,
    about: Model,
    facts: Mapping[str, Any],
    title: str = "",
    organisation: Organisation | None = None,
) -> Request:
    """Put a thing before the chain of its kind that holds today; facts and chain stay as they are now.

    The caller has asked its own right over the thing. `organisation` is the lead department, where a step asks
    its head. Facts hold figures and words of the thing, no personal data. Raises Conflict when a request about
    the thing is in progress already, Fault when no step applies or a step's figure is missing.
    """
    found = KINDS[kind]
    request = Request(
        school_id=actor.school_id or 0, kind=kind, about_label=about._meta.label, about_id=about.pk,
        title=(title or str(about))[:120], link=found.link(about.pk) if found.link else "", organisation=organisation,
        facts={name: _plain(value) for name, value in facts.items() if value is not None},
        submitted_by_id=actor.person_id, submitted_at=timezone.now(),
    )  # fmt: skip
    require(actor, "approvals.submit", request)
    _begin(request)
    audit.record(
        actor,
        "approvals.submitted",
        request,
        kind=kind,
        about=request.about_id,
        version=request.chain.version,
    )
    tell_deciders(request)
    return request


def _begin(request: Request) -> None:
    """At the first step that applies; the database lets a thing wait once."""
    request.chain = stored_chain(request.school_id, request.kind)
    passed = applicable(request.chain.steps.all(), request.facts)
    if not passed:
        raise Fault(_("按现行审批链，没有一步适用于这一项，请教务先修订审批链再提交。"))
    request.step, request.due = passed[0], due_on(passed[0], timezone.localdate())
    try:
        with transaction.atomic():
            request.save(force_insert=True)
    except IntegrityError as twice:
        raise Conflict(_("“%(title)s”已在审批中，不必重复提交。") % {"title": request.title}) from twice
