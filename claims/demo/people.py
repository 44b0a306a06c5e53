"""Who can sign in to the demo: one login a role, and the people of three sellers."""

from dataclasses import dataclass

from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.models import Group, User
from django.utils.crypto import get_random_string

from claims.lifecycle import ActorKind
from claims.outcome import Actor
from claims.queries import actor_for
from claims.roles import (
    ADJUSTER,
    ADMINISTRATOR,
    AUDITOR,
    INSURANCE,
    PAYMENTS,
    SENIOR_ADJUSTER,
    lay_down_groups,
)
from sellers.models import MemberRole, Seller, SellerMember

# Everybody may read these passwords, so they need not be slow to guess; signing in once makes
# them as slow as any other.
QUICK_ITERATIONS = 1000


@dataclass(frozen=True, slots=True)
class Login:
    """A person of operations who can sign in."""

    username: str
    first_name: str
    last_name: str
    group: str


@dataclass(frozen=True, slots=True)
class Member:
    """A person who signs in for sellers, by the sellers' short names."""

    username: str
    first_name: str
    last_name: str
    role: str
    sellers: tuple[str, ...]


STAFF = (
    Login("adjuster", "Amelia", "Ortega", ADJUSTER),
    Login("adjuster2", "Ben", "Fairweather", ADJUSTER),
    Login("senior", "Chidi", "Okafor", SENIOR_ADJUSTER),
    Login("senior2", "Dagny", "Lindqvist", SENIOR_ADJUSTER),
    Login("payments", "Elena", "Rossi", PAYMENTS),
    Login("insurance", "Farid", "Haddad", INSURANCE),
    Login("auditor", "Greta", "Vogel", AUDITOR),
    Login("administrator", "Henry", "Osei", ADMINISTRATOR),
)
MEMBERS = (
    Member("owner", "Rosa", "Brightwater", MemberRole.OWNER, ("brightwater",)),
    Member("responder", "Sam", "Whitlock", MemberRole.RESPONDER, ("volt", "thornbury")),
    Member("viewer", "Tove", "Berg", MemberRole.VIEWER, ("nordlicht",)),
)


def password_of(username: str) -> str:
    """The password of a demo login, which `show_demo` prints for everybody."""
    return f"demo-{username}"


def lay_out_staff() -> None:
    """Make the logins of operations that are not there yet; nobody's password is changed."""
    lay_down_groups()
    groups = {group.name: group for group in Group.objects.all()}
    for login in STAFF:
        user, is_new = _user(login, is_staff=True)
        if is_new:
            user.groups.add(groups[login.group])


def lay_out_members(sellers: dict[str, Seller]) -> None:
    """Make the logins of sellers that are not there yet."""
    for member in MEMBERS:
        user, _ = _user(member, is_staff=False)
        for name in member.sellers:
            SellerMember.objects.get_or_create(
                seller=sellers[name], user=user, defaults={"role": member.role}
            )


def _user(person: Login | Member, *, is_staff: bool) -> tuple[User, bool]:
    return User.objects.get_or_create(
        username=person.username,
        defaults={
            "email": f"{person.username}@demo.example",
            "first_name": person.first_name,
            "last_name": person.last_name,
            "is_staff": is_staff,
            "password": PBKDF2PasswordHasher().encode(
                password_of(person.username), get_random_string(22), QUICK_ITERATIONS
            ),
        },
    )


class Company:
    """The actors of the stories: staff by login, sellers by the member who answers for them."""

    def __init__(self) -> None:
        names = [login.username for login in STAFF]
        self._staff = {
            user.username: actor_for(user) for user in User.objects.filter(username__in=names)
        }
        self._answering = dict(
            SellerMember.objects.exclude(role=MemberRole.VIEWER).values_list("seller", "user")
        )

    def staff(self, username: str) -> Actor:
        """A person of operations, with the authority of their group."""
        return self._staff[username]

    def seller(self, seller_id: int) -> Actor:
        """Whoever answers for a seller; where nobody has a login, the seller without a name."""
        return Actor(ActorKind.SELLER, self._answering.get(seller_id))
