"""The suite, tested: the code is broken in named ways, and some test must see each of them."""
