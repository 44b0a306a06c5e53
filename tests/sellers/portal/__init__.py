"""The portal, as far as it is nobody's own."""
