"""Summaries: whole sentences, in order, that can be read on their own; and an answer for every odd text."""

import time
import unicodedata
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.errors import TableError
from extract.extractor import extract
from extract.number_lock import Source, lock
from extract.summariser import summarise
from extract.summary import Figure, Summary, figures_of, quote
from extract.summary_choice import Budget, repeats
from extract.summary_feature import title_words
from extract.summary_model import load_model
from extract.summary_sentence import candidates

TITLE = "Kinh tế Hải An tăng 9,1% trong năm 2025"
ARTICLE = """Kinh tế tỉnh Hải An năm 2025 tăng 9,1% so với năm trước, theo báo cáo của Chi cục Thống kê công bố ngày 6/1/2026.
Cơn mưa đầu năm khiến nhiều tuyến phố trong trung tâm đông xe hơn ngày thường.
Chủ tịch UBND tỉnh Lê Văn Bình cho biết thu ngân sách đạt 31,5 nghìn tỷ đồng, vượt 12% dự toán.
Tuy nhiên, kết quả này chưa đồng đều giữa các huyện.
Ông Bình cho rằng năm 2026 tỉnh phấn đấu tăng trưởng không dưới 10%.
Ảnh: Văn Nam chụp tại cảng Hải An sáng đầu năm mới.
Xuất khẩu thủy sản của tỉnh đạt 1,8 tỷ USD, tăng 14% so với cùng kỳ năm trước."""
ENGLISH = """The economy of Hai An province grew by 9.1 percent in 2025, the statistics office said on January 6.
Rain kept many people at home on the first weekend of the year.
Chairman Le Van Binh said that budget revenue reached 31.5 trillion dong, 12 percent above the estimate.
He added that the province aims at growth of at least 10 percent in 2026.
Seafood exports reached 1.8 billion USD, up 14 percent from the year before."""
SWEDISH = """Ekonomin i provinsen Hai An växte med 9,1 procent under 2025, uppgav statistikkontoret den 6 januari.
Regn höll många människor hemma under årets första helg.
Budgetintäkterna uppgick till 31,5 tusen miljarder dong, 12 procent mer än beräknat.
Detta beror på flera stora projekt i hamnen.
Exporten av fisk uppgick till 1,8 miljarder dollar, en ökning med 14 procent jämfört med året innan."""


def summary(text: str, language: str | None = "vi", title: str | None = None, **budget: int) -> Summary:
    figures = figures_of(extract(text, language, date(2026, 1, 7), title).statements)
    return summarise(text, language, title, figures, Budget(**budget) if budget else Budget(sentences=3))


@pytest.mark.parametrize(
    ("text", "language", "title", "figure"),
    [
        (ARTICLE, "vi", TITLE, "9,1%"),
        (ENGLISH, "en", "Economy of Hai An grows by 9.1 percent", "9.1 percent"),
        (SWEDISH, "sv", "Ekonomin i Hai An växte med 9,1 procent", "9,1 procent"),
    ],
)
def test_the_figure_of_the_headline_is_in_every_summary(text: str, language: str, title: str, figure: str) -> None:
    for budget in ({"sentences": 1}, {"sentences": 2}, {"sentences": 3}, {"syllables": 60}):
        made = summary(text, language, title, **budget)
        assert figure in made.words(text), budget
        assert made.method == "learned"
        assert made.reason is None


@pytest.mark.parametrize(("text", "language"), [(ARTICLE, "vi"), (ENGLISH, "en"), (SWEDISH, "sv")])
def test_sentences_are_whole_in_order_and_within_the_budget(text: str, language: str) -> None:
    whole = set(text.split("\n"))
    for number in (1, 2, 3, 9):
        made = summary(text, language, sentences=number)
        assert 1 <= len(made.sentences) <= number
        assert [s.start for s in made.sentences] == sorted(s.start for s in made.sentences)
        assert {text[s.start : s.end] for s in made.sentences} <= whole
    for room in (30, 45, 70):
        made = summary(text, language, syllables=room)
        assert sum(len(c.words) for c in candidates(made.words(text), language)) <= room


def test_what_leans_on_another_sentence_is_not_taken_without_it() -> None:
    for number in (1, 2, 3, 4):
        words = summary(ARTICLE, "vi", TITLE, sentences=number).words(ARTICLE)
        assert "Tuy nhiên" not in words or "vượt 12% dự toán" in words
        assert "Ông Bình" not in words or "Lê Văn Bình" in words
        assert "Ảnh:" not in words


def test_references_are_told() -> None:
    leaning = {
        "vi": ["Con số này cao hơn năm trước.", "Dự án đó cần thêm vốn của tỉnh.", "Theo đó, giá điện tăng từ tháng sau.",
               "Ông cho biết giá gạo sẽ tăng trong năm."],
        "en": ["This figure is higher than last year.", "He said that prices would rise soon.", "However, prices rose in May."],
        "sv": ["Detta projekt kostar mer än väntat.", "Hon sade att priserna kommer att stiga.", "Dock steg priserna i maj."],
    }  # fmt: skip
    standing = {
        "vi": ["Trong tháng này, giá gạo tăng 3% tại nhiều tỉnh.", "Bà con nông dân được mùa lúa năm nay."],
        "en": ["This year exports rose by three percent.", "Prices in the province rose in May."],
        "sv": ["Priserna i provinsen steg i maj månad.", "Regeringen sänkte skatten på bensin i går."],
    }
    for sentences, leans in ((leaning, True), (standing, False)):
        for code, texts in sentences.items():
            assert [c.leans for text in texts for c in candidates(text, code)] == [leans] * len(texts), code


def test_a_person_is_introduced_with_the_office() -> None:
    found = candidates(ARTICLE, "vi")
    by_words = {ARTICLE[c.start : c.end].split(maxsplit=1)[0]: c for c in found}
    assert by_words["Ông"].needs == (by_words["Chủ"].position,)
    assert by_words["Chủ"].needs == ()


def test_figures_are_carried_by_the_sentence_they_stand_in() -> None:
    statements = extract(ARTICLE, "vi", date(2026, 1, 7), TITLE).statements
    made = summary(ARTICLE, "vi", TITLE, sentences=9)
    carried = [k for sentence in made.sentences for k in sentence.figures]
    assert carried
    for sentence in made.sentences:
        for k in sentence.figures:
            receipt = statements[k].provenance
            assert sentence.start <= receipt.start < receipt.end <= sentence.end
    assert len(carried) == len(set(carried))


def test_a_summary_passes_the_number_lock() -> None:
    for text, language, title in ((ARTICLE, "vi", TITLE), (ENGLISH, "en", None), (SWEDISH, "sv", None)):
        words = summary(text, language, title).words(text)
        assert lock(words, [Source(text, language, date(2026, 1, 7), title)], language, title=title) == ()


def test_repeating_the_headline_is_no_summary() -> None:
    text = f"{TITLE}. " + ARTICLE.split("\n", 1)[1]
    assert repeats(candidates(text, "vi")[0], title_words(TITLE))
    assert not summary(text, "vi", TITLE, sentences=1).words(text).startswith(TITLE)


ROWS = "Gạo 5% tấm\t18.500\t19.000\nGạo nếp\t22.000\t23.500\nĐường\t17.000\t17.200\n"
PRICES = "Cà phê: 98.500 đồng/kg\nTiêu: 145.000 đồng/kg\nCao su: 42.000 đồng/kg\n"
CAPTIONS = "Ảnh: Văn Nam chụp tại cảng Hải An sáng nay.\nĐồ họa: Thu Hà vẽ theo số liệu của tỉnh.\n"


@pytest.mark.parametrize("text", [ROWS, PRICES, CAPTIONS, "Kinh tế", "1234\n5678"])
def test_where_there_is_no_sentence_there_is_a_reason(text: str) -> None:
    made = summary(text)
    assert made.sentences == ()
    assert made.reason == "no_sentences"


@pytest.mark.parametrize("text", ["", " \n \t", "\u200b"])
def test_nothing_has_no_summary(text: str) -> None:
    assert summary(text).reason == "empty"


def test_one_sentence_is_its_own_summary() -> None:
    text = "Xuất khẩu năm 2025 của tỉnh đạt 475 triệu USD."
    assert summary(text, sentences=3).words(text) == text
    assert summary(text, syllables=3).words(text) == text, "shorter than the shortest sentence there is nothing"


def test_a_table_beside_sentences_is_left_out() -> None:
    text = ROWS + ARTICLE + "\n" + PRICES
    assert all(text[s.start : s.end] in ARTICLE for s in summary(text, sentences=9).sentences)


def test_an_unknown_language_has_its_first_sentences_and_the_reason() -> None:
    text = "Die Wirtschaft wuchs letztes Jahr um neun Prozent. " * 3 + "Niemand weiß bisher genau, warum das so kam."
    made = summary(text, None, sentences=2)
    assert (made.method, made.reason, made.language) == ("lead", "unknown_language", "und")
    assert [s.start for s in made.sentences] == [0, text.index("Die", 5)]


def test_two_hundred_pages_take_no_longer_than_they_are_long() -> None:
    page = ARTICLE.replace("9,1", "{0},1").replace("31,5", "{0}1,5")
    times = []
    for pages in (50, 200):
        text = "\n".join(page.replace("{0}", str(3 + k % 90)) for k in range(pages))
        before = time.process_time()
        made = summarise(text, "vi", TITLE, (), Budget(syllables=250))
        times.append(time.process_time() - before)
        assert made.sentences
    assert times[1] < times[0] * 8 + 0.2


@settings(max_examples=60, deadline=None)
@given(
    st.text(max_size=200)
    | st.lists(st.sampled_from([*ARTICLE.split("\n"), ROWS, "\x00", "…", "((", "\ud800"])).map("\n".join)
)
def test_any_string_has_an_answer(text: str) -> None:
    made = summarise(text, "vi", "Tăng 8%", [Figure(0, 1, Decimal(8), "percent")], Budget(sentences=2))
    assert bool(made.sentences) != (made.reason in ("empty", "no_sentences"))
    for sentence in made.sentences:
        assert 0 <= sentence.start < sentence.end <= len(text)
        assert quote(text, sentence)


def test_decomposed_letters_keep_their_offsets() -> None:
    text = unicodedata.normalize("NFD", ARTICLE)
    plain, split = summary(ARTICLE, "vi", TITLE), summary(text, "vi", unicodedata.normalize("NFD", TITLE))
    assert unicodedata.normalize("NFC", split.words(text)) == plain.words(ARTICLE)


def test_the_model_is_small_and_a_missing_one_is_told(tmp_path: object) -> None:
    from pathlib import Path

    from extract.summary_model import MODEL

    assert MODEL.stat().st_size < 10_000_000
    assert load_model().worth(np.zeros((0, 40))).shape == (0,)
    with pytest.raises(TableError, match="train_summary"):
        load_model(Path(str(tmp_path)) / "none.npz")
