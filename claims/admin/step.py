"""A step's page as data: its form, its one operation, its permission, and when it fits."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser, User

from claims.admin.standing import Standing, always
from claims.admin.step_forms import StepForm
from claims.admin.step_words import SAYS
from claims.lifecycle import STEPS, ActorKind


@dataclass(frozen=True, slots=True)
class StepPage:
    """A page with a form that does one operation."""

    slug: str
    title: str
    steps: tuple[str, ...]
    permission: str
    form: type[StepForm]
    operation: Callable[..., Any]
    group: str
    applies: Callable[[Standing], bool] = always
    is_grave: bool = False
    takes_second_person: bool = False

    @property
    def says(self) -> str:
        """What happens when the form is sent, in words."""
        return SAYS[self.slug]

    def is_open_to(self, user: User | AnonymousUser) -> bool:
        """Whether this person may take the step at all."""
        return user.has_perm(self.permission)

    def is_for(self, user: User | AnonymousUser, standing: Standing) -> bool:
        """Whether the claim, as it stands, allows the step to this very person."""
        is_own = self.takes_second_person and standing.proposed_by == user.pk
        return self.is_open_to(user) and self.fits(standing) and not is_own

    def fits(self, standing: Standing) -> bool:
        """Whether the claim, as it stands, allows the step to operations."""
        steps = (STEPS[name] for name in self.steps)
        allowed = any(
            standing.status in step.source and ActorKind.STAFF in step.by for step in steps
        )
        return allowed and self.applies(standing)
