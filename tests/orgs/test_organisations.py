"""The list of organisations: the starting data, the office's own file, corrections."""

import io
import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from keyuan.kernel.access import system_of
from keyuan.orgs.actions import STARTING_LIST, load_starting_organisations, take_list
from keyuan.orgs.models import Organisation, School
from keyuan.orgs.queries import compare
from keyuan.orgs.sheets import ORGANISATIONS, export_rows, read_list


def test_the_starting_list_has_cities_in_official_order_and_loads_once(school):
    cities = (
        Organisation.objects.filter(kind="city_association")
        .order_by("order")
        .values_list("city_code", flat=True)
    )
    assert len(cities) == 21
    assert list(cities[:6]) == ["4401", "4403", "4404", "4405", "4406", "4402"]
    assert Organisation.objects.filter(kind="society").count() == 186
    assert load_starting_organisations(school).changes_nothing


def test_the_offices_file_retires_what_it_leaves_out_of_its_own_kinds_only(school):
    listed = [one for one in read_list(STARTING_LIST) if one.kind == "society"][:10]
    found = take_list(system_of(school.pk), school=school, listed=listed, whole=True)
    assert (len(found.retired), found.same) == (176, 10)
    assert Organisation.objects.filter(kind="society", active=True).count() == 10
    assert Organisation.objects.filter(kind="city_association", active=True).count() == 21
    take_list(system_of(school.pk), school=school, listed=read_list(STARTING_LIST), whole=True)
    assert Organisation.objects.filter(kind="society", active=True).count() == 186


def test_the_export_reads_back_without_a_change(school, tmp_path):
    path = tmp_path / "list.xlsx"
    path.write_bytes(ORGANISATIONS.export(export_rows(Organisation.objects.all())))
    assert compare(school, read_list(path), whole=True).changes_nothing


def test_the_command_takes_a_csv(school, tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("单位名称,类别\n演示省天文学会,省级学会\n", "gb18030")
    out = io.StringIO()
    call_command("organisations", "import", str(path), stdout=out)
    assert "新增 1" in out.getvalue()


def test_upload_preview_confirm_and_correction_in_the_browser(school, registrar, client_for):
    client = client_for(registrar)
    text = "单位名称,类别,统一社会信用代码\n演示省天文学会,省级学会,51440000TEST000001\n"
    answer = client.post("/organisations/import/", {"file": SimpleUploadedFile("a.csv", text.encode())})
    assert answer.status_code == 200
    token = re.search(r'name="list" value="([^"]+)"', answer.content.decode())[1]
    assert not Organisation.objects.filter(name="演示省天文学会").exists()
    assert client.post("/organisations/import/confirm/", {"list": token}).status_code == 302
    one = Organisation.objects.get(name="演示省天文学会")
    facts = {"name": "演示省天文与空间学会", "kind": "society", "certainty": "office", "active": "on"}
    assert client.post(f"/organisations/{one.pk}/", facts).status_code == 302
    assert one.former_names.get().name == "演示省天文学会"
    assert client.post(f"/organisations/{one.pk}/", facts | {"name": "广东省数学会"}).status_code == 422
    bad = "单位名称,类别\n某会,不知道\n"
    answer = client.post("/organisations/import/", {"file": SimpleUploadedFile("a.csv", bad.encode())})
    assert answer.status_code == 422
    assert "第 2 行 类别" in answer.content.decode()


def test_the_list_is_searched_paged_and_exported(
    school, registrar, client_for, django_assert_max_num_queries
):
    client = client_for(registrar)
    assert "广东省数学会" in client.get("/organisations/", {"q": "数学会"}).content.decode()
    with django_assert_max_num_queries(12):
        assert client.get("/organisations/", {"kind": "society", "page": 2}).status_code == 200
    assert client.get("/organisations/export/").status_code == 200
    assert client.get("/organisations/template/").status_code == 200
    other = School.objects.create(code="other", name="演示分校")
    mine = Organisation.objects.create(school=other, name="演示会", kind="society")
    assert client.get(f"/organisations/{mine.pk}/").status_code == 404
