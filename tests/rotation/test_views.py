"""The screens of rotation through the client: what each role sees, places drawn and taken back, lists sent in, exports."""

import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook

from keyuan.kernel.models.batches import Batch
from keyuan.kernel.worker import Worker
from keyuan.people.roles import Role
from keyuan.rotation import actions
from keyuan.rotation.models import Exemption, ListedPerson, QuotaDraw, Reminder
from keyuan.rotation.sheets import PURPOSE
from keyuan.training.models import QuotaShare
from tests import factories
from tests.rotation.conftest import Ground

ClientFor = Callable[[Any], Client]


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_office_turns_ticked_people_into_places_and_back(ground: Ground, client_for: ClientFor) -> None:
    client, one = client_for(ground.academy.seats["registrar"]), ground.requirement("学会秘书长调训")
    people = [ground.person(f"演示甲{n}", ground.society) for n in range(3)]
    for who in people:
        actions.list_person(ground.office, requirement=one, person=who)
    klass = ground.klass(ground.today + timedelta(days=20), places=3)
    here = f"/rotation/?requirement={one.pk}"
    assert "演示甲0" in text(client.get(f"{here}&state=due&q=yanshi"))
    assert "没有符合条件的人员" in text(client.get(f"{here}&state=met"))
    asked = {"requirement": one.pk, "pk": [people[0].pk, people[1].pk], "act": "quota"}
    ground.klass(ground.today + timedelta(days=50), places=3)
    shown = text(client.post("/rotation/act/", asked))
    assert "应训未完成 2 人" in shown
    assert f'<option value="{klass.pk}" selected>' in shown
    assert f'name="share-{ground.society.pk}" value="2"' in shown
    assert client.post("/rotation/quota/", asked | {"act": "confirm"}).status_code == 422
    assert not QuotaShare.objects.exists()
    typed = asked | {"act": "confirm", "class": klass.pk, f"share-{ground.society.pk}": "9"}
    refused = client.post("/rotation/quota/", typed)
    assert refused.status_code == 422
    assert "超过" in text(refused)
    assert 'value="9"' in text(refused)
    assert not QuotaShare.objects.filter(training_class=klass).exists()
    done = client.post("/rotation/quota/", asked | {"act": "confirm", "class": klass.pk})
    assert done.status_code == 302
    assert QuotaShare.objects.get(training_class=klass).places == 2
    assert klass.title in text(client.get("/rotation/log/"))
    client.post(f"/rotation/draws/{QuotaDraw.objects.get().pk}/undo/")
    assert QuotaShare.objects.get(training_class=klass).places == 0
    client.post("/rotation/act/", asked | {"act": "remind"})
    assert Reminder.objects.get().due == 2


def test_an_exemption_is_asked_its_reason_and_shown_with_it(ground: Ground, client_for: ClientFor) -> None:
    client, one = client_for(ground.academy.seats["registrar"]), ground.requirement("学会秘书长调训")
    who = ground.person("演示甲", ground.society)
    actions.list_person(ground.office, requirement=one, person=who)
    asked = {"requirement": one.pk, "pk": who.pk}
    assert "免训理由" in text(client.post("/rotation/act/", asked | {"act": "exempt"}))
    assert client.post("/rotation/exempt/", asked | {"reason": " "}).status_code == 422
    assert client.post("/rotation/exempt/", asked | {"reason": "驻外工作"}).status_code == 302
    assert "驻外工作" in text(client.get(f"/rotation/requirements/{one.pk}/"))
    client.post(f"/rotation/exemptions/{Exemption.objects.get().pk}/undo/")
    assert Exemption.objects.get().revoked_at is not None


def test_a_liaison_sees_the_own_people_and_writes_nothing(ground: Ground, client_for: ClientFor) -> None:
    client, one = client_for(ground.academy.seats["liaison"]), ground.requirement("学会秘书长调训")
    for name, unit in zip(("演示本单位", "演示外单位"), ground.academy.units, strict=True):
        actions.list_person(ground.office, requirement=one, person=ground.person(name, unit))
    page = text(client.get(f"/rotation/?requirement={one.pk}"))
    assert "演示本单位" in page
    assert "演示外单位" not in page
    assert "登记免训" not in page
    for path in ("act", "quota", "remind", "exempt"):
        assert client.post(f"/rotation/{path}/", {"requirement": one.pk}).status_code == 403
    book = load_workbook(io.BytesIO(client.get(f"/rotation/export/?requirement={one.pk}").content))
    cells = [str(cell.value) for row in book.active.rows for cell in row]
    assert "演示本单位" in cells
    assert "演示外单位" not in cells


def test_ones_own_page_says_what_is_missing_until_when_and_what_would_count(
    ground: Ground, client_for: ClientFor
) -> None:
    seat = factories.seat(ground.academy, "trainee", Role.TRAINEE)
    one = ground.requirement("学会秘书长调训")
    actions.list_person(ground.office, requirement=one, person=seat.person)
    ends = date(ground.today.year, 12, 31)
    ground.klass(ends, title="演示开放班", entry="open", state="published", nominate_by=ground.today)
    page = text(client_for(seat).get("/rotation/mine/"))
    assert "还差1 次" in page
    assert "12月31日" in page
    assert "演示开放班" in page


def test_a_list_comes_in_by_sheet_and_who_is_not_known_is_left_with_the_reason(
    ground: Ground, client_for: ClientFor
) -> None:
    client, one = client_for(ground.academy.seats["registrar"]), ground.requirement("学会秘书长调训")
    ground.person("演示甲", ground.society)
    book = Workbook()
    book.active.append(["姓名", "单位", "备注"])
    book.active.append(["演示甲", ground.society.name, "演示"])
    book.active.append(["演示无名", ground.society.name, ""])
    kept = io.BytesIO()
    book.save(kept)
    file = SimpleUploadedFile("名单.xlsx", kept.getvalue())
    assert client.post(f"/rotation/requirements/{one.pk}/import/", {"file": file}).status_code == 302
    batch = Batch.objects.get(purpose=PURPOSE)
    assert "该单位的人员名单里没有此人" in text(client.get(f"/batches/{batch.pk}/"))
    client.post(f"/batches/{batch.pk}/confirm/")
    while Worker().run_one():
        continue
    assert batch.rows.filter(is_bad=True).count() == 1
    assert [row.person.name for row in ListedPerson.objects.select_related("person")] == ["演示甲"]


def test_requirements_regimes_and_labels_are_kept_on_screen(ground: Ground, client_for: ClientFor) -> None:
    client, office = client_for(ground.academy.seats["registrar"]), ground.academy.school.pk
    typed = {
        "title": "演示要求", "kind": "universal", "measure": "classes", "times": "1", "span": "calendar", "years": "1",
        "join_months": "0", "class_hours": "0", "organisation_kind_0": "society", "active": "on",
    }  # fmt: skip
    blank = client.post("/rotation/requirements/add/", typed | {"organisation_kind_0": ""})
    assert blank.status_code == 422
    assert 'value="演示要求"' in text(blank)
    assert client.post("/rotation/requirements/add/", typed).status_code == 302
    one = ground.requirement("演示要求")
    assert one.school_id == office
    assert client.get(f"/rotation/requirements/{one.pk}/edit/").status_code == 200
    figures = {"since": "2031-01-01", "span": "calendar", "years": "1", "hours": "100", "source": "演示文件"}
    regime = ground.requirement("干部网络自学").regime_id
    assert client.post(f"/rotation/regimes/{regime}/add/", figures).status_code == 302
    assert client.post(f"/rotation/regimes/{regime}/add/", figures).status_code == 422
    label, who = ground.label("省科协常委"), ground.person("演示甲", ground.society)
    client.post(f"/rotation/labels/{label.pk}/add/", {"name": "演示甲", "starts": "2020-01-01"})
    assert who.name in text(client.get(f"/rotation/labels/{label.pk}/"))
    for path in ("", "summary/", "summary/export/", "print/", "regimes/", "labels/", "template/"):
        assert client.get(f"/rotation/{path}").status_code == 200
