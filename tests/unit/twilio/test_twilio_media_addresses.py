"""Which addresses are asked for media, and which of them with credentials."""

from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from urllib3.util import parse_url

from lib.twilio.media_addresses import MediaAddresses, host_of, redirected

SID = "AC" + "0123456789abcdef" * 2
OTHER = "AC" + "f" * 32
MESSAGE, MEDIUM = "MM" + "1" * 32, "ME" + "2" * 32
PATH = f"/2010-04-01/Accounts/{SID}/Messages/{MESSAGE}/Media/{MEDIUM}"
API = "https://api.twilio.com"
REAL = MediaAddresses(SID)
LOCAL = MediaAddresses(SID, "http://127.0.0.1:8080")


@pytest.mark.parametrize(
    "url",
    [
        API + PATH,
        API + PATH.replace("MM", "SM"),
        API + PATH.replace("1" * 32, "aB" * 16),
    ],
)
def test_media_of_ours(url):
    assert REAL.is_medium(url)


NOT_OURS = [
    # another place
    "http://api.twilio.com" + PATH,
    "https://api.twilio.com:8443" + PATH,
    "https://api.twilio.com:443" + PATH,
    "https://api.twilio.com:" + PATH,
    "https://api.twilio.com." + PATH,
    "https://twilio.com" + PATH,
    "https://messaging.twilio.com" + PATH,
    "https://api.twilio.com.example.com" + PATH,
    "https://apiXtwilio.com" + PATH,
    "https://example.com" + PATH,
    "https://mms.twiliocdn.com" + PATH,
    "https://аpi.twilio.com" + PATH,  # a Cyrillic letter
    "https://api.twilio。com" + PATH,
    "https://api。twilio.com" + PATH,
    "https://[::1]" + PATH,
    "//api.twilio.com" + PATH,
    PATH,
    "ftp://api.twilio.com" + PATH,
    # somebody else before or behind it
    "https://user@api.twilio.com" + PATH,
    "https://user:word@api.twilio.com" + PATH,
    "https://api.twilio.com@example.com" + PATH,
    "https://api.twilio.com:x@example.com" + PATH,
    "https://example.com/" + API + PATH,
    "https://example.com#" + API + PATH,
    "https://example.com\\@api.twilio.com" + PATH,
    "https://api.twilio.com\\" + PATH,
    # upper case
    "HTTPS://api.twilio.com" + PATH,
    "https://API.TWILIO.COM" + PATH,
    API + PATH.replace("AC", "ac"),
    API + PATH.upper(),
    # another account, another thing
    API + PATH.replace(SID, OTHER),
    API + PATH.replace(SID, SID.upper()),
    API + PATH.replace(SID, f"{SID}/Subaccounts/{OTHER}"),
    API + PATH.replace("/Accounts", "/../2010-04-01/Accounts"),
    API + f"/2010-04-01/Accounts/{SID}/Messages.json",
    API + f"/2010-04-01/Accounts/{SID}/Messages/{MESSAGE}",
    API + f"/2010-04-01/Accounts/{SID}/Messages/{MESSAGE}/Media",
    API + f"/2010-04-01/Accounts/{SID}/Messages/{MESSAGE}/Media/../../../Calls.json",
    API + f"/2010-04-01/Accounts/{SID}/Messages/{MESSAGE}/Media/%2e%2e",
    API + PATH.replace("2010-04-01", "v1"),
    API + PATH.replace("2" * 32, "2" * 31),
    API + PATH.replace("2" * 32, "2" * 33),
    API + PATH.replace("2" * 32, "٢" * 32),
    API + PATH.replace("2" * 32, "g" * 32),
    API + PATH.replace("/Media/", "//Media/"),
    API + PATH + ".json",
    API + PATH + "/",
    API + PATH + "/..",
    API + PATH + "?x=1",
    API + PATH + "?",
    API + PATH + "#x",
    API + PATH + "\n",
    API + PATH + "%0a",
    " " + API + PATH,
    API + PATH + " ",
    API + PATH + "\r\nX: y",
    "",
]


@pytest.mark.parametrize("url", NOT_OURS)
def test_no_other_address_is_shown_credentials(url):
    assert not REAL.is_medium(url)


@pytest.mark.parametrize(
    "base",
    [
        "https://api.dublin.ie1.twilio.com",
        "https://API.Dublin.ie1.twilio.com:443",
        "http://t:80/p/",
    ],
)
def test_the_configured_address_takes_the_place_of_twilio_s(base):
    known = MediaAddresses(SID, base)
    parts = urlsplit(base)
    assert known.is_medium(f"{parts.scheme}://{parts.hostname}{parts.path.rstrip('/')}{PATH}")
    assert not known.is_medium(API + PATH)


def test_without_an_account_nothing_is_ours():
    assert not MediaAddresses("").is_medium(API + PATH)


STORAGE = [
    "https://mms.twiliocdn.com/AC1/5f?Expires=1&Signature=a~b-c__&Key-Pair-Id=K",
    "https://media.twiliocdn.com/AC1/5f",
    "https://content.twiliocdn.com/",
    "https://MMS.TwilioCDN.com/x",
    "https://a.b-c.twiliocdn.com:443/x",
    f"https://s3-external-1.amazonaws.com/media.twiliocdn.com/{SID}/5f00",
    f"https://s3-external-1.amazonaws.com/media.twiliocdn.com/{SID}/a/b_-?X-Amz-Signature=1",
]
NO_STORAGE = [
    "http://mms.twiliocdn.com/x",
    "https://mms.twiliocdn.com:8443/x",
    "https://mms.twiliocdn.com:/x",
    "https://mms.twiliocdn.com./x",
    "https://.twiliocdn.com/x",
    "https://twiliocdn.com/x",
    "https://mmstwiliocdn.com/x",
    "https://mms.twiliocdn.com.example.com/x",
    "https://mms.twiliocdn.community/x",
    "https://user@mms.twiliocdn.com/x",
    "https://mms.twiliocdn.com@example.com/x",
    "https://example.com/mms.twiliocdn.com",
    "https://example.com?.twiliocdn.com",
    "https://example.com#.twiliocdn.com",
    "https://example.com\\.twiliocdn.com/x",
    "https://example.com\\@mms.twiliocdn.com/x",
    "https://mms.twiliocdn.com\n.example.com/x",
    "https://ms%2e.twiliocdn.com/x",
    "https://mms。twiliocdn.com/x",
    "https://mms.twiliocdn.ｃom/x",
    "https://api.twilio.com" + PATH,
    "https://127.0.0.1/x",
    "http://localhost/x",
    "http://169.254.169.254/computeMetadata/v1/",
    "https://[::ffff:169.254.169.254]/",
    "https://s3-external-1.amazonaws.com/example/x",
    "https://s3-external-1.amazonaws.com/media.twiliocdn.com/x",
    f"https://s3-external-1.amazonaws.com/media.twiliocdn.com/{OTHER}/5f",
    f"https://s3-external-1.amazonaws.com/media.twiliocdn.com/{SID}",
    f"https://s3-external-1.amazonaws.com/media.twiliocdn.com/{SID}/../../example/x",
    f"https://s3-external-1.amazonaws.com/media.twiliocdn.com/{SID}/%2e%2e/%2e%2e/example/x",
    f"https://s3-external-1.amazonaws.com/example/../media.twiliocdn.com/{SID}/5f",
    f"https://s3-external-1.amazonaws.com//media.twiliocdn.com/{SID}/5f",
    f"https://s3-external-1.amazonaws.com/media.twiliocdn.com/{SID}\\..\\x",
    f"https://s3.amazonaws.com/media.twiliocdn.com/{SID}/5f",
    f"https://evil.s3-external-1.amazonaws.com/media.twiliocdn.com/{SID}/5f",
    f"http://s3-external-1.amazonaws.com/media.twiliocdn.com/{SID}/5f",
    "https://mms.twiliocdn.com:99999/x",
    "https://[mms.twiliocdn.com/x",
    "https://mms.twiliocdn.com/" + "x" * 5000,
    "",
]


@pytest.mark.parametrize("url", STORAGE)
def test_media_lie_at_hosts_of_twilio_s_network(url):
    assert REAL.is_storage(url)
    assert not REAL.is_medium(url)
    assert not LOCAL.is_storage(url)


@pytest.mark.parametrize("url", NO_STORAGE)
def test_and_nowhere_else(url):
    assert not REAL.is_storage(url)


@pytest.mark.parametrize(
    "url", ["http://localhost:8080/s?x=1", "http://127.0.0.1:8080/", "http://[::1]:8080/"]
)
def test_where_twilio_is_played_here_its_server_is_the_storage(url):
    assert LOCAL.is_storage(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost/s",
        "http://localhost:8081/s",
        "https://localhost:8080/s",
        "http://user@localhost:8080/s",
        "http://localhost:8080@example.com/s",
        "http://localhost.:8080/s",
        "http://127.0.0.2:8080/s",
        "http://2130706433:8080/s",
        "http://0.0.0.0:8080/s",
        "http://0x7f.1:8080/s",
        "http://10.0.0.1:8080/s",
        "http://example.com:8080/s",
    ],
)
def test_and_no_other_server_is(url):
    assert not LOCAL.is_storage(url)


SIDS = st.text("0123456789abcdefABCDEF", min_size=32, max_size=32)


@given(kind=st.sampled_from(["MM", "SM"]), message=SIDS, medium=SIDS)
def test_all_sids_are_taken(kind, message, medium):
    path = f"/2010-04-01/Accounts/{SID}/Messages/{kind}{message}/Media/ME{medium}"
    assert REAL.is_medium(API + path)


PIECES = st.sampled_from(
    [
        *(
            "https://",
            "http://",
            "//",
            "/",
            "\\",
            "@",
            ":",
            ":443",
            ":80",
            "?",
            "#",
            ".",
            "..",
            "%2e",
        ),
        *("api.twilio.com", "mms.twiliocdn.com", ".twiliocdn.com", "example.com", "localhost"),
        *("s3-external-1.amazonaws.com", "/media.twiliocdn.com/", SID, OTHER, PATH, "/x"),
        *("\t", "\n", " ", "\u3002", "\uff0f", "\u00ad", "é", "%2f", "%00", "[", "]", "user", ";"),
    ]
)
URLS = st.lists(PIECES, max_size=7).map("".join) | st.builds(
    lambda url, at, piece, cut: url[: at % len(url)] + piece + url[at % len(url) + cut :],
    st.sampled_from([API + PATH, *STORAGE]),
    st.integers(0, 300),
    PIECES | st.characters(),
    st.integers(0, 2),
)


@given(URLS)
@example(API + PATH)
def test_what_is_shown_credentials_is_a_medium_of_ours_to_every_reader_of_urls(url):
    if REAL.is_medium(url):
        for parts in (urlsplit(url), parse_url(url)):
            assert (parts.scheme, parts.netloc, parts.path) == ("https", "api.twilio.com", url[22:])
            assert not parts.query
            assert not parts.fragment
        assert url.startswith(f"{API}/2010-04-01/Accounts/{SID}/Messages/")
        assert ".." not in url


@given(URLS)
@example(STORAGE[0])
@example(STORAGE[-1])
def test_what_is_asked_without_them_is_twilio_s_to_every_reader_of_urls(url):
    if REAL.is_storage(url):
        for parts in (urlsplit(url), parse_url(url)):
            assert parts.scheme == "https"
            assert parts.port in {None, 443}
            assert "@" not in parts.netloc
            host = parts.netloc.lower().removesuffix(":443")
            in_bucket = (parts.path or "").startswith(f"/media.twiliocdn.com/{SID}/")
            assert host.endswith(".twiliocdn.com") or (
                host == "s3-external-1.amazonaws.com" and in_bucket
            )


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("/b?c", "http://127.0.0.1:1/b?c"),
        ("b", "http://127.0.0.1:1/a/b"),
        ("//example.com/b", "http://example.com/b"),
        ("https://example.com", "https://example.com"),
        ("", ""),
        ("http://[x", "http://[x"),
        ("/b\n", "/b\n"),
    ],
)
def test_a_redirect_may_be_relative(location, url):
    assert redirected("http://127.0.0.1:1/a/x", location) == url


@given(st.text())
@example("https://user:secret@example.com/secret?secret#secret")
@example("https://[")
def test_of_a_url_only_its_host_is_told(text):
    assert len(host_of(text)) <= 100
    assert host_of(text).isascii()
    assert "secret" not in host_of(f"https://user:secret@example.com/secret?secret{text}#secret")


def test_a_host_is_told_as_it_is():
    assert host_of("https://user:word@Example.com:1/path?query") == "example.com"
    assert host_of(f"https://{'x' * 500}/") == "x" * 100
