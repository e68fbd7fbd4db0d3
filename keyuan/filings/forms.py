"""What the screens of filings take in."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from keyuan.filings.actions.filing import LineFacts, OutcomeFacts, prefill
from keyuan.filings.actions.frames import FrameFacts, kinds_that_file, types_of_plan
from keyuan.filings.models import Cohort, Demonstration, Filing, Frame, FrameType, Line, Outcome
from keyuan.filings.rules import read_distances
from keyuan.kernel.access import Actor, visible
from keyuan.orgs.models import Organisation, School
from keyuan.plan.models import KeyActivity
from keyuan.training.models import TrainingClass

MONTHS = [(str(n), _("%(n)s 月") % {"n": n}) for n in range(1, 13)]


def day_field(label: Any, help_text: Any = "") -> forms.DateField:
    """A date as the browser's own calendar."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, help_text=help_text)


class FrameForm(forms.Form):
    """What is asked of the units for a year."""

    year = forms.IntegerField(label=_("年度"), min_value=2000, max_value=2099)
    title = forms.CharField(label=_("标题"), max_length=80)
    asked = forms.CharField(
        label=_("填报要求"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("写明报什么、口径和注意事项，各单位填报时看得到"),
    )  # fmt: skip
    plan_by = day_field(_("计划报送截止"))
    result_by = day_field(_("总结报送截止"))
    kinds = forms.MultipleChoiceField(
        label=_("报送单位"), choices=kinds_that_file, widget=forms.CheckboxSelectMultiple
    )
    types = forms.CharField(
        label=_("活动类型"), widget=forms.Textarea(attrs={"rows": 6}), help_text=_("每行一类；新建时取自本年度计划的主要类型")
    )  # fmt: skip
    distances = forms.CharField(
        label=_("提前催报天数"), max_length=60, required=False, initial="14、7、3、1",
        help_text=_("到期前第几天自动催报；逾期后第 1、8、15、22 天再催。留空则到期前不催"),
    )  # fmt: skip

    def __init__(self, actor: Actor, frame: Frame | None, data: Any = None) -> None:
        year = timezone.localdate().year
        initial: dict[str, Any] = {"year": year, "types": "\n".join(types_of_plan(actor, year))}
        if frame is not None:
            names = ("year", "title", "asked", "plan_by", "result_by", "kinds")
            initial = {name: getattr(frame, name) for name in names}
            initial["types"] = "\n".join(frame.types.values_list("name", flat=True))
            initial["distances"] = "、".join(str(days) for days in frame.distances)
        super().__init__(data, initial=initial)

    def clean_distances(self) -> list[int]:
        """Days before the deadline."""
        try:
            return read_distances(self.cleaned_data["distances"])
        except ValueError as wrong:
            raise forms.ValidationError(
                _("请填 0—90 的天数，用顿号分开，最多 8 个，如“14、7、3、1”。")
            ) from wrong

    def facts(self) -> FrameFacts:
        """The frame as typed."""
        return FrameFacts(**{**self.cleaned_data, "types": self.cleaned_data["types"].splitlines()})


class DemonstrationForm(forms.Form):
    """Which activity or class the others may follow."""

    thing = forms.ChoiceField(label=_("示范班"), help_text=_("本年度的重点活动，或已批准的班次"))
    note = forms.CharField(label=_("示范要点"), max_length=200, required=False)

    def __init__(self, actor: Actor, frame: Frame, data: Any = None) -> None:
        super().__init__(data)
        activities = visible(actor, KeyActivity).filter(plan__year=frame.year).order_by("number")
        classes = visible(actor, TrainingClass).filter(
            activity__plan__year=frame.year, state__in=("approved", "published", "closed")
        )
        self.found: dict[str, Any] = {f"activity-{one.pk}": one for one in activities}
        self.found |= {f"class-{one.pk}": one for one in classes.order_by("starts", "pk")}
        words = {
            key: f"{one.number}. {one.name}" if key.startswith("a") else one.title
            for key, one in self.found.items()
        }
        field = self.fields["thing"]
        if isinstance(field, forms.ChoiceField):
            of = {
                start: [(key, word) for key, word in words.items() if key.startswith(start)]
                for start in ("activity", "class")
            }
            field.choices = [("", "—"), (_now("重点活动"), of["activity"]), (_now("班次"), of["class"])]

    def chosen(self) -> dict[str, Any]:
        """The activity or the class."""
        key = self.cleaned_data["thing"]
        return {"activity" if key.startswith("activity") else "training_class": self.found[key]}


class SchoolForm(forms.Form):
    """Which unit a sub-school is."""

    school = forms.ModelChoiceField(School.objects.none(), label=_("分校"))
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("对应单位"), required=False, help_text=_("留空则取消对应"),
        error_messages={"invalid_choice": _("请从名单中选择。")},
    )  # fmt: skip

    def __init__(self, actor: Actor, data: Any = None) -> None:
        super().__init__(data)
        for name, rows in (
            ("school", visible(actor, School).filter(parent_id=actor.school_id)),
            (
                "organisation",
                visible(actor, Organisation).filter(active=True, kind__in=("school", "city_association")),
            ),
        ):
            field = self.fields[name]
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = rows


def _choose(form: forms.Form, name: str, rows: Any, blank: Any = "—") -> None:
    field = form.fields[name]
    if isinstance(field, forms.ModelChoiceField):
        field.queryset, field.empty_label = rows, blank


class LineForm(forms.Form):
    """A planned activity."""

    name = forms.CharField(label=_("活动名称"), max_length=80)
    type = forms.ModelChoiceField(FrameType.objects.none(), label=_("类型"))
    month = forms.ChoiceField(label=_("计划月份"), choices=MONTHS)
    days = forms.DecimalField(label=_("天数"), min_value=0, max_value=366, max_digits=4, decimal_places=1)
    people = forms.IntegerField(label=_("人数"), min_value=1, max_value=1_000_000)
    cohort = forms.ChoiceField(label=_("对象"), choices=Cohort.choices)
    budget = forms.DecimalField(
        label=_("经费（元）"), min_value=0, max_digits=12, decimal_places=2, required=False
    )
    contact_name = forms.CharField(label=_("联系人"), max_length=60, required=False)
    contact_phone = forms.CharField(
        label=_("联系电话"), max_length=30, required=False, help_text=_("加密保存，只用于联系这项活动")
    )
    activity = forms.ModelChoiceField(
        KeyActivity.objects.none(),
        label=_("对应省级重点活动"),
        required=False,
        help_text=_("属于或配合省级某项重点活动的，请选"),
    )
    follows = forms.ModelChoiceField(Demonstration.objects.none(), label=_("对标示范班"), required=False)

    def __init__(self, filing: Filing, data: Any = None, line: Line | None = None) -> None:
        super().__init__(data, initial=dict(prefill(line)) if line else self._last(filing))
        frame = filing.frame
        _choose(self, "type", frame.types.all(), None)
        activities = KeyActivity.objects.filter(plan__school_id=frame.school_id, plan__year=frame.year)
        _choose(self, "activity", activities.order_by("number"))
        shown = Demonstration.objects.filter(frame=frame, withdrawn_at=None).select_related(
            "activity", "training_class"
        )
        _choose(self, "follows", shown)
        if not shown:
            del self.fields["follows"]

    @staticmethod
    def _last(filing: Filing) -> dict[str, Any]:
        """The contact of the line entered last: mostly it is the same."""
        last = Line.objects.filter(filing=filing, withdrawn_at=None).order_by("-pk").first()
        return (
            {name: value for name, value in prefill(last).items() if name.startswith("contact")}
            if last
            else {}
        )

    def clean_days(self) -> Any:
        """More than none."""
        days = self.cleaned_data["days"]
        if not days:
            raise forms.ValidationError(_("天数应大于 0。"))
        return days

    def facts(self) -> LineFacts:
        """The activity as typed."""
        return LineFacts(**{**self.cleaned_data, "month": int(self.cleaned_data["month"])})


class OutcomeForm(forms.Form):
    """What was held."""

    line = forms.ModelChoiceField(
        Line.objects.none(), label=_("对应计划活动"), required=False, help_text=_("计划外的活动留空")
    )
    name = forms.CharField(label=_("活动名称"), max_length=80)
    type = forms.ModelChoiceField(FrameType.objects.none(), label=_("类型"))
    held_on = day_field(_("举办日期"), _("多日活动填第一天"))
    hours = forms.DecimalField(label=_("学时"), min_value=0, max_digits=5, decimal_places=1)
    cadre = forms.IntegerField(label=_("科协系统干部人数"), min_value=0, max_value=1_000_000, required=False)
    leading_talent = forms.IntegerField(
        label=_("科技领军人才人数"), min_value=0, max_value=1_000_000, required=False
    )
    overseas_talent = forms.IntegerField(
        label=_("海外科技人才人数"), min_value=0, max_value=1_000_000, required=False
    )
    other = forms.IntegerField(
        label=_("其他科技工作者人数"), min_value=0, max_value=1_000_000, required=False
    )
    summary = forms.CharField(
        label=_("简要总结"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("主要内容和成效，请勿填写个人信息"),
    )  # fmt: skip

    def __init__(
        self, filing: Filing, data: Any = None, outcome: Outcome | None = None, line: Line | None = None
    ) -> None:
        initial: dict[str, Any] = {}
        if outcome is not None:
            initial = {name: getattr(outcome, name) for name in self.base_fields}
        elif line is not None:
            initial = {"line": line, "name": line.name, "type": line.type}
        super().__init__(data, initial=initial)
        _choose(self, "line", Line.objects.filter(filing=filing, withdrawn_at=None), _("计划外"))
        _choose(self, "type", filing.frame.types.all(), None)

    def clean_hours(self) -> Any:
        """More than none."""
        hours = self.cleaned_data["hours"]
        if not hours:
            raise forms.ValidationError(_("学时应大于 0。"))
        return hours

    def facts(self) -> OutcomeFacts:
        """The result as typed; an empty count is nought."""
        counts = {name: self.cleaned_data[name] or 0 for name in Cohort.values}
        return OutcomeFacts(**{**self.cleaned_data, **counts})


class UploadForm(forms.Form):
    """A sheet of activities."""

    file = forms.FileField(
        label=_("表格"), help_text=_("Excel（.xlsx），请用本页下载的模板"),
        error_messages={"required": _("请选择要导入的文件。")},
    )  # fmt: skip
