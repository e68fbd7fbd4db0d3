"""A package looked through before anybody relies on it: what it is, what is launched, or why it is not taken."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_noop

from keyuan.kernel import navigation
from keyuan.kernel.access import actor_of, require
from keyuan.kernel.pages import page
from keyuan.packages import queries
from keyuan.packages.forms import CheckForm
from keyuan.packages.rules.access import ROLES


@navigation.entry(
    gettext_noop("课件包检查"),
    "packages:check",
    roles=ROLES,
    order=68,
    icon="upload",
    group="资源",
    short=gettext_noop("课件包"),
)
def check(request: HttpRequest) -> HttpResponse:
    """What an uploaded package holds; nothing of it is kept, nothing of it runs."""
    require(actor_of(request), "packages.check")
    form = CheckForm(request.POST, request.FILES) if request.method == "POST" else CheckForm()
    report = queries.report(form.contents, form.found) if form.is_valid() else None
    status = 422 if form.is_bound and report is None else 200
    return page(request, "packages/check.html", form=form, report=report, status=status)
