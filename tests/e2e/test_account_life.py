"""An account in a real browser: invited, protected by a second factor, ended from elsewhere, deleted in two steps."""

import re

import pyotp
import pytest
from browsing import PASSWORD, Open, Running, Visit, be_owner, sign_in
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
WORDS = "other words of a song"


def join(someone: Visit, name: str, address: str = "/register") -> None:
    page = someone.page
    someone.go(address)
    page.get_by_label("Your name").fill(name)
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_label("The same once more").fill(PASSWORD)
    page.get_by_role("button", name="Make my account").click()
    someone.settle()


def test_a_protected_account_and_its_end(visit: Open, trying: Running) -> None:
    someone, elsewhere = visit(on=trying), visit(on=trying)
    page = someone.page
    join(someone, "Dora")
    expect(page.get_by_role("heading", name="Bring your listening history")).to_be_visible()

    # A second factor: scanned, confirmed, with codes for the day the phone is lost.
    someone.go("/account")
    page.locator("form[action='/account/second-factor/begin'] input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name="Set up").click()
    someone.settle()
    expect(page.locator("img.pp-qr")).to_be_visible()
    assert page.locator("img.pp-qr").evaluate("image => image.naturalWidth") > 50, "the picture was not allowed"
    secret = page.locator(".pp-hint code").inner_text().replace(" ", "")
    page.get_by_label("Six digits").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Switch on").click()
    codes = re.findall(r"\b[A-Za-z0-9]{4,5}-[A-Za-z0-9-]{4,20}\b", page.locator("body").inner_text())
    assert len(codes) == 10, page.locator("body").inner_text()

    # Signing in elsewhere asks for it; a recovery code is as good, once.
    sign_in(elsewhere, "Dora")
    assert "/second-factor" in elsewhere.page.url
    elsewhere.page.get_by_label("Six digits").fill("000000")
    elsewhere.page.get_by_role("button", name="Sign in").click()
    elsewhere.settle()
    expect(elsewhere.page.locator(".pp-error")).to_be_visible()
    elsewhere.page.get_by_label("Six digits").fill(codes[0])
    elsewhere.page.get_by_role("button", name="Sign in").click()
    elsewhere.settle()
    expect(elsewhere.page.get_by_role("heading", name="Bring your listening history")).to_be_visible()

    # Both sessions are listed; ending the other one ends it.
    someone.go("/account")
    expect(page.get_by_text("9 recovery codes left")).to_be_visible()
    assert page.get_by_role("button", name="End", exact=True).count() == 1
    page.get_by_role("button", name="End", exact=True).click()
    someone.settle()
    assert page.get_by_role("button", name="End", exact=True).count() == 0
    elsewhere.go("/imports")
    expect(elsewhere.page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()

    # A new password, and what happened to the account so far.
    form = page.locator("form[action='/account/password']")
    form.get_by_label("Present password").fill(PASSWORD)
    form.get_by_label("New password").fill(WORDS)
    form.get_by_label("The same once more").fill(WORDS)
    page.get_by_role("button", name="Change password").click()
    someone.settle()
    expect(page.locator(".pp-banner")).to_be_visible()
    assert page.locator(".pp-table").last.locator("tbody tr").count() >= 5

    # Deleting: what goes, a proof, the last question, a receipt without a name.
    page.get_by_role("link", name="See what goes").click()
    someone.settle()
    page.get_by_label("Your password").fill(WORDS)
    page.get_by_label("Six digits, or a recovery code").fill(codes[1])
    page.get_by_role("button", name="Go on").click()
    someone.settle()
    page.get_by_role("button", name="Delete my account now").click()
    page.wait_for_load_state()
    assert "Dora" not in page.locator("body").inner_text()
    sign_in(someone, "Dora", WORDS)
    expect(page.locator(".pp-error")).to_be_visible()
    assert someone.errors == elsewhere.errors == []


def test_an_owner_looks_after_people(visit: Open, trying: Running) -> None:
    owner, guest = visit(on=trying), visit(on=trying)
    page = owner.page
    be_owner(owner, trying)
    owner.go("/people")
    page.get_by_role("button", name="Invite a member").click()
    page.wait_for_load_state()
    found = re.search(r"http://\S+/register\?invitation=[\w.-]+", page.locator("body").inner_text())
    assert found, page.locator("body").inner_text()
    join(guest, "Erik <b>bold</b>", found.group())
    expect(guest.page.get_by_role("heading", name="Bring your listening history")).to_be_visible()
    guest.go("/people")
    expect(guest.page.get_by_text("There is nothing here.")).to_be_visible()

    owner.go("/people")
    expect(page.locator(".pp-table").get_by_text("Erik <b>bold</b>")).to_be_visible()
    page.get_by_role("combobox", name="Help somebody").click()
    page.get_by_role("option", name="Erik").click()
    owner.settle()
    page.locator("select[name=new_role]").select_option("admin")
    page.get_by_role("button", name="Change role").click()
    owner.settle()
    expect(page.locator(".pp-table tr", has_text="Erik").get_by_text("Admin")).to_be_visible()
    assert owner.errors == guest.errors == []
