"""The addresses of the pages beside the plain records: looks, clocks, backtest, instructions."""

from django.contrib.admin import AdminSite
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST, require_safe

from claims.admin import (
    authority_orders,
    backtesting,
    bank_files,
    explaining,
    high_volume,
    inform,
    limits,
    safety,
    sanctions,
    seller_metrics,
    signals,
    watching,
    withholding,
)


def addresses(site: AdminSite) -> list[URLPattern]:
    """Each page behind the site's own door; what people may do, each page asks itself."""
    pages = (
        ("claims/claim/<str:reference>/explain/", require_safe(explaining.explain_page), "explain"),
        ("backtest/", require_safe(backtesting.backtest_home), "backtest"),
        ("backtest/<str:market>/", require_safe(backtesting.backtest_page), "backtest_of"),
        ("safety/", require_safe(safety.safety_queue_page), "safety"),
        ("safety/<int:pk>/", safety.safety_case_page, "safety_case"),
        ("safety/<int:pk>/order/", authority_orders.record_order_page, "authority_order"),
        (
            "safety/orders/<int:pk>/acted/",
            authority_orders.order_acted_on_page,
            "authority_order_acted",
        ),
        ("sellers/<int:pk>/metrics/", require_safe(seller_metrics.metrics_page), "seller_metrics"),
        ("sellers/<int:pk>/inform/", require_safe(inform.inform_page), "inform"),
        ("sellers/<int:pk>/inform/<slug:name>/", inform.inform_act_page, "inform_act"),
        ("sellers/high-volume/", require_safe(high_volume.high_volume_page), "high_volume"),
        ("sanctions/", require_safe(sanctions.sanctions_page), "sanctions"),
        ("sanctions/<int:pk>/", sanctions.screening_page, "screening"),
        ("signals/", require_safe(signals.signals_page), "signals"),
        ("signals/<int:pk>/", signals.signal_page, "signal"),
        ("clocks/", require_safe(watching.watch_page), "watch"),
        ("clocks/<int:pk>/try-again/", require_POST(watching.try_again), "try_again"),
        ("bank-files/", bank_files.bank_files_page, "bank_files"),
        ("bank-files/write/", require_POST(bank_files.write_file), "write_bank_file"),
        ("bank-files/<int:pk>.xml", require_safe(bank_files.bank_file), "bank_file"),
        ("payout-limits/", require_safe(limits.limits_page), "limits"),
        ("payout-limits/change/", limits.change_page, "limits_change"),
        ("payout-limits/proposed/<int:pk>/", limits.draft_page, "limits_draft"),
        ("withholding/", withholding.withholding_page, "withholding"),
        (
            "withholding/<str:batch>.csv",
            require_safe(withholding.withholding_file),
            "withholding_file",
        ),
    )
    return [path(at, site.admin_view(page), name=f"claims_{name}") for at, page, name in pages]
