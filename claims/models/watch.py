"""Heartbeats: when each sweep and sender last ran, so that a stopped clock is noticed."""

from django.db import models


class Heartbeat(models.Model):
    """The last moment at which a sweep or sender finished, and how often it failed since."""

    name = models.CharField(max_length=40, primary_key=True)
    beaten_at = models.DateTimeField()
    failures = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name} {self.beaten_at:%Y-%m-%d %H:%M:%S} UTC"
