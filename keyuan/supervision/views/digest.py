"""The weekly digest: as it stands now, as it was sent, as a file."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from keyuan.kernel.access import actor_of, can, require, visible
from keyuan.kernel.downloads import attachment
from keyuan.kernel.faults import Fault
from keyuan.kernel.pages import page, paginate
from keyuan.orgs.models import School
from keyuan.supervision import actions, papers, sheets
from keyuan.supervision.models import Digest, Item
from keyuan.supervision.queries import digests as reads
from keyuan.supervision.rules.lights import Light


def _show(request: HttpRequest, facts: Mapping[str, Any], **more: Any) -> HttpResponse:
    actor = actor_of(request)
    return page(
        request, "supervision/digest.html", facts=facts, parts=reads.PARTS, lights={one.value: one for one in Light},
        states=dict(Item.State.choices), stages=dict(Item.Stage.choices), size=reads.size_of(dict(facts)),
        may_send=can(actor, "supervision.ladder"), **more,
    )  # fmt: skip


def now(request: HttpRequest) -> HttpResponse:
    """The digest of what one sees, reckoned now; the office can have it made and sent to everybody ahead of Monday."""
    actor, today = actor_of(request), timezone.localdate()
    require(actor, "supervision.see")
    if request.method == "POST":
        require(actor, "supervision.ladder")
        school = School.objects.get(pk=actor.school_id or 0)
        count = actions.make_digests(actor, school=school, today=today)
        messages.success(
            request,
            _("已生成并发送 %(n)s 份通报。") % {"n": count}
            if count
            else _("本周的通报已经发过，没有新的收件人。"),
        )
        return redirect("supervision:digests")
    return _show(request, reads.digest_now(actor, today), stored=None)


@require_GET
def digests(request: HttpRequest) -> HttpResponse:
    """One's own digests, week by week."""
    actor = actor_of(request)
    require(actor, "supervision.see")
    found = paginate(request, reads.digests_of(actor), short=True)
    return page(request, "supervision/digests.html", found=found)


def _stored(request: HttpRequest, pk: int) -> Digest:
    return get_object_or_404(visible(actor_of(request), Digest), pk=pk)


@require_GET
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """A digest as it was sent."""
    found = _stored(request, pk)
    return _show(request, found.facts, stored=found)


def _file(request: HttpRequest, facts: Mapping[str, Any]) -> HttpResponse:
    school = School.objects.get(pk=actor_of(request).school_id or 0)
    kind = request.GET.get("as", "xlsx")
    if kind not in {"xlsx", "docx", "pdf"}:
        raise Fault(_("没有这种格式。"))
    made = {
        "xlsx": lambda: sheets.digest_file(facts), "docx": lambda: papers.digest_docx(facts, school.name),
        "pdf": lambda: papers.digest_pdf(facts, school.name),
    }  # fmt: skip
    return attachment(made[kind](), f"{papers.digest_title(facts)}.{kind}")


@require_GET
def now_export(request: HttpRequest) -> HttpResponse:
    """The digest of now as a file."""
    actor = actor_of(request)
    require(actor, "supervision.export")
    return _file(request, reads.digest_now(actor, timezone.localdate()))


@require_GET
def one_export(request: HttpRequest, pk: int) -> HttpResponse:
    """A digest that was sent, as a file."""
    require(actor_of(request), "supervision.export")
    return _file(request, _stored(request, pk).facts)
