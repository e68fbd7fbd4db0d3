"""Which organisations an annex means by its lead departments, and whom it may have meant."""

from collections.abc import Sequence
from difflib import SequenceMatcher

from django.utils.translation import gettext as _

from keyuan.orgs.models import Organisation, OrganisationName, School
from keyuan.plan.rules.annex import Annex, AnnexFault
from keyuan.plan.rules.wording import clean

# Departments come first where a short name is borne twice; societies and partners rarely lead.
_RANK = ("department", "affiliate", "association", "school", "think_tank", "city_association")
_NEAR = 0.45


class Directory:
    """The names of a school's active organisations (牵头部门名录), former names included."""

    def __init__(self, school: School) -> None:
        self.by_name: dict[str, list[Organisation]] = {}
        self.retired: set[str] = set()
        for organisation in Organisation.objects.filter(school=school):
            for name in {organisation.name, organisation.short_name} - {""}:
                if organisation.active:
                    self.by_name.setdefault(clean(name), []).append(organisation)
                else:
                    self.retired.add(clean(name))
        former = OrganisationName.objects.filter(organisation__school=school, organisation__active=True)
        for old in former.select_related("organisation"):
            self.by_name.setdefault(clean(old.name), []).append(old.organisation)

    def find(self, written: str) -> list[Organisation] | None:
        """The organisations one entry means; an entry parted only by blanks may name several."""
        whole = self._one(clean(written))
        if whole:
            return [whole]
        parts = [self._one(clean(part)) for part in written.split()]
        found = [part for part in parts if part is not None]
        return found if len(parts) > 1 and len(found) == len(parts) else None

    def _one(self, name: str) -> Organisation | None:
        candidates = {found.pk: found for found in self.by_name.get(name, [])}
        ranked = sorted(candidates.values(), key=lambda found: (_rank(found), found.order, found.pk))
        return ranked[0] if ranked else None

    def near(self, written: str) -> list[str]:
        """Up to three names that resemble what was written, the most alike first."""
        name = clean(written)
        scored = [
            (
                SequenceMatcher(None, name, known).ratio() - 0.02 * min(_rank(found) for found in bearers),
                known,
            )
            for known, bearers in self.by_name.items()
        ]
        return [known for score, known in sorted(scored, reverse=True)[:3] if score >= _NEAR]


def _rank(organisation: Organisation) -> int:
    return _RANK.index(organisation.kind) if organisation.kind in _RANK else len(_RANK)


def leads_meant(school: School, annex: Annex) -> dict[int, Sequence[Organisation]]:
    """The leading organisations by activity number.

    Raises AnnexFault naming every department that the school does not know, with the nearest names.
    """
    directory = Directory(school)
    found: dict[int, Sequence[Organisation]] = {}
    unknown: dict[str, list[int]] = {}
    for activity in annex.activities:
        meant: dict[int, Organisation] = {}
        for written in activity.leads:
            organisations = directory.find(written)
            if organisations is None:
                unknown.setdefault(clean(written), []).append(activity.number)
            meant |= {organisation.pk: organisation for organisation in organisations or []}
        found[activity.number] = list(meant.values())
    if unknown:
        raise AnnexFault([_unknown_sentence(directory, name, numbers) for name, numbers in unknown.items()])
    return found


def _unknown_sentence(directory: Directory, name: str, numbers: list[int]) -> str:
    where = "、".join(map(str, numbers[:8]))
    if name in directory.retired:
        return _("第 {numbers} 项的牵头部门“{name}”已停用，请改为现用部门，或先在单位名单中恢复它。").format(
            numbers=where, name=name[:40]
        )
    near = directory.near(name)
    hint = _("您是否要写：{names}？").format(names="、".join(f"“{one}”" for one in near)) if near else ""
    return _(
        "第 {numbers} 项的牵头部门“{name}”不在单位名单中。{hint}请改正，或先在单位名单中登记它。"
    ).format(numbers=where, name=name[:40], hint=hint)
