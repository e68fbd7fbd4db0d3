"""Screens of evaluation: answering on the phone, running a form, checking texts, reading results."""

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from keyuan.evaluation import actions, queries
from keyuan.evaluation.flows import FORM
from keyuan.evaluation.forms import RemarkCheck
from keyuan.evaluation.models import Form, SigningKey
from keyuan.evaluation.rules.questions import GRADES, TEXT_LIMIT
from keyuan.evaluation.rules.results import FEWEST, FORMULA
from keyuan.kernel import navigation
from keyuan.kernel.access import actor_of, can, public, require, visible
from keyuan.kernel.faults import Fault
from keyuan.kernel.pages import listing, page

navigation.entry(
    _("教学评估"), "evaluation:list", ("registrar", "head_teacher", "leader", "teacher"), 60, "chart"
)


@require_GET
def form_list(request: HttpRequest) -> HttpResponse:
    """All forms this actor sees."""
    actor = actor_of(request)
    found = listing(
        request,
        visible(actor, Form),
        search=lambda rows, text: rows.filter(title__icontains=text),
        filters={"state": "state"},
        sorts={"title": "title", "closes": "closes_at"},
        default="-closes",
    )
    return page(request, "evaluation/list.html", listing=found, states=Form.State.choices)


@public
@never_cache
@require_GET
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The form on the phone, for those on its list; a guest's personal link is enough."""
    actor = actor_of(request)
    form = get_object_or_404(visible(actor, Form), pk=pk)
    require(actor, "evaluation.answer", form)
    return _answer_page(request, form)


def _answer_page(
    request: HttpRequest,
    form: Form,
    *,
    token: str = "",
    given: dict[str, str] | None = None,
    fault: Fault | None = None,
) -> HttpResponse:
    key = get_object_or_404(SigningKey, form=form)
    return page(
        request,
        "evaluation/answer.html",
        status=fault.status if fault else 200,
        form=form,
        questions=queries.questions_of(form),
        grades=GRADES,
        limit=TEXT_LIMIT,
        fewest=FEWEST,
        modulus=key.modulus,
        token=token,
        given=given or {},
        fault=fault,
    )


@public
@never_cache
@require_POST
def token(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign a blinded value for the person asking; the answer itself comes by another request without cookies."""
    actor = actor_of(request)
    form = get_object_or_404(visible(actor, Form), pk=pk)
    try:
        blinded = int(json.loads(request.body)["blinded"], 16)
        signed = actions.issue(actor, form=form, blinded=blinded)
    except (ValueError, KeyError, TypeError, OverflowError):
        return JsonResponse({"message": _("领取凭据的请求不完整，请刷新页面再试。")}, status=400)
    except Fault as fault:
        return JsonResponse({"message": fault.message}, status=fault.status)
    return JsonResponse({"signed": f"{signed:x}"})


@public
@never_cache
@require_POST
def plain(request: HttpRequest, pk: int) -> HttpResponse:
    """Without scripts the server makes the token by itself; the page says that this is weaker."""
    actor = actor_of(request)
    form = get_object_or_404(visible(actor, Form), pk=pk)
    return _answer_page(request, form, token=actions.issue_plainly(actor, form=form))


@public
@never_cache
@csrf_exempt
@require_POST
def cast(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one ballot. The token is its only right: no session is read, no cookie looked at, nothing logged.

    Without a session there is nothing a forged request could borrow, hence no CSRF check.
    """
    given = {name: str(value) for name, value in request.POST.items()}
    token = given.pop("token", "")
    wants_json = "application/json" in request.headers.get("Accept", "")
    try:
        outcome = actions.cast(form_id=pk, token=token, given=given)
    except Fault as fault:
        if wants_json:
            return JsonResponse({"message": fault.message, "field": fault.field}, status=fault.status)
        form = Form.objects.filter(pk=pk, state=Form.State.OPEN).first()
        if form is None or not fault.field:
            raise
        return _answer_page(request, form, token=token, given=given, fault=fault)
    if wants_json:
        return JsonResponse({"outcome": outcome})
    return page(request, "evaluation/thanks.html", outcome=outcome)


@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One form for its staff: state, progress, and after closing the result."""
    actor = actor_of(request)
    form = get_object_or_404(visible(actor, Form), pk=pk)
    if form.state == Form.State.OPEN and can(actor, "evaluation.answer", form):
        return redirect("evaluation:answer", pk=pk)
    return page(
        request,
        "evaluation/detail.html",
        form=form,
        moves=[move for move in FORM.open_moves(form, actor) if move.name != "open"],
        may_run=can(actor, "evaluation.run", form),
        progress=queries.progress(form),
        result=queries.result(form),
        lost=queries.urn_is_lost(form),
        remarks=queries.remarks_of(actor, form),
        waiting=queries.waiting_remarks(form),
        formula=FORMULA,
        fewest=FEWEST,
    )


@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Close or publish a form, or open one anew whose urn was lost."""
    actor = actor_of(request)
    form = get_object_or_404(visible(actor, Form), pk=pk)
    name = request.POST.get("move", "")
    if name == "close":
        actions.close(actor, form=form)
    elif name == "publish":
        actions.publish(actor, form=form)
    elif name == "restart":
        actions.restart(actor, form=form)
    else:
        raise Fault(_("没有这个操作，请刷新页面再试。"))
    messages.success(request, _("已办理。"))
    return redirect("evaluation:detail", pk=pk)


def check(request: HttpRequest, pk: int) -> HttpResponse:
    """The check of texts for names before publication."""
    actor = actor_of(request)
    form = get_object_or_404(visible(actor, Form), pk=pk, state=Form.State.CLOSED)
    require(actor, "evaluation.check", form)
    remarks = queries.remarks_of(actor, form)
    checked = RemarkCheck(request.POST or None, remarks=[row for _q, rows in remarks for row in rows])
    if request.method == "POST" and checked.is_valid():
        actions.check_remarks(actor, form=form, hide=checked.hidden, redact=checked.redacted)
        if "publish" in request.POST:
            actions.publish(actor, form=visible(actor, Form).get(pk=pk))
        messages.success(request, _("意见已核对。"))
        return redirect("evaluation:detail", pk=pk)
    return page(
        request,
        "evaluation/check.html",
        status=422 if checked.errors else 200,
        form=form,
        remarks=remarks,
        checked=checked,
    )
