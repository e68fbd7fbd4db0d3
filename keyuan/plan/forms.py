"""The plan's forms: an annex to upload, an activity to correct and follow, a year to begin."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from keyuan.kernel.access import Actor, visible
from keyuan.orgs.models import Organisation
from keyuan.people.models import Person, Seat
from keyuan.plan.models import ActivityType, AnnualPlan, KeyActivity, Milestone, PlanChange, PlanProposal
from keyuan.plan.queries import leads_of
from keyuan.plan.queries.changes import activity_state
from keyuan.plan.queries.life import linkable

LEAD_PLACES = 4
MONTHS = [("", _("未定")), *((month, str(month)) for month in range(1, 13))]
OWNERS = ("registrar", "department_head", "leader", "head_teacher")
LEADING_KINDS = ("department", "affiliate", "association", "school", "think_tank")


class AnnexForm(forms.Form):
    """A file with the plan's table."""

    file = forms.FileField(
        label=_("计划文件"),
        help_text=_(
            "通知原文（.txt）、Word（.docx）或 Excel（.xlsx），其中有“主要类型、主要任务、重点活动、牵头部门”的表格。"
        ),
        error_messages={"required": _("请选择要导入的文件。")},
    )


class ActivityForm(forms.Form):
    """An activity's name and its lead departments in order."""

    name = forms.CharField(label=_("重点活动名称"), max_length=120)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, actor: Actor, activity: KeyActivity, data: Any = None) -> None:
        leads = leads_of(activity)
        initial: dict[str, Any] = {"name": activity.name, "seen": activity_state(activity)}
        initial |= {f"lead_{place}": lead.pk for place, lead in enumerate(leads, 1)}
        super().__init__(data, initial=initial)
        rows = visible(actor, Organisation).filter(active=True, kind__in=LEADING_KINDS)
        # A department given up since still stands in the list of the activity it leads.
        rows = rows | visible(actor, Organisation).filter(pk__in=[lead.pk for lead in leads])
        for place in range(1, max(LEAD_PLACES, len(leads)) + 1):
            self.fields[f"lead_{place}"] = forms.ModelChoiceField(
                rows.order_by("kind", "order"),
                label=_("牵头部门") if place == 1 else _("共同牵头部门"),
                required=place == 1,
                empty_label=_("请选择") if place == 1 else _("无"),
            )

    def leads(self) -> Sequence[Organisation]:
        """The chosen departments in order, each once."""
        chosen = [value for key, value in self.cleaned_data.items() if key.startswith("lead_") and value]
        return list(dict.fromkeys(chosen))


class DetailsForm(forms.Form):
    """When an activity runs, who answers for it, what it may cost and whom it is for."""

    first_month = forms.TypedChoiceField(
        label=_("起始月份"), coerce=int, empty_value=None, required=False, choices=MONTHS
    )
    last_month = forms.TypedChoiceField(
        label=_("结束月份"), coerce=int, empty_value=None, required=False, choices=MONTHS
    )
    owner = forms.ModelChoiceField(
        Person.objects.none(), label=_("负责人"), required=False, empty_label=_("未定")
    )
    budget = forms.DecimalField(
        label=_("计划经费（元）"), required=False, min_value=0, max_digits=12, decimal_places=2
    )
    audience = forms.ChoiceField(
        label=_("面向队伍"), required=False, choices=[("", _("不限")), *Person.Cohort.choices]
    )

    def __init__(self, actor: Actor, activity: KeyActivity, data: Any = None) -> None:
        names = ("first_month", "last_month", "owner", "budget", "audience")
        super().__init__(data, initial={name: getattr(activity, name) for name in names})
        _choose(self.fields["owner"], owners(actor))


class MilestoneForm(forms.Form):
    """A milestone: what, by when, who answers for it."""

    name = forms.CharField(label=_("里程碑"), max_length=80)
    due = forms.DateField(
        label=_("应完成日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    owner = forms.ModelChoiceField(
        Person.objects.none(), label=_("负责人"), required=False, empty_label=_("未定")
    )

    def __init__(self, actor: Actor, milestone: Milestone | None, data: Any = None) -> None:
        names = ("name", "due", "owner")
        super().__init__(
            data, initial={name: getattr(milestone, name) for name in names} if milestone else None
        )
        _choose(self.fields["owner"], owners(actor))


class FinishForm(forms.Form):
    """That a milestone is done, and what shows it."""

    on = forms.DateField(
        label=_("完成日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    evidence = forms.CharField(label=_("完成依据"), max_length=300, help_text=_("文件号、班次或材料名称。"))


class ReasonForm(forms.Form):
    """Why something is taken back."""

    reason = forms.CharField(label=_("理由"), max_length=200)


class ActivityChoice(forms.ModelChoiceField):  # type: ignore[type-arg] # the stub's parameter exists for the checker only
    """An activity by year, number and name: names alone repeat from year to year."""

    def label_from_instance(self, obj: Any) -> str:
        """2020 · 11 岭南科学论坛."""
        return f"{obj.plan.year} · {obj.number} {obj.name}"


class LinkForm(forms.Form):
    """Of which activity of another year this one is the continuation."""

    earlier = ActivityChoice(KeyActivity.objects.none(), label=_("其他年度的活动"), empty_label=_("请选择"))
    reason = forms.CharField(label=_("依据"), max_length=200, help_text=_("如更名的文件或会议。"))

    def __init__(self, actor: Actor, activity: KeyActivity, data: Any = None) -> None:
        super().__init__(data)
        _choose(self.fields["earlier"], linkable(actor, activity))


class BeginForm(forms.Form):
    """A new year's plan from an earlier one."""

    year = forms.IntegerField(label=_("新年度"), min_value=2000, max_value=2099)
    title = forms.CharField(label=_("标题"), max_length=200)


def owners(actor: Actor) -> QuerySet[Person]:
    """Those of the office and of departments who may answer for an activity."""
    seats = Seat.objects.filter(school_id=actor.school_id or 0, role__in=OWNERS)
    return (
        visible(actor, Person)
        .filter(pk__in=seats.values("person_id"), erased_at=None)
        .order_by("pinyin", "pk")
    )


def _choose(field: forms.Field, rows: QuerySet[Any]) -> None:
    if isinstance(field, forms.ModelChoiceField):
        field.queryset = rows


def _units(actor: Actor) -> QuerySet[Organisation]:
    rows = visible(actor, Organisation).filter(active=True, kind__in=LEADING_KINDS)
    return rows.order_by("kind", "order")


def _words(label: Any, most: int) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, widget=forms.Textarea(attrs={"rows": 3}))


class ProposalForm(forms.Form):
    """An activity asked into a plan; a head proposes for the own department."""

    name = forms.CharField(label=_("活动名称"), max_length=120)
    reason = _words(_("申报理由"), 600)

    def __init__(
        self, actor: Actor, plan: AnnualPlan, data: Any = None, held: PlanProposal | None = None
    ) -> None:
        initial = {"name": held.name, "reason": held.reason, "type": held.type_id} if held else {}
        super().__init__(data, initial=initial)
        types = visible(actor, ActivityType).filter(plan=plan)
        self.fields["type"] = forms.ModelChoiceField(types, label=_("主要类型"), empty_label=_("请选择"))
        if held is None:
            rows = _units(actor)
            if "registrar" not in actor.roles:
                rows = rows.filter(pk=actor.organisation_id or 0)
            first = rows.first() if rows.count() == 1 else None
            self.fields["unit"] = forms.ModelChoiceField(
                rows, label=_("申报部门"), empty_label=_("请选择"), initial=first
            )


class AcceptForm(forms.Form):
    """Whether a proposal becomes an activity of its own or goes into another."""

    def __init__(self, actor: Actor, plan: AnnualPlan, data: Any = None) -> None:
        super().__init__(data)
        rows = visible(actor, KeyActivity).filter(plan=plan).order_by("number")
        self.fields["into"] = forms.ModelChoiceField(
            rows, label=_("并入"), required=False, empty_label=_("单独列为一项"),
            help_text=_("并入已有活动时，申报部门成为共同牵头部门。"),
        )  # fmt: skip


class NoteForm(forms.Form):
    """Why a proposal goes back."""

    note = _words(_("退回理由"), 200)


class RecordForm(forms.Form):
    """Number and day of a document issued on paper."""

    number = forms.CharField(label=_("文号"), max_length=60)
    day = forms.DateField(
        label=_("印发日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class ChangeForm(forms.Form):
    """What is to change in an issued plan."""

    kind = forms.ChoiceField(label=_("变更"), choices=PlanChange.Kind.choices)
    reason = _words(_("变更理由"), 300)

    def __init__(self, actor: Actor, plan: AnnualPlan, data: Any = None) -> None:
        super().__init__(data)
        rows = visible(actor, KeyActivity).filter(plan=plan).order_by("number")
        types = visible(actor, ActivityType).filter(plan=plan)
        self.fields |= {
            "activity": forms.ModelChoiceField(
                rows,
                label=_("重点活动"),
                required=False,
                help_text=_("调整、取消时选择。"),
                empty_label=_("无"),
            ),
            "name": forms.CharField(
                label=_("活动名称"),
                max_length=120,
                required=False,
                help_text=_("增加时填写；调整时填新名称。"),
            ),
            "type": forms.ModelChoiceField(
                types, label=_("主要类型"), required=False, help_text=_("增加时选择。"), empty_label=_("无")
            ),
            "unit": forms.ModelChoiceField(
                _units(actor), label=_("牵头部门"), required=False, empty_label=_("不变")
            ),
        }
        self.order_fields(["kind", "activity", "name", "type", "unit", "reason"])
