"""The search for a free room as it is typed; read from the address, since it changes nothing."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from keyuan.kernel.access import Actor
from keyuan.training.forms.classes import day_input
from keyuan.training.forms.sessions import clock_input
from keyuan.training.models import Session, TrainingClass
from keyuan.training.queries import rooms
from keyuan.training.rules.boards import YEARS

MONTH = timedelta(days=31)


def typed(asked: QueryDict, today: date) -> dict[str, str]:
    """What the address says; nothing said means this morning's rooms."""
    return {"date": str(today), "half": "am", **{name: str(value) for name, value in asked.items()}}


class RoomForm(forms.Form):
    """Days, a half-day or from–to, and for which class."""

    date = forms.DateField(label=_("日期"), widget=day_input())
    until = forms.DateField(label=_("至"), required=False, widget=day_input())
    half = forms.ChoiceField(
        label=_("时段"), choices=[*Session.Half.choices, (rooms.ALL_DAY, _("全天"))], initial="am"
    )
    starts = forms.TimeField(label=_("开始"), required=False, widget=clock_input())
    ends = forms.TimeField(label=_("结束"), required=False, widget=clock_input())
    klass = forms.ChoiceField(label=_("为哪个班排课"), required=False)

    def __init__(self, actor: Actor, data: Mapping[str, str]) -> None:
        super().__init__(data)
        try:
            day = date.fromisoformat(data.get("date", ""))
        except ValueError:
            day = date.max
        self.classes = {str(klass.pk): klass for klass in rooms.plannable(actor, day)}
        field = self.fields["klass"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - tells mypy what is declared above
        field.choices = [("", _("（不排课，只查找）")), *rooms.choices_of(self.classes.values())]

    def clean(self) -> dict[str, Any]:
        """Refuse a span that is turned round, endless, or half told."""
        facts: dict[str, Any] = super().clean() or {}
        first, last = facts.get("date"), facts.get("until") or facts.get("date")
        if first and first.year not in YEARS:
            self.add_error("date", _("请填 2000 年至 2099 年的日期。"))
        elif first and last and not timedelta(0) <= last - first < MONTH:
            self.add_error("until", _("请填不早于开始的日期，一次最多查 31 天。"))
        self._check_times(facts)
        klass = self.chosen
        if klass is not None and first and last and (klass.starts > last or klass.ends < first):
            self.add_error("klass", _("这个班不在所选日期内，请换日期，或不选班次。"))
        return facts

    def _check_times(self, facts: Mapping[str, Any]) -> None:
        starts, ends = facts.get("starts"), facts.get("ends")
        if bool(starts) != bool(ends) and not {"starts", "ends"} & set(self.errors):
            self.add_error("ends" if starts else "starts", _("开始和结束要一起填，或都不填而按时段查找。"))
        elif starts and ends and ends <= starts:
            self.add_error("ends", _("结束时间要晚于开始时间。"))

    @property
    def chosen(self) -> TrainingClass | None:
        """The class to place a session of."""
        return self.classes.get(self.cleaned_data.get("klass") or "")
