"""Resolves the newest allowed versions for every system and writes both hashed locks; needs uv on PATH."""

import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
COMPILE = ["pip", "compile", "pyproject.toml", "--universal", "--generate-hashes", "--python-version", "3.11"]
QUIETLY = ["--no-header", "--no-annotate", "--upgrade", "-q"]


def main() -> None:
    """Write run.txt and dev.txt, or end with one clear sentence."""
    uv = shutil.which("uv")
    if uv is None:
        sys.exit("更新锁定文件需要 uv（pip install uv）。\nRenewing the locks needs uv (pip install uv).")
    for name, group in (("run", []), ("dev", ["--group", "dev"])):
        lock = HERE / f"{name}.txt"
        command = [uv, *COMPILE, *QUIETLY, *group, "-o", str(lock)]
        if subprocess.run(command, cwd=HERE.parent, check=False).returncode:
            sys.exit("没能算出依赖版本，原因见上。\nResolving failed (see above).")
        if "://" in lock.read_text("utf-8"):
            sys.exit(f"{lock.name} 里出现了软件源地址，请去掉。\n{lock.name} names a registry; remove it.")
    print("requirements/run.txt, requirements/dev.txt ✓")


if __name__ == "__main__":
    main()
