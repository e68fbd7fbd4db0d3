"""The lecture-fee sheet of a class: drawn, sent, signed on paper, paid, printed; and payees by month."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keyuan.fees import flows, papers, sheets
from keyuan.fees.actions import lectures as actions
from keyuan.fees.actions import payees
from keyuan.fees.forms import AccountForm, PayForm
from keyuan.fees.models import LectureFee, PayAccount
from keyuan.fees.queries import lectures as queries
from keyuan.fees.queries import standards, teaching
from keyuan.fees.views.budgets import class_at
from keyuan.kernel import navigation
from keyuan.kernel.access import actor_of, can, require, visible
from keyuan.kernel.downloads import attachment
from keyuan.kernel.faults import Fault
from keyuan.kernel.pages import page
from keyuan.people.guests import link_for
from keyuan.people.roles import OFFICE
from keyuan.training.queries.classes import tabs_for

TONES = {"draft": "neutral", "sent": "info", "queried": "bad", "signed": "warn", "paid": "good"}


def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody who teaches in the class: hours, rank, rate, net, gross, account, signature."""
    actor, klass = actor_of(request), class_at(request, pk)
    require(actor, "fees.see_lectures", klass)
    fees, standard = list(queries.sheet_of(actor, klass)), teaching.standard_for(klass)
    accounts = queries.accounts_of([fee.person_id for fee in fees]) if can(actor, "fees.reveal") else {}
    return page(
        request, "fees/lectures.html", klass=klass, tabs=tabs_for(actor, klass, "fees/"), fees=fees, tones=TONES,
        may=can(actor, "fees.lectures", klass), shares=teaching.shares(klass, standard), standard=standard,
        ranks=list(standards.lecture_rates(standard)) if standard else [], month=_month_of(fees, klass.ends),
        shown={key: f"{row.bank} {queries.masked_number(row)}" for key, row in accounts.items()},
        net=sum(fee.net for fee in fees), gross=sum(fee.gross for fee in fees), today=timezone.localdate(),
        sealed=can(actor, "fees.reveal"), waiting=queries.waiting_in(fees),
    )  # fmt: skip


def _month_of(fees: list[LectureFee], ends: date) -> str:
    return f"{(fees[-1].month if fees else ends):%Y-%m}"


def _typed_month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError as bad:
        raise Fault(_("发放月份应写作 2020-05 这样。"), "month") from bad


@require_POST
def draw(request: HttpRequest, pk: int) -> HttpResponse:
    """Make or renew the slips from the timetable, with the ranks confirmed."""
    actor, klass = actor_of(request), class_at(request, pk)
    keys = [key for key in request.POST if key.startswith("rank-") and key[5:].isdecimal()]
    ranks = {int(key[5:]): str(request.POST[key]) for key in keys}
    month = _typed_month(request.POST.get("month", ""))
    count = actions.draw_sheet(actor, training_class=klass, month=month, ranks=ranks)
    messages.success(request, _("已按课程表生成 %(n)s 位老师的讲课费。") % {"n": count})
    return redirect("fees:lectures", pk)


@require_POST
def send_all(request: HttpRequest, pk: int) -> HttpResponse:
    """Fix and send every slip that has not gone out."""
    actor, klass = actor_of(request), class_at(request, pk)
    rows = visible(actor, LectureFee).filter(training_class=klass, state__in=("draft", "queried"), net__gt=0)
    count = actions.send(actor, fees=rows.order_by("pk"))
    messages.success(request, _("已发出 %(n)s 份签收单，老师可在手机上签收。") % {"n": count})
    return redirect("fees:lectures", pk)


def slip(request: HttpRequest, pk: int) -> HttpResponse:
    """One slip for the office: lines, month, account, steps, the teacher's link."""
    actor = actor_of(request)
    fee = get_object_or_404(visible(actor, LectureFee).select_related("training_class", "person"), pk=pk)
    require(actor, "fees.see_lectures", fee)
    account = queries.account_of(fee.person_id) if can(actor, "fees.reveal", fee.person) else None
    net, gross = teaching.month_so_far(fee.person_id, fee.school_id, fee.month, besides=fee.pk)
    return page(
        request, "fees/slip.html", fee=fee, tones=TONES, lines=list(fee.lines.all()), account=account,
        masked=queries.masked_number(account), others=(net, gross), pay=PayForm(initial={"paid_on": timezone.localdate()}),
        moves=[m for m in flows.LECTURE.open_moves(fee, actor) if m.name not in {"sign", "query"}],
        address=link_for(fee.person_id, f"/fees/mine/{fee.pk}/"), may=can(actor, "fees.lectures", fee),
        form=AccountForm(initial={"bank": account.bank if account else ""}),
    )  # fmt: skip


@require_POST
def slip_move(request: HttpRequest, pk: int) -> HttpResponse:
    """One step of a slip by the office."""
    actor = actor_of(request)
    fee = get_object_or_404(visible(actor, LectureFee), pk=pk)
    move, form = request.POST.get("move", ""), PayForm(request.POST)
    if move not in flows.LECTURE.moves:
        raise Fault(_("没有这一步操作，请刷新页面后重试。"))
    if move == "send":
        actions.send(actor, fees=[fee])
    else:
        paid_on = form.cleaned_data["paid_on"] if form.is_valid() else None
        actions.move_fee(actor, fee=fee, move=move, note=request.POST.get("note", ""), paid_on=paid_on)
    messages.success(request, _("已办理：%(label)s。") % {"label": flows.LECTURE.moves[move].label})
    return redirect("fees:slip", pk)


@require_POST
def pay_all(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that every signed slip of the class was paid on a day."""
    actor, klass = actor_of(request), class_at(request, pk)
    form = PayForm(request.POST)
    if not form.is_valid():
        raise Fault(_("请填写实际支付日期，不能晚于今天。"), "paid_on")
    rows = list(visible(actor, LectureFee).filter(training_class=klass, state="signed"))
    actions.pay(actor, fees=rows, paid_on=form.cleaned_data["paid_on"])
    messages.success(request, _("已登记支付 %(n)s 份。") % {"n": len(rows)})
    return redirect("fees:lectures", pk)


@require_POST
def slip_account(request: HttpRequest, pk: int) -> HttpResponse:
    """The office types the account from a paper slip."""
    actor = actor_of(request)
    fee = get_object_or_404(visible(actor, LectureFee).select_related("person"), pk=pk)
    require(actor, "fees.lectures", fee)
    payees.save_account(
        actor, person=fee.person, bank=request.POST.get("bank", ""), number=request.POST.get("number", "")
    )
    messages.success(request, _("已保存收款账户。"))
    return redirect("fees:slip", pk)


@require_POST
def slip_reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole number, once, with a line that says who looked."""
    actor = actor_of(request)
    fee = get_object_or_404(visible(actor, LectureFee).select_related("person"), pk=pk)
    account = get_object_or_404(visible(actor, PayAccount), person_id=fee.person_id)
    number = payees.reveal_account(actor, account=account)
    return page(request, "fees/revealed.html", fee=fee, account=account, number=number)


def sheet_file(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The sheet as .xlsx, .docx or PDF, account numbers masked."""
    actor, klass = actor_of(request), class_at(request, pk)
    require(actor, "fees.lectures", klass)
    fees = list(queries.sheet_of(actor, klass))
    accounts = queries.accounts_of([fee.person_id for fee in fees])
    name = f"{klass.title}讲课费签收单.{form}"
    if form == "docx":
        return attachment(papers.sheet_docx(klass, fees, accounts), name)
    if form == "pdf":
        return attachment(papers.sheet_pdf(klass, fees, accounts), name)
    return attachment(sheets.lectures_file(fees, accounts, whole=False), name)


@require_POST
def payment_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The signed slips with whole account numbers, for the bank; a line of the audit for each person."""
    actor, klass = actor_of(request), class_at(request, pk)
    require(actor, "fees.lectures", klass)
    fees = [fee for fee in queries.sheet_of(actor, klass) if fee.state in {"signed", "paid"}]
    accounts = payees.reveal_for(actor, fees=fees)
    return attachment(sheets.lectures_file(fees, accounts, whole=True), f"{klass.title}讲课费转账表.xlsx")


@navigation.entry("讲课费月度汇总", "fees:payees", roles=OFFICE, order=63, icon="people", group="经费")
def month(request: HttpRequest) -> HttpResponse:
    """Everybody who gets lecture fees in a month, over all classes."""
    actor = actor_of(request)
    require(actor, "fees.see_lectures")
    months = queries.months_of(actor)
    asked = request.GET.get("month", "")
    chosen = _typed_month(asked) if asked else (months[0] if months else timezone.localdate().replace(day=1))
    rows = queries.payees_of(actor, chosen)
    if "export" in request.GET:
        return attachment(sheets.payees_file(rows), f"讲课费汇总{chosen:%Y-%m}.xlsx")
    return page(
        request, "fees/payees.html", rows=rows, months=[(f"{m:%Y-%m}", f"{m:%Y-%m}") for m in months], chosen=chosen,
        net=sum(row.net for row in rows), gross=sum(row.gross for row in rows), tones=TONES,
    )  # fmt: skip
