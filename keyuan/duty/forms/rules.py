"""What is typed for the dated rules."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from keyuan.duty.forms.duties import day_input
from keyuan.duty.models import Kind
from keyuan.orgs.models import Organisation, School
from keyuan.terms.models import Post
from keyuan.training.models import Session, TrainingClass

UNITS = [(one.value, one.label) for one in (Organisation.Kind.SOCIETY, Organisation.Kind.CITY_ASSOCIATION)]
OTHERS = [(one.value, one.label) for one in Organisation.Kind if one.value not in dict(UNITS)]


class OwedForm(forms.Form):
    """Whether a post owes a duty from a day on."""

    kind = forms.ChoiceField(label=_("职责"), choices=Kind.choices)
    organisation_kind = forms.ChoiceField(label=_("单位类别"), choices=[*UNITS, *OTHERS])
    post_duty = forms.ChoiceField(label=_("职务"), choices=Post.Duty.choices)
    since = forms.DateField(label=_("起用日期"), widget=day_input())
    owed = forms.BooleanField(
        label=_("须履行"),
        required=False,
        initial=True,
        help_text=_("取消勾选表示从这一天起不再要求，已建立的职责不变"),
    )
    acting = forms.BooleanField(label=_("代理人员也须履行"), required=False)
    months = forms.IntegerField(
        label=_("任职后多少个月内完成"),
        min_value=1,
        max_value=120,
        required=False,
        help_text=_("留空则以任期届满为限"),
    )
    basis = forms.CharField(label=_("依据"), max_length=200)


class CountingForm(forms.Form):
    """What counts, or never counts, from a day on."""

    kind = forms.ChoiceField(label=_("职责"), choices=Kind.choices)
    counts = forms.TypedChoiceField(
        label=_("是否计入"), coerce=lambda said: said == "yes",
        choices=[("yes", _("计入")), ("no", _("不计入（优先于其他规定）"))],
    )  # fmt: skip
    since = forms.DateField(label=_("起用日期"), widget=day_input())
    activity = forms.CharField(
        label=_("重点活动名称"), max_length=120, required=False, help_text=_("留空则不限；按年度计划里的全称")
    )
    class_kind = forms.ChoiceField(
        label=_("班次类型"), required=False, choices=[("", _("不限")), *TrainingClass.Kind.choices]
    )
    session_kind = forms.ChoiceField(
        label=_("课次形式"),
        required=False,
        choices=[("", _("不限")), *Session.Kind.choices],
        help_text=_("只用于讲一课"),
    )
    host = forms.ModelChoiceField(
        School.objects.none(), label=_("举办分校"), required=False, empty_label=_("本校和所有下属分校")
    )
    basis = forms.CharField(label=_("依据"), max_length=200)

    def __init__(self, school_id: int, data: Any = None) -> None:
        super().__init__(data)
        field = self.fields["host"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = School.objects.filter(Q(pk=school_id) | Q(parent_id=school_id))


class EndForm(forms.Form):
    """From which day on a rule holds no longer."""

    until = forms.DateField(
        label=_("停用日期"), widget=day_input(), help_text=_("这一天起不再适用，之前办过的仍计入")
    )


class RemindersForm(forms.Form):
    """How long before the end of a term people are reminded."""

    since = forms.DateField(label=_("起用日期"), widget=day_input())
    days = forms.CharField(
        label=_("届满前多少天提醒"), max_length=80, help_text=_("用逗号分开，例如 180, 90, 30")
    )
    liaison = forms.BooleanField(label=_("同时提醒单位联络员"), required=False, initial=True)

    def clean_days(self) -> list[int]:
        """The numbers typed, whatever stands between them."""
        words = "".join(sign if sign.isdigit() else " " for sign in self.cleaned_data["days"]).split()
        return [int(word[:5]) for word in words]
