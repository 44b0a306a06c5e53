"""See `insurance.apps` for what this app is."""
