"""Two records of one person: proposed side by side, approved by a second person, taken back."""

import re
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keyuan.kernel.access import actor_of, can, require, visible
from keyuan.kernel.faults import Fault
from keyuan.kernel.pages import listing, page
from keyuan.people import queries
from keyuan.people.actions import merging
from keyuan.people.models import Merge, Person

CHOICES = 20
_NAME = re.compile(r"[（(]([\u4e00-\u9fff、]+)[)）]")


@dataclass(frozen=True)
class Line:
    """One fact of two records side by side, and whether they differ."""

    title: str
    kept: str
    gone: str

    @property
    def differs(self) -> bool:
        """Whether both say something, and not the same."""
        return bool(self.kept and self.gone and self.kept != self.gone)


def _facts(person: Person) -> list[tuple[str, str]]:
    masked = queries.masked(person)
    return [
        (_("姓名"), person.name), (_("性别"), person.sex), (_("出生年月"), person.birth_month), (_("单位"), person.unit),
        (_("职务"), person.post_title), (_("证件号码"), masked["id"]), (_("手机"), masked["phone"]), (_("邮箱"), person.email),
    ]  # fmt: skip


def _side_by_side(kept: Person, gone: Person) -> list[Line]:
    return [
        Line(title, one, other) for (title, one), (_t, other) in zip(_facts(kept), _facts(gone), strict=True)
    ]


def _in_words(rows: list[dict[str, Any]]) -> list[tuple[str, int]]:
    """What moved or stayed, a kind of record and how many."""
    counted: dict[str, int] = {}
    for each in rows:
        title = _named(apps.get_model(each["model"]))
        counted[title] = counted.get(title, 0) + len(each["rows"])
    return sorted(counted.items())


def _named(model: type[Model]) -> str:
    """A kind of record by the Chinese name that its class states, as every class of the house does."""
    found = _NAME.search(model.__doc__ or "")
    return found[1] if found else str(model._meta.verbose_name)


def merge_list(request: HttpRequest) -> HttpResponse:
    """The merges of the school, open ones first."""
    actor = actor_of(request)
    require(actor, "people.merge_decide")
    rows = visible(actor, Merge).select_related("kept", "gone", "proposed_by", "decided_by")
    found = listing(request, rows, filters={"state": "state"}, sorts={"at": "proposed_at"}, default="-at")
    return page(request, "people/merges.html", found=found, states=Merge.State.choices)


def merge_propose(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the second record, see both side by side, say why."""
    actor = actor_of(request)
    kept = get_object_or_404(visible(actor, Person).select_related("organisation"), pk=pk)
    require(actor, "people.merge", kept)
    wanted = request.POST.get("gone") or request.GET.get("gone", "")
    others = visible(actor, Person).filter(erased_at=None, merged_into=None).exclude(pk=pk)
    gone = others.select_related("organisation").filter(pk=wanted).first() if wanted.isdecimal() else None
    fault, reason = "", request.POST.get("reason", "")
    if request.method == "POST" and gone is not None:
        try:
            merge = merging.propose(actor, kept=kept, gone=gone, reason=reason)
        except Fault as refused:
            fault = refused.message
        else:
            messages.success(request, _("已提出合并，请另一位登记员或安全管理员复核。"))
            return redirect("people:merge", merge.pk)
    q = request.GET.get("q", kept.name)
    return page(
        request, "people/merge_propose.html", kept=kept, gone=gone, fault=fault, reason=reason, q=q,
        lines=_side_by_side(kept, gone) if gone else [], status=422 if request.method == "POST" else 200,
        found=[] if gone else list(queries.search_people(others.order_by("pinyin", "id"), q)[:CHOICES]),
    )  # fmt: skip


def merge_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One merge: both records, what moves and what stays, and what may be done."""
    actor = actor_of(request)
    merge = get_object_or_404(
        visible(actor, Merge).select_related("kept__organisation", "gone__organisation"), pk=pk
    )
    return page(
        request, "people/merge.html", merge=merge, lines=_side_by_side(merge.kept, merge.gone),
        moved=_in_words(merge.moved), stayed=_in_words(merge.stayed),
        may_decide=can(actor, "people.merge_decide", merge),
    )  # fmt: skip


@require_POST
def merge_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve, refuse or take back."""
    actor = actor_of(request)
    merge = get_object_or_404(visible(actor, Merge), pk=pk)
    move, note = request.POST.get("move", ""), request.POST.get("note", "")
    if move == "approve":
        merging.approve(actor, merge=merge)
        messages.success(request, _("已合并。发现有误可以撤销。"))
    elif move == "undo":
        merging.undo(actor, merge=merge, note=note)
        messages.success(request, _("已撤销合并，两份档案恢复原样。"))
    else:
        merging.refuse(actor, merge=merge, note=note)
        messages.success(request, _("已记为不同的人，没有合并。"))
    return redirect("people:merge", pk)
