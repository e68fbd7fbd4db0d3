import sys

import pytest

from tests import gates


@pytest.mark.parametrize(
    "line",
    [
        "============ 12 passed, 1 skipped in 3.21s =============",
        "1 failed, 2 passed, 3 warnings in 0.50s",
        "=========== 240 passed, 2 deselected in 75.01s (0:01:15) ===========",
        "============ no tests ran in 0.01s ============",
    ],
)
def test_pytests_closing_line_is_known(line):
    assert gates.CLOSING.match(line)


def test_the_runs_are_added_up_in_one_closing_line(capsys, monkeypatch):
    closings = iter(
        [
            "==== 3 passed, 1 skipped in 1.00s ====",
            "==== 2 passed, 1 warning in 1.00s ====",
            "= 5 deselected in 1s =",
        ]
    )
    codes = iter([0, 0, gates.NOTHING_COLLECTED])
    monkeypatch.setattr(gates, "_streamed", lambda *_: (next(codes), next(closings)))
    run = gates.Run()
    for name in ("one", "two", "three"):
        run.tests(name, [])
    assert run.close() == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert "5 passed, 1 skipped, 5 deselected, 1 warnings in" in last
    assert gates.CLOSING.match(last)


def test_a_gate_that_fails_shows_in_the_exit_code_and_the_closing_line(capsys):
    run = gates.Run()
    run.counts["passed"] = 4
    assert run.gate("right", sys.executable, "-c", "pass")
    assert not run.gate("wrong", sys.executable, "-c", "raise SystemExit(2)")
    assert run.close() == 1
    assert "4 passed, 1 error in" in capsys.readouterr().out.splitlines()[-1]


def test_a_pytest_that_breaks_off_is_an_error(monkeypatch):
    monkeypatch.setattr(gates, "_streamed", lambda *_: (-9, ""))
    run = gates.Run()
    run.counts["passed"] = 4
    run.tests("killed", [])
    assert run.close() == 1


def test_no_test_at_all_is_a_failure():
    assert gates.Run().close() == 1
