"""The screens of terms through the client: seen by whom, filled in without scripts, refused with what was typed kept."""

import io
from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook

from keyuan.kernel import todos
from keyuan.kernel.models.batches import Batch
from keyuan.kernel.sheet import batches
from keyuan.kernel.worker import Worker
from keyuan.orgs import actions as orgs
from keyuan.people.models import Person
from keyuan.terms import actions
from keyuan.terms.models import Change, Term
from keyuan.terms.sheets import PURPOSE
from tests import factories
from tests.terms.conftest import START, Ground, again

ClientFor = Callable[[Any], Client]


def office(ground: Ground, client_for: ClientFor) -> Client:
    return client_for(ground.academy.seats["registrar"])


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_registrar_elects_by_name_and_is_asked_who_is_meant(
    ground: Ground, client_for: ClientFor
) -> None:
    client, one = office(ground, client_for), ground.societies[1]
    typed = {
        "post": ground.post().pk,
        "began": "elected",
        "holder_name": "演示甲",
        "starts": "2011-05-20",
        "number": "7",
    }
    asked = client.post(f"/terms/organisations/{one.pk}/elect/", typed)
    assert asked.status_code == 422
    assert "请确认是哪一位" in text(asked)
    assert 'value="演示甲"' in text(asked)
    assert not Term.objects.exists()
    who = typed | {"who": str(ground.people[0].pk)}
    assert client.post(f"/terms/organisations/{one.pk}/elect/", who).status_code == 302
    assert Term.objects.get().holder == ground.people[0]
    assert "演示甲" in text(client.get(f"/terms/organisations/{one.pk}/"))
    new = typed | {"post": ground.post("secretary_general").pk, "holder_name": "演示新人", "who": "new"}
    assert client.post(f"/terms/organisations/{one.pk}/elect/", new).status_code == 302
    assert Person.objects.get(name="演示新人").organisation == one


def test_somebody_of_the_unit_is_not_asked_about(ground: Ground, client_for: ClientFor) -> None:
    typed = {"post": ground.post().pk, "holder_name": "演示甲", "starts": "2011-05-20", "began": "elected"}
    path = f"/terms/organisations/{ground.societies[0].pk}/"
    assert office(ground, client_for).post(f"{path}elect/", typed).status_code == 302


def test_a_term_goes_its_way_on_the_screens(ground: Ground, client_for: ClientFor) -> None:
    client, term = office(ground, client_for), ground.elect(number=7)
    path = f"/terms/{term.pk}/"
    late = client.post(f"{path}extend/", {"to": "2019-01-01", "basis": "演示 1 号"})
    assert late.status_code == 422
    assert "最长 12 个月" in text(late)
    assert client.post(f"{path}extend/", {"to": "2017-05-19", "basis": "演示 1 号"}).status_code == 302
    typed = {"holder_name": "演示乙", "on": "2013-01-01", "ended": "replaced"}
    assert client.post(f"{path}replace/", typed).status_code == 302
    new = Term.objects.get(ends=None)
    assert client.post(f"/terms/{new.pk}/end/", {"on": "2014-01-01", "ended": "resigned"}).status_code == 302
    typed = {
        "number": "6",
        "began": "elected",
        "starts": "2011-05-20",
        "due": "2016-05-19",
        "extended_to": "2017-05-19",
        "ends": "2012-12-31",
        "ended": "replaced",
    }
    assert client.post(f"{path}correct/", typed).status_code == 422
    assert client.post(f"{path}correct/", typed | {"reason": "届次填错"}).status_code == 302
    assert again(term).number == 6
    page = text(client.get(f"/terms/organisations/{term.organisation_id}/"))
    assert "空缺" in page
    assert "届次填错" in page
    change = Change.objects.order_by("-pk")[0]
    assert client.post(f"/terms/changes/{change.pk}/undo/").status_code == 302
    assert again(term).number == 7
    assert client.get(f"{path}correct/").status_code == 200


def test_acting_and_vacancy_are_put_down(ground: Ground, client_for: ClientFor) -> None:
    client, path = office(ground, client_for), f"/terms/organisations/{ground.societies[0].pk}/"
    vacancy = {"post": ground.post().pk, "starts": "2011-05-20"}
    assert client.post(f"{path}vacant/", vacancy).status_code == 302
    acting = vacancy | {"holder_name": "演示乙"}
    assert client.post(f"{path}act/", acting).status_code == 302
    assert {term.began for term in Term.objects.all()} == {"vacant", "acting"}
    assert "演示乙" in text(client.get("/terms/", {"state": "acting"}))


def test_the_board_is_searched_filtered_sorted_and_exported(ground: Ground, client_for: ClientFor) -> None:
    ground.elect()
    orgs.rename(ground.office, organisation=ground.societies[0], name="演示省算学会", on=date(2015, 1, 1))
    client = office(ground, client_for)
    for query in (
        {"q": "数学学会"},
        {"q": "演示甲"},
        {"state": "overdue"},
        {"before": "2016-06-01"},
        {"duty": "president"},
    ):
        page = text(client.get("/terms/", query))
        assert "演示省算学会" in page, query
    for query in (
        {"q": "物理"},
        {"state": "vacant"},
        {"kind": "city_association"},
        {"before": "2016-01-01"},
        {"within": "3"},
    ):
        assert "演示省算学会" not in text(client.get("/terms/", query)), query
    assert "演示省数学学会" in text(client.get("/terms/", {"on": "2012-01-01"}))
    for key in ("order", "-deadline", "holder", "starts", "post", "无"):
        assert (
            client.get("/terms/", {"sort": key, "on": "无", "before": "无", "within": "无"}).status_code
            == 200
        )
    book = load_workbook(io.BytesIO(client.get("/terms/export/", {"duty": "president"}).content))
    cells = [cell for row in book.active.iter_rows(values_only=True) for cell in row]
    assert {"演示省算学会", "演示甲", "超期未换届", "未登记"} <= set(cells)


def test_a_liaison_reads_the_own_unit_and_writes_nothing(ground: Ground, client_for: ClientFor) -> None:
    ground.elect()
    client = client_for(factories.seat(ground.academy, "math", factories.Role.LIAISON, ground.societies[0]))
    own, other = (f"/terms/organisations/{unit.pk}/" for unit in ground.societies)
    assert "登记任职" not in text(client.get(own))
    assert client.get(other).status_code == 403
    assert client.get(f"{own}elect/").status_code == 403
    assert client.get("/terms/import/").status_code == 403


def test_another_school_sees_nothing(ground: Ground, client_for: ClientFor) -> None:
    term, other = ground.elect(), factories.build("other")
    client = client_for(other.seats["registrar"])
    for path in (f"organisations/{term.organisation_id}/", f"{term.pk}/end/", f"posts/{term.post_id}/"):
        assert client.get(f"/terms/{path}").status_code == 404
    assert client.post(f"/terms/changes/{Change.objects.get().pk}/undo/").status_code == 404
    assert "演示省数学" not in text(client.get("/terms/"))


def test_posts_and_rules_are_kept(ground: Ground, client_for: ClientFor) -> None:
    client = office(ground, client_for)
    facts = {"kind": "society", "name": "名誉理事长", "duty": "other", "active": "on"}
    assert client.post("/terms/posts/add/", facts).status_code == 302
    assert client.post("/terms/posts/add/", facts).status_code == 422
    rule = {
        "kind": "society",
        "since": "2030-01-01",
        "years": "4",
        "extension_months": "6",
        "basis": "演示章程",
    }
    assert client.post("/terms/posts/rules/", rule).status_code == 302
    post = ground.post()
    assert (
        client.post(f"/terms/posts/{post.pk}/rename/", {"name": "会长", "on": "2015-01-01"}).status_code
        == 302
    )
    page = text(client.get("/terms/posts/"))
    for words in ("名誉理事长", "演示章程", "前称理事长"):
        assert words in page
    assert client.post("/terms/posts/defaults/").status_code == 302


def test_an_organisation_is_renamed_on_its_screen(ground: Ground, client_for: ClientFor) -> None:
    client, path = office(ground, client_for), f"/organisations/{ground.societies[0].pk}/rename/"
    assert (
        client.post(path, {"name": "演示省算学会", "on": "2015-01-01", "basis": "演示批复"}).status_code
        == 302
    )
    assert "演示批复" in text(client.get(f"/organisations/{ground.societies[0].pk}/"))
    assert client.post(path, {"name": "演示省物理学会", "on": "2016-01-01"}).status_code == 422
    assert client.post(path, {"act": "undo"}).status_code == 302
    ground.societies[0].refresh_from_db()
    assert ground.societies[0].name == "演示省数学学会"


def test_the_registrar_is_told_of_terms_that_end(ground: Ground) -> None:
    term = ground.elect()
    said = {todo.title: todo for todo in todos.for_actor(ground.office) if todo.group == "任期"}
    assert list(said) == ["1 个任期已届满，尚未换届"]
    actions.end(ground.office, term=term, on=date(2017, 1, 1), ended="expired")
    assert not [todo for todo in todos.for_actor(ground.office) if todo.group == "任期"]


# --- the list --------------------------------------------------------------------------------------


def workbook(*rows: tuple[Any, ...]) -> SimpleUploadedFile:
    book, out = Workbook(), io.BytesIO()
    book.active.append(
        ("单位名称", "职务", "届次", "姓名", "任职起", "任期至", "产生方式", "实际离任", "离任方式")
    )
    for row in rows:
        book.active.append(row)
    book.save(out)
    return SimpleUploadedFile("任期.xlsx", out.getvalue())


def sent(ground: Ground, client: Client, *rows: tuple[Any, ...]) -> Batch:
    answer = client.post("/terms/import/", {"file": workbook(*rows)})
    assert answer.status_code == 302, text(answer)
    return Batch.objects.order_by("-pk")[0]


def test_a_list_goes_in_and_goes_in_again_without_a_change(ground: Ground, client_for: ClientFor) -> None:
    client = office(ground, client_for)
    rows = (
        ("演示省数学学会", "会长", 7, "演示新甲", "2011-05-20", None, None, None, None),
        ("演示省数学学会", "理事长", 6, "演示新乙", "2006-05-20", "2011-05-19", None, "2011-05-19", "届满"),
        ("演示省物理学会", "理事长", 4, "演示新丙", "2012年3月1日", None, "换届选举", None, None),
        ("演示省物理学会", "秘书长", 4, None, "2012-03-01", None, "空缺", None, None),
    )
    for _time in range(2):
        batch = sent(ground, client, *rows)
        assert not batch.rows.filter(is_bad=True).exists()
        client.post(f"/batches/{batch.pk}/confirm/")
        while Worker().run_one():
            continue
        assert Term.objects.count() == 4
        if _time == 0:
            # Sent again, people of the names are known and asked about: the proposed answer is the known one.
            assert Person.objects.filter(name__startswith="演示新").count() == 3
            rows = rows[3:]


def test_bad_and_doubtful_rows_are_said_and_asked(ground: Ground, client_for: ClientFor) -> None:
    client = office(ground, client_for)
    orgs.rename(ground.office, organisation=ground.societies[0], name="演示省算学会", on=date(2015, 1, 1))
    batch = sent(
        ground, client,
        ("演示省数学学会", "理事长", 7, "演示甲", "2011-05-20", None, None, None, None),
        ("演示省物理学会", "门卫", 7, "演示新乙", "2011-05-20", None, None, None, None),
        ("演示省物理学会", "理事长", 7, None, "2011-05-20", None, None, None, None),
        ("演示省物理学会", "秘书长", 7, "演示新丁", "2011-05-20", "2010-05-20", None, "2009-01-01", None),
        ("没有的单位", "理事长", 7, "演示新丁", "2011-05-20", None, None, None, None),
    )  # fmt: skip
    rows = {row.sheet_row: row for row in batch.rows.all()}
    asked = batches.opened(rows[2])
    assert {question.column for question in asked.open_questions} == {"单位", "姓名"}
    assert asked.questions[0].options[0].label == "演示省算学会"
    faults = {number: {fault.column for fault in batches.opened(row).faults} for number, row in rows.items()}
    assert faults[3] == {"职务"}
    assert faults[4] == {"姓名"}
    assert faults[5] == {"实际离任", "任期至"}
    assert faults[6] == {"单位"}
    left = load_workbook(io.BytesIO(batches.result_file(ground.office, batch=batch)))
    cells = " ".join(str(cell) for row in left.active.iter_rows(values_only=True) for cell in row if cell)
    assert "没有这项职务" in cells
    assert batch.purpose == PURPOSE
    assert not Term.objects.exists()


def test_a_row_that_overlaps_is_left_with_its_reason(ground: Ground, client_for: ClientFor) -> None:
    client = office(ground, client_for)
    ground.elect(1, START)
    batch = sent(
        ground,
        client,
        ("演示省数学学会", "理事长", 6, "演示新乙", "2010-05-20", None, None, "2013-01-01", "辞任"),
    )
    client.post(f"/batches/{batch.pk}/confirm/")
    while Worker().run_one():
        continue
    assert "重叠" in str(batch.rows.get().faults)
    assert Term.objects.count() == 1
