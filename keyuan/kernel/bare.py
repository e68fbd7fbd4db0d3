"""What a camera writes beside a picture (place, time, device, preview) taken out; the picture itself is kept as it is."""

import io
import re
from collections.abc import Mapping
from typing import Literal

from django.utils.translation import gettext as _

from keyuan.kernel import pictures
from keyuan.kernel.faults import Fault

ORIENTATION = 0x0112
_EXIF = b"Exif\0\0"
_ORDERS: Mapping[bytes, Literal["little", "big"]] = {b"II*\0": "little", b"MM\0*": "big"}
# What a picture that cannot be taken apart may still give away.
_TELLING = (_EXIF, b"eXIf", b"http://ns.adobe.com/", b"XML:com.adobe.xmp")
_SCAN, _END = 0xDA, 0xD9
# The next marker in a scan: a stuffed byte and a restart belong to the picture.
_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_PNG_SAYS = (b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME")
_PNG_HEAD = 8


class _BrokenError(Exception):
    """The picture is not built as its kind is."""


def bare(data: bytes, kind: str) -> bytes:
    """A JPEG or PNG without what was written beside it, turned upright where that was only said; others as they are.

    The picture is not written anew unless it has to be turned. Raises Fault (field "file") for a broken picture in
    which such words are found.
    """
    take_apart = {"jpg": _jpeg, "png": _png}.get(kind)
    if take_apart is None:
        return data
    try:
        plain, said = take_apart(data)
    except _BrokenError as broken:
        if any(word in data for word in _TELLING):
            raise Fault(_("图片已损坏，打不开。请重新保存或重新拍照后再上传。"), "file") from broken
        return data
    turned = _orientation(said)
    return plain if turned == 1 else pictures.upright(plain, kind, turned)


def _orientation(said: bytes) -> int:
    """How EXIF says the picture is to be turned, 1 to 8 as in its standard; 1 where it says nothing that makes sense."""
    table = said.removeprefix(_EXIF)
    order = _ORDERS.get(table[:4])
    if order is None:
        return 1
    at = int.from_bytes(table[4:8], order)
    for entry in range(int.from_bytes(table[at : at + 2], order)):
        place = at + 2 + 12 * entry
        if place > len(table):
            break
        if int.from_bytes(table[place : place + 2], order) == ORIENTATION:
            turned = int.from_bytes(table[place + 8 : place + 10], order)
            return turned if turned in range(1, 9) else 1
    return 1


def _jpeg(data: bytes) -> tuple[bytes, bytes]:
    """The segments of the picture up to its end, and the EXIF that was left out. Raises _BrokenError."""
    out, at, said = io.BytesIO(), 2, b""
    out.write(data[:2])
    while data[at : at + 2] != bytes((0xFF, _END)):
        if at + 4 > len(data) or data[at] != 0xFF:
            raise _BrokenError
        marker, size = data[at + 1], int.from_bytes(data[at + 2 : at + 4])
        if marker == 0xFF:  # a fill byte
            at += 1
            continue
        ends = at + 2 + size
        body = data[at + 4 : ends]
        if _is_picture(marker, body):
            if marker == _SCAN:
                found = _MARKER.search(data, ends)
                ends = found.start() if found else len(data)
            out.write(data[at:ends])
        elif body.startswith(_EXIF):
            said = said or body
        at = ends
        if at >= len(data):  # cut short: what there is of it is kept
            break
    # Beyond the end stand previews and second pictures, with words of their own.
    out.write(bytes((0xFF, _END)))
    return out.getvalue(), said


def _is_picture(marker: int, body: bytes) -> bool:
    """Whether a segment is needed to show the picture: its data and its colours."""
    if marker == 0xE0:
        return body.startswith(b"JFIF\0")
    if marker == 0xE2:
        return body.startswith(b"ICC_PROFILE\0")
    return marker == 0xEE or not (0xE1 <= marker <= 0xEF or marker == 0xFE)


def _png(data: bytes) -> tuple[bytes, bytes]:
    """The chunks of the picture up to its end, and the EXIF that was left out. Raises _BrokenError."""
    out, at, said, kind = io.BytesIO(), _PNG_HEAD, b"", b""
    out.write(data[:_PNG_HEAD])
    while kind != b"IEND":
        size, kind = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        ends = at + 12 + size
        if ends > len(data) or not kind.isalpha():
            raise _BrokenError
        if kind == b"eXIf":
            said = _EXIF + data[at + 8 : ends - 4]
        if kind not in _PNG_SAYS:
            out.write(data[at:ends])
        at = ends
    return out.getvalue(), said
