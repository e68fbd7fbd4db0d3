"""A file of questions: looked into before it is used, changed into another format, what is wrong given back."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET

from keyuan.kernel import navigation
from keyuan.kernel.access import actor_of, require
from keyuan.kernel.downloads import attachment
from keyuan.kernel.pages import page
from keyuan.questions import formats
from keyuan.questions.exchange import answering
from keyuan.questions.exchange.forms import CONVERT, LEFT, ExchangeForm
from keyuan.questions.exchange.rules import ROLES


@navigation.entry(
    gettext_noop("题目文件"), "question-files:exchange", roles=ROLES, order=67, icon="upload", group="资源"
)
def exchange(request: HttpRequest) -> HttpResponse:
    """What a file of questions holds; nothing of it is kept."""
    require(actor_of(request), "questions.exchange")
    if request.method != "POST":
        return page(request, "questions/exchange.html", form=ExchangeForm(), lines=[], reading=None)
    form = ExchangeForm(request.POST, request.FILES)
    if not form.is_valid():
        return page(request, "questions/exchange.html", form=form, lines=[], reading=None, status=422)
    handing = {
        CONVERT: lambda: answering.converted(form.reading, form.cleaned_data["format"] or "xlsx"),
        LEFT: lambda: answering.left_over(form.reading),
    }
    act = request.POST.get("act", "")
    if act in handing:
        name, content = handing[act]()
        return attachment(content, name)
    lines = answering.preview(form.reading)
    return page(
        request, "questions/exchange.html", form=form, lines=lines[: answering.SHOWN], reading=form.reading
    )


@require_GET
def template(request: HttpRequest) -> HttpResponse:
    """The sheet of questions to fill in."""
    require(actor_of(request), "questions.exchange")
    return attachment(formats.template(), "题目表模板.xlsx")
