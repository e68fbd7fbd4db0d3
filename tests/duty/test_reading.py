"""An instance is read strictly: every fault has its path and a way to mend it."""

import json
from typing import Any

import pytest

from keyuan.duty.rules.generating import generate
from keyuan.duty.rules.reading import fingerprint, read, read_text
from keyuan.duty.rules.scribe import InstanceFault


def put(raw: Any, path: list[Any], value: Any) -> None:
    for step in path[:-1]:
        raw = raw[step]
    if value is KeyError:
        del raw[path[-1]]
    else:
        raw[path[-1]] = value


@pytest.mark.parametrize(
    ("path", "value", "where", "words"),
    [
        (["format"], "other", "format", "keyuan.duty/1"),
        (["slots"], KeyError, "$", "缺少“slots”"),
        (["extra"], 1, "extra", "不认识的项"),
        (["leaders"], {}, "leaders", "应是列表"),
        (["leaders", 0], 7, "leaders[0]", "应是对象"),
        (["leaders", 0, "id"], " 甲", "leaders[0].id", "首尾无空格"),
        (["leaders", 1, "id"], "甲", "leaders[1].id", "已经用过"),
        (["leaders", 0, "role"], "king", "leaders[0].role", "president、secretary"),
        (["leaders", 0, "term", "to"], "2027-02-30", "leaders[0].term.to", "应是日期"),
        (["leaders", 0, "term", "from"], "2029-01-01", "leaders[0].term.to", "任期届满早于开始"),
        (["leaders", 0, "needs", "attend"], 2, "leaders[0].needs.attend", "0 到 1 的整数"),
        (["leaders", 0, "needs", "attend"], True, "leaders[0].needs.attend", "整数"),
        (["leaders", 0, "expertise", "人工智能"], 11, "leaders[0].expertise.人工智能", "1 到 10"),
        (["leaders", 0, "expertise"], [], "leaders[0].expertise", "应写成"),
        (["leaders", 2, "unavailable", 0], ["2027-03-01"], "leaders[2].unavailable[0]", "两个日期"),
        (["leaders", 2, "unavailable", 0], ["2027-03-02", "2027-03-01"], "leaders[2].unavailable[0]", "对调"),
        (["leaders", 0, "city"], "汕头", "distance.between", "没有汕头与广州之间的距离"),
        (["classes", 0, "ends"], "2027-03-01", "classes[0].ends", "结束早于开始"),
        (["classes", 0, "ends"], "2029-03-01", "classes[0].ends", "长过一年"),
        (["classes", 0, "places"], -1, "classes[0].places", "整数"),
        (["classes", 0, "places"], 2.5, "classes[0].places", "2.5"),
        (["slots", 0, "class"], "C9", "slots[id=S1].class", "没有编号为“C9”的班次"),
        (["slots", 0, "date"], "2027-04-01", "slots[id=S1].date", "不在班次 C1"),
        (["rules", "once_a_month"], "yes", "rules.once_a_month", "true 或 false"),
        (["rules", "weights"], {"luck": 1}, "rules.weights.luck", "expertise、distance"),
        (["distance", "unit"], "miles", "distance.unit", "km、minutes"),
        (["distance", "between", 0], ["广州", "深圳"], "distance.between[0]", "应写成"),
        (["distance", "between", 1], ["深圳", "广州", 5], "distance.between[1]", "写了两次"),
        (["distance", "between", 1], ["广州", "广州", 5], "distance.between[1]", "不用写距离"),
        (["leaders", 0, "fixed"], {"attend": "C9"}, "leaders[id=甲].fixed.attend", "没有编号为“C9”"),
        (["leaders", 2, "fixed"], {"attend": "C1"}, "leaders[id=丙].fixed.attend", "没有空"),
        (["leaders", 2, "fixed"], {"lecture": "S2"}, "leaders[id=丙].fixed.lecture", "没有这项任务"),
        (["leaders", 0, "fixed"], {"attend": "C1", "lecture": "S1"}, "leaders[id=甲].fixed.lecture", "同月"),
    ],
)  # fmt: skip
def test_a_fault_names_its_path_and_how_to_mend_it(year, path, value, where, words):
    put(year, path, value)
    with pytest.raises(InstanceFault) as caught:
        read(year)
    assert any(place == where and words in message for place, message in caught.value.faults), (
        caught.value.faults
    )
    assert where in caught.value.message


def test_too_many_fixed_in_one_place_are_refused(year):
    year["classes"][1]["places"] = 1
    for one in year["leaders"][:2]:
        one["fixed"] = {"attend": "C2"}
    with pytest.raises(InstanceFault, match="超过了可容纳的 1 人"):
        read(year)


def test_every_fault_is_told_at_once(year):
    year["leaders"][0]["city"] = 5
    year["slots"][1]["theme"] = ""
    year["classes"][1]["starts"] = "soon"
    with pytest.raises(InstanceFault) as caught:
        read(year)
    assert len(caught.value.faults) >= 3


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "第 1 行第 2 列"),
        ('{"a": 1, "a": 2}', "写了两次"),
        ('{"a": NaN}', "NaN 不是数"),
        ("[" * 100_000, "太深"),
        ("[]", "应是对象"),
    ],
)
def test_what_is_no_json_of_ours_is_refused_in_words(text, words):
    with pytest.raises(InstanceFault, match=words):
        read_text(text)


def test_a_generated_year_reads_and_is_the_same_for_the_same_seed():
    raw = generate(leaders=20, classes=5, slots=12, seed=4)
    assert raw == generate(leaders=20, classes=5, slots=12, seed=4)
    assert raw != generate(leaders=20, classes=5, slots=12, seed=5)
    instance = read_text(json.dumps(raw))
    assert (len(instance.leaders), len(instance.offers), len(instance.slots)) == (20, 5, 12)
    assert instance.fingerprint == fingerprint(raw)
    read(generate(leaders=0, classes=0, slots=0, seed=1))
