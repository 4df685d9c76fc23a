"""The Content resource: create, fetch, list, delete, ask for approval."""

from dataclasses import dataclass, replace

from flask import Response, abort, jsonify, request

from simulator.twilio.access import authenticate
from simulator.twilio.account import Account
from simulator.twilio.content import Content, parse_content
from simulator.twilio.refusals import RefusedError

_MOST_ON_A_PAGE = 1000


@dataclass(frozen=True, slots=True)
class ContentApi:
    """The views of one account's templates."""

    account: Account

    def create(self) -> Response:
        """Keep a template."""
        authenticate(self.account)
        faults = self.account.faults
        return faults.suffer(faults.take("content", ""), self._create)

    def fetch(self, sid: str) -> Response:
        """Return one template."""
        return jsonify(self._content(sid).resource(self.account.sid))

    def list(self) -> Response:
        """List a page of the templates."""
        authenticate(self.account)
        faults = self.account.faults
        return faults.suffer(faults.take("content", ""), self._list)

    def _list(self) -> Response:
        size = request.args.get("PageSize", "50")
        if not size.isdecimal() or not 1 <= int(size) <= _MOST_ON_A_PAGE:
            raise RefusedError(20001, f"PageSize is from 1 to {_MOST_ON_A_PAGE}")
        found = self.account.contents.all()[: int(size)]
        contents = [one.resource(self.account.sid) for one in found]
        url = f"https://content.twilio.com/v1/Content?PageSize={size}&Page=0"
        meta = {
            "page": 0,
            "page_size": int(size),
            "first_page_url": url,
            "previous_page_url": None,
            "next_page_url": None,
            "url": url,
            "key": "contents",
        }
        return jsonify(contents=contents, meta=meta)

    def delete(self, sid: str) -> Response:
        """Delete a template."""
        self.account.contents.remove(self._content(sid).sid)
        return Response(status=204)

    def approval(self, sid: str) -> Response:
        """Say whether a template may open a conversation."""
        content = self._content(sid)
        whatsapp = {"name": content.friendly_name, "status": _status(content)}
        url = f"https://content.twilio.com/v1/Content/{sid}/ApprovalRequests"
        return jsonify(sid=sid, account_sid=self.account.sid, whatsapp=whatsapp, url=url)

    def approve(self, sid: str) -> Response:
        """Approve a template for WhatsApp, as nobody at Meta would so fast."""
        content = self._content(sid)
        document = request.get_json()
        name = document.get("name") if isinstance(document, dict) else None
        if not name or document.get("category") not in {"UTILITY", "MARKETING", "AUTHENTICATION"}:
            raise RefusedError(20001, "name and category are required")
        if "twilio/list-picker" in content.types:
            raise RefusedError(20001, "A list picker cannot be approved")
        approved = self.account.contents.add(replace(content, approved=True))
        answer = jsonify(name=name, category=document["category"], status=_status(approved))
        answer.status_code = 201
        return answer

    def _create(self) -> Response:
        if not request.is_json:
            raise RefusedError(20001, "The body is not JSON")
        content = self.account.contents.add(parse_content(request.get_json()))
        answer = jsonify(content.resource(self.account.sid))
        answer.status_code = 201
        return answer

    def _content(self, sid: str) -> Content:
        authenticate(self.account)
        return self.account.contents.get(sid) or abort(404)


def _status(content: Content) -> str:
    return "approved" if content.approved else "unsubmitted"
