"""Every address of the site."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from config.home import account, home

# Staff sign in where sellers do: one door, one rate limit, one second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign, no-untyped-call]

urlpatterns = [
    path("", home, name="home"),
    path("portal/", include("claims.portal.urls")),
    path("admin/", admin.site.urls),
    path("account/", account, name="account"),
    # An administrator keeps people's addresses; nobody changes where resets are sent.
    path("accounts/email/", RedirectView.as_view(pattern_name="account")),
    path("accounts/", include("allauth.urls")),
]
