"""What is typed when a class is copied, postponed or archived, a stop placed, a figure set."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from keyuan.kernel.access import Actor, visible
from keyuan.plan.models import KeyActivity
from keyuan.training.forms.classes import day_input
from keyuan.training.forms.sessions import clock_input
from keyuan.training.models import ClassPolicy, Stop, TrainingClass

if TYPE_CHECKING:
    _Stop = forms.ModelForm[Stop]
    _Policy = forms.ModelForm[ClassPolicy]
else:
    # Django's form classes cannot be subscripted when the program runs.
    _Stop = _Policy = forms.ModelForm


class CopyForm(forms.Form):
    """A new class like an old one."""

    activity = forms.ModelChoiceField(KeyActivity.objects.none(), label=_("归入重点活动"))
    title = forms.CharField(label=_("班次名称"), max_length=80)
    starts = forms.DateField(label=_("开班日期"), widget=day_input())
    shares = forms.BooleanField(label=_("照搬名额分配"), required=False, initial=True)
    timetable = forms.BooleanField(
        label=_("照搬课程表和行程"), required=False, initial=True,
        help_text=_("日期顺延；主讲或场地届时已有安排的，留空待排。"),
    )  # fmt: skip

    def __init__(self, actor: Actor, source: TrainingClass, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["activity"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - tells mypy what is declared above
        field.queryset = visible(actor, KeyActivity).select_related("plan").order_by("-plan__year", "number")
        field.label_from_instance = (  # type: ignore[method-assign] # Django's own hook
            lambda obj: f"{obj.plan.year} · {obj.number} {obj.name}"
        )
        self.initial["activity"], self.initial["title"] = source.activity_id, source.title


class PostponeForm(forms.Form):
    """Other days for the whole class."""

    starts = forms.DateField(label=_("新的开班日期"), widget=day_input())
    nominate_by = forms.DateField(label=_("新的报名截止"), widget=day_input())
    reason = forms.CharField(
        label=_("改期原因"), max_length=200, help_text=_("会写进给学员、主讲和单位的通知")
    )


class ArchiveForm(forms.Form):
    """For how long the dossier is kept."""

    retention = forms.ChoiceField(
        label=_("保管期限"), choices=TrainingClass.Retention.choices, widget=forms.RadioSelect
    )


class StopForm(_Stop):
    """A stop of the journey."""

    class Meta:
        """In the order one plans a stop."""

        model = Stop
        fields = ("date", "arrives", "leaves", "place", "city", "purpose", "transport", "hotel", "host")
        widgets = {"date": day_input(), "arrives": clock_input(), "leaves": clock_input()}
        help_texts = {"host": _("如 李老师 020-12345678，印在学员手册上")}


class PolicyForm(_Policy):
    """The office's figures from a day on."""

    class Meta:
        """Date first: it decides which classes are judged by these figures."""

        model = ClassPolicy
        fields = ("valid_from", "short_days", "contact_days", "travel_minutes", "retention", "source")
        widgets = {"valid_from": day_input()}
        help_texts = {
            "short_days": _("不超过这个天数的培训不得安排考察、调研、参观；财行〔2016〕540号为 7 天"),
            "contact_days": _("结班后超过这些天，学员和班主任不再看到通讯录"),
            "travel_minutes": _("同一天换地点上课，两课次之间至少留出的时间"),
            "source": _("文件名称和文号"),
        }
