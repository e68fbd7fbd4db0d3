"""An archive somebody uploaded, looked through before one byte of it is kept: names, kinds, sizes; pure."""

import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO

from django.utils.translation import gettext as _

from keyuan.kernel.faults import Fault

MEGABYTE = 1024 * 1024
MOST_FILES = 10_000
MOST_BYTES = 1024 * MEGABYTE
MOST_ONE = 512 * MEGABYTE
# Deflate reaches a thousandfold; honest lessons stay below this, and small files are not asked.
MOST_RATIO = 150
RATIO_FROM = MEGABYTE
MOST_PATH = 240
PIECE = 64 * 1024
SCRIPTS = frozenset(
    [
        "php",
        "php3",
        "php5",
        "phtml",
        "phar",
        "jsp",
        "jspx",
        "asp",
        "aspx",
        "ashx",
        "asmx",
        "cgi",
        "pl",
        "py",
        "rb",
        "sh",
        "bash",
        "ps1",
        "bat",
        "cmd",
        "com",
        "exe",
        "dll",
        "so",
        "msi",
        "scr",
        "vbs",
        "jar",
        "war",
        "apk",
        "app",
        "dmg",
        "deb",
        "rpm",
        "lnk",
        "reg",
        "hta",
        "htaccess",
    ]
)
ARCHIVES = frozenset(["zip", "rar", "7z", "tar", "gz", "tgz", "bz2", "xz", "zst", "cab", "iso"])
# What operating systems leave behind says nothing of the lesson.
LITTER = frozenset({"__macosx", ".ds_store", "thumbs.db", "desktop.ini"})
RESERVED = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}
)
ENCRYPTED, UTF8 = 0x1, 0x800


@dataclass(frozen=True)
class Archive:
    """An archive that was found sound (压缩包): its files by the path they go by."""

    box: zipfile.ZipFile
    files: dict[str, zipfile.ZipInfo]

    def has(self, path: str) -> bool:
        """Whether there is such a file, letters as written."""
        return path in self.files

    def pieces(self, path: str) -> Iterator[bytes]:
        """A file piece by piece. Raises Fault as soon as it holds more than it declared, or is damaged."""
        info, seen = self.files[path], 0
        try:
            with self.box.open(info) as source:
                while piece := source.read(PIECE):
                    seen += len(piece)
                    if seen > info.file_size:
                        raise Fault(
                            _("“%(name)s”解开后比声明的大，可能是压缩炸弹，没有收下。") % {"name": path},
                            "file",
                        )
                    yield piece
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as broken:
            raise Fault(
                _("“%(name)s”已损坏，解不开。请重新导出课件包。") % {"name": path}, "file"
            ) from broken

    def read(self, path: str, most: int = 8 * MEGABYTE) -> bytes:
        """A small file whole. Raises Fault when it is larger than `most` bytes."""
        if self.files[path].file_size > most:
            raise Fault(_("“%(name)s”太大，不像是课件清单。") % {"name": path}, "file")
        return b"".join(self.pieces(path))


def opened(source: IO[bytes]) -> Archive:
    """The archive, looked through. Raises Fault naming the first thing that is not taken and how to mend it."""
    try:
        box = zipfile.ZipFile(source)
        infos = [info for info in box.infolist() if not info.is_dir()]
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as broken:
        raise Fault(_("这不是 ZIP 压缩包，或文件已损坏。请从制作工具重新导出。"), "file") from broken
    if len(infos) > MOST_FILES:
        raise Fault(
            _("压缩包里有 %(n)s 个文件，最多 %(most)s 个。") % {"n": len(infos), "most": MOST_FILES}, "file"
        )
    files: dict[str, zipfile.ZipInfo] = {}
    taken: dict[str, str] = {}
    for info in infos:
        path = path_of(info)
        if LITTER.intersection(path.lower().split("/")):
            continue
        _check_kind(info, path)
        key = unicodedata.normalize("NFC", path).casefold()
        if key in taken:
            raise Fault(
                _("“%(a)s”和“%(b)s”重名（大小写不同也算），请改名后重新打包。")
                % {"a": taken[key], "b": path},
                "file",
            )
        taken[key] = path
        files[path] = info
    _check_sizes(files)
    if not files:
        raise Fault(_("压缩包里没有文件。"), "file")
    return Archive(box, files)


def path_of(info: zipfile.ZipInfo) -> str:
    """The path a file goes by: slashes forward, Chinese names read as they were meant. Raises Fault for a bad one."""
    name = _decoded(info)
    if any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in name):
        raise Fault(_("压缩包里有含控制字符的文件名，请改名后重新打包。"), "file")
    plain = unicodedata.normalize("NFC", name.replace("\\", "/"))
    parts = plain.split("/")
    if plain.startswith("/") or (len(plain) > 1 and plain[1] == ":"):
        raise Fault(_("“%(name)s”用了绝对路径，可能想写到包外，没有收下。") % {"name": plain}, "file")
    if ".." in parts:
        raise Fault(_("“%(name)s”想写到包外（含 ..），没有收下。") % {"name": plain}, "file")
    parts = [part for part in parts if part not in {"", "."}]
    path = "/".join(parts)
    if not path or len(path) > MOST_PATH:
        raise Fault(
            _("“%(name)s…”路径超过 %(n)s 个字，请缩短。") % {"name": path[:40], "n": MOST_PATH}, "file"
        )
    if any(_unfit(part) for part in parts) or parts[0] == "~":
        raise Fault(_("“%(name)s”不能作文件名，请改名后重新打包。") % {"name": path}, "file")
    return path


def _decoded(info: zipfile.ZipInfo) -> str:
    """The name in the tongue it was written in: without the UTF-8 mark, as UTF-8 or GB18030."""
    name = info.orig_filename
    if info.flag_bits & UTF8 or name.isascii():
        return name
    raw = name.encode("cp437")
    for coding in ("utf-8", "gb18030"):
        try:
            return raw.decode(coding)
        except UnicodeDecodeError:
            continue
    raise Fault(_("文件名的编码认不出来，请用 UTF-8 或 GBK 文件名重新打包。"), "file")


def _unfit(part: str) -> bool:
    """Whether a name means something else on some disk."""
    stem = part.split(".", 1)[0].casefold()
    return stem in RESERVED or part[-1] in ". " or any(sign in '<>:"|?*' for sign in part)


def _check_kind(info: zipfile.ZipInfo, path: str) -> None:
    mode = info.external_attr >> 16
    if mode and not (stat.S_ISREG(mode) or stat.S_IFMT(mode) == 0):
        raise Fault(_("“%(name)s”是链接或设备，不是普通文件，没有收下。") % {"name": path}, "file")
    if info.flag_bits & ENCRYPTED:
        raise Fault(_("“%(name)s”设有密码，请去掉密码后重新打包。") % {"name": path}, "file")
    ending = PurePosixPath(path).name.rpartition(".")[2].lower()
    if ending in SCRIPTS:
        raise Fault(_("“%(name)s”是程序或服务器脚本，课件包里不收。") % {"name": path}, "file")
    if ending in ARCHIVES:
        raise Fault(_("“%(name)s”是包中的压缩包，不收；请去掉它后重新打包。") % {"name": path}, "file")


def _check_sizes(files: dict[str, zipfile.ZipInfo]) -> None:
    """No bomb by one file, by all together, or by how far they were squeezed."""
    whole = squeezed = 0
    for path, info in files.items():
        whole, squeezed = whole + info.file_size, squeezed + info.compress_size
        if info.file_size > MOST_ONE:
            raise Fault(
                _("“%(name)s”解开后超过 %(n)s MB。") % {"name": path, "n": MOST_ONE // MEGABYTE}, "file"
            )
        if info.file_size > RATIO_FROM and info.file_size > MOST_RATIO * max(info.compress_size, 1):
            raise Fault(_("“%(name)s”压缩得异常地小，可能是压缩炸弹，没有收下。") % {"name": path}, "file")
    if whole > MOST_BYTES:
        raise Fault(_("课件解开后超过 %(n)s MB。") % {"n": MOST_BYTES // MEGABYTE}, "file")
    if whole > 10 * RATIO_FROM and whole > MOST_RATIO * max(squeezed, 1):
        raise Fault(_("整个包压缩得异常地小，可能是压缩炸弹，没有收下。"), "file")
