from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyuan.kernel import codes
from tests.kernel.sheet_files import resident_number


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("张　三", "张三"),
        (" 张 三 丰 ", "张三丰"),
        ("John  Smith", "John Smith"),
        ("ＪＯＨＮ　Smith", "JOHN Smith"),
        ("买买提•艾力", "买买提·艾力"),
        ("李\u200b四", "李四"),
    ],
)
def test_blanks_leave_chinese_names_and_stay_in_romanised_ones(written: str, kept: str) -> None:
    assert codes.normal_name(written) == kept


def test_normal_text_keeps_tortoise_shell_brackets() -> None:
    assert codes.normal_text("粤科协〔２０２０〕１５号") == "粤科协〔2020〕15号"


def test_tidy_text_keeps_chinese_punctuation() -> None:
    assert codes.tidy_text("主任（兼），\n教授 １级") == "主任（兼）， 教授 1级"


@pytest.mark.parametrize(
    ("written", "mobile", "others"),
    [
        ("199-9606-6307", "19996066307", ()),
        ("１９９００５２０１８１", "19900520181", ()),
        ("+86 199 0052 0181", "19900520181", ()),
        ("8619900520181", "19900520181", ()),
        ("19970624120/0756-2222222", "19970624120", ("0756-2222222",)),
        ("0756-2222222、19970624120", "19970624120", ("0756-2222222",)),
        ("19970624120 19900520181", "19970624120", ("19900520181",)),
        ("(020)83550000转12", "", ("020-83550000转12",)),
        ("+852 6123 4567", "+85261234567", ()),
    ],
)
def test_phones_are_read_as_written_by_people(written: str, mobile: str, others: tuple[str, ...]) -> None:
    found = codes.read_phones(written)
    assert (found.mobile, found.others, found.unread) == (mobile, others, ())


def test_a_phone_with_a_digit_missing_is_not_read() -> None:
    assert codes.read_phones("1990052018").unread == ("1990052018",)


@given(
    st.integers(1, 999), st.dates(date(1930, 1, 1), date(2005, 1, 1)), st.integers(0, 16), st.integers(1, 9)
)
def test_one_wrong_digit_in_an_identity_number_is_always_found(
    serial: int, born: date, place: int, shift: int
) -> None:
    number = resident_number(serial, born.strftime("%Y%m%d"))
    assert codes.id_number_fault(number) is None
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    assert codes.id_number_fault(wrong)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("44999919850312", "18 位"),
        ("449999850312001", "15 位"),
        ("44999919850312001A", "其他字符"),
        ("99999919850312001X", "地区"),
        ("449999198502300010", "出生日期"),
        ("449999209902010010", "出生日期"),
    ],
)
def test_an_identity_fault_says_what_is_wrong_and_never_the_number(number: str, words: str) -> None:
    fault = codes.id_number_fault(number)
    assert fault is not None
    assert words in fault
    assert number not in fault


@pytest.mark.parametrize(
    "written",
    ["1985.3", "1985.03", "1985年3月", "1985年03月", "198503", "1985-03", "1985/3/12", "１９８５．３", "85.03", "1985 年 3 月生",
     "19850312", 198503.0, 19850312.0, 1985.03, 1985.3, 85.03, 31107.0, date(1985, 3, 12)],
)  # fmt: skip
def test_every_way_to_write_march_1985_is_read(written: str | float | date) -> None:
    assert codes.birth_month(written) == codes.BirthMonth("1985-03")


def test_a_number_ending_in_point_one_may_be_january_or_october() -> None:
    assert codes.birth_month(1985.1) == codes.BirthMonth("", ("1985-01", "1985-10"))
    assert codes.birth_month("1985.10").value == "1985-10"
    assert codes.birth_month(1986.11).value == "1986-11"


@pytest.mark.parametrize("written", ["1985", "1985.13", 1985.0, "不详", "1850-01", "2999-01"])
def test_a_birth_month_that_is_none_is_refused(written: str | float) -> None:
    with pytest.raises(ValueError, match="1985-03"):
        codes.birth_month(written)


def test_credit_codes_are_checked() -> None:
    assert codes.credit_code_fault("91350100M000100Y43") is None
    assert codes.credit_code_fault("91350100M000100Y44")
    assert codes.credit_code_fault("9135010")
    assert codes.credit_code_fault("9135010OM000100Y43")


def test_other_papers_are_told_apart() -> None:
    written = ["H12345678", "12345678", "E12345678", "449999198503120019", "随便"]
    assert [codes.id_kind(each) for each in written] == ["hk_macao", "taiwan", "passport", "resident", ""]


def test_sex_is_read() -> None:
    assert [codes.sex(word) for word in ("男 ", "女性", "F", "不详")] == ["男", "女", "女", ""]


def test_verify_codes_hold_no_letters_that_people_confuse() -> None:
    seen = {codes.verify_code(12) for _each in range(200)}
    assert len(seen) == 200
    assert not set("".join(seen)) & set("0O1IL")


def test_masks_hide_the_middle() -> None:
    assert codes.mask_id_number("440102198503121234") == "440***********1234"
    assert codes.mask_phone("13800001234") == "138****1234"
    assert codes.mask_id_number("H12345678") == "H*******8"
    assert codes.mask_phone("020-8355") == "******55"
    assert codes.mask_phone("12") == "**"
    assert codes.mask_id_number("12") == "**"
