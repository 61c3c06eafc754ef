"""Inline XBRL as it is published, and as nobody should publish it."""

from __future__ import annotations

import random
import re
import tracemalloc
from datetime import date
from pathlib import Path

import pytest

from corpfin.filings import inline
from corpfin.filings.facts import Fact
from corpfin.filings.inline import read_inline
from corpfin.filings.values import number, words
from corpfin.inputs import InputError
from tests.filings.made import Document

pytestmark = pytest.mark.usefixtures("offline")

POINT, COMMA = "ixt:num-dot-decimal", "ixt:num-comma-decimal"


def facts_of(document: Document, folder: Path, tag: str) -> list[Fact]:
    return [fact for fact in read_inline(document.write(folder / "made.htm"))[2] if fact.tag == tag]


def only(document: Document, folder: Path, tag: str = "us-gaap:Cash") -> Fact:
    (fact,) = facts_of(document, folder, tag)
    return fact


@pytest.mark.parametrize(
    ("text", "format", "scale", "sign", "value"),
    [
        ("1,234", POINT, "0", "", 1234.0),
        ("1,234.5", POINT, "3", "", 1_234_500.0),
        ("1,234", POINT, "6", "-", -1_234_000_000.0),
        ("1.234,5", COMMA, "0", "", 1234.5),
        ("1 234,5", "ixt:numspacecomma", "0", "", 1234.5),
        ("1\u00a0234", "ixt-sec:num-dot-decimal", "0", "", 1234.0),
        ("1'234.5", "ixt:num-dot-decimal-apos", "0", "", 1234.5),
        ("\u2014", "ixt:zerodash", "6", "", 0.0),
        ("-", "ixt:numdash", "6", "", 0.0),
        ("\u2014", "ixt:fixed-zero", "6", "", 0.0),
        ("none", "ixt:fixed-zero", "0", "", 0.0),
        ("no", "ixt-sec:numwordsen", "0", "", 0.0),
        ("Twenty-five", "ixt-sec:numwordsen", "0", "", 25.0),
        ("two hundred thousand", "ixt-sec:numwordsen", "0", "", 200_000.0),
        ("7.75", POINT, "-2", "", 0.0775),
        ("45", "", "0", "", 45.0),
        ("4.5e1", "", "0", "-", -45.0),
        ("0.1", POINT, "0", "", 0.1),
    ],
)
def test_a_number_is_read_as_its_format_says(text: str, format: str, scale: str, sign: str, value: float) -> None:
    assert number(text, format, scale, sign) == value


@pytest.mark.parametrize(
    ("text", "format", "scale", "sign", "reason"),
    [
        ("1,234", "", "0", "", "is not a number"),
        ("(45)", POINT, "0", "", "is not a number"),
        ("-45", POINT, "0", "", "is not a number"),
        ("", POINT, "0", "", "is not a number"),
        ("\u2014", POINT, "0", "", "is not a number"),
        ("about ten", "ixt-sec:numwordsen", "0", "", "in words"),
        ("45", "ixt:num-unit-decimal", "0", "", "format ixt:num-unit-decimal is not known"),
        ("45", POINT, "six", "", "scale 'six'"),
        ("45", POINT, "400", "", "scale '400'"),
        ("45", POINT, "0", "+", "sign '+'"),
        ("nan", "", "0", "", "is not a number"),
        ("1e9999", "", "0", "", "is not a number"),
    ],
)
def test_what_is_no_number_is_refused_with_the_reason(
    text: str, format: str, scale: str, sign: str, reason: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(reason)):
        number(text, format, scale, sign)


@pytest.mark.parametrize(
    ("text", "format", "value"),
    [
        ("June\u00a030, 2026", "ixt:date-monthname-day-year-en", "2026-06-30"),
        ("30 June 2026", "ixt:date-day-monthname-year-en", "2026-06-30"),
        ("6/30/26", "ixt:date-month-day-year", "2026-06-30"),
        ("30.06.2026", "ixt:date-day-month-year", "2026-06-30"),
        ("February 2032", "ixt:date-monthname-year-en", "2032-02"),
        ("06/30/2026", "ixt:dateslashus", "2026-06-30"),
        ("\u2612", "ixt-sec:boolballotbox", "true"),
        ("anything", "ixt:fixed-false", "false"),
        ("Tiny  Hash\n Ltd.", "", "Tiny Hash Ltd."),
    ],
)
def test_words_are_read_as_their_format_says(text: str, format: str, value: str) -> None:
    assert words(text, format) == value


def test_a_date_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="is not a date"):
        words("February 30, 2026", "ixt:date-monthname-day-year-en")


def test_a_fact_carries_unit_period_members_and_line(tmp_path: Path) -> None:
    axis = ("us-gaap:DebtInstrumentAxis", "tiny:LoanMember")
    document = Document().number(
        "us-gaap:Cash", "1,234", "2026-06-30", "2026-04-01", members=[axis], scale="3", decimals="-3"
    )
    fact = only(document, tmp_path)
    assert (fact.value, fact.unit, fact.decimals) == (1_234_000.0, "USD", -3)
    assert (fact.start, fact.end) == (date(2026, 4, 1), date(2026, 6, 30))
    assert fact.dimensions == {axis}
    assert document.text().splitlines()[fact.place - 1].count("us-gaap:Cash") == 1


def test_the_prefix_of_a_file_does_not_matter(tmp_path: Path) -> None:
    fact = only(Document().number("ifrs:CashAndCashEquivalents", "5"), tmp_path, "ifrs-full:CashAndCashEquivalents")
    assert not fact.own
    assert only(Document().number("tiny:Coins", "5"), tmp_path, "tiny:Coins").own


def test_a_typed_member_is_its_text(tmp_path: Path) -> None:
    document = Document().number("us-gaap:Cash", "5", members=[("tiny:LoanAxis", "tiny:XMember")])
    text = document.text().replace(
        '<xbrldi:explicitMember dimension="tiny:LoanAxis">tiny:XMember</xbrldi:explicitMember>',
        '<xbrldi:typedMember dimension="tiny:LoanAxis"><tiny:loan>Loan 7</tiny:loan></xbrldi:typedMember>',
    )
    file = tmp_path / "made.htm"
    file.write_text(text, encoding="utf-8")
    (fact,) = (fact for fact in read_inline(file)[2] if fact.tag == "us-gaap:Cash")
    assert fact.dimensions == {("tiny:LoanAxis", "Loan 7")}


def test_nil_is_no_zero(tmp_path: Path) -> None:
    fact = only(Document().number("us-gaap:Cash", "", **{"xsi:nil": "true"}), tmp_path)
    assert fact.value is None
    assert fact.trouble == ""


def test_hidden_facts_are_facts(tmp_path: Path) -> None:
    fact = only(Document().number("us-gaap:Cash", "12", hidden=True), tmp_path)
    assert (fact.value, fact.hidden) == (12.0, True)


def test_nested_facts_share_their_text(tmp_path: Path) -> None:
    document = Document()
    inner = document.number("us-gaap:Cash", "1,234", "2026-06-30").lines.pop()
    context, unit = document.context("2026-06-30"), document.unit("iso4217:USD")
    attributes = f'name="us-gaap:CashTotal" contextRef="{context}" unitRef="{unit}"'
    document.raw(f'<ix:nonFraction {attributes} format="{POINT}" scale="3"> {inner} </ix:nonFraction>')
    assert only(document, tmp_path).value == 1234.0
    assert only(document, tmp_path, "us-gaap:CashTotal").value == 1_234_000.0


def test_text_goes_on_where_its_continuations_say(tmp_path: Path) -> None:
    document = Document()
    document.words("dei:EntityRegistrantName", "Tiny ", continuedAt="k1")
    document.raw('<ix:continuation id="k2">Ltd.</ix:continuation>')
    document.raw('<ix:continuation id="k1" continuedAt="k2">Hash<ix:exclude> page 7</ix:exclude> </ix:continuation>')
    assert only(document, tmp_path, "dei:EntityRegistrantName").value == "Tiny Hash Ltd."


def test_continuations_that_run_in_a_circle_end(tmp_path: Path) -> None:
    document = Document().words("dei:EntityRegistrantName", "a", continuedAt="k1")
    document.raw('<ix:continuation id="k1" continuedAt="k1">b</ix:continuation>')
    assert only(document, tmp_path, "dei:EntityRegistrantName").value == "ab"


def test_a_continuation_that_is_not_there_is_said(tmp_path: Path) -> None:
    fact = only(
        Document().words("dei:EntityRegistrantName", "a", continuedAt="k9"), tmp_path, "dei:EntityRegistrantName"
    )
    assert "'k9' is not in the file" in fact.trouble


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('contextRef="c-2"', 'contextRef="c-99"', "context 'c-99' is not in the file"),
        ('unitRef="u-1"', 'unitRef="u-99"', "unit 'u-99' is not in the file"),
        ("<xbrli:instant>2026-06-30", "<xbrli:instant>June", "'June' is not a date"),
    ],
)
def test_a_fact_without_context_unit_or_day_is_said(tmp_path: Path, old: str, new: str, reason: str) -> None:
    file = tmp_path / "made.htm"
    text = Document().number("us-gaap:Cash", "12").text()
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    (fact,) = (fact for fact in read_inline(file)[2] if fact.tag == "us-gaap:Cash")
    assert fact.value is None
    assert reason in fact.trouble
    assert f"line {fact.place}" in fact.trouble


def test_midnight_at_the_end_is_the_day_before(tmp_path: Path) -> None:
    file = tmp_path / "made.htm"
    text = (
        Document()
        .number("us-gaap:Cash", "12")
        .text()
        .replace("2026-06-30</xbrli:inst", "2026-07-01T00:00:00</xbrli:inst")
    )
    file.write_text(text, encoding="utf-8")
    (fact,) = (fact for fact in read_inline(file)[2] if fact.tag == "us-gaap:Cash")
    assert fact.end == date(2026, 6, 30)


def test_inline_xbrl_of_2008_is_read(tmp_path: Path) -> None:
    file = tmp_path / "made.htm"
    file.write_text(
        Document().number("us-gaap:Cash", "12").text().replace("/2013/inline", "/2008/inline"), encoding="utf-8"
    )
    assert [fact.value for fact in read_inline(file)[2] if fact.tag == "us-gaap:Cash"] == [12.0]


def test_a_document_cut_out_of_a_submission_begins_with_blank_lines(tmp_path: Path) -> None:
    file = tmp_path / "made.htm"
    text = "\n\n" + Document().number("us-gaap:Cash", "12").text()
    file.write_text(text, encoding="utf-8")
    (fact,) = (fact for fact in read_inline(file)[2] if fact.tag == "us-gaap:Cash")
    assert (fact.value, text.splitlines()[fact.place - 1].count("us-gaap:Cash")) == (12.0, 1)
    message = refused(file, text.replace("</body>", ""))
    assert f"line {text.count(chr(10)) + 1}, " in message


def test_nil_by_another_prefix_is_nil(tmp_path: Path) -> None:
    file = tmp_path / "made.htm"
    text = Document().number("us-gaap:Cash", "", **{"xsi:nil": "true"}).text()
    file.write_text(text.replace("xsi:", "xs:").replace("xmlns:xsi=", "xmlns:xs="), encoding="utf-8")
    assert [fact.value for fact in read_inline(file)[2] if fact.tag == "us-gaap:Cash"] == [None]


def test_characters_that_html_names_are_read(tmp_path: Path) -> None:
    document = Document().words("dei:EntityRegistrantName", "x").raw("&nbsp;&mdash;")
    document.lines = [line.replace(">x<", ">Tiny&nbsp;Hash &amp; Co<") for line in document.lines]
    assert only(document, tmp_path, "dei:EntityRegistrantName").value == "Tiny Hash & Co"


# --- what a file may do to its reader --------------------------------------------------------------------------------

DOCTYPE = "<?xml version='1.0'?>\n<!DOCTYPE html [{}]>\n"


def refused(file: Path, text: str | bytes) -> str:
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(InputError) as error:
        read_inline(file)
    assert error.value.kind == "PARSING"
    return str(error.value)


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    declared = "".join(f'<!ENTITY e{step} "{f"&e{step - 1};" * 10}">' for step in range(1, 12))
    text = DOCTYPE.format(f'<!ENTITY e0 "lol">{declared}') + "<html><p>&e11;</p></html>"
    message = refused(tmp_path / "bomb.htm", text)
    assert "bomb.htm: line 2" in message
    assert "declares the entity e0; entities are not expanded" in message


def test_files_beside_it_are_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret", encoding="utf-8")
    text = DOCTYPE.format(f'<!ENTITY e SYSTEM "{secret.as_uri()}">') + "<html><p>&e;</p></html>"
    assert "declares the entity e" in refused(tmp_path / "outside.htm", text)


def test_an_outside_doctype_is_not_fetched(tmp_path: Path) -> None:
    document = Document().number("us-gaap:Cash", "12").text()
    doctype = '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0//EN" "http://localhost:9/xhtml1-strict.dtd">'
    file = tmp_path / "made.htm"
    file.write_text(document.replace("?>\n", f"?>\n{doctype}\n", 1), encoding="utf-8")
    assert [fact.value for fact in read_inline(file)[2] if fact.tag == "us-gaap:Cash"] == [12.0]


def test_an_entity_that_nobody_declares_is_named(tmp_path: Path) -> None:
    assert "names the entity nonsense" in refused(tmp_path / "x.htm", "<html><p>&nonsense;</p></html>")


@pytest.mark.parametrize("part", [0.2, 0.5, 0.9, 0.999])
def test_half_a_file_ends_with_the_place(tmp_path: Path, part: float) -> None:
    text = Document().number("us-gaap:Cash", "12").text()
    cut = text[: int(len(text) * part)]
    message = refused(tmp_path / "cut.htm", cut)
    assert "the file ends too early" in message
    assert f"line {cut.count(chr(10)) + 1}, " in message or "line " in message
    assert "byte " in message


def test_markup_that_is_no_xml_ends_with_the_place(tmp_path: Path) -> None:
    message = refused(tmp_path / "x.htm", "<html>\n<body>\n<br>\n</body></html>")
    assert "line 4, column 3, byte 21" in message
    assert "mismatched tag" in message


def test_tags_without_end_are_refused(tmp_path: Path) -> None:
    assert "more than 500 deep" in refused(tmp_path / "deep.htm", "<a>" * 100_000)


def test_one_endless_tag_is_refused(tmp_path: Path) -> None:
    text = b'<html><p class="' + b"x" * (inline.LARGEST_TAG + (1 << 20)) + b'">'
    assert "one tag is longer than 4 MB" in refused(tmp_path / "long.htm", text)


def test_too_many_facts_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inline, "MOST_FACTS", 5)
    document = Document()
    for value in range(9):
        document.number("us-gaap:Cash", f"{value}")
    assert "holds more than 5 facts" in refused(tmp_path / "many.htm", document.text())


def test_a_file_too_large_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inline, "LARGEST_FILE", 1 << 20)
    message = refused(tmp_path / "large.htm", b"<" + b" " * (3 << 20))
    assert "is 3 MB; at most 1 MB are read" in message


def test_memory_is_bound_by_facts_and_not_by_the_file(tmp_path: Path) -> None:
    note = "<p>" + "A note that is tagged as a whole. " * 300 + "</p>"
    document = Document().number("us-gaap:Cash", "12")
    document.raw(f'<ix:nonNumeric name="us-gaap:DebtTextBlock" contextRef="c-1">{note * 3_000}</ix:nonNumeric>')
    file = document.write(tmp_path / "notes.htm")
    assert file.stat().st_size > 30e6
    tracemalloc.start()
    facts = read_inline(file)[2]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(facts) == 5
    assert peak < 5e6


def test_no_damage_ends_in_anything_but_a_message(tmp_path: Path) -> None:
    whole = (
        Document().number("us-gaap:Cash", "1,234", members=[("a:Axis", "b:Member")]).words("dei:X", "y").text().encode()
    )
    draw = random.Random(7)
    file, read = tmp_path / "damaged.htm", 0
    refusals: list[str] = []
    for _ in range(400):
        damaged = bytearray(whole)
        for _ in range(draw.randint(1, 2)):
            place = draw.randrange(len(damaged))
            if draw.random() < 0.8:
                damaged[place] = draw.choice(b"a0-:. \xff<")
            else:
                del damaged[place : place + draw.randint(1, 40)]
        file.write_bytes(bytes(damaged))
        try:
            read_inline(file)
            read += 1
        except InputError as error:
            refusals.append(str(error))
    assert min(read, len(refusals)) > 20
    assert all(message.startswith("damaged.htm: ") for message in refusals)


@pytest.mark.parametrize("name", ["utf-7", "shift_jis", "nonsense"])
def test_an_encoding_that_is_not_read_is_said(tmp_path: Path, name: str) -> None:
    text = Document().number("us-gaap:Cash", "1").text().replace("UTF-8", name)
    assert "encoding" in refused(tmp_path / "x.htm", text)


def test_a_file_without_facts_says_which_to_give(tmp_path: Path) -> None:
    assert "give the main document of the filing" in refused(tmp_path / "x.htm", "<html><p>Exhibit 99.1</p></html>")
