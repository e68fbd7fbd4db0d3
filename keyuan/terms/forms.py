"""What the screens of terms take in."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from keyuan.kernel.access import Actor, visible
from keyuan.orgs.models import Organisation
from keyuan.people.models import Person
from keyuan.terms.actions import TermFacts
from keyuan.terms.models import Post, Term, TermRule
from keyuan.terms.queries.people import candidates, settled

NEW = "new"
ELECTED_BY = [
    (one.value, one.label) for one in Term.Began if one not in {Term.Began.ACTING, Term.Began.VACANT}
]
LEFT_BY = [(one.value, one.label) for one in Term.Ended if one != Term.Ended.FILLED]


def day_input() -> forms.DateInput:
    """A date as the browser's own calendar."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class HolderForm(forms.Form):
    """A name, and which person it is: asked wherever it is not plain."""

    holder_name = forms.CharField(label=_("姓名"), max_length=60)
    who = forms.ChoiceField(label=_("是哪一位"), required=False, widget=forms.RadioSelect)

    def __init__(self, actor: Actor, organisation: Organisation, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.organisation, self.found = organisation, list[Person]()
        typed = (data.get("holder_name", "") if data else "").strip()
        if not typed:
            del self.fields["who"]
            return
        self.found = candidates(actor, organisation, typed)
        words = [
            (str(one.pk), "，".join(filter(None, (one.name, one.unit, one.post_title)))) for one in self.found
        ]
        new = _now("登记为新人员：%(name)s（%(unit)s）") % {"name": typed, "unit": organisation}
        field = self.fields["who"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [*words, (NEW, new)]

    def clean(self) -> dict[str, Any]:
        """Ask where several persons, or one of another unit, or none bear the name."""
        typed = super().clean() or {}
        if (
            typed.get("holder_name")
            and not typed.get("who")
            and settled(self.organisation, self.found) is None
        ):
            words = (
                _("有同名或其他单位的人员，请确认是哪一位。")
                if self.found
                else _("没有登记过此人，请确认姓名无误。")
            )
            self.add_error("who", words)
        return typed

    def holder(self) -> Person | str:
        """The person meant, or the name of somebody new."""
        chosen = self.cleaned_data.get("who")
        if chosen == NEW:
            return str(self.cleaned_data["holder_name"])
        found = next((one for one in self.found if str(one.pk) == chosen), None)
        return found or settled(self.organisation, self.found) or str(self.cleaned_data["holder_name"])


class OpenForm(HolderForm):
    """A post to fill."""

    field_order = ("post", "began", "holder_name", "who", "starts", "number", "due", "basis")
    post = forms.ModelChoiceField(Post.objects.none(), label=_("职务"))
    starts = forms.DateField(label=_("任职起"), widget=day_input())
    number = forms.IntegerField(
        label=_("届次"), min_value=1, max_value=99, required=False, help_text=_("第几届；留空则接上一届")
    )
    due = forms.DateField(
        label=_("任期至"), widget=day_input(), required=False, help_text=_("留空则按任期规定计算")
    )
    basis = forms.CharField(
        label=_("依据"), max_length=100, required=False, help_text=_("会议名称、选举结果报告或任免文号")
    )

    def __init__(self, actor: Actor, organisation: Organisation, data: Any = None, **options: Any) -> None:
        super().__init__(actor, organisation, data, **options)
        field = self.fields["post"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = visible(actor, Post).filter(kind=organisation.kind, active=True)

    def facts(self, began: str = "") -> TermFacts:
        """The term as typed."""
        typed = self.cleaned_data
        return TermFacts(
            typed["starts"], typed["number"], typed["due"], began or typed["began"], typed["basis"]
        )


class ElectForm(OpenForm):
    """An election, a by-election or an appointment."""

    began = forms.ChoiceField(
        label=_("产生方式"), choices=ELECTED_BY, help_text=_("换届选举时，现任在新任期开始的前一天自动届满")
    )


class ActForm(OpenForm):
    """Somebody to act in a post."""


class VacancyForm(OpenForm):
    """A post that nobody holds."""

    def __init__(self, actor: Actor, organisation: Organisation, data: Any = None, **options: Any) -> None:
        super().__init__(actor, organisation, data, **options)
        for name in ("holder_name", "who", "due"):
            self.fields.pop(name, None)
        field = self.fields["post"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = visible(actor, Post).filter(kind=organisation.kind, active=True, single=True)

    def facts(self, began: str = "") -> TermFacts:
        """The vacancy as typed."""
        typed = self.cleaned_data
        return TermFacts(typed["starts"], typed["number"], basis=typed["basis"])


class ReplaceForm(HolderForm):
    """Who takes over before the term ends."""

    field_order = ("holder_name", "who", "on", "ended", "basis")
    on = forms.DateField(
        label=_("新任任职起"), widget=day_input(), help_text=_("原任在前一天离任，届满日不变")
    )
    ended = forms.ChoiceField(label=_("原任离任方式"), choices=LEFT_BY, initial=Term.Ended.REPLACED.value)
    basis = forms.CharField(label=_("依据"), max_length=100, required=False)


class ExtendForm(forms.Form):
    """How long a term is put off."""

    to = forms.DateField(label=_("延期至"), widget=day_input())
    basis = forms.CharField(
        label=_("批准文号"), max_length=100, help_text=_("业务主管单位审查、登记管理机关批准的文号")
    )


class EndForm(forms.Form):
    """The last day of a term."""

    on = forms.DateField(label=_("最后任职日"), widget=day_input())
    ended = forms.ChoiceField(label=_("离任方式"), choices=LEFT_BY)
    reason = forms.CharField(label=_("说明"), max_length=200, required=False)


class CorrectForm(forms.Form):
    """What was entered wrongly; the holder is corrected by taking the step back and entering it anew."""

    number = forms.IntegerField(label=_("届次"), min_value=1, max_value=99, required=False)
    began = forms.ChoiceField(label=_("产生方式"), choices=ELECTED_BY)
    starts = forms.DateField(label=_("任职起"), widget=day_input())
    due = forms.DateField(label=_("任期至"), widget=day_input(), required=False)
    extended_to = forms.DateField(label=_("延期至"), widget=day_input(), required=False)
    ends = forms.DateField(label=_("实际离任"), widget=day_input(), required=False)
    ended = forms.ChoiceField(label=_("离任方式"), choices=[("", "—"), *LEFT_BY], required=False)
    basis = forms.CharField(label=_("依据"), max_length=100, required=False)
    reason = forms.CharField(label=_("更正原因"), max_length=200)

    def __init__(self, term: Term, data: Any = None) -> None:
        super().__init__(
            data, initial={name: getattr(term, name) for name in self.base_fields if name != "reason"}
        )
        if term.began in {Term.Began.ACTING, Term.Began.VACANT}:
            del self.fields["began"]

    def clean(self) -> dict[str, Any]:
        """A day of leaving and how go together."""
        typed = super().clean() or {}
        if bool(typed.get("ends")) != bool(typed.get("ended")):
            self.add_error("ended", _("实际离任和离任方式要一起填，或都留空。"))
        return typed

    def facts(self) -> dict[str, Any]:
        """What is to stand."""
        return {name: value for name, value in self.cleaned_data.items() if name != "reason"}


class PostForm(forms.Form):
    """One post of the list."""

    kind = forms.ChoiceField(label=_("单位类别"), choices=Organisation.Kind.choices)
    name = forms.CharField(label=_("名称"), max_length=40)
    duty = forms.ChoiceField(
        label=_("职责"), choices=Post.Duty.choices, help_text=_("名称怎么叫都行，职责用于统计和提醒")
    )
    single = forms.BooleanField(label=_("只由一人担任"), required=False, initial=True)
    watched = forms.BooleanField(label=_("应有人担任（空缺列入一览）"), required=False)
    active = forms.BooleanField(label=_("在用"), required=False, initial=True)

    def __init__(self, data: Any = None, post: Post | None = None) -> None:
        names = ("kind", "name", "duty", "single", "watched", "active")
        super().__init__(data, initial={name: getattr(post, name) for name in names} if post else None)


class PostNameForm(forms.Form):
    """A post's new name."""

    name = forms.CharField(label=_("新名称"), max_length=40)
    on = forms.DateField(label=_("自哪天起"), widget=day_input())


class RuleForm(forms.Form):
    """How long terms last from a day on."""

    kind = forms.ChoiceField(label=_("单位类别"), choices=Organisation.Kind.choices, initial="society")
    since = forms.DateField(label=_("起用日期"), widget=day_input())
    years = forms.IntegerField(label=_("每届年数"), min_value=1, max_value=10, initial=5)
    extension_months = forms.IntegerField(label=_("延期最长（月）"), min_value=0, max_value=36, initial=12)
    basis = forms.CharField(label=_("依据"), max_length=TermRule._meta.get_field("basis").max_length)


class UploadForm(forms.Form):
    """A list of who holds what."""

    file = forms.FileField(
        label=_("任期名单"), help_text=_("Excel（.xlsx），至少有“单位”“职务”“姓名”“任职起”四列"),
        error_messages={"required": _("请选择要导入的文件。")},
    )  # fmt: skip


def day_asked(text: str) -> date:
    """The day of `?on=`, else today."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return timezone.localdate()
