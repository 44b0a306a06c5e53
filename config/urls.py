"""Every address of the site."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from claims.watch import pages as watch
from claims.webhooks import provider_notification
from config.home import account, home

# Staff sign in where sellers do: one door, one rate limit, one second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign, no-untyped-call]

urlpatterns = [
    path("", home, name="home"),
    path("portal/", include("claims.portal.urls")),
    path("portal/insurance/", include("insurance.portal.urls")),
    # A provider's link to one application, without a login.
    path("quote-requests/", include("insurance.accelerator.urls")),
    path("admin/", admin.site.urls),
    path("account/", account, name="account"),
    # An administrator keeps people's addresses; nobody changes where resets are sent.
    path("accounts/email/", RedirectView.as_view(pattern_name="account")),
    path("accounts/", include("allauth.urls")),
    path("anymail/", include("anymail.urls")),
    path("provider/notifications", provider_notification, name="provider_notification"),
    path("healthz", watch.healthz),
    path("healthz/clocks", watch.clocks),
    path("readyz", watch.readyz),
    path("metrics", watch.metrics),
]

handler400 = "config.failing.bad_request"
handler500 = "config.failing.server_error"
