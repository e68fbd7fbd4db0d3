"""The life of an evaluation form; what each move does to the urn is in the actions."""

from django.utils.translation import gettext as _

from keyuan.evaluation.models import Form
from keyuan.evaluation.queries import waiting_remarks
from keyuan.kernel.access import Actor
from keyuan.kernel.faults import Fault
from keyuan.kernel.flow import Flow, Move


def _all_checked(form: Form, actor: Actor) -> None:
    left = waiting_remarks(form)
    if left:
        raise Fault(_("还有 %(n)s 条意见没有核对姓名，核对完再公布。") % {"n": left})


S = Form.State

FORM: Flow[Form] = Flow(
    "evaluation.form",
    Form,
    Move("open", "开放填写", (S.DRAFT,), S.OPEN, "evaluation.run"),
    Move("close", "截止填写", (S.OPEN,), S.CLOSED, "evaluation.run", danger=True),
    Move("publish", "公布结果", (S.CLOSED,), S.PUBLISHED, "evaluation.check", then=_all_checked),
)
