"""Pictures handed in keep nothing of place, time and device, and lose nothing of the picture."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from keyuan.kernel import files
from keyuan.kernel.access import SYSTEM
from keyuan.kernel.bare import bare
from keyuan.kernel.faults import Fault
from keyuan.people.models import Person

# What may not be found again anywhere in the bytes.
SECRETS = (b"Demo Camera", b"2031:03:03", b"Exif", b"secret words", b"http://ns.adobe.com")
GPS = {1: "N", 2: (23.0, 7.0, 30.0), 3: "E", 4: (113.0, 15.0, 0.0)}


def exif(orientation: int = 1) -> Image.Exif:
    told = Image.Exif()
    told[0x010F], told[0x0132], told[0x0112] = "Demo Camera", "2031:03:03 09:00:00", orientation
    told.get_ifd(0x8825).update(GPS)
    return told


def drawn() -> Image.Image:
    """Wider than high, its left upper corner red, the rest blue."""
    found = Image.new("RGB", (64, 32), "blue")
    found.paste("red", (0, 0, 16, 16))
    return found


def jpeg(orientation: int = 1, **more: object) -> bytes:
    out = io.BytesIO()
    drawn().save(out, "JPEG", exif=exif(orientation), comment=b"secret words", quality=95, **more)
    return out.getvalue()


def png(orientation: int = 1) -> bytes:
    out, words = io.BytesIO(), PngImagePlugin.PngInfo()
    words.add_text("Comment", "secret words")
    words.add_itxt("XML:com.adobe.xmp", "http://ns.adobe.com/xap/1.0/ Demo Camera")
    drawn().save(out, "PNG", exif=exif(orientation), pnginfo=words)
    return out.getvalue()


def silent(data: bytes) -> Image.Image:
    """The picture, which says nothing beside itself."""
    assert [word for word in SECRETS if word in data] == []
    found = Image.open(io.BytesIO(data))
    found.load()
    assert dict(found.getexif()) == {}
    return found


@pytest.mark.parametrize("progressive", [False, True])
def test_an_upright_jpeg_loses_its_words_and_not_a_point(*, progressive: bool) -> None:
    before = jpeg(progressive=progressive, icc_profile=b"colours as they were")
    after = bare(before, "jpg")
    assert b"colours as they were" in after
    assert silent(after).tobytes() == Image.open(io.BytesIO(before)).tobytes()


def test_an_upright_png_loses_its_words_and_not_a_point() -> None:
    assert silent(bare(png(), "png")).tobytes() == drawn().tobytes()


@pytest.mark.parametrize(("make", "kind"), [(jpeg, "jpg"), (png, "png")])
@pytest.mark.parametrize(("orientation", "corner"), [(3, (60, 28)), (6, (28, 4)), (8, (4, 60))])
def test_what_only_said_how_to_turn_is_turned(
    make, kind: str, orientation: int, corner: tuple[int, int]
) -> None:
    found = silent(bare(make(orientation), kind)).convert("RGB")
    assert found.size == ((64, 32) if orientation == 3 else (32, 64))
    red, _green, blue = found.getpixel(corner)
    assert red > 200
    assert blue < 60


def test_previews_behind_the_picture_are_cut_off() -> None:
    assert bare(jpeg() + jpeg(), "jpg") == bare(jpeg(), "jpg")
    assert bare(png() + b"secret words", "png") == bare(png(), "png")


def test_what_has_nothing_beside_it_stays_as_it_is() -> None:
    out = io.BytesIO()
    drawn().save(out, "PNG")
    assert bare(out.getvalue(), "png") == out.getvalue()
    assert bare(b"%PDF-1.7 Demo Camera", "pdf") == b"%PDF-1.7 Demo Camera"


@given(st.integers(0, 2000), st.binary(min_size=1, max_size=6))
def test_a_damaged_picture_is_refused_or_says_nothing_of_its_place(at: int, bits: bytes) -> None:
    whole = jpeg()
    place = min(at, len(whole) - 1)
    try:
        after = bare(whole[:place] + bits + whole[place + len(bits) :], "jpg")
    except Fault as refused:
        after, refusal = b"", refused.field
        assert refusal == "file"
    assert b"Exif\0\0" not in after


@pytest.mark.django_db
def test_a_kept_file_holds_no_place(settings, tmp_path, monkeypatch) -> None:
    backend = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": tmp_path / "files"},
    }
    settings.STORAGES = settings.STORAGES | {"default": backend}
    monkeypatch.setattr(files, "OWNERS", {})
    files.owner("t.own", lambda actor: Person.objects.filter(pk=actor.person_id))
    stored = files.keep(SYSTEM, "t.own", 1, SimpleUploadedFile("证明.jpg", jpeg(6)))
    with files.opened(stored) as kept:
        data = kept.read()
    assert silent(data).size == (32, 64)
    assert stored.size == len(data)
