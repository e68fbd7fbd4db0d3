"""Certificate templates: worded, laid, sealed, one of them the default; what was issued stays as printed."""

import io
from collections.abc import Callable

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from keyuan.credits import papers
from keyuan.credits.actions import issue_next, reissue, revoke
from keyuan.credits.actions import templates as actions
from keyuan.credits.models import Certificate, CertificateTemplate
from keyuan.credits.queries.templates import default_template, seal_of, template_for
from keyuan.kernel import files
from keyuan.kernel.access import Forbidden, visible
from keyuan.kernel.faults import Fault
from keyuan.kernel.models import StoredFile
from keyuan.kernel.papers.certificate import TEXT
from keyuan.people.models import Seat
from keyuan.training.actions import closing
from keyuan.training.models import TrainingClass
from tests import factories
from tests.factories import Academy

FACTS = {"name": "通用", "heading": "研修证书", "text": TEXT, "upright": False}


@pytest.fixture
def academy(db: None) -> Academy:
    return factories.build()


def kept(academy: Academy, row: CertificateTemplate | None = None, **changed: object) -> CertificateTemplate:
    return actions.keep_template(academy.registrar, template=row, facts=FACTS | changed)


def words(content: bytes) -> str:
    page = pypdfium2.PdfDocument(content)[0]
    return "".join(page.get_textpage().get_text_range().split())


def seal(kind: str = "PNG") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGBA" if kind == "PNG" else "RGB", (900, 900), "red").save(out, kind)
    return SimpleUploadedFile(f"章.{kind.lower()}", out.getvalue())


def test_the_first_template_is_the_default_and_another_can_take_its_place(academy: Academy) -> None:
    first, second = kept(academy), kept(academy, name="竖版", upright=True, seal_x=120)
    assert default_template(academy.school.pk) == first
    for _again in range(2):
        actions.make_default(academy.registrar, template=second)
    assert default_template(academy.school.pk) == second
    second.refresh_from_db()
    with pytest.raises(Fault, match="默认模板不能停用"):
        kept(academy, second, name="竖版", seal_x=120, active=False)
    first.refresh_from_db()
    resting = kept(academy, first, active=False)
    with pytest.raises(Fault, match="已停用"):
        actions.make_default(academy.registrar, template=resting)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"text": "{姓名}参加{班次}{学时}{学历}"}, "text"), ({"text": "{姓名}参加{班次}"}, "text"), ({"text": "{姓名"}, "text"),
        ({"seal_x": 280}, "seal_x"), ({"upright": True, "seal_x": 180}, "seal_x"),
    ],
)  # fmt: skip
def test_what_cannot_be_printed_is_refused_at_its_field(
    academy: Academy, changed: dict[str, object], field: str
) -> None:
    with pytest.raises(Fault) as refused:
        kept(academy, **changed)
    assert refused.value.field == field


def test_a_name_is_used_once(academy: Academy) -> None:
    kept(academy)
    with pytest.raises(Fault, match="已有名为"):
        kept(academy)


def test_the_sample_shows_heading_text_and_side_and_says_that_it_is_one(academy: Academy) -> None:
    row = kept(
        academy, upright=True, seal_x=120, text="兹证明{姓名}同志参加“{班次}”，计{学时}学时。\n{颁发日期}"
    )
    content = papers.sample(row)
    page = pypdfium2.PdfDocument(content)[0]
    assert page.get_width() < page.get_height()
    text = words(content)
    for said in (
        "研修证书",
        "兹证明张三（样张）同志参加“科协系统干部能力提升培训班”",
        "样张",
        "不作学历、学位凭证",
    ):
        assert said in text


def test_a_seal_is_small_and_clean_takes_the_place_of_the_old_and_goes_again(academy: Academy) -> None:
    row = kept(academy)
    plain = papers.sample(row)
    assert "盖章" in words(plain)
    for upload in (seal(), seal("JPEG")):
        actions.set_seal(academy.registrar, template=row, upload=upload)
    assert StoredFile.objects.filter(owner_label="credits.CertificateTemplate").count() == 1
    stored = seal_of(row)
    assert stored is not None
    with files.opened(stored) as there, Image.open(io.BytesIO(there.read())) as seen:
        assert max(seen.size) == 500
        assert seen.format == "PNG"
    assert "盖章" not in words(papers.sample(row))
    actions.drop_seal(academy.registrar, template=row)
    assert seal_of(row) is None
    with pytest.raises(Fault):
        actions.set_seal(academy.registrar, template=row, upload=SimpleUploadedFile("章.png", b"no"))


def test_only_the_schools_registrar_keeps_templates(academy: Academy) -> None:
    row = kept(academy)
    stranger = factories.build("sz").registrar
    for actor in (academy.actor("headteacher"), stranger):
        with pytest.raises(Forbidden):
            actions.keep_template(actor, template=row, facts=FACTS)
    assert not visible(stranger, CertificateTemplate).exists()


def test_certificates_are_printed_by_the_template_of_their_request_and_stay_as_printed(
    academy: Academy,
) -> None:
    row = kept(academy, heading="甲种证书")
    klass = factories.taught(academy, ("4",), trainees=1)
    factories.attend(academy, klass)
    closing.close_class(academy.registrar, training_class=klass)
    closing.issue_certificates(academy.registrar, training_class=klass)
    kept(academy, row, heading="乙种证书")
    issued = issue_next(academy.registrar, owner_label="training.class", owner_id=klass.pk)
    assert issued is not None
    assert issued.template_id == row.pk
    assert "乙种证书" in words(papers.pdf(issued))
    kept(academy, row, heading="丙种证书")
    assert "乙种证书" in words(papers.pdf(Certificate.objects.get(pk=issued.pk)))


def finished(academy: Academy) -> TrainingClass:
    klass = factories.taught(academy, ("4",), trainees=1)
    factories.attend(academy, klass)
    closing.close_class(academy.registrar, training_class=klass)
    return klass


def last_of(klass: TrainingClass) -> Certificate:
    return Certificate.objects.filter(owner_label="training.class", owner_id=klass.pk).latest("pk")


def test_a_class_chooses_its_template_and_keeps_it_when_it_is_closed_again_or_reissued(
    academy: Academy,
) -> None:
    kept(academy)
    second = kept(academy, name="乙种", heading="乙种证书")
    klass = finished(academy)
    assert template_for(academy.school.pk, "training.class", klass.pk) == default_template(academy.school.pk)
    closing.issue_certificates(academy.registrar, training_class=klass, template=second)
    issued = issue_next(academy.registrar, owner_label="training.class", owner_id=klass.pk)
    assert issued is not None
    assert "乙种证书" in words(papers.pdf(issued))
    revoke(academy.registrar, certificate=issued, reason="姓名有误")
    assert reissue(academy.registrar, certificate=issued).template_id == second.pk
    closing.reopen_class(academy.registrar, training_class=klass, reason="考勤有误")
    closing.close_class(academy.registrar, training_class=klass)
    closing.issue_certificates(academy.registrar, training_class=klass)
    assert last_of(klass).template_id == second.pk
    kept(academy, second, name="乙种", active=False)
    assert template_for(academy.school.pk, "training.class", klass.pk) == default_template(academy.school.pk)


def test_a_template_out_of_use_or_of_another_school_is_not_taken(academy: Academy) -> None:
    kept(academy)
    resting = kept(academy, name="旧版")
    kept(academy, resting, name="旧版", active=False)
    foreign = actions.keep_template(factories.build("sz").registrar, template=None, facts=FACTS)
    klass = finished(academy)
    resting.refresh_from_db()
    for template in (resting, foreign):
        with pytest.raises(Fault, match="停用"):
            closing.issue_certificates(academy.registrar, training_class=klass, template=template)
    assert not Certificate.objects.exists()


def test_the_closing_page_offers_the_templates_with_their_samples(
    academy: Academy, client_for: Callable[[Seat], Client]
) -> None:
    first, second = kept(academy), kept(academy, name="竖版", upright=True, seal_x=120)
    klass, office = finished(academy), client_for(academy.seats["registrar"])
    page = office.get(f"/classes/{klass.pk}/closing/").content.decode()
    for row in (first, second):
        assert f"/credits/templates/{row.pk}/sample.png" in page
    assert f'value="{first.pk}" checked' in page
    seen = office.get(f"/credits/templates/{second.pk}/sample.png")
    assert seen["Content-Type"] == "image/png"
    with Image.open(io.BytesIO(seen.content)) as picture:
        assert picture.width < picture.height < 1000
    place = f"/classes/{klass.pk}/certificates/"
    assert office.post(place, {"template": "999999"}).status_code == 404
    assert office.post(place, {"template": second.pk}).status_code == 302
    assert last_of(klass).template_id == second.pk
    page = office.get(f"/classes/{klass.pk}/closing/").content.decode()
    assert f'value="{second.pk}" checked' in page
