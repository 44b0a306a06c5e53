"""The world of one scenario: its sellers, orders, claims, people, clock, provider and mail."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pgtrigger
from django.contrib.auth.models import User
from django.db import connection, transaction

from claims.agenda import due_at, next_moment
from claims.lifecycle import ActorKind
from claims.models import Claim, PayoutLimits, PayoutSwitch
from claims.notices import deliver_due
from claims.operations.following import follow_payouts
from claims.operations.reminding import remind_due
from claims.operations.sending import send_due_payouts
from claims.operations.silence import lapse_due
from claims.outcome import Actor, Rank
from claims.providers.sandbox import SandboxProvider
from claims.providers.sandbox_server import SandboxServer
from claims.scenarios import mail
from claims.scenarios.scenario import Scenario, Values
from claims.scenarios.vocabulary import PEOPLE
from claims.screening.sanctions import lay_down_empty_list
from insurance.models import Policy
from insurance.operations import submit_policy
from sellers.markets import MARKETS
from sellers.models import Marketplace, MonthlySales, Order, Product, Seller

# The breakers of payouts are no rule of the programme, and must not answer for one.
NO_LIMIT, NO_LIMIT_MINOR = 2**31 - 1, 10**18
EVER_SINCE = datetime(1970, 1, 1, tzinfo=UTC)
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
    "sellers_informterms",
    "claims_termsversion",
    "claims_payoutswitch",
    "insurance_insuranceterms",
    "shared_cache",
)


def clear() -> None:
    """Empty the scratch database but for what the migrations laid down."""
    tables = [name for name in connection.introspection.table_names() if name not in KEPT]
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(
                f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")"  # noqa: S608
                for name in tables
            )
        )
        full = [name for (name,) in cursor.fetchall()]
    # Foreign keys are judged at the commit, so the order does not matter. Deleting these few rows
    # is ten times as quick as truncating, which makes new files for every table and index.
    with pgtrigger.ignore(), transaction.atomic(), connection.cursor() as cursor:
        for name in full:
            cursor.execute(f'DELETE FROM "{name}"')  # noqa: S608
    PayoutSwitch.objects.update(
        is_paused=False,
        causes=[],
        reason="",
        changed_at=None,
        changed_by=None,
        counts_from=None,
        uncertain_excused=0,
    )


class World:
    """What the file names, by its ids, and the clock that only the player moves."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.market = MARKETS[scenario.market]
        starts = [event.at for event in scenario.events]
        starts += [p["submitted_at"] for p in scenario.policies if p["submitted_at"]]
        self.now = min(starts, default=datetime(2021, 9, 1, tzinfo=UTC))
        self.server = SandboxServer(now=lambda: self.now)
        self.provider = SandboxProvider(
            self.server.url, self.server.key, self.server.webhook_secret, total_seconds=2
        )
        self.people = {name: self._person(name) for name in PEOPLE}
        self.sellers: dict[str, Seller] = {}
        self.orders: dict[str, Order] = {}
        self.claims: dict[str, Claim] = {}
        mail.bounces.clear()

    def lay_out(self) -> None:
        """The sellers, orders and sales of the file."""
        lay_down_empty_list(at=self.now, source="scenario")
        self._hold_breakers_open()
        for number, seller in enumerate(self.scenario.sellers):
            self.sellers[seller["id"]] = self._seller(seller, number)
        for order in self.scenario.orders:
            self.orders[order["id"]] = self._order(order)
        for sales in self.scenario.monthly_sales:
            self._sales(sales)

    def staff(self, name: str) -> Actor:
        """A person of operations as an actor."""
        return Actor(ActorKind.STAFF, self.people[name].pk, RANKS[name.rstrip("2")])

    def run_until(self, until: datetime) -> None:
        """Run everything that falls due, in order, at the moment it falls due."""
        while (moment := next_moment(after=self.now)) is not None and moment <= until:
            self.now = moment
            self.settle()
        self.now = max(self.now, until)

    def settle(self) -> None:
        """At this moment: what is due acts, what is to be sent is sent, until nothing is left."""
        while due := due_at(self.now):
            if not sum(_ACTS[name](self) for name in due):
                return

    def submit(self, values: Values, at: datetime) -> None:
        """A seller submits a policy: checked at once, and proof when nothing is wrong."""
        submit_policy(policy=self._policy(values), at=at)

    def _hold_breakers_open(self) -> None:
        PayoutLimits.objects.create(
            effective_at=EVER_SINCE,
            hourly_count=NO_LIMIT,
            hourly_sums={self.market.currency: NO_LIMIT_MINOR},
            uncertain=NO_LIMIT,
            a_minute=NO_LIMIT,
            reason="Scenarios play the rules.",
            set_by=self.people["senior"],
            approved_by=self.people["senior2"],
        )

    def _person(self, name: str) -> User:
        return User.objects.get_or_create(username=name, defaults={"is_staff": True})[0]

    def _seller(self, values: Values, number: int) -> Seller:
        return Seller.objects.create(
            external_reference=f"S-{number}-{values['id']}",
            legal_name=values["legal_name"],
            trade_name=values["trade_name"],
            country=values["country"],
            single_member_llc=values["single_member_llc"],
            email=f"seller{number}{mail.SELLERS}",
            timezone=self.market.timezone,
            created_at=self.now,
        )

    def _order(self, values: Values) -> Order:
        seller = self.sellers[values["seller"]]
        product, _ = Product.objects.get_or_create(
            seller=seller,
            sku=f"{values['title'][:70]} {'goods' if values['physical'] else 'digital'}",
            defaults={"title": values["title"], "is_physical": values["physical"]},
        )
        return Order.objects.create(
            external_reference=values["id"],
            marketplace=Marketplace.objects.get(pk=self.market.code),
            product=product,
            seller=seller,
            price_minor=values["price"],
            currency=self.market.currency,
            delivered_on=values["delivered_on"],
            fulfilment=values["fulfilment"],
        )

    def _sales(self, values: Values) -> None:
        MonthlySales.objects.create(
            seller=self.sellers[values["seller"]],
            marketplace_id=self.market.code,
            month=values["month"],
            gross_minor=values["gross"],
        )

    def _policy(self, values: Values) -> Policy:
        dates = [values["effective_on"], values["expires_on"]]
        effective, expires = (day if isinstance(day, date) else None for day in dates)
        territory = values["territory"]
        policy, _ = Policy.objects.update_or_create(
            seller=self.sellers[values["seller"]],
            marketplace_id=self.market.code,
            number=values["number"],
            effective_on=effective,
            defaults={
                **{name: values[name] for name in _STATED},
                **{f"{name}_minor": values[name] for name in _LIMITS},
                "territory": [self.market.code] if territory is None else territory,
                "is_signed": values["signed"],
                "expires_on": expires,
                "dates_text": "; ".join(day for day in dates if isinstance(day, str)),
            },
        )
        return policy


_LIMITS = ("each_occurrence", "aggregate", "deductible")
_STATED = (
    "insurer",
    "rating",
    "kind",
    "basis",
    "products_completed_operations",
    "additional_insured",
    "certificate_holder_only",
    "named_insured",
    "cancellation_notice_days",
)
# What beat and the workers do, by the name under which the agenda knows it, in this order.
_ACTS: dict[str, Callable[[World], int]] = {
    "clocks": lambda world: lapse_due(at=world.now).taken,
    "reminders": lambda world: remind_due(at=world.now),
    "payouts": lambda world: send_due_payouts(provider=world.provider, at=world.now),
    "payments": lambda world: follow_payouts(provider=world.provider, at=world.now),
    "letters": lambda world: deliver_due(at=world.now).sent,
}
