"""Whether a request was made on this machine, by no other website and through no tunnel.

Where nothing is signed, that is all which keeps strangers out, and that a server listens to this
machine only is no proof of it: a tunnel's program and a browser both run here. A tunnel that
copies bytes and names this machine in them cannot be told from a program on it.
"""

from collections.abc import Iterable
from urllib.parse import urlsplit

from lib import loopback

# What proxies, tunnels and content networks add. Sources: RFC 7239 (Forwarded); RFC 9110, 7.6.3
# (Via); RFC 8586 (CDN-Loop); the lists of request headers of Cloudflare, ngrok, Tailscale Serve,
# AWS, Azure Front Door, Application Gateway and App Service, Fastly, Fly.io, Envoy, nginx, Akamai,
# DigitalOcean, Heroku, Imperva, Render, Squid, Sucuri and Varnish; RFC 9110, 7.6.2 (Max-Forwards).
_ADDED = frozenset(
    {"forwarded", "via", "cdn-loop", "true-client-ip", "x-client-ip", "x-cluster-client-ip"}
    | {"x-forwarded", "x-host", "x-scheme", "x-url-scheme", "front-end-https", "x-remote-ip"}
    | {"max-forwards", "proxy-connection", "proxy-authorization", "do-connecting-ip", "rndr-id"}
    | {"incap-client-ip", "x-forward-for", "x-varnish", "x-via", "x-ms-proxy", "x-request-start"}
    | {"x-proxyuser-ip", "x-remote-addr", "x-originating-ip", "client-ip", "x-http-host-override"}
)
_ADDED_BEGINNINGS = (
    *("x-forwarded-", "x-real-", "x-original-", "cf-", "ngrok-", "x-ngrok-", "tailscale-"),
    *("x-amz-cf-", "x-amzn-", "x-appengine-", "x-arr-", "x-azure-", "x-cloud-trace-", "x-envoy-"),
    *("fastly-", "fly-", "akamai-", "x-akamai-", "x-vercel-", "x-nginx-", "x-tunnel-", "wl-proxy-"),
    *("cloudfront-", "x-appgw-", "x-proxy-", "x-bluecoat-", "x-sucuri-", "x-heroku-", "x-render-"),
)
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

WAY_OUT = (
    "Signatures are not checked here, so only programs on this machine are let in. To let Twilio\n"
    "in, set its account and TWILIO_WEBHOOK_URL, and leave TWILIO_VALIDATE_SIGNATURE out."
)
OTHER_SITE = "Requests from other sites are refused"
OTHER_HOST = "This server is for this machine: open it as http://127.0.0.1"


def refusal(headers: Iterable[tuple[str, str]], host: str, method: str) -> str:
    """Return why a request is not taken for one of this machine; empty if it is.

    ``host`` is the one that was asked for.
    """
    named = {name.lower(): value for name, value in headers}
    way = next(filter(_is_added, named), "")
    if way:
        return f"Requests through a tunnel or a proxy are refused (this one has {way[:40]})"
    if _name(host) not in loopback.HOSTS:
        return OTHER_HOST
    if named.get("sec-fetch-site", "none") not in {"same-origin", "none"}:
        is_link = method == "GET" and named.get("sec-fetch-mode") == "navigate"
        return "" if is_link else OTHER_SITE
    origin = named.get("origin", named.get("referer"))
    if origin is None or method in _SAFE:
        return ""
    return "" if _netloc(origin) == host else OTHER_SITE


def _is_added(name: str) -> bool:
    return name in _ADDED or name.startswith(_ADDED_BEGINNINGS)


def _name(host: str) -> str:
    try:
        parts = urlsplit(f"//{host}")
        sound = parts.netloc == host and "@" not in host and parts.port != 0
    except ValueError:
        return ""
    return (parts.hostname or "") if sound else ""


def _netloc(url: str) -> str:
    try:
        return urlsplit(url).netloc
    except ValueError:
        return ""
