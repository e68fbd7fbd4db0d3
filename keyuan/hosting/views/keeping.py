"""What the office keeps of a rota: itself, its rules, its task list, its turns, its units."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keyuan.hosting import actions
from keyuan.hosting.forms import (
    DaysForm,
    ExemptForm,
    OpenForm,
    PastForm,
    RotaForm,
    RuleForm,
    TasksForm,
    rota_initial,
)
from keyuan.hosting.models import Exemption, Member, Passing, Rota, RotaRule, Turn
from keyuan.hosting.queries.board import board_of, turns_of
from keyuan.hosting.queries.standing import rule_on
from keyuan.hosting.rules.explaining import record_of
from keyuan.hosting.views.frame import TONES, answered, rota_of, tabs
from keyuan.kernel.access import actor_of, can, require, visible
from keyuan.kernel.faults import Fault
from keyuan.orgs.models import Organisation

Crumbs = list[tuple[str, str]]


def _crumbs(rota: Rota | None = None) -> Crumbs:
    found = [(_("承办轮值"), reverse("hosting:rotas"))]
    return found if rota is None else [*found, (rota.name, reverse("hosting:board", args=[rota.pk]))]


def _to(name: str, pk: int) -> Any:
    return lambda _made: reverse(f"hosting:{name}", args=[pk])


def rota_new(request: HttpRequest) -> HttpResponse:
    """Open a rota."""
    actor = actor_of(request)
    require(actor, "hosting.keep")
    form = OpenForm(actor, request.POST or None, initial={"opened_on": timezone.localdate()})

    def act() -> Rota:
        said = form.cleaned_data
        return actions.open_rota(
            actor,
            facts=form.facts(),
            opened_on=said["opened_on"],
            seed=said["seed"],
            seed_source=said["seed_source"],
        )

    return answered(
        request, form, act, back=lambda made: reverse("hosting:board", args=[made.pk]), done=_("轮值已建立，名单上的单位都已加入。"),
        title=_("新建承办轮值"), lead=_("建立后即按抽签排出次序；种子公布，谁都可以重算。"), crumbs=_crumbs(), cancel=reverse("hosting:rotas"),
    )  # fmt: skip


def rota_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a rota."""
    rota, actor = rota_of(request, pk, "hosting.keep"), actor_of(request)
    form = RotaForm(actor, request.POST or None, initial=rota_initial(rota))
    return answered(
        request, form, lambda: actions.change_rota(actor, rota=rota, facts=form.facts()), back=_to("board", pk),
        done=_("已保存。"), title=_("修改轮值"), lead=rota.name, crumbs=_crumbs(rota), cancel=reverse("hosting:board", args=[pk]),
    )  # fmt: skip


def rules(request: HttpRequest, pk: int) -> HttpResponse:
    """What is laid down from when, and a new rule."""
    rota, actor = rota_of(request, pk, "hosting.keep"), actor_of(request)
    names = ("co_host", "jump_in", "window", "tolerance", "term_months")
    now = rule_on(rota, timezone.localdate())
    form = RuleForm(request.POST or None, initial={name: getattr(now, name) for name in names})
    return answered(
        request, form, lambda: actions.set_rule(actor, rota=rota, facts=actions.RuleFacts(**form.cleaned_data)),
        back=_to("rules", pk), done=_("规定已保存，起用日期以后的期次按它排。"), template="hosting/rules.html", rota=rota,
        tabs=tabs(actor, rota, "rules"), former=RotaRule.objects.filter(rota=rota),
    )  # fmt: skip


def templates(request: HttpRequest, pk: int) -> HttpResponse:
    """The list every host gets."""
    rota, actor = rota_of(request, pk, "hosting.keep"), actor_of(request)
    said = "\n".join(f"{one.days} {one.title}" for one in rota.templates.all())
    form = TasksForm(request.POST or None, initial={"lines": said})
    return answered(
        request, form, lambda: actions.set_templates(actor, rota=rota, lines=form.cleaned_data["lines"]),
        back=_to("templates", pk), done=_("任务模板已保存，以后确认承办的单位按它领任务。"), title=_("任务模板"), lead=rota.name,
        crumbs=_crumbs(rota), cancel=reverse("hosting:board", args=[pk]),
    )  # fmt: skip


def add_turns(request: HttpRequest, pk: int) -> HttpResponse:
    """Turns of a year, proposed evenly over it."""
    rota, actor = rota_of(request, pk, "hosting.keep"), actor_of(request)
    last = Turn.objects.filter(rota=rota).order_by("-planned_on").first()
    year = max(timezone.localdate().year, last.year if last else 0) + 1
    proposed = "\n".join(day.isoformat() for day in actions.even_days(year, rota.per_year))
    form = DaysForm(request.POST or None, initial={"days": proposed})
    return answered(
        request, form, lambda: actions.add_turns(actor, rota=rota, days=form.cleaned_data["days"]), back=_to("turns", pk),
        done=_("期次已增加，可以依次排出承办单位。"), title=_("增加期次"), lead=rota.name, crumbs=_crumbs(rota),
        cancel=reverse("hosting:turns", args=[pk]),
    )  # fmt: skip


def past(request: HttpRequest, pk: int) -> HttpResponse:
    """A turn hosted before the rota was kept here."""
    rota, actor = rota_of(request, pk, "hosting.keep"), actor_of(request)
    form = PastForm(request.POST or None)

    def act() -> Turn:
        said = form.cleaned_data
        unit = Organisation.objects.filter(school=rota.school, name=said["unit"].strip()).first()
        if unit is None:
            raise Fault(_("没有这个单位，请写单位名单上的全称。"), "unit")
        return actions.record_past(actor, rota=rota, unit=unit, day=said["day"], title=said["title"])

    names = Member.objects.filter(rota=rota, left_on=None).order_by("organisation__order")
    return answered(
        request, form, act, back=_to("turns", pk), done=_("已补录，次序随之更新。"), title=_("补录承办历史"), lead=rota.name,
        crumbs=_crumbs(rota), cancel=reverse("hosting:turns", args=[pk]), units=names.values_list("organisation__name", flat=True),
    )  # fmt: skip


@require_POST
def join(request: HttpRequest, pk: int) -> HttpResponse:
    """Units that are on the list and not in the rota join; fields that were corrected are taken over."""
    rota, actor = rota_of(request, pk, "hosting.keep"), actor_of(request)
    count = len(actions.join(actor, rota=rota, on=timezone.localdate()))
    fields = actions.refresh_fields(actor, rota=rota)
    messages.success(request, _("新加入 %(n)s 家，更正学科 %(m)s 家。") % {"n": count, "m": fields})
    return redirect("hosting:board", pk)


def member(request: HttpRequest, pk: int) -> HttpResponse:
    """A unit's part in a rota: its place, its turns, its exemptions; the office exempts it here."""
    actor = actor_of(request)
    one = get_object_or_404(visible(actor, Member).select_related("rota", "organisation"), pk=pk)
    require(actor, "hosting.see" if request.method == "GET" else "hosting.keep", one)
    form = ExemptForm(request.POST or None)
    found = board_of(one.rota, timezone.localdate())
    line = next((each for each in found.lines if each.member == pk), None)
    return answered(
        request, form, lambda: actions.exempt(actor, member=one, **form.cleaned_data), back=_to("member", pk),
        done=_("已登记免排，位次保留。"), template="hosting/member.html", member=one, line=line, tones=TONES,
        record=record_of(line.figures) if line else "", count=len(found.drawn.choice.order),
        turns=turns_of(actor).filter(rota=one.rota, host=one.organisation), may=can(actor, "hosting.keep", one),
        exemptions=visible(actor, Exemption).filter(member=one),
        passings=visible(actor, Passing).filter(turn__rota=one.rota, organisation=one.organisation).select_related("turn__rota"),
        crumbs=_crumbs(one.rota),
    )  # fmt: skip


@require_POST
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """A unit takes part no more."""
    actor = actor_of(request)
    one = get_object_or_404(visible(actor, Member).select_related("rota"), pk=pk)
    actions.leave(actor, member=one, on=timezone.localdate())
    messages.success(request, _("已退出轮值，承办过的仍计入历史。"))
    return redirect("hosting:board", one.rota_id)


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """The unit is asked again."""
    actor = actor_of(request)
    one = get_object_or_404(visible(actor, Exemption).select_related("member"), pk=pk)
    actions.revoke_exemption(actor, exemption=one)
    messages.success(request, _("已撤销免排。"))
    return redirect("hosting:member", one.member_id)
