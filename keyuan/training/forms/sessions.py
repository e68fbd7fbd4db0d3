"""A session of the timetable as it is typed."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from keyuan.kernel.access import Actor
from keyuan.training.forms.classes import day_input
from keyuan.training.models import Session, TrainingClass
from keyuan.training.queries.importing import teachers_for

if TYPE_CHECKING:
    _Base = forms.ModelForm[Session]
else:
    # Django's form classes cannot be subscripted when the program runs.
    _Base = forms.ModelForm


DEFAULT_TIMES = {"am": ("09:00", "11:30"), "pm": ("14:30", "17:00"), "ev": ("19:30", "21:00")}


def clock_input() -> forms.TimeInput:
    """A time as the browser's own clock."""
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class SessionForm(_Base):
    """One session; times follow the half-day unless typed."""

    class Meta:
        """In the order one thinks of a session."""

        model = Session
        fields = ("date", "half", "kind", "title", "teacher", "place", "starts", "ends", "hours")
        widgets = {"date": day_input(), "starts": clock_input(), "ends": clock_input()}
        help_texts = {"hours": _("半天不超过 4 学时；不计学时填 0")}

    def __init__(self, actor: Actor, training_class: TrainingClass, *args: Any, **kwargs: Any) -> None:
        initial = kwargs.setdefault("initial", {})
        half = initial.get("half", "am")
        if not kwargs.get("instance"):
            initial.setdefault("date", training_class.starts)
            initial.setdefault("starts", DEFAULT_TIMES.get(half, DEFAULT_TIMES["am"])[0])
            initial.setdefault("ends", DEFAULT_TIMES.get(half, DEFAULT_TIMES["am"])[1])
            initial.setdefault("place", training_class.venue)
            initial.setdefault("hours", "3" if half != "ev" else "2")
        super().__init__(*args, **kwargs)
        # So that what was typed can be compared with what stands there, before it is saved.
        self.instance.training_class, self.instance.school_id = training_class, training_class.school_id
        field = self.fields["teacher"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - tells mypy what the model declares
        field.queryset = teachers_for(actor, training_class)
        field.label_from_instance = lambda obj: f"{obj.name}（{obj.unit}）"  # type: ignore[method-assign] # Django's own hook
        self.fields["date"].widget.attrs |= {
            "min": str(training_class.starts),
            "max": str(training_class.ends),
        }


def chosen(posted: QueryDict) -> QueryDict:
    """What was typed, with the facts of the offer that was pressed put in its place."""
    offered = posted.get("use", "")
    if not offered:
        return posted
    typed = posted.copy()
    for name, value in zip(("date", "half", "starts", "ends", "place"), offered.split("|"), strict=False):
        if value:
            typed[name] = value
    return typed


class TimetableSheetForm(forms.Form):
    """The sheet a timetable is taken from."""

    file = forms.FileField(
        label=_("课程表文件"), help_text=_(".xlsx、.xls、.et、.ods 或 .csv；上传后逐行核对，确认以后才排入。")
    )
