"""The plan on screen: upload, preview, confirm; the table; who may do what."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from keyuan.orgs.models import Organisation, School
from keyuan.people.roles import Role
from keyuan.plan.actions import STARTING_PLAN, load_starting_plan
from keyuan.plan.models import AnnualPlan, KeyActivity
from tests.plan.conftest import seat_in


def upload(client, text: str):
    return client.post("/plan/import/", {"file": SimpleUploadedFile("plan.txt", text.encode())})


def token_in(answer) -> str:
    return re.search(r'name="annex" value="([^"]+)"', answer.content.decode())[1]


def test_an_upload_is_previewed_and_only_the_confirmation_writes(registrar, client_for):
    client = client_for(registrar)
    answer = upload(client, STARTING_PLAN.read_text("utf-8"))
    assert answer.status_code == 200
    assert not AnnualPlan.objects.exists()
    token = token_in(answer)
    assert client.post("/plan/import/confirm/", {"annex": token}).url == "/plan/2020/"
    assert KeyActivity.objects.count() == 23
    # Pressed again from the browser's history: the plan has moved since that preview, and nothing is doubled.
    assert client.post("/plan/import/confirm/", {"annex": token}).status_code == 409
    assert "没有变化" in upload(client, STARTING_PLAN.read_text("utf-8")).content.decode()


def test_a_faulty_upload_answers_422_with_the_reason_and_changes_nothing(registrar, client_for):
    answer = upload(client_for(registrar), STARTING_PLAN.read_text("utf-8").replace("\t5\t", "\t6\t"))
    assert answer.status_code == 422
    assert "编号 6 出现了 2 次" in answer.content.decode()
    assert not AnnualPlan.objects.exists()


def test_an_altered_preview_is_refused(registrar, client_for):
    answer = client_for(registrar).post("/plan/import/confirm/", {"annex": "x"})
    assert (answer.status_code, AnnualPlan.objects.count()) == (422, 0)


def test_the_table_is_narrowed_by_department_type_and_words(school, registrar, client_for):
    load_starting_plan(school)
    client = client_for(registrar)
    lead = Organisation.objects.get(short_name="组联部")
    page = client.get("/plan/2020/", {"lead": lead.pk}).content.decode()
    assert "科协系统干部培训班" in page
    assert "岭南科学论坛" not in page
    assert "岭南科学论坛" in client.get("/plan/2020/", {"q": "论坛"}).content.decode()
    assert client.get("/plan/2020/", {"lead": "甲", "kind": "x", "q": "０"}).status_code == 200
    assert client.get("/plan/2020/export/")["Content-Type"].startswith("application/vnd.openxml")
    assert client.get("/plan/").status_code == 200


def test_an_activity_is_corrected_and_shows_its_history(school, registrar, client_for):
    load_starting_plan(school)
    client = client_for(registrar)
    activity = KeyActivity.objects.get(number=13)
    lead = activity.leads.get().organisation_id
    assert client.get(f"/plan/activities/{activity.pk}/edit/").status_code == 200
    answer = client.post(f"/plan/activities/{activity.pk}/edit/", {"name": "全国科普月", "lead_1": lead})
    assert answer.status_code == 302
    page = client.get(f"/plan/activities/{activity.pk}/").content.decode()
    assert "“全国科普日”改为“全国科普月”" in page
    assert (
        client.post(f"/plan/activities/{activity.pk}/edit/", {"name": "", "lead_1": lead}).status_code == 422
    )


def test_a_trainee_reads_and_may_not_change(school, client_for):
    load_starting_plan(school)
    client = client_for(seat_in(school, Role.TRAINEE))
    activity = KeyActivity.objects.first()
    assert client.get("/plan/2020/").status_code == 200
    assert "导入新版" not in client.get("/plan/2020/").content.decode()
    assert client.get("/plan/import/").status_code == 403
    assert client.get(f"/plan/activities/{activity.pk}/edit/").status_code == 403


def test_another_school_sees_nothing(school, client_for):
    load_starting_plan(school)
    other = School.objects.create(code="other", name="演示分校")
    client = client_for(seat_in(other, Role.REGISTRAR))
    for path in ("/plan/2020/", "/plan/2020/export/", f"/plan/activities/{KeyActivity.objects.first().pk}/"):
        assert client.get(path).status_code == 404


def test_the_table_costs_the_same_number_of_queries_whatever_it_shows(
    school, registrar, client_for, django_assert_max_num_queries
):
    load_starting_plan(school)
    client = client_for(registrar)
    client.get("/plan/2020/")
    with django_assert_max_num_queries(14):
        client.get("/plan/2020/")


def run(*words: str) -> str:
    out = io.StringIO()
    call_command("plan", "import", *words, stdout=out)
    return out.getvalue()


def test_the_command_prints_imports_once_and_reports_changes(school, tmp_path):
    assert "6 个类型，23 项重点活动" in run(str(STARTING_PLAN), "--dry-run")
    assert not AnnualPlan.objects.exists()
    assert "已导入2020年度计划" in run(str(STARTING_PLAN), "--yes")
    assert "没有变化" in run(str(STARTING_PLAN), "--yes")
    path = tmp_path / "edited.txt"
    path.write_text(STARTING_PLAN.read_text("utf-8").replace("全国科普日", "全国科普月"), "utf-8")
    assert "“全国科普日”→“全国科普月”" in run(str(path), "--yes")
    path.write_text("没有表格", "utf-8")
    with pytest.raises(CommandError, match="没有找到年度计划表"):
        run(str(path), "--yes")
