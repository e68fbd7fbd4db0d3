"""Years of attending and lecturing proposed: sizes, seconds, gap; every plan goes past the independent verifier."""

import argparse
import os
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "keyuan.project.settings")

SIZES = ((50, 8, 60), (207, 24, 216), (300, 24, 216), (400, 48, 432))
HEAD = "leaders classes slots seed  options  covered  cover-s  points-s  CPU-s  wall-s   gap  status"


def year(sizes: tuple[int, int, int], seed: int, limit: float) -> None:
    """One generated year solved, checked and printed; then one leader and one slot drop out."""
    from keyuan.duty.rules.generating import generate
    from keyuan.duty.rules.instance import Out
    from keyuan.duty.rules.options import Field
    from keyuan.duty.rules.reading import read
    from keyuan.duty.rules.solving import replan, solve

    leaders, classes, slots = sizes
    instance = read(generate(leaders=leaders, classes=classes, slots=slots, seed=seed))
    options = sum(map(len, Field(instance).options.values()))
    first = told(instance, sizes, seed, options, lambda: solve(instance, limit_seconds=limit))
    lecture = next(one for one in first.assignments if one.kind == "lecture")
    other = next(one.leader for one in first.assignments if one.leader != lecture.leader)
    out = Out(leaders=frozenset([other]), slots=frozenset([lecture.at]))
    again = told(
        instance, sizes, seed, options, lambda: replan(instance, first, out=out, limit_seconds=limit)
    )
    kept = again.objective["kept"]
    print(f"        re-planned without {other} and {lecture.at}: {kept} of {len(first.assignments)} stay")


def told(instance: Any, sizes: tuple[int, int, int], seed: int, options: int, act: Any) -> Any:
    """Time one plan, verify it, print it."""
    from keyuan.duty.rules.verifying import verify

    wall, cpu = time.monotonic(), time.process_time()
    found = act()
    wall, cpu = time.monotonic() - wall, time.process_time() - cpu
    faults = verify(instance, found).faults
    assert not faults, faults  # noqa: S101 - measured work must be right
    cover, points = found.stages
    done = f"{found.objective['covered']}/{found.objective['duties']}"
    print(
        f"{sizes[0]:7} {sizes[1]:7} {sizes[2]:5} {seed:4} {options:8} {done:>8} {cover.seconds:8.1f} "
        f"{points.seconds:9.1f} {cpu:6.1f} {wall:7.1f} {cover.gap + points.gap:5}  {found.status}",
        flush=True,
    )
    return found


def main() -> None:
    """Measure every size with some seeds."""
    import django

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--limit", type=float, default=60)
    parser.add_argument("--leaders", type=int, help="only the size with this many leaders")
    options = parser.parse_args()
    django.setup()
    print(f"{HEAD}\nload {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores")
    for sizes in SIZES:
        if options.leaders in {None, sizes[0]}:
            for seed in range(options.seeds):
                year(sizes, seed, options.limit)


if __name__ == "__main__":
    main()
