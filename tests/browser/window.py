"""A window of Chromium: a page is loaded once and then seen at every size and in every scheme."""

from pathlib import Path
from typing import Any, Literal, NamedTuple

from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import ConsoleMessage, Page, Response
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
    """A page of Chromium, who looks at it, and all that is wrong with what was seen in it.

    `wrong` is a list of sentences: a page wider than its window, an unexpected status, a file that
    is missing, an error of a script, and every error or warning of the console, which is where a
    breach of the Content-Security-Policy is told.
    """

    def __init__(self, page: Page, *, server: LiveServer, shoots: bool = False) -> None:
        self.page, self.wrong = page, list[str]()
        self._server, self._shoots = server, shoots
        self._ears = {
            "console": self._hear,
            "response": self._judge,
            "pageerror": lambda error: self.wrong.append(str(error)),
        }
        for event, ear in self._ears.items():
            self.page.on(event, ear)  # type: ignore[call-overload]
        self._now: Look | None = None
        self.fit(*SIZES)
        self.sign_in(None)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(STATUS):
            self.wrong.append(message.text)

    def _judge(self, response: Response) -> None:
        """A page may be refused, what belongs to it may not."""
        if response.status >= 400 and not response.request.is_navigation_request():
            self.wrong.append(f"{response.url}: {response.status}")

    def fit(self, *sizes: str) -> None:
        """Look at pages in these sizes only."""
        self._looks = [look for look in LOOKS if look.size in sizes]
        self._turn_to(self._looks[0])

    def sign_in(self, user: User | None) -> None:
        """Be somebody; nobody without a user. Whoever looked before is signed out."""
        context = self.page.context
        context.clear_cookies()
        if user is None:
            return
        client = Client()
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        cookie = client.cookies[name].value
        context.add_cookies([{"name": name, "value": cookie, "url": self._server.url}])

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
        # After a click the new page may stand there without its stylesheets.
        self.page.wait_for_load_state()
        for look in self._looks:
            self._turn_to(look)
            self._measure(look, name)
            if self._shoots:
                path = PICTURES / f"{name}-{look.size}-{look.scheme}.png"
                self.page.screenshot(path=path, full_page=True)
        self._looks.reverse()

    def _measure(self, look: Look, name: str) -> None:
        seen: dict[str, Any] = self.page.evaluate(MEASURE)
        width = SIZES[look.size][0]
        assert (seen["window"], seen["scheme"]) == (width, look.scheme)
        if seen["content"] > seen["room"]:
            self.wrong.append(f"{name}-{look.size}-{look.scheme}: {seen['content']} px wide")

    def leave(self) -> None:
        """Leave the page to the next test: nothing of this one runs on or is written down."""
        for event, ear in self._ears.items():
            self.page.remove_listener(event, ear)
        self.page.goto("about:blank")
