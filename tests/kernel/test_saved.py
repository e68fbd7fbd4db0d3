"""Named filters: kept by one person for one list, used by that person alone."""

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from keyuan.kernel import erasure, saved
from keyuan.kernel.access import ANONYMOUS, Actor, visible
from keyuan.kernel.faults import Fault
from keyuan.kernel.models import SavedView
from tests.kernel.seated import sit

pytestmark = pytest.mark.django_db
ME, OTHER = Actor(7, 1, None), Actor(8, 1, None)
LIST = "orgs:list"


def test_a_filter_is_kept_without_its_page_and_its_empty_values():
    view = saved.save(ME, page=LIST, name=" 市级  科协 ", query="?q=&kind=city_association&page=3")
    assert (view.name, view.query) == ("市级 科协", "kind=city_association")


def test_the_same_name_on_the_same_list_replaces_and_elsewhere_stands_beside():
    saved.save(ME, page=LIST, name="甲", query="?q=1")
    saved.save(ME, page=LIST, name="甲", query="?q=2")
    saved.save(ME, page="people:list", name="甲", query="?q=3")
    saved.save(OTHER, page=LIST, name="甲", query="?q=4")
    assert list(visible(ME, SavedView).values_list("query", flat=True)) == ["q=2", "q=3"]


def test_nobody_sees_or_removes_what_another_keeps():
    view = saved.save(ME, page=LIST, name="甲", query="?q=1")
    saved.remove(OTHER, view=view)
    assert not visible(OTHER, SavedView).exists()
    assert visible(ME, SavedView).exists()
    assert not visible(Actor(7, 2, None), SavedView).exists()


@pytest.mark.parametrize(
    ("actor", "page", "name", "query"),
    [
        (ANONYMOUS, LIST, "甲", "?q=1"),
        (ME, "https://elsewhere.example", "甲", "?q=1"),
        (ME, LIST, " ", "?q=1"),
        (ME, LIST, "甲" * 21, "?q=1"),
        (ME, LIST, "甲", "?q="),
        (ME, LIST, "甲", "?page=2"),
        (ME, LIST, "甲", "?q=" + "长" * 400),
        (ME, LIST, "甲", "&".join(f"a{n}=1" for n in range(30))),
    ],
)
def test_what_cannot_be_kept_is_refused_with_a_sentence(actor, page, name, query):
    with pytest.raises(Fault, match="。"):
        saved.save(actor, page=page, name=name, query=query)
    assert not SavedView.objects.exists()


def test_a_list_bears_so_many_and_a_kept_one_may_still_change():
    for n in range(saved.A_PAGE):
        saved.save(ME, page=LIST, name=f"第{n}", query="?q=1")
    with pytest.raises(Fault):
        saved.save(ME, page=LIST, name="再一个", query="?q=1")
    assert saved.save(ME, page=LIST, name="第0", query="?q=2").query == "q=2"


def test_an_erased_persons_filters_are_gone(settings, tmp_path):
    settings.VAR = tmp_path
    saved.save(ME, page=LIST, name="甲", query="?q=1")
    erasure.erase(OTHER, person_id=ME.person_id)
    assert not SavedView.objects.exists()


@given(st.dictionaries(st.text(min_size=1, max_size=5), st.text(max_size=9), max_size=9))
def test_reading_a_kept_filter_again_changes_nothing(values):
    from urllib.parse import urlencode

    once = saved.normal_query("?" + urlencode(values))
    assert saved.normal_query(once) == once


def test_a_list_offers_to_keep_its_filter_then_shows_it_and_lets_it_go(client: Client):
    sit(client)
    here = reverse(LIST)
    assert "存为常用" not in client.get(here).content.decode()
    assert "存为常用" in client.get(here + "?kind=society").content.decode()
    kept = {
        "page": LIST,
        "name": "省级学会",
        "query": "?sort=order&kind=society",
        "next": here + "?kind=society",
    }
    answer = client.post(reverse("kernel:view-save"), kept, follow=True)
    text = answer.content.decode()
    assert "已存为常用筛选“省级学会”。" in text
    assert "存为常用</span>" not in text
    assert 'href="?sort=order&amp;kind=society" aria-current="true"' in text
    view = SavedView.objects.get()
    text = client.post(reverse("kernel:view-remove", args=[view.pk]), {"next": here}, follow=True).content
    assert "已移除" in text.decode()
    assert not SavedView.objects.exists()


def test_keeping_never_leads_to_another_site(client: Client):
    sit(client)
    kept = {"page": LIST, "name": "甲", "query": "?q=1", "next": "https://elsewhere.example/"}
    assert client.post(reverse("kernel:view-save"), kept)["Location"] == "/"


def test_anothers_filter_is_not_found(client: Client):
    sit(client)
    view = saved.save(Actor(999, 1, None), page=LIST, name="甲", query="?q=1")
    assert client.post(reverse("kernel:view-remove", args=[view.pk])).status_code == 404
