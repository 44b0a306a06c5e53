"""A window of Chromium: a page is loaded once and then seen at every size and in every scheme."""

from pathlib import Path
from typing import Any, Literal, NamedTuple

from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response
from pytest_django.live_server_helper import LiveServer

PICTURES = Path(settings.BASE_DIR) / "var" / "screenshots"
SIZES = {"1280": (1280, 900), "375": (375, 812)}
# The browser tells the status of every answer again; `Window` judges statuses itself.
STATUS = "Failed to load resource: the server responded with a status of"
MEASURE = """() => ({
  window: window.innerWidth,
  room: document.documentElement.clientWidth,
  content: document.documentElement.scrollWidth,
  scheme: matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light",
})"""


class Look(NamedTuple):
    """How a page is seen."""

    size: str
    scheme: Literal["light", "dark"]


# Each differs from the one before in one thing only: a change of either costs the browser time.
LOOKS = (Look("1280", "light"), Look("1280", "dark"), Look("375", "dark"), Look("375", "light"))


class Window:
    """One page in a browser of its own, and all that is wrong with what was seen in it.

    `wrong` is a list of sentences: a page wider than its window, an unexpected status, a file that
    is missing, an error of a script, and every error or warning of the console, which is where a
    breach of the Content-Security-Policy is told.
    """

    def __init__(
        self,
        context: BrowserContext,
        *,
        pictures: str,
        sizes: tuple[str, ...] = tuple(SIZES),
        shoots: bool = False,
    ) -> None:
        self.context, self.wrong = context, list[str]()
        self._pictures, self._shoots = pictures, shoots
        self._looks = [look for look in LOOKS if look.size in sizes]
        self._now: Look | None = None
        self.page: Page = context.new_page()
        self.page.on("console", self._hear)
        self.page.on("response", self._judge)
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self._turn_to(self._looks[0])

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(STATUS):
            self.wrong.append(message.text)

    def _judge(self, response: Response) -> None:
        """A page may be refused, what belongs to it may not."""
        if response.status >= 400 and not response.request.is_navigation_request():
            self.wrong.append(f"{response.url}: {response.status}")

    def _turn_to(self, look: Look) -> None:
        if self._now is None or look.size != self._now.size:
            width, height = SIZES[look.size]
            self.page.set_viewport_size({"width": width, "height": height})
        if self._now is None or look.scheme != self._now.scheme:
            self.page.emulate_media(color_scheme=look.scheme)
        self._now = look

    def visit(self, address: str, name: str, *, status: int = 200) -> None:
        """Open an address and look at the page."""
        answer = self.page.goto(address)
        if answer is None or answer.status != status:
            self.wrong.append(f"{name}: status {answer and answer.status}")
        self.look(name)

    def look(self, name: str) -> None:
        """See the present page in every look; with --pictures, take its picture each time.

        The next page is seen in the opposite order: so half of them are loaded at either size.
        """
        for look in self._looks:
            self._turn_to(look)
            self._measure(look, name)
            if self._shoots:
                path = PICTURES / f"{self._pictures}-{name}-{look.size}-{look.scheme}.png"
                self.page.screenshot(path=path, full_page=True)
        self._looks.reverse()

    def _measure(self, look: Look, name: str) -> None:
        seen: dict[str, Any] = self.page.evaluate(MEASURE)
        width = SIZES[look.size][0]
        assert (seen["window"], seen["scheme"]) == (width, look.scheme)
        if seen["content"] > seen["room"]:
            self.wrong.append(f"{name}-{look.size}-{look.scheme}: {seen['content']} px wide")

    def close(self) -> None:
        """Close the page with its browser."""
        self.context.close()


def open_context(
    browser: Browser, server: LiveServer, user: User | None, **options: Any
) -> BrowserContext:
    """A browser of its own, signed in as somebody."""
    context = browser.new_context(base_url=server.url, **options)
    if user is not None:
        client = Client()
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        cookie = client.cookies[name].value
        context.add_cookies([{"name": name, "value": cookie, "url": server.url}])
    return context
