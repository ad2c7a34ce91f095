"""Sealing: what waits in the outbox can be read by the drain alone."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral_function.sending.encryption import (
    DecryptionError,
    PrivateKeys,
    PublicKey,
    ReceiptKey,
    entry_mac,
    is_ours,
    keygen,
    secret_hash,
)
from referral_function.sending.entry import KeptCopy

PUBLIC, PRIVATE = keygen()
OTHER_PUBLIC, OTHER_PRIVATE = keygen()
KEY, KEYS = PublicKey.from_text(PUBLIC), PrivateKeys.from_text(PRIVATE)


@given(st.binary(max_size=2000))
def test_opening_undoes_sealing(wire: bytes) -> None:
    """Whatever is sealed comes out as it was, 48 bytes shorter."""
    sealed = KEY.encrypt(wire, "RJ-4X7K-9PQM")
    assert len(sealed) == len(wire) + 48
    assert KEYS.decrypt(sealed, "RJ-4X7K-9PQM", KEY.id) == wire


def test_the_content_of_one_entry_cannot_be_opened_as_another() -> None:
    """The reference is bound to the sealed bytes."""
    with pytest.raises(DecryptionError, match=f"{KEY.id} does not open the entry RJ-2222-2222"):
        KEYS.decrypt(KEY.encrypt(b"x", "RJ-4X7K-9PQM"), "RJ-2222-2222", KEY.id)


@given(st.integers(min_value=0, max_value=52))
def test_a_changed_byte_is_noticed(place: int) -> None:
    """No byte of the sealed content can be changed unseen."""
    sealed = bytearray(KEY.encrypt(b"hello", "r"))
    sealed[place] ^= 1
    with pytest.raises(DecryptionError):
        KEYS.decrypt(bytes(sealed), "r", KEY.id)


def test_the_same_text_is_sealed_differently_each_time() -> None:
    """Two equal messages do not look equal in the outbox."""
    assert KEY.encrypt(b"x", "r") != KEY.encrypt(b"x", "r")


def test_several_private_keys_open_what_each_was_meant_for() -> None:
    """While keys are rotated, the old and the new entries can both be opened."""
    both = PrivateKeys.from_text(f"{PRIVATE}, {OTHER_PRIVATE}")
    new = PublicKey.from_text(OTHER_PUBLIC)
    assert both.ids == (KEY.id, new.id)
    assert both.decrypt(KEY.encrypt(b"old", "r"), "r", KEY.id) == b"old"
    assert both.decrypt(new.encrypt(b"new", "r"), "r", new.id) == b"new"


def test_the_self_test_finds_a_missing_private_key() -> None:
    """Sealing with a key whose private half is not loaded is found before anything is sealed with it."""
    KEYS.self_test(KEY)
    with pytest.raises(DecryptionError, match=f"{PublicKey.from_text(OTHER_PUBLIC).id} is not loaded"):
        KEYS.self_test(PublicKey.from_text(OTHER_PUBLIC))


def test_each_pair_of_keys_is_new_and_fits() -> None:
    """What the public key of a new pair encrypts, its private key decrypts."""
    public, private = keygen()
    assert public not in {PUBLIC, OTHER_PUBLIC, keygen()[0]}
    PrivateKeys.from_text(private).self_test(PublicKey.from_text(public))


def test_a_key_reads_back_as_it_was_printed() -> None:
    """The text of a public key is what the settings take."""
    assert str(KEY) == PUBLIC


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        pytest.param(PRIVATE, "begins with “public:”", id="a private key"),
        ("", "begins with “public:”"),
        ("public:", "32 bytes"),
        ("public:!!!", "32 bytes"),
        ("public:AAAA:AAAA", "32 bytes"),
        pytest.param(f"{PUBLIC[:20]}!{PUBLIC[20:]}", "32 bytes", id="a key with a sign that is not base64"),
        pytest.param(PUBLIC[:-4], "32 bytes", id="a key cut short"),
    ],
)
def test_a_public_key_that_is_none_is_refused_in_a_sentence(text: str, flaw: str) -> None:
    """A private key in the place of the public one is refused too: it would stand where the web part runs."""
    with pytest.raises(ValueError, match=rf"^A public key .*{flaw}.* as keygen prints it\.$"):
        PublicKey.from_text(text)


@pytest.mark.parametrize(
    "text", [PUBLIC, f"{PRIVATE},", "private:AAAA"], ids=["public", "and an empty one", "too short"]
)
def test_private_keys_that_are_none_are_refused_in_a_sentence(text: str) -> None:
    """Each of the private keys is looked at."""
    with pytest.raises(ValueError, match=r"^A private key .* as keygen prints it\.$"):
        PrivateKeys.from_text(text)


@pytest.mark.parametrize("text", [f" {PUBLIC}\n", PUBLIC], ids=["with blanks around it", "alone"])
def test_blanks_around_a_key_do_not_matter(text: str) -> None:
    """A key may be pasted with the line that ends it."""
    assert PublicKey.from_text(text) == KEY


def test_what_an_earlier_version_made_can_still_be_read() -> None:
    """Entries, their MACs and receipts outlive the version that made them: ciphers, labels and lengths stay as they are."""
    keys = PrivateKeys.from_text("private:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
    stored = (
        "dc300a3f48c2bf39625e3870f95247296c66c7208dd0a5c96da0aadb0b5dfa091bad347708152b5223314541a91ea83cd8ef89420e"
    )
    assert keys.ids == ("eedd883d",)
    assert keys.decrypt(bytes.fromhex(stored), "RJ-4X7K-9PQM", "eedd883d") == b"hello"
    mac = entry_mac(b"an invented secret", reference="RJ-4X7K-9PQM", key_id="k1", ciphertext=b"sealed")
    assert mac.hex() == "73c0b6b936890c91db6da4730c502c8d8b849a86626a01b3f35d7d2e306d4faa"
    receipt = "856abe1406a933ca333b122e7e1d3d6d254be9f8bd95a97fd451b5b8"
    assert ReceiptKey(b"an invented secret").encrypt("RJ-4X7K-9PQM").hex() == receipt
    assert ReceiptKey(b"an invented secret").decrypt(bytes.fromhex(receipt)) == "RJ-4X7K-9PQM"


def test_what_we_made_is_known_by_its_mac() -> None:
    """What another secret made, or somebody changed, is not ours."""
    mac = entry_mac(b"an invented secret", reference="RJ-4X7K-9PQM", key_id="k1", ciphertext=b"sealed")
    copy = KeptCopy(reference="RJ-4X7K-9PQM", key_id="k1", mac=mac, ciphertext=b"sealed", seconds=1.0)
    assert is_ours(copy, b"an invented secret")
    assert not is_ours(copy, b"another secret")
    for change in ({"reference": "RJ-9PQM-4X7K"}, {"key_id": "k2"}, {"ciphertext": b"changed"}, {"mac": b""}):
        assert not is_ours(replace(copy, **change), b"an invented secret")


def test_nonces_and_tokens_are_stored_as_sha_256() -> None:
    """An outbox that an earlier version filled still knows its reviews and its bounces."""
    assert secret_hash("abc").hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_a_receipt_of_another_service_is_refused_in_a_sentence() -> None:
    """Whoever has another secret can neither read a receipt nor make one."""
    with pytest.raises(DecryptionError, match=r"^This is not a receipt of ours\.$"):
        ReceiptKey(b"another secret").decrypt(ReceiptKey(b"an invented secret").encrypt("RJ-4X7K-9PQM"))
