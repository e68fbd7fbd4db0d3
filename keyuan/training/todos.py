"""What waits for somebody in training: people to review, calls to answer, classes to close."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db.models import Count, F, Func, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import CombinedExpression
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.kernel import todos
from keyuan.kernel.access import Actor, can, visible
from keyuan.people.roles import Role
from keyuan.training.models import Nomination, QuotaShare, ReleasedSession, Session, TrainingClass

GROUP = "班次"
SOON = 3


def _mine(actor: Actor, *roles: str) -> bool:
    return bool(actor.roles.intersection(roles))


def _how_many(rows: QuerySet[Any]) -> Subquery:
    """The number of a class's rows as part of the query of classes."""
    mine = rows.filter(training_class=OuterRef("pk")).order_by()
    return Subquery(mine.annotate(how_many=Func(F("pk"), function="COUNT")).values("how_many"))


def _unreleased() -> CombinedExpression:
    """How many sessions of a class were placed, changed or taken out since its timetable was released."""
    changed = Session.objects.filter(released=False)
    gone = ReleasedSession.objects.filter(cancelled_at=None, session=None)
    return _how_many(changed) + _how_many(gone)


@todos.source
def classes_to_bring_on(actor: Actor) -> Iterator[todos.ToDo]:
    """What the registrar does next with each class, in one query: submit, publish, review, close it."""
    if not _mine(actor, Role.REGISTRAR):
        return
    rows = visible(actor, TrainingClass).filter(state__in=["draft", "approved", "published"])
    waiting = Nomination.objects.filter(state="submitted")
    for row in rows.annotate(waiting=_how_many(waiting), stale=_unreleased()).order_by("starts"):
        if row.state == "published":
            yield from _published(row)
            yield from _timetable(row)
        else:
            words = _("草稿待提交：%(title)s") if row.state == "draft" else _("分配名额并发布：%(title)s")
            page = "" if row.state == "draft" else "shares/"
            yield todos.ToDo(
                words % {"title": row.title}, f"/classes/{row.pk}/{page}", due=row.nominate_by, group=GROUP
            )


def _published(row: Any) -> Iterator[todos.ToDo]:
    """Nominations that wait, and the closing of a class that has ended."""
    if row.waiting:
        yield todos.ToDo(
            _("审核 %(n)s 人报名：%(title)s") % {"n": row.waiting, "title": row.title},
            f"/classes/{row.pk}/nominations/?state=submitted",
            due=row.starts,
            count=row.waiting,
            group=GROUP,
        )
    if row.ends < timezone.localdate():
        yield todos.ToDo(
            _("可以结班：%(title)s") % {"title": row.title},
            f"/classes/{row.pk}/closing/",
            due=row.ends + timedelta(days=7),
            group=GROUP,
        )


def _timetable(row: Any) -> Iterator[todos.ToDo]:
    """A timetable that trainees do not see yet, or not as it now stands."""
    today = timezone.localdate()
    if row.ends < today or (row.timetable_released_at is not None and not row.stale):
        return
    if row.timetable_released_at is not None:
        title = _("课程表有未发布的改动：%(title)s")
    else:
        title = _("课程表待发布：%(title)s") if row.stale else _("课程表待编排发布：%(title)s")
    yield todos.ToDo(
        title % {"title": row.title},
        f"/classes/{row.pk}/timetable/",
        due=row.starts,
        urgent=row.starts <= today + timedelta(days=SOON),
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
    """A head teacher's own timetables; the registrar's stand with `classes_to_bring_on`."""
    if not _mine(actor, Role.HEAD_TEACHER) or _mine(actor, Role.REGISTRAR):
        return
    rows = visible(actor, TrainingClass).filter(state="published", ends__gte=timezone.localdate())
    rows = rows.filter(head_teacher_id=actor.person_id)
    for row in rows.annotate(stale=_unreleased()).order_by("starts"):
        yield from _timetable(row)


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
