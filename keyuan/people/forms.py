"""What is typed about persons, seats and passwords."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from keyuan.kernel.access import Actor, visible
from keyuan.orgs.models import Organisation
from keyuan.people.actions import PersonFacts
from keyuan.people.actions.availability import AvailabilityFacts
from keyuan.people.models import Availability, Person
from keyuan.people.roles import Role
from keyuan.people.rules.availability import days_of, mask_of


class PersonForm(forms.Form):
    """One person as a roster has them; ID number and phone are blank when they stay as stored."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    sex = forms.ChoiceField(
        label=_("性别"), required=False, choices=[("", _("未填")), ("男", _("男")), ("女", _("女"))]
    )
    birth_month = forms.RegexField(
        r"^\d{4}-(0[1-9]|1[0-2])$", label=_("出生年月"), required=False, help_text=_("如 1985-03"),
        error_messages={"invalid": _("请按 1985-03 的样子填写年和月。")},
    )  # fmt: skip
    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("单位"), required=False)
    post_title = forms.CharField(label=_("职务"), max_length=80, required=False)
    id_kind = forms.ChoiceField(label=_("证件类型"), choices=Person.IdKind.choices)
    id_number = forms.CharField(label=_("证件号码"), required=False, max_length=30)
    phone = forms.CharField(label=_("手机"), required=False, max_length=30)
    email = forms.EmailField(label=_("邮箱"), required=False)

    def __init__(self, actor: Actor, *args: Any, person: Person | None = None, **kwargs: Any) -> None:
        if person is not None:
            names = ("name", "sex", "birth_month", "organisation", "post_title", "id_kind", "email")
            kwargs.setdefault("initial", {name: getattr(person, name) for name in names})
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - tells mypy what the line above declared
        field.queryset = visible(actor, Organisation).filter(active=True)
        if Role.LIAISON in actor.roles:
            field.queryset = field.queryset.filter(pk=actor.organisation_id or 0)
            field.required, field.initial = True, actor.organisation_id
        if person is not None:
            for name in ("id_number", "phone"):
                self.fields[name].help_text = _("留空则保持不变")

    def facts(self) -> PersonFacts:
        """The typed values as the action takes them."""
        return PersonFacts(**self.cleaned_data)


class SeatForm(forms.Form):
    """A seat to grant."""

    role = forms.ChoiceField(label=_("角色"), choices=Role.choices)
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("代表单位"),
        required=False,
        help_text=_("联络员和部门负责人必填"),
    )
    ends = forms.DateField(label=_("有效至"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - tells mypy what the line above declared
        field.queryset = visible(actor, Organisation).filter(active=True)


class PasswordForm(forms.Form):
    """The first password."""

    password = forms.CharField(
        label=_("设置密码"), help_text=_("至少 12 位，不要用常见密码或本人姓名"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip
    again = forms.CharField(
        label=_("再输一遍"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean(self) -> dict[str, Any]:
        """Both entries must agree."""
        typed = super().clean() or {}
        if typed.get("password") and typed.get("password") != typed.get("again"):
            self.add_error("again", _("两次输入不一致，请重新输入。"))
        return typed


def _day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


WEEKDAYS = (
    (0, _("周一")), (1, _("周二")), (2, _("周三")), (3, _("周四")), (4, _("周五")), (5, _("周六")), (6, _("周日")),
)  # fmt: skip


class AvailabilityForm(forms.Form):
    """When somebody cannot or would rather teach."""

    kind = forms.ChoiceField(
        label=_("这段时间"), choices=Availability.Kind.choices, initial="cannot", widget=forms.RadioSelect
    )
    starts = forms.DateField(
        label=_("开始日期"), widget=_day_input(),
        error_messages={"required": _("请填写开始日期。"), "invalid": _("日期请写成 2026-10-08 这样。")},
    )  # fmt: skip
    ends = forms.DateField(
        label=_("结束日期"), widget=_day_input(), required=False, help_text=_("只有一天可不填"),
        error_messages={"invalid": _("日期请写成 2026-10-08 这样。")},
    )  # fmt: skip
    weekdays = forms.TypedMultipleChoiceField(
        label=_("只在这些星期"), choices=WEEKDAYS, coerce=int, required=False,
        widget=forms.CheckboxSelectMultiple, help_text=_("不勾选即每天"),
    )  # fmt: skip
    half = forms.ChoiceField(
        label=_("时段"), choices=[("", _("全天")), *Availability.Half.choices], required=False
    )
    note = forms.CharField(
        label=_("备注"), max_length=Availability.NOTE, required=False,
        help_text=_("最多 60 字，排课的人会看到。不必写原因，请不要写健康、家庭等个人情况。"),
        error_messages={"max_length": _("备注最多 60 字，请缩短。")},
    )  # fmt: skip

    def __init__(self, *args: Any, row: Availability | None = None, **kwargs: Any) -> None:
        if row is not None:
            names = ("kind", "starts", "ends", "half", "note")
            start = {name: getattr(row, name) for name in names}
            days = [] if row.weekdays == Availability.EVERY_DAY else days_of(row.weekdays)
            kwargs.setdefault("initial", {**start, "weekdays": days})
        super().__init__(*args, **kwargs)

    def facts(self) -> AvailabilityFacts:
        """The typed values as the action takes them; without an end it is one day."""
        said = self.cleaned_data
        return AvailabilityFacts(
            said["kind"], said["starts"], said["ends"] or said["starts"], mask_of(said["weekdays"]), said["half"],
            said["note"].strip(),
        )  # fmt: skip
