"""`manage demo`: load what to look around with, or list the demo's accounts."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from keyuan.desk import demo
from keyuan.kernel.faults import Fault


class Command(BaseCommand):
    """The demo (演示数据)."""

    help = "载入演示数据（虚构人员和班次）；--list 只列出演示账号"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--list` writes nothing."""
        parser.add_argument("--list", action="store_true", help="列出演示账号和密码")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Make the demo, then say how to sign in."""
        if options["list"]:
            self.stdout.write(demo.accounts())
            return
        began = time.monotonic()
        try:
            demo.make()
        except Fault as refused:
            raise CommandError(refused.message) from refused
        if options["verbosity"]:
            self.stdout.write(f"演示数据已就绪，用时 {time.monotonic() - began:.1f} 秒。演示账号：")
            self.stdout.write(demo.accounts())
