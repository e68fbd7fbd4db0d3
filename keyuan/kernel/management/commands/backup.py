"""`manage backup`: one archive of everything but the keys, taken while the service runs."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from keyuan.kernel import backups
from keyuan.kernel.faults import Fault


class Command(BaseCommand):
    """The only backup there is: copying the database file gives a corrupt one."""

    help = "备份数据库与文件（不含密钥）；运行中也可以做"

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to."""
        parser.add_argument(
            "archive", nargs="?", type=Path, help="写到这个文件；默认 var/backups/keyuan-日期.zip"
        )
        parser.add_argument("--keys", type=Path, help="另把密钥写到这个文件；请与备份分开保管")

    def handle(self, **options: Any) -> None:
        """Say what is in the archive and, plainly, what is not."""
        try:
            path = backups.back_up(options["archive"])
        except Fault as fault:
            raise CommandError(str(fault)) from fault
        self.stdout.write(f"已备份到 {path}（{path.stat().st_size / 1e6:.1f} MB）。")
        self.stdout.write(f"注销登记另存于 {path.parent / backups.JOURNAL}，恢复时会再次注销其中的人。")
        if options["keys"]:
            self.stdout.write(f"密钥已写到 {backups.back_up_keys(options['keys'])}；请与备份分开保管。")
        else:
            self.stdout.write(
                "注意：备份里没有密钥（var/secrets）。没有密钥，证件号与手机号无法解密，日志无法核验；"
                "请用 --keys 另存一份，分开保管。"
            )
