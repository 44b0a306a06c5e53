"""Who sold it: marketplaces, sellers, their members, products, orders and sales."""

from django.apps import AppConfig


class SellersConfig(AppConfig):
    """A seller is a fact without insurance and without claims."""

    name = "sellers"
    verbose_name = "Sellers"

    def ready(self) -> None:
        """Hear of letters that came back."""
        from sellers.post import bounces

        bounces.listen()
