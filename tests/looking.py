"""A page looked over in the browser: nothing reaches beyond the screen, and axe names no serious fault."""

import hashlib
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings

if TYPE_CHECKING:
    from playwright.sync_api import Page

# What reaches beyond the screen and makes the page scroll sideways, outermost first.
# The click before may have opened another page, whose document is empty for a moment: that is waited for.
WIDE = """async () => {
    while (document.readyState !== "complete") await new Promise(again => setTimeout(again, 10));
    return document.documentElement.scrollWidth <= innerWidth ? [] :
    [...document.querySelectorAll("body *")].filter(each => each.getBoundingClientRect().right > innerWidth + 1)
    .slice(0, 5).map(each => each.cloneNode().outerHTML.slice(0, 120));
}"""
# The kinds of page that axe was asked about, where no other worker takes part.
_HEARD: set[str] = set()


def fits(page: "Page") -> None:
    """Nothing reaches beyond the screen."""
    wide = page.evaluate(WIDE)
    assert wide == [], (page.viewport_size, page.url, wide)


def sound(page: "Page") -> None:
    """The page as it stands: no sideways scroll, and nothing serious that axe would name."""
    fits(page)
    found = [
        each for each in Axe().run(page).response["violations"] if each["impact"] in {"serious", "critical"}
    ]
    said = [(each["id"], each["nodes"][0]["html"][:160]) for each in found]
    assert said == [], (page.viewport_size, page.url, said)


def look(page: "Page", size: str, role: str) -> None:
    """No sideways scroll; and axe, which takes half a second, once in the run for each kind of page, size and role."""
    if _is_new(f"{size} {role} {re.sub(r'[0-9]+', '0', urlsplit(page.url).path)}"):
        sound(page)
    else:
        fits(page)


def _is_new(kind: str) -> bool:
    """Whether no worker of the run was told of it before; from now on all were."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID")
    if run is None:
        known = kind in _HEARD
        _HEARD.add(kind)
        return not known
    folder = Path(settings.VAR).parent / f"looked-over-{run}"
    folder.mkdir(exist_ok=True)
    try:
        (folder / hashlib.sha256(kind.encode()).hexdigest()).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True
