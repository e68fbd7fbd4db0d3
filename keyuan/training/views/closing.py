"""Closing, certificates, reopening; the papers and the dossier of a class."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keyuan.credits import queries as credits_
from keyuan.credits.queries import templates
from keyuan.kernel import jobs
from keyuan.kernel.access import actor_of, can, require, visible
from keyuan.kernel.downloads import attachment
from keyuan.kernel.pages import Listing, page, paginate
from keyuan.training import papers, sheets
from keyuan.training.actions import closing as actions
from keyuan.training.models import TrainingClass
from keyuan.training.queries import closing as queries
from keyuan.training.queries import nominations
from keyuan.training.queries.classes import tabs_for
from keyuan.training.queries.writing import numbers_of

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _class(request: HttpRequest, pk: int) -> TrainingClass:
    rows = visible(actor_of(request), TrainingClass).select_related(
        "activity__plan", "department", "head_teacher", "school"
    )
    return get_object_or_404(rows, pk=pk)


def closing(request: HttpRequest, pk: int) -> HttpResponse:
    """The checklist, and where every trainee stands."""
    actor = actor_of(request)
    training_class = _class(request, pk)
    require(actor, "training.dossier", training_class)
    shown = _closed if training_class.state == TrainingClass.State.CLOSED else _open
    return page(
        request, "training/closing.html", klass=training_class, tabs=tabs_for(actor, training_class, "closing/"),
        may=can(actor, "training.close", training_class), **shown(request, training_class),
    )  # fmt: skip


def _closed(request: HttpRequest, training_class: TrainingClass) -> dict[str, Any]:
    """What a closed class shows: the frozen list, a page of it, and the certificates."""
    rows = queries.completions(training_class)
    return {
        "found": Listing(paginate(request, rows)),
        "completed": rows.filter(completed=True).count(),
        "certificates": credits_.progress_of_owner("training.class", training_class.pk),
        "templates": list(templates.templates_in_use(actor_of(request))),
        "chosen": templates.template_for(training_class.school_id, "training.class", training_class.pk),
    }


def _open(request: HttpRequest, training_class: TrainingClass) -> dict[str, Any]:
    """What a class that runs shows: what is missing, and a page of where its trainees stand.

    Once it can be closed, all those who fall short stand on the page: an exception is granted with the closing.
    """
    checks, verdicts = queries.checklist(training_class), queries.verdicts(training_class)
    ready = all(check.ok or not check.blocking for check in checks)
    short = [verdict for verdict in verdicts if not verdict.completed]
    rest = [verdict for verdict in verdicts if verdict.completed] if ready else verdicts
    found = Listing(paginate(request, rest))
    outcomes = queries.with_names([*(short if ready else ()), *found.rows])
    return {
        "checks": checks, "ready": ready, "found": found, "outcomes": outcomes,
        "short": len(short), "total": len(verdicts),
    }  # fmt: skip


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the class."""
    actor = actor_of(request)
    training_class = _class(request, pk)
    asked = [key for key in request.POST if key.startswith("override-") and key[9:].isdecimal()]
    overrides = {int(key[9:]): request.POST[key] for key in asked}
    done = actions.close_class(actor, training_class=training_class, overrides=overrides)
    messages.success(request, _("已结班，%(n)s 人结业，学时已记入学时台账。") % {"n": done})
    return redirect("training:closing", pk)


@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the closing back."""
    actor = actor_of(request)
    actions.reopen_class(actor, training_class=_class(request, pk), reason=request.POST.get("note", ""))
    messages.success(request, _("已取消结班：学时已冲销，证书已作废。"))
    return redirect("training:closing", pk)


@require_POST
def certificates(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the certificates by the template chosen, and watch them being made."""
    actor, training_class, named = actor_of(request), _class(request, pk), request.POST.get("template", "")
    rows = templates.templates_in_use(actor)
    chosen = get_object_or_404(rows, pk=named if named.isdecimal() else 0) if named else None
    job = actions.issue_certificates(actor, training_class=training_class, template=chosen)
    return redirect("kernel:job", job.pk)


def class_papers(request: HttpRequest, pk: int) -> HttpResponse:
    """Every paper of the class, each made from the same facts."""
    actor = actor_of(request)
    training_class = _class(request, pk)
    require(actor, "training.dossier", training_class)
    return page(
        request, "training/papers.html", klass=training_class, tabs=tabs_for(actor, training_class, "papers/"),
        papers=papers.available(training_class), numbers=numbers_of(training_class),
        may_write=can(actor, "training.write", training_class),
    )  # fmt: skip


def paper(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """One paper as a file."""
    actor = actor_of(request)
    training_class = _class(request, pk)
    require(actor, "training.dossier", training_class)
    made = papers.make(training_class, kind)
    return attachment(made.content, made.name)


def roster_export(request: HttpRequest, pk: int) -> HttpResponse:
    """The roster as a sheet."""
    actor = actor_of(request)
    training_class = _class(request, pk)
    require(actor, "training.dossier", training_class)
    content = sheets.roster_file(nominations.roster(actor, training_class))
    return attachment(content, f"{training_class.title}学员名册.xlsx")


@require_POST
def dossier(request: HttpRequest, pk: int) -> HttpResponse:
    """Pack the dossier as a background job."""
    actor = actor_of(request)
    training_class = _class(request, pk)
    require(actor, "training.dossier", training_class)
    job = jobs.start(
        actor, "training.dossier", school_id=training_class.school_id, training_class=training_class.pk
    )
    return redirect("kernel:job", job.pk)
