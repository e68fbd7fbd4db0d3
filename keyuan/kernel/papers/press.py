"""The PDF press: one typst compiler a process, templates from the package, facts as JSON and never as source."""

import io
import json
import threading
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pylopdf_fonts_zh_cn
import segno
from django.conf import settings

if TYPE_CHECKING:
    import typst

TEMPLATES = Path(str(files("keyuan.kernel.papers"))) / "typst"
MIME = "application/pdf"

# The compiler keeps state between calls and is not made for two threads at once.
_lock = threading.Lock()


def font_folders() -> list[Path]:
    """Where fonts are sought: the office's own folder first, then the package's."""
    own = Path(settings.VAR) / "fonts"
    found = [own] if own.is_dir() else []
    return [*found, Path(str(pylopdf_fonts_zh_cn.serif_path())).parent]


@cache
def _families(folders: tuple[str, ...]) -> frozenset[str]:
    import typst

    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[Path(folder) for folder in folders],
    )
    return frozenset(fonts.families())


# What a role may be set in, best first; the office's licensed fonts win where they lie in its folder.
FACES: dict[str, tuple[str, ...]] = {
    "title": ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "方正小标宋简体", "STZhongsong", "Noto Serif SC", "Noto Serif CJK SC"),
    "text": ("FangSong_GB2312", "仿宋_GB2312", "FangSong", "STFangsong", "Noto Serif SC", "Noto Serif CJK SC"),
    "kai": ("KaiTi_GB2312", "楷体_GB2312", "KaiTi", "STKaiti", "Noto Serif SC", "Noto Serif CJK SC"),
    "sans": ("SimHei", "黑体", "Noto Sans SC", "Noto Sans CJK SC"),
}  # fmt: skip


def faces() -> dict[str, list[str]]:
    """The fonts at hand for each role; only those present are named, so that typst has nothing to warn of."""
    present = {name.lower() for name in _families(tuple(map(str, font_folders())))}
    return {role: [name for name in names if name.lower() in present] for role, names in FACES.items()}


@cache
def _compiler(folders: tuple[str, ...]) -> "typst.Compiler":
    # The compiler takes 7 MB before it has set a line; most web processes never print.
    import typst

    # The system's fonts stay out: a paper looks the same whichever machine printed it.
    return typst.Compiler(
        root=str(TEMPLATES), font_paths=[Path(folder) for folder in folders], ignore_system_fonts=True
    )


def pdf(template: str, facts: dict[str, Any]) -> bytes:
    """The paper as PDF bytes. Equal facts and fonts give equal bytes.

    Facts reach the template as one JSON string: nothing a person typed is ever read as typst source.
    """
    sent = _sent(facts)
    with _lock:
        made = _compiler(tuple(map(str, font_folders()))).compile(
            str(TEMPLATES / f"{template}.typ"), format="pdf", sys_inputs=sent, timestamp=0
        )
    return _whole(made, template)


def picture(template: str, facts: dict[str, Any], dots: int) -> bytes:
    """A paper of one page as a PNG of so many dots an inch, to be looked at on a screen."""
    sent = _sent(facts)
    with _lock:
        made = _compiler(tuple(map(str, font_folders()))).compile(
            str(TEMPLATES / f"{template}.typ"), format="png", ppi=dots, sys_inputs=sent
        )
    return _whole(made, template)


def _sent(facts: dict[str, Any]) -> dict[str, str]:
    return {"facts": json.dumps(facts, ensure_ascii=False), "faces": json.dumps(faces(), ensure_ascii=False)}


def _whole(made: object, template: str) -> bytes:
    if not isinstance(made, bytes):
        raise TypeError(f"typst gave {type(made).__name__} for {template}")
    return made


def qr_svg(text: str) -> str:
    """The text as a QR code in SVG; error correction M bears a crease or a stamp's edge."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", border=2, xmldecl=False, svgns=True)
    return out.getvalue().decode()
