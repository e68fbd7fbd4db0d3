"""Office documents are written in Chinese, whatever language the person who asks reads the screens in."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.utils import translation

Given = ParamSpec("Given")
Made = TypeVar("Made")


def in_chinese(write: Callable[Given, Made]) -> Callable[Given, Made]:
    """Run a writer of sheets or papers in the house's own language; what it pulls lazily is Chinese too."""

    @wraps(write)
    def written(*given: Given.args, **named: Given.kwargs) -> Made:
        with translation.override(settings.LANGUAGE_CODE):
            return write(*given, **named)

    return written
