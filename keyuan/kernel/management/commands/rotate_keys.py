"""`manage rotate_keys`: a new sealing key, and every sealed value under it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from keyuan.kernel import cipher


class Command(BaseCommand):
    """Rotates the key of personal values."""

    help = "轮换加密密钥：生成新密钥，并逐批把已存的证件号、手机号等改用新密钥加密。中断后可再次运行。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--resume` goes on with the newest key; also after a change of KEYUAN_CIPHER."""
        parser.add_argument("--resume", action="store_true", help="不生成新密钥，只把剩下的改完")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Make the key and seal anew."""
        number = cipher.current_key() if options["resume"] else cipher.new_key()
        try:
            count = cipher.rotate()
        except cipher.SealBroken as broken:
            raise CommandError(f"有一个值打不开，轮换停在这里：{broken}") from broken
        self.stdout.write(f"已改用 {number} 号密钥，改写 {count} 行。旧密钥请保留，直到不再需要恢复旧备份。")
