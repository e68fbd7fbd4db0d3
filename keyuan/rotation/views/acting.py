"""What is done about people due: places of a class, a reminder, an exemption; and the record of it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from keyuan.kernel.access import Actor, actor_of, require, visible
from keyuan.kernel.faults import Fault
from keyuan.kernel.pages import listing, page
from keyuan.people.models import Person
from keyuan.rotation import actions
from keyuan.rotation.forms import ExemptForm
from keyuan.rotation.models import Exemption, QuotaDraw, Reminder, Requirement
from keyuan.rotation.queries.coverage import Line
from keyuan.rotation.queries.quota import ADD, TOP_UP, classes_to_fill, drawn, typed_into
from keyuan.rotation.views.frame import answered, chosen, done_or_said, kept, tabs, trail
from keyuan.training.models import TrainingClass

MODES = ((TOP_UP, "补足：先用单位空余的名额"), (ADD, "追加：在已有名额上增加"))


def _typed(request: HttpRequest) -> dict[int, int]:
    """The places typed over the proposed ones; what is no number is passed over."""
    found = {}
    for name, text in request.POST.items():
        number = name.removeprefix("share-")
        if name.startswith("share-") and number.isdigit() and str(text).isdecimal():
            found[int(number)] = int(str(text)[:6])
    return found


def quota(request: HttpRequest) -> HttpResponse:
    """People due as places of a class: which class, how many for whom; written only when confirmed."""
    actor, data = actor_of(request), request.POST or request.GET
    require(actor, "rotation.draw")
    requirement, found, lines = chosen(actor, data)
    classes = list(classes_to_fill(actor, requirement.class_kinds)[:200])
    klass = next((one for one in classes if str(one.pk) == data.get("class")), None)
    if "class" not in data and data.get("act") != "confirm":
        # Nobody has chosen yet: the soonest is shown at once, so that what is left to do is to confirm it.
        klass = next(iter(classes), None)
    mode = ADD if data.get("mode") == ADD else TOP_UP
    typed = _typed(request) if data.get("act") in {"confirm", "recount"} else {}
    draw = typed_into(drawn(klass, lines, mode), typed) if klass else None
    fault = _confirmed(request, actor, requirement, klass, (lines, mode, typed))
    if fault == "" and klass is not None:
        return redirect("rotation:log")
    return page(
        request, "rotation/quota.html", requirement=requirement, found=found, lines=lines, classes=classes, klass=klass,
        draw=draw, mode=mode, modes=[(key, _(word)) for key, word in MODES], kept=kept(data), fault=fault or "",
        crumbs=trail(), status=422 if fault else 200,
    )  # fmt: skip


def _confirmed(
    request: HttpRequest, actor: Actor, requirement: Requirement, klass: TrainingClass | None,
    asked: tuple[list[Line], str, dict[int, int]],
) -> str | None:  # fmt: skip
    """Write what was confirmed: blank when it was, the reason when it was refused, None when only looked at."""
    if request.method != "POST" or request.POST.get("act") != "confirm":
        return None
    if klass is None:
        return _("请先选择班次。")
    lines, mode, typed = asked
    try:
        made = actions.draw_quota(
            actor, requirement=requirement, training_class=klass, lines=lines, mode=mode, typed=typed
        )
    except Fault as refused:
        return refused.message
    messages.success(
        request,
        _("已给 %(units)s 个单位增加 %(n)s 个名额。") % {"units": len(made.lines), "n": made.places},
    )
    return ""


@require_POST
def act(request: HttpRequest) -> HttpResponse:
    """What the bar under the list asks for: places, a reminder or an exemption of the ticked people."""
    wanted = request.POST.get("act", "")
    if wanted == "exempt":
        return exempt(request)
    return remind(request) if wanted == "remind" else quota(request)


@require_POST
def remind(request: HttpRequest) -> HttpResponse:
    """Tell the liaisons who is due."""
    actor = actor_of(request)
    require(actor, "rotation.remind")
    requirement, found, lines = chosen(actor, request.POST)

    def tell() -> None:
        told = actions.remind(actor, requirement=requirement, lines=lines, until=found.until)
        messages.success(
            request, _("已通知 %(n)s 个单位的联络员，涉及 %(due)s 人。") % {"n": told.units, "due": told.due}
        )
        if told.silent:
            words = "、".join(told.silent[:10])
            messages.warning(request, _("以下单位没有联络员，未能通知：%(units)s") % {"units": words})

    try:
        tell()
    except Fault as refused:
        messages.error(request, refused.message)
    return redirect(f"{reverse('rotation:board')}?requirement={requirement.pk}")


@require_POST
def exempt(request: HttpRequest) -> HttpResponse:
    """Why the ticked people are exempt, and until when; asked first, then written."""
    actor, said = actor_of(request), "reason" in request.POST
    require(actor, "rotation.keep")
    requirement, _found, lines = chosen(actor, request.POST)
    form = ExemptForm(request.POST if said else None)
    people = visible(actor, Person).filter(pk__in=[line.pk for line in lines])
    if not request.POST.getlist("pk") or not lines:
        messages.error(request, _("请先勾选要免训的应训人员。"))
        return redirect(f"{reverse('rotation:board')}?requirement={requirement.pk}")
    names = "、".join(line.member.name for line in lines[:20])
    words = {
        "title": _("登记免训"), "lead": _("%(title)s：%(names)s 等 %(n)s 人") % {"title": requirement.title, "names": names, "n": len(lines)},
        "crumbs": trail(), "back": f"{reverse('rotation:board')}?requirement={requirement.pk}",
        "done": _("已登记免训。"), "kept": kept(request.POST), "target": reverse("rotation:exempt"),
    }  # fmt: skip
    return answered(
        request, form, lambda: actions.exempt(actor, requirement=requirement, persons=people, **form.cleaned_data), words
    )  # fmt: skip


@require_POST
def exempt_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an exemption back."""
    actor = actor_of(request)
    one = get_object_or_404(visible(actor, Exemption).select_related("requirement"), pk=pk)
    require(actor, "rotation.keep", one.requirement)
    done_or_said(request, lambda: actions.revoke_exemption(actor, exemption=one), _("已撤销免训。"))
    return redirect("rotation:requirement", one.requirement_id)


@require_POST
def draw_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the units back the places they had."""
    actor = actor_of(request)
    one = get_object_or_404(visible(actor, QuotaDraw), pk=pk)
    require(actor, "rotation.draw", one)
    done_or_said(request, lambda: actions.undo_draw(actor, draw=one), _("已撤销，名额恢复原状。"))
    return redirect("rotation:log")


@require_GET
def log(request: HttpRequest) -> HttpResponse:
    """Places drawn and reminders sent, the newest first."""
    actor = actor_of(request)
    require(actor, "rotation.keep")
    draws = visible(actor, QuotaDraw).select_related("training_class", "requirement", "by")
    reminders = visible(actor, Reminder).select_related("requirement", "organisation", "by")
    found = listing(
        request, reminders, search=lambda rows, text: rows.filter(organisation__name__icontains=text),
        filters={"requirement": "requirement"},
    )  # fmt: skip
    return page(
        request, "rotation/log.html", draws=list(draws[:50]), listing=found, tabs=tabs(actor, "rotation:log"),
        requirements=list(visible(actor, Requirement).values_list("pk", "title")),
    )  # fmt: skip
