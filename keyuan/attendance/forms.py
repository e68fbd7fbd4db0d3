"""What the screens of attendance take in."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from keyuan.attendance.models import Expected, Sitting


def sitting_label(sitting: Sitting) -> str:
    """A sitting as one chooses it from a list."""
    local = timezone.localtime(sitting.starts)
    return f"{local.month}月{local.day}日 {sitting.get_half_display()} {local:%H:%M} {sitting.title}"


class LeaveForm(forms.Form):
    """A request for leave (请假单)."""

    sittings = forms.MultipleChoiceField(label=_("请假的课次"), widget=forms.CheckboxSelectMultiple)
    reason = forms.CharField(label=_("请假事由"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, choices: Iterable[Expected], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["sittings"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = [(str(row.pk), sitting_label(row.sitting)) for row in choices]


class ClaimForm(forms.Form):
    """A person's own word (补签申报)."""

    arrived = forms.TimeField(label=_("到场时间"), widget=forms.TimeInput(attrs={"type": "time"}))
    reason = forms.CharField(
        label=_("没有签到的原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )

    def stated_at(self, sitting: Sitting) -> datetime:
        """The arrival on the sitting's own day."""
        local = timezone.localtime(sitting.starts)
        clock = self.cleaned_data["arrived"]
        return local.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0)


class GuestForm(forms.Form):
    """Name and own code, for a phone that is not known yet."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    code = forms.CharField(
        label=_("本人码"), max_length=16, help_text=_("通知或胸牌上的 6 位字符，不分大小写")
    )


class CorrectionForm(forms.Form):
    """A correction with its reason (考勤更正)."""

    to = forms.ChoiceField(
        label=_("更正为"),
        choices=[("present", _("已到")), ("late", _("迟到")), ("absent", _("缺勤")), ("undo", _("撤销登记"))],
    )
    reason = forms.CharField(
        label=_("更正理由"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("理由与更正人会一直留在经过里，学员本人也能看到"),
    )  # fmt: skip


class MeetingForm(forms.Form):
    """A meeting platform's list and the sittings it is for (线上参会记录)."""

    sittings = forms.MultipleChoiceField(label=_("适用课次"), widget=forms.CheckboxSelectMultiple)
    file = forms.FileField(label=_("参会记录文件（.xlsx、.xls 或 .csv）"))

    def __init__(self, *args: Any, sittings: Iterable[Sitting], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["sittings"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = [(str(sitting.pk), sitting_label(sitting)) for sitting in sittings]
