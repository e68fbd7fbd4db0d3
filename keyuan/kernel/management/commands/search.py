"""`manage search rebuild`: the index made anew."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from keyuan.kernel import search
from keyuan.kernel.worker import learn


class Command(BaseCommand):
    """Keeps the search index."""

    help = "重建检索：manage search rebuild"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """There is one deed so far."""
        parser.add_argument("deed", choices=["rebuild"])

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Rebuild and say how much there is."""
        learn()
        count = search.rebuild(lambda kind, number: self.stdout.write(f"{kind}：累计 {number} 条"))
        self.stdout.write(f"检索已重建，共 {count} 条。")
