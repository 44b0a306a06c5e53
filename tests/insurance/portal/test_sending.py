"""From the file to the proof in the portal: upload, wait, confirm, check, result."""

import dataclasses
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from insurance.certificates.confirming import MOST_POLICIES
from insurance.models import (
    Certificate,
    CertificateFile,
    FileState,
    InsuranceLetter,
    Policy,
    Review,
)
from insurance.reading.facts import DateRead, FileKind, ProblemCode, Reading, problem
from sellers.models import Seller, SellerMember
from tests.factories import make_market, make_order
from tests.insurance.certificates.hostile import compound_file
from tests.insurance.certificates_flow.world import (
    AUTOMOBILE,
    PDF,
    PNG,
    READ_POLICY,
    UNCLEAR,
    confirmed,
    given,
    kept,
    read,
    reading,
    sound,
)
from tests.insurance.pages import words

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture
def file(seller: Seller, member: SellerMember) -> CertificateFile:
    """A file of the seller that was read a moment ago."""
    now = timezone.now()
    sent = kept(seller, by=member.user, at=now - SECOND)
    read(sent, fresh(), at=now)
    return sent


def fresh(*policies: Any, **fields: Any) -> Reading:
    """What a certificate says that is in force for the year from today."""
    return reading(*(policies or (in_force(),)), **fields)


def in_force(**departs: Any) -> Any:
    today = timezone.now().date()
    begins, ends = today - timedelta(days=30), today + timedelta(days=300)
    dates = {"effective": DateRead(begins, "begins"), "expires": DateRead(ends, "ends")}
    return dataclasses.replace(READ_POLICY, **(dates | departs))


def at(file: CertificateFile, page: str = "") -> str:
    return f"/portal/insurance/certificates/{file.pk}/{page}"


def prefilled(portal: Client, file: CertificateFile) -> dict[str, Any]:
    """What the form of a file would send, were nothing typed."""
    entry = portal.get(at(file, "confirm/")).context["entry"]
    sent: dict[str, Any] = {"section": [section.name for section in entry.sections]}
    for form in entry.forms:
        for field in form:
            sent[field.html_name] = field.value() or ""
    return sent


def test_a_file_is_sent_and_the_page_waits_by_itself(
    portal: Client, seller: Seller, member: SellerMember
) -> None:
    make_order(seller)
    address = f"/portal/insurance/{seller.pk}/US/send/"
    page = portal.get(address)
    assert "limits of at least $1,000,000.00 per occurrence" in words(page)
    answer = portal.post(address, {"certificate": given()})
    file = CertificateFile.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, at(file))
    assert (file.seller, file.uploaded_by, file.state) == (seller, member.user, "UPLOADED")
    waiting = portal.get(at(file))
    assert '<meta http-equiv="refresh" content="2">' in waiting.content.decode()
    assert "We read your certificate" in words(waiting)


def test_a_file_that_cannot_be_kept_is_refused_on_the_form(portal: Client, seller: Seller) -> None:
    make_order(seller)
    answer = portal.post(
        f"/portal/insurance/{seller.pk}/US/send/", {"certificate": given("x.pdf", b"<html>")}
    )
    assert answer.status_code == 422
    assert "There is a problem “x.pdf” is not a PDF, DOC or DOCX file." in words(answer)
    assert not CertificateFile.objects.exists()


def test_no_file_at_all_is_a_mistake_too(portal: Client, seller: Seller) -> None:
    make_order(seller)
    answer = portal.post(f"/portal/insurance/{seller.pk}/US/send/", {})
    assert (answer.status_code, CertificateFile.objects.count()) == (422, 0)


def test_an_unreadable_file_says_why_and_what_to_do(
    portal: Client, seller: Seller, member: SellerMember
) -> None:
    file = kept(seller, by=member.user, at=timezone.now())
    read(file, Reading(problem=problem(ProblemCode.ENCRYPTED)), at=timezone.now())
    page = portal.get(at(file))
    assert problem(ProblemCode.ENCRYPTED).words in words(page)
    assert f"/portal/insurance/{seller.pk}/US/send/?replaces={file.pk}" in page.content.decode()
    assert portal.get(at(file, "confirm/")).headers["Location"] == at(file)


def test_suggestions_are_labelled_as_such(portal: Client, file: CertificateFile) -> None:
    page = portal.get(at(file, "confirm/"))
    assert "Read from your certificate, check it: “INSURER A: Harborway”" in words(page)
    sent = prefilled(portal, file)
    assert (sent["p0-insurer"], sent["p0-each_occurrence"], sent["whole-named_insured"]) == (
        "Harborway",
        "1000000",
        "Kettle House LLC",
    )


def test_the_way_through_without_a_defect(portal: Client, file: CertificateFile) -> None:
    answer = portal.post(at(file, "confirm/"), prefilled(portal, file))
    assert answer.headers["Location"] == at(file, "check/")
    assert not Policy.objects.exists()
    check = portal.get(at(file, "check/"))
    assert "Each-occurrence limit $1,000,000.00 Change" in words(check)
    number = check.context["file"].draft_number
    answer = portal.post(at(file, "check/"), {"draft": number}, follow=True)
    certificate = Certificate.objects.get()
    assert (certificate.review, certificate.defect_codes) == (Review.PENDING, [])
    assert "We have your certificate" in words(answer)
    assert "Our operations will compare it with what you confirmed by" in words(answer)


def test_sending_twice_sends_once(portal: Client, file: CertificateFile) -> None:
    portal.post(at(file, "confirm/"), prefilled(portal, file))
    for _ in range(2):
        answer = portal.post(at(file, "check/"), {"draft": "1"}, follow=True)
        assert answer.redirect_chain[-1][0] == at(file, "result/")
    assert Certificate.objects.count() == 1


@pytest.mark.parametrize("draft", ["7", "", "one", "-1"])
def test_another_draft_than_the_one_shown_is_not_sent(
    portal: Client, file: CertificateFile, draft: str
) -> None:
    portal.post(at(file, "confirm/"), prefilled(portal, file))
    answer = portal.post(at(file, "check/"), {"draft": draft}, follow=True)
    assert "was sent or changed meanwhile" in words(answer)
    assert not Certificate.objects.exists()


def test_the_result_lists_every_defect_with_the_words_for_the_broker(
    portal: Client, file: CertificateFile
) -> None:
    """Rules §4: all defects in one list: found, needed, and what to write."""
    sent = prefilled(portal, file) | {
        "p0-rating": "",
        "p0-aggregate": "500000",
        "p0-naming": "HOLDER",
        "whole-is_signed": "no",
    }
    portal.post(at(file, "confirm/"), sent)
    answer = portal.post(at(file, "check/"), {"draft": "1"}, follow=True)
    page = words(answer)
    defects = Certificate.objects.get().defects
    assert [defect["code"] for defect in defects] == [
        "AGGREGATE",
        "CERTIFICATE_HOLDER_ONLY",
        "INSURER_RATING",
        "SIGNATURE",
    ]
    assert "4 things to correct" in page
    letter = answer.context["letter"]
    assert letter.startswith(
        "Please send a corrected certificate of insurance for Kettle House LLC, for sales in "
        "United States."
    )
    for number, defect in enumerate(defects, start=1):
        assert f"Found {defect['found']} Needed {defect['needed']}" in page
        assert f"{number}. {defect['words_for_broker']}" in letter
    assert f"?replaces={file.pk}" in answer.content.decode()


def test_mistakes_stand_in_a_summary_that_leads_to_them(
    portal: Client, file: CertificateFile
) -> None:
    sent = prefilled(portal, file) | {
        "p0-insurer": "",
        "p0-basis": "",
        "p0-each_occurrence": "1,000,000",
        "p0-expires_on": "02/03/2027",
        "p0-additional_insured": "",
        "whole-named_insured": "",
    }
    answer = portal.post(at(file, "confirm/"), sent)
    assert answer.status_code == 422
    assert [error.target for error in answer.context["entry"].errors] == [
        "id_whole-named_insured",
        "id_p0-insurer",
        "id_p0-basis_0",
        "id_p0-expires_on",
        "id_p0-each_occurrence",
        "id_p0-additional_insured",
    ]
    body = answer.content.decode()
    assert all(f'id="{error.target}"' in body for error in answer.context["entry"].errors)
    assert "“02/03/2027” may be 2 March 2027 or 3 February 2027" in words(answer).replace(
        "3 February 2027 or 2 March 2027", "2 March 2027 or 3 February 2027"
    )
    file.refresh_from_db()
    assert file.draft is None


def test_an_unclear_date_is_asked_and_nothing_is_chosen_beforehand(
    portal: Client, seller: Seller, member: SellerMember
) -> None:
    """Rules §4, check 10: ambiguous dates are asked about, never guessed."""
    now = timezone.now()
    file = kept(seller, by=member.user, at=now - SECOND)
    unclear = in_force(effective=DateRead(None, "02/03/2026"))
    read(file, fresh(unclear, questions=(UNCLEAR,)), at=now)
    page = portal.get(at(file, "confirm/"))
    assert "The certificate says “02/03/2026”, which can be read in more than one way." in words(
        page
    )
    radios = re.findall(r'<input[^>]*name="p0-effective_on_choice"[^>]*>', page.content.decode())
    assert [re.findall(r'value="([^"]*)"', radio)[0] for radio in radios] == [
        "2026-02-03",
        "2026-03-02",
        "other",
        "unclear",
    ]
    assert not any("checked" in radio for radio in radios)
    sent = prefilled(portal, file)
    assert portal.post(at(file, "confirm/"), sent).status_code == 422
    sent["p0-effective_on_choice"] = "other"
    assert portal.post(at(file, "confirm/"), sent).status_code == 422
    sent["p0-effective_on_choice"] = "2026-03-02"
    portal.post(at(file, "confirm/"), sent)
    assert "Policy begins 2 March 2026" in words(portal.get(at(file, "check/")))
    sent["p0-effective_on_choice"] = "unclear"
    portal.post(at(file, "confirm/"), sent)
    assert "Cannot be told from “02/03/2026”" in words(portal.get(at(file, "check/")))
    portal.post(at(file, "check/"), {"draft": "2"})
    assert Certificate.objects.get().defect_codes == ["DATES"]


def test_a_scan_has_the_form_ready_and_empty(
    portal: Client, seller: Seller, member: SellerMember
) -> None:
    now = timezone.now()
    file = kept(seller, by=member.user, at=now - SECOND)
    scan = Reading(pages=(PNG,), page_count=1, is_scan=True)
    read(file, scan, at=now)
    page = portal.get(at(file, "confirm/"))
    assert "Your file is a picture without text" in words(page)
    sent = prefilled(portal, file)
    assert sent.pop("section") == ["n0"]
    assert set(map(str, sent.values())) == {""}


def test_an_old_word_file_has_the_form_ready_and_says_so(
    portal: Client, seller: Seller, member: SellerMember
) -> None:
    """Not read: its seller fills in the form from the file, and operations look at the file."""
    now = timezone.now()
    doc = compound_file("WordDocument", "1Table")
    file = kept(seller, by=member.user, at=now - SECOND, content=doc, name="certificate.doc")
    read(file, Reading(kind=FileKind.DOC), at=now)
    assert (file.state, file.is_old_word, file.is_scan) == (FileState.READ, True, False)
    assert "an old Word file (DOC), whose text we do not read" in words(portal.get(at(file)))

    page = words(portal.get(at(file, "confirm/")))
    assert "Your file is an old Word file (DOC), and we do not read its text." in page
    assert "Your file is a picture" not in page
    sent = prefilled(portal, file)
    assert sent.pop("section") == ["n0"]
    assert set(map(str, sent.values())) == {""}
    assert not InsuranceLetter.objects.exists(), "nothing is wrong with it"


class TestSections:
    def test_kinds_that_do_not_count_are_left_out_and_can_be_added(
        self, portal: Client, seller: Seller, member: SellerMember
    ) -> None:
        now = timezone.now()
        file = kept(seller, by=member.user, at=now - SECOND)
        read(file, fresh(in_force(), AUTOMOBILE), at=now)
        page = portal.get(at(file, "confirm/"))
        assert "Also on your certificate" in words(page)
        assert "Automobile, AUTO-7" in words(page)
        sent = prefilled(portal, file) | {"add": "p1"}
        entry = portal.post(at(file, "confirm/"), sent).context["entry"]
        assert [section.name for section in entry.sections] == ["p0", "p1"]
        assert entry.sections[1].form["number"].value() == "AUTO-7"
        assert entry.left_out == []

    def test_a_policy_is_added_and_taken_out_and_nothing_typed_is_lost(
        self, portal: Client, file: CertificateFile
    ) -> None:
        sent = prefilled(portal, file) | {"p0-rating": "AAA", "add": "new"}
        answer = portal.post(at(file, "confirm/"), sent)
        entry = answer.context["entry"]
        assert [section.name for section in entry.sections] == ["p0", "n0"]
        assert entry.sections[0].form["rating"].value() == "AAA"
        assert entry.errors == []
        sent |= {"section": ["p0", "n0"], "n0-number": "X-9", "add": "", "remove": "p0"}
        entry = portal.post(at(file, "confirm/"), sent).context["entry"]
        assert [section.name for section in entry.sections] == ["n0"]
        assert entry.sections[0].form["number"].value() == "X-9"
        assert [one.name for one in entry.left_out] == ["p0"]

    def test_the_same_policy_twice_is_a_mistake(
        self, portal: Client, file: CertificateFile
    ) -> None:
        sent = prefilled(portal, file)
        twin = {name.replace("p0-", "n0-"): value for name, value in sent.items()}
        answer = portal.post(at(file, "confirm/"), sent | twin | {"section": ["p0", "n0"]})
        assert answer.status_code == 422
        assert [error.target for error in answer.context["entry"].errors] == ["id_n0-number"]

    def test_there_is_an_end_to_adding(self, portal: Client, file: CertificateFile) -> None:
        names = [f"n{number}" for number in range(40)]
        sent = prefilled(portal, file) | {"section": names, "add": "new"}
        entry = portal.post(at(file, "confirm/"), sent).context["entry"]
        assert (len(entry.sections), entry.may_grow) == (MOST_POLICIES, False)

    @pytest.mark.parametrize("name", ["p99", "x", "n1234567890123", "p0-insurer", ""])
    def test_names_that_nobody_gave_are_no_section(
        self, portal: Client, file: CertificateFile, name: str
    ) -> None:
        sent = prefilled(portal, file) | {"section": ["p0", name]}
        answer = portal.post(at(file, "confirm/"), sent)
        assert answer.status_code in {302, 422}
        assert not Certificate.objects.exists()


class TestDoors:
    @pytest.mark.parametrize("page", ["", "confirm/", "check/", "result/", "file/", "pages/1/"])
    def test_another_sellers_certificate_is_not_found(
        self, stranger: Client, file: CertificateFile, page: str
    ) -> None:
        assert stranger.get(at(file, page)).status_code == 404
        assert Client().get(at(file, page)).headers["Location"].startswith("/accounts/login/")

    def test_a_viewer_reads_and_changes_nothing(
        self, viewer: Client, file: CertificateFile, seller: Seller
    ) -> None:
        assert viewer.get(at(file)).status_code == 200
        assert "Check and send" not in words(viewer.get(at(file)))
        assert viewer.get(f"/portal/insurance/{seller.pk}/US/send/").status_code == 403
        for page in ("confirm/", "check/"):
            assert viewer.get(at(file, page)).status_code == 403
            assert viewer.post(at(file, page), {}).status_code == 403
        assert viewer.post(at(file, "take-back/")).status_code == 403
        file.refresh_from_db()
        assert (file.state, file.draft) == (FileState.READ, None)

    def test_a_marketplace_where_the_seller_does_not_sell_is_not_found(
        self, portal: Client, seller: Seller, stranger: Client
    ) -> None:
        make_market("JP")
        make_order(seller)
        assert portal.get(f"/portal/insurance/{seller.pk}/JP/send/").status_code == 404
        assert stranger.get(f"/portal/insurance/{seller.pk}/US/send/").status_code == 404


def test_the_file_is_a_download_that_nothing_may_run(portal: Client, file: CertificateFile) -> None:
    answer = portal.get(at(file, "file/"))
    assert b"".join(answer) == PDF
    assert answer.headers["Content-Disposition"] == 'attachment; filename="certificate.pdf"'
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_page_is_a_png_of_ours_and_nothing_else(portal: Client, file: CertificateFile) -> None:
    answer = portal.get(at(file, "pages/1/"))
    assert b"".join(answer) == PNG
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer.headers["Cache-Control"]
    assert portal.get(at(file, "pages/2/")).status_code == 404


def test_a_file_is_taken_back_and_stays_in_the_history(
    portal: Client, file: CertificateFile
) -> None:
    answer = portal.post(at(file, "take-back/"), follow=True)
    file.refresh_from_db()
    assert file.state == FileState.ABANDONED
    assert "“certificate.pdf” was taken back." in words(answer)
    assert Path(file.file.path).exists()


def test_a_corrected_certificate_takes_the_place_of_the_one_before(
    portal: Client, file: CertificateFile, seller: Seller
) -> None:
    confirmed(file, sound(rating=""), at=timezone.now())
    address = f"/portal/insurance/{seller.pk}/US/send/?replaces={file.pk}"
    assert "It takes the place of “certificate.pdf”" in words(portal.get(address))
    portal.post(address, {"certificate": given(content=PDF + b"2")})
    assert CertificateFile.objects.get(replaces=file).state == FileState.UPLOADED
    file.refresh_from_db()
    assert file.state == FileState.CONFIRMED
