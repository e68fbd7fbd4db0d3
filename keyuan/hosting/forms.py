"""What the screens of this room take in."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from keyuan.hosting.actions import RotaFacts
from keyuan.hosting.models import Headcount, Rota
from keyuan.kernel.access import Actor, visible
from keyuan.orgs.models import Organisation
from keyuan.plan.models import KeyActivity

KINDS = [(kind.value, kind.label) for kind in (Organisation.Kind.SOCIETY, Organisation.Kind.CITY_ASSOCIATION)]


def day_input() -> forms.DateInput:
    """A date as the browser's own calendar."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def long_input(rows: int = 4) -> forms.Textarea:
    """Several lines of text."""
    return forms.Textarea(attrs={"rows": rows})


class RotaForm(forms.Form):
    """A rota (轮值)."""

    name = forms.CharField(label=_("轮值名称"), max_length=80, help_text=_("如“省级学会党建强会活动”"))
    activity = forms.ModelChoiceField(
        KeyActivity.objects.none(), label=_("对应的重点活动"), required=False, empty_label=_("不对应")
    )
    kind = forms.ChoiceField(label=_("参加单位"), choices=KINDS)
    per_year = forms.IntegerField(label=_("每年期数"), min_value=1, max_value=52, initial=6)
    answer_days = forms.IntegerField(label=_("邀请后几天内答复"), min_value=1, max_value=90, initial=10)
    report_days = forms.IntegerField(label=_("活动后几天内报送总结"), min_value=1, max_value=120, initial=15)

    def __init__(self, actor: Actor, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["activity"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = visible(actor, KeyActivity).order_by("-plan__year", "number")

    def facts(self) -> RotaFacts:
        """What was typed."""
        said = self.cleaned_data
        return RotaFacts(**{name: said[name] for name in RotaFacts.__dataclass_fields__})


class OpenForm(RotaForm):
    """A rota to be opened, with how its lots are drawn."""

    opened_on = forms.DateField(
        label=_("起始日期"), widget=day_input(), help_text=_("名单上的单位从这一天起加入")
    )
    seed = forms.CharField(
        label=_("抽签种子"), max_length=64, required=False,
        help_text=_("可填公开产生的号码（如某期彩票号码）；留空由系统随机抽取。种子公布，谁都可以重算。"),
    )  # fmt: skip
    seed_source = forms.CharField(label=_("种子来源"), max_length=120, required=False)


def rota_initial(rota: Rota) -> dict[str, Any]:
    """A rota as its form shows it."""
    plain = ("name", "activity", "kind", "per_year", "answer_days", "report_days")
    return {name: getattr(rota, name) for name in plain}


class RuleForm(forms.Form):
    """What is laid down from a day on (轮值规定)."""

    since = forms.DateField(label=_("起用日期"), widget=day_input())
    co_host = forms.DecimalField(
        label=_("联合承办一次计"), min_value=0, max_value=1, decimal_places=2, help_text=_("0.5 是半次，1 是一次，0 不计"),
    )  # fmt: skip
    jump_in = forms.DecimalField(label=_("临时顶替一次计"), min_value=1, max_value=2, decimal_places=2)
    window = forms.IntegerField(
        label=_("学科平衡看最近几期"), min_value=0, max_value=100, help_text=_("0 表示不看学科"),
    )  # fmt: skip
    tolerance = forms.IntegerField(label=_("比应占期数最多多几期"), min_value=0, max_value=10)
    term_months = forms.IntegerField(
        label=_("届满前后几个月免排"), min_value=0, max_value=24, help_text=_("0 表示换届不免排"),
    )  # fmt: skip
    basis = forms.CharField(label=_("依据"), max_length=200)


class TasksForm(forms.Form):
    """The list every host gets, one task a line (任务模板)."""

    lines = forms.CharField(
        label=_("任务"), widget=long_input(9), max_length=4000,
        help_text=_("一行一项：天数 任务。活动前写负数，如“-30 确定授课人”。"),
    )  # fmt: skip

    def clean_lines(self) -> list[tuple[str, int]]:
        """Each line's days and words."""
        found = []
        for line in self.cleaned_data["lines"].splitlines():
            days, _space, title = line.strip().partition(" ")
            if not line.strip():
                continue
            try:
                number = int(days)
            except ValueError:
                raise forms.ValidationError(
                    _("这一行没有写天数：%(line)s"), params={"line": line[:40]}
                ) from None
            if not title.strip() or abs(number) > 365:
                raise forms.ValidationError(
                    _("这一行请写天数（一年以内）和任务：%(line)s"), params={"line": line[:40]}
                )
            found.append((title.strip(), number))
        return found


class DaysForm(forms.Form):
    """Days of turns to be added (增加期次)."""

    days = forms.CharField(
        label=_("计划日期"), widget=long_input(6), max_length=2000, help_text=_("一行一个日期，如 2027-03-17")
    )

    def clean_days(self) -> list[date]:
        """Each line a date."""
        found = []
        for line in self.cleaned_data["days"].split():
            try:
                found.append(date.fromisoformat(line))
            except ValueError:
                raise forms.ValidationError(
                    _("这个日期读不懂：%(line)s"), params={"line": line[:20]}
                ) from None
        return found


class PastForm(forms.Form):
    """A turn hosted before (补录)."""

    unit = forms.CharField(
        label=_("承办单位"),
        max_length=80,
        widget=forms.TextInput(attrs={"list": "hosting-units", "autocomplete": "off"}),
    )
    day = forms.DateField(label=_("举办日期"), widget=day_input())
    title = forms.CharField(label=_("活动名称"), max_length=120, required=False)


class ExemptForm(forms.Form):
    """A span in which a unit is not asked (免排)."""

    starts = forms.DateField(label=_("自"), widget=day_input())
    ends = forms.DateField(label=_("至"), widget=day_input())
    reason = forms.CharField(label=_("理由"), max_length=200)


def _counts(form: forms.Form, prefix: str, said: Mapping[str, int | None]) -> None:
    for value, label in Headcount.Cohort.choices:
        form.fields[f"{prefix}_{value}"] = forms.IntegerField(
            label=label, min_value=0, max_value=100000, required=False, initial=said.get(value) or None
        )


def _counted(form: forms.Form, prefix: str) -> dict[str, int]:
    return {value: form.cleaned_data.get(f"{prefix}_{value}") or 0 for value in Headcount.Cohort.values}


class EventForm(forms.Form):
    """Where, when and what the event is (活动安排)."""

    title = forms.CharField(label=_("活动名称"), max_length=120, required=False)
    held_on = forms.DateField(label=_("举办日期"), widget=day_input(), required=False)
    place = forms.CharField(label=_("地点"), max_length=120, required=False)
    agenda = forms.CharField(label=_("议程"), max_length=4000, required=False, widget=long_input(6))

    def __init__(self, said: Mapping[str, int | None], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _counts(self, "expected", said)

    def expected(self) -> dict[str, int]:
        """How many of each cohort."""
        return _counted(self, "expected")


class DoneForm(forms.Form):
    """That the event took place (登记已举办)."""

    held_on = forms.DateField(label=_("举办日期"), widget=day_input())

    def __init__(self, said: Mapping[str, int | None], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _counts(self, "actual", said)

    def actual(self) -> dict[str, int]:
        """How many came of each cohort."""
        return _counted(self, "actual")


class LecturerForm(forms.Form):
    """Who lectures (授课人)."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    unit = forms.CharField(label=_("单位"), max_length=80, required=False, help_text=_("同名时填写"))
    topic = forms.CharField(label=_("题目"), max_length=120)


class ReportForm(forms.Form):
    """The report on the event (活动总结)."""

    summary = forms.CharField(label=_("活动情况"), max_length=6000, required=False, widget=long_input(8))
    results = forms.CharField(label=_("成效和建议"), max_length=3000, required=False, widget=long_input(4))


class FileForm(forms.Form):
    """A photo or a document (照片和材料)."""

    file = forms.FileField(label=_("照片或材料"), help_text=_("照片、Word、PDF、Excel，每个不超过 20 MB。"))
