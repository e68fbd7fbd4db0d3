"""What the rooms below ask of training: progress of the plan, and things that can be found."""

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from keyuan.credits.models import Certificate
from keyuan.kernel import erasure, files, search
from keyuan.kernel.access import Actor, can, visible
from keyuan.kernel.models import StoredFile
from keyuan.orgs.models import Organisation
from keyuan.people import actions as people
from keyuan.people.models import Person
from keyuan.people.queries import availability
from keyuan.people.roles import OFFICE
from keyuan.plan import queries as plan
from keyuan.plan.models import KeyActivity
from keyuan.plan.queries import Run, life
from keyuan.training.models import Nomination, Session, TrainingClass
from keyuan.training.queries.approving import state_words, waiting_words
from keyuan.training.queries.held import held_of
from keyuan.training.queries.writing import numbered_of

PLANNED = frozenset({"draft", "submitted", "approved"})
TONES = {
    "draft": "neutral", "submitted": "warn", "approved": "info", "published": "accent", "closed": "good",
    "cancelled": "bad",
}  # fmt: skip


@plan.progress_source
def classes_by_activity(activity_ids: Sequence[int]) -> Mapping[int, plan.Progress]:
    """Classes planned, open and done under each activity, in one query; cancelled ones do not count."""
    rows = TrainingClass.objects.filter(activity_id__in=activity_ids).exclude(state="cancelled").order_by()
    found: dict[int, plan.Progress] = {}
    for activity_id, state, count in rows.values_list("activity_id", "state").annotate(Count("pk")):
        line = plan.Progress(
            planned=count if state in PLANNED else 0,
            open=count if state == "published" else 0,
            done=count if state == "closed" else 0,
        )
        found[activity_id] = found.get(activity_id, plan.Progress()) + line
    return found


@plan.activity_action("在此活动下开班", rule="training.plan")
def open_link(activity: KeyActivity) -> str:
    """Where a class is opened under an activity."""
    return f"/activities/{activity.pk}/open/"


@plan.activity_panel
def classes_of_activity(actor: Actor, activity: KeyActivity) -> plan.Panel | None:
    """The classes of an activity that the actor sees, the newest first."""
    found = visible(actor, TrainingClass).filter(activity=activity).order_by("-starts", "-pk")
    rows = list(found)
    waits = waiting_words(rows)
    lines = [
        plan.PanelLine(
            title=row.title,
            link=f"/classes/{row.pk}/",
            note=f"{row.starts:%Y-%m-%d} 至 {row.ends:%Y-%m-%d}，录取 {row.taken}/{row.places}",
            state=state_words(row, waits),
            tone=TONES[row.state],
        )
        for row in rows
    ]
    if not lines and not can(actor, "training.plan"):
        return None
    return plan.Panel(title=_("班次"), lines=lines, empty=_("还没有在此活动下开班。"))


@plan.activity_panel
def documents_of_activity(actor: Actor, activity: KeyActivity) -> plan.Panel | None:
    """The numbered documents of an activity's classes, for those who may open the papers of a class."""
    if not can(actor, "training.dossier"):
        return None
    classes = visible(actor, TrainingClass).filter(activity=activity).in_bulk()
    rows = numbered_of(actor, classes) if classes else []
    lines = [
        plan.PanelLine(
            title=f"{row.number}　{row.title}",
            link=f"/classes/{row.owner_id}/papers/",
            note=classes[row.owner_id or 0].title,
        )
        for row in rows
        if can(actor, "training.dossier", classes[row.owner_id or 0])
    ]
    return plan.Panel(title=_("已编号的文件"), lines=lines) if lines else None


@life.people_source
def admitted_by_cohort(activity_ids: Sequence[int]) -> Mapping[int, Mapping[str, int]]:
    """Admitted trainees of each activity's classes by cohort, in one query; who left or was never admitted is not one."""
    rows = Nomination.objects.filter(
        training_class__activity__in=activity_ids, state=Nomination.State.ADMITTED
    )
    rows = rows.exclude(training_class__state="cancelled").order_by()
    found: dict[int, dict[str, int]] = {}
    for activity_id, cohort, count in rows.values_list("training_class__activity", "person__cohort").annotate(
        Count("pk")
    ):
        found.setdefault(activity_id, {})[cohort] = count
    return found


@life.run_source
def days_of_classes(activity_ids: Sequence[int]) -> list[Run]:
    """The classes of these activities with their days, in one query; cancelled ones are not held."""
    rows = (
        TrainingClass.objects.filter(activity__in=activity_ids)
        .exclude(state="cancelled")
        .order_by("starts", "pk")
    )
    return [
        Run(activity_id, title, f"/classes/{pk}/", starts, ends)
        for pk, activity_id, title, starts, ends in rows.values_list(
            "pk", "activity_id", "title", "starts", "ends"
        )
    ]


@plan.removal_check
def held_by_classes(activity: KeyActivity) -> str:
    """An activity with a class stays."""
    count = TrainingClass.objects.filter(activity=activity).count()
    return (
        _("“%(name)s”下已有 %(n)s 个班次，不能删除。") % {"name": activity.name, "n": count} if count else ""
    )


def classes_whose_files_one_takes(actor: Actor) -> QuerySet[TrainingClass]:
    """The dossier holds leave and attendance of everybody: it is for whoever may take it, class by class."""
    rows = visible(actor, TrainingClass)
    if not can(actor, "training.dossier"):
        return rows.none()
    office = actor.roles.intersection((*OFFICE, "system"))
    return rows if office else rows.filter(head_teacher_id=actor.person_id)


files.owner("training.TrainingClass", classes_whose_files_one_takes)
files.owner("training.photos", classes_whose_files_one_takes)
files.owner("training.unplanned", classes_whose_files_one_takes)

search.register(
    Person, kind="人员", link=lambda person: f"/people/{person.pk}/", note=lambda person: person.unit,
    text=lambda person: f"{person.unit} {person.post_title}", spelt=lambda person: person.pinyin,
    shown=lambda person: person.erased_at is None, rows=lambda rows: rows.select_related("organisation"),
)  # fmt: skip
search.register(
    TrainingClass, kind="班次", link=lambda klass: f"/classes/{klass.pk}/",
    note=lambda klass: f"{klass.starts:%Y-%m-%d}，{klass.get_state_display()}",
    text=lambda klass: f"{klass.venue} {klass.activity.name} {klass.notice_number}",
    rows=lambda rows: rows.select_related("activity"),
)  # fmt: skip
search.register(
    Organisation, kind="单位", link=lambda unit: f"/organisations/?q={quote(unit.name)}",
    title=lambda unit: unit.name, note=lambda unit: str(unit.get_kind_display()),
    text=lambda unit: " ".join([unit.short_name, *(former.name for former in unit.former_names.all())]),
    shown=lambda unit: unit.active, rows=lambda rows: rows.prefetch_related("former_names"),
)  # fmt: skip
search.register(
    StoredFile, kind="文件", link=lambda kept: f"/files/{kept.pk}/", title=lambda kept: kept.name,
    note=lambda kept: f"{kept.kept_at:%Y-%m-%d}",
)  # fmt: skip
search.register(
    Certificate, kind="证书", link=lambda row: f"/credits/certificates/{row.pk}/",
    title=lambda row: f"{row.holder_name} {row.number}", note=lambda row: row.title,
    text=lambda row: row.organisation_name, shown=lambda row: bool(row.number),
)  # fmt: skip
search.register(
    KeyActivity, kind="重点活动", link=lambda activity: f"/plan/activities/{activity.pk}/",
    note=lambda activity: f"{activity.plan.year} 年度计划第 {activity.number} 项",
    school=lambda activity: activity.plan.school_id, rows=lambda rows: rows.select_related("plan"),
)  # fmt: skip


people.exports("培训", held_of)
availability.TEACHING.append(lambda: Exists(Session.objects.filter(teacher=OuterRef("pk"))))


@erasure.eraser
def forget(person_id: int) -> None:
    """What was written beside a nomination goes; that somebody was put forward stays, without a name."""
    Nomination.objects.filter(person_id=person_id).update(note="", reason="")
