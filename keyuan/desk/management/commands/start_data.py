"""`manage start_data`: fill an empty installation with what is the project's own; a second run changes nothing."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from keyuan.desk import starting


class Command(BaseCommand):
    """The starting data (起始数据)."""

    help = "载入起始数据：学校、单位名单、2020 年度计划、编号序列、考勤规定，以及首个账号的开通链接"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The first account may be named, or left out when demo accounts follow."""
        parser.add_argument("--email", default=starting.FIRST_EMAIL, help="首个安全管理员的登录邮箱")
        parser.add_argument("--no-account", action="store_true", help="不建首个账号")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Load, and print the one-time link while nobody can sign in."""
        found = starting.start()
        if options["verbosity"]:
            self.stdout.write(
                f"{found.school}：{found.organisations} 个单位，{found.activities} 项重点活动。"
            )
        link = "" if options["no_account"] else starting.first_account(found.school, email=options["email"])
        if link:
            self.stdout.write(
                f"\n还没有账号。请用这个一次性链接开通首个安全管理员（登录名 {options['email']}，七天内有效）：\n"
                f"The first account is opened by this one-time link (seven days):\n\n    {link}\n"
            )
