"""What a file is, by its bytes and not by its name."""

import io
import zipfile
from pathlib import PurePath

from django.utils.translation import gettext as _

from keyuan.kernel.faults import Fault

ENTRIES = 5000
TITLES = {
    "pdf": "PDF", "docx": "Word (.docx)", "xlsx": "Excel (.xlsx)", "pptx": "PowerPoint (.pptx)", "doc": "Word (.doc)",
    "png": "PNG 图片", "jpg": "JPEG 图片", "webp": "WebP 图片", "gif": "GIF 图片", "mp4": "MP4 视频", "mp3": "MP3 音频",
    "zip": "ZIP 压缩包", "txt": "纯文本", "csv": "CSV", "xml": "XML",
    "json": "JSON",
}  # fmt: skip
CONTENT_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "doc": "application/msword",
    "png": "image/png",
    "jpg": "image/jpeg",
    "webp": "image/webp",
    "gif": "image/gif",
    "mp4": "video/mp4",
    "mp3": "audio/mpeg",
    "zip": "application/zip",
    "txt": "text/plain; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "xml": "application/xml",
    "json": "application/json",
}
COMMON = ("pdf", "docx", "xlsx", "pptx", "png", "jpg")
IMAGES = ("png", "jpg", "webp")
_BEGINNINGS = (
    (b"%PDF-", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"ID3", "mp3"),
    (b"\xff\xfb", "mp3"),
)
_OFFICE = (("word/", "docx"), ("xl/", "xlsx"), ("ppt/", "pptx"))
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SAME = {"jpeg": "jpg", "jpe": "jpg", "text": "txt"}


def kind_of(data: io.BytesIO) -> str:
    """The kind of some bytes, empty when unknown. Raises Fault for what is never taken: macros, locked files."""
    head = data.getvalue()[:4096]
    for beginning, kind in _BEGINNINGS:
        if head.startswith(beginning):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp":
        return "mp4"
    if head.startswith(b"PK\x03\x04"):
        return _packed(data)
    if head.startswith(_OLE):
        return _ole(data.getvalue())
    return "txt" if _is_text(data.getvalue()) else ""


def _packed(data: io.BytesIO) -> str:
    try:
        with zipfile.ZipFile(data) as box:
            names = [entry.filename for entry in box.infolist()]
    except (zipfile.BadZipFile, ValueError, OSError) as broken:
        raise Fault("文件已损坏，打不开。请用 Office 或 WPS 重新保存后再上传。", "file") from broken
    if len(names) > ENTRIES:
        raise Fault("压缩包里的文件太多，请拆分后再上传。", "file")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Fault("文件里带有宏，请另存为不含宏的格式（.docx、.xlsx）后再上传。", "file")
    if "[Content_Types].xml" in names:
        return next(
            (kind for folder, kind in _OFFICE if any(name.startswith(folder) for name in names)), "zip"
        )
    return "zip"


def _ole(data: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise Fault("文件设有打开密码，请去掉密码后再上传。", "file")
    return "doc" if "WordDocument".encode("utf-16-le") in data else ""


def _is_text(data: bytes) -> bool:
    if b"\0" in data[:4096]:
        return False
    for coding in ("utf-8-sig", "gb18030"):
        try:
            data.decode(coding)
        except UnicodeDecodeError:
            continue
        return True
    return False


def check(data: io.BytesIO, name: str, kinds: tuple[str, ...]) -> str:
    """The kind of a file, if it is one of `kinds` and what its name says. Raises Fault saying how to mend it."""
    ending = PurePath(name).suffix.lstrip(".").lower()
    ending = _SAME.get(ending, ending)
    kind = kind_of(data)
    if kind == "txt" and ending == "csv":
        kind = "csv"
    if kind not in kinds:
        allowed = "、".join(TITLES[one] for one in kinds)
        raise Fault(_("这里只收 %(allowed)s，请转换格式后再上传。") % {"allowed": allowed}, "file")
    if ending != kind:
        raise Fault(
            _("文件内容是 %(n)s，文件名却以“.%(ending)s”结尾，请核对后再上传。")
            % {"n": TITLES[kind], "ending": ending},
            "file",
        )
    return kind
