"""One's own inbox: list, open, read all, and how one wants to be told."""

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from keyuan.kernel import mail, notify
from keyuan.kernel.access import actor_of, public, signed_in, visible
from keyuan.kernel.forms import NoticePreferenceForm
from keyuan.kernel.models import Message
from keyuan.kernel.pages import listing, page


@public
@never_cache
def inbox(request: HttpRequest) -> HttpResponse:
    """What one was told, newest first; by kind, and the unread alone. A personal link is enough."""
    actor = actor_of(request)
    if actor.person_id is None:
        return redirect_to_login(request.get_full_path())
    found = listing(
        request,
        visible(actor, Message),
        filters={"unread": lambda rows, _v: rows.filter(read_at=None), "kind": "kind"},
    )
    return page(
        request, "kernel/inbox.html", found=found, kinds=notify.kinds_of(actor), unread=notify.unread(actor)
    )


@public
@require_POST
def message_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Read a message and go where it points; back to the inbox when it points nowhere."""
    actor = actor_of(request)
    message = get_object_or_404(visible(actor, Message), pk=pk)
    notify.read(actor, message)
    is_here = url_has_allowed_host_and_scheme(message.link, None) and request.POST.get("stay") != "1"
    return redirect(message.link) if message.link and is_here else redirect("kernel:inbox")


@public
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Everything (of a kind) is read."""
    count = notify.read_all(actor_of(request), request.POST.get("kind", ""))
    messages.success(request, _("已将 %(count)s 条消息标为已读。") % {"count": count})
    return redirect("kernel:inbox")


@signed_in
def preferences(request: HttpRequest) -> HttpResponse:
    """Mail or not, at once or daily, and the hours of peace."""
    actor = actor_of(request)
    kept = mail.preference(actor)
    form = NoticePreferenceForm(
        request.POST or None,
        initial={"mail": kept.mail, "quiet_from": kept.quiet_from, "quiet_until": kept.quiet_until},
    )
    if form.is_bound and form.is_valid():
        mail.prefer(actor, **form.cleaned_data)
        messages.success(request, _("已保存接收方式。"))
        return redirect("kernel:inbox")
    status = 422 if form.is_bound else 200
    return page(
        request, "kernel/inbox_preferences.html", form=form, mailing=mail.is_configured(), status=status
    )
