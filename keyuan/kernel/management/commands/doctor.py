"""`manage doctor`: look at everything that can go wrong in service; exit code 1 on any fault."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from keyuan.kernel import doctor


class Command(BaseCommand):
    """What the administrator runs after an upgrade, after a restore, and every night."""

    help = "体检：设置、数据库、日志链、任务、磁盘、备份、HTTPS"
    requires_system_checks: list[str] = []

    def handle(self, **options: Any) -> None:
        """One line a finding; every fault says how to mend it."""
        faults = 0
        for finding in doctor.findings():
            faults += bool(finding.fault)
            self.stdout.write(f"{'✗' if finding.fault else '✓'} {finding.title}  {finding.fault}".rstrip())
        self.stdout.write(f"发现 {faults} 个问题。" if faults else "一切正常。")
        if faults:
            sys.exit(1)
