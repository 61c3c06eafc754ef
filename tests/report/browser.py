"""A real browser without a window, spoken to in the WebDriver protocol: Debian's chromium and its driver."""

from __future__ import annotations

import base64
import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

DRIVER = shutil.which("chromedriver")
BROWSER = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chromium-browser")
PATIENCE = 30.0
"""Seconds until the driver must answer."""

ARGUMENTS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"]


class Browser:
    """One session; raises ``HTTPError`` when the driver refuses."""

    def __init__(self, address: str) -> None:
        wanted = {
            "browserName": "chrome",
            "goog:chromeOptions": {"binary": BROWSER, "args": ARGUMENTS},
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
        }
        self.address = address
        self.session = self._call("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})["sessionId"]

    def open(self, file: Path, width: int, height: int = 900, dark: bool = False) -> None:
        """Show a file on a screen of this width [px], by day or by night."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self.devtools("Emulation.setDeviceMetricsOverride", **metrics)
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.devtools("Emulation.setEmulatedMedia", media="", features=scheme)
        self._post("/url", url=file.resolve().as_uri())

    def run(self, script: str) -> Any:
        """What a script returns on the page."""
        return self._post("/execute/sync", script=script, args=[])

    def log(self, kind: str) -> list[dict[str, Any]]:
        """What was logged since it was last asked for: ``browser`` is the console, ``performance`` what was fetched."""
        found: list[dict[str, Any]] = self._post("/se/log", type=kind)
        return found

    def requests(self) -> list[str]:
        """The addresses fetched since last asked."""
        events = [json.loads(entry["message"])["message"] for entry in self.log("performance")]
        return [event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"]

    def devtools(self, command: str, **given: Any) -> Any:
        """A command to the browser itself."""
        return self._post("/goog/cdp/execute", cmd=command, params=given)

    def screenshot(self) -> bytes:
        """The whole page as PNG."""
        shot = self.devtools("Page.captureScreenshot", captureBeyondViewport=True)
        return base64.b64decode(shot["data"])

    def pdf(self) -> bytes:
        """The page as printed on A4."""
        printed = self.devtools("Page.printToPDF", preferCSSPageSize=True, printBackground=True)
        return base64.b64decode(printed["data"])

    def close(self) -> None:
        """End the session."""
        self._call("DELETE", f"/session/{self.session}")

    def _post(self, path: str, **given: Any) -> Any:
        return self._call("POST", f"/session/{self.session}{path}", given)

    def _call(self, method: str, path: str, given: dict[str, Any] | None = None) -> Any:
        body = None if given is None else json.dumps(given).encode()
        request = Request(f"{self.address}{path}", body, {"Content-Type": "application/json"}, method=method)
        with urlopen(request, timeout=PATIENCE) as answer:
            return json.load(answer)["value"]


@contextmanager
def browser() -> Iterator[Browser]:
    """A browser while this holds; driver and browser are ended after it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    silent = subprocess.DEVNULL
    driver = subprocess.Popen([str(DRIVER), f"--port={port}"], stdout=silent, stderr=silent)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(f"{address}/status")
        session = Browser(address)
        try:
            yield session
        finally:
            session.close()
    finally:
        driver.terminate()
        driver.wait(PATIENCE)


def _wait(address: str) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            with urlopen(address, timeout=PATIENCE):
                return
        except URLError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
