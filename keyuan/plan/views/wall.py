"""The plan on a wall: on screen, on paper, as a workbook."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from keyuan.kernel.access import Actor, actor_of, visible
from keyuan.kernel.downloads import attachment
from keyuan.kernel.pages import page
from keyuan.plan.models import AnnualPlan
from keyuan.plan.queries.wall import GROUPINGS, MONTHS, Wall, wall_of
from keyuan.plan.sheets.wall import wall_workbook


def _asked(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET.get(name, "").strip()[:60] for name in ("by", "q", "only")}


def _wall(request: HttpRequest, actor: Actor, year: int) -> Wall:
    plan = get_object_or_404(visible(actor, AnnualPlan), year=year)
    return wall_of(actor, plan, **_asked(request))


@require_GET
def wall(request: HttpRequest, year: int) -> HttpResponse:
    """The year's activities against its months."""
    actor, asked = actor_of(request), _asked(request)
    found = _wall(request, actor, year)
    return page(
        request, "plan/wall.html", wall=found, plan=found.plan, asked=asked, groupings=GROUPINGS, months=list(MONTHS),
        query=request.GET.urlencode(),
    )  # fmt: skip


@require_GET
def wall_export(request: HttpRequest, year: int) -> HttpResponse:
    """The wall as it is grouped and narrowed, as a workbook."""
    found = _wall(request, actor_of(request), year)
    return attachment(wall_workbook(found), f"{found.plan}{_('上墙')}.xlsx")
