"""The trainee's phone: my classes, one class with all that belongs to it, the letter of admission."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_noop as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from keyuan.desk import papers
from keyuan.desk.actions import letters
from keyuan.desk.queries import my_class as reads
from keyuan.desk.queries.letters import letter_of
from keyuan.kernel import navigation
from keyuan.kernel.access import actor_of, public, require
from keyuan.kernel.downloads import attachment
from keyuan.kernel.pages import page
from keyuan.kernel.papers import issuing
from keyuan.people.roles import Role
from keyuan.training.models import Nomination
from keyuan.training.queries.feed import feed_address


@navigation.entry(_("我的班次"), "desk:my-classes", (Role.TRAINEE,), 5, "class", phone=True)
@public
@never_cache
@require_safe
def my_classes(request: HttpRequest) -> HttpResponse:
    """The classes one was put forward for; straight to the one where there is just one."""
    actor = actor_of(request)
    rows = reads.own(actor)
    if len(rows) == 1:
        return redirect("desk:my-class", rows[0].training_class_id)
    return page(request, "desk/my_classes.html", rows=rows, known=actor.person_id is not None)


@public
@never_cache
@require_safe
def my_class(request: HttpRequest, pk: int) -> HttpResponse:
    """One class: where one stands, today, what to bring, where, with whom, leave, evaluations, the outcome."""
    actor = actor_of(request)
    if actor.person_id is None:
        return redirect("desk:my-classes")
    found = reads.my_class(actor, _own(request, pk))
    return page(request, "desk/my_class.html", mine=found, klass=found.klass, feed=feed_address(actor))


def _own(request: HttpRequest, pk: int) -> Nomination:
    """One's own standing in the class; a stranger to it finds nothing."""
    found = reads.own_in(actor_of(request), pk)
    if found is None:
        raise Http404
    return found


@public
@never_cache
@require_POST
def letter_draw(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw the letter of admission, or the newer one where the class has changed, and hand it out."""
    letters.draw(actor_of(request), nomination=_own(request, pk))
    return redirect("desk:letter", pk)


@public
@never_cache
@require_safe
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter's file, once it was drawn."""
    nomination = _own(request, pk)
    paper = letter_of(actor_of(request), nomination)
    if paper is None:
        raise Http404
    return attachment(issuing.content(paper), f"录取通知书-{nomination.person.name}.pdf")


@public
@never_cache
@require_safe
def certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own certificate as a file; a personal link is enough."""
    actor, nomination = actor_of(request), _own(request, pk)
    row = reads.certificate_of(actor, nomination.training_class)
    if row is None:
        raise Http404
    require(actor, "credits.download", row)
    return attachment(papers.certificate_pdf(row), f"{row.holder_name}-{row.number}.pdf")
