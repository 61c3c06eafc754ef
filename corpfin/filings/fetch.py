"""Files from the network: politely, whole, and kept.

The publisher of filings demands a User-Agent that names who asks, so nothing is asked without CORPFIN_CONTACT. Requests
are spaced, a busy server is waited for as long as it says, and an answer is kept: documents for good, what changes for
an hour. A kept file counts only while its content is what was received. Where the interfaces are is a setting, so
that a mirror may stand in.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from corpfin.common.files import user_cache, whole_file, write_whole
from corpfin.filings.companyfacts import read_json
from corpfin.inputs import InputError, Problem

CONTACT = "CORPFIN_CONTACT"
DATA_URL, ARCHIVE_URL, CHAIN_URL = "CORPFIN_FILINGS_URL", "CORPFIN_ARCHIVE_URL", "CORPFIN_CHAIN_URL"
DEFAULTS = {
    DATA_URL: "https://data.sec.gov",
    ARCHIVE_URL: "https://www.sec.gov",
    CHAIN_URL: "https://mempool.space",
}
"""Where the interfaces are, unless the environment says otherwise."""

FORMS = ("10-Q", "10-K", "10-KT", "10-QT", "20-F", "40-F", "6-K", "10-Q/A", "10-K/A", "20-F/A", "40-F/A")
"""Forms that may carry a balance sheet."""

PERIOD = "1y"
"""How far back the chain is asked for."""

PAUSE = 0.2
"""Seconds between two requests: half of what the publisher of filings allows."""

TRIES = 4
LONGEST_WAIT = 60.0
"""Seconds that a server may ask to be waited for; if it asks for more, the command ends and says so."""

TIMEOUT = 30.0
LARGEST = 200 << 20
FRESH = 3_600.0
"""Seconds for which an answer that may change is not asked for again."""

BUSY = (429, 500, 502, 503, 504)


@dataclass
class Client:
    """Asks servers for files and keeps them in ``folder``; ``sleep`` and ``clock`` are those of :mod:`time`."""

    contact: str
    folder: Path
    pause: float = PAUSE
    timeout: float = TIMEOUT
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    asked: list[str] = field(default_factory=list)
    _last: float = -1e9

    def get(self, url: str, *, keep: float, whole: Callable[[bytes], bool] | None = None) -> Path:
        """The file at a URL, from the folder while it is younger than ``keep`` seconds.

        ``whole`` says of the last 4 kB whether the answer is complete. Raises :class:`InputError` with the remedy.
        """
        path = self._place(url)
        if self._kept(path, url, keep):
            return path
        path.parent.mkdir(parents=True, exist_ok=True)
        waited = 1.0
        for attempt in range(1, TRIES + 1):
            try:
                digest = self._receive(url, path, whole)
            except _PassingError as again:
                if attempt == TRIES:
                    raise _failed(url, f"{again}; tried {TRIES} times. {again.remedy}") from None
                wait = waited if again.wait is None else again.wait
                if wait > LONGEST_WAIT:
                    raise _failed(url, f"{again}; the server asks to wait {wait:,.0f} s: come back then") from None
                self.sleep(wait)
                waited *= 2
            else:
                about = {"url": url, "sha256": digest, "received": time.time()}
                write_whole(_about(path), json.dumps(about) + "\n")
                return path
        raise AssertionError(url)

    def _place(self, url: str) -> Path:
        """Where a URL is kept: by host and path, so that an accession in it stays readable."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            settings = ", ".join(DEFAULTS)
            raise _failed(url, f"is no http or https address; see the settings {settings}")
        host, *steps = [re.sub(r"[^\w.-]", "_", part) for part in (parts.netloc, *parts.path.split("/")) if part]
        name = "_".join(filter(None, [steps.pop() if steps else "index", re.sub(r"[^\w.-]", "_", parts.query)]))
        return self.folder.joinpath(host, *(step for step in steps if set(step) != {"."}), name)

    @staticmethod
    def _kept(path: Path, url: str, keep: float) -> bool:
        """Whether a file is there, young enough, and what was received."""
        try:
            about = json.loads(_about(path).read_text(encoding="utf-8"))
            young = 0 <= time.time() - float(about["received"]) < keep
            return young and about["url"] == url and about["sha256"] == _digest(path)
        except (OSError, ValueError, KeyError, TypeError):
            return False

    def _receive(self, url: str, path: Path, whole: Callable[[bytes], bool] | None) -> str:
        """One try: the file written whole; its digest."""
        left = self._last + self.pause - self.clock()
        if left > 0:
            self.sleep(left)
        self._last = self.clock()
        self.asked.append(url)
        agent = f"corpfin ({self.contact})"
        request = Request(url, headers={"User-Agent": agent, "Accept-Encoding": "identity"})
        try:
            with urlopen(request, timeout=self.timeout) as answer, whole_file(path) as temporary:
                return _save(answer, temporary, url, whole)
        except HTTPError as error:
            with error:
                raise _refused(url, error) from None
        except TimeoutError:
            raise _PassingError(
                f"no answer within {self.timeout:g} s", "Try again later, or give files saved by hand."
            ) from None
        except URLError as error:
            if isinstance(error.reason, TimeoutError):
                message = f"no answer within {self.timeout:g} s"
                raise _PassingError(message, "Try again later, or give files saved by hand.") from None
            remedy = "is there a network? Without one, save the file elsewhere and give it: corpfin refresh TICKER FILE"
            raise _failed(url, f"cannot be reached ({error.reason}); {remedy}") from None
        except (HTTPException, ConnectionError) as error:
            message = f"the connection broke ({type(error).__name__})"
            raise _PassingError(message, "Nothing of it is kept; try again later.") from None


class _PassingError(Exception):
    """A fault that may pass: after ``wait`` seconds where the server says so, and what to do if it does not."""

    def __init__(self, message: str, remedy: str, wait: float | None = None) -> None:
        super().__init__(message)
        self.remedy, self.wait = remedy, wait


def contact() -> str:
    """Who asks, for the User-Agent; raises :class:`InputError` with the remedy when it is not set or no address."""
    given = os.environ.get(CONTACT, "").strip()
    if re.fullmatch(r"[ -~]*[^\s@]+@[^\s@]+\.[^\s@]+[ -~]*", given):
        return given
    remedy = f'set it to a name and an e-mail address: {CONTACT}="Ann Analyst ann@example.com"'
    reason = "names nobody" if given else "is not set"
    message = f"{reason}; the publisher of filings answers only who says who asks. {remedy[0].upper()}{remedy[1:]}"
    raise InputError([Problem(CONTACT, "", given or None, message)])


def base(setting: str) -> str:
    """The address of an interface: from the environment, else the publisher's."""
    return (os.environ.get(setting) or DEFAULTS[setting]).rstrip("/")


def client() -> Client:
    """A client as the environment sets it up."""
    chosen = os.environ.get("CORPFIN_CACHE")
    folder = (Path(chosen) if chosen else user_cache() or Path(tempfile.gettempdir()) / "corpfin") / "filings"
    return Client(contact(), folder)


def fetch_filing(ticker: str, client: Client) -> list[Path]:
    """The latest filing of a company that carries inline XBRL, and its company facts.

    Raises :class:`InputError` for a ticker that the publisher does not list, a company without such a filing, and
    whatever the network does.
    """
    listed = client.get(f"{base(ARCHIVE_URL)}/files/company_tickers.json", keep=24 * FRESH, whole=_ends_json)
    filer = _filer(ticker, read_json(listed), listed)
    facts = client.get(f"{base(DATA_URL)}/api/xbrl/companyfacts/CIK{filer:010d}.json", keep=FRESH, whole=_ends_json)
    list_url = f"{base(DATA_URL)}/submissions/CIK{filer:010d}.json"
    submissions = client.get(list_url, keep=FRESH, whole=_ends_json)
    latest = _latest(read_json(submissions), list_url)
    if latest is None:
        return [facts]
    accession, document = latest
    folder = f"{base(ARCHIVE_URL)}/Archives/edgar/data/{filer}/{accession.replace('-', '')}"
    return [client.get(f"{folder}/{document}", keep=float("inf"), whole=_ends_markup), facts]


def fetch_chain(client: Client) -> list[Path]:
    """Hash rate, fees and price of the last year, as the mempool interface gives them."""
    root = f"{base(CHAIN_URL)}/api/v1"
    asked = (f"mining/hashrate/{PERIOD}", f"mining/blocks/fees/{PERIOD}", "historical-price?currency=USD")
    return [client.get(f"{root}/{path}", keep=FRESH, whole=_ends_json) for path in asked]


def _filer(ticker: str, listed: Any, path: Path) -> int:
    rows = listed.values() if isinstance(listed, dict) else ()
    for row in rows:
        if (
            isinstance(row, dict)
            and f"{row.get('ticker', '')}".upper() == ticker
            and isinstance(row.get("cik_str"), int)
        ):
            return int(row["cik_str"])
    raise InputError([Problem(path.name, "", ticker, "is no ticker that the publisher lists; give the files by name")])


def _latest(submissions: Any, url: str) -> tuple[str, str] | None:
    """Accession and main document of the latest filing with inline XBRL; None when there is none."""
    try:
        recent = submissions["filings"]["recent"]
        names = ("form", "isInlineXBRL", "reportDate", "filingDate", "accessionNumber", "primaryDocument")
        rows = list(zip(*(recent[name] for name in names), strict=True))
    except (KeyError, TypeError, ValueError):
        raise _failed(url, "is not of the form of submissions: filings.recent with a list for each column") from None
    found = [row for row in rows if row[0] in FORMS and row[1] and row[5]]
    for row in found:
        if not re.fullmatch(r"\d{10}-\d{2}-\d{6}", f"{row[4]}") or not re.fullmatch(r"[\w.-]+", f"{row[5]}"):
            raise _failed(url, f"names a document {row[5]!r} of accession {row[4]!r}, which is no such name")
    best = max(found, key=lambda row: (f"{row[2]}", f"{row[3]}"), default=None)
    return None if best is None else (best[4], best[5])


def _save(answer: HTTPResponse, temporary: Path, url: str, whole: Callable[[bytes], bool] | None) -> str:
    """Write the body of an answer; its digest. Raises for one that is cut or too large."""
    length = answer.headers.get("Content-Length", "")
    digest, size, tail = hashlib.sha256(), 0, b""
    with temporary.open("wb") as file:
        while piece := answer.read(1 << 16):
            size += len(piece)
            if size > LARGEST:
                raise _failed(url, f"is larger than {LARGEST >> 20} MB")
            digest.update(piece)
            file.write(piece)
            tail = (tail + piece)[-4096:]
    remedy = "Nothing of it is kept; try again later."
    if length.isdigit() and size != int(length):
        raise _PassingError(f"half a file: {size:,} of {int(length):,} bytes arrived", remedy)
    if whole is not None and not whole(tail):
        raise _PassingError(f"half a file: its {size:,} bytes do not end as such a file does", remedy)
    return digest.hexdigest()


def _refused(url: str, error: HTTPError) -> Exception:
    status = f"the server answered {error.code} {error.reason}".rstrip()
    if error.code in BUSY:
        remedy = "Come back later, and ask for fewer companies at a time."
        return _PassingError(status, remedy, _retry_after(error.headers.get("Retry-After", "")))
    match error.code:
        case 403:
            remedy = f"it refuses who asks: does {CONTACT} name you and an e-mail address? Too many requests end so too"
        case 404:
            remedy = "there is no such file: has the company filed, and is the address right?"
        case _:
            remedy = "give files saved by hand"
    return _failed(url, f"{status}; {remedy}")


def _retry_after(written: str) -> float | None:
    """Seconds to wait, of a number or a date; None when the server does not say."""
    if re.fullmatch(r"\d{1,6}", written.strip()):
        return float(written)
    try:
        moment = parsedate_to_datetime(written)
    except (TypeError, ValueError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _failed(url: str, message: str) -> InputError:
    return InputError([Problem(url, "", None, message)], "MISSING")


def _ends_json(tail: bytes) -> bool:
    return tail.rstrip().endswith((b"}", b"]"))


def _ends_markup(tail: bytes) -> bool:
    return re.search(rb"</(\w+:)?(html|xbrl)\s*>\s*(<!--.*?-->\s*)*$", tail, re.S | re.I) is not None


def _about(path: Path) -> Path:
    return path.with_name(f"{path.name}.received")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
