"""`manage prepare`: bring an installation to where it can serve, in one process; a second run changes nothing."""

import io
import json
from pathlib import Path
from typing import Any

from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from keyuan.kernel import gathering
from keyuan.kernel.models import AuditEntry


class Command(BaseCommand):
    """What `run.py` calls before it starts the server."""

    help = "检查、迁移、收集静态文件、空库载入起始数据"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Where the starter finds what was prepared."""
        parser.add_argument("--no-demo", action="store_true", help="空库时不载入演示数据")
        parser.add_argument("--report", help="把结果写进这个 JSON 文件")

    def handle(self, **options: Any) -> None:
        """Each step is skipped when nothing has to be done, so that a warm start is quick."""
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("正在建立或更新数据表…")
            call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        # Only now: some checks look at triggers that the migrations have just made.
        call_command("check", databases=["default"], fail_level="ERROR", stdout=io.StringIO())
        if gathering.gather():
            self.stdout.write("已收集静态文件。")
        if not AuditEntry.objects.exists():
            self.start_data(demo=not options["no_demo"])
        if options["report"]:
            Path(options["report"]).write_text(json.dumps({"demo": self.demo_accounts()}), "utf-8")

    def start_data(self, *, demo: bool) -> None:
        """Fill an empty database."""
        for name in ("start_data", "demo") if demo else ("start_data",):
            self.stdout.write({"start_data": "正在载入起始数据…", "demo": "正在生成演示数据…"}[name])
            # Demo accounts follow: a first account beside them would only confuse.
            call_command(name, verbosity=0, **({"no_account": demo} if name == "start_data" else {}))

    def demo_accounts(self) -> str:
        """The demo accounts by role, empty when there are none."""
        if "demo" not in get_commands():
            return ""
        words = io.StringIO()
        call_command("demo", "--list", stdout=words)
        return words.getvalue().strip("\n").rstrip()
