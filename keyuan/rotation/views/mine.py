"""What I still owe, until when, and which classes would count."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from keyuan.kernel import navigation
from keyuan.kernel.access import actor_of, require
from keyuan.kernel.pages import page
from keyuan.people.roles import Role
from keyuan.rotation import sheets
from keyuan.rotation.queries.own import my_coming, owed_by
from keyuan.rotation.views.board import TONES


@navigation.entry("我的轮训", "rotation:mine", roles=(Role.TRAINEE.value,), order=46, icon="class")
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """One's own requirements, what is owed first."""
    actor, on = actor_of(request), timezone.localdate()
    require(actor, "rotation.mine")
    return page(
        request, "rotation/mine.html", rows=owed_by(actor, on), coming=my_coming(actor), on=on, tones=TONES,
        amount=sheets.amount, forecast=sheets.forecast,
    )  # fmt: skip
