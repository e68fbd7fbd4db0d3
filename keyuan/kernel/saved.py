"""Named filters of lists (常用筛选): each person keeps their own, a list page shows them as one tap each."""

import re
from urllib.parse import parse_qsl, urlencode

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from keyuan.kernel import erasure
from keyuan.kernel.access import Actor, actor_of, scope, visible
from keyuan.kernel.faults import Fault
from keyuan.kernel.models import SavedView

A_PAGE = 12
NAME, QUERY = 20, 500
PAGE_NAME = re.compile(r"[a-z]+:[a-z-]+")


@scope(SavedView)
def own_views(actor: Actor, rows: QuerySet[SavedView]) -> QuerySet[SavedView]:
    """Everybody's filters are their own, in the school they were kept in."""
    if actor.person_id is None:
        return rows.none()
    return rows.filter(person_id=actor.person_id, school_id=actor.school_id)


def normal_query(text: str) -> str:
    """`?a=b` as it is kept: without the page number and without empty values."""
    pairs = parse_qsl(text.lstrip("?"), max_num_fields=20)
    return urlencode([(name, value) for name, value in pairs if value and name != "page"])


@transaction.atomic
def save(actor: Actor, *, page: str, name: str, query: str) -> SavedView:
    """Keep the filter under a name; the same name again replaces it. No audit line, it concerns nobody else.

    Raises Fault for a missing name, a filter that narrows nothing, or more than a list bears.
    """
    name, query = " ".join(name.split()), _read(query)
    if actor.person_id is None or not PAGE_NAME.fullmatch(page):
        raise Fault(_("这个页面不能存常用筛选。"))
    if not name or len(name) > NAME:
        raise Fault(_("请给常用筛选起一个不超过 %(n)s 个字的名称。") % {"n": NAME}, "name")
    kept = SavedView.objects.filter(person_id=actor.person_id, page=page)
    if not kept.filter(name=name).exists() and kept.count() >= A_PAGE:
        raise Fault(_("一个列表最多存 %(n)s 个常用筛选，请先移除不用的。") % {"n": A_PAGE}, "name")
    view, _fresh = SavedView.objects.update_or_create(
        person_id=actor.person_id,
        page=page,
        name=name,
        defaults={"query": query, "school_id": actor.school_id},
    )
    return view


def _read(query: str) -> str:
    try:
        kept = normal_query(query)
    except ValueError:
        kept = ""
    if not kept or len(kept) > QUERY:
        raise Fault(_("请先选好筛选条件再存为常用；条件过长时请缩短查找的文字。"), "query")
    return kept


@transaction.atomic
def remove(actor: Actor, *, view: SavedView) -> None:
    """Drop one of one's own filters; no audit line, it concerns nobody else."""
    visible(actor, SavedView).filter(pk=view.pk).delete()


def views_of(request: HttpRequest | None, page: str) -> list[SavedView]:
    """The asking person's filters of a list, in one query; none for a request without a person."""
    if request is None:
        return []
    return list(visible(actor_of(request), SavedView).filter(page=page))


@erasure.eraser
def forget(person_id: int) -> None:
    """Drop the person's filters."""
    SavedView.objects.filter(person_id=person_id).delete()
