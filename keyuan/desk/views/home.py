"""The home of each seat."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_noop as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from keyuan.desk import queries
from keyuan.kernel import navigation
from keyuan.kernel.access import actor_of, signed_in
from keyuan.kernel.pages import page

navigation.entry(_("工作台"), "desk:home", order=0, icon="home", phone=True)


@signed_in
@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What waits, what happens today, and where things stand, for the seat one sits in."""
    return page(request, "desk/home.html", home=queries.home_of(actor_of(request), request.path))
