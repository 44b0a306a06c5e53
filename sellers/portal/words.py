"""How the portal says where something stands."""

from typing import NamedTuple


class Words(NamedTuple):
    """A short label, the tone it is shown in (act, wait, good or plain), and a sentence."""

    label: str
    tone: str
    sentence: str
