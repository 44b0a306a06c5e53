"""What cannot be done about the requirement, as an exception whose message is the reason."""


class RequirementRefused(Exception):
    """An act about a seller's requirement is not possible; nothing was written."""


def reason_given(text: str, *, of: str) -> str:
    """A reason without the space around it.

    Raises:
        RequirementRefused: there is none.
    """
    reason = text.strip()
    if not reason:
        raise RequirementRefused(f"Say why {of}: it stays in the record.")
    return reason
