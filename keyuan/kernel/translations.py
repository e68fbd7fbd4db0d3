"""Texts of the screens in other languages: found in the code, kept in locale/, told when one is missing.

The Chinese in the source is the message itself. English is written by hand; Traditional Chinese is converted
character by character and then corrected by the word pairs below, so that nobody keeps two Chinese texts.
"""

import ast
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

LANGUAGES = ("en", "zh_Hant")
METHODS = [("keyuan/**.py", "python"), ("keyuan/**/jinja2/**.html", "jinja2")]
OPTIONS = {
    "keyuan/**.py": {"encoding": "utf-8"},
    "keyuan/**/jinja2/**.html": {
        "encoding": "utf-8",
        "newstyle_gettext": "true",
        "trim_blocks": "true",
        "lstrip_blocks": "true",
        "extensions": "jinja2.ext.do,jinja2.ext.loopcontrols",
    },
}
# Words that a room registers once and the kernel translates where they are read:
# the function that registers them, and which of its arguments (by place or name) is a text.
DECLARED: Mapping[str, tuple[int | str, ...]] = {
    "Move": (1,),
    "Fault": (0,),
    "Conflict": (0,),
    "sentence": (1,),
    "rule": ("title",),
    "job": ("title",),
    "kind": ("title",),
    "Kind": (1, 3),
    "entry": (0, "group"),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|\{\w*\}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# After the conversion of characters: words that read foreign to readers of Traditional Chinese everywhere.
TRADITIONAL = {
    "臺": "台",
    "賬": "帳",
    "發佈": "發布",
    "併發布": "並發布",
    "銷燬": "銷毀",
    "服務器": "伺服器",
    "登錄": "登入",
    "打印": "列印",
    "粘貼": "貼上",
    "個人信息": "個人資料",
    "識別信息": "識別資料",
    "郵箱": "電子郵箱",
    "電子電子": "電子",
    "周%(": "週%(",
    "攝像頭": "鏡頭",
    "屏幕": "螢幕",
    "大屏": "大螢幕",
    "身份": "身分",
}
HEADER_DATE = datetime(2020, 10, 1, tzinfo=UTC)
NOISE = ('"POT-Creation-Date', '"PO-Revision-Date', '"Generated-By', '"Last-Translator', '"Report-Msgid')


@dataclass
class Shortfall:
    """What one language still lacks (译文缺口)."""

    language: str
    missing: list[str] = field(default_factory=list)
    placeholders: list[str] = field(default_factory=list)
    stale: bool = False

    def __bool__(self) -> bool:
        return bool(self.missing or self.placeholders or self.stale)


def declared_words(source: str) -> Iterator[tuple[int, str]]:
    """The Chinese constants that a Python source hands to one of the registering functions, with their lines."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if called not in DECLARED:
            continue
        named: dict[int | str, ast.expr] = {each.arg: each.value for each in node.keywords if each.arg}
        given = dict(enumerate(node.args)) | named
        for place in DECLARED[called]:
            text = given.get(place)
            if isinstance(text, ast.Constant) and isinstance(text.value, str) and CHINESE.search(text.value):
                yield text.lineno, text.value
                if called == "Move":  # a flow writes its audit sentence from the button's word
                    yield text.lineno, f"{text.value}：{{thing}}"


def collect(root: Path) -> Catalog:
    """Every text of the screens under `root`, once."""
    found = Catalog(charset="utf-8", project="Keyuan")
    places: Iterable[tuple[str, int, str | tuple[str, ...], list[str], str | None]] = extract_from_dir(
        str(root), method_map=METHODS, options_map=OPTIONS, directory_filter=_ours
    )
    for _file, _line, message, _comments, context in places:
        if message:
            found.add(message, context=context)
    for path in sorted((root / "keyuan").rglob("*.py")):
        if "migrations" not in path.parts:
            for _line, word in declared_words(path.read_text("utf-8")):
                found.add(word)
    return found


def _ours(folder: str) -> bool:
    """Only the package is read, not its environment or its data."""
    return not Path(folder).name.startswith((".", "var", "tests", "node_modules"))


def po_path(locale: Path, language: str) -> Path:
    """Where the texts of a language are kept; the compiled file stands beside it."""
    return locale / language / "LC_MESSAGES" / "django.po"


def read(locale: Path, language: str) -> Catalog:
    """The kept texts of a language; an empty catalog when it has none yet."""
    path = po_path(locale, language)
    if not path.exists():
        return Catalog(locale=language, charset="utf-8", project="Keyuan")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def renew(root: Path, locale: Path, english: Mapping[str, str], to_traditional: Callable[[str], str]) -> None:
    """Bring both languages up to the code: new texts in, unused ones out, `english` merged, files compiled."""
    template = collect(root)
    for language in LANGUAGES:
        catalog = read(locale, language)
        catalog.update(template, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        for message in _texts(catalog):
            if language == "zh_Hant":
                _fill(message, lambda text: reviewed(to_traditional(text)))
            elif isinstance(message.id, str) and message.id in english:
                message.string = english[message.id]
        write(locale, language, catalog)


def _fill(message: Message, made: Callable[[str], str]) -> None:
    """Set the text of a message, singular or plural, from its Chinese."""
    message.string = made(message.id) if isinstance(message.id, str) else (made(message.id[0]),)


def reviewed(text: str) -> str:
    """The converted text with the corrected words."""
    for converted, better in TRADITIONAL.items():
        text = text.replace(converted, better)
    return text


def write(locale: Path, language: str, catalog: Catalog) -> None:
    """Write the .po (sorted, without dates, so that a change is read easily) and the compiled .mo."""
    path = po_path(locale, language)
    path.parent.mkdir(parents=True, exist_ok=True)
    catalog.creation_date = catalog.revision_date = HEADER_DATE
    catalog.fuzzy = False
    with path.open("wb") as file:
        write_po(file, catalog, width=0, sort_output=True, no_location=True)
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith(NOISE)), "utf-8", newline="\n")
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalog)


def _texts(catalog: Catalog) -> Iterator[Message]:
    """The messages without the header."""
    return (message for message in catalog if message.id)


def shortfalls(root: Path, locale: Path) -> list[Shortfall]:
    """What each language lacks against the code as it stands; empty when all is there."""
    template = collect(root)
    return [found for language in LANGUAGES if (found := shortfall(template, locale, language))]


def shortfall(template: Catalog, locale: Path, language: str) -> Shortfall:
    """What one language lacks against the texts of the code."""
    kept, found = read(locale, language), Shortfall(language)
    for message in _texts(template):
        text = kept.get(message.id, message.context)
        first = message.id if isinstance(message.id, str) else message.id[0]
        strings = _strings(text)
        if not strings or not all(strings):
            found.missing.append(first)
        elif any(set(PLACEHOLDER.findall(each)) != set(PLACEHOLDER.findall(first)) for each in strings):
            found.placeholders.append(first)
    found.stale = _compiled(locale, language) != {
        message.id: message.string for message in _texts(kept) if message.string
    }
    return found


def _strings(text: Message | None) -> list[str]:
    """The translation as a list: one string, or one a plural form; none where there is no translation."""
    if text is None or not text.string:
        return []
    return [text.string] if isinstance(text.string, str) else list(text.string)


def _compiled(locale: Path, language: str) -> dict[object, object]:
    """What the compiled file says."""
    path = po_path(locale, language).with_suffix(".mo")
    if not path.exists():
        return {}
    with path.open("rb") as file:
        return {message.id: message.string for message in _texts(read_mo(file))}


def english_of(path: Path) -> dict[str, str]:
    """English texts handed in as a JSON file {Chinese: English}; raises ValueError where it is something else."""
    found = json.loads(path.read_text("utf-8"))
    if not isinstance(found, dict) or not all(isinstance(text, str) for text in found.values()):
        raise ValueError(path)
    return found
