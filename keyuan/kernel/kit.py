"""The sample form and rows that the page of components shows; nothing here is real."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from keyuan.kernel.pages import Listing


class SampleForm(forms.Form):
    """One field of each kind."""

    title = forms.CharField(
        label=_("班次名称"), max_length=40, help_text=_("写全称，如“2020年科协系统干部培训班”。")
    )
    places = forms.IntegerField(label=_("名额"), min_value=1, max_value=500)
    starts = forms.DateField(label=_("开班日期"), widget=forms.DateInput(attrs={"type": "date"}))
    kind = forms.ChoiceField(
        label=_("类型"), choices=[("", _("请选择")), ("camp", _("集中培训")), ("net", _("网络培训"))]
    )
    audience = forms.MultipleChoiceField(
        label=_("对象"), choices=[("cadre", _("科协系统干部")), ("lead", _("科技领军人才"))], required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    way = forms.ChoiceField(
        label=_("报名方式"),
        choices=[("unit", _("单位推荐")), ("self", _("个人报名"))],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("说明"), widget=forms.Textarea(attrs={"rows": 4}), required=False)
    agreed = forms.BooleanField(label=_("我已核对以上内容"))
    roster = forms.FileField(label=_("名单"), required=False, help_text=_("Excel 文件，不超过 5 MB。"))


@dataclass(frozen=True)
class SampleRow:
    """A row of the sample list."""

    pk: int
    name: str
    organisation: str
    post: str
    hours: int
    state: str
    tone: str
    since: date


ORGANISATIONS = (
    "演示市科学技术协会",
    "演示省粤港澳大湾区先进材料与智能制造产业技术创新联合学会",
    "演示省天文学会",
)
STATES = (
    ("待审核", "info"),
    ("已录取", "good"),
    ("退回修改", "warn"),
    ("未录取", "neutral"),
    ("超出名额", "bad"),
)


def rows(count: int) -> list[SampleRow]:
    """Fictional people, alike on every call."""
    return [
        SampleRow(
            n, f"演示{'甲乙丙丁戊己庚辛壬癸'[n % 10]}{'一二三四五六七八九'[n % 9]}", ORGANISATIONS[n % 3], "秘书长",
            8 * (n % 6), *STATES[n % 5], date(2020, 3, 1) + timedelta(days=n % 28),
        )
        for n in range(1, count + 1)
    ]  # fmt: skip


def samples(request: HttpRequest) -> dict[str, Any]:
    """Everything the kit shows besides its form."""
    sort = request.GET.get("sort", "name")
    pages = Paginator(rows(188), 12)
    return {
        "listing": Listing(
            pages.get_page(request.GET.get("page")), request.GET.get("q", ""), sort,
            {"state": request.GET.get("state", "")}, ("name", "since"),
        ),
        "moment": datetime(2020, 3, 1, 14, 30, tzinfo=timezone.get_default_timezone()),
        "days": [date(2020, 10, 12) + timedelta(days=n) for n in range(5)],
        "day": date(2020, 10, 13),
        "points": [("一季度", 12), ("二季度", 31), ("三季度", 24), ("四季度", 8)],
    }  # fmt: skip
