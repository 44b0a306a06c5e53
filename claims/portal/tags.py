"""Template filter of the claims' pages: statuses in words."""

from django import template

from claims.lifecycle import Status
from claims.portal.words import STATUS_WORDS
from sellers.portal.words import Words

register = template.Library()


@register.filter
def seller_words(status: str) -> Words:
    """A status in the seller's words."""
    return STATUS_WORDS[Status(status)]
