"""What is typed for one duty: a plan, a reason, a proof by hand."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from keyuan.duty.models import Duty
from keyuan.duty.queries.offers import Offer, offers
from keyuan.training.models import Session, TrainingClass


def day_input() -> forms.DateInput:
    """A date as the browser's own calendar."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _choices(found: list[Offer]) -> list[tuple[str, Any]]:
    """Classes, and below each its sessions."""
    grouped: dict[str, list[tuple[str, str]]] = {}
    for one in found:
        grouped.setdefault(one.group, []).append((one.value, one.words))
    return [("", _now("（不选班次，填写下面的活动）")), *grouped.items()]


class PlanForm(forms.Form):
    """A class or session of the list, or an event outside classes by name and day."""

    what = forms.ChoiceField(label=_("安排到"), required=False)
    title = forms.CharField(
        label=_("班次以外的活动"),
        max_length=120,
        required=False,
        help_text=_("例如党建强会活动；选了班次就不用填"),
    )
    day = forms.DateField(label=_("活动日期"), required=False, widget=day_input())
    note = forms.CharField(label=_("说明"), max_length=200, required=False)

    def __init__(self, duty: Duty, on: date, data: Any = None) -> None:
        super().__init__(data)
        field = self.fields["what"]
        if isinstance(field, forms.ChoiceField):
            field.choices = _choices(offers(duty, on))

    def clean(self) -> dict[str, Any]:
        """Either a class or an event with its day."""
        typed = super().clean() or {}
        if not typed.get("what") and not self.errors and not (typed.get("title") and typed.get("day")):
            self.add_error("what", _("请选择班次，或填写活动名称和日期。"))
        return typed

    def facts(self) -> dict[str, Any]:
        """What the action is asked for."""
        kind, _sep, key = self.cleaned_data["what"].partition(":")
        note = self.cleaned_data["note"]
        if kind == "class":
            return {
                "training_class": TrainingClass.objects.select_related("school").get(pk=key),
                "note": note,
            }
        if kind == "session":
            rows = Session.objects.select_related("training_class__school")
            return {"session": rows.get(pk=key), "note": note}
        return {"title": self.cleaned_data["title"], "day": self.cleaned_data["day"], "note": note}


class ReasonForm(forms.Form):
    """A reason, kept with the step."""

    reason = forms.CharField(label=_("理由"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


class ProofForm(forms.Form):
    """What was done outside the system, when and where, with evidence."""

    title = forms.CharField(label=_("活动或课程名称"), max_length=120)
    held_on = forms.DateField(label=_("日期"), widget=day_input(), help_text=_("须在任期内，且已经办过"))
    place = forms.CharField(label=_("地点"), max_length=80, required=False)
    note = forms.CharField(label=_("说明"), max_length=200, required=False)
    evidence = forms.FileField(
        label=_("证明材料"), required=False, help_text=_("通知、日程、照片或签到表；图片、PDF 或 Word")
    )


class ClaimForm(ProofForm):
    """The same, said by the person or the unit: without evidence it cannot be looked at."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["evidence"].required = True
