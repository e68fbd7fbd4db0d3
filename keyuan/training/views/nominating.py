"""A unit nominates: from its own people, by typing one in, or by sending the reply sheet."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keyuan.kernel.access import Actor, actor_of, require, visible
from keyuan.kernel.downloads import attachment
from keyuan.kernel.faults import Fault
from keyuan.kernel.flow import Move
from keyuan.kernel.pages import Listing, page, paginate
from keyuan.kernel.sheet import batches
from keyuan.orgs.models import Organisation
from keyuan.people.models import Person
from keyuan.training import flows, sheets
from keyuan.training.actions import classes, nominations
from keyuan.training.forms.nominees import NomineeForm
from keyuan.training.models import Nomination, QuotaShare, TrainingClass
from keyuan.training.queries import nominations as queries
from keyuan.training.queries.classes import tabs_for


def _asked(request: HttpRequest, pk: int) -> tuple[TrainingClass, Organisation, list[QuotaShare]]:
    """The class, the unit nominated for (one's own, or the one a registrar has chosen), and the shares to choose from."""
    actor = actor_of(request)
    training_class = get_object_or_404(
        visible(actor, TrainingClass).select_related("activity", "department"), pk=pk
    )
    require(actor, "training.nominate", training_class)
    shares = queries.shares_chosen_from(actor, training_class)
    chosen = request.GET.get("unit") or request.POST.get("unit") or "" if "registrar" in actor.roles else ""
    wanted = int(chosen) if chosen.isdecimal() else actor.organisation_id
    units = [share.organisation for share in shares]
    unit = next((unit for unit in units if unit.pk == wanted), None)
    if unit is None and (chosen or "registrar" not in actor.roles):
        unit = visible(actor, Organisation).filter(pk=wanted or 0).first()
    unit = unit or next(iter(units), None)
    if unit is None:
        raise Fault(_("这个班次还没有分配名额，请先分配。"))
    return training_class, unit, shares


def _class_and_unit(request: HttpRequest, pk: int) -> tuple[TrainingClass, Organisation]:
    """The class, and the unit nominated for."""
    return _asked(request, pk)[:2]


def nominate(request: HttpRequest, pk: int) -> HttpResponse:
    """What the unit may send, what it has sent, and whom it can choose."""
    actor = actor_of(request)
    training_class, unit, shares = _asked(request, pk)
    q, replacing = request.GET.get("q", "").strip(), request.GET.get("replace", "")
    kept = {"unit": str(unit.pk) if "registrar" in actor.roles else "", "replace": replacing}
    sent = Listing(
        paginate(request, queries.of_unit(actor, training_class, unit.pk), key="sent", short=True),
        q,
        chosen=kept,
    )
    people = Listing(paginate(request, queries.candidates(actor, training_class, unit.pk, q)), q, chosen=kept)
    return page(
        request, "training/nominate.html", klass=training_class, unit=unit, sent=sent, people=people, q=q,
        share=next((share for share in shares if share.organisation_id == unit.pk), None), replacing=replacing,
        moves=_moves(actor, training_class, sent.rows), obstacles=queries.obstacles(training_class, people.rows), tabs=tabs_for(actor, training_class, "nominate/"),
        units=[(s.organisation_id, str(s.organisation)) for s in shares if s.places] if "registrar" in actor.roles else [],
    )  # fmt: skip


def _moves(
    actor: Actor, training_class: TrainingClass, rows: Iterable[Nomination]
) -> dict[str, list[Move[Nomination]]]:
    """What can be done to these nominations of one unit for one class: the same to all in the same state."""
    found = {row.state: row for row in rows}
    for row in found.values():
        row.training_class = training_class  # known here, so that asking the right needs no query
    return {state: flows.NOMINATION.open_moves(row, actor) for state, row in found.items()}


def _replaced(request: HttpRequest, training_class: TrainingClass) -> Nomination | None:
    """Whom the page says the chosen person stands in for, if for anybody."""
    asked = request.POST.get("replace", "")
    if not asked:
        return None
    rows = visible(actor_of(request), Nomination).filter(training_class=training_class)
    found = rows.filter(pk=asked if asked.isdecimal() else 0).first()
    if found is None:
        raise Fault(_("要换下的推荐已不在名单中，请刷新后重选。"))
    return found


@require_POST
def nominate_people(request: HttpRequest, pk: int) -> HttpResponse:
    """Nominate the ticked people; what cannot be done is told by name."""
    actor = actor_of(request)
    training_class, unit = _class_and_unit(request, pk)
    people = visible(actor, Person).filter(
        pk__in=[k for k in request.POST.getlist("person") if k.isdecimal()]
    )
    if not people:
        raise Fault(_("请先勾选要推荐的人。"))
    done = nominations.nominate_each(
        actor, training_class=training_class, persons=people, organisation=unit,
        replaces=_replaced(request, training_class),
    )  # fmt: skip
    if done.done:
        messages.success(request, _("已推荐 %(n)s 人，等待审核。") % {"n": done.done})
    for _who, reason in done.refused:
        messages.error(request, reason)
    return redirect(f"/classes/{pk}/nominate/?unit={unit.pk}")


def nominate_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Register somebody new and nominate at once."""
    actor = actor_of(request)
    training_class, unit = _class_and_unit(request, pk)
    form = NomineeForm(actor, request.POST or None, initial={"organisation": unit.pk})
    if request.method == "POST" and form.is_valid():
        try:
            nominations.nominate_new(
                actor, training_class=training_class, organisation=unit, facts=form.facts()
            )
        except Fault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(request, _("已登记并推荐，等待审核。"))
            return redirect(f"/classes/{pk}/nominate/?unit={unit.pk}")
    return page(
        request,
        "training/nominate_new.html",
        form=form,
        klass=training_class,
        unit=unit,
        status=422 if form.is_bound else 200,
    )


def reply_template(request: HttpRequest, pk: int) -> HttpResponse:
    """The empty reply sheet."""
    _class_and_unit(request, pk)
    return attachment(sheets.reply_template(), "报名回执.xlsx")


@require_POST
def reply_upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Read a reply sheet and go to its preview."""
    actor = actor_of(request)
    training_class, unit = _class_and_unit(request, pk)
    upload = request.FILES.get("file")
    if upload is None:
        raise Fault(_("请选择报名回执文件（.xlsx）。"))
    own = "registrar" not in actor.roles or bool(request.POST.get("only_unit"))
    context = {"class": training_class.pk, "organisation": unit.pk if own else None}
    batch = batches.receive(actor, purpose="training.nominate", upload=upload, context=context)
    return redirect("kernel:batch", batch.pk)


@require_POST
def mark_opened(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that the unit has read the call."""
    actor = actor_of(request)
    training_class = get_object_or_404(visible(actor, TrainingClass), pk=pk)
    share = queries.share_seen(actor, training_class)
    if share is not None:
        classes.share_opened(actor, share=share)
    return redirect("training:nominate", pk)


@require_POST
def nomination_move(request: HttpRequest, pk: int) -> HttpResponse:
    """One step for one nomination, by the unit or the office."""
    actor = actor_of(request)
    nomination = get_object_or_404(
        visible(actor, Nomination).select_related("training_class", "person", "organisation"), pk=pk
    )
    move = request.POST.get("move", "")
    if move not in flows.NOMINATION.moves:
        raise Fault(_("没有这一步操作，请刷新页面后重试。"))
    nominations.move_nomination(actor, nomination=nomination, move=move, note=request.POST.get("note", ""))
    messages.success(
        request,
        _("%(name)s：%(label)s。")
        % {"name": nomination.person.name, "label": flows.NOMINATION.moves[move].label},
    )
    if request.POST.get("back") == "invite":
        return redirect("training:invite", nomination.training_class_id)
    back = "training:nominations" if request.POST.get("back") == "review" else "training:nominate"
    suffix = "" if back == "training:nominations" else f"?unit={nomination.organisation_id}"
    return redirect(redirect(back, nomination.training_class_id).url + suffix)
