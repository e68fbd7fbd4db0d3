"""Sessions from a sheet: placed one by one by the timetable's own action, and removed together again."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from keyuan.kernel import audit
from keyuan.kernel.access import Actor, require
from keyuan.kernel.faults import Conflict, Fault
from keyuan.kernel.models.batches import Batch
from keyuan.training.actions import sittings, timetable
from keyuan.training.models import Session, TrainingClass
from keyuan.training.queries import importing

audit.sentence("training.import_removed", "撤销课程表导入：{thing}，撤掉 {count} 个课次")


@transaction.atomic
def place_row(actor: Actor, *, training_class: TrainingClass, facts: Mapping[str, Any]) -> Session | None:
    """Place what a row says; None where the same session already stands, so that a sheet can be sent again."""
    draft = Session(training_class=training_class, school_id=training_class.school_id, **facts)
    require(actor, "training.timetable", training_class)
    if importing.Standing.around(training_class, [draft]).equal(draft) is not None:
        return None
    return timetable.place_session(actor, training_class=training_class, facts=facts)


@transaction.atomic
def remove_imported(actor: Actor, *, training_class: TrainingClass, batch: Batch, seen: str) -> int:
    """Take out all sessions that one import placed, or none; how many that were.

    Whoever keeps the timetable may, and not the sender alone. Raises Fault when any of them has been held or evaluated, Conflict when they are not those that were shown.
    """
    require(actor, "training.timetable", training_class)
    timetable.hold_open(training_class.pk)
    found = importing.import_of(actor, training_class, batch)
    if found is None or not found.sessions or found.seen != seen:
        raise Conflict(_("这次导入的课次刚有变动，请刷新页面，看清要撤的课次后再撤销。"))
    refuse_used(found.sessions)
    for session in found.sessions:
        timetable.remove_session(actor, session=session)
    audit.record(
        actor,
        "training.import_removed",
        training_class,
        count=len(found.sessions),
        batch=batch.pk,
        sender=batch.person_id or 0,
    )
    return len(found.sessions)


def refuse_used(sessions: list[Session]) -> None:
    """Sessions that people have signed in to or that are being evaluated stay. Raises Fault naming them."""
    begun = sittings.begun(row.sitting_id for row in sessions if row.sitting_id)
    used = [row.title for row in sessions if row.sitting_id in begun or row.form_id]
    if used:
        words = _("“%(titles)s”已有签到或评估，不能整批撤销。请在课程表里逐个撤掉不要的课次。")
        raise Fault(words % {"titles": "”“".join(used[:5])})
