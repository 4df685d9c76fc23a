"""The staged functions as in production: own processes, Pub/Sub between them, Firestore below."""

import os
import subprocess
import uuid
from contextlib import ExitStack
from pathlib import Path

import grpc
import requests
from google.cloud import firestore
from google.pubsub_v1 import (
    PublisherClient,
    PushConfig,
    SubscriberClient,
    Subscription,
)
from google.pubsub_v1.services.publisher.transports import PublisherGrpcTransport
from google.pubsub_v1.services.subscriber.transports import SubscriberGrpcTransport

from simulator.assistants import app as assistants
from simulator.server import serve
from simulator.twilio import app as twilio
from simulator.twilio.account import Account
from tests.bucket import BUCKET, Bucket
from tests.local_gateway import ACCOUNT_SID, ANN, NUMBER, TOKEN, keep_medium
from tests.processes import ROOT, free_port, python, running
from tests.sample import sign

FUNCTIONS = ("webhook", "responder", "status", "tick", "health", "media")
TOPIC = "whatsapp-inbound"
WEBHOOK_URL = "https://gate.example/whatsapp/webhook"


def stage(folder: Path) -> Path:
    """Fill a folder with what is deployed, by the script that does it."""
    build = folder / "build"
    command = [str(ROOT / "deploy.sh"), "--stage-only", "--into", str(build)]
    subprocess.run(command, check=True, capture_output=True)
    return build


def medium_fields(url: str, content_type: str, kind: str) -> dict[str, str]:
    """A medium as the parameters of Twilio's webhook."""
    return {
        "NumMedia": "1",
        "MediaUrl0": url,
        "MediaContentType0": content_type,
        "MessageType": kind,
    }


class Cloud:
    """The functions on ports of their own, and everything around them."""

    def __init__(self, folder: Path, firestore: str, pubsub: str, stack: ExitStack):
        self.folder = folder
        self.project = f"demo-{uuid.uuid4().hex[:12]}"
        self.pubsub, self.firestore = pubsub, firestore
        self.account = Account(ACCOUNT_SID, TOKEN, frozenset({NUMBER}))
        stack.callback(self.account.close)
        self.twilio = stack.enter_context(serve(twilio.create_app(self.account))).url
        self.assistants = stack.enter_context(serve(assistants.create_app())).url
        self.ports = {name: free_port() for name in FUNCTIONS}

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self.ports[name]}"

    def environ(self, **more: str) -> dict[str, str]:
        settings = {
            "GOOGLE_CLOUD_PROJECT": self.project,
            "PUBSUB_EMULATOR_HOST": self.pubsub,
            "FIRESTORE_EMULATOR_HOST": self.firestore,
            "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_WHATSAPP_NUMBER": f"whatsapp:{NUMBER}",
            "TWILIO_API_BASE_URL": self.twilio,
            "TWILIO_WEBHOOK_URL": WEBHOOK_URL,
            "TWILIO_STATUS_CALLBACK_URL": f"{self.url('status')}/whatsapp/status",
            "ASSISTANT_API_URL": self.assistants,
            "ASSISTANT_API_TIMEOUT": "5",
            "HOST": "127.0.0.1",
            "JOIN_BURSTS": "false",
        }
        return {**settings, **more}

    def keeping(self, bucket: Bucket) -> dict[str, str]:
        """The settings with which media are kept there, and served by their function."""
        return {
            "MEDIA_BUCKET": BUCKET,
            "MEDIA_PUBLIC_URL": self.url("media"),
            "MEDIA_SIGNING_KEY": "k" * 43,
            "STORAGE_EMULATOR_HOST": bucket.url.removeprefix("http://"),
        }

    def function(self, build: Path, name: str, **more: str):
        """Run one staged function under the framework, from its own folder."""
        source = build / name
        command = python("-m", "functions_framework", "--source", "main.py", "--target", name)
        environ = self.environ(PORT=str(self.ports[name]), **more)
        return running(command, self.url(name), environ, source, self.folder / f"{name}.log")

    @property
    def subscription(self) -> str:
        """The name of the responder's subscription."""
        return f"projects/{self.project}/subscriptions/{TOPIC}"

    def subscribe(self, *, pushes: bool = True) -> None:
        """Make the topic and the responder's ordered subscription, which ``pushes`` to it."""
        push = PushConfig(push_endpoint=self.url("responder")) if pushes else None
        channel = grpc.insecure_channel(self.pubsub)
        topic = f"projects/{self.project}/topics/{TOPIC}"
        PublisherClient(transport=PublisherGrpcTransport(channel=channel)).create_topic(name=topic)
        # No dead-letter policy: the emulator comes to a standstill with both.
        SubscriberClient(transport=SubscriberGrpcTransport(channel=channel)).create_subscription(
            Subscription(
                name=self.subscription,
                topic=topic,
                push_config=push,
                enable_message_ordering=True,
                ack_deadline_seconds=60,
            )
        )
        channel.close()

    def post(self, sid: str, body: str, sender: str = ANN, **fields: str) -> int:
        form = {"MessageSid": sid, "From": f"whatsapp:{sender}", "Body": body, **fields}
        headers = {"X-Twilio-Signature": sign(TOKEN, WEBHOOK_URL, form)}
        url = f"{self.url('webhook')}/whatsapp/webhook"
        return requests.post(url, data=form, headers=headers, timeout=15).status_code

    def medium(
        self, content_type: str, data: bytes, name: str = "", kind: str = "document"
    ) -> dict[str, str]:
        """Something that a person sent, as the parameters of Twilio's webhook."""
        url = keep_medium(self.account, content_type, data, name)
        return medium_fields(self.twilio + url, content_type, kind)

    def sent(self, to: str = ANN) -> list[str]:
        answer = requests.get(f"{self.twilio}/simulator/messages", timeout=5).json()
        return [one["body"] for one in answer["messages"] if one["to"] == f"whatsapp:{to}"]

    def fault(self, **fault: object) -> None:
        requests.post(f"{self.twilio}/simulator/faults", json=fault, timeout=5).raise_for_status()

    def documents(self, collection: str) -> dict[str, dict]:
        """What Firestore holds, read with its own client."""
        assert os.environ["FIRESTORE_EMULATOR_HOST"] == self.firestore
        client = firestore.Client(project=self.project)
        return {one.id: one.to_dict() for one in client.collection(collection).stream()}
