"""What is typed in this room: standards, withholding tables, budgets, settlements, slips and accounts."""

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from keyuan.fees.models import FeeStandard, Item, Withholding
from keyuan.fees.queries.budgets import Extra, Wanted
from keyuan.fees.queries.settling import Compared
from keyuan.fees.queries.standards import categories_of
from keyuan.training.forms.classes import day_input

if TYPE_CHECKING:
    _Standard = forms.ModelForm[FeeStandard]
    _Withholding = forms.ModelForm[Withholding]
else:
    # Django's form classes cannot be subscripted when the program runs.
    _Standard = _Withholding = forms.ModelForm

MOST = Decimal("99999999.99")
EXTRAS = 6


def _amount(label: Any, *, needed: bool = False, help_text: Any = "") -> forms.DecimalField:
    widget = forms.NumberInput(attrs={"step": "0.01", "inputmode": "decimal"})
    return forms.DecimalField(
        label=label, required=needed, min_value=Decimal(0), max_value=MOST, decimal_places=2, widget=widget,
        help_text=help_text,
    )  # fmt: skip


def _count(label: Any, most: int, *, least: int = 0, help_text: Any = "") -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"inputmode": "numeric"})
    return forms.IntegerField(
        label=label, min_value=least, max_value=most, widget=widget, help_text=help_text
    )


class StandardForm(_Standard):
    """A standard's day, source and parameters."""

    class Meta:
        """Where and when it holds first."""

        model = FeeStandard
        fields = (
            "region", "valid_from", "source", "full_days", "beyond_share", "travel_days", "staff_share", "staff_cap",
            "half_day_hours", "mark",
        )  # fmt: skip
        widgets = {"valid_from": day_input()}
        help_texts = {
            "source": _("文件名称和文号，超标提示里会写出"),
            "beyond_share": _("如 0.7，即超过天数按 70% 计算"),
            "staff_share": _("如 0.1，即不超过学员人数的 10%"),
            "staff_cap": _("没有人数上限的不填"),
        }


class FiguresForm(forms.Form):
    """The amounts of a standard, one field a row."""

    def __init__(self, standard: FeeStandard, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.standard = standard
        for rate in standard.rates.all():
            self.fields[f"day-{rate.pk}"] = _amount(rate.get_item_display(), needed=True)
            self.initial[f"day-{rate.pk}"] = rate.amount
        for row in standard.lectures.all():
            self.fields[f"lecture-{row.pk}"] = _amount(row.rank, needed=True)
            self.initial[f"lecture-{row.pk}"] = row.amount

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields under the category they belong to, lecture fees last."""
        found = [
            (f"{one.name} {one.audience}".strip(), [self[f"day-{rate.pk}"] for rate in one.rates])
            for one in categories_of(self.standard)
        ]
        lectures = [self[f"lecture-{row.pk}"] for row in self.standard.lectures.all()]
        return [*found, (_now("讲课费（税后元/学时）"), lectures)]


class DayForm(forms.Form):
    """One day: of a new version, or of an end."""

    day = forms.DateField(label=_("日期"), widget=day_input(), required=False)


class FileForm(forms.Form):
    """A file with all figures of a standard."""

    file = forms.FileField(label=_("标准文件（.xlsx）"))


class WithholdingForm(_Withholding):
    """A withholding table; its brackets one a line."""

    brackets = forms.CharField(
        label=_("级距"), widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("每行一级：应纳税所得额超过、预扣率、速算扣除数，用空格隔开，如 20000 0.3 2000"),
    )  # fmt: skip

    class Meta:
        """Date first: it decides which payments are withheld by this table."""

        model = Withholding
        fields = ("valid_from", "small_limit", "small_deduction", "deduction_share", "source")
        widgets = {"valid_from": day_input()}

    def clean_brackets(self) -> list[tuple[Decimal, Decimal, Decimal]]:
        """Three decimals a line."""
        found = []
        for line in self.cleaned_data["brackets"].splitlines():
            words = line.replace("，", " ").replace(",", " ").split()
            if not words:
                continue
            try:
                over, rate, quick = (
                    forms.DecimalField(max_digits=12, decimal_places=3).clean(word) for word in words
                )
            except (ValueError, forms.ValidationError) as bad:
                raise forms.ValidationError(_("“%(line)s”应为三个数字。"), params={"line": line}) from bad
            if rate is None or not 0 <= rate < 1:
                raise forms.ValidationError(_("预扣率应在 0 与 1 之间，如 0.3。"))
            found.append((over or Decimal(0), rate, quick or Decimal(0)))
        return found


class BudgetForm(forms.Form):
    """A budget; amounts left empty stand at their limit."""

    standard = forms.ModelChoiceField(FeeStandard.objects.none(), label=_("费用标准"), empty_label=None)
    category = forms.ChoiceField(label=_("培训类别"))
    places = _count(_("学员人数"), 5000, least=1)
    staff = _count(_("工作人员"), 500)
    days = _count(_("培训天数"), 366, least=1)
    arrive_days = _count(_("报到天数"), 9)
    leave_days = _count(_("撤离天数"), 9)
    channel = forms.CharField(
        label=_("列支渠道"), required=False, max_length=80, help_text=_("如 部门预算·干部教育培训")
    )
    lodging = _amount(_("住宿费"))
    food = _amount(_("伙食费"))
    venue = _amount(_("场地、资料、交通费"))
    other = _amount(_("其他费用"))
    lecture = _amount(_("讲课费（税前）"))
    explanation = forms.CharField(
        label=_("超标说明"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("有超出标准的项目时必填，随预算一起送审"),
    )  # fmt: skip

    def __init__(
        self, standards: list[FeeStandard], wanted: Wanted | None, *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["standard"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - tells mypy what is declared above
        field.queryset = FeeStandard.objects.filter(pk__in=[one.pk for one in standards])
        names = {one.name: f"{one.name} {one.audience}" for held in standards for one in categories_of(held)}
        choice = self.fields["category"]
        assert isinstance(choice, forms.ChoiceField)  # noqa: S101 - tells mypy what is declared above
        choice.choices = list(names.items())
        for at in range(EXTRAS):
            self.fields[f"extra_title_{at}"] = forms.CharField(label=_("项目"), required=False, max_length=60)
            self.fields[f"extra_quantity_{at}"] = _amount(_("数量"))
            self.fields[f"extra_price_{at}"] = _amount(_("单价"))
        if wanted is not None:
            self._fill(wanted)

    def _fill(self, wanted: Wanted) -> None:
        names = (
            "category",
            "places",
            "staff",
            "days",
            "arrive_days",
            "leave_days",
            "channel",
            "explanation",
            "lecture",
        )
        self.initial.update({name: getattr(wanted, name) for name in names})
        self.initial["standard"] = wanted.standard.pk
        self.initial.update({item: wanted.items.get(item) for item in Item.values})
        for at, one in enumerate(wanted.extras[:EXTRAS]):
            self.initial.update({
                f"extra_title_{at}": one.title, f"extra_quantity_{at}": one.quantity, f"extra_price_{at}": one.price,
            })  # fmt: skip

    def extra_rows(self) -> list[tuple[forms.BoundField, ...]]:
        """The typed lines, as rows of three fields."""
        return [
            (self[f"extra_title_{at}"], self[f"extra_quantity_{at}"], self[f"extra_price_{at}"])
            for at in range(EXTRAS)
        ]

    def clean(self) -> dict[str, Any]:
        """A typed line has a title and a price, or neither."""
        values = super().clean() or self.cleaned_data
        for at in range(EXTRAS):
            title, price = values.get(f"extra_title_{at}"), values.get(f"extra_price_{at}")
            if bool(title) != (price is not None) and f"extra_price_{at}" not in self.errors:
                self.add_error(f"extra_price_{at}", _now("其他支出的项目和单价要同时填写。"))
        return values

    def wanted(self) -> Wanted:
        """What was typed, for reckoning."""
        typed = self.cleaned_data
        extras = tuple(
            Extra(
                typed[f"extra_title_{at}"],
                typed[f"extra_quantity_{at}"] or Decimal(1),
                typed[f"extra_price_{at}"],
            )
            for at in range(EXTRAS)
            if typed.get(f"extra_title_{at}")
        )
        names = (
            "standard",
            "category",
            "places",
            "staff",
            "days",
            "arrive_days",
            "leave_days",
            "channel",
            "lecture",
        )
        return Wanted(
            **{name: typed[name] for name in names}, items={item: typed[item] for item in Item.values}, extras=extras,
            explanation=typed["explanation"],
        )  # fmt: skip


class SettlementForm(forms.Form):
    """A settlement: who came, and each line's actual amount, receipts and reason."""

    places = _count(_("实到学员"), 5000)
    staff = _count(_("实际工作人员"), 500)
    days = _count(_("实际培训天数"), 366, least=1)
    explanation = forms.CharField(
        label=_("超标说明"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, lines: Iterable[Compared], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = list(lines)
        for at, line in enumerate(self.lines):
            self.fields[f"actual_{at}"] = _amount(line.title, needed=True)
            self.fields[f"receipts_{at}"] = _count(_("票据张数"), 9999)
            self.fields[f"receipts_{at}"].required = False
            self.fields[f"reason_{at}"] = forms.CharField(label=_("超支原因"), required=False, max_length=200)
            self.initial.update({
                f"actual_{at}": line.actual, f"receipts_{at}": line.receipts or None, f"reason_{at}": line.reason,
            })  # fmt: skip

    def rows(self) -> list[tuple[Compared, forms.BoundField, forms.BoundField, forms.BoundField]]:
        """Each line with its three fields."""
        return [
            (line, self[f"actual_{at}"], self[f"receipts_{at}"], self[f"reason_{at}"])
            for at, line in enumerate(self.lines)
        ]

    def typed_lines(self) -> list[Compared]:
        """The lines as typed."""
        typed = self.cleaned_data
        return [
            Compared(
                line.kind, line.title, line.planned, typed[f"actual_{at}"], typed[f"receipts_{at}"] or 0,
                typed[f"reason_{at}"],
            )
            for at, line in enumerate(self.lines)
        ]  # fmt: skip


class AccountForm(forms.Form):
    """Where a person is paid."""

    bank = forms.CharField(
        label=_("开户银行"), max_length=80, help_text=_("写到支行，如 中国银行广州东风路支行")
    )
    number = forms.CharField(
        label=_("本人银行账号"), max_length=40, widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "data-secret": True}),
        help_text=_("加密保存，页面上只显示末四位"),
    )  # fmt: skip


class PayForm(forms.Form):
    """On which day the money went out."""

    paid_on = forms.DateField(label=_("支付日期"), widget=day_input())
