"""The groups of operations staff, and what each may do.

Laid down after every migration, and safe to run again: the groups below always have these
permissions; other groups, and who belongs to which, are the administrator's own.
"""

from typing import Any

from django.apps.registry import Apps, apps as installed
from django.contrib.auth.models import Group, Permission
from django.db.models import Q

ADJUSTER = "Adjuster"
SENIOR_ADJUSTER = "Senior adjuster"
PAYMENTS = "Payments"
INSURANCE = "Insurance"
AUDITOR = "Auditor"
ADMINISTRATOR = "Administrator"

OUR_APPS = ("sellers", "insurance", "claims")
# The proposer of new terms is an administrator; the second person may be a senior adjuster too.
PROPOSE_TERMS, APPROVE_TERMS = "claims.add_termsdraft", "claims.change_termsdraft"
# A raise of what pauses payouts takes two people in the same way.
LOOK_AT_LIMITS = "claims.view_payoutlimits"
PROPOSE_LIMITS, APPROVE_LIMITS = "claims.add_limitsdraft", "claims.change_limitsdraft"
# Looking at what decisions and terms would change, or changed, without deciding anything.
AUDIT = "claims.audit_programme"

_EDIT = ("add", "change")
_SELLER_RECORDS = ("seller", "sellermember", "product", "order", "closure")
# Each is one step with its own page; nobody edits these rows.
_SELLER_STEPS = frozenset({"sellers.change_monthlysales", "sellers.add_informstep"})
_COVER_RECORDS = ("provider", "appetite", "policy", "coverrequest", "coverwaiver")


def _may(app: str, actions: tuple[str, ...], models: tuple[str, ...]) -> frozenset[str]:
    return frozenset(f"{app}.{action}_{model}" for action in actions for model in models)


_ADJUSTER = frozenset({"claims.screen_claim", "claims.adjudicate_claim", "claims.place_hold"})

# What each group may do beside viewing every record of the programme.
ROLES: dict[str, frozenset[str]] = {
    ADJUSTER: _ADJUSTER,
    SENIOR_ADJUSTER: _ADJUSTER | {"claims.approve_as_senior", APPROVE_TERMS, APPROVE_LIMITS},
    PAYMENTS: frozenset({"claims.manage_payments"}),
    INSURANCE: _may("insurance", _EDIT, (*_COVER_RECORDS, "sellerrestriction"))
    | {"insurance.change_certificate"}
    | _SELLER_STEPS,
    AUDITOR: frozenset({"auth.view_user", "auth.view_group", AUDIT}),
    ADMINISTRATOR: _may("sellers", _EDIT, _SELLER_RECORDS)
    | _may("sellers", ("delete",), ("sellermember", "closure"))
    | _may("sellers", ("add",), ("informterms",))
    | _SELLER_STEPS
    | _may("insurance", _EDIT, ("insuranceterms", "acceleratorterms"))
    | _may("auth", ("view", "add", "change"), ("user", "group"))
    | {PROPOSE_TERMS, APPROVE_TERMS, PROPOSE_LIMITS, APPROVE_LIMITS},
}


def lay_down_groups(*, apps: Apps = installed, **_: Any) -> None:
    """Make the groups and give them their permissions; connected to `post_migrate`.

    A migration that stops before the tables of claims or accounts exist lays down nothing; a
    permission that a later migration makes is given after that one.
    """
    tables = {model._meta.label for model in apps.get_models()}  # noqa: SLF001 - Django's own API
    if not {"claims.Claim", "auth.Group"} <= tables:
        return
    views = Q(content_type__app_label__in=OUR_APPS, codename__startswith="view_")
    for name, labels in ROLES.items():
        group, _created = Group.objects.get_or_create(name=name)
        group.permissions.set(Permission.objects.filter(views | _named(labels)))


def _named(labels: frozenset[str]) -> Q:
    wanted = Q(pk__in=())
    for label in labels:
        app, codename = label.split(".")
        wanted |= Q(content_type__app_label=app, codename=codename)
    return wanted
