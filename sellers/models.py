"""Who sold it: marketplaces, sellers, the people who act for them, products, orders and sales."""

from zoneinfo import ZoneInfo

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q


class Marketplace(models.Model):
    """A store in one country, with its currency, time zone and holiday calendar."""

    code = models.CharField(max_length=2, primary_key=True)
    name = models.CharField(max_length=60)
    currency = models.CharField(max_length=3)
    timezone = models.CharField(max_length=40)
    region = models.CharField(max_length=2)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which this market's days begin and end."""
        return ZoneInfo(self.timezone)


class Closure(models.Model):
    """A day on which a marketplace does not work, beside weekends and public holidays."""

    marketplace = models.ForeignKey(Marketplace, models.PROTECT, related_name="closures")
    on = models.DateField()
    reason = models.CharField(max_length=200)

    class Meta:
        ordering = ["on"]
        constraints = [
            models.UniqueConstraint(fields=["marketplace", "on"], name="closure_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.marketplace_id} {self.on}: {self.reason}"


@pghistory.track(append_only=True)
class Seller(models.Model):
    """A third party that sells in one or more marketplaces: the legal entity."""

    external_reference = models.CharField(
        max_length=80, unique=True, help_text="The marketplace's own number of this seller."
    )
    legal_name = models.CharField(max_length=200)
    trade_name = models.CharField(max_length=200, blank=True)
    country = models.CharField(max_length=2, default="US")
    single_member_llc = models.BooleanField(default=False, verbose_name="single-member LLC")
    email = models.EmailField(help_text="Where letters to this seller go.")
    timezone = models.CharField(max_length=40, default="America/Los_Angeles")
    is_made_up = models.BooleanField(default=False, help_text="Demo data, not a real seller.")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["legal_name"]

    def __str__(self) -> str:
        return self.legal_name

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which the portal shows this seller its deadlines."""
        return ZoneInfo(self.timezone)


class MemberRole(models.TextChoices):
    """What a member may do for a seller: owner and responder answer, a viewer only reads."""

    OWNER = "OWNER", "Owner"
    RESPONDER = "RESPONDER", "Responder"
    VIEWER = "VIEWER", "Viewer"


@pghistory.track(append_only=True)
class SellerMember(models.Model):
    """A person who logs in for a seller; one person may act for several sellers."""

    seller = models.ForeignKey(Seller, models.CASCADE, related_name="members")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="seller_memberships"
    )
    role = models.CharField(max_length=10, choices=MemberRole, default=MemberRole.RESPONDER)

    class Meta:
        ordering = ["seller", "user"]
        constraints = [
            models.UniqueConstraint(fields=["seller", "user"], name="member_once_a_seller"),
            models.CheckConstraint(
                condition=Q(role__in=MemberRole.values), name="member_role_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} for {self.seller} ({self.get_role_display()})"

    @property
    def may_respond(self) -> bool:
        """Owners and responders answer claims; viewers only read."""
        return self.role in {MemberRole.OWNER, MemberRole.RESPONDER}


class Product(models.Model):
    """A thing that a seller lists. Only physical products are covered (rules §2)."""

    seller = models.ForeignKey(Seller, models.CASCADE, related_name="products")
    sku = models.CharField(max_length=80, verbose_name="SKU")
    title = models.CharField(max_length=200)
    brand = models.CharField(max_length=100, blank=True)
    category = models.CharField(max_length=80, blank=True)
    is_physical = models.BooleanField(default=True)

    class Meta:
        ordering = ["title"]
        constraints = [
            models.UniqueConstraint(fields=["seller", "sku"], name="product_sku_once_a_seller"),
        ]

    def __str__(self) -> str:
        return self.title


class Fulfilment(models.TextChoices):
    """Who shipped it: never changes eligibility, does change safety duties (rules §2)."""

    MARKETPLACE = "MARKETPLACE", "Shipped by the marketplace"
    MERCHANT = "MERCHANT", "Shipped by the seller"


class Order(models.Model):
    """A purchase of one product by a customer."""

    external_reference = models.CharField(max_length=80)
    marketplace = models.ForeignKey(Marketplace, models.PROTECT, related_name="orders")
    product = models.ForeignKey(Product, models.PROTECT, related_name="orders")
    seller = models.ForeignKey(Seller, models.PROTECT, related_name="orders")
    price_minor = models.BigIntegerField(help_text="Minor units of the market's currency.")
    currency = models.CharField(max_length=3)
    delivered_on = models.DateField(null=True, blank=True)
    fulfilment = models.CharField(max_length=12, choices=Fulfilment)
    is_made_up = models.BooleanField(default=False)

    class Meta:
        ordering = ["external_reference"]
        constraints = [
            models.UniqueConstraint(
                fields=["marketplace", "external_reference"], name="order_once_a_marketplace"
            ),
            models.CheckConstraint(
                condition=Q(price_minor__gte=0), name="order_price_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(fulfilment__in=Fulfilment.values), name="order_fulfilment_known"
            ),
        ]

    def __str__(self) -> str:
        return self.external_reference


class MonthlySales(models.Model):
    """Gross proceeds of a seller in one marketplace and month; decides who must hold cover."""

    seller = models.ForeignKey(Seller, models.CASCADE, related_name="monthly_sales")
    marketplace = models.ForeignKey(Marketplace, models.PROTECT)
    month = models.DateField(help_text="The first day of the month.")
    gross_minor = models.BigIntegerField()
    crossed_on = models.DateField(
        null=True, blank=True, help_text="The day the figure was passed, where it is known."
    )

    class Meta:
        verbose_name_plural = "monthly sales"
        ordering = ["-month"]
        constraints = [
            models.UniqueConstraint(
                fields=["seller", "marketplace", "month"], name="sales_once_a_month"
            ),
            models.CheckConstraint(
                condition=Q(gross_minor__gte=0), name="sales_gross_not_negative"
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="sales_month_is_first_day"),
        ]

    def __str__(self) -> str:
        return f"{self.seller_id} {self.marketplace_id} {self.month:%Y-%m}"


class InformTerms(models.Model):
    """When a seller is high-volume under the INFORM Consumers Act, from a day on; never edited.

    So many sales and so much gross proceeds within the months make a seller high-volume; each of
    the three clocks, to collect, verify and suspend, has the same days (rules §7).
    """

    marketplace = models.ForeignKey(Marketplace, models.PROTECT, related_name="inform_terms")
    effective_on = models.DateField()
    sales = models.PositiveIntegerField(help_text="At least so many sales.")
    gross_minor = models.BigIntegerField(help_text="At least so much gross, in minor units.")
    months = models.PositiveSmallIntegerField(help_text="Within so many months.")
    clock_days = models.PositiveSmallIntegerField(help_text="Calendar days of each clock.")
    marks = models.JSONField(help_text="Figure → P published, S secondary source, D default")

    class Meta:
        verbose_name = "INFORM terms"
        verbose_name_plural = "INFORM terms"
        ordering = ["marketplace", "-effective_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["marketplace", "effective_on"], name="inform_terms_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(sales__gt=0, gross_minor__gt=0, months__gt=0, clock_days__gt=0),
                name="inform_terms_positive",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="inform_terms_never_change", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.marketplace_id} from {self.effective_on}"


class InformStepKind(models.TextChoices):
    """What a person did about a high-volume seller (rules §7)."""

    COLLECTED = "COLLECTED", "Details collected"
    VERIFIED = "VERIFIED", "Details verified"
    SUSPENDED = "SUSPENDED", "Suspended"
    LIFTED = "LIFTED", "Suspension lifted"


class InformStep(models.Model):
    """One step under the INFORM Consumers Act: what, on which local day, from where, by whom.

    Rows are never changed; a mistake is put right by another row. The details themselves stay
    where they were collected: here is which they were, and the source.
    """

    seller = models.ForeignKey(Seller, models.PROTECT, related_name="inform_steps")
    marketplace = models.ForeignKey(Marketplace, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=9, choices=InformStepKind)
    on = models.DateField(help_text="The local day on which it was done.")
    words = models.CharField(max_length=500, help_text="What was done, or why.")
    source = models.CharField(max_length=300, blank=True, help_text="Where the details came from.")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "INFORM step"
        verbose_name_plural = "INFORM steps"
        ordering = ["recorded_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=InformStepKind.values), name="inform_step_known"
            ),
            models.CheckConstraint(condition=~Q(words=""), name="inform_step_says_what"),
            models.CheckConstraint(
                condition=Q(kind__in=["SUSPENDED", "LIFTED"]) | ~Q(source=""),
                name="inform_step_has_source",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="inform_step_never_changes", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.seller_id} {self.marketplace_id} {self.kind} {self.on}"
