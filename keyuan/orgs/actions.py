"""What is done to the list of organisations: add, correct, replace by the office's own file."""

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max, Model
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.kernel import audit, search
from keyuan.kernel.access import Actor, require, system_of
from keyuan.kernel.faults import Conflict, Fault
from keyuan.orgs.models import Organisation, OrganisationName, School
from keyuan.orgs.queries import FIELDS, ListComparison, ListedOrganisation, compare, last_rename

STARTING_LIST = Path(__file__).parent / "data" / "organisations.csv"

audit.sentence("orgs.added", "登记了单位{thing}")
audit.sentence("orgs.changed", "修改了单位{thing}（{fields}）")
audit.sentence("orgs.retired", "停用了单位{thing}")
audit.sentence("orgs.renamed", "单位更名：{thing}，自 {on} 起")
audit.sentence("orgs.rename_undone", "撤销了单位更名：{thing}")
audit.sentence("orgs.list.taken", "导入单位名单：新增 {added}，修改 {changed}，停用 {retired}")


@transaction.atomic
def take_list(
    actor: Actor, *, school: School, listed: Sequence[ListedOrganisation], whole: bool, expected: str = ""
) -> ListComparison:
    """Make the school's list say what the file says; taking it again changes nothing.

    With `whole`, organisations of the listed kinds that the file does not name are retired, never deleted.
    Raises Conflict when the list moved since the preview, Fault when two rows claim one name or code.
    """
    require(actor, "orgs.keep", school)
    School.objects.select_for_update().get(pk=school.pk)
    found = compare(school, listed, whole=whole)
    if expected and expected != found.state:
        raise Conflict(_("单位名单在您预览之后被改动过，请重新上传并核对变化。"))
    if found.changes_nothing:
        return found
    places = {line.name: place for place, line in enumerate(listed, 1)}
    try:
        with transaction.atomic():
            _write(found, school, places)
    except IntegrityError as error:
        raise Fault(_("名单中有单位与现有单位同名或统一社会信用代码相同，请核对后再导入。")) from error
    lines: list[tuple[Model | None, dict[str, Any]]] = [
        (one, {"fields": "、".join(_label(name) for name in differing)})
        for one, _line, differing in found.changed
    ]
    audit.record_many(actor, "orgs.changed", lines)
    audit.record_many(actor, "orgs.retired", [(one, {}) for one in found.retired])
    audit.record(
        actor, "orgs.list.taken", school,
        added=len(found.added), changed=len(found.changed), retired=len(found.retired),
    )  # fmt: skip
    return found


def _write(found: ListComparison, school: School, places: Mapping[str, int]) -> None:
    for one in found.retired:
        one.active = False
    Organisation.objects.bulk_update(found.retired, ["active"])
    for one, line, differing in found.changed:
        if "name" in differing:
            OrganisationName.objects.create(organisation=one, name=one.name, until=timezone.localdate())
        for name in differing:
            setattr(one, name, True if name == "active" else getattr(line, name))
        one.order = places[line.name]
    Organisation.objects.bulk_update(
        [one for one, _line, _names in found.changed], [*FIELDS, "active", "order"]
    )
    added = Organisation.objects.bulk_create(
        Organisation(school=school, order=places[line.name], **{name: getattr(line, name) for name in FIELDS})
        for line in found.added
    )
    search.refresh(*found.retired, *(one for one, _line, _names in found.changed), *added)


@transaction.atomic
def save_organisation(
    actor: Actor, *, school: School, organisation: Organisation | None, facts: Mapping[str, Any]
) -> Organisation:
    """Register or correct one organisation; a name given up is kept as a former name.

    Raises Fault when the name or the credit code is already borne by another.
    """
    one = organisation or Organisation(school=school)
    require(actor, "orgs.keep", one)
    others = Organisation.objects.filter(school=school).exclude(pk=one.pk)
    for key, words in (("name", _("名称")), ("credit_code", _("统一社会信用代码"))):
        if facts.get(key) and others.filter(**{key: facts[key]}).exists():
            raise Fault(_("已有单位使用这个{words}，请核对是否重复登记。").format(words=words), key)
    before = {key: getattr(one, key) for key in facts}
    changed = [key for key in facts if before[key] != facts[key]]
    for key in changed:
        setattr(one, key, facts[key])
    if one.pk is None:
        last = Organisation.objects.filter(school=school, kind=one.kind).aggregate(last=Max("order"))["last"]
        one.order = one.order or (last or 0) + 1
        one.save()
        audit.record(actor, "orgs.added", one, kind=one.kind)
    elif changed:
        if "name" in changed:
            OrganisationName.objects.create(organisation=one, name=before["name"], until=timezone.localdate())
        one.save(update_fields=changed)
        audit.record(actor, "orgs.changed", one, fields="、".join(_label(key) for key in changed))
    search.refresh(one)
    return one


@transaction.atomic
def rename(
    actor: Actor, *, organisation: Organisation, name: str, on: date, basis: str = "", short_name: str = ""
) -> Organisation:
    """Give an organisation another name from a day on; the old one is kept for the days before, and found by search.

    Papers issued already keep the name of their time. Raises Fault for a day to come, a day before an earlier
    rename, and a name that another organisation bears.
    """
    one = Organisation.objects.select_for_update().get(pk=organisation.pk)
    require(actor, "orgs.keep", one)
    name = "".join(name.split())
    if not name or name == one.name:
        raise Fault(_("请填写与现名不同的新名称。"), "name")
    if on > timezone.localdate():
        raise Fault(_("更名日期还没有到，请到那天再登记。"), "on")
    last = last_rename(one)
    if last is not None and on < last.until:
        raise Fault(_("更名日期不能早于上一次更名（{day}）。").format(day=last.until), "on")
    if Organisation.objects.filter(school_id=one.school_id, name=name).exclude(pk=one.pk).exists():
        raise Fault(_("已有单位使用这个名称，请核对是否重复登记。"), "name")
    OrganisationName.objects.create(organisation=one, name=one.name, until=on, basis=basis.strip()[:100])
    one.name, one.short_name = name, short_name.strip()[:40] or one.short_name
    one.save(update_fields=["name", "short_name"])
    audit.record(actor, "orgs.renamed", one, on=on)
    search.refresh(one)
    return one


@transaction.atomic
def undo_rename(actor: Actor, *, organisation: Organisation) -> Organisation:
    """Take the latest rename back, because it was entered wrongly; the line stays, marked withdrawn."""
    one = Organisation.objects.select_for_update().get(pk=organisation.pk)
    require(actor, "orgs.keep", one)
    last = last_rename(one)
    if last is None:
        raise Fault(_("这个单位没有可撤销的更名。"))
    if Organisation.objects.filter(school_id=one.school_id, name=last.name).exclude(pk=one.pk).exists():
        raise Fault(_("原名称已由另一单位使用，不能撤销更名。"))
    last.withdrawn_at = timezone.now()
    last.save(update_fields=["withdrawn_at"])
    one.name = last.name
    one.save(update_fields=["name"])
    audit.record(actor, "orgs.rename_undone", one)
    search.refresh(one)
    return one


def _label(key: str) -> str:
    words = {field.name: str(field.verbose_name) for field in Organisation._meta.fields}
    return words[key]


def load_starting_organisations(school: School) -> ListComparison:
    """The list from the project's own data, with how certain each name is; loading again changes nothing.

    Names the office has corrected since stay as they are: only organisations not yet known are added.
    """
    with STARTING_LIST.open(encoding="utf-8", newline="") as stream:
        listed = [
            ListedOrganisation(**{name: row[name] for name in FIELDS if name in row})
            for row in csv.DictReader(stream)
        ]
    known = set(Organisation.objects.filter(school=school).values_list("name", flat=True))
    known |= set(OrganisationName.objects.filter(organisation__school=school).values_list("name", flat=True))
    new = [line for line in listed if line.name not in known]
    return take_list(system_of(school.pk), school=school, listed=new, whole=False)
