"""What a clerk is told of a package."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from keyuan.packages.rules.archive import Archive
from keyuan.packages.rules.manifests import Contents, Unit

TITLES = {
    "scorm12": "SCORM 1.2", "scorm2004-3": _("SCORM 2004 第 3 版"), "scorm2004-4": _("SCORM 2004 第 4 版"),
    "cmi5": "cmi5", "h5p": "H5P",
}  # fmt: skip
MOVE_ON = {
    "NotApplicable": _("打开即可"), "Passed": _("通过"), "Completed": _("学完"),
    "CompletedAndPassed": _("学完并通过"), "CompletedOrPassed": _("学完或通过"),
}  # fmt: skip
SHOWN = 200


@dataclass(frozen=True)
class Line:
    """One unit as the report shows it (学习单元)."""

    unit: Unit
    done_when: str
    mastery: str


@dataclass(frozen=True)
class Report:
    """What was found in a package (检查结果)."""

    standard: str
    title: str
    files: int
    bytes: int
    units: int
    lines: tuple[Line, ...]
    warnings: tuple[str, ...]


def report(contents: Contents, found: Archive) -> Report:
    """What a package is, how large, and what is launched in which order; the first 200 units."""
    return Report(
        str(TITLES[contents.standard]), contents.title, len(found.files), sum(one.file_size for one in found.files.values()),
        len(contents.units), tuple(_line(unit) for unit in contents.units[:SHOWN]), contents.warnings,
    )  # fmt: skip


def _line(unit: Unit) -> Line:
    mastery = unit.facts.get("mastery_score") or unit.facts.get("passing_score", "")
    return Line(unit, str(MOVE_ON.get(unit.facts.get("move_on", ""), "")), mastery)
