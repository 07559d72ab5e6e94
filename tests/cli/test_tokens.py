"""`rasad token`: keys to the API are made, listed without their secrets, and taken back."""

from tests.cli.conftest import Rasad


def test_a_key_is_shown_once_listed_and_taken_back(rasad: Rasad) -> None:
    made = rasad("token", "add", "notebook", "--scope", "read", "--scope", "annotate")
    secret = made.out.strip()
    assert len(secret) > 40
    listed = rasad("token", "list").out
    assert "notebook" in listed
    assert "annotate, read" in listed
    assert secret not in listed
    assert rasad("token", "revoke", listed.split()[0]).code == 0
    assert rasad("token", "list").out == ""


def test_what_cannot_be_is_refused(rasad: Rasad) -> None:
    assert (
        rasad("token", "add", "x", "--scope", "rule").err
        == "rasad: there is no scope 'rule'; there are read, annotate\n"
    )
    assert rasad("token", "revoke", "7").code == 2


def test_an_empty_list_says_how_to_fill_it(rasad: Rasad) -> None:
    for kind, hint in (("token", "rasad token add"), ("user", "rasad user add")):
        listed = rasad(kind, "list")
        assert (listed.code, listed.out) == (0, "")
        assert hint in listed.err
