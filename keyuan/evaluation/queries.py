"""Reads of evaluations: results, the state of an open form, what waits for an answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.evaluation.models import Eligible, Form, Remark, Spent, Tally, Urn
from keyuan.evaluation.rules.questions import Question, read_questions
from keyuan.evaluation.rules.results import FEWEST, Result, result_of, rough
from keyuan.evaluation.rules.urn import UrnLost, unseal
from keyuan.kernel import todos
from keyuan.kernel.access import Actor, visible

HALF_DAY_STARTS = (0, 12, 18)


def half_day_floor(moment: datetime) -> datetime:
    """The start of the half-day a moment lies in (00:00, 12:00 or 18:00 local): the finest time ever kept."""
    local = timezone.localtime(moment)
    hour = max(start for start in HALF_DAY_STARTS if start <= local.hour)
    return local.replace(hour=hour, minute=0, second=0, microsecond=0)


def half_day_ceiling(moment: datetime) -> datetime:
    """The next half-day boundary at or after a moment."""
    floor = half_day_floor(moment)
    if floor == moment:
        return floor
    later = [start for start in HALF_DAY_STARTS if start > floor.hour]
    return floor.replace(hour=later[0]) if later else (floor + timedelta(days=1)).replace(hour=0)


def form_of(owner_label: str, owner_id: int) -> Form | None:
    """The form of an owner, or None."""
    return Form.objects.filter(owner_label=owner_label, owner_id=owner_id).first()


def forms_of(actor: Actor, owner_label: str, owner_ids: Iterable[int]) -> QuerySet[Form]:
    """The forms of some owners that the actor sees."""
    return visible(actor, Form).filter(owner_label=owner_label, owner_id__in=list(owner_ids))


def open_for_me(actor: Actor) -> list[Form]:
    """Open forms the actor may answer and has fetched no token for, the soonest to close first."""
    if actor.person_id is None:
        return []
    mine = Eligible.objects.filter(person_id=actor.person_id, issued=False).values("form_id")
    rows = visible(actor, Form).filter(state=Form.State.OPEN, pk__in=mine, closes_at__gt=timezone.now())
    return list(rows.order_by("closes_at", "pk"))


def questions_of(form: Form) -> tuple[Question, ...]:
    """What the form asks."""
    return read_questions(form.questions)


def result(form: Form) -> Result | None:
    """The result once published, or to those who check it once closed; None before: there are no running totals."""
    if form.state not in {Form.State.CLOSED, Form.State.PUBLISHED}:
        return None
    counts = {(row.question, row.grade): row.count for row in Tally.objects.filter(form=form)}
    return result_of(questions_of(form), counts, form.eligible, form.answered)


def results_of(owner_label: str, owner_ids: Iterable[int]) -> dict[int, Result]:
    """Published results by owner id, in two queries; for summaries and dossiers of the rooms above."""
    forms = list(
        Form.objects.filter(owner_label=owner_label, owner_id__in=list(owner_ids), state=Form.State.PUBLISHED)
    )
    counts: dict[int, dict[tuple[str, int], int]] = {form.pk: {} for form in forms}
    for row in Tally.objects.filter(form__in=forms):
        counts[row.form_id][row.question, row.grade] = row.count
    return {
        form.owner_id: result_of(questions_of(form), counts[form.pk], form.eligible, form.answered)
        for form in forms
    }


def remarks_of(actor: Actor, form: Form) -> list[tuple[Question, list[Remark]]]:
    """The texts the actor sees, by question in their random order; none at all below five answers."""
    if form.answered < FEWEST:
        return []
    rows = list(visible(actor, Remark).filter(form=form))
    texts = [question for question in questions_of(form) if question.kind == "text"]
    return [(question, [row for row in rows if row.question == question.key]) for question in texts]


def published_remarks(form: Form) -> dict[str, list[str]]:
    """The checked texts of a published form by question title, for summaries."""
    if form.state != Form.State.PUBLISHED or form.answered < FEWEST:
        return {}
    titles = {question.key: question.title for question in questions_of(form)}
    found: dict[str, list[str]] = {}
    for row in Remark.objects.filter(form=form, state=Remark.State.KEPT):
        found.setdefault(titles.get(row.question, row.question), []).append(row.body)
    return found


@dataclass(frozen=True)
class Progress:
    """How an open form is going (填写进度): how many may answer, and answers received in steps of five."""

    eligible: int
    received: int


def progress(form: Form) -> Progress:
    """How many, never who."""
    if form.state == Form.State.OPEN:
        return Progress(
            Eligible.objects.filter(form=form).count(), rough(Spent.objects.filter(form=form).count())
        )
    return Progress(form.eligible, form.answered)


def waiting_remarks(form: Form) -> int:
    """How many texts still await the name check."""
    return (
        Remark.objects.filter(form=form, state=Remark.State.WAITING).count() if form.answered >= FEWEST else 0
    )


def urn_is_lost(form: Form) -> bool:
    """Whether an open form's answers can no longer be read, as after restoring a backup on another machine."""
    if form.state != Form.State.OPEN:
        return False
    box = Urn.objects.filter(form=form).first()
    try:
        return box is None or unseal(form.pk, box.sealed).votes < 0
    except UrnLost:
        return True


@todos.source
def waiting_evaluations(actor: Actor) -> list[todos.ToDo]:
    """To answer, for trainees; to check and publish, for those who run forms."""
    found = []
    if "trainee" in actor.roles:
        found += [
            todos.ToDo(
                _("不记名评价：%(title)s") % {"title": form.title},
                reverse("evaluation:answer", args=(form.pk,)),
                due=timezone.localdate(form.closes_at) if form.closes_at else None,
            )
            for form in open_for_me(actor)
        ]
    if actor.roles.intersection({"registrar", "head_teacher"}):
        closed = visible(actor, Form).filter(state=Form.State.CLOSED, answered__gte=FEWEST)
        found += [
            todos.ToDo(
                _("核对评估意见：%(title)s") % {"title": form.title},
                reverse("evaluation:detail", args=(form.pk,)),
            )
            for form in closed[:20]
        ]
    return found
