"""Translations: complete against the code, with their placeholders, compiled, and shown on pages."""

import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from keyuan.kernel import audit, translations
from keyuan.kernel.faults import Fault
from keyuan.kernel.flow import FLOWS

ROOT = Path(settings.BASE_DIR)
LOCALE = Path(settings.LOCALE_PATHS[0])


@pytest.fixture(scope="module")
def template():
    return translations.collect(ROOT)


@pytest.mark.parametrize("language", translations.LANGUAGES)
def test_every_text_of_the_code_is_translated_with_its_placeholders(template, language):
    found = translations.shortfall(template, LOCALE, language)
    assert found.missing == [], "run `manage messages --missing FILE`, fill the file, `--english FILE`"
    assert found.placeholders == []


@pytest.mark.parametrize("language", translations.LANGUAGES)
def test_the_compiled_file_says_what_the_texts_say(template, language):
    assert not translations.shortfall(template, LOCALE, language).stale


def test_no_text_is_empty(template):
    assert all(message.id.strip() for message in template if message.id and isinstance(message.id, str))


def test_english_texts_hold_no_chinese_but_what_people_must_type():
    kept = translations.read(LOCALE, "en")
    chinese = [m.id for m in kept if m.id and translations.CHINESE.search(str(m.string))]
    assert len(chinese) <= 20, chinese


def test_words_given_to_the_registers_are_found():
    source = (
        'Move("go", "提交审批", ("a",), "b", rule="x.y")\n'
        '@rule("x.y", title="审批班次", roles=())\ndef f(): ...\n'
        'raise Fault("请写明理由。", "note")\nraise Fault(f"{a}不对")\nprint("不是界面文字")\n'
    )
    assert [word for _line, word in translations.declared_words(source)] == [
        "提交审批",
        "提交审批：{thing}",
        "审批班次",
        "请写明理由。",
    ]


@pytest.mark.parametrize(
    ("language", "words", "direction"),
    [
        ("zh-hans", "核验一本证书", "zh"),
        ("zh-hant", "核驗一本證書", "zh"),
        ("en", "Verify a certificate", "en"),
    ],
)
def test_the_front_page_renders_in_each_language(db, language, words, direction):
    answer = Client(headers={"accept-language": language}).get("/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert words in page
    assert f'lang="{direction}' in page


def test_buttons_audit_lines_and_refusals_follow_the_reader():
    move = FLOWS["training.class"].moves["submit"]
    with translation.override("en"):
        assert str(move.label) == "Submit for approval"
        assert Fault("请写明理由。").message == "Please give the reason."
        entry = audit.AuditEntry(action="training.class.submit", facts={})
        assert audit.words(entry, "A") == "Submit for approval: A"
    with translation.override("zh-hans"):
        assert str(move.label) == "提交审批"


def test_a_missing_text_and_a_lost_placeholder_are_told(tmp_path):
    shutil.copytree(LOCALE, tmp_path / "locale")
    template = translations.collect(ROOT)
    template.add("从未见过的 %(n)s 条")
    found = translations.shortfall(template, tmp_path / "locale", "en")
    assert found.missing == ["从未见过的 %(n)s 条"]
    kept = translations.read(tmp_path / "locale", "en")
    kept.add("从未见过的 %(n)s 条", string="never seen")
    translations.write(tmp_path / "locale", "en", kept)
    assert translations.shortfall(template, tmp_path / "locale", "en").placeholders == ["从未见过的 %(n)s 条"]
