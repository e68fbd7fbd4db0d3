"""`manage restore`: verify an archive, bring it back, and erase again whom it still remembers."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from keyuan.kernel import alone, backups
from keyuan.kernel.faults import Fault


class Command(BaseCommand):
    """The way back from an archive; only while the service rests."""

    help = "从备份恢复（先停止服务）"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """From where, and over what."""
        parser.add_argument("archive", type=Path, help="备份文件")
        parser.add_argument("--replace", action="store_true", help="这里已有数据时，用备份替换")
        parser.add_argument("--keys", type=Path, help="密钥备份文件")
        parser.add_argument("--erasures", type=Path, help="另一份注销登记")

    def handle(self, **options: Any) -> None:
        """Refuse while the service runs over the same data."""
        if not alone.hold(settings.VAR):
            raise CommandError("科苑正在运行，请先停止服务再恢复。")
        try:
            count = backups.restore(
                options["archive"],
                replace=options["replace"],
                keys=options["keys"],
                erasures=options["erasures"],
            )
        except Fault as fault:
            raise CommandError(str(fault)) from fault
        finally:
            alone.release(settings.VAR)
        self.stdout.write(f"已恢复。重新注销了 {count} 人。请运行 manage doctor 核对，然后启动服务。")
