"""Numbers of things in words: 1 claim, 2 claims."""


def counted(number: int, thing: str) -> str:
    """A number with its thing, in the plural unless it is one: 1 claim, 2 claims, 1,200 claims."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
