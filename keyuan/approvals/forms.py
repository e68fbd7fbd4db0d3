"""What the screens of approvals take in."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from keyuan.approvals.models import Step
from keyuan.approvals.queries import possible_delegates
from keyuan.approvals.rules import APPROVERS, KINDS, StepFacts
from keyuan.approvals.rules.kinds import kind_choices
from keyuan.kernel.access import Actor
from keyuan.people.models import Person
from keyuan.people.roles import Role

if TYPE_CHECKING:
    _Set = forms.BaseFormSet["StepForm"]
else:
    # Django's formset classes cannot be subscripted when the program runs.
    _Set = forms.BaseFormSet

BLANK_ROWS, MOST_STEPS = 2, 12


def day_input() -> forms.DateInput:
    """A date as the browser's own calendar."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def who_choices() -> list[tuple[str, str]]:
    """Whom a step may ask, in one list."""
    titles = dict(Role.choices)
    roles = [(f"role:{role}", str(titles[role])) for role in APPROVERS]
    others = [(who.value, str(who.label)) for who in (Step.Who.PERSON, Step.Who.POST)]
    return [(Step.Who.HEAD.value, str(Step.Who.HEAD.label)), *roles, *others]


class StepForm(forms.Form):
    """One row of the chain's table; a row without a title is no step."""

    order = forms.IntegerField(label=_("次序"), min_value=1, max_value=99, required=False)
    title = forms.CharField(label=_("环节"), max_length=40, required=False)
    who = forms.ChoiceField(label=_("审批人"), choices=())
    person = forms.ModelChoiceField(Person.objects.none(), label=_("指定人员"), required=False)
    post = forms.CharField(label=_("职务"), max_length=80, required=False)
    days = forms.IntegerField(label=_("时限（工作日）"), min_value=1, max_value=60, required=False)
    distinct = forms.BooleanField(label=_("须与前面各步不同人"), required=False, initial=True)
    may_finish = forms.BooleanField(label=_("可终审办结"), required=False)
    fact = forms.ChoiceField(label=_("条件"), choices=(), required=False)
    test = forms.ChoiceField(label=_("比较"), choices=[("", "—"), *Step.Test.choices], required=False)
    amount = forms.DecimalField(label=_("数额"), max_digits=14, decimal_places=2, required=False)

    def __init__(self, *args: Any, people: Any, numbers: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self._choose("who", who_choices())
        self._choose("fact", [("", _now("不限")), *numbers])
        person = self.fields["person"]
        if isinstance(person, forms.ModelChoiceField):
            person.queryset = people

    def _choose(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(choices)

    def clean(self) -> dict[str, Any]:
        """A named person or post where the step asks for one; a condition whole or not at all."""
        typed = super().clean() or {}
        if not typed.get("title"):
            return typed
        if typed.get("who") == Step.Who.PERSON and not typed.get("person"):
            self.add_error("person", _("请选择指定人员。"))
        if typed.get("who") == Step.Who.POST and not typed.get("post", "").strip():
            self.add_error("post", _("请填写职务，须与人员信息里的职务一致。"))
        parts = [bool(typed.get("fact")), bool(typed.get("test")), typed.get("amount") is not None]
        if any(parts) and not all(parts):
            self.add_error("amount", _("条件要选项目、比较并填数额，或都留空。"))
        return typed

    def facts(self) -> StepFacts:
        """The row as a step."""
        typed = self.cleaned_data
        who, _colon, role = typed["who"].partition(":")
        return StepFacts(
            title=typed["title"], who=who, role=role,
            person_id=typed["person"].pk if who == Step.Who.PERSON else None,
            post=typed["post"].strip() if who == Step.Who.POST else "", distinct=typed["distinct"],
            may_finish=typed["may_finish"], days=typed["days"], fact=typed["fact"], test=typed["test"],
            amount=typed["amount"],
        )  # fmt: skip


class _Steps(_Set):
    def steps(self) -> list[StepFacts]:
        """The steps of the filled rows, in their order."""
        rows = [
            (form.cleaned_data.get("order") or number, number, form)
            for number, form in enumerate(self.forms, 1)
            if form.cleaned_data.get("title")
        ]
        return [form.facts() for _order, _number, form in sorted(rows, key=lambda row: row[:2])]


def _typed(step: Step) -> dict[str, Any]:
    return {
        "order": step.order, "title": step.title, "who": f"role:{step.role}" if step.who == Step.Who.ROLE else step.who,
        "person": step.person_id, "post": step.post, "days": step.days, "distinct": step.distinct,
        "may_finish": step.may_finish, "fact": step.fact, "test": step.test, "amount": step.amount,
    }  # fmt: skip


def steps_form(actor: Actor, kind: str, data: Any, steps: Sequence[Step]) -> _Steps:
    """The table of a chain: its steps, and two rows more."""
    numbers = [(name, str(fact.title)) for name, fact in KINDS[kind].facts.items() if fact.number]
    people = possible_delegates(actor) | Person.objects.filter(
        pk=actor.person_id or 0, seats__role__in=APPROVERS
    )
    made: type[Any] = forms.formset_factory(
        StepForm, formset=_Steps, extra=BLANK_ROWS, max_num=MOST_STEPS, absolute_max=MOST_STEPS
    )
    found: _Steps = made(
        data, prefix="s", initial=[_typed(step) for step in steps],
        form_kwargs={"people": people.distinct(), "numbers": numbers},
    )  # fmt: skip
    return found


class ChainForm(forms.Form):
    """From when a new version holds, and why."""

    starts = forms.DateField(label=_("起用日期"), widget=day_input())
    note = forms.CharField(label=_("修订说明"), max_length=200, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("starts", timezone.localdate())

    def clean_starts(self) -> Any:
        """What is past was decided under its own chain."""
        day = self.cleaned_data["starts"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("起用日期不能早于今天：已提交的审批单按原来的版本办理。"))
        return day


class DelegationForm(forms.Form):
    """To whom, from when to when, for what."""

    delegate = forms.ModelChoiceField(Person.objects.none(), label=_("受托人"))
    starts = forms.DateField(label=_("自"), widget=day_input())
    ends = forms.DateField(label=_("至"), widget=day_input(), help_text=_("当天仍有效，次日自动结束"))
    kinds = forms.MultipleChoiceField(
        label=_("事项"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("不勾选即全部事项")
    )
    reason = forms.CharField(label=_("事由"), max_length=100, required=False)

    def __init__(self, actor: Actor, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        delegate, kinds = self.fields["delegate"], self.fields["kinds"]
        if isinstance(delegate, forms.ModelChoiceField):
            delegate.queryset = possible_delegates(actor)
        if isinstance(kinds, forms.MultipleChoiceField):
            kinds.choices = kind_choices()
        self.initial.setdefault("starts", timezone.localdate())
