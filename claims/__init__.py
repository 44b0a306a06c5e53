"""See `claims.apps` for what this app is."""
