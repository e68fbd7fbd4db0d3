"""Taking the last step back: the terms become what they were, the step stays written."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.kernel.access import Actor
from keyuan.kernel.faults import Conflict, Fault
from keyuan.terms.actions.writing import opened, restore, snapshot, written
from keyuan.terms.models import Change, Term
from keyuan.terms.queries.history import last_step


@transaction.atomic
def undo(actor: Actor, *, change: Change, reason: str = "") -> Change:
    """Take back a step, which must be the last that still stands for its post; then the one before it may follow.

    Nothing is deleted: what the step opened is marked withdrawn, what it changed becomes as it was.
    Raises Conflict when another step came after it.
    """
    opened(actor, change.organisation, change.post)
    last = last_step(change.organisation_id, change.post_id)
    if last is None or last.pk != change.pk:
        raise Conflict(_("这项变动之后又有新的变动，或已撤销。请刷新后从最近一项开始撤销。"))
    if change.kind == Change.Kind.UNDO:
        raise Fault(_("撤销本身不能再撤销，请重新登记。"))
    terms = Term.objects.in_bulk([line["term"] for line in change.lines])
    lines = []
    for line in reversed(change.lines):
        term = terms[line["term"]]
        before = snapshot(term)
        if line["before"] is None:
            term.withdrawn_at = timezone.now()
        else:
            restore(term, line["before"])
        lines.append((term, before))
    return written(actor, Change.Kind.UNDO, terms=lines, reason=reason, undoes=change)
