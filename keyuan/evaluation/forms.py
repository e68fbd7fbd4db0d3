"""What the screens of evaluation take in."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from keyuan.evaluation.models import Remark


class RemarkCheck(forms.Form):
    """The name check: for each text whether to hide it, and which words to black out."""

    def __init__(self, *args: Any, remarks: Sequence[Remark], **options: Any) -> None:
        super().__init__(*args, **options)
        self.remarks = remarks
        for row in remarks:
            self.fields[f"hide_{row.pk}"] = forms.BooleanField(
                label=_("不公布这一条"), required=False, initial=row.state == Remark.State.HIDDEN
            )
            self.fields[f"words_{row.pk}"] = forms.CharField(
                label=_("隐去的字词"),
                required=False,
                max_length=100,
                help_text=_("多个字词用空格分开，公布时显示为 ■"),
            )

    def clean(self) -> dict[str, Any]:
        """Every word to black out must stand in its text."""
        found = super().clean() or {}
        for row in self.remarks:
            for word in self.words_for(found, row):
                if word not in row.body:
                    self.add_error(f"words_{row.pk}", _("这条意见里没有“%(word)s”。") % {"word": word})
        return found

    @staticmethod
    def words_for(found: dict[str, Any], row: Remark) -> list[str]:
        """The words given for one text."""
        return re.split(r"[\s,，、;；]+", str(found.get(f"words_{row.pk}", "")).strip()) if found else []

    @property
    def hidden(self) -> list[int]:
        """The texts to hide."""
        return [row.pk for row in self.remarks if self.cleaned_data.get(f"hide_{row.pk}")]

    @property
    def redacted(self) -> dict[int, list[str]]:
        """The words to black out by text."""
        return {
            row.pk: [word for word in self.words_for(self.cleaned_data, row) if word] for row in self.remarks
        }
