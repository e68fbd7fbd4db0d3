"""Two records of one person become one, by two persons, and apart again."""

from typing import Any

import pytest

from keyuan.attendance.models import Expected
from keyuan.kernel.access import Actor, Forbidden
from keyuan.kernel.faults import Conflict, Fault
from keyuan.kernel.models import AuditEntry
from keyuan.people import actions, queries
from keyuan.people.actions import merging
from keyuan.people.models import Merge, Person
from keyuan.training.models import Nomination
from tests import factories
from tests.factories import Academy
from tests.kernel.sheet_files import resident_number

WHY = "手机和单位相同，登记了两次"


def second(academy: Academy) -> Actor:
    actor = academy.actor("registrar")
    return Actor(factories.person(academy, "演示复核").pk, actor.school_id, None, actor.roles)


def pair(academy: Academy) -> tuple[Person, Person]:
    kept = factories.person(academy, "演示重复", academy.units[0])
    gone = factories.person(academy, "演示重复", academy.units[0])
    Person.objects.filter(pk=kept.pk).update(id_index="", id_sealed="", post_title="", birth_month="")
    Person.objects.filter(pk=gone.pk).update(post_title="主任", birth_month="1982-02")
    return Person.objects.get(pk=kept.pk), Person.objects.get(pk=gone.pk)


def proposed(academy: Academy, kept: Person, gone: Person) -> Merge:
    return merging.propose(academy.actor("registrar"), kept=kept, gone=gone, reason=WHY)


def test_everything_of_the_one_goes_to_the_other_and_comes_back(academy: Academy) -> None:
    kept, gone = pair(academy)
    number = queries.id_number_of(gone)
    klass = factories.published(academy, (5, 0), places=5)
    factories.nominee(academy, klass, unit=0, who=gone)
    merge = proposed(academy, kept, gone)
    assert Nomination.objects.get().person_id == gone.pk, "a proposal changes nothing"
    assert {each["model"] for each in merge.moved} >= {"training.Nomination"}
    checker = second(academy)
    merging.approve(checker, merge=merge)
    kept.refresh_from_db()
    gone.refresh_from_db()
    assert Nomination.objects.get().person_id == kept.pk
    assert (kept.post_title, kept.birth_month, gone.merged_into_id) == ("主任", "1982-02", kept.pk)
    assert queries.id_number_of(kept) == number
    assert queries.person_by_id_number(kept.school_id, number) == kept
    assert gone not in queries.people_matching(checker)
    merging.undo(checker, merge=merge, note="查明是两个人")
    kept.refresh_from_db()
    gone.refresh_from_db()
    assert Nomination.objects.get().person_id == gone.pk
    assert (kept.post_title, kept.id_index, gone.merged_into_id) == ("", "", None)
    assert queries.id_number_of(gone) == number
    said = set(AuditEntry.objects.values_list("action", flat=True))
    assert said >= {"people.merge_proposed", "people.merged", "people.merge_undone"}


def test_what_both_have_in_one_class_stays_and_is_listed(academy: Academy) -> None:
    kept, gone = pair(academy)
    klass = factories.published(academy, (5, 0), places=5)
    for person in (kept, gone):
        factories.nominee(academy, klass, unit=0, who=person)
    merge = merging.approve(second(academy), merge=proposed(academy, kept, gone))
    assert [each["model"] for each in merge.stayed if each["model"] == "training.Nomination"]
    assert set(Nomination.objects.values_list("person_id", flat=True)) == {kept.pk, gone.pk}
    assert queries.people_by_id_index(kept.school_id, [Person.objects.get(pk=kept.pk).id_index])


def test_nobody_approves_the_own_proposal_and_the_erased_are_left_alone(academy: Academy) -> None:
    kept, gone = pair(academy)
    merge = proposed(academy, kept, gone)
    with pytest.raises(Forbidden):
        merging.approve(academy.actor("registrar"), merge=merge)
    with pytest.raises(Conflict):
        proposed(academy, kept, gone)
    with pytest.raises(Forbidden):
        merging.propose(academy.actor("liaison"), kept=kept, gone=gone, reason=WHY)
    actions.erase_person(academy.actor("registrar"), person=gone)
    with pytest.raises(Fault, match="注销"):
        merging.approve(second(academy), merge=merge)
    merging.refuse(second(academy), merge=merge, note="不是")
    with pytest.raises((Fault, Forbidden)):
        proposed(academy, kept, Person.objects.get(pk=gone.pk))
    with pytest.raises(Fault):
        proposed(academy, kept, kept)


def test_erasing_the_kept_forgets_the_merged_record_and_what_undoing_needs(academy: Academy) -> None:
    kept, gone = pair(academy)
    checker = second(academy)
    merge = merging.approve(checker, merge=proposed(academy, kept, gone))
    actions.erase_person(academy.actor("registrar"), person=Person.objects.get(pk=kept.pk))
    gone.refresh_from_db()
    merge.refresh_from_db()
    assert (gone.name, merge.sealed) == ("已注销", "")
    with pytest.raises(Conflict):
        merging.undo(checker, merge=merge, note="错了")


def test_every_field_that_points_at_a_person_is_found(academy: Academy) -> None:
    found = {(model._meta.label, name) for model, name in merging.pointing()}
    assert found >= {
        ("people.Seat", "person_id"), ("training.Nomination", "person_id"), ("training.TrainingClass", "head_teacher_id"),
        ("attendance.Expected", "person_id"), ("credits.Certificate", "person_id"), ("kernel.Message", "person_id"),
    }  # fmt: skip
    assert (Expected._meta.label, "person_id") in found
    assert not any(label == "people.Merge" for label, _name in found)


def test_the_screens_lead_from_two_records_to_one(academy: Academy, client_for: Any) -> None:
    kept, gone = pair(academy)
    page = client_for(academy.seats["registrar"])
    place = f"/people/{kept.pk}/merge/"
    assert f"?gone={gone.pk}" in page.get(place).content.decode()
    beside = page.get(place, {"gone": gone.pk}).content.decode()
    assert resident_number(0)[:3] in beside
    assert page.post(place, {"gone": gone.pk, "reason": ""}).status_code == 422
    sent = page.post(place, {"gone": gone.pk, "reason": WHY})
    assert sent.status_code == 302
    shown = page.get(sent["Location"]).content.decode()
    assert "提出人不能自己复核" in shown
    assert page.post(f"{sent['Location']}decide/", {"move": "approve"}).status_code == 403
    assert WHY in page.get("/people/merges/").content.decode()


def test_the_page_says_in_chinese_what_moves(academy: Academy, client_for: Any) -> None:
    kept, gone = pair(academy)
    factories.nominee(academy, factories.published(academy, (5, 0), places=5), unit=0, who=gone)
    merge = proposed(academy, kept, gone)
    shown = client_for(academy.seats["registrar"]).get(f"/people/merges/{merge.pk}/").content.decode()
    assert "推荐报名 <span" in shown
