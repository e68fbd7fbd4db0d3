"""What the screens of this room take in."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from keyuan.kernel.access import Actor, visible
from keyuan.orgs.models import Organisation
from keyuan.people.roles import Role
from keyuan.supervision.actions import ItemFacts
from keyuan.supervision.models import Item, Rung
from keyuan.supervision.queries.naming import Units, person_of

# Kinds that come from another room are chosen there, never typed.
TYPED = ("meeting", "instruction", "document", "other")
KINDS = [(value, label) for value, label in Item.Kind.choices if value in TYPED]
UNITS = "unit-names"


def day_input() -> forms.DateInput:
    """A date as the browser's own calendar."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def unit_input(**more: str) -> forms.TextInput:
    """A unit by name, proposed as one types."""
    return forms.TextInput(attrs={"list": UNITS, "autocomplete": "off", **more})


class _Named(forms.Form):
    """A form that names units and a person; they are looked up when it is cleaned."""

    def __init__(self, units: Units, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.units = units

    def clean(self) -> dict[str, Any]:
        """Units by their names, then the person within the owner."""
        said = super().clean() or {}
        owner = self.units.find(said.get("owner") or "")
        if said.get("owner") and owner is None:
            self.add_error("owner", _("没有这个单位，请写单位名单上的全称或简称。"))
        said["owner"] = owner
        said["co_owners"], fault = self.units.several(said.get("co_owners") or "")
        if fault:
            self.add_error("co_owners", fault)
        said["owner_person"], fault = (
            person_of(owner, said.get("owner_person") or "") if owner else (None, "")
        )
        if fault:
            self.add_error("owner_person", fault)
        return said


class LineForm(_Named):
    """One item of a meeting (一项)."""

    title = forms.CharField(label=_("督办事项"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))
    owner = forms.CharField(label=_("责任单位"), max_length=80, widget=unit_input())
    owner_person = forms.CharField(label=_("责任人"), max_length=60, required=False)
    co_owners = forms.CharField(
        label=_("协办单位"), max_length=400, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("多个用顿号隔开"),
    )  # fmt: skip
    deadline = forms.DateField(label=_("办结期限"), widget=day_input())
    importance = forms.ChoiceField(
        label=_("重要程度"), choices=Item.Importance.choices, initial=Item.Importance.NORMAL.value
    )


class HeadForm(forms.Form):
    """Where the items come from, and what holds of all of them (来源)."""

    kind = forms.ChoiceField(label=_("来源"), choices=KINDS)
    source_title = forms.CharField(
        label=_("会议或文件名称"), max_length=200, help_text=_("如“2026年第3次校务委员会会议”")
    )
    source_number = forms.CharField(label=_("文号"), max_length=60, required=False)
    source_day = forms.DateField(label=_("日期"), widget=day_input(), required=False)
    report_every = forms.TypedChoiceField(label=_("进展报送"), choices=Item.Every.choices, coerce=int)
    department = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("督办部门"), required=False,
        empty_label=_("教务（不指定部门）"), help_text=_("这个部门的负责人也能管理和核验"),
    )  # fmt: skip

    def __init__(self, actor: Actor, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["department"]
        if actor.roles.intersection((Role.REGISTRAR, Role.LEADER)) and isinstance(
            field, forms.ModelChoiceField
        ):
            field.queryset = visible(actor, Organisation).filter(kind="department", active=True)
        else:
            del self.fields["department"]


class ItemForm(LineForm):
    """One item, to be corrected."""

    field_order = ("title", "detail", "owner", "owner_person", "co_owners", "deadline", "importance")
    detail = forms.CharField(
        label=_("工作要求"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    report_every = forms.TypedChoiceField(label=_("进展报送"), choices=Item.Every.choices, coerce=int)
    source_title = forms.CharField(label=_("会议或文件名称"), max_length=200, required=False)
    source_number = forms.CharField(label=_("文号"), max_length=60, required=False)
    source_day = forms.DateField(label=_("日期"), widget=day_input(), required=False)


def item_initial(item: Item) -> dict[str, Any]:
    """An item as its form shows it."""
    plain = (
        "title",
        "detail",
        "deadline",
        "importance",
        "report_every",
        "source_title",
        "source_number",
        "source_day",
    )
    helped = item.co_owners.select_related("organisation")
    return {name: getattr(item, name) for name in plain} | {
        "owner": item.owner.name, "owner_person": item.owner_person.name if item.owner_person else "",
        "co_owners": "、".join(row.organisation.name for row in helped),
    }  # fmt: skip


def facts_from(said: Mapping[str, Any], head: Mapping[str, Any] | None = None) -> ItemFacts:
    """What a line, under its head, says of an item."""
    both = {**(head or {}), **{key: value for key, value in said.items() if value is not None}}
    both["co_owners"] = tuple(both.get("co_owners") or ())
    return ItemFacts(
        **{name: both[name] for name in ItemFacts.__dataclass_fields__ if both.get(name) is not None}
    )


class _Several(forms.ClearableFileInput):
    """A control that takes several files (多个文件)."""

    allow_multiple_selected = True


class _Files(forms.FileField):
    """Any number of files, none as well."""

    widget = _Several

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Each cleaned by itself."""
        found = data if isinstance(data, list | tuple) else [data]
        return [one for each in found if (one := super(_Files, self).clean(each, initial))]


class ReportForm(forms.Form):
    """How far it is (进展)."""

    stage = forms.ChoiceField(label=_("进度"), choices=Item.Stage.choices)
    text = forms.CharField(
        label=_("进展情况"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("做了什么、结果如何、下一步和困难。"),
    )  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # A form has an attribute `files` of its own, so the field is not declared under that name.
        self.fields["files"] = _Files(label=_("附件"), required=False)


class EvidenceForm(forms.Form):
    """A file that proves it (佐证)."""

    title = forms.CharField(label=_("佐证名称"), max_length=200, required=False, help_text=_("留空用文件名"))
    file = forms.FileField(label=_("文件"), help_text=_("Word、PDF、Excel、照片等，每个不超过 20 MB。"))


class PostponeForm(forms.Form):
    """A later deadline (延期)."""

    until = forms.DateField(label=_("延至"), widget=day_input())
    reason = forms.CharField(label=_("延期理由"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class UploadForm(forms.Form):
    """A list of items."""

    file = forms.FileField(
        label=_("督办事项表"), help_text=_("Excel（.xlsx），至少有“督办事项”“责任单位”“办结期限”三列"),
        error_messages={"required": _("请选择要导入的文件。")},
    )  # fmt: skip


class RungForm(forms.Form):
    """One rung of the ladder (一档)."""

    days = forms.IntegerField(label=_("期限前后（天）"), min_value=-90, max_value=365)
    to = forms.ChoiceField(label=_("提醒对象"), choices=Rung.To.choices, initial=Rung.To.OWNER.value)


class LadderForm(forms.Form):
    """From when the ladder holds."""

    since = forms.DateField(label=_("起用日期"), widget=day_input())
    basis = forms.CharField(label=_("依据"), max_length=200, required=False)
