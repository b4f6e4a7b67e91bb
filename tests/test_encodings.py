"""Bytes to text: what is found out, what is forced, and what is refused; broken text is told."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor import extract
from extractor.errors import InputError
from extractor.models import misplaced
from extractor.text.encodings import known_encoding
from extractor.text.mojibake import warnings_of
from extractor.text.source import decode

TEXT = "It’s a “first” – £1,000 seized at a café.\r\nTwo men were held."


def code_of(data, **options):
    with pytest.raises(InputError) as caught:
        decode(data, **options)
    return caught.value.code


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (codecs.BOM_UTF8 + TEXT.encode(), "utf-8-sig"),
        (TEXT.encode("utf-16"), "utf-16"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16"),
        (TEXT.encode("utf-32"), "utf-32"),
        (codecs.BOM_UTF32_BE + TEXT.encode("utf-32-be"), "utf-32"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
        (TEXT.encode("cp1252"), "cp1252"),
        (TEXT.encode("mac_roman"), "mac_roman"),
    ],
)
def test_the_encoding_is_found_out(data, encoding):
    assert decode(data) == (TEXT, encoding)


@pytest.mark.parametrize(
    "text", ["It’s 187 knives", "caf\u00e9", "£100", "“Two” – men", "Garda Síochána", "£££", "5° C"]
)
def test_short_texts_of_windows_are_read_as_such(text):
    assert decode(text.encode("cp1252")) == (text, "cp1252")


def test_a_late_byte_decides_too():
    text = "Two knives were found. " * 20_000 + "It’s £5."
    assert decode(text.encode("cp1252")) == (text, "cp1252")


@given(st.text("ab £’“”–é1\r\n", min_size=1).filter(str.strip))
def test_utf8_comes_back_as_it_was(text):
    assert decode(text.encode()) == (text, "utf-8")


@pytest.mark.parametrize(
    ("code", "data"),
    [
        ("empty", b""),
        ("empty", b" \r\n\t\n"),
        ("empty", codecs.BOM_UTF8),
        ("empty", "\u200b\u00a0".encode()),
        ("binary", b"%PDF-1.7\n1 0 obj"),
        ("binary", b"PK\x03\x04\x14"),
        ("binary", b"GIF89a\0\1"),
        ("binary", b"Two knives\0"),
        ("binary", bytes(range(1, 32)) * 8 + b"\xff"),
        ("bad-encoding", b"ab\n\x81\x8d\xff" * 2 + b"\x90\x9d"),
        ("bad-encoding", codecs.BOM_UTF16_LE + b"a"),
        ("bad-encoding", codecs.BOM_UTF32_LE + b"abcd"),
    ],
)
def test_what_is_no_text_has_a_code(code, data):
    assert code_of(data) == code


def test_a_forced_encoding_is_the_one():
    assert decode(b"It\xd5s", "macroman") == ("It’s", "mac-roman")
    assert decode(codecs.BOM_UTF8 + b"It", "UTF-8") == ("It", "utf-8-sig")
    assert decode(codecs.BOM_UTF16_LE + "It".encode("utf-16-le"), "utf-16-le")[0] == "It"
    assert code_of(b"ok\nIt\x92s", encoding="utf-8") == "bad-encoding"
    assert code_of(b"a\0b", encoding="cp1252") == "binary"
    with pytest.raises(InputError, match="byte 0x92 in line 2 is not utf-8"):
        decode(b"ok\nIt\x92s", "utf-8")


@pytest.mark.parametrize("name", ["base64", "rot13", "zip", "nonsense", "", "utf-8\0", "\ud800"])
def test_a_name_that_is_no_encoding_is_refused(name):
    with pytest.raises(InputError) as caught:
        known_encoding(name)
    assert caught.value.code == "unknown-encoding"


def test_what_a_document_says_of_itself_is_believed_where_it_fits():
    assert decode("Łódź £5".encode("iso8859-2", "replace"), declared="iso-8859-2")[1] == "iso8859-2"
    assert decode(b"It\x92s", declared="iso-8859-1") == ("It’s", "cp1252")
    assert decode(TEXT.encode(), declared="iso-8859-1") == (TEXT, "utf-8")
    assert decode(b"It\x92s", declared="nonsense") == ("It’s", "cp1252")
    assert decode(b"It\x92s", declared="ascii") == ("It’s", "cp1252")


@given(st.binary(max_size=300), st.sampled_from([None, "utf-8", "utf-16", "cp1252", "utf-7", "punycode", "idna", "hz"]))
def test_bytes_of_any_kind_are_a_text_or_an_error_with_a_code(data, encoding):
    try:
        text, _ = decode(data, encoding)
    except InputError as error:
        assert error.code in ("binary", "bad-encoding", "empty")
    else:
        assert text.strip()


BROKEN = {
    "Itâ€™s Friday.": (2, 5),
    "Â£1,000 was seized.": (0, 2),
    "The cafÃ© was searched.": (6, 9),
    "It\ufffds Friday.": (2, 3),
    "It\x92s Friday.": (2, 3),
    "ï»¿Two men": (0, 3),
}


@pytest.mark.parametrize("text", BROKEN)
def test_broken_text_is_told_with_its_place_and_left_as_it_is(text):
    release = extract(text)
    (warning,) = [w for w in release.warnings if w.code == "mojibake"]
    assert (warning.start, warning.end) == BROKEN[text]
    assert not misplaced(release, text)


def test_one_warning_tells_how_often():
    (warning,) = warnings_of("Itâ€™s £5. " * 3)
    assert "3 places" in warning.message


@pytest.mark.parametrize(
    "text", ["It’s “£5” – café, Siân, naïve, Âge, 5°…", "Gardaí Síochána", "Łódź â la carte", "€5 Ð"]
)
def test_sound_text_is_left_alone(text):
    assert warnings_of(text) == []
