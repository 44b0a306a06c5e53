"""Evidence is what its bytes say, kept as it came, handed out only as a download."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django.fixtures import Settings

from claims.lifecycle import ActorKind
from claims.models import Claim, Evidence
from claims.operations import evidence as rules
from claims.operations.evidence import (
    EvidenceRefused,
    check_evidence,
    check_number,
    keep_evidence,
    sniff,
)
from claims.outcome import CLAIMANT, Actor
from claims.queries import seller_actor
from sellers.models import SellerMember
from tests.claims.portal.conftest import JPEG, PDF, PNG, WEBP
from tests.factories import NOON, make_member, make_order, report_awaiting_seller, staff_actor

type Upload = Callable[..., SimpleUploadedFile]
KINDS = {"photo.jpg": JPEG, "photo.JPEG": JPEG, "a.png": PNG, "b.webp": WEBP, "c.pdf": PDF}


@pytest.mark.parametrize(("name", "content"), KINDS.items())
def test_the_four_kinds_are_known_by_their_first_bytes(
    upload: Upload, name: str, content: bytes
) -> None:
    kind = check_evidence(upload(name, content))
    assert name.lower().endswith(kind.extensions)
    assert sniff(content[:16]) == kind


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("page.jpg", b"<html><script>", "“page.jpg” is not a JPEG, PNG or WEBP picture or a PDF."),
        ("x.svg", b"<svg xmlns=", "“x.svg” is not a JPEG, PNG or WEBP picture or a PDF."),
        ("x.gif", b"GIF89a" + b"0" * 20, "“x.gif” is not a JPEG, PNG or WEBP picture or a PDF."),
        ("x.webp", b"RIFF\x10\x00\x00\x00WAVEfmt ", "“x.webp” is not a JPEG"),
        ("x.pdf", b"\n%PDF-1.7", "“x.pdf” is not a JPEG"),
        ("photo.png", JPEG, "“photo.png” is really image/jpeg: give it a name that ends in .jpg"),
        ("page.html", PDF, "“page.html” is really application/pdf: give it a name that ends in"),
        ("none", PNG, "“none” is really image/png"),
        ("empty.pdf", b"", "“empty.pdf” is empty."),
    ],
)
def test_anything_else_is_refused_by_name_and_reason(
    upload: Upload, name: str, content: bytes, why: str
) -> None:
    with pytest.raises(EvidenceRefused) as refusal:
        check_evidence(upload(name, content))
    assert str(refusal.value).startswith(why)


def test_a_file_over_the_cap_is_refused(upload: Upload, settings: Settings) -> None:
    settings.EVIDENCE_MAX_BYTES = 2 * 1024 * 1024
    exact = upload(content=JPEG.ljust(settings.EVIDENCE_MAX_BYTES, b"\0"))
    assert check_evidence(exact).media_type == "image/jpeg"
    over = upload(content=JPEG.ljust(settings.EVIDENCE_MAX_BYTES + 200_000, b"\0"))
    with pytest.raises(EvidenceRefused, match=r"2\.2 MB; a file may have at most 2 MB"):
        check_evidence(over)


def test_at_most_ten_files_at_once(upload: Upload) -> None:
    check_number([upload()] * 10)
    with pytest.raises(EvidenceRefused, match="You chose 11 files"):
        check_number([upload()] * 11)


@pytest.mark.django_db
class TestKeeping:
    @pytest.fixture
    def claim(self, member: SellerMember) -> Claim:
        return report_awaiting_seller(make_order(member.seller))

    @pytest.fixture
    def by(self, member: SellerMember) -> Actor:
        return seller_actor(member.user)

    def test_a_file_is_kept_under_a_random_name_with_its_digest(
        self, claim: Claim, by: Actor, upload: Upload, settings: Settings
    ) -> None:
        kept = keep_evidence(claim=claim, file=upload("My photo.JPG"), at=NOON, by=by)
        row = Evidence.objects.get()
        assert (row.claim, row.name, row.media_type, row.size, row.given_at) == (
            claim,
            "My photo.JPG",
            "image/jpeg",
            len(JPEG),
            NOON,
        )
        assert (row.given_by_kind, row.given_by_id, row.is_internal) == (
            ActorKind.SELLER,
            by.user_id,
            False,
        )
        assert row.sha256 == hashlib.sha256(JPEG).hexdigest()
        stored = Path(settings.MEDIA_ROOT) / str(kept.file.name)
        assert stored.read_bytes() == JPEG
        assert len(stored.stem) == 32
        assert "photo" not in stored.name

    def test_the_same_bytes_again_are_the_same_evidence(
        self, claim: Claim, by: Actor, upload: Upload
    ) -> None:
        first = keep_evidence(claim=claim, file=upload(), at=NOON, by=by)
        again = keep_evidence(claim=claim, file=upload("copy.jpg"), at=NOON, by=by)
        assert again == first
        assert Evidence.objects.count() == 1

    def test_the_same_bytes_from_another_party_are_their_own(
        self, claim: Claim, by: Actor, upload: Upload
    ) -> None:
        keep_evidence(claim=claim, file=upload(), at=NOON, by=by)
        keep_evidence(claim=claim, file=upload(), at=NOON, by=CLAIMANT)
        keep_evidence(claim=claim, file=upload(), at=NOON, by=staff_actor(), is_internal=True)
        assert Evidence.objects.count() == 3

    def test_a_refused_file_leaves_nothing(
        self, claim: Claim, by: Actor, upload: Upload, settings: Settings
    ) -> None:
        with pytest.raises(EvidenceRefused):
            keep_evidence(claim=claim, file=upload("x.html", b"<html>"), at=NOON, by=by)
        assert not Evidence.objects.exists()
        assert not Path(settings.MEDIA_ROOT).exists()

    def test_a_row_that_cannot_be_written_leaves_no_file(
        self, claim: Claim, by: Actor, upload: Upload, settings: Settings
    ) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            keep_evidence(claim=claim, file=upload(), at=None, by=by)  # type: ignore[arg-type]
        assert [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()] == []

    def test_a_party_cannot_fill_the_file_without_end(
        self, claim: Claim, by: Actor, upload: Upload, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(rules, "MOST_FILES", 2)
        for number in range(2):
            keep_evidence(claim=claim, file=upload(content=JPEG + b"%d" % number), at=NOON, by=by)
        with pytest.raises(EvidenceRefused, match="has 2 of your files already"):
            keep_evidence(claim=claim, file=upload(), at=NOON, by=by)
        assert Evidence.objects.count() == 2


@pytest.mark.django_db
class TestDownload:
    @pytest.fixture
    def claim(self, member: SellerMember) -> Claim:
        return report_awaiting_seller(make_order(member.seller))

    def test_it_is_an_attachment_that_nothing_may_run(
        self, portal: Client, claim: Claim, upload: Upload
    ) -> None:
        kept = keep_evidence(claim=claim, file=upload("Küche.jpg"), at=NOON, by=CLAIMANT)
        response = portal.get(f"/portal/claims/{claim.reference}/evidence/{kept.pk}/")
        assert b"".join(response) == JPEG
        assert response.headers["Content-Type"] == "image/jpeg"
        assert response.headers["Content-Disposition"] == (
            "attachment; filename*=utf-8''K%C3%BCche.jpg"
        )
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert "no-store" in response.headers["Cache-Control"]

    def test_internal_evidence_is_not_found(
        self, portal: Client, claim: Claim, upload: Upload
    ) -> None:
        kept = keep_evidence(
            claim=claim, file=upload(), at=NOON, by=staff_actor(), is_internal=True
        )
        address = f"/portal/claims/{claim.reference}/evidence/{kept.pk}/"
        assert portal.get(address).status_code == 404

    def test_evidence_of_another_claim_or_seller_is_not_found(
        self, portal: Client, claim: Claim, upload: Upload
    ) -> None:
        other = report_awaiting_seller(make_order(make_member().seller))
        kept = keep_evidence(claim=other, file=upload(), at=NOON, by=CLAIMANT)
        for reference in (claim.reference, other.reference):
            address = f"/portal/claims/{reference}/evidence/{kept.pk}/"
            assert portal.get(address).status_code == 404

    def test_it_is_not_found_without_signing_in(self, claim: Claim, upload: Upload) -> None:
        kept = keep_evidence(claim=claim, file=upload(), at=NOON, by=CLAIMANT)
        response = Client().get(f"/portal/claims/{claim.reference}/evidence/{kept.pk}/")
        assert response.headers["Location"].startswith("/accounts/login/")
