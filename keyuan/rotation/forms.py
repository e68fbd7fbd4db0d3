"""What the screens of rotation take in."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from keyuan.kernel.access import Actor, visible
from keyuan.kernel.codes import normal_name
from keyuan.orgs.models import Organisation
from keyuan.people.models import Person
from keyuan.rotation.actions import GroupFacts
from keyuan.rotation.models import CohortLabel, Regime, RegimeVersion, Requirement, Span
from keyuan.terms.models import Post
from keyuan.training.models import TrainingClass

GROUPS = 4
_ANY = ("", _("不限"))
_SOURCE = RegimeVersion._meta.get_field("source").max_length


def day_input() -> forms.DateInput:
    """A date as the browser's own calendar."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _day(label: Any, *, required: bool = False) -> forms.DateField:
    return forms.DateField(label=label, required=required, widget=day_input())


def _hours(label: Any, *, required: bool = False, least: float = 0) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, required=required, min_value=least, max_value=9999, decimal_places=1, initial=0
    )


class WhoForm(forms.Form):
    """A name, and which person of the school it is: asked wherever it is not plain."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    who = forms.ChoiceField(label=_("是哪一位"), required=False, widget=forms.RadioSelect)
    field_order = ("name", "who")

    def __init__(self, actor: Actor, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.found: list[Person] = []
        typed = normal_name(data.get("name", "")) if data else ""
        if typed:
            rows = visible(actor, Person).filter(name=typed, erased_at=None, merged_into=None)
            self.found = list(rows.select_related("organisation").order_by("pk")[:20])
        if len(self.found) < 2:
            del self.fields["who"]
            return
        field = self.fields["who"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [
                (str(one.pk), "，".join(filter(None, (one.name, one.unit, one.post_title))))
                for one in self.found
            ]

    def clean(self) -> dict[str, Any]:
        """Somebody of this name must be registered; of several, one must be said."""
        typed = super().clean() or {}
        if typed.get("name") and not self.found:
            self.add_error("name", _now("本校人员名单里没有这个姓名，请核对，或先在“人员”里登记。"))
        if len(self.found) > 1 and not typed.get("who"):
            self.add_error("who", _now("有多位同名人员，请选择是哪一位。"))
        return typed

    def person(self) -> Person:
        """The one meant."""
        said = self.cleaned_data.get("who")
        return next(one for one in self.found if not said or str(one.pk) == said)


class ListForm(WhoForm):
    """Somebody for a named list."""

    note = forms.CharField(label=_("说明"), max_length=100, required=False)


class MemberForm(WhoForm):
    """Somebody who bears a label."""

    starts = _day(_("自"), required=True)
    ends = _day(_("至（仍在的留空）"))
    note = forms.CharField(label=_("说明"), max_length=100, required=False)


class LabelForm(forms.Form):
    """A new label."""

    name = forms.CharField(label=_("标签名称"), max_length=40)


class ExemptForm(forms.Form):
    """Why somebody is exempt, and until when."""

    reason = forms.CharField(
        label=_("免训理由"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("写明事由，不写病情等敏感内容，例如：驻外工作、已办退休、产假期间"),
    )  # fmt: skip
    until = _day(_("免至（长期的留空）"))


class UploadForm(forms.Form):
    """A list of people."""

    file = forms.FileField(
        label=_("名单"), help_text=_("Excel（.xlsx），至少有“姓名”“单位”两列；有证件号码更准"),
        error_messages={"required": _("请选择要导入的文件。")},
    )  # fmt: skip


class VersionForm(forms.Form):
    """Figures of a regime from a day on."""

    since = _day(_("起用日期"), required=True)
    span = forms.ChoiceField(label=_("周期"), choices=Span.choices, initial=Span.CALENDAR)
    years = forms.IntegerField(
        label=_("年数"), min_value=1, max_value=10, initial=1, help_text=_("只用于滚动若干年")
    )
    first = _day(_("固定周期自"))
    last = _day(_("固定周期至"))
    hours = _hours(_("总学时"), required=True, least=0.5)
    online = _hours(_("其中网络自学至少"))
    professional = _hours(_("其中专业课至少"))
    public = _hours(_("其中公需课至少"))
    personal = _hours(_("其中个人选修至少"))
    source = forms.CharField(
        label=_("依据"), max_length=_SOURCE, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("文件名称、条款和原句"),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A blank figure is nought."""
        typed = super().clean() or {}
        for name in ("online", "professional", "public", "personal"):
            typed[name] = typed.get(name) or 0
        return typed


class RegimeForm(VersionForm):
    """A new regime with its first figures."""

    name = forms.CharField(label=_("制度名称"), max_length=60)
    field_order = ("name",)


class RequirementForm(forms.Form):
    """A requirement and its groups."""

    title = forms.CharField(label=_("名称"), max_length=60)
    kind = forms.ChoiceField(
        label=_("类别"), choices=Requirement.Kind.choices, help_text=_("调训可以另有名单")
    )
    measure = forms.ChoiceField(label=_("按什么计算"), choices=Requirement.Measure.choices)
    regime = forms.ModelChoiceField(
        label=_("学时制度"), queryset=Regime.objects.none(), required=False,
        help_text=_("按学时计算时选择；周期和学时按该制度当日有效的标准"),
    )  # fmt: skip
    times = forms.IntegerField(label=_("结业次数"), min_value=1, max_value=20, initial=1)
    span = forms.ChoiceField(label=_("周期"), choices=Span.choices, help_text=_("按结业次数计算时适用"))
    years = forms.IntegerField(label=_("年数"), min_value=1, max_value=10, initial=5)
    first = _day(_("固定周期自"))
    last = _day(_("固定周期至"))
    class_kinds = forms.MultipleChoiceField(
        label=_("哪些类型的班次算数"), choices=TrainingClass.Kind.choices, required=False,
        widget=forms.CheckboxSelectMultiple, help_text=_("都不选即全部算数"),
    )  # fmt: skip
    class_hours = _hours(_("每班至少学时"))
    join_months = forms.IntegerField(
        label=_("新进人员免计（月）"), min_value=0, max_value=36, initial=3,
        help_text=_("周期结束前这几个月内才进入对象范围的，暂不要求"),
    )  # fmt: skip
    basis = forms.CharField(
        label=_("依据"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    active = forms.BooleanField(label=_("在用"), required=False, initial=True)

    def __init__(self, actor: Actor, data: Any = None, one: Requirement | None = None) -> None:
        names = [name for name in self.base_fields if one is not None]
        super().__init__(data, initial={name: getattr(one, name) for name in names})
        regime = self.fields["regime"]
        if isinstance(regime, forms.ModelChoiceField):
            regime.queryset = visible(actor, Regime)
        groups = list(one.groups.all())[:GROUPS] if one else []
        labels = visible(actor, CohortLabel).filter(active=True)
        for n in range(GROUPS):
            group = groups[n] if n < len(groups) else None
            self._add(n, group, labels)

    def _add(self, n: int, group: Any, labels: Any) -> None:
        choices = {
            "organisation_kind": (_("单位类别"), Organisation.Kind.choices),
            "duty": (_("职务"), Post.Duty.choices),
            "cohort": (_("三支队伍"), Person.Cohort.choices),
        }
        for name, (word, options) in choices.items():
            self.fields[f"{name}_{n}"] = forms.ChoiceField(
                label=word, choices=[_ANY, *options], required=False, initial=getattr(group, name, "")
            )
        self.fields[f"label_{n}"] = forms.ModelChoiceField(
            label=_("人员标签"), queryset=labels, required=False, empty_label=_("不限"),
            initial=getattr(group, "label_id", None),
        )  # fmt: skip

    @property
    def rows(self) -> list[list[forms.BoundField]]:
        """The groups as rows of fields."""
        return [
            [self[f"{name}_{n}"] for name in ("organisation_kind", "duty", "label", "cohort")]
            for n in range(GROUPS)
        ]

    @property
    def plain(self) -> list[str]:
        """The names of the fields that are no group."""
        return list(self.base_fields)

    def facts(self) -> dict[str, Any]:
        """The requirement as filled in."""
        found = {name: self.cleaned_data.get(name) for name in self.base_fields}
        return found | {"class_hours": found["class_hours"] or 0}

    def groups(self) -> list[GroupFacts]:
        """The groups as filled in."""
        typed = self.cleaned_data
        return [
            GroupFacts(
                typed.get(f"organisation_kind_{n}", ""), typed.get(f"duty_{n}", ""), typed.get(f"label_{n}"),
                typed.get(f"cohort_{n}", ""),
            )
            for n in range(GROUPS)
        ]  # fmt: skip
