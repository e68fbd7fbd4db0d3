"""What the screens of one class have in common: the class, its tabs, files as answers."""

import zipfile
from collections.abc import Iterable
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from keyuan.coursework import papers
from keyuan.coursework.models import Task
from keyuan.kernel import files
from keyuan.kernel.access import actor_of, can, require, visible
from keyuan.kernel.downloads import archive
from keyuan.kernel.faults import Fault
from keyuan.kernel.models import StoredFile
from keyuan.kernel.pages import page
from keyuan.training.models import TrainingClass
from keyuan.training.queries.classes import tabs_for

MOST_PACKED = 400 * files.MEGABYTE


def kept(request: HttpRequest, pk: int, right: str = "coursework.see") -> TrainingClass:
    """The class, if this actor may see it and holds the right over it."""
    actor = actor_of(request)
    rows = visible(actor, TrainingClass).select_related(
        "activity__plan", "department", "head_teacher", "school"
    )
    found = get_object_or_404(rows, pk=pk)
    require(actor, right, found)
    return found


def task_of(request: HttpRequest, pk: int, right: str = "coursework.see") -> Task:
    """A task, if this actor may see it and holds the right over its class."""
    actor = actor_of(request)
    rows = visible(actor, Task).select_related(
        "training_class__activity", "training_class__department", "training_class__head_teacher"
    )
    found = get_object_or_404(rows, pk=pk)
    require(actor, right, found)
    return found


def show(
    request: HttpRequest,
    klass: TrainingClass,
    current: str,
    template: str,
    *,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """One page under 课业."""
    actor = actor_of(request)
    entries = [("materials", _("学习资料")), ("tasks", _("学习任务"))]
    subtabs = [
        (title, reverse(f"coursework:{name}", args=[klass.pk]), name == current, None)
        for name, title in entries
    ]
    return page(
        request, f"coursework/{template}.html", status=status, klass=klass, subtabs=subtabs,
        tabs=tabs_for(actor, klass, "coursework/"), may=can(actor, "coursework.manage", klass),
        may_give=can(actor, "coursework.give", klass), **context,
    )  # fmt: skip


def packed(found: Iterable[tuple[str, StoredFile]], name: str) -> FileResponse:
    """Files as one archive. Raises Fault when they are too much for one."""
    rows = list(found)
    if not rows:
        raise Fault(_("还没有可以下载的文件。"))
    if sum(stored.size for _name, stored in rows) > MOST_PACKED:
        raise Fault(_("文件合计超过 %(n)s MB，请逐个下载。") % {"n": MOST_PACKED // files.MEGABYTE})
    return archive(papers.packed(rows, zipfile.ZIP_STORED), name)
