"""Requests of this machine, and those that only look like it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.errors import SignatureError
from lib.twilio.locality import refusal
from lib.twilio.request import read_form
from lib.twilio.signature import Verifier
from tests.sample import posted, samples

HOST = "127.0.0.1:1956"
CURL = {"Host": HOST, "User-Agent": "curl/8.5.0", "Accept": "*/*", "Content-Length": "60"}
BROWSER = {"Host": HOST, "Origin": f"http://{HOST}", "Sec-Fetch-Site": "same-origin"}
ADDED = [
    *("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP"),
    *("X-Forwarded-Server", "X-Forwarded-Port", "X-Forwarded-Prefix", "X-Original-Host", "CF-Ray"),
    *(
        "CF-Connecting-IP",
        "CF-Visitor",
        "CF-IPCountry",
        "CDN-Loop",
        "True-Client-IP",
        "Ngrok-Trace",
    ),
    *(
        "ngrok-skip-browser-warning",
        "X-Ngrok-Id",
        "Tailscale-User-Login",
        "X-Client-IP",
        "Fly-Region",
    ),
    *(
        "X-Amzn-Trace-Id",
        "X-Amz-Cf-Id",
        "X-Azure-ClientIP",
        "X-ARR-SSL",
        "X-Envoy-External-Address",
    ),
    *("Fastly-Client-IP", "X-Cluster-Client-IP", "X-Cloud-Trace-Context", "X-AppEngine-Country"),
    *("Max-Forwards", "Proxy-Connection", "DO-Connecting-IP", "Incap-Client-IP", "X-Forward-For"),
    *("X-Varnish", "X-Via", "X-MS-Proxy", "CloudFront-Viewer-Address", "X-AppGW-Trace-Id"),
    *("X-Sucuri-ClientIP", "X-Request-Start", "X-Heroku-Queue-Depth", "X-Proxy-ID", "Rndr-Id"),
    *("X-Forwarded", "X-Original-URL", "WL-Proxy-Client-IP", "X-Vercel-Id", "Front-End-Https"),
]


def refused(headers, method="POST"):
    return refusal(headers.items(), headers.get("Host", HOST), method)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.0.0.1:1956", "localhost", "localhost:1956", "LOCALHOST:80", "[::1]:1956"],
)
def test_a_program_on_this_machine_is_let_in(host):
    for method in ("GET", "HEAD", "POST"):
        assert refused({**CURL, "Host": host}, method) == ""


def test_a_page_of_this_very_server_is_let_in():
    assert refused(BROWSER) == ""
    assert refused({"Host": HOST, "Referer": f"http://{HOST}/"}) == ""


@pytest.mark.parametrize("name", ADDED)
@pytest.mark.parametrize("value", ["1.2.3.4", "", "https"])
def test_what_a_tunnel_or_a_proxy_adds_gives_it_away(name, value):
    for method in ("GET", "POST"):
        for spelling in (name, name.lower(), name.upper()):
            reason = refused({**CURL, spelling: value}, method)
            assert "tunnel or a proxy" in reason
            assert name.lower() in reason


@pytest.mark.parametrize(
    "host",
    [
        "abc.ngrok.app",
        "gate.example:1956",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "evil.example#127.0.0.1",
        "127.0.0.1@evil.example",
        "evil@127.0.0.1",
        "127.0.0.1/evil.example",
        "0.0.0.0:1956",
        "192.168.1.7:1956",
        "",
        "[::1",
        "127.0.0.1, evil.example",
        "localhost:1956.evil.example",
        "xn--localhost",
    ],
)
def test_another_name_is_refused(host):
    for method in ("GET", "POST"):
        assert refusal((("User-Agent", "curl"),), host, method)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://localhost:3000"},
        {"Origin": "http://127.0.0.1"},
        {"Origin": "http://[::1"},
        {"Origin": f"http://{HOST}.evil.example"},
        {"Origin": f"http://evil.example/{HOST}"},
        {"Referer": "https://evil.example/page"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none, cross-site"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"},
        {"Sec-Fetch-Site": "cross-site", "Origin": f"http://{HOST}"},
    ],
)
def test_another_website_is_refused(headers):
    assert refused({**CURL, **headers})


def test_only_a_link_may_come_from_elsewhere():
    link = {**CURL, "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert refused(link, "GET") == ""
    assert refused({**link, "Sec-Fetch-Mode": "no-cors"}, "GET")


@given(st.from_regex(r"[a-z0-9.-]{1,40}", fullmatch=True))
def test_no_other_host_is_this_machine(host):
    assert (refused({**CURL, "Host": host}) == "") == (host in {"127.0.0.1", "localhost"})


@pytest.mark.parametrize(
    "headers", [{"X-Forwarded-For": "1.2.3.4"}, {"Origin": "https://evil.example"}]
)
def test_without_signatures_only_this_machine_is_let_in(headers):
    form = samples("inbound")["text"]["form"]
    plain = posted(form, host=HOST)
    Verifier(enabled=False).check(plain, read_form(plain))
    strange = posted(form, host=HOST, headers=tuple(headers.items()))
    with pytest.raises(SignatureError, match="refused"):
        Verifier(enabled=False).check(strange, read_form(strange))
    elsewhere = posted(form, host="abc.ngrok.app")
    with pytest.raises(SignatureError, match=r"127\.0\.0\.1"):
        Verifier(enabled=False).check(elsewhere, read_form(elsewhere))
