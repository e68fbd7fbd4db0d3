"""The form that says which title of a sent sheet means which column."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _

from keyuan.kernel.faults import Conflict
from keyuan.kernel.models.batches import Batch
from keyuan.kernel.sheet import batches, header, mapping
from keyuan.kernel.sheet.child import column_name
from keyuan.kernel.sheet.describe import Column, Raw
from keyuan.kernel.sheet.readers import plain

SAMPLES = 3


class ColumnsForm(forms.Form):
    """One select a column of the sheet (列对应); what was guessed or said before is chosen beforehand."""

    first_row = forms.IntegerField(min_value=1, max_value=header.SEARCH_ROWS, widget=forms.HiddenInput)
    levels = forms.IntegerField(min_value=1, max_value=2, widget=forms.HiddenInput)

    def __init__(self, batch: Batch, data: Mapping[str, Any] | None, asked: Mapping[str, str]) -> None:
        super().__init__(data)
        kept = mapping.kept(batch)
        if kept is None:
            raise Conflict(_("原表已经清除，请重新上传。"))
        self.grid, row, levels = kept
        self.sheet = batches.purpose_of(batch).sheet
        self.height = min(header.SEARCH_ROWS, len(self.grid.rows))
        wanted = data if data is not None else asked
        self.row = _within(wanted.get("first_row", ""), 1, self.height, row)
        self.lines = _within(wanted.get("levels", ""), 1, 2, levels)
        moved = (self.row, self.lines) != (row, levels)
        places = dict(batch.places) if batch.places and not moved else self._guessed()
        by_place = {place: key for key, place in places.items()}
        self.initial = {"first_row": self.row, "levels": self.lines}
        self.titles = header.by_hand(self.grid, self.row, self.lines, {}).titles
        choices = [("", _("不读入")), *((column.key, _starred(column)) for column in self.sheet.columns)]
        for place, title in enumerate(self.titles):
            if title or self._samples(place):
                self.fields[f"c{place}"] = forms.ChoiceField(
                    choices=choices,
                    required=False,
                    initial=by_place.get(place, ""),
                    label=title or _("（没有标题）"),
                )

    def _guessed(self) -> dict[str, int]:
        return header.guessed_places(self.sheet, self.grid, self.row, self.lines)

    def _samples(self, place: int) -> list[str]:
        """The first cells below the title; long numbers are masked, for the page may be seen by others."""
        found = []
        for cells in self.grid.rows[self.row + self.lines - 1 :]:
            if place < len(cells) and cells[place] is not None:
                found.append(_masked(cells[place]))
            if len(found) == SAMPLES:
                break
        return found

    def columns(self) -> Iterator[tuple[BoundField, str, list[str]]]:
        """Each column of the sheet: its select, its letter, what stands in it."""
        for name in self.fields:
            if name.startswith("c"):
                place = int(name[1:])
                yield self[name], column_name(place + 1), self._samples(place)

    def first_rows(self) -> list[tuple[int, str]]:
        """The rows that may hold the titles, with the beginning of each."""
        rows = []
        for number, cells in enumerate(self.grid.rows[: self.height], 1):
            words = "、".join(_masked(cell) for cell in cells if cell is not None)[:30]
            rows.append((number, _("第 %(n)s 行：%(words)s") % {"n": number, "words": words or "—"}))
        return rows

    def clean(self) -> dict[str, Any]:
        """No column is chosen twice."""
        cleaned = super().clean() or self.cleaned_data
        seen: dict[str, str] = {}
        for name, key in list(cleaned.items()):
            if not name.startswith("c") or not key:
                continue
            if key in seen:
                title = self.sheet.column(key).title
                self.add_error(name, _("“%(title)s”已经选给另一列，一个栏目只能选一次。") % {"title": title})
            seen[key] = name
        return cleaned

    def chosen(self) -> dict[str, Any]:
        """What `mending.read_columns` asks for."""
        places = {
            key: int(name[1:]) for name, key in self.cleaned_data.items() if name.startswith("c") and key
        }
        return {"first_row": self.row, "levels": self.lines, "places": places}


def _masked(cell: Raw) -> str:
    return re.sub(r"(\d{3})\d{3,}([\dXx]{2})", r"\1***\2", plain(cell))[:24]


def _starred(column: Column) -> str:
    return f"{column.title}＊" if column.required else column.title


def _within(text: Any, least: int, most: int, otherwise: int) -> int:
    """The number a person sent, when it is one within its bounds."""
    word = str(text)
    return int(word) if word.isdecimal() and len(word) < 4 and least <= int(word) <= most else otherwise
