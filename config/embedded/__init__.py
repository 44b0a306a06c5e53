"""PostgreSQL and Valkey without an installation, and the processes of `./redress` above them.

For development, tests and the demo, on Linux. Production starts the same web, worker and beat
under its own supervisor, with DATABASE_URL and REDIS_URL set (docs/operations.md), and never
imports this.
"""
