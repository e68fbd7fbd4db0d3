"""Who orders lessons has a package looked through; it is told what it is, or why it cannot be used."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests import factories
from tests.packages.test_rules import CMI5, manifest, packed

pytestmark = pytest.mark.django_db


def sent(client: Client, content: bytes) -> Any:
    return client.post(
        "/packages/check/", {"file": SimpleUploadedFile("课件.zip", content, "application/zip")}
    )


def test_a_package_is_reported_on_and_a_broken_one_refused_with_its_reason(
    client_for: Callable[[Any], Client],
) -> None:
    client = client_for(factories.build().seats["registrar"])
    assert "SCORM 2004" in client.get("/packages/check/").content.decode()
    answer = sent(
        client,
        packed({"cmi5.xml": CMI5.format(move="CompletedOrPassed"), "index.html": "x" * 2048}).getvalue(),
    )
    text = answer.content.decode()
    assert answer.status_code == 200
    for words in ("演示课程", "单元一", "index.html?pages=1", "学完或通过", "0.7"):
        assert words in text
    whole = bytearray(
        packed(
            {"imsmanifest.xml": manifest(), "index.html": "", "b.bin": bytes(range(256))}, how=0
        ).getvalue()
    )
    whole[whole.index(bytes(range(256)))] ^= 1
    for content, words in (
        (bytes(whole), "b.bin"),
        (packed({"a.html": ""}).getvalue(), "不是课件包"),
        (b"x", "不是 ZIP"),
    ):
        answer = sent(client, content)
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert client.post("/packages/check/").status_code == 422


def test_a_liaison_has_no_packages_looked_through(client_for: Callable[[Any], Client]) -> None:
    assert client_for(factories.build().seats["liaison"]).get("/packages/check/").status_code == 403
