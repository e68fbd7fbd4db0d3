"""Finding: any part of a word, pinyin of any syllable on, and never what one may not see."""

import pytest
from django.core.management import call_command
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as running
from hypothesis import strategies as st

from keyuan.kernel import pinyin, search
from keyuan.kernel.access import ANONYMOUS, Actor, visible
from keyuan.kernel.models import SearchEntry
from keyuan.kernel.worker import Worker
from keyuan.orgs.models import Organisation, School
from keyuan.people.models import Person
from tests.kernel.seated import sit

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.kernel.page_urls")]
WORDS = "省机械工程学会科技人才培训班广州市协王伟李曾单2020年第1期abc"


@pytest.fixture(autouse=True)
def _findable(monkeypatch) -> None:
    monkeypatch.setattr(search, "FINDABLE", {})
    search.register(
        Person,
        kind="人员",
        link=lambda person: f"/people/{person.pk}/",
        text=lambda person: person.post_title,
        note=lambda person: person.post_title,
        spelt=lambda person: pinyin.index_of(person.name),
        shown=lambda person: person.erased_at is None,
    )
    search.register(
        Organisation, kind="单位", link=lambda unit: f"/units/{unit.pk}/", title=lambda unit: unit.name
    )


@pytest.fixture
def school() -> School:
    return School.objects.create(code="find", name="测试校区")


def registrar(school: School) -> Actor:
    return Actor(1, school.pk, None, frozenset({"registrar"}))


def unit(school: School, name: str) -> Organisation:
    made = Organisation.objects.create(school=school, kind="society", name=name)
    search.refresh(made)
    return made


def titles(actor: Actor, query: str) -> list[str]:
    return [hit.title for group in search.find(actor, query) for hit in group.hits]


@pytest.mark.parametrize(
    "query",
    [
        "机械",
        "械工",
        "省",
        "学会",
        "省机械工程学会",
        "机械 学会",
        "学会 机械",
        "ＪＸＧＣ",
        "sjxgc",
        "jixie",
        "xiegongcheng",
        "jx",
        "机械 xh",
    ],
)
def test_any_part_of_a_name_and_its_pinyin_finds_it(school: School, query: str):
    unit(school, "省机械工程学会")
    unit(school, "广州市科协")
    assert titles(registrar(school), query) == ["省机械工程学会"]


@pytest.mark.parametrize(
    "query", ["", " ", "·", '"', "机械 农业", "NOT", "xyz", "械机", "*", "%", "_", "a AND b", "kind"]
)
def test_what_is_not_there_is_not_found_and_no_sign_is_an_order(school: School, query: str):
    unit(school, "省机械工程学会")
    assert titles(registrar(school), query) == []


@pytest.mark.parametrize("query", ["曾", "zengxm", "zeng", "zxm", "cengxiao", "xiaoming", "院长"])
def test_a_person_is_found_by_both_readings_of_the_surname(school: School, query: str):
    if query == "zengxm":
        query = "zeng xm"
    person = Person.objects.create(school=school, name="曾晓明", post_title="院长")
    search.refresh(person)
    assert titles(registrar(school), query) == ["曾晓明"]


@running(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.text("省机械工程学会年第期20班", min_size=2, max_size=12), min_size=1, max_size=6, unique=True
    ),
    st.data(),
)
def test_every_part_of_chinese_and_digits_is_found_where_and_only_where_it_is(
    names: list[str], data: st.DataObject
):
    school = School.objects.get_or_create(code="find", defaults={"name": "测试校区"})[0]
    Organisation.objects.filter(school=school).delete()
    SearchEntry.objects.all().delete()
    for name in names:
        unit(school, name)
    whole = data.draw(st.sampled_from(names))
    start = data.draw(st.integers(0, len(whole) - 1))
    query = whole[start : data.draw(st.integers(start + 1, len(whole)))]
    assert sorted(titles(registrar(school), query)) == sorted(name for name in names if query in name)


def test_whole_titles_come_first(school: School):
    unit(school, "人才")
    unit(school, "人才发展学会")
    unit(school, "科技人才学会")
    assert titles(registrar(school), "人才") == ["人才", "人才发展学会", "科技人才学会"]


def test_another_school_finds_nothing_of_ours(school: School):
    other = School.objects.create(code="other", name="别的校区")
    unit(school, "省机械工程学会")
    search.refresh(Person.objects.create(school=school, name="曾晓明"))
    stranger = Actor(2, other.pk, None, frozenset({"trainee"}))
    seen = set(visible(stranger, Organisation).values_list("name", flat=True))
    assert set(titles(stranger, "机械")) <= seen
    assert titles(stranger, "曾晓明") == []
    assert titles(ANONYMOUS, "机械") == []


def test_what_is_seen_is_found_behind_any_number_of_things_unseen(school: School, monkeypatch):
    monkeypatch.setattr(search, "WINDOW", 3)
    other = School.objects.create(code="other", name="别的校区")
    mine = Person.objects.create(school=school, name="王伟")
    search.refresh(mine, *[Person.objects.create(school=other, name=f"王伟{number}") for number in range(9)])
    assert titles(registrar(school), "王伟") == ["王伟"]


def test_changes_are_found_and_the_old_words_no_more(school: School):
    made = unit(school, "省机械工程学会")
    made.name = "省农业学会"
    made.save()
    search.refresh(made)
    assert titles(registrar(school), "机械") == []
    assert titles(registrar(school), "农业") == ["省农业学会"]
    search.forget(Organisation, [made.pk])
    assert titles(registrar(school), "农业") == []


def test_what_is_not_to_be_shown_leaves_the_index(school: School):
    person = Person.objects.create(school=school, name="曾晓明")
    search.refresh(person)
    person.erased_at = "2026-01-01T00:00:00+08:00"
    search.refresh(person)
    assert not SearchEntry.objects.exists()


def test_many_are_found_once_a_worker_came_round(school: School):
    people = Person.objects.bulk_create(Person(school=school, name=f"王{number}") for number in range(130))
    search.refresh_later(Person, [*[person.pk for person in people], 10**9])
    assert titles(registrar(school), "王129") == []
    Worker().run_one()
    assert titles(registrar(school), "王129") == ["王129"]
    assert SearchEntry.objects.count() == 130


def test_a_rebuild_finds_all_and_forgets_the_gone_and_may_run_twice(school: School, capsys):
    people = Person.objects.bulk_create(Person(school=school, name=f"王{number}") for number in range(230))
    gone = unit(school, "已撤销学会")
    Organisation.objects.filter(pk=gone.pk).delete()
    SearchEntry.objects.create(label="t.Unknown", thing_id=1, title="x")
    for _time in range(2):
        call_command("search", "rebuild")
        assert SearchEntry.objects.count() == len(people)
    assert "共 230 条" in capsys.readouterr().out
    assert len(titles(registrar(school), "王229")) == 1


def test_the_number_of_queries_does_not_grow_with_what_is_found(
    school: School, django_assert_max_num_queries
):
    for number in range(40):
        unit(school, f"学会{number}")
    with django_assert_max_num_queries(6):
        groups = search.find(registrar(school), "学会")
    assert groups[0].more
    assert len(groups[0].hits) == 8


def test_a_model_nobody_registered_is_passed_over(school: School):
    search.refresh(school)
    assert not SearchEntry.objects.exists()


def test_the_page_groups_by_kind_and_says_when_nothing_is_found(client: Client):
    school = sit(client).person.school
    unit(school, "省<机械>学会")
    search.refresh(Person.objects.create(school=school, name="机械甲"))
    whole = client.get("/search/?q=机械").text
    assert "省&lt;机械&gt;学会" in whole
    assert "人员" in whole
    assert "单位" in whole
    assert "没有找到" in client.get("/search/?q=不存在").text
    assert "输入要找的内容" in client.get("/search/").text
    alone = client.get("/search/?q=机械&kind=people.Person").text
    assert "机械甲" in alone
    assert "省&lt;机械" not in alone


# ---- spelling ----


@pytest.mark.parametrize(
    ("name", "full"),
    [("单丽", "shanli"), ("仇英", "qiuying"), ("曾巩", "zenggong"), ("区小红", "ouxiaohong"), ("万俟卨", "moqi"),
     ("尉迟恭", "yuchigong"), ("解珍", "xiezhen"), ("查良镛", "zhaliangyong"), ("任盈盈", "renyingying"),
     ("朴树", "piaoshu"), ("覃勇", "qinyong"), ("盖叫天", "ge"), ("乐毅", "yueyi"), ("吕布", "lvbu"), ("曾·阿里", "zengali")],
)  # fmt: skip
def test_surnames_are_read_as_surnames(name: str, full: str):
    assert pinyin.index_of(name).split()[0].startswith(full)


def test_a_latin_name_is_spelt_as_it_is():
    assert "maria" in pinyin.index_of("Maria")
    assert pinyin.index_of("") == ""
