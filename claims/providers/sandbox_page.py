"""The sandbox provider's book as a page, for people who watch a demo or look into a doubt."""

from collections.abc import Sequence
from datetime import datetime
from html import escape

from claims.providers.sandbox_book import Entry
from claims.providers.sandbox_faults import http_answer

_SHOWN = 500
_POLICY = "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\n"
_STYLE = (
    ":root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;margin:2rem}"
    "table{border-collapse:collapse}th,td{padding:.25rem 1rem .25rem 0;text-align:left;"
    "border-bottom:1px solid #8888}td.amount{text-align:right}"
)


def book_page(entries: Sequence[Entry], at: datetime) -> bytes:
    """The HTTP answer with the latest 500 entries, newest first."""
    rows = "".join(_row(entry, at) for entry in reversed(entries[-_SHOWN:]))
    count = sum(entry.is_payment for entry in entries)
    page = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<title>Sandbox payment provider</title><style>{_STYLE}</style></head><body>"
        "<h1>Sandbox payment provider</h1>"
        f"<p>This is the provider’s own book. It holds {count} "
        f"{'payment' if count == 1 else 'payments'}. No real money moves.</p>"
        "<table><thead><tr><th>Their reference<th>Our reference<th>Payee<th>Amount, minor units"
        f"<th>Currency<th>Status<th>Since</tr></thead><tbody>{rows}</tbody></table></body></html>"
    )
    return http_answer(
        page.encode("utf-8"),
        status="200 OK",
        content_type="text/html; charset=utf-8",
        extra=_POLICY,
    )


def _row(entry: Entry, at: datetime) -> str:
    status, since = entry.standing(at)
    order = entry.order
    before = (entry.provider_reference, order.our_reference, order.payee_name)
    after = (order.currency, status, since.isoformat(sep=" ", timespec="seconds"))
    cells = [f"<td>{escape(text)}" for text in before]
    cells.append(f'<td class="amount">{order.amount_minor:,}')
    cells.extend(f"<td>{escape(text)}" for text in after)
    return f"<tr>{''.join(cells)}</tr>"
