"""Sealed values open only where they belong, under any key and profile; indexes are keyed."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as running
from hypothesis import strategies as st

from keyuan.kernel import cipher
from keyuan.orgs.models import School
from keyuan.people.models import Person

ID = "440106198503070019"
BOUND = "person:7:id"


@pytest.fixture(autouse=True)
def _own_keys(settings, tmp_path: Path) -> None:
    settings.SECRETS = tmp_path / "secrets"
    settings.KEYUAN_CIPHER = "aes"


@pytest.mark.parametrize("profile", ["aes", "sm4"])
def test_a_sealed_value_opens_where_it_belongs(settings, profile):
    settings.KEYUAN_CIPHER = profile

    @running(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.text(), st.text())
    def comes_back(plain: str, bound: str) -> None:
        plain, bound = (text.encode("utf-8", "replace").decode() for text in (plain, bound))
        assert cipher.open_sealed(cipher.seal(plain, bound), bound) == plain

    comes_back()


@pytest.mark.parametrize("profile", ["aes", "sm4"])
def test_a_value_moved_to_another_row_does_not_open(settings, profile):
    settings.KEYUAN_CIPHER = profile
    text = cipher.seal(ID, BOUND)
    with pytest.raises(cipher.SealBroken, match="不属于这一行"):
        cipher.open_sealed(text, "person:8:id")


@pytest.mark.parametrize("profile", ["aes", "sm4"])
def test_any_altered_sign_is_noticed(settings, profile):
    settings.KEYUAN_CIPHER = profile
    text = cipher.seal(ID, BOUND)
    # The last sign carries spare bits; every other one counts.
    for place in range(len(text) - 1):
        for other in ("A", "B"):
            altered = text[:place] + other + text[place + 1 :]
            if altered != text:
                with pytest.raises(cipher.SealBroken):
                    cipher.open_sealed(altered, BOUND)


def test_the_profile_cannot_be_relabelled():
    text = cipher.seal(ID, BOUND)
    with pytest.raises(cipher.SealBroken):
        cipher.open_sealed(text.replace("k1a.", "k1s."), BOUND)


def test_sealing_twice_gives_two_texts_without_the_plain_one():
    first, second = cipher.seal(ID, BOUND), cipher.seal(ID, BOUND)
    assert first != second
    assert ID not in first


def test_nothing_stays_nothing():
    assert cipher.seal("", BOUND) == cipher.open_sealed("", BOUND) == cipher.blind_index("id", "") == ""


def test_old_values_open_after_a_new_key_and_after_a_change_of_profile(settings):
    old = cipher.seal(ID, BOUND)
    assert cipher.new_key() == 2
    new = cipher.seal(ID, BOUND)
    assert new.startswith("k2a.")
    settings.KEYUAN_CIPHER = "sm4"
    assert cipher.seal(ID, BOUND).startswith("k2s.")
    assert cipher.open_sealed(old, BOUND) == cipher.open_sealed(new, BOUND) == ID


def test_a_lost_key_is_said_and_not_made_anew(settings, tmp_path):
    text = cipher.seal(ID, BOUND)
    settings.SECRETS = tmp_path / "elsewhere"
    with pytest.raises(cipher.SealBroken, match="密钥"):
        cipher.open_sealed(text, BOUND)
    assert not (tmp_path / "elsewhere" / "seal1.key").exists()


@pytest.mark.parametrize("profile", ["aes", "sm4"])
def test_an_index_finds_equals_of_its_kind_and_needs_the_key(settings, tmp_path, profile):
    settings.KEYUAN_CIPHER = profile
    index = cipher.blind_index("id", ID)
    assert index == cipher.blind_index("id", ID)
    assert len(index) == 64
    assert index != cipher.blind_index("phone", ID)
    assert index not in {
        hashlib.sha256(ID.encode()).hexdigest(),
        hashlib.new("sha256", f"id|{ID}".encode()).hexdigest(),
    }
    settings.SECRETS = tmp_path / "other"
    assert cipher.blind_index("id", ID) != index


@pytest.mark.django_db
def test_rotation_reseals_every_row_and_may_run_twice(settings, monkeypatch):
    school = School.objects.create(code="rot", name="测试校区")
    monkeypatch.setattr(cipher, "FIELDS", [])

    def bound(person: Person) -> str:
        return f"person:{person.key}:id"

    cipher.sealed(Person, "id_sealed", bound, index=("id_index", "id"))
    people = [Person.objects.create(school=school, name=f"演示{number}") for number in range(5)]
    for number, person in enumerate(people[:4]):
        plain = f"{ID[:-1]}{number}"
        Person.objects.filter(pk=person.pk).update(
            id_sealed=cipher.seal(plain, bound(person)), id_index=cipher.blind_index("id", plain)
        )
    cipher.new_key()
    settings.KEYUAN_CIPHER = "sm4"
    assert cipher.rotate() == 4
    assert cipher.rotate() == 0
    for number, person in enumerate(people[:4]):
        person.refresh_from_db()
        plain = f"{ID[:-1]}{number}"
        assert cipher.is_current(person.id_sealed)
        assert cipher.open_sealed(person.id_sealed, bound(person)) == plain
        assert person.id_index == cipher.blind_index("id", plain)


@pytest.mark.django_db
def test_rotation_names_the_row_that_does_not_open(monkeypatch):
    school = School.objects.create(code="rot", name="测试校区")
    monkeypatch.setattr(cipher, "FIELDS", [])
    cipher.sealed(Person, "id_sealed", lambda person: f"person:{person.key}:id")
    person = Person.objects.create(school=school, name="演示")
    Person.objects.filter(pk=person.pk).update(id_sealed=cipher.seal(ID, "person:somebody else:id"))
    cipher.new_key()
    with pytest.raises(cipher.SealBroken, match=rf"people\.Person {person.pk}"):
        cipher.rotate()
