"""Photographs handed in: read, turned upright, made small, and written anew without what the camera wrote beside them."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

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
SEAL = 500  # pixels of a seal: 42 mm at 300 dots an inch


def cleaned(upload: UploadedFile, longest: int = LONGEST) -> bytes:
    """The picture as an upright JPEG without EXIF, place or preview; `longest` is pixels of the longer side.

    Raises Fault (field "file") when it is no picture.
    """
    with _opened(upload) as found:
        return _written(found, longest)


@contextmanager
def _opened(upload: UploadedFile) -> Iterator["Image"]:
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
