"""Background work on screen: how far it is, what came of it, once more."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keyuan.kernel import jobs
from keyuan.kernel.access import actor_of, can, visible
from keyuan.kernel.models import Job
from keyuan.kernel.pages import listing, page


def job_list(request: HttpRequest) -> HttpResponse:
    """The background work one may see, newest first."""
    found = listing(request, visible(actor_of(request), Job), filters={"state": "state"})
    return page(request, "kernel/jobs.html", found=found, states=Job.State.choices)


def job_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One job; while it is not over the part asks for itself again."""
    actor = actor_of(request)
    job = get_object_or_404(visible(actor, Job), pk=pk)
    return page(
        request, "kernel/job.html", part="progress", job=job,
        may_retry=job.state == Job.State.FAILED and can(actor, "kernel.job.retry", job),
    )  # fmt: skip


@require_POST
def job_retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Into the queue again."""
    actor = actor_of(request)
    jobs.retry(actor, job=get_object_or_404(visible(actor, Job), pk=pk))
    messages.success(request, _("已重新排队。"))
    return redirect("kernel:job", pk)
