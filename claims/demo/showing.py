"""What a person should know of the demo: where it is, who can sign in, and what to watch."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count
from django.urls import reverse

from claims.demo.people import MEMBERS, STAFF, password_of
from claims.demo.shops import SHOPS
from claims.demo.watch import Watched, latest_watched
from claims.lifecycle import Status
from claims.models import Claim
from sellers.money import display_amount


def describe_demo() -> str:
    """The demo in words, ready to be printed."""
    return "\n".join([*_logins(), "", *_counts(), "", *_watch(latest_watched())]) + "\n"


def _logins() -> Iterator[str]:
    yield f"Sign in at {_address(reverse('account_login'))}"
    yield from _table((p.username, p.group, "") for p in STAFF)
    names = {shop.key: shop.legal_name for shop in SHOPS}
    yield from _table(
        (m.username, f"Seller, {m.role.lower()}", ", ".join(names[key] for key in m.sellers))
        for m in MEMBERS
    )


def _table(rows: Iterable[tuple[str, str, str]]) -> Iterator[str]:
    for username, role, note in rows:
        yield f"  {username:<14} {password_of(username):<20} {role:<18} {note}".rstrip()


def _counts() -> Iterator[str]:
    counts = dict(Claim.objects.order_by().values_list("status").annotate(Count("pk")))
    words = (f"{Status(s).label.lower()} {counts[s]}" for s in Status.values if s in counts)
    yield f"{sum(counts.values())} claims: " + ", ".join(words) + "."
    yield "All of it is made up; no mail and no money leaves this machine."


def _watch(watched: Watched | None) -> Iterator[str]:
    if watched is None:
        yield "Nothing to watch yet: load_demo --watch reports a claim whose deadline ends soon."
        return
    claim = watched.claim
    amount = display_amount(claim.assessed_minor or 0, currency=claim.currency)
    yield f"Watch claim {claim.reference}: {amount}, its seller {claim.seller} stays silent."
    yield f"  its deadline        {_moment(watched.due_at, claim.marketplace.zone)}"
    yield f"  the automatic step  {_moment(watched.acts_at, claim.marketplace.zone)}"
    yield f"  in the admin        {_address(_admin_path(claim))}"
    yield f"  on the portal       {_address(reverse('portal:claim', args=[claim.reference]))}"


def _admin_path(claim: Claim) -> str:
    return reverse("admin:claims_claim_change", args=[claim.reference])


def _address(path: str) -> str:
    return f"{settings.SITE_URL.rstrip('/')}{path}"


def _moment(moment: datetime, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    return f"{local:%H:%M:%S} {local.tzname()}, {moment:%H:%M:%S} UTC"
