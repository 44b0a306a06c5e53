"""From what was read to the facts that the checks judge, when nobody corrected anything."""

from insurance.policy_facts import PolicyFacts
from insurance.reading.facts import PolicySuggestion, Reading
from insurance.terms import RequirementTerms


def facts_as_read(
    suggestion: PolicySuggestion, *, reading: Reading, terms: RequirementTerms
) -> PolicyFacts:
    """The facts of one policy as read, for a market's terms; what was not read counts as absent.

    A date that has to be asked is left out, and its words are in `dates_text`.
    """
    raise NotImplementedError
