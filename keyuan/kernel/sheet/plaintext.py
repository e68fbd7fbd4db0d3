"""Read inside the limited child: a table kept as text (.csv), in whichever encoding an office's program wrote.

Imports only the standard library, like `child.py`.
"""

import csv
import io
import re
from collections.abc import Callable
from typing import Any

Refuse = Callable[..., Exception]
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_DELIMITERS = ",\t;|，"
_SAMPLE = 40


def decoded(content: bytes) -> str | None:
    """The text by its mark, else as UTF-8, else as GB18030; None where it is none of them."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            candidates: tuple[str, ...] = (encoding,)
            break
    else:
        candidates = ("utf-8", "gb18030")
    for encoding in candidates:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    return None


def _delimiter(text: str) -> str | None:
    """The mark that parts most of the first lines; None when no line is parted."""
    lines = [line for line in text.splitlines()[:_SAMPLE] if line.strip()]
    counts = {mark: sum(line.count(mark) > 0 for line in lines) for mark in _DELIMITERS}
    best = max(_DELIMITERS, key=lambda mark: (counts[mark], sum(line.count(mark) for line in lines)))
    return best if counts[best] else None


def _cell(words: str) -> str | None:
    """A cell's words; ="0012" is how programs keep Excel from making numbers of them."""
    kept = re.fullmatch(r'="([^"]*)"', words.strip())
    words = kept[1] if kept else words
    return words if words.strip() else None


def parse(content: bytes, refuse: Refuse, *, max_row: int, max_column: int) -> list[dict[str, Any]]:
    """One table with every cell as text, rows counted as Excel counts them; raises what `refuse` makes of a code."""
    text = decoded(content)
    if text is None:
        raise refuse("other")
    mark = _delimiter(text)
    if mark is None or text.lstrip().startswith(("<", "{\\rtf", "%PDF")):
        raise refuse("text")
    csv.field_size_limit(64 * 1024)
    rows: list[list[str | None]] = []
    try:
        for line in csv.reader(io.StringIO(text, newline=""), delimiter=mark):
            if len(rows) >= max_row:
                raise refuse("rows", sheet="CSV", rows=len(rows) + 1)
            if len(line) > max_column and any(words.strip() for words in line[max_column:]):
                raise refuse("far", sheet="CSV", cell=str(len(rows) + 1))
            cells = [_cell(words) for words in line[:max_column]]
            while cells and cells[-1] is None:
                cells.pop()
            rows.append(cells)
    except csv.Error as error:
        raise refuse("broken") from error
    return [{"name": "CSV", "rows": rows, "merges": [], "marks": {}, "hidden_rows": [], "hidden_columns": []}]
