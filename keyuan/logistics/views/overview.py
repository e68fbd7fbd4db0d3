"""How far a class is arranged, what has been told, and every paper of it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keyuan.kernel.access import actor_of
from keyuan.kernel.downloads import attachment
from keyuan.logistics import papers
from keyuan.logistics.actions import arranging, handbooks
from keyuan.logistics.forms import RulesForm
from keyuan.logistics.papers.handbook import rules_of
from keyuan.logistics.queries import summary
from keyuan.logistics.views import frame


def overview(request: HttpRequest, pk: int) -> HttpResponse:
    """The figures, the switches, the papers."""
    klass = frame.kept(request, pk)
    return frame.show(
        request, klass, "overview", figures=summary.figures_of(actor_of(request), klass), papers=papers.KINDS,
        parts=summary.parts_of(klass),
    )  # fmt: skip


@require_POST
def tell(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the trainees see a part, or hide it again."""
    klass = frame.kept(request, pk, "logistics.arrange")
    part = request.POST.get("part", "")
    if request.POST.get("act") == "untell":
        arranging.untell(actor_of(request), training_class=klass, part=part)
        messages.success(request, _("已撤回，学员暂时看不到这一项。"))
    else:
        arranging.tell(actor_of(request), training_class=klass, part=part)
        messages.success(request, _("已公布，学员已收到通知。"))
    return frame.back(request, klass, "overview")


def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """One paper as a file."""
    klass = frame.kept(request, pk)
    made = papers.make(actor_of(request), klass, request.GET.get("kind", ""))
    return attachment(made.content, made.name)


@require_POST
def handbook(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the handbook made and watch it."""
    klass = frame.kept(request, pk)
    job = handbooks.ask(actor_of(request), training_class=klass, size=request.POST.get("size", "a5"))
    return redirect("kernel:job", job.pk)


def rules(request: HttpRequest, pk: int) -> HttpResponse:
    """The rules that the handbook prints."""
    klass = frame.kept(request, pk, "logistics.arrange")
    form = RulesForm(request.POST or None, initial={"rules_text": "\n".join(rules_of(klass))})
    if request.method == "POST" and form.is_valid():
        arranging.set_up(actor_of(request), training_class=klass, facts=form.cleaned_data)
        messages.success(request, _("已保存，重新生成手册后生效。"))
        return frame.back(request, klass, "overview")
    return frame.show(
        request, klass, "overview", template="form", form=form, title=_("学员守则和请假规定"), submit=_("保存"),
        leave_to="overview", status=422 if form.is_bound else 200,
    )  # fmt: skip
