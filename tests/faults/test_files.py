"""Files: a disk that is full in the middle of an upload, an import that is killed half way."""

import json
import re
import time
from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from claims.imports.claims import ClaimImporter
from claims.invariants import Acknowledgement
from claims.models import Claim, Evidence, SellerResponse
from config.embedded import places
from tests import factories
from tests.faults import proof, rows, small_disk
from tests.faults.healing import heal
from tests.faults.machines import PYTHON, Process
from tests.faults.proxy import await_true
from tests.faults.stack import Stack
from tests.faults.test_webhooks import is_up

pytestmark = rows.MARKS
LIMIT = 300_000
PICTURE = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 2000
BATCH = ClaimImporter.batch_rows
COLUMNS = {
    "external_reference": "no",
    "reported_at": "reported",
    "incident_on": "incident",
    "order": "order",
    "claimant_name": "name",
    "claimant_email": "mail",
    "narrative": "story",
    "claimed_purchase_price": "price",
    "payee_name": "name",
    "payee_account": "account",
}


class Browser:
    """A seller's browser, signed in, at the real web server."""

    def __init__(self, stack: Stack, claim: Claim) -> None:
        member = factories.make_member(claim.seller)
        signed_in = Client()
        signed_in.force_login(member.user)
        self.address = f"http://127.0.0.1:{stack.doors.web.port}/portal/claims/{claim.reference}/"
        cookies = {"sessionid": signed_in.cookies[settings.SESSION_COOKIE_NAME].value}
        self.client = httpx.Client(cookies=cookies, trust_env=False, timeout=30)

    def answer(self, reason: str, *, file: bytes | None = None) -> httpx.Response:
        """Fill in the form; the server's answer."""
        page = self.client.get(f"{self.address}answer/").text
        files = {"evidence": ("photo.jpg", file, "image/jpeg")} if file else None
        form = {"answer": "REJECT", "reason": reason, "csrfmiddlewaretoken": token(page)}
        return self.client.post(f"{self.address}answer/", data=form, files=files)

    def confirm(self) -> str:
        """Send what was checked; where it leads."""
        page = self.client.get(f"{self.address}answer/check/").text
        form = {"csrfmiddlewaretoken": token(page)}
        sent = self.client.post(f"{self.address}answer/check/", data=form)
        return str(sent.headers.get("location", ""))


def token(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found, page[:500]
    return found[1]


def web_at(stack: Stack, *, before: str = "") -> Process:
    web = stack.start_web(before=before)
    address = f"http://127.0.0.1:{stack.doors.web.port}"
    await_true(lambda: is_up(address), seconds=60, what="the web server answers", every=0.2)
    return web


def kept_files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def full_disk(folder: Path) -> tuple[str, str]:
    """Python that lets the web server's disk be full soon, and the words of the error.

    A limit on the size of files fails the same write, where the system lets nobody mount.
    """
    if small_disk.is_allowed(folder):
        mount = f"mount_over({str(folder)!r}, size={LIMIT})"
        return f"from tests.faults.small_disk import mount_over; {mount}", "No space left on device"
    limit = f"resource.setrlimit(resource.RLIMIT_FSIZE, ({LIMIT}, {LIMIT}))"
    return f"import resource; {limit}", "File too large"


def test_a_disk_that_is_full_during_an_upload(stack: Stack) -> None:
    """Nothing half is kept and nothing is acknowledged; with room again the same answer is."""
    files = places.private_folder(stack.folder / "files")
    fault, error = full_disk(files)
    claim = factories.report_awaiting_seller(at=timezone.now())
    web = web_at(stack, before=fault)
    there = small_disk.seen_by(web.pid, files)
    before = kept_files(there)
    browser = Browser(stack, claim)
    refused = browser.answer("It was misused.", file=PICTURE)
    assert (refused.status_code, "Your answer was not received" in refused.text) == (507, True)
    assert error in web.log
    assert kept_files(there) == before
    assert not Evidence.objects.filter(claim=claim).exists()
    assert not SellerResponse.objects.filter(claim=claim).exists()
    stack.stop_web()
    web_at(stack)
    assert browser.answer("It was misused.", file=PICTURE).status_code == 302
    assert browser.confirm().endswith("/answer/done/")
    browser.client.close()
    stack.stop_web()
    heal(stack)
    [kept] = Evidence.objects.filter(claim=claim)
    proof.check(
        stack,
        acknowledged=[
            Acknowledgement(
                claim=claim.reference,
                answer="REJECT",
                reason="It was misused.",
                files=(kept.sha256,),
            )
        ],
    )


def import_files(folder: Path, *, count: int) -> tuple[Path, Path]:
    """A file of so many claims, and its map."""
    folder.mkdir(exist_ok=True)
    today = timezone.now().date()
    order = factories.make_order(delivered_on=today - timedelta(days=30))
    when = f"{today - timedelta(days=2)}T10:00:00,{today - timedelta(days=9)}"
    lines = ["no,reported,incident,order,name,mail,story,price,account"]
    lines += [
        f"{folder.name}-{number},{when},{order.external_reference},"
        f"Ann Lee,ann{number}@mail.example,It burnt.,49.99,tok_a"
        for number in range(count)
    ]
    table, chart = folder / "claims.csv", folder / "map.toml"
    table.write_text("\n".join(lines) + "\n")
    chart.write_text(as_map(today))
    return table, chart


def as_map(_: date) -> str:
    fields = [f"{name} = {{ column = {json.dumps(col)} }}" for name, col in COLUMNS.items()]
    constants = {"market": "US", "harm": "FIRE", "severity": "NONE", "is_represented": "no"}
    fields += [f"{n} = {{ constant = {json.dumps(v)} }}" for n, v in constants.items()]
    head = 'imports = "claims"\nname = "Test"\nsource = "faults"\n'
    return f"{head}\n[fields]\n" + "\n".join(fields) + "\n"


@rows.LONG
@pytest.mark.parametrize("kills", [1, 5])
def test_an_import_killed_half_way_is_finished_by_running_it_again(
    stack: Stack, kills: int
) -> None:
    """Whole batches are kept; what is there already is known again."""
    count = kills * BATCH + BATCH // 2
    table, chart = import_files(stack.folder / f"import{kills}", count=count)
    before = Claim.objects.count()
    command = (PYTHON, "manage.py", "import_claims", table, "--map", chart)
    run = Process("import", command, stack.env, stack.children)
    for kill in range(kills):
        run.start()
        while Claim.objects.count() < before + (kill + 1) * BATCH and not run.has_ended:
            time.sleep(0.01)
        assert not run.has_ended, run.log
        run.kill()
    imported = Claim.objects.count() - before
    assert run.kills == kills
    assert 0 < imported < count, "it was killed too early or too late"
    run.start()
    assert run.await_end(seconds=90) == 0, run.log
    assert Claim.objects.count() == before + count
    heal(stack)
    proof.check(stack)
