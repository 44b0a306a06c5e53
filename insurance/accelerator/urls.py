"""The one address that needs no login: a provider's link to one application."""

from django.urls import path

from insurance.accelerator.provider_page import quote_request

urlpatterns = [path("<str:token>/", quote_request, name="quote_request")]
