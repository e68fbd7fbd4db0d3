"""What waits for somebody in training: classes to approve, people to review, calls to answer, classes to close."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.kernel import todos
from keyuan.kernel.access import Actor, can, visible
from keyuan.people.roles import Role
from keyuan.training.models import QuotaShare, Session, TrainingClass

GROUP = "班次"
SOON = 3


def _mine(actor: Actor, *roles: str) -> bool:
    return bool(actor.roles.intersection(roles))


@todos.source
def classes_to_approve(actor: Actor) -> Iterator[todos.ToDo]:
    """A department's head approves what the registrar submitted."""
    if not _mine(actor, Role.DEPARTMENT_HEAD):
        return
    rows = visible(actor, TrainingClass).filter(state="submitted", department_id=actor.organisation_id)
    for row in rows.order_by("starts"):
        yield todos.ToDo(
            _("审批班次：%(title)s") % {"title": row.title},
            f"/classes/{row.pk}/",
            due=row.nominate_by,
            group=GROUP,
        )


@todos.source
def nominations_to_review(actor: Actor) -> Iterator[todos.ToDo]:
    """The registrar reviews what units have sent, one line a class."""
    if not _mine(actor, Role.REGISTRAR):
        return
    rows = visible(actor, TrainingClass).filter(state="published")
    rows = rows.annotate(waiting=Count("nominations", filter=Q(nominations__state="submitted")))
    for row in rows.filter(waiting__gt=0).order_by("starts"):
        yield todos.ToDo(
            _("审核 %(n)s 人报名：%(title)s") % {"n": row.waiting, "title": row.title},
            f"/classes/{row.pk}/nominations/?state=submitted",
            due=row.starts,
            count=row.waiting,
            group=GROUP,
        )


@todos.source
def classes_to_bring_on(actor: Actor) -> Iterator[todos.ToDo]:
    """What the registrar does next with a class: submit, publish, or close it."""
    if not _mine(actor, Role.REGISTRAR):
        return
    today = timezone.localdate()
    rows = visible(actor, TrainingClass)
    for row in rows.filter(state="draft").order_by("starts"):
        yield todos.ToDo(
            _("草稿待提交：%(title)s") % {"title": row.title},
            f"/classes/{row.pk}/",
            due=row.nominate_by,
            group=GROUP,
        )
    for row in rows.filter(state="approved").order_by("starts"):
        yield todos.ToDo(
            _("分配名额并发布：%(title)s") % {"title": row.title},
            f"/classes/{row.pk}/shares/",
            due=row.nominate_by,
            group=GROUP,
        )
    for row in rows.filter(state="published", ends__lt=today).order_by("ends"):
        yield todos.ToDo(
            _("可以结班：%(title)s") % {"title": row.title},
            f"/classes/{row.pk}/closing/",
            due=row.ends + timedelta(days=7),
            group=GROUP,
        )


@todos.source
def calls_to_answer(actor: Actor) -> Iterator[todos.ToDo]:
    """A liaison has places left to fill and days left to do it."""
    if not _mine(actor, Role.LIAISON):
        return
    today = timezone.localdate()
    rows = visible(actor, QuotaShare).filter(
        training_class__state="published", training_class__nominate_by__gte=today, places__gt=F("used")
    )
    for share in rows.select_related("training_class").order_by("training_class__nominate_by"):
        klass = share.training_class
        left = (klass.nominate_by - today).days
        words = _("今天截止") if left == 0 else _("还有 %(n)s 天") % {"n": left}
        yield todos.ToDo(
            _("推荐学员：%(title)s（剩 %(n)s 个名额，%(words)s）")
            % {"title": klass.title, "n": share.places - share.used, "words": words},
            f"/classes/{klass.pk}/nominate/",
            due=klass.nominate_by,
            count=share.places - share.used,
            urgent=left <= SOON,
            group=GROUP,
        )


@todos.source
def nominations_sent_back(actor: Actor) -> Iterator[todos.ToDo]:
    """A liaison mends what the office returned, one line a class."""
    if not _mine(actor, Role.LIAISON):
        return
    rows = visible(actor, TrainingClass).filter(state="published")
    mine = Q(nominations__state="returned", nominations__organisation_id=actor.organisation_id)
    for row in rows.annotate(back=Count("nominations", filter=mine)).filter(back__gt=0):
        yield todos.ToDo(
            _("修改被退回的 %(n)s 人：%(title)s") % {"n": row.back, "title": row.title},
            f"/classes/{row.pk}/nominate/",
            due=row.nominate_by,
            count=row.back,
            group=GROUP,
        )


@todos.source
def timetables_to_release(actor: Actor) -> Iterator[todos.ToDo]:
    """A timetable that trainees do not see yet, or not as it now stands."""
    if not _mine(actor, Role.REGISTRAR, Role.HEAD_TEACHER):
        return
    today = timezone.localdate()
    rows = visible(actor, TrainingClass).filter(state="published", ends__gte=today)
    if Role.REGISTRAR not in actor.roles:
        rows = rows.filter(head_teacher_id=actor.person_id)
    rows = rows.annotate(stale=Count("sessions", filter=Q(sessions__released=False)))
    for row in rows.order_by("starts"):
        if row.timetable_released_at is None:
            title = _("课程表待编排发布：%(title)s") if not row.stale else _("课程表待发布：%(title)s")
        elif row.stale:
            title = _("课程表有未发布的改动：%(title)s")
        else:
            continue
        yield todos.ToDo(
            title % {"title": row.title},
            f"/classes/{row.pk}/timetable/",
            due=row.starts,
            urgent=row.starts <= today + timedelta(days=SOON),
            group=GROUP,
        )


@todos.source
def invitations_unanswered(actor: Actor) -> Iterator[todos.ToDo]:
    """Teachers of coming sessions who have not answered, for those who keep the timetable."""
    if not _mine(actor, Role.REGISTRAR, Role.HEAD_TEACHER) or not can(actor, "training.timetable"):
        return
    today = timezone.localdate()
    rows = visible(actor, Session).filter(
        training_class__state="published",
        date__range=(today, today + timedelta(days=14)),
        teacher_answer="no",
    )
    for session in rows.select_related("training_class", "teacher").order_by("date", "starts"):
        yield todos.ToDo(
            _("主讲婉拒，需改请：%(teacher)s《%(title)s》")
            % {"teacher": session.teacher, "title": session.title},
            f"/sessions/{session.pk}/change/",
            due=session.date,
            urgent=True,
            group=GROUP,
        )
