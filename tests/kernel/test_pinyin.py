"""The reading of names agrees with the library's, whichever way it is made."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pypinyin import Style, lazy_pinyin

from keyuan.kernel import pinyin

HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)


@given(st.text(HAN, min_size=1, max_size=5))
@example("重庆")
@example("长安")
@example("朝阳区")
@example("银行行长")
def test_a_name_read_by_characters_reads_as_the_library_reads_it_whole(name: str) -> None:
    whole = [part.lower() for part in lazy_pinyin(name, style=Style.NORMAL)]
    assert pinyin.syllables_of_text(name, 5) == whole


@pytest.mark.parametrize(
    ("name", "found"),
    [("曾小明", "zengxiaoming zxm"), ("吕重庆", "lvchongqing lcq"), ("单强", "shanqiang sq")],
)
def test_surnames_and_phrases_keep_their_own_reading(name: str, found: str) -> None:
    assert pinyin.index_of(name).startswith(found)
