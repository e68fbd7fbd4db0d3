"""`manage worker`: background work, notices and schedules until told to stop."""

import signal
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from keyuan.kernel.checks import refuse_unsound_database
from keyuan.kernel.worker import Worker, learn


class Command(BaseCommand):
    """Runs one worker; several may run at once, on one machine or many."""

    help = "后台工人：办理任务、投递通知、按时执行定时任务。可以同时开几个。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--drain` does what is due and ends."""
        parser.add_argument("--drain", action="store_true", help="办完眼下到期的事就结束")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Work until SIGTERM or Ctrl-C; a job in hand is handed back at its next word of progress."""
        refuse_unsound_database()
        learn()
        worker = Worker()
        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, lambda *_: worker.stop.set())
        if options["drain"]:
            self.stdout.write(f"办理 {worker.drain()} 轮，已无到期的事。")
            return
        worker.work()
