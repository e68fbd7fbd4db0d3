"""Photographs handed in: read, turned upright, made small, and written anew without what the camera wrote beside them."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from keyuan.kernel.faults import Fault

if TYPE_CHECKING:
    from PIL.Image import Image

# Pillow takes 9 MB; a web process that is handed no picture does without it.
MEGABYTE = 1024 * 1024
MOST = 20 * MEGABYTE
PIXELS = 60_000_000
LONGEST = 2000  # pixels of the longer side: more is not seen in a printed summary
QUALITY = 86
FULL = 94  # of a picture that is only turned
SEAL = 500  # pixels of a seal: 42 mm at 300 dots an inch


def cleaned(upload: UploadedFile, longest: int = LONGEST) -> bytes:
    """The picture as an upright JPEG without EXIF, place or preview; `longest` is pixels of the longer side.

    Raises Fault (field "file") when it is no picture.
    """
    with _opened(upload) as found:
        return _written(found, longest)


def upright(data: bytes, kind: str, orientation: int) -> bytes:
    """A picture ("jpg" or "png") turned from the orientation (2 to 8 as in EXIF), its size and colours kept.

    Raises Fault as `cleaned`.
    """
    from PIL import Image

    turn = Image.Transpose
    turns = (
        turn.FLIP_LEFT_RIGHT, turn.ROTATE_180, turn.FLIP_TOP_BOTTOM, turn.TRANSPOSE, turn.ROTATE_270, turn.TRANSVERSE,
        turn.ROTATE_90,
    )  # fmt: skip
    with _opened(io.BytesIO(data)) as found:
        out, colours = io.BytesIO(), found.info.get("icc_profile")
        turned = found.transpose(turns[orientation - 2])
        turned.info.clear()
        if kind == "jpg":
            turned.save(out, "JPEG", quality=FULL, icc_profile=colours)
        else:
            turned.save(out, "PNG", icc_profile=colours)
        return out.getvalue()


@contextmanager
def _opened(upload: UploadedFile | IO[bytes]) -> Iterator["Image"]:
    from PIL import Image, UnidentifiedImageError

    data = upload.read(MOST + 1)
    if len(data) > MOST:
        raise Fault(_("照片超过 %(n)s MB，请压缩后再上传。") % {"n": MOST // MEGABYTE}, "file")
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as found:
            if found.width * found.height > PIXELS:
                raise Fault("照片像素太大，请缩小后再上传。", "file")
            yield found
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as broken:
        raise Fault("这不是可以读取的 JPG、PNG 或 WebP 照片，请重新选择。", "file") from broken


def _written(found: "Image", longest: int) -> bytes:
    from PIL import Image, ImageOps

    upright = ImageOps.exif_transpose(found)
    upright.thumbnail((longest, longest))
    # What is transparent becomes white, as paper is.
    seen = upright.convert("RGBA")
    plain = Image.new("RGB", seen.size, "white")
    plain.paste(seen, mask=seen.getchannel("A"))
    out = io.BytesIO()
    plain.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def seal(upload: UploadedFile) -> bytes:
    """A seal's picture as a small PNG with its clear ground kept, nothing beside it. Raises Fault as `cleaned`."""
    from PIL import ImageOps

    with _opened(upload) as found:
        small = ImageOps.exif_transpose(found).convert("RGBA")
        small.thumbnail((SEAL, SEAL))
        out = io.BytesIO()
        small.save(out, "PNG", optimize=True)
        return out.getvalue()
