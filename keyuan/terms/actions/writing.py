"""One step with the terms of a post: written together with what it changed, so that it can be undone."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.kernel import audit
from keyuan.kernel.access import Actor, require
from keyuan.kernel.faults import Conflict, Fault
from keyuan.orgs.models import Organisation
from keyuan.people.models import Person
from keyuan.terms.models import Change, Post, Term

FIELDS = ("number", "holder_id", "starts", "due", "extended_to", "ends", "began", "ended", "acting", "basis")
DAYS = ("starts", "due", "extended_to", "ends")

audit.sentence("terms.elect", "登记了任职：{thing}")
audit.sentence("terms.act", "登记了代理：{thing}")
audit.sentence("terms.vacate", "登记了空缺：{thing}")
audit.sentence("terms.extend", "登记了延期换届：{thing}")
audit.sentence("terms.replace", "登记了提前更换：{thing}")
audit.sentence("terms.end", "登记了离任：{thing}")
audit.sentence("terms.correct", "更正了任期：{thing}")
audit.sentence("terms.undo", "撤销了任期变动：{thing}")


def opened(actor: Actor, organisation: Organisation, post: Post) -> None:
    """Ask the right and lock the organisation: its terms have one writer at a time."""
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    require(actor, "terms.keep", organisation)
    if post.school_id != organisation.school_id or post.kind != organisation.kind:
        raise Fault(_("这项职务不属于这类单位，请重新选择。"), "post")


def snapshot(term: Term) -> dict[str, Any]:
    """The term as JSON: ids, days and short codes only."""
    values = {name: getattr(term, name) for name in FIELDS}
    for name in DAYS:
        values[name] = values[name] and values[name].isoformat()
    return {**values, "withdrawn": term.withdrawn_at is not None}


def restore(term: Term, values: Mapping[str, Any]) -> None:
    """Set a term to what a snapshot says; a holder who was merged into another record is that other one."""
    for name in FIELDS:
        value = values[name]
        setattr(term, name, date.fromisoformat(value) if name in DAYS and value else value)
    if term.holder_id:
        person = Person.objects.get(pk=term.holder_id)
        term.holder_id = person.merged_into_id or person.pk
    term.withdrawn_at = timezone.now() if values["withdrawn"] else None


def written(
    actor: Actor, kind: str, *, terms: Sequence[tuple[Term, dict[str, Any] | None]], reason: str = "",
    undoes: Change | None = None,
) -> Change:  # fmt: skip
    """Save terms in this order (each with what it was before, None when it is new), the step and its audit line.

    Raises Conflict where the database sees two holders of one post on one day.
    """
    try:
        with transaction.atomic():
            for term, _before in terms:
                term.save()
    except IntegrityError as clash:
        raise Conflict(_clash(terms[-1][0], str(clash)), "starts") from clash
    term = terms[-1][0]
    lines = [{"term": one.pk, "before": before, "after": snapshot(one)} for one, before in terms]
    change = Change.objects.create(
        school_id=term.school_id, organisation_id=term.organisation_id, post_id=term.post_id, kind=kind,
        lines=lines, reason=reason.strip()[:200], undoes=undoes, by_id=actor.person_id,
    )  # fmt: skip
    audit.record(
        actor, f"terms.{kind}", term, organisation=term.organisation_id, post=term.post_id, change=change.pk
    )
    return change


def _clash(term: Term, said: str) -> str:
    if "overlap" in said or "one_term_a_holder" in said or "UNIQUE" in said:
        near = (
            Term.objects.filter(organisation_id=term.organisation_id, post_id=term.post_id, withdrawn_at=None)
            .exclude(pk=term.pk)
            .select_related("holder")
            .order_by("-starts")
            .first()
        )
        who = near.holder.name if near and near.holder else _("另一条记录")
        since = near.starts if near else ""
        return _("这段时间与%(who)s的任期（%(since)s 起）重叠，请先办理其离任，或改日期。") % {
            "who": who,
            "since": since,
        }
    return _("日期前后不合：任职起不能晚于离任或届满，延期须晚于届满。请核对。")
