"""Requests read: what waits for one, what one sent, what one said."""

from collections.abc import Iterable

from django.db.models import Model, Q, QuerySet

from keyuan.approvals.models import Decision, Request
from keyuan.approvals.rules.places import waiting_for
from keyuan.kernel.access import Actor, visible


def requests_seen(actor: Actor) -> QuerySet[Request]:
    """The requests an actor sees with what a list shows of them."""
    return visible(actor, Request).select_related("step", "submitted_by", "organisation")


def waiting(actor: Actor) -> QuerySet[Request]:
    """The requests this actor may decide now, the soonest due first."""
    rows = visible(actor, Request).filter(waiting_for(actor)).select_related("step", "submitted_by")
    return rows.order_by("due", "submitted_at", "pk")


def decided_by_me(actor: Actor) -> Q:
    """The filter for requests at which one said something, or somebody did in one's name."""
    me = actor.person_id or 0
    said = Decision.objects.filter(Q(person_id=me) | Q(on_behalf_of_id=me))
    return Q(pk__in=said.values("request_id"))


def latest(kind: str | tuple[str, ...], about: Model | tuple[str, int]) -> Request | None:
    """The last request of a kind about a thing; the caller has asked whether the thing may be seen."""
    label, number = about if isinstance(about, tuple) else (about._meta.label, about.pk)
    kinds = (kind,) if isinstance(kind, str) else kind
    rows = Request.objects.filter(kind__in=kinds, about_label=label, about_id=number)
    return rows.select_related("step", "chain", "submitted_by").order_by("-pk").first()


def open_request(kind: str | tuple[str, ...], about: Model | tuple[str, int]) -> Request | None:
    """The request about a thing that is in progress, if any."""
    found = latest(kind, about)
    return found if found is not None and found.state == Request.State.IN_PROGRESS else None


def steps_waiting(about_label: str, about_ids: Iterable[int]) -> dict[int, str]:
    """Thing → the title of the step it waits at, of those that are in progress; in one query.

    The caller has asked whether the things may be seen.
    """
    rows = Request.objects.filter(
        about_label=about_label, about_id__in=list(about_ids), state=Request.State.IN_PROGRESS
    )
    return dict(rows.order_by("pk").values_list("about_id", "step__title"))


def decisions_of(actor: Actor) -> QuerySet[Decision]:
    """The decisions an actor sees, the newest first, with all that an export shows."""
    rows = visible(actor, Decision).select_related("request", "step", "person", "on_behalf_of")
    return rows.order_by("-at", "-pk")
