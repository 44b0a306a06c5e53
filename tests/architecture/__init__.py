"""The house rules of the code itself: imports one way, short functions, plain names."""
