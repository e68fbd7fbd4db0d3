"""A class as the registrar types it."""

import json
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from keyuan.kernel.access import Actor, visible
from keyuan.kernel.calendar import is_workday
from keyuan.orgs.models import Organisation
from keyuan.people.models import Person
from keyuan.plan.models import KeyActivity
from keyuan.training.models import TrainingClass
from keyuan.training.rules import kinds

if TYPE_CHECKING:
    _Base = forms.ModelForm[TrainingClass]
else:
    # Django's form classes cannot be subscripted when the program runs.
    _Base = forms.ModelForm


def day_input() -> forms.DateInput:
    """A date as the browser's own calendar."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ClassForm(_Base):
    """A class; dates know working days and the deadline."""

    class Meta:
        """The fields in the order of a class plan (培训方案)."""

        model = TrainingClass
        fields = (
            "kind", "entry", "title", "department", "starts", "ends", "nominate_by", "venue", "head_teacher", "places", "hours",
            "audience", "content", "bring", "attendance_share", "contact", "notice_number",
            "lodging", "fees", "itinerary", "certificate",
            "unplanned", "unplanned_reason",
        )  # fmt: skip
        widgets = {
            "starts": day_input(), "ends": day_input(), "nominate_by": day_input(),
            "content": forms.Textarea(attrs={"rows": 4}), "bring": forms.Textarea(attrs={"rows": 3}),
        }  # fmt: skip
        help_texts = {
            "nominate_by": _("当天仍可推荐和换人"),
            "attendance_share": _("出勤学时达到这个比例才结业，如 0.8"),
            "notice_number": _("文号由办公系统给出后再填，草稿没有文号"),
            "unplanned": _("不在年度计划内的班次：送部门审核后，须经校领导批准"),
            "unplanned_reason": _("计划外举办时必填，写明依据；有书面审批件的，存草稿后在班次页上传"),
            "bring": _("写在班次页上，学员可见，如身份证、换洗衣物、报到时间和路线"),
            "contact": _("印在通知上，如 张老师 020-12345678"),
        }

    def __init__(self, actor: Actor, activity: KeyActivity, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (
            ("department", Organisation.objects.filter(leads__activity=activity)),
            ("head_teacher", self._possible_head_teachers(actor)),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - tells mypy what the model declares
            field.queryset = rows
        # The page's script ticks what the chosen kind has; without scripts one ticks by hand.
        self.fields["kind"].widget.attrs["data-parts"] = json.dumps(
            {str(kind): parts.as_facts() for kind, parts in kinds.PARTS.items()}
        )
        if not self.instance.pk:
            self.initial.setdefault("title", activity.name)
            first = activity.leads.first()
            self.initial.setdefault("department", first.organisation_id if first else None)

    def _possible_head_teachers(self, actor: Actor) -> Any:
        seated = visible(actor, Person).filter(
            seats__role__in=("head_teacher", "registrar"), seats__ends=None
        )
        return seated.distinct().order_by("pinyin")

    def clean(self) -> dict[str, Any]:
        """Dates in order, and starting on a working day."""
        typed = super().clean() or {}
        starts, ends, deadline = (typed.get(name) for name in ("starts", "ends", "nominate_by"))
        if starts and ends and ends < starts:
            self.add_error("ends", _("结束日期不能早于开班日期。"))
        if starts and deadline and deadline > starts:
            self.add_error("nominate_by", _("报名截止不能晚于开班日期。"))
        if typed.get("unplanned") and not typed.get("unplanned_reason", "").strip():
            self.add_error("unplanned_reason", _("计划外举办须写明理由和依据。"))
        if deadline and not is_workday(deadline):
            self.add_error("nominate_by", _("这一天不是工作日，办公室无人收件，请改为工作日。"))
        return typed

    def holidays(self) -> list[date]:
        """Days of the class that are no working days, for the page to remark on."""
        starts, ends = self.cleaned_data.get("starts"), self.cleaned_data.get("ends")
        if not starts or not ends:
            return []
        days = (date.fromordinal(n) for n in range(starts.toordinal(), ends.toordinal() + 1))
        return [day for day in days if not is_workday(day)]


class MoveForm(forms.Form):
    """A step of a flow with its reason."""

    move = forms.SlugField()
    note = forms.CharField(label=_("理由"), required=False, max_length=200)
