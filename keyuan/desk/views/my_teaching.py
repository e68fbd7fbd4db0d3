"""The teacher's phone: my sessions, one session with its audience and result, accept or decline."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from keyuan.desk.actions import teaching
from keyuan.desk.queries import my_teaching as reads
from keyuan.kernel import navigation
from keyuan.kernel.access import actor_of, public, require
from keyuan.kernel.pages import Listing, page, paginate
from keyuan.people.roles import Role
from keyuan.training.models import Session
from keyuan.training.queries.feed import feed_address

PER = 20


@navigation.entry("我的授课", "desk:my-teaching", (Role.TEACHER,), 5, "class", phone=True)
@public
@never_cache
@require_safe
def my_teaching(request: HttpRequest) -> HttpResponse:
    """One's own sessions, today's first; fees to sign; what was given before."""
    actor = actor_of(request)
    if actor.person_id is None:
        return page(request, "desk/my_teaching.html", known=False)
    require(actor, "desk.teach")
    before = Listing(paginate(request, reads.past(actor), per=PER))
    return page(
        request, "desk/my_teaching.html", known=True, slots=reads.coming(actor), past=before,
        forms=reads.published(actor, [row.number for row in before.rows]), fees=reads.fees_to_see(actor), feed=feed_address(actor),
    )  # fmt: skip


def _own(request: HttpRequest, pk: int) -> Session:
    found = reads.own_session(actor_of(request), pk)
    if found is None:
        raise Http404
    return found


@public
@never_cache
@require_safe
def my_session(request: HttpRequest, pk: int) -> HttpResponse:
    """One session: class, place, map, audience in numbers; afterwards fee and result."""
    actor = actor_of(request)
    session = _own(request, pk)
    require(actor, "desk.teach", session)
    return page(request, "desk/my_session.html", mine=reads.my_session(actor, session))


@public
@never_cache
@require_POST
def session_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept or decline."""
    actor = actor_of(request)
    session = _own(request, pk)
    teaching.answer(actor, session=session, word=request.POST.get("answer", ""))
    messages.success(request, _("已收到您的答复，谢谢。"))
    return redirect("desk:my-session", pk)
