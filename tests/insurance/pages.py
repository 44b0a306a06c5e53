"""Pages as they would be read aloud."""

import html
import re
from typing import Any


def words(answer: Any) -> str:
    """The words of a page's main part, without its markup."""
    body = answer.content.decode()
    for start in ("<main", "</header>"):
        if start in body:
            body = body.split(start, 1)[1]
            break
    body = body.split("</main>", 1)[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())
