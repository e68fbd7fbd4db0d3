"""Reports of progress and evidence."""

from collections.abc import Sequence

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.kernel import audit, files
from keyuan.kernel.access import Actor, require
from keyuan.kernel.faults import Fault
from keyuan.kernel.models import StoredFile
from keyuan.supervision import flows
from keyuan.supervision.actions.moving import locked, put
from keyuan.supervision.models import Evidence, Item, Report, ReportFile, Step
from keyuan.supervision.queries.sources import Found
from keyuan.supervision.rules.lights import next_report

OWNER = "supervision.Item"
MOST_FILES = 20
WORKED_ON = frozenset((Item.State.RECEIVED, Item.State.RUNNING, Item.State.RETURNED))

audit.sentence("supervision.reported", "报送了督办进展：{thing}")
audit.sentence("supervision.proved", "补充了督办佐证：{thing}")
audit.sentence("supervision.unproved", "去掉了督办佐证：{thing}")


def _worked_on(actor: Actor, item: Item) -> Item:
    """The item, locked, if the actor may work on it and it is being worked on."""
    one = locked(item)
    require(actor, "supervision.report", one)
    if one.state == Item.State.ISSUED:
        raise Fault(_("请先签收，再报送进展和佐证。"))
    if one.state not in WORKED_ON:
        raise Fault(
            _("事项现在是“%(state)s”，不能再补充；需要补充请先“收回补充”。")
            % {"state": one.get_state_display()}
        )
    return one


@transaction.atomic
def report(
    actor: Actor, *, item: Item, stage: str, text: str, uploads: Sequence[UploadedFile] = ()
) -> Report:
    """Say how far it is, by stage and in words, with files; the first report starts the work."""
    one = _worked_on(actor, item)
    if not text.strip():
        raise Fault(_("请写明做了什么、下一步做什么。"), "text")
    if stage not in Item.Stage.values:
        raise Fault(_("请选择进度。"), "stage")
    made = Report.objects.create(item=one, stage=stage, text=text.strip()[:2000], sent_by_id=actor.person_id)
    for upload in uploads[:MOST_FILES]:
        stored = files.keep(actor, OWNER, one.pk, upload)
        ReportFile.objects.create(report=made, file_id=stored.pk, name=stored.name)
    put(one, stage=stage, next_report_on=next_report(timezone.localdate(), one.report_every))
    flows.put_down(one, actor, Step.Kind.REPORTED, f"{made.get_stage_display()}：{made.text}"[:120])
    audit.record(actor, "supervision.reported", one, stage=stage)
    if one.state in {Item.State.RECEIVED, Item.State.RETURNED}:
        flows.ITEM.move(one, "start", actor=actor)
    return made


@transaction.atomic
def add_file(
    actor: Actor, *, item: Item, upload: UploadedFile | bytes, title: str = "", name: str = ""
) -> Evidence:
    """A file as evidence, judged by its bytes."""
    one = _worked_on(actor, item)
    if one.evidence.count() >= MOST_FILES:
        raise Fault(_("最多 %(n)s 份佐证，请先去掉几份。") % {"n": MOST_FILES}, "file")
    stored = files.keep(actor, OWNER, one.pk, upload, name=name)
    return _proved(
        actor,
        Evidence(
            item=one, kind=Evidence.Kind.FILE, title=title.strip()[:200] or stored.name, file_id=stored.pk
        ),
    )


@transaction.atomic
def add_reference(actor: Actor, *, item: Item, found: Found) -> Evidence:
    """A proven thing of another room as evidence; the caller read it through the actor's own sight."""
    one = _worked_on(actor, item)
    if one.evidence.filter(ref=found.ref).exists():
        raise Fault(_("这条记录已经列为佐证。"), "ref")
    made = Evidence(
        item=one, kind=Evidence.Kind.REFERENCE, title=found.title[:200], ref=found.ref, link=found.link[:200]
    )
    return _proved(actor, made)


def _proved(actor: Actor, made: Evidence) -> Evidence:
    made.added_by_id = actor.person_id
    made.save()
    flows.put_down(made.item, actor, Step.Kind.PROVED, made.title)
    audit.record(actor, "supervision.proved", made.item, evidence=made.pk)
    return made


@transaction.atomic
def drop_evidence(actor: Actor, *, evidence: Evidence) -> None:
    """Take a piece of evidence off again while the item is still worked on."""
    one = _worked_on(actor, evidence.item)
    stored = StoredFile.objects.filter(pk=evidence.file_id or 0).first()
    Evidence.objects.filter(pk=evidence.pk).delete()
    if stored is not None:
        files.drop(actor, stored=stored)
    flows.put_down(one, actor, Step.Kind.UNPROVED, evidence.title)
    audit.record(actor, "supervision.unproved", one, evidence=evidence.pk)
