"""Fetching from a server of our own that speaks both interfaces, well and badly."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from typer.testing import CliRunner

from corpfin.cli import app
from corpfin.filings import fetch
from corpfin.filings.fetch import Client, contact, fetch_chain, fetch_filing
from corpfin.filings.files import read_filings
from corpfin.inputs import InputError, load_market
from tests.filings.made import Document, company_facts
from tests.filings.test_chain import made

CASH = "us-gaap:CashAndCashEquivalentsAtCarryingValue"
DOCUMENT = "/Archives/edgar/data/42/000000004226000012/tiny-20260630.htm"
FACTS, SUBMISSIONS = "/api/xbrl/companyfacts/CIK0000000042.json", "/submissions/CIK0000000042.json"


@dataclass
class Server:
    """What it answers by path, what it was asked, and faults by path: each is used up by one request."""

    url: str = ""
    answers: dict[str, bytes] = field(default_factory=dict)
    faults: dict[str, list[Callable[[BaseHTTPRequestHandler], None]]] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)


def answer(handler: BaseHTTPRequestHandler, status: int, body: bytes = b"", **headers: str) -> None:
    handler.send_response(status)
    for name, value in {"Content_Length": f"{len(body)}", **headers}.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def status(code: int, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    return lambda handler: answer(handler, code, b"no", **headers)


def half(handler: BaseHTTPRequestHandler) -> None:
    """Announces more than it sends."""
    answer(handler, 200, b'{"half": ', Content_Length="5000")
    handler.close_connection = True


def half_unannounced(handler: BaseHTTPRequestHandler) -> None:
    """Sends half and says nothing of the length."""
    handler.send_response(200)
    handler.end_headers()
    handler.wfile.write(b'{"half": ')
    handler.close_connection = True


def silence(handler: BaseHTTPRequestHandler) -> None:
    """Does not answer in time."""
    time.sleep(0.6)
    handler.close_connection = True


def stalls(handler: BaseHTTPRequestHandler) -> None:
    """Begins to answer and stops in the middle."""
    handler.send_response(200)
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(b'{"half": ')
    silence(handler)


def hangs_up(handler: BaseHTTPRequestHandler) -> None:
    """Closes the connection without an answer."""
    handler.close_connection = True


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server on this machine, named by the settings; the cache is a folder of the test."""
    there = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            there.asked.append((self.path, self.headers.get("User-Agent", "")))
            waiting = there.faults.get(self.path, [])
            if waiting:
                waiting.pop(0)(self)
            elif self.path in there.answers:
                answer(self, 200, there.answers[self.path])
            else:
                answer(self, 404, b"nothing")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    listener = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listener.daemon_threads = True
    thread = Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    there.url = f"http://127.0.0.1:{listener.server_port}"
    for setting in fetch.DEFAULTS:
        monkeypatch.setenv(setting, there.url)
    monkeypatch.setenv("CORPFIN_CONTACT", "Ann Analyst ann@example.com")
    monkeypatch.setenv("CORPFIN_CACHE", f"{tmp_path / 'cache'}")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr(fetch, "PAUSE", 0.0)
    publish(there, tmp_path)
    yield there
    listener.shutdown()
    listener.server_close()
    thread.join()


def publish(server: Server, folder: Path) -> None:
    """What both interfaces say of TINY and of the chain."""
    document = Document().number(CASH, "9,500", scale="3").text().encode()
    facts = company_facts(folder / "facts.json", [(CASH, "USD", None, "2026-06-30", 9.5e6, "10-Q 2026-06-30")])
    rows = [
        ("10-Q", 1, "2026-06-30", "2026-08-06", "0000000042-26-000012", "tiny-20260630.htm"),
        ("8-K", 1, "2026-09-01", "2026-09-02", "0000000042-26-000016", "tiny-8k.htm"),
        ("6-K", 0, "2026-09-30", "2026-10-20", "0000000042-26-000017", "letter.htm"),
        ("10-Q", 1, "2026-03-31", "2026-05-05", "0000000042-26-000007", "tiny-20260331.htm"),
    ]
    names = ("form", "isInlineXBRL", "reportDate", "filingDate", "accessionNumber", "primaryDocument")
    recent = {name: list(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}
    tickers = {
        "0": {"cik_str": 41, "ticker": "OTHR", "title": "Other"},
        "1": {"cik_str": 42, "ticker": "TINY", "title": "T"},
    }
    chain = [file.read_bytes() for file in made(folder)]
    server.answers = {
        "/files/company_tickers.json": json.dumps(tickers).encode(),
        SUBMISSIONS: json.dumps({"cik": "42", "filings": {"recent": recent}}).encode(),
        FACTS: facts.read_bytes(),
        DOCUMENT: document,
        "/api/v1/mining/hashrate/1y": chain[0],
        "/api/v1/mining/blocks/fees/1y": chain[1],
        "/api/v1/historical-price?currency=USD": chain[2],
    }


@dataclass
class Waits:
    """A clock whose sleep is only noted."""

    slept: list[float] = field(default_factory=list)
    now: float = 0.0

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def clock(self) -> float:
        return self.now


def client(folder: Path, waits: Waits | None = None, **more: Any) -> Client:
    waits = waits or Waits()
    return Client(contact(), folder / "kept", sleep=waits.sleep, clock=waits.clock, **({"pause": 0.0} | more))


def kept(folder: Path) -> list[str]:
    """The files of the cache, temporary ones among them."""
    return sorted(file.name for file in (folder / "kept").rglob("*") if file.is_file())


def test_the_latest_filing_with_inline_xbrl_and_company_facts_come(server: Server, tmp_path: Path) -> None:
    files = fetch_filing("TINY", client(tmp_path))
    assert [path for path, _ in server.asked] == ["/files/company_tickers.json", FACTS, SUBMISSIONS, DOCUMENT]
    (cash,) = {fact.number for fact in read_filings(files).of(CASH)}
    assert cash == 9.5e6
    assert {fact.filing.accession for fact in read_filings(files).of(CASH)} == {"0000000042-26-000012"}


def test_who_asks_is_said(server: Server, tmp_path: Path) -> None:
    fetch_chain(client(tmp_path))
    assert {agent for _, agent in server.asked} == {"corpfin (Ann Analyst ann@example.com)"}


@pytest.mark.parametrize("given", [None, "", "Ann Analyst", "ann@example", "Ann\nann@example.com"])
def test_nothing_is_asked_without_a_contact(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str | None
) -> None:
    monkeypatch.delenv("CORPFIN_CONTACT") if given is None else monkeypatch.setenv("CORPFIN_CONTACT", given)
    with pytest.raises(InputError, match=r'CORPFIN_CONTACT="Ann Analyst ann@example\.com"'):
        client(tmp_path)
    assert server.asked == []


def test_what_is_kept_is_not_asked_for_again(server: Server, tmp_path: Path) -> None:
    fetch_filing("TINY", client(tmp_path))
    server.asked.clear()
    fetch_filing("TINY", client(tmp_path))
    assert server.asked == []


def test_a_kept_file_that_was_changed_is_asked_for_again(server: Server, tmp_path: Path) -> None:
    document, _ = fetch_filing("TINY", client(tmp_path))
    document.write_text("<html></html>", encoding="utf-8")
    server.asked.clear()
    fetch_filing("TINY", client(tmp_path))
    assert [path for path, _ in server.asked] == [DOCUMENT]
    assert b"ix:nonFraction" in document.read_bytes()


def test_what_changes_is_asked_for_again_after_an_hour(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch_filing("TINY", client(tmp_path))
    server.asked.clear()
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 2 * 3600)
    fetch_filing("TINY", client(tmp_path))
    assert [path for path, _ in server.asked] == [FACTS, SUBMISSIONS]


def test_requests_are_spaced(server: Server, tmp_path: Path) -> None:
    waits = Waits()
    fetch_chain(client(tmp_path, waits, pause=0.2))
    assert waits.slept == pytest.approx([0.2, 0.2])


@pytest.mark.parametrize(
    ("fault", "slept"),
    [
        (status(429, Retry_After="7"), [7.0]),
        (status(503, Retry_After="0"), [0.0]),
        (status(503), [1.0]),
        (status(500), [1.0]),
        (half, [1.0]),
        (half_unannounced, [1.0]),
        (hangs_up, [1.0]),
    ],
)
def test_a_passing_fault_is_waited_out(
    server: Server, tmp_path: Path, fault: Callable[[BaseHTTPRequestHandler], None], slept: list[float]
) -> None:
    server.faults[FACTS] = [fault]
    waits = Waits()
    files = fetch_filing("TINY", client(tmp_path, waits))
    assert waits.slept == slept
    assert [path for path, _ in server.asked].count(FACTS) == 2
    assert read_filings(files).of(CASH)


def test_a_date_to_come_back_is_read(server: Server, tmp_path: Path) -> None:
    soon = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + 20))
    server.faults[FACTS] = [status(429, Retry_After=soon)]
    waits = Waits()
    fetch_filing("TINY", client(tmp_path, waits))
    assert waits.slept[0] == pytest.approx(20, abs=3)


@pytest.mark.parametrize(
    ("fault", "message", "tries"),
    [
        (status(429), "the server answered 429", 4),
        (status(503), "the server answered 503", 4),
        (status(429, Retry_After="3600"), "the server asks to wait 3,600 s: come back then", 1),
        (status(403), "does CORPFIN_CONTACT name you and an e-mail address?", 1),
        (status(404), "there is no such file", 1),
        (status(410), "give files saved by hand", 1),
        (half, "half a file: 9 of 5,000 bytes arrived", 4),
        (half_unannounced, "half a file: its 9 bytes do not end as such a file does", 4),
        (hangs_up, "the connection broke", 4),
        (silence, "no answer within 0.2 s", 4),
        (stalls, "no answer within 0.2 s", 4),
    ],
)
def test_a_fault_that_stays_ends_with_a_message_and_nothing_kept(
    server: Server, tmp_path: Path, fault: Callable[[BaseHTTPRequestHandler], None], message: str, tries: int
) -> None:
    server.faults[FACTS] = [fault] * 9
    with pytest.raises(InputError) as error:
        fetch_filing("TINY", client(tmp_path, timeout=0.2))
    assert str(error.value).startswith(f"{server.url}{FACTS}: ")
    assert message in str(error.value)
    assert [path for path, _ in server.asked].count(FACTS) == tries
    assert kept(tmp_path) == ["company_tickers.json", "company_tickers.json.received"]


def test_a_fault_leaves_what_was_kept(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, facts = fetch_filing("TINY", client(tmp_path))
    before = facts.read_bytes()
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 2 * 3600)
    server.faults[FACTS] = [half] * 9
    with pytest.raises(InputError, match="half a file"):
        fetch_filing("TINY", client(tmp_path))
    assert facts.read_bytes() == before


def test_an_answer_too_large_is_not_kept(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "LARGEST", 1 << 20)
    server.answers[FACTS] = b"{" + b" " * (3 << 20) + b"}"
    with pytest.raises(InputError, match="is larger than 1 MB"):
        fetch_filing("TINY", client(tmp_path))
    assert kept(tmp_path) == ["company_tickers.json", "company_tickers.json.received"]


def test_no_network_is_said_with_the_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORPFIN_CONTACT", "ann@example.com")
    monkeypatch.setenv("CORPFIN_CHAIN_URL", "http://127.0.0.1:9")
    with pytest.raises(InputError, match=r"is there a network.*save the file elsewhere and give it"):
        fetch_chain(client(tmp_path))


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://example.com", "example.com"])
def test_an_address_that_is_none_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("CORPFIN_CONTACT", "ann@example.com")
    monkeypatch.setenv("CORPFIN_CHAIN_URL", address)
    with pytest.raises(InputError, match="is no http or https address; see the settings CORPFIN_FILINGS_URL"):
        fetch_chain(client(tmp_path))


def test_an_unknown_ticker_is_said(server: Server, tmp_path: Path) -> None:
    with pytest.raises(InputError, match='"NONE": is no ticker that the publisher lists'):
        fetch_filing("NONE", client(tmp_path))


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b.htm", ""])
def test_a_document_by_a_wrong_name_is_not_asked_for(server: Server, tmp_path: Path, name: str) -> None:
    listed = json.loads(server.answers[SUBMISSIONS])
    listed["filings"]["recent"]["primaryDocument"][0] = name
    server.answers[SUBMISSIONS] = json.dumps(listed).encode()
    if name:
        with pytest.raises(InputError, match="which is no such name"):
            fetch_filing("TINY", client(tmp_path))
    assert DOCUMENT not in [path for path, _ in server.asked]


def test_submissions_of_another_form_are_said(server: Server, tmp_path: Path) -> None:
    server.answers[SUBMISSIONS] = b'{"filings": {}}'
    with pytest.raises(InputError, match="is not of the form of submissions"):
        fetch_filing("TINY", client(tmp_path))


def test_the_commands_fetch(server: Server, tmp_path: Path) -> None:
    company = CliRunner().invoke(app, ["refresh", "TINY", "--fetch"])
    assert company.exit_code == 0, company.stderr
    assert "0000000042-26-000012" in company.stdout
    out = tmp_path / "market-new.toml"
    market = CliRunner().invoke(app, ["refresh", "--market", "--fetch", "--write", f"{out}"])
    assert market.exit_code == 0, market.stderr
    assert load_market(out).tables.known_month[-1].price_end == 64_100.0


def test_a_command_that_cannot_fetch_says_why_and_writes_nothing(server: Server, tmp_path: Path) -> None:
    server.faults[DOCUMENT] = [status(403)]
    out = tmp_path / "out.toml"
    result = CliRunner().invoke(app, ["refresh", "TINY", "--fetch", "--write", f"{out}"])
    assert result.exit_code == 2
    assert "the server answered 403" in result.stderr
    assert result.stdout == ""
    assert not out.exists()
