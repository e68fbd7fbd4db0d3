"""What the screens of this room take in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from keyuan.learning.models import MOST_TEXT, Edition, Item, Unit


class CourseForm(forms.Form):
    """A new course (网络课程)."""

    title = forms.CharField(label=_("课程名称"), max_length=80)
    subject = forms.CharField(label=_("领域"), max_length=30, required=False)
    about = forms.CharField(
        label=_("课程简介"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )


class UnitForm(forms.Form):
    """A new unit (单元)."""

    title = forms.CharField(label=_("单元名称"), max_length=80)


class ItemForm(forms.Form):
    """A new item (学习内容)."""

    unit = forms.ModelChoiceField(label=_("单元"), queryset=Unit.objects.none(), empty_label=None)
    kind = forms.ChoiceField(label=_("类型"), choices=Item.Kind.choices)
    title = forms.CharField(label=_("标题"), max_length=80)
    text = forms.CharField(
        label=_("正文"), max_length=MOST_TEXT, required=False, widget=forms.Textarea(attrs={"rows": 8})
    )
    address = forms.URLField(label=_("链接"), required=False, assume_scheme="https")

    def __init__(self, edition: Edition, *args: Any, held: Item | None = None, **options: Any) -> None:
        if held is not None:
            names = ("unit", "kind", "title", "text", "address")
            options["initial"] = {name: getattr(held, name) for name in names}
        super().__init__(*args, **options)
        field = self.fields["unit"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = Unit.objects.filter(edition=edition)
