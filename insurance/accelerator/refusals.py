"""What the Accelerator does not allow, as exceptions whose message is the reason in words."""


class AcceleratorRefusal(Exception):
    """The Accelerator does not allow an act; nothing was written."""


class VettingRefused(AcceleratorRefusal):
    """A check or a decision about a provider cannot be made."""


class QuoteStepRefused(AcceleratorRefusal):
    """An application, an invitation or a quote cannot be moved as asked."""


class QuoteMovedMeanwhile(QuoteStepRefused):
    """Somebody else, or the clock, moved it first."""


class LinkNotValid(AcceleratorRefusal):
    """A provider's link does not open an application: it is unknown, over or taken back."""
