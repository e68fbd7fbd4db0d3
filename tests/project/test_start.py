"""The starter's refusals in one sentence each, and the certain end of what it began."""

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

import run
from keyuan.kernel import alone

HOME = Path(__file__).resolve().parent.parent.parent
posix = pytest.mark.skipif("os.name == 'nt'", reason="进程组")


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(run, "VAR", tmp_path / "var")
    (tmp_path / "var").mkdir()


def test_a_taken_port_gets_one_sentence_and_the_next_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(run.Stopped) as end:
            run.free_port("127.0.0.1", port)
    assert f"--port {port + 1}" in end.value.sentences


def test_an_unwritable_folder_gets_one_sentence(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(run.Stopped, match="1") as end:
        run.writable(tmp_path / "file" / "below")
    assert "不能写入" in end.value.sentences


def test_a_missing_venv_module_gets_one_sentence(monkeypatch):
    monkeypatch.setattr(run.importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(run.Stopped) as end:
        run.make_venv(None)
    assert "python3-venv" in end.value.sentences


def test_no_network_gets_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(run, "PYTHON", tmp_path / "python")
    monkeypatch.setattr(run, "STAMP", tmp_path / "stamp.json")
    monkeypatch.setattr(run, "make_venv", lambda _uv: None)
    monkeypatch.setattr(run, "finished", lambda _command: 1)
    monkeypatch.setattr(run, "install_with_pip", lambda _lock: 1)
    with pytest.raises(run.Stopped) as end:
        run.environment()
    assert "网络" in end.value.sentences
    assert not (tmp_path / "stamp.json").exists()


def test_a_finished_environment_is_not_made_twice(tmp_path, monkeypatch):
    monkeypatch.setattr(run, "PYTHON", Path(sys.executable))
    monkeypatch.setattr(run, "STAMP", tmp_path / "stamp.json")
    installed = []
    monkeypatch.setattr(run.shutil, "which", lambda _name: None)
    monkeypatch.setattr(run, "install_with_pip", lambda lock: installed.append(lock.name) or 0)
    run.environment("dev")
    run.environment("dev")
    run.environment("run")
    assert installed == ["dev.txt"]


def test_too_old_a_python_gets_one_sentence():
    source = (HOME / "run.py").read_text("utf-8").replace("MINIMUM = (3, 11)", "MINIMUM = (9, 9)")
    ran = subprocess.run([sys.executable, "-c", source], capture_output=True, encoding="utf-8", check=False)
    assert ran.returncode == 1
    assert "需要 Python" in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize(("answer", "kept"), [("no", True), ("", True), ("yes", False), ("是", False)])
def test_fresh_deletes_only_after_a_typed_yes(answer, kept, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setattr("builtins.input", lambda _question: answer)
    (run.VAR / "keyuan.sqlite3").touch()
    if kept:
        with pytest.raises(run.Stopped, match="1"):
            run.start_anew(yes=True)  # outside CI, --yes alone is not enough
    else:
        run.start_anew(yes=False)
    assert (run.VAR / "keyuan.sqlite3").exists() == kept


def test_fresh_never_touches_a_database_elsewhere(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://somewhere/else")
    with pytest.raises(run.Stopped) as end:
        run.start_anew(yes=True)
    assert "DATABASE_URL" in end.value.sentences


def test_a_second_run_over_the_same_data_is_refused():
    holding = "import sys, pathlib; from keyuan.kernel import alone; alone.hold(pathlib.Path(sys.argv[1])); print(1, flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", holding, str(run.VAR)],
        cwd=HOME,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:
        other.stdout.readline()
        with pytest.raises(run.Stopped) as end:
            run.alone()
        other.communicate(b"\n")
    assert "已经在运行" in end.value.sentences
    run.alone()
    alone.release(run.VAR)


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return Path(f"/proc/{pid}/stat").exists() and " Z " in Path(f"/proc/{pid}/stat").read_text()


@posix
def test_a_childs_own_children_end_with_it():
    family = "import subprocess, sys, time; p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(99)']); print(p.pid, flush=True); time.sleep(99)"
    child = run.begin([sys.executable, "-c", family], stdout=subprocess.PIPE)
    grandchild = int(child.stdout.readline())
    run.end_children()
    child.stdout.close()
    limit = time.monotonic() + 10
    while not gone(grandchild) and time.monotonic() < limit:
        time.sleep(0.05)
    assert gone(grandchild)
    assert child.returncode == -signal.SIGTERM


def test_a_dead_web_server_ends_all_and_a_dead_worker_is_begun_anew(monkeypatch):
    begun = []

    def short_lived(code: int = 0) -> subprocess.Popen[bytes]:
        return run.begin([sys.executable, "-c", f"raise SystemExit({code})"])

    def worker() -> subprocess.Popen[bytes]:
        begun.append(1)
        return short_lived()

    monkeypatch.setattr(run, "begin_worker", worker)
    monkeypatch.setattr(run.time, "sleep", lambda _seconds: None)
    web = run.begin([sys.executable, "-c", "import time; time.sleep(99)"])
    try:
        with pytest.raises(run.Stopped) as end:
            run.watch(web, short_lived())
        assert len(begun) == run.WORKER_DEATHS - 1
        assert "后台任务进程" in end.value.sentences
    finally:
        run.end_children()
    web = short_lived(3)
    web.wait()
    try:
        with pytest.raises(run.Stopped) as end:
            run.watch(web, worker())
        assert "代码 3" in end.value.sentences
    finally:
        run.end_children()


def test_the_address_follows_host_and_port(monkeypatch):
    for name in ("KEYUAN_URL", "KEYUAN_HOSTS", "PYTHONUTF8"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    assert run.settle_surroundings("127.0.0.1", 9000) == "http://127.0.0.1:9000"
    assert os.environ["KEYUAN_HOSTS"].endswith(",127.0.0.1")


def test_the_options_are_as_documented():
    assert vars(run.options_of([])) == vars(
        argparse.Namespace(port=8000, host="127.0.0.1", fresh=False, yes=False, no_demo=False)
    )
