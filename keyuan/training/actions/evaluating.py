"""Opening the evaluation of a session to those who attended it."""

from django.db import transaction

from keyuan.attendance import queries as attendance
from keyuan.attendance.models import Sitting
from keyuan.evaluation import actions as evaluation
from keyuan.evaluation.models import Form
from keyuan.kernel import notify
from keyuan.kernel.access import Actor, require, system_of
from keyuan.kernel.faults import Fault
from keyuan.training.models import Session

OWNER = "training.session"
notify.kind(
    "training.evaluate", title="请评课", text="“{title}”可以匿名评价了，约 40 秒。谁也看不到是您写的。"
)


@transaction.atomic
def open_evaluation(actor: Actor, *, session: Session) -> Form:
    """Open the form to those present; done again it lets latecomers on the list in and tells only them."""
    require(actor, "training.run", session.training_class)
    sitting = Sitting.objects.filter(pk=session.sitting_id).first() if session.sitting_id else None
    present = attendance.present_ids(sitting) if sitting else []
    if not present:
        raise Fault("还没有人签到，评估只对到课的学员开放。")
    system = system_of(session.school_id)
    form = evaluation.draft(
        system, school_id=session.school_id, owner_label=OWNER, owner_id=session.pk, title=session.title
    )
    form = evaluation.open_for(system, form=form, person_ids=present)
    if session.form_id is None:
        Session.objects.filter(pk=session.pk).update(form_id=form.pk)
        notify.tell(
            present,
            "training.evaluate",
            f"/evaluation/{form.pk}/answer/",
            school_id=session.school_id,
            title=session.title,
        )
    return form
