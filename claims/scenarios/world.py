"""The world of one scenario: its sellers, orders, claims, people, clock, provider and mail."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import connection

from claims.agenda import next_moment
from claims.lifecycle import ActorKind
from claims.models import Claim, PayoutSwitch
from claims.notices import deliver_due
from claims.operations.payouts import follow_payouts, send_due_payouts
from claims.operations.reminding import remind_due
from claims.operations.silence import lapse_due
from claims.outcome import Actor, Rank
from claims.providers.sandbox import SandboxProvider
from claims.providers.sandbox_server import SandboxServer
from claims.scenarios import mail
from claims.scenarios.files import PEOPLE, FileNotUnderstood, Scenario, read_day, read_moment

# SCR from claims.screening.sanctions import lay_down_empty_list
from insurance.dates import AmbiguousDate, read_date
from insurance.models import Policy
from insurance.operations import submit_policy
from sellers.markets import MARKETS
from sellers.models import Marketplace, MonthlySales, Order, Product, Seller
from sellers.money import AmountNotUnderstood, parse_amount

RANKS = {"adjuster": Rank.ADJUSTER, "senior": Rank.SENIOR}
# Everything the migrations lay down stays; the rows of one scenario go before the next.
KEPT = (
    "django_migrations",
    "django_content_type",
    "auth_permission",
    "auth_user",
    "auth_group",
    "auth_group_permissions",
    "sellers_marketplace",
    "claims_termsversion",
    "claims_payoutswitch",
    "insurance_insuranceterms",
    "shared_cache",
)


def clear() -> None:
    """Empty the scratch database but for what the migrations laid down."""
    tables = [name for name in connection.introspection.table_names() if name not in KEPT]
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE " + ", ".join(f'"{name}"' for name in tables))
    PayoutSwitch.objects.update(is_paused=False, reason="", changed_at=None, changed_by=None)


class World:
    """What the file names, by its ids, and the clock that only the player moves."""

    def __init__(self, scenario: Scenario, server: SandboxServer) -> None:
        self.scenario = scenario
        self.market = MARKETS[scenario.market]
        self.server = server
        self.provider = SandboxProvider(
            server.url, server.key, server.webhook_secret, total_seconds=2
        )
        self.now = min((e.at for e in scenario.events), default=datetime(2021, 9, 1, tzinfo=UTC))
        self.people = {name: self._person(name) for name in PEOPLE}
        self.sellers: dict[str, Seller] = {}
        self.orders: dict[str, Order] = {}
        self.claims: dict[str, Claim] = {}
        mail.bounces.clear()

    def lay_out(self) -> None:
        """The sellers, orders and sales of the file.

        Raises:
            FileNotUnderstood: a value cannot be read, or an id is not known.
        """
        # SCR         lay_down_empty_list(at=self.now, source="scenario")
        for n, seller in enumerate(self.scenario.sellers):
            self.sellers[seller["id"]] = self._seller(seller, n)
        for n, order in enumerate(self.scenario.orders):
            self.orders[order["id"]] = self._order(order, f"orders[{n}]")
        for n, sales in enumerate(self.scenario.monthly_sales):
            self._sales(sales, f"monthly_sales[{n}]")

    def seller_named(self, name: str, where: str) -> Seller:
        """The seller with the file's id.

        Raises:
            FileNotUnderstood: there is none.
        """
        if name not in self.sellers:
            raise FileNotUnderstood(f"{where}: no seller has the id “{name}”")
        return self.sellers[name]

    def amount(self, text: object, where: str) -> int:
        """A decimal string in the market's currency, in minor units.

        Raises:
            FileNotUnderstood: it is not an amount.
        """
        try:
            return parse_amount(str(text), currency=self.market.currency)
        except AmountNotUnderstood as error:
            raise FileNotUnderstood(f"{where}: {error}") from None

    def staff(self, name: str | None) -> Actor:
        """A person of operations as an actor."""
        person = name or "adjuster"
        rank = RANKS[person.rstrip("2")]
        return Actor(ActorKind.STAFF, self.people[person].pk, rank)

    def run_until(self, until: datetime) -> None:
        """Run everything that falls due, in order, at the moment it falls due."""
        while (moment := next_moment(after=self.now)) is not None and moment <= until:
            self.now = moment
            self.settle()
        self.now = max(self.now, until)

    def settle(self) -> None:
        """At this moment: what is due acts, what is to be sent is sent, until nothing is left."""
        busy = True
        while busy:
            swept = lapse_due(at=self.now)
            busy = (
                swept.taken
                + remind_due(at=self.now)
                + send_due_payouts(provider=self.provider, at=self.now)
                + follow_payouts(provider=self.provider, at=self.now)
                + deliver_due(at=self.now).sent
            ) > 0

    def submit(self, values: Mapping[str, Any], where: str, at: datetime) -> None:
        """A seller submits a policy: checked at once, and proof when nothing is wrong."""
        submit_policy(policy=self._policy(values, where), at=at)

    def submission_moment(self, values: Mapping[str, Any], where: str) -> datetime:
        """When a policy of the file's list was submitted; without a moment, at the start."""
        if values["submitted_at"] is None:
            return self.now
        return read_moment(values["submitted_at"], f"{where}.submitted_at")

    def _person(self, name: str) -> User:
        return User.objects.get_or_create(username=name, defaults={"is_staff": True})[0]

    def _seller(self, values: Mapping[str, Any], number: int) -> Seller:
        return Seller.objects.create(
            external_reference=f"S-{number}-{values['id']}",
            legal_name=values["legal_name"],
            trade_name=values["trade_name"],
            country=values["country"],
            single_member_llc=values["single_member_llc"],
            email=f"seller{number}@sellers.example",
            timezone=self.market.timezone,
            created_at=self.now,
        )

    def _order(self, values: Mapping[str, Any], where: str) -> Order:
        seller = self.seller_named(values["seller"], f"{where}.seller")
        product, _ = Product.objects.get_or_create(
            seller=seller,
            sku=values["title"][:80],
            defaults={"title": values["title"], "is_physical": values["physical"]},
        )
        delivered = values["delivered_on"]
        return Order.objects.create(
            external_reference=values["id"],
            marketplace=Marketplace.objects.get(pk=self.market.code),
            product=product,
            seller=seller,
            price_minor=self.amount(values["price"], f"{where}.price"),
            currency=self.market.currency,
            delivered_on=None
            if delivered is None
            else read_day(delivered, f"{where}.delivered_on"),
            fulfilment=str(values["fulfilment"]).upper(),
        )

    def _sales(self, values: Mapping[str, Any], where: str) -> None:
        MonthlySales.objects.create(
            seller=self.seller_named(values["seller"], f"{where}.seller"),
            marketplace_id=self.market.code,
            month=read_day(f"{values['month']}-01", f"{where}.month"),
            gross_minor=self.amount(values["gross"], f"{where}.gross"),
        )

    def _policy(self, values: Mapping[str, Any], where: str) -> Policy:
        seller = self.seller_named(values["seller"], f"{where}.seller")
        effective, unclear_from = _policy_date(values["effective_on"])
        expires, unclear_until = _policy_date(values["expires_on"])
        territory = values["territory"] or [self.market.code]
        policy, _ = Policy.objects.update_or_create(
            seller=seller,
            marketplace_id=self.market.code,
            number=values["number"],
            effective_on=effective,
            defaults={
                "insurer": values["insurer"],
                "rating": values["rating"] or "",
                "kind": str(values["kind"]).upper(),
                "basis": str(values["basis"]).upper().replace("-", "_"),
                **{
                    f"{name}_minor": self._limit(values[name], f"{where}.{name}")
                    for name in ("each_occurrence", "aggregate", "deductible")
                },
                "products_completed_operations": values["products_completed_operations"],
                "additional_insured": values["additional_insured"] or "",
                "certificate_holder_only": values["certificate_holder_only"],
                "named_insured": values["named_insured"] or "",
                "territory": ["UK" if t == "GB" else str(t).upper() for t in territory],
                "cancellation_notice_days": values["cancellation_notice_days"],
                "is_signed": values["signed"],
                "expires_on": expires,
                "dates_text": "; ".join(filter(None, (unclear_from, unclear_until))),
            },
        )
        return policy

    def _limit(self, text: object, where: str) -> int | None:
        return None if text in {None, ""} else self.amount(text, where)


def _policy_date(text: object) -> tuple[date | None, str]:
    if text in {None, ""}:
        return None, ""
    try:
        found = read_date(str(text))
    except ValueError:
        return None, str(text)
    return (None, str(text)) if isinstance(found, AmbiguousDate) else (found, "")
