"""The plan's forms: an annex to upload, and one activity to correct."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from keyuan.kernel.access import Actor, visible
from keyuan.orgs.models import Organisation
from keyuan.plan.models import KeyActivity
from keyuan.plan.queries import leads_of
from keyuan.plan.queries.changes import activity_state

LEAD_PLACES = 4
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
