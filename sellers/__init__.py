"""See `sellers.apps` for what this app is."""
