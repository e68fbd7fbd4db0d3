"""What trainees need: what is asked, who answered, answers taken by telephone."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from keyuan.kernel.access import actor_of, visible
from keyuan.kernel.downloads import attachment
from keyuan.kernel.faults import Fault
from keyuan.kernel.pages import listing
from keyuan.logistics.actions import answering, arranging
from keyuan.logistics.forms import AnswerForm, SetUpForm
from keyuan.logistics.queries import boards
from keyuan.logistics.queries import needs as reads
from keyuan.logistics.sheets import outgoing
from keyuan.logistics.views import frame
from keyuan.training.models import Nomination
from keyuan.training.queries import nominations


def needs(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody with what they need."""
    klass, actor = frame.kept(request, pk), actor_of(request)
    answers = reads.needs_of(actor, klass)
    found = listing(request, nominations.roster(actor, klass), search=nominations.search_nominations)
    return frame.show(
        request, klass, "needs", found=found, rows=[(row, answers.get(row.pk)) for row in found.rows], wishes=boards.wishes_of(actor, klass),
        answered=len(answers), joins=sum(one.joins for one in answers.values()),
        diets=sum(bool(one.diet) for one in answers.values()), rooms=sum(bool(one.room) for one in answers.values()),
    )  # fmt: skip


def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """What is asked, until when, how long it is kept."""
    klass = frame.kept(request, pk, "logistics.arrange")
    form = SetUpForm(request.POST or None, instance=reads.arrangement_of(klass))
    if request.method == "POST" and form.is_valid():
        arranging.set_up(actor_of(request), training_class=klass, facts=form.cleaned_data)
        messages.success(request, _("已保存。新增的问题已通知学员。"))
        return frame.back(request, klass, "needs")
    return frame.show(
        request, klass, "needs", template="form", form=form, title=_("向学员询问什么"), submit=_("保存"), leave_to="needs",
        lead=_("只问本班会务确实要用的内容，每一项都写明用途，到期自动清除。"), status=422 if form.is_bound else 200,
    )  # fmt: skip


def one(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one trainee's answers by telephone."""
    klass, actor = frame.kept(request, pk, "logistics.arrange"), actor_of(request)
    rows = visible(actor, Nomination).filter(training_class=klass, state=Nomination.State.ADMITTED)
    row = get_object_or_404(rows.select_related("person"), pk=frame.number(request, "trainee") or 0)
    start = AnswerForm.begun(reads.own_needs(actor, row), boards.wishes_of(actor, klass).get(row.pk, ""))
    form = AnswerForm(reads.arrangement_of(klass), request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            answering.answer(actor, nomination=row, facts=form.facts())
        except Fault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(request, _("已登记%(name)s的需要。") % {"name": row.person.name})
            return frame.back(request, klass, "needs")
    return frame.show(
        request, klass, "needs", template="form", form=form, title=row.person.name, submit=_("代为登记"), leave_to="needs",
        lead=_("按学员本人的说法登记，不要替他决定。"), status=422 if form.is_bound else 200,
    )  # fmt: skip


def export(request: HttpRequest, pk: int) -> HttpResponse:
    """Diet and room needs for kitchen and hotel."""
    klass = frame.kept(request, pk)
    return attachment(outgoing.needs_file(actor_of(request), klass), f"{klass.title}{_('学员需要')}.xlsx")
