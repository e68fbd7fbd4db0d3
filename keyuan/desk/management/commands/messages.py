"""`manage messages`: bring the translations up to the code and tell what is still untranslated."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from keyuan.kernel import translations


class Command(BaseCommand):
    """The texts of the screens (译文)."""

    help = "更新译文：从代码取出界面文字，更新 locale/ 里的英文与繁体，编译，并列出未译的文字。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--check` only looks; `--english FILE` takes over new English texts."""
        parser.add_argument("--check", action="store_true", help="只检查，不写入；有缺口时以 1 结束")
        parser.add_argument("--english", type=Path, help="JSON 文件 {中文: 英文}，并入英文译文")
        parser.add_argument(
            "--missing", type=Path, help="把未译的文字写成 JSON 文件，填好后用 --english 并入"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Renew unless only asked to check; end with 1 while anything is missing."""
        root, locale = Path(settings.BASE_DIR), Path(settings.LOCALE_PATHS[0])
        if not options["check"]:
            self._renew(root, locale, options["english"])
        found = translations.shortfalls(root, locale)
        if options["missing"]:
            texts = {text: "" for each in found if each.language == "en" for text in each.missing}
            options["missing"].write_text(json.dumps(texts, ensure_ascii=False, indent=1), "utf-8")
        for each in found:
            self.stdout.write(f"{each.language}：未译 {len(each.missing)} 条")
            self.stdout.writelines(f"  {text!r}" for text in each.missing)
            self.stdout.writelines(f"  占位符不一致：{text!r}" for text in each.placeholders)
            if each.stale:
                self.stdout.write("  .mo 与 .po 不一致，请运行 manage messages")
        if found:
            raise CommandError("译文不全。")
        self.stdout.write(self.style.SUCCESS("译文齐全。"))

    def _renew(self, root: Path, locale: Path, words: Path | None) -> None:
        from opencc import OpenCC  # its tables take a moment to read, which `--check` need not wait for

        try:
            english = translations.english_of(words) if words else {}
        except (OSError, ValueError) as fault:
            raise CommandError(f"读不出 {words}：应为 JSON 对象 {{中文: 英文}}。") from fault
        translations.renew(root, locale, english, OpenCC("s2tw").convert)
