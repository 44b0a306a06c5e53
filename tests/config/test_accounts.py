"""Signing in: one door for sellers and staff, limited, with a second factor for staff."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib.auth.models import User
from django.core import mail
from django.core.cache import cache
from django.test import Client
from pytest_django.fixtures import Settings

from sellers.models import MemberRole
from tests.factories import PASSWORD, make_member, make_seller, make_user

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


def sign_in(client: Client, user: User, password: str = PASSWORD, **more: str) -> object:
    return client.post(LOGIN, {"login": user.username, "password": password, **more})


def confirm(client: Client) -> None:
    """Give the password once more, as changing how one signs in asks for."""
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_a_member_is_led_to_the_portal_and_staff_to_the_work_queue(client: Client) -> None:
    member = make_member()
    client.post(LOGIN, {"login": member.user.email, "password": PASSWORD})
    assert client.get("/").headers["Location"] == "/portal/"
    client.logout()
    staff = make_user(role="Auditor")
    sign_in(client, staff)
    assert client.get("/").headers["Location"] == "/admin/"


def test_the_door_of_the_admin_is_the_same_door(client: Client) -> None:
    response = client.get("/admin/login/?next=/admin/claims/")
    assert response.status_code == 302
    assert response.headers["Location"] == "/accounts/login/?next=%2Fadmin%2Fclaims%2F"


def test_a_seller_is_refused_at_the_admin(client: Client) -> None:
    client.force_login(make_member().user)
    assert client.get("/admin/", follow=True).status_code == 403


def test_nobody_signs_up(client: Client) -> None:
    form = {
        "email": "new@people.example",
        "username": "new",
        "password1": "a long enough phrase",
        "password2": "a long enough phrase",
    }
    response = client.post("/accounts/signup/", form)
    assert "Accounts are given by the programme" in response.content.decode()
    assert not User.objects.filter(username="new").exists()


def test_nobody_changes_the_address_to_which_resets_go(client: Client) -> None:
    user = make_member().user
    client.force_login(user)
    response = client.post("/accounts/email/", {"email": "thief@mail.example", "action_add": ""})
    assert response.headers["Location"] == "/account/"
    user.refresh_from_db()
    assert user.email == f"{user.username}@people.example"


def test_wrong_passwords_are_limited_and_then_the_right_one_waits_too(client: Client) -> None:
    user = make_user()
    for _ in range(5):
        response = sign_in(client, user, "wrong")
        assert "There is a problem" in response.content.decode()  # type: ignore[attr-defined]
    assert "Too many" in sign_in(client, user).content.decode()  # type: ignore[attr-defined]
    assert not is_signed_in(client)


def test_a_disabled_user_is_signed_out_at_the_next_request(client: Client) -> None:
    member = make_member()
    sign_in(client, member.user)
    assert client.get("/portal/").status_code == 200
    User.objects.filter(pk=member.user_id).update(is_active=False)
    response = client.get("/portal/")
    assert response.headers["Location"] == "/accounts/login/?next=/portal/"


def test_leaving_the_only_seller_ends_the_session(client: Client) -> None:
    member = make_member()
    sign_in(client, member.user)
    client.get("/portal/")
    member.delete()
    response = client.get("/portal/", follow=True)
    assert response.redirect_chain == [(LOGIN, 302)]
    assert "You no longer act for one of your sellers" in response.content.decode()
    assert not is_signed_in(client)


def test_leaving_one_of_two_sellers_ends_the_session_and_a_new_one_shows_the_other(
    client: Client,
) -> None:
    stays, leaves = make_seller("Stays LLC"), make_seller("Leaves LLC")
    user = make_user()
    make_member(stays, user=user)
    gone = make_member(leaves, user=user)
    sign_in(client, user)
    client.get("/portal/")
    gone.delete()
    assert client.get("/portal/").headers["Location"] == LOGIN
    sign_in(client, user)
    assert client.get("/portal/").status_code == 200


def test_joining_another_seller_keeps_the_session(client: Client) -> None:
    member = make_member()
    sign_in(client, member.user)
    client.get("/portal/")
    make_member(user=member.user, role=MemberRole.VIEWER)
    assert client.get("/portal/").status_code == 200


def test_an_account_without_a_seller_is_told_so(client: Client) -> None:
    client.force_login(make_user())
    response = client.get("/portal/")
    assert response.status_code == 403
    assert "does not act for a seller" in response.content.decode()


def test_staff_do_not_act_for_sellers(client: Client) -> None:
    staff = make_user(role="Adjuster")
    make_member(user=staff)
    client.force_login(staff)
    assert client.get("/portal/").status_code == 403


def test_a_forgotten_password_is_reset_by_mail(client: Client) -> None:
    user = make_member().user
    done = client.post("/accounts/password/reset/", {"email": user.email}, follow=True)
    assert "Check your e-mail" in done.content.decode()
    [letter] = mail.outbox
    assert letter.to == [user.email]
    link = re.search(r"https?://[^/]+(/accounts/password/reset/key/\S+)", str(letter.body))
    assert link is not None
    form = client.get(link[1], follow=True)
    address = form.redirect_chain[-1][0]
    new = "an entirely new phrase"
    saved = client.post(address, {"password1": new, "password2": new}, follow=True)
    assert "Your password is changed" in saved.content.decode()
    sign_in(client, user, new)
    assert is_signed_in(client)


def test_an_unknown_address_gets_the_same_words_and_no_account(client: Client) -> None:
    done = client.post("/accounts/password/reset/", {"email": "no@body.example"}, follow=True)
    assert "If an account has this address" in done.content.decode()


def test_changing_the_password_ends_the_session(client: Client) -> None:
    user = make_member().user
    sign_in(client, user)
    new = "an entirely new phrase"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    client.post("/accounts/password/change/", form)
    assert not is_signed_in(client)


class TestSecondFactor:
    """STAFF_MFA_REQUIRED: staff reach nothing without a second factor (issue 2, faces)."""

    @pytest.fixture(autouse=True)
    def _required(self, settings: Settings) -> None:
        settings.STAFF_MFA_REQUIRED = True

    def code(self, secret: str) -> str:
        counter = next(iter(yield_hotp_counters_from_time()))
        return str(format_hotp_value(hotp_value(secret, counter)))

    @pytest.mark.parametrize("path", ["/", "/admin/", "/account/", "/portal/", "/accounts/2fa/"])
    def test_staff_without_one_are_led_to_set_one_up(self, client: Client, path: str) -> None:
        sign_in(client, make_user(role="Adjuster"))
        assert client.get(path).headers["Location"] == "/accounts/2fa/totp/activate/"

    def test_they_can_always_leave(self, client: Client) -> None:
        sign_in(client, make_user(role="Adjuster"))
        client.post("/accounts/logout/")
        assert not is_signed_in(client)

    def test_setting_one_up_opens_the_work_queue(self, client: Client) -> None:
        staff = make_user(role="Adjuster")
        sign_in(client, staff)
        page = client.get("/accounts/2fa/totp/activate/", follow=True)
        assert "Confirm that it is you" in page.content.decode()
        confirm(client)
        page = client.get("/accounts/2fa/totp/activate/")
        assert page.status_code == 200
        secret = page.context["form"].secret
        client.post("/accounts/2fa/totp/activate/", {"code": self.code(secret)})
        assert Authenticator.objects.filter(user=staff, type="totp").exists()
        assert client.get("/").headers["Location"] == "/admin/"

    def test_from_then_on_a_password_alone_does_not_sign_in(self, client: Client) -> None:
        staff = make_user(role="Adjuster")
        TOTP.activate(staff, "JBSWY3DPEHPK3PXP")
        response = sign_in(client, staff)
        assert response.headers["Location"] == "/accounts/2fa/authenticate/"  # type: ignore[attr-defined]
        assert not is_signed_in(client)
        client.post("/accounts/2fa/authenticate/", {"code": "000000"})
        assert not is_signed_in(client)
        client.post("/accounts/2fa/authenticate/", {"code": self.code("JBSWY3DPEHPK3PXP")})
        assert is_signed_in(client)

    def test_sellers_may_do_without(self, client: Client) -> None:
        sign_in(client, make_member().user)
        assert client.get("/portal/").status_code == 200

    def test_the_demo_asks_nobody(self, client: Client, settings: Settings) -> None:
        settings.STAFF_MFA_REQUIRED = False
        sign_in(client, make_user(role="Adjuster"))
        assert client.get("/").headers["Location"] == "/admin/"


SIGN_IN_PAGES = ["/accounts/login/", "/accounts/password/reset/", "/accounts/signup/", "/nowhere/"]
MEMBER_PAGES = [
    "/portal/",
    "/account/",
    "/accounts/logout/",
    "/accounts/password/change/",
    "/accounts/2fa/",
    "/accounts/2fa/totp/activate/",
]


@pytest.mark.parametrize("path", SIGN_IN_PAGES + MEMBER_PAGES)
def test_every_page_carries_the_one_strict_policy(client: Client, path: str) -> None:
    if path in MEMBER_PAGES:
        sign_in(client, make_member().user)
        confirm(client)
    response = client.get(path)
    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'; ")
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    page = response.content.decode()
    assert re.search(r"\sstyle=|\son[a-z]+=|<style|javascript:", page) is None
    assert re.search(r"<script(?![^>]*src=)", page) is None
    assert '<html lang="en">' in page
    assert 'href="#main">Skip to main content' in page
