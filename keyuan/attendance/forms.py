"""What the screens of attendance take in."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from keyuan.attendance.models import Expected, Sitting
from keyuan.attendance.rules import Limits


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


class PolicyForm(forms.Form):
    """The attendance rules from a day on (考勤规定); shares are written in per cent."""

    starts = forms.DateField(
        label=_("自哪天起执行"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    opens_before = forms.IntegerField(label=_("提前开放签到（分钟）"), min_value=0, max_value=600)
    late_after = forms.IntegerField(label=_("开始后多少分钟算迟到"), min_value=0, max_value=240)
    closes_after = forms.IntegerField(
        label=_("开始后多少分钟停止签到"), min_value=1, max_value=600, required=False,
        help_text=_("只管学员自助签到，留空则到课次结束为止"),
    )  # fmt: skip
    leave_limit = forms.DecimalField(
        label=_("请假上限占比"), min_value=0, max_value=1, decimal_places=6,
        help_text=_("七分之一写 0.142857，依据《干部教育培训工作条例》2023 年第十五条"),
    )  # fmt: skip
    leave_warning = forms.DecimalField(label=_("请假提醒占比"), min_value=0, max_value=1, decimal_places=6)
    head_teacher = forms.IntegerField(label=_("班主任可批几个半天以内的请假"), min_value=0, max_value=60)
    registrar = forms.IntegerField(
        label=_("教务员可批几个半天以内的请假"), min_value=0, max_value=60, help_text=_("更长的由校领导批")
    )
    online_share = forms.DecimalField(
        label=_("线上参会达到多少算到课"), min_value=0, max_value=1, decimal_places=3, help_text=_("如 0.8")
    )
    claim_days = forms.IntegerField(label=_("补签申报受理天数"), min_value=0, max_value=60)
    absent_flag = forms.IntegerField(label=_("缺勤达到多少个半天提请教务处理"), min_value=1, max_value=60)

    @staticmethod
    def facts_of(limits: Limits) -> dict[str, Any]:
        """What the form shows of some rules."""
        tiers = {role: up_to for up_to, role in limits.tiers}
        names = (
            "opens_before",
            "late_after",
            "closes_after",
            "leave_limit",
            "leave_warning",
            "online_share",
            "claim_days",
            "absent_flag",
        )
        facts = {name: getattr(limits, name) for name in names}
        return facts | {"head_teacher": tiers.get("head_teacher", 0), "registrar": tiers.get("registrar", 0)}

    def clean(self) -> dict[str, Any]:
        """The registrar decides at least what the head teacher may."""
        facts: dict[str, Any] = super().clean() or {}
        if facts.get("registrar", 0) < facts.get("head_teacher", 0):
            self.add_error("registrar", _("不能少于班主任可批的半天数。"))
        return facts

    def limits(self) -> Limits:
        """The rules as typed; a role that may decide nothing is left out of the tiers."""
        facts = dict(self.cleaned_data)
        facts.pop("starts")
        steps = [(facts.pop("head_teacher"), "head_teacher"), (facts.pop("registrar"), "registrar")]
        # Nothing is gained by a second tier of the same length.
        tiers = [
            step for n, step in enumerate(steps) if step[0] and step[0] not in [each[0] for each in steps[:n]]
        ]
        return Limits(**facts, tiers=(*tiers, (None, "leader")))
