"""Alerts as signed JSON: what a receiver gets, how it can check it, and what each of its answers leads to."""

import hmac
import json
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web

from alerts.delivery import Delivery
from alerts.webhook import Bodies, WebhookChannel, signed
from archive import subscribers
from core.errors import InputError, NotSent
from settings import WebhookEntry
from tests.alerts.scene import Scene
from tests.alerts.stories import card, sending

SECRET = "whsec_" + b64encode(b"a secret of thirty-two bytes....").decode()
SECONDS = timedelta(seconds=1)


class Receiver:
    """Takes what is posted, and answers with the next of `answers`, at last with 200."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[int] = []
        self.url = ""

    async def take(self, request: web.Request) -> web.Response:
        self.got.append((dict(request.headers), await request.read()))
        status = self.answers.pop(0) if self.answers else 200
        return web.Response(status=status, headers={"location": "/elsewhere"} if status == 302 else {})

    @property
    def events(self) -> list[dict[str, object]]:
        return [json.loads(body) for _, body in self.got]

    @property
    def ids(self) -> list[str]:
        return [headers["webhook-id"] for headers, _ in self.got]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    made = Receiver()
    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", made.take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}/rasad"
    yield made
    await runner.cleanup()


@pytest.fixture
async def hook(scene: Scene, receiver: Receiver) -> AsyncIterator[Delivery]:
    """The webhook `desk`, of all topics."""
    keeps(scene, desk=())
    channel = WebhookChannel("webhook:desk", receiver.url, SECRET, private=True)
    delivery = Delivery(scene.archive, channel, scene.edition, clock=scene.clock, press=Bodies())
    yield delivery
    await delivery.stop()


def keeps(scene: Scene, **topics: tuple[str, ...]) -> None:
    hooks = {id_: WebhookEntry(url="https://hooks.example/", topics=of) for id_, of in topics.items()}
    with scene.archive.writing() as conn:
        subscribers.keep_webhooks(conn, webhooks=hooks, timezone="Asia/Baghdad", now=scene.clock.now())


async def test_an_alert_is_posted_once_with_what_it_tells(scene: Scene, receiver: Receiver, hook: Delivery) -> None:
    scene.publishes("إغلاق الجسر", "أُغلق الجسر القديم أمام الشاحنات اليوم بعد أن وجد مفتش شقوقاً في دعامتين منه.")
    await hook.drain()
    await hook.drain()
    [event] = receiver.events
    assert event["type"] == "alert"
    data = event["data"]
    assert isinstance(data, dict)
    assert (data["title"], data["source"], data["outlets"]) == ("إغلاق الجسر", "morning", 1)
    assert data["topics"] == [{"topic": "bridge", "level": "breaking"}]
    assert scene.states() == ["sent"]


async def test_the_receiver_can_check_who_wrote_it(scene: Scene, receiver: Receiver, hook: Delivery) -> None:
    scene.publishes()
    await hook.drain()
    [(headers, body)] = receiver.got
    key = b64decode(SECRET.removeprefix("whsec_"))
    said = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    assert headers["webhook-signature"] == "v1," + b64encode(hmac.digest(key, said, "sha256")).decode()


def test_the_signature_is_that_of_the_standards_own_example() -> None:
    # https://github.com/standard-webhooks/standard-webhooks: the test vector of its libraries
    key = b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    headers = signed("msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}', key, 1614265330)
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("status", [500, 503, 404, 401, 302, 429])
async def test_what_is_not_taken_comes_again_under_the_same_id_and_in_order(
    scene: Scene, receiver: Receiver, hook: Delivery, status: int
) -> None:
    receiver.answers = [status, status]
    first, second = "A bridge is closed", "Another bridge is open"
    scene.publishes(first)
    scene.publishes(second)
    await hook.drain()
    await hook.drain(patience=60 * SECONDS)
    assert [event["data"]["title"] for event in receiver.events] == [first, first, first, second]  # type: ignore[index]
    assert len(set(receiver.ids)) == 2
    assert scene.states() == ["sent", "sent"]


async def test_a_message_that_is_refused_holds_up_no_other(scene: Scene, receiver: Receiver, hook: Delivery) -> None:
    receiver.answers = [422]
    scene.publishes()
    scene.publishes()
    await hook.drain()
    assert scene.states() == ["dead", "sent"]


async def test_a_receiver_that_is_gone_gets_no_more(scene: Scene, receiver: Receiver, hook: Delivery) -> None:
    receiver.answers = [410]
    scene.publishes()
    await hook.drain()
    scene.publishes()
    await hook.drain()
    assert len(receiver.got) == 1
    keeps(scene, desk=())
    scene.publishes()
    await hook.drain()
    assert len(receiver.got) == 2, "the next start tries again"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "①②⑦.0.0.1"])
async def test_nothing_connects_to_a_private_address(receiver: Receiver, host: str) -> None:
    url = receiver.url.replace("127.0.0.1", host)
    channel = WebhookChannel("webhook:desk", url, SECRET)
    [event] = Bodies().render(sending(card("fa")), topics={}, edition=1)
    with pytest.raises(NotSent):
        await channel.send(0, event)
    await channel.close()
    assert receiver.got == []


def test_webhooks_get_their_topics_and_what_left_the_config_gets_nothing(scene: Scene) -> None:
    keeps(scene, desk=("council",), wire=())
    scene.publishes("A bridge is closed")
    assert scene.states() == ["new"], "for wire"
    keeps(scene, desk=("bridge",))
    assert scene.states() == ["cancelled"]
    scene.publishes("A bridge is open")
    assert scene.states() == ["cancelled", "new"]


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_c2hvcnQ=", "whsec_!!!", SECRET.removeprefix("whsec_")])
def test_a_secret_that_is_none_is_refused_and_not_quoted(secret: str) -> None:
    with pytest.raises(InputError, match="whsec_ and 24 to 64 bytes") as refused:
        WebhookChannel("webhook:desk", "https://hooks.example/", secret)
    assert len(secret) < 10 or secret not in str(refused.value)


def test_the_secret_comes_from_the_environment_or_a_file_of_ones_own(tmp_path: Path) -> None:
    entry = WebhookEntry(url="https://hooks.example/", secret_file=tmp_path / "desk.secret")
    assert entry.secret("news-desk", {"RASAD_WEBHOOK_NEWS_DESK": " whsec_x "}) == "whsec_x"
    (tmp_path / "desk.secret").write_text(SECRET)
    (tmp_path / "desk.secret").chmod(0o644)
    with pytest.raises(InputError, match="chmod 600"):
        entry.secret("desk", {})
    (tmp_path / "desk.secret").chmod(0o600)
    assert entry.secret("desk", {}) == SECRET
    with pytest.raises(InputError, match="has no secret"):
        WebhookEntry(url="https://hooks.example/").secret("desk", {})
