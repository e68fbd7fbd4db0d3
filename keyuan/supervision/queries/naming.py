"""Units and persons by what people write: full name, short name, former name."""

from django.utils.translation import gettext as _

from keyuan.kernel.access import Actor, visible
from keyuan.kernel.codes import normal_name
from keyuan.orgs.models import Organisation
from keyuan.orgs.queries import names_of
from keyuan.people.models import Person
from keyuan.supervision.queries.people import called_in


class Units:
    """The school's units by every name they bore, read once for a whole sheet (单位名录)."""

    def __init__(self, actor: Actor) -> None:
        self.rows = list(visible(actor, Organisation).filter(active=True).order_by("kind", "order", "pk"))
        rows = {one.pk: one for one in self.rows}
        self._by_name = {span.name: rows[pk] for pk, spans in names_of(self.rows).items() for span in spans}
        self._by_name |= {one.short_name: one for one in self.rows if one.short_name}
        self._by_name |= {one.name: one for one in self.rows}

    def find(self, written: str) -> Organisation | None:
        """The unit of this name, or None."""
        return self._by_name.get("".join(written.split()))

    def names(self) -> list[str]:
        """The full names, to choose from."""
        return [one.name for one in self.rows]

    def several(self, written: str) -> tuple[list[Organisation], str]:
        """Units written one after another, and what is wrong with the first that nobody knows."""
        found = []
        for name in (part.strip() for part in written.replace("，", "、").replace(",", "、").split("、")):
            if not name:
                continue
            unit = self.find(name)
            if unit is None:
                return [], _("没有“%(name)s”这个单位，请写单位名单上的全称或简称。") % {"name": name}
            if unit not in found:
                found.append(unit)
        return found, ""


def person_of(unit: Organisation, written: str) -> tuple[Person | None, str]:
    """The person of the unit with this name; else what to do about it. An empty name is nobody."""
    name = normal_name(written)
    if not name:
        return None, ""
    rows = called_in([unit.pk], name)
    if len(rows) == 1:
        return rows[0], ""
    if rows:
        return None, _("%(unit)s有多位“%(name)s”，请留空，只定责任单位。") % {
            "unit": unit,
            "name": name,
        }
    return None, _("%(unit)s没有登记“%(name)s”，请核对姓名，或留空只定责任单位。") % {
        "unit": unit,
        "name": name,
    }
