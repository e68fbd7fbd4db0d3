"""The liaison's phone: the unit's places in every class, and what its people attended."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_safe

from keyuan.desk import sheets
from keyuan.desk.queries import my_quota as reads
from keyuan.kernel import navigation
from keyuan.kernel.access import actor_of, require
from keyuan.kernel.downloads import attachment
from keyuan.kernel.pages import Listing, listing, page, paginate
from keyuan.people.roles import Role

PER, MOST = 20, 20_000


@navigation.entry(_("本单位名额"), "desk:my-quota", (Role.LIAISON,), 5, "quota", phone=True, short=_("名额"))
@require_safe
def my_quota(request: HttpRequest) -> HttpResponse:
    """What came back and whom was exchanged first, then every running call, then those that are over."""
    actor = actor_of(request)
    require(actor, "desk.quota")
    over = Listing(paginate(request, reads.past_shares(actor), per=PER))
    return page(
        request, "desk/my_quota.html", calls=reads.open_shares(actor), returned=reads.returned(actor),
        exchanged=reads.exchanged(actor), over=over, past=reads.with_counts(actor, over.rows),
    )  # fmt: skip


def _people(request: HttpRequest, per: int) -> Listing:
    rows = reads.people_of(actor_of(request))
    return listing(
        request,
        rows,
        search=reads.search_people,
        sorts={"name": ("pinyin", "id")},
        default="name",
        per=per,
    )


@require_safe
def my_people(request: HttpRequest) -> HttpResponse:
    """The unit's people with the classes they attended and this year's hours."""
    actor = actor_of(request)
    require(actor, "desk.quota")
    found, year = _people(request, PER), timezone.localdate().year
    histories = reads.histories(actor, found.rows, year)
    return page(request, "desk/my_people.html", part="rows", listing=found, histories=histories, year=year)


@require_safe
def my_people_sheet(request: HttpRequest) -> HttpResponse:
    """The same as a workbook, all pages of what is listed."""
    actor = actor_of(request)
    require(actor, "desk.quota")
    histories = reads.histories(actor, _people(request, MOST).rows, timezone.localdate().year)
    return attachment(sheets.history_file(histories), "本单位人员培训情况.xlsx")
