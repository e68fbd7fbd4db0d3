"""Certificate templates: worded, laid, sealed, and one of them the default."""

from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from keyuan.credits.models import CertificateTemplate
from keyuan.credits.queries.templates import SEALS, default_template, seal_of
from keyuan.kernel import audit, files, pictures
from keyuan.kernel.access import Actor, require, visible
from keyuan.kernel.faults import Fault
from keyuan.kernel.papers.certificate import Seal, text_fault

FIELDS = ("name", "heading", "text", "upright", "seal_x", "seal_y", "seal_side", "active")
# What the page measures, upright or lying.
SHEET = {True: (210, 297), False: (297, 210)}

audit.sentence("credits.template", "保存证书模板：{name}")
audit.sentence("credits.template_default", "设证书模板“{name}”为默认")
audit.sentence("credits.template_seal", "更换证书模板“{name}”的印章图样")

files.owner(SEALS, lambda actor: visible(actor, CertificateTemplate))


@transaction.atomic
def keep_template(
    actor: Actor, *, template: CertificateTemplate | None, facts: Mapping[str, Any]
) -> CertificateTemplate:
    """Make a template or change one; the first of a school is its default. Certificates issued stay as printed.

    Raises Fault naming the field: a name in use, text with an unknown field, a seal beyond the sheet's edge.
    """
    require(actor, "credits.template", template)
    row = template or CertificateTemplate(school_id=actor.school_id or 0)
    for name in FIELDS:
        setattr(row, name, facts.get(name, getattr(row, name)))
    _check(row)
    if template is None:
        row.is_default = default_template(row.school_id) is None
    row.save()
    audit.record(actor, "credits.template", row, name=row.name)
    return row


def _check(row: CertificateTemplate) -> None:
    fault = text_fault(row.text)
    if fault:
        raise Fault(fault, "text")
    same = CertificateTemplate.objects.filter(school_id=row.school_id, name=row.name).exclude(pk=row.pk or 0)
    if same.exists():
        raise Fault(_("已有名为“%(name)s”的模板，请换个名称。") % {"name": row.name}, "name")
    wide, high = SHEET[row.upright]
    if row.seal_x + row.seal_side > wide or row.seal_y + row.seal_side > high:
        raise Fault(
            _("印章超出纸面（%(wide)s×%(high)s 毫米），请调整位置或大小。") % {"wide": wide, "high": high},
            "seal_x",
        )
    if row.is_default and not row.active:
        raise Fault("默认模板不能停用，请先把别的模板设为默认。", "active")


@transaction.atomic
def make_default(actor: Actor, *, template: CertificateTemplate) -> None:
    """Make it the template that certificates take from now on; doing so again changes nothing."""
    held = list(CertificateTemplate.objects.select_for_update().filter(school_id=template.school_id))
    row = next(each for each in held if each.pk == template.pk)
    require(actor, "credits.template", row)
    if not row.active:
        raise Fault("已停用的模板不能设为默认，请先启用。")
    CertificateTemplate.objects.filter(school_id=row.school_id, is_default=True).update(is_default=False)
    CertificateTemplate.objects.filter(pk=row.pk).update(is_default=True)
    audit.record(actor, "credits.template_default", row, name=row.name)


def set_seal(actor: Actor, *, template: CertificateTemplate, upload: UploadedFile) -> None:
    """Keep the seal's picture, a PNG best with a clear ground; it takes the place of the one before."""
    require(actor, "credits.template", template)
    before = list(files.of(SEALS, template.pk))
    files.keep(actor, SEALS, template.pk, pictures.seal(upload), kinds=("png",), name="印章.png")
    for old in before:
        files.drop(actor, stored=old)
    audit.record(actor, "credits.template_seal", template, name=template.name)


def drop_seal(actor: Actor, *, template: CertificateTemplate) -> None:
    """Print without a seal again, to be stamped by hand."""
    require(actor, "credits.template", template)
    for stored in files.of(SEALS, template.pk):
        files.drop(actor, stored=stored)
    audit.record(actor, "credits.template_seal", template, name=template.name)


def look_of(template: CertificateTemplate | None) -> dict[str, Any]:
    """What a template says of a certificate's look, as the printing takes it; without one, the plain look."""
    if template is None:
        return {}
    return {
        "heading": template.heading, "text": template.text, "upright": template.upright, "seal": _seal(template),
    }  # fmt: skip


def _seal(template: CertificateTemplate) -> Seal | None:
    stored = seal_of(template)
    if stored is None:
        return None
    with files.opened(stored) as kept:
        return Seal(kept.read(), template.seal_x, template.seal_y, template.seal_side)
