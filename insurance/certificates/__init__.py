"""Certificates from sellers: a file is kept, read, confirmed by its seller, and reviewed."""
