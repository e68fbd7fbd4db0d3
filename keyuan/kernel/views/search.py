"""The search over everything one may see."""

from django.http import HttpRequest, HttpResponse

from keyuan.kernel import search
from keyuan.kernel.access import actor_of
from keyuan.kernel.pages import page

SHORT, LONG = 6, 100


def search_page(request: HttpRequest) -> HttpResponse:
    """What holds every term, by kind; one kind alone at more length."""
    query, kind = request.GET.get("q", "").strip()[:100], request.GET.get("kind", "")
    groups = search.find(actor_of(request), query, per=LONG if kind else SHORT, kind=kind)
    return page(request, "kernel/search.html", query=query, kind=kind, groups=groups)
