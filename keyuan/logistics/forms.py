"""What the screens of this room take in."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from keyuan.logistics.actions.answering import AnswerFacts
from keyuan.logistics.actions.lodging import RoomFacts
from keyuan.logistics.models import Arrangement, Hall, Leg, MealTable
from keyuan.logistics.queries.needs import Needs
from keyuan.logistics.rules.seating import read_aisles

if TYPE_CHECKING:
    _SetUp = forms.ModelForm[Arrangement]
    _Leg = forms.ModelForm[Leg]
    _Hall = forms.ModelForm[Hall]
else:
    # Django's form classes cannot be subscripted when the program runs.
    _SetUp = _Leg = _Hall = forms.ModelForm

SEXES = [("", _("不限")), ("男", _("男")), ("女", _("女"))]
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class SetUpForm(_SetUp):
    """What a class asks and how long it keeps the answers (询问设置)."""

    class Meta:
        """The questions, each by itself."""

        model = Arrangement
        fields = ("asks_diet", "asks_room", "asks_branch", "asks_phone", "answer_by", "keep_days")
        widgets = {"answer_by": DAY}
        help_texts = {
            "answer_by": _("不填则开班前都可以填写；截止后由班主任代填。"),
            "keep_days": _("到期后系统自动清除全部回答，只留下清除了多少条的记录。"),
        }


class RulesForm(forms.Form):
    """The rules printed in the handbook (学员守则)."""

    rules_text = forms.CharField(
        label=_("学员守则和请假规定"), max_length=6000, required=False, widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_("一行一条；留空则用默认条文。"),
    )  # fmt: skip


class AnswerForm(forms.Form):
    """What one trainee needs (会务需要); only the questions the class asks."""

    diet = forms.CharField(
        label=_("用餐需要"), max_length=100, required=False,
        help_text=_("如清真餐、素食、过敏。只用于安排本班用餐，不必说明原因。"),
    )  # fmt: skip
    room = forms.CharField(
        label=_("住宿需要"), max_length=100, required=False,
        help_text=_("如低楼层、无障碍。只用于安排本班住宿，不必说明原因。"),
    )  # fmt: skip
    together = forms.CharField(
        label=_("愿与谁同住"), max_length=20, required=False,
        help_text=_("写一位同性学员的全名，双方都填写才安排。"),
    )  # fmt: skip
    branch = forms.ChoiceField(
        label=_("是否参加本班临时党支部"), required=False, widget=forms.RadioSelect,
        choices=[("yes", _("参加")), ("no", _("不参加")), ("", _("不填"))],
        help_text=_("只用于组建本班临时党支部，结班后解散并清除。可以不填。"),
    )  # fmt: skip
    shows_phone = forms.BooleanField(
        label=_("同意在本班通讯录中印我的手机号"), required=False,
        help_text=_("只给本班学员看，结班 30 天后通讯录关闭。可以不同意。"),
    )  # fmt: skip

    def __init__(self, arrangement: Arrangement, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        asked = {
            "diet": arrangement.asks_diet, "room": arrangement.asks_room, "together": arrangement.asks_room,
            "branch": arrangement.asks_branch, "shows_phone": arrangement.asks_phone,
        }  # fmt: skip
        for name, wanted in asked.items():
            if not wanted:
                del self.fields[name]

    @staticmethod
    def begun(needs: Needs, together: str) -> dict[str, Any]:
        """What stands in the form at first."""
        return {
            "diet": needs.diet, "room": needs.room, "branch": needs.branch, "shows_phone": needs.shows_phone,
            "together": together,
        }  # fmt: skip

    def facts(self) -> AnswerFacts:
        """What was sent."""
        return AnswerFacts(**self.cleaned_data)


class RoomsForm(forms.Form):
    """Rooms in a row (批量添加客房): by first number and count, or typed, a line a room."""

    house = forms.CharField(label=_("楼栋"), max_length=40, required=False)
    first = forms.IntegerField(label=_("起始房号"), min_value=1, max_value=99_999, required=False)
    count = forms.IntegerField(label=_("间数"), min_value=1, max_value=200, required=False)
    capacity = forms.IntegerField(label=_("每间床位"), min_value=1, max_value=20, initial=2)
    sex = forms.ChoiceField(label=_("限住"), choices=SEXES, required=False)
    typed = forms.CharField(
        label=_("或逐间填写"), required=False, max_length=8000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("一行一间：房号 床位 男或女，如“301 2 女”。床位和限住不写则同上。"),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """One of the two ways must be used."""
        found: dict[str, Any] = super().clean() or {}
        if not found.get("typed") and not (found.get("first") and found.get("count")):
            raise forms.ValidationError(_now("请填写起始房号和间数，或逐间填写房号。"))
        return found

    def clean_typed(self) -> list[tuple[str, str, str]]:
        """Each line in its three parts."""
        lines = []
        for at, line in enumerate(self.cleaned_data["typed"].splitlines(), 1):
            parts = line.replace("，", " ").replace(",", " ").split()
            if not parts:
                continue
            sexes = [part for part in parts[1:] if part in {"男", "女"}]
            beds = [part for part in parts[1:] if part.isdecimal() and 1 <= int(part) <= 20]
            if (
                len(sexes) + len(beds) != len(parts) - 1
                or len(sexes) > 1
                or len(beds) > 1
                or len(parts[0]) > 20
            ):
                raise forms.ValidationError(_now("第 %(n)s 行看不懂，请写成“房号 床位 男或女”。") % {"n": at})
            lines.append((parts[0], beds[0] if beds else "", sexes[0] if sexes else ""))
        return lines

    def rooms(self) -> list[RoomFacts]:
        """The rooms as they are put down."""
        sent = self.cleaned_data
        if sent["typed"]:
            return [
                RoomFacts(number, int(beds or sent["capacity"]), sex or sent["sex"], sent["house"])
                for number, beds, sex in sent["typed"]
            ]
        numbers = range(sent["first"], sent["first"] + sent["count"])
        return [RoomFacts(str(number), sent["capacity"], sent["sex"], sent["house"]) for number in numbers]


class RoomForm(forms.Form):
    """One room changed (修改客房)."""

    capacity = forms.IntegerField(label=_("床位"), min_value=1, max_value=20)
    sex = forms.ChoiceField(label=_("限住"), choices=SEXES, required=False)


class LegForm(_Leg):
    """One journey (用车行程)."""

    class Meta:
        """As it stands on the list."""

        model = Leg
        fields = ("title", "date", "departs", "start", "goal")
        widgets = {"date": DAY, "departs": forms.TimeInput(attrs={"type": "time"}, format="%H:%M")}


class VehiclesForm(forms.Form):
    """Vehicles for one journey (添加车辆)."""

    count = forms.IntegerField(label=_("辆数"), min_value=1, max_value=20, initial=1)
    capacity = forms.IntegerField(label=_("每车座位"), min_value=1, max_value=100, initial=45)
    plate = forms.CharField(label=_("车牌"), max_length=12, required=False)
    driver = forms.CharField(label=_("司机及电话"), max_length=40, required=False)


class MealsForm(_SetUp):
    """How many sit at a table, and the first and the last meal of a class (用餐设置)."""

    class Meta:
        """What the proposal and the kitchen's numbers go by."""

        model = Arrangement
        fields = ("table_size", "first_meal", "last_meal")


class TableForm(forms.Form):
    """New tables, or one table changed (餐桌)."""

    count = forms.IntegerField(label=_("桌数"), min_value=1, max_value=60, initial=1)
    title = forms.CharField(
        label=_("桌名"), max_length=20, required=False, help_text=_("不填则按桌号称呼，如“3号桌”。")
    )
    capacity = forms.IntegerField(label=_("每桌座位"), min_value=1, max_value=30)
    head = forms.BooleanField(
        label=_("主桌"), required=False, help_text=_("主桌不参加自动排桌，人由您手动安排。")
    )

    def __init__(self, found: MealTable | None, size: int, *args: Any, **options: Any) -> None:
        start: dict[str, Any] = {"capacity": size}
        if found is not None:
            start = {"title": found.title, "capacity": found.capacity, "head": found.is_head}
        super().__init__(*args, **{"initial": start, **options})
        del self.fields["title" if found is None else "count"]


class HallForm(_Hall):
    """One hall's layout (会场布局)."""

    aisles = forms.CharField(
        label=_("过道在第几座之后"), required=False, max_length=40, help_text=_("如“5，10”；没有过道则不填。")
    )

    class Meta:
        """Rows and columns as seen from the stage."""

        model = Hall
        fields = ("title", "rows", "columns", "aisles", "kept_rows")
        help_texts = {"kept_rows": _("前几排留给领导和嘉宾。")}

    def clean(self) -> dict[str, Any]:
        """Aisles run between columns of the hall."""
        found: dict[str, Any] = super().clean() or {}
        columns = found.get("columns")
        if columns:
            try:
                found["aisles"] = read_aisles(found.get("aisles") or "", columns)
            except ValueError as bad:
                words = _now("“%(n)s”不是 1 至 %(m)s 之间的座号。") % {"n": bad, "m": columns - 1}
                self.add_error("aisles", words)
        if found.get("rows") and (found.get("kept_rows") or 0) >= found["rows"]:
            self.add_error("kept_rows", _now("留空的排数要少于总排数。"))
        return found


class GroupForm(forms.Form):
    """A group's name, place and leader (小组信息)."""

    title = forms.CharField(label=_("组名"), max_length=20, required=False)
    place = forms.CharField(label=_("讨论地点"), max_length=80, required=False)
    leader = forms.TypedChoiceField(label=_("组长"), required=False, coerce=int, empty_value=None)

    def __init__(self, members: list[tuple[int, str]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["leader"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("未定")), *members]
