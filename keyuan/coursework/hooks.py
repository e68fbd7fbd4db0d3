"""What the rooms below ask of this one: a tab on each class, checks of closing, files, export and erasure."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from keyuan.coursework import papers, sheets
from keyuan.coursework.actions import giving, handing_in
from keyuan.coursework.models import Enclosure, Material, Submission, Task, Version
from keyuan.coursework.queries.handins import for_compilation, missing
from keyuan.coursework.queries.held import held_of
from keyuan.kernel import erasure, files
from keyuan.kernel.access import SYSTEM, Actor, can, visible
from keyuan.kernel.models import StoredFile
from keyuan.people import actions as people
from keyuan.training.models import TrainingClass
from keyuan.training.queries import classes, closing
from keyuan.training.queries.dossier import Piece, dossier_source

NAMED = 5


def _materials(actor: Actor) -> QuerySet[Any]:
    return visible(actor, Material)


def _enclosures(actor: Actor) -> QuerySet[Any]:
    return visible(actor, Enclosure)


classes.tab("coursework/", _lazy("课业"), lambda actor, klass: can(actor, "coursework.see", klass))
files.owner(giving.OWNER, _materials)
files.owner(handing_in.OWNER, _enclosures)
people.exports("课业", held_of)


@closing.check_source
def required_tasks(training_class: TrainingClass) -> list[closing.Check]:
    """A required task that somebody still owes stands in the way: who, and where to see to it."""
    found = []
    for task in Task.objects.filter(training_class=training_class, required=True, withdrawn_at=None):
        rows = list(missing(task).values_list("person__name", flat=True)[: NAMED + 1])
        waiting = Submission.objects.filter(
            task=task, state="submitted", nomination__state="admitted"
        ).count()
        names = "、".join(rows[:NAMED]) + (_("等") if len(rows) > NAMED else "")
        notes = [_("未交：%(names)s") % {"names": names}] if rows else []
        notes += [_("%(n)s 份待阅") % {"n": waiting}] if waiting else []
        found.append(
            closing.Check(
                _("“%(title)s”都已通过或免交") % {"title": task.title}, not notes, "；".join(notes),
                f"/coursework/tasks/{task.pk}/board/",
            )
        )  # fmt: skip
    return found


@dossier_source
def compiled(actor: Actor, training_class: TrainingClass) -> Iterator[Piece]:
    """Of each task the list, and the compilation where somebody agreed to one."""
    tasks = visible(actor, Task).filter(training_class=training_class, withdrawn_at=None)
    for n, task in enumerate(tasks.select_related("training_class__department"), 1):
        stem = files.clean_name(f"08-{n} {task.title}".replace("/", "／"))
        yield f"{stem} 提交情况.xlsx", sheets.list_file(actor, task)
        found = for_compilation(actor, task)
        if found:
            yield f"{stem} {papers.name_of(task)}.docx", papers.compilation_docx(task, found)


@erasure.eraser
def forget(person_id: int) -> None:
    """What the person wrote and enclosed goes; that a task was done stays, without words."""
    own = Submission.objects.filter(nomination__person_id=person_id)
    enclosed = Enclosure.objects.filter(submission__in=own)
    for stored in StoredFile.objects.filter(pk__in=enclosed.values("file_id")):
        files.drop(SYSTEM, stored=stored)
    enclosed.delete()
    Version.objects.filter(submission__in=own).update(text="")
    own.update(text="", reason="", consent=False)
    Material.objects.filter(added_by_id=person_id).update(added_by=None)
