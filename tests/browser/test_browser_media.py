"""What people send besides words, on the page: chosen, recorded, sent, and shown."""

import re

import pytest
import requests
from playwright.sync_api import expect

from tests import office
from tests.papers import paper, scan
from tests.pictures import quarters, saved

# The page's own: `make test` talks to it in chats and answers.
pytestmark = pytest.mark.thorough

JPEG = saved(quarters(600, 400), "JPEG", quality=95)


def file(name, kind, data):
    return {"name": name, "mimeType": kind, "buffer": data}


PHOTO = file("quarters.jpg", "image/jpeg", JPEG)
NOTE = file("notes.txt", "text/plain", b"Bread, milk and a very long list of other things.")


@pytest.fixture
def talker(new_chat):
    return new_chat(permissions=["microphone"])


@pytest.fixture
def observed(new_chat):
    chat = new_chat()
    chat.ask("/switch observer")
    return chat


PASTE = """(field, clipboardData) => field.dispatchEvent(
    new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true}))"""


def lay(chat, *files):
    """Choose files, and wait until they lie beside what is being written."""
    chat.hook("file").set_input_files(list(files))
    expect(chat.hook("tray").get_by_role("listitem")).to_have_count(len(files))


def send(chat, *files):
    lay(chat, *files)
    chat.hook("send").click()
    expect(chat.hook("tray")).to_have_count(0)


def test_a_photo_is_looked_at_before_it_is_sent_with_its_words(observed):
    lay(observed, PHOTO)
    shown = observed.hook("tray").get_by_role("img", name="quarters.jpg")
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") == 600
    observed.hook("composer").fill("What is this?")
    observed.hook("send").click()
    bubble = observed.questions().last
    expect(bubble.locator("img.picture")).to_be_visible()
    expect(bubble).to_contain_text("What is this?")
    expect(observed.hook("composer")).to_have_value("")
    answer = observed.answers().last
    expect(answer).to_contain_text("You wrote 3 words: What is this?")
    expect(answer).to_contain_text("600 × 400 pixels, wide; JPEG")
    expect(answer).to_contain_text("red, green, blue, white")
    expect(answer).to_contain_text("understand nothing")


def test_several_photos_are_a_message_each_and_the_words_go_with_the_last(chat):
    chat.hook("composer").fill("Both of them")
    send(chat, PHOTO, PHOTO)
    expect(chat.questions()).to_have_count(2)
    expect(chat.questions().first).not_to_contain_text("Both of them")
    expect(chat.questions().last).to_contain_text("Both of them")
    expect(chat.answers()).to_have_count(2)


def test_what_was_chosen_can_be_left_out_again(chat):
    lay(chat, PHOTO, NOTE)
    chat.page.get_by_role("button", name="Do not send quarters.jpg").click()
    expect(chat.hook("tray").get_by_role("listitem")).to_have_text([re.compile("notes.txt")])
    chat.open("Jörg")
    expect(chat.hook("tray")).to_have_count(0)
    chat.open(chat.name)
    chat.page.get_by_role("button", name="Do not send notes.txt").click()
    expect(chat.hook("send")).to_have_count(0)


@pytest.mark.parametrize(("event", "target"), [("drop", "main"), ("paste", "textarea")])
def test_a_picture_can_be_dropped_and_pasted(chat, event, target):
    given = chat.page.evaluate_handle("""async () => {
        const data = new DataTransfer();
        const picture = await (await fetch("/static/picture.png")).blob();
        data.items.add(new File([picture], "hills.png", {type: "image/png"}));
        return data;
    }""")
    if event == "drop":
        chat.page.dispatch_event(target, "dragover", {"dataTransfer": given})
        expect(chat.page.get_by_text("Drop photos or a document here")).to_be_visible()
        chat.page.dispatch_event(target, event, {"dataTransfer": given})
        expect(chat.page.get_by_text("Drop photos or a document here")).to_be_hidden()
    else:
        chat.page.locator(target).evaluate(PASTE, given)
    expect(chat.hook("tray").get_by_role("img", name="hills.png")).to_be_visible()


def test_what_whatsapp_would_not_carry_is_refused_in_words_and_nothing_is_lost(chat):
    chat.hook("composer").fill("my words")
    lay(chat, file("x.exe", "application/x-msdownload", b"MZ"))
    chat.hook("send").click()
    expect(chat.hook("toast")).to_contain_text("does not carry files of type")
    expect(chat.hook("composer")).to_have_value("my words")
    expect(chat.hook("tray")).to_contain_text("x.exe")
    chat.console.clear()  # chromium itself notes the 415


def test_a_document_is_a_card_with_name_and_size_and_its_beginning_is_told(observed):
    send(observed, NOTE)
    card = observed.questions().last.get_by_test_id("file-card")
    expect(card).to_contain_text("notes.txt")
    expect(card).to_contain_text("TXT · 49 B")
    expect(observed.answers().last).to_contain_text("It has 10 words, and begins")
    expect(observed.answers().last.locator("blockquote")).to_contain_text("Bread, milk")


def test_a_pdf_has_pages(observed):
    send(observed, file("two.pdf", "application/pdf", paper(["The first page."], ["The second."])))
    expect(observed.answers().last).to_contain_text("two.pdf”, 2 pages")


OFFICE = "application/vnd.openxmlformats-officedocument"
DOCUMENTS = {
    "a scan": ("scan.pdf", "application/pdf", scan(), "no text that I could read"),
    "a sheet": (
        "stock.xlsx",
        f"{OFFICE}.spreadsheetml.sheet",
        office.xlsx({"Stock": '<row r="1"><c r="A1"><v>4711</v></c><c r="B1"><v>12</v></c></row>'}),
        "4711",
    ),
    "slides": (
        "plan.pptx",
        f"{OFFICE}.presentationml.presentation",
        office.pptx({"slide1.xml": office.drawn("Our plan", "is simple")}),
        "Our plan is simple",
    ),
}


@pytest.mark.parametrize("what", DOCUMENTS)
def test_a_document_gets_the_right_answer(observed, what):
    name, kind, data, words = DOCUMENTS[what]
    send(observed, file(name, kind, data))
    expect(observed.questions().last.get_by_test_id("file-card")).to_contain_text(name)
    expect(observed.answers().last).to_contain_text(words)


def test_a_voice_note_is_recorded_as_whatsapp_sends_it_and_can_be_played(talker):
    talker.hook("voice").click()
    expect(talker.hook("length")).to_have_text("0:01")
    expect(talker.page.locator(".levels rect").nth(5)).to_be_attached()
    talker.page.get_by_role("button", name="Stop and send").click()
    expect(talker.hook("recorder")).to_have_count(0)
    player = talker.questions().get_by_test_id("player")
    expect(player).not_to_have_attribute("data-seconds", "0.0")
    assert 0.8 < float(player.get_attribute("data-seconds")) < 5
    source = player.locator("audio").get_attribute("src")
    answer = requests.get(talker.url + source, timeout=5)
    assert answer.headers["Content-Type"] == "audio/ogg"
    head = answer.content.index(b"OpusHead")
    assert answer.content.startswith(b"OggS")
    assert answer.content[head + 9] == 1, "one channel"
    player.get_by_role("button", name="Play").click()
    expect(player.get_by_role("button", name="Pause")).to_be_visible()
    expect(talker.answers()).to_have_count(1)


@pytest.mark.parametrize("away", ["bin", "escape", "left"])
def test_a_voice_note_can_be_thrown_away(talker, away):
    hold(talker)
    expect(talker.hook("length")).to_be_visible()
    if away == "left":
        x, y = middle(talker.hook("recorder").locator(".send"))
        talker.page.mouse.move(x - 120, y, steps=4)
        talker.page.mouse.up()
    elif away == "escape":
        talker.page.keyboard.press("Escape")
        talker.page.mouse.up()
    else:
        talker.page.mouse.up()
        talker.page.get_by_role("button", name="Throw the recording away").click()
    expect(talker.hook("recorder")).to_have_count(0)
    expect(talker.hook("voice")).to_be_visible()
    assert talker.questions().count() == 0


def test_a_voice_note_is_sent_when_the_button_is_let_go_unless_it_was_locked(talker):
    hold(talker)
    expect(talker.hook("length")).to_have_text("0:01")
    talker.page.mouse.up()
    expect(talker.questions()).to_have_count(1)
    expect(talker.answers()).to_have_count(1)
    x, y = hold(talker)
    expect(talker.hook("length")).to_be_visible()
    talker.page.mouse.move(x, y - 120, steps=4)
    talker.page.mouse.up()
    expect(talker.hook("recorder")).not_to_contain_text("lock")
    talker.page.keyboard.press("Escape")
    assert talker.questions().count() == 1


def test_a_finger_throws_a_voice_note_away_or_sends_it(new_chat):
    chat = new_chat(permissions=["microphone"], has_touch=True)
    finger = chat.page.context.new_cdp_session(chat.page)

    def touch(kind, *points):
        places = [{"x": x, "y": y} for x, y in points]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

    x, y = middle(chat.hook("voice"))
    touch("touchStart", (x, y))
    expect(chat.hook("length")).to_be_visible()
    touch("touchMove", (x - 120, y))
    touch("touchEnd")
    expect(chat.hook("recorder")).to_have_count(0)
    touch("touchStart", (x, y))
    expect(chat.hook("length")).to_have_text("0:01")
    touch("touchEnd")
    expect(chat.questions()).to_have_count(1)


def test_a_voice_note_needs_no_mouse(talker):
    talker.hook("voice").press("Enter")
    expect(talker.page.get_by_role("button", name="Stop and send")).to_be_focused()
    expect(talker.hook("length")).to_have_text("0:01")
    talker.page.keyboard.press("Enter")
    expect(talker.questions()).to_have_count(1)
    expect(talker.hook("composer")).to_be_focused()


def test_a_recording_ends_with_its_chat(talker):
    talker.hook("voice").click()
    expect(talker.hook("length")).to_be_visible()
    talker.open("Jörg")
    expect(talker.hook("voice")).to_be_visible()
    talker.open(talker.name)
    expect(talker.hook("recorder")).to_have_count(0)
    assert talker.questions().count() == 0


def hold(chat):
    """Press the button of the microphone, and keep it down."""
    x, y = middle(chat.hook("voice"))
    chat.page.mouse.move(x, y)
    chat.page.mouse.down()
    return x, y


def middle(locator):
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_without_a_microphone_it_is_said_so(chat):
    refuse = "() => { navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error()); }"
    chat.page.evaluate(refuse)
    chat.hook("voice").click()
    expect(chat.hook("toast")).to_contain_text("No microphone here")
    expect(chat.hook("recorder")).to_have_count(0)


def test_a_place_is_shown_on_a_map_that_is_drawn_here(observed):
    asked = []
    observed.page.on("request", lambda request: asked.append(request.url))
    observed.hook("attach").click()
    observed.page.get_by_role("menuitem", name="Location").click()
    observed.page.get_by_role("button", name="Table Mountain").click()
    expect(observed.page.get_by_label("Latitude")).to_have_value("-33.9628")
    observed.page.get_by_role("button", name="Send", exact=True).last.click()
    place = observed.questions().last.get_by_test_id("place")
    expect(place).to_contain_text("Table Mountain")
    expect(place.get_by_role("img")).to_be_visible()
    link = place.get_by_role("link", name="-33.9628, 18.4098")
    expect(link).to_have_attribute("href", re.compile(r"^https://www\.openstreetmap\.org/\?mlat="))
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    expect(observed.answers().last).to_contain_text("A place: Table Mountain, Cape Town")
    assert [one for one in asked if not one.startswith(observed.url)] == []


def test_a_contact_is_a_card_with_everything_on_it(observed):
    observed.hook("attach").click()
    observed.page.get_by_role("menuitem", name="Contact").click()
    observed.page.get_by_role("button", name="Dr. Ada Example").click()
    observed.page.get_by_label("E-mail").fill("ada@example.org")
    observed.page.get_by_role("button", name="Send", exact=True).last.click()
    card = observed.questions().last.get_by_test_id("contact-card")
    for said in ("Dr. Ada Example", "Example Clinic", "+44 20 7946 0018", "ada@example.org"):
        expect(card).to_contain_text(said)
    expect(observed.answers().last).to_contain_text("A contact: Dr. Ada Example, Example Clinic")


SHOW = """async message => {
    const {html, render} = await import("/static/vendor/lit-html/lit-html.js");
    const {media} = await import("/static/media.js");
    const place = document.createElement("div");
    document.body.append(place);
    render(html`${media({body: "", media: [], ...message})}`, place);
    const words = place.innerText.trim().replace(/\\s*\\n\\s*/g, " | ");
    const loaded = place.querySelectorAll("img, audio, video").length;
    return [words, loaded, place.querySelector("a")?.href ?? ""];
}"""


@pytest.mark.parametrize(
    ("url", "kind", "name", "shown", "href"),
    [
        (
            "https://cdn.example/a.jpg",
            "image/jpeg",
            "a.jpg",
            "a.jpg | at cdn.example, not loaded here",
            "https://cdn.example/a.jpg",
        ),
        (
            "https://cdn.example/x",
            "audio/mpeg",
            "",
            "Recording | at cdn.example, not loaded here",
            "https://cdn.example/x",
        ),
        (
            "http://[",
            "video/mp4",
            "",
            "Film | at an address that is none, not loaded here",
            "http://[",
        ),
        (
            "javascript:alert(1)",
            "image/png",
            "",
            "Picture | at , not loaded here",
            "",
        ),
    ],
)
def test_what_is_on_another_machine_is_named_and_never_loaded(chat, url, kind, name, shown, href):
    asked = []
    chat.page.on("request", lambda request: asked.append(request.url))
    medium = {"url": url, "content_type": kind, "name": name}
    assert chat.page.evaluate(SHOW, {"media": [medium]}) == [shown, 0, href]
    assert [one for one in asked if not one.startswith(chat.url)] == []


def test_a_medium_that_never_arrived_is_shown_as_that(chat):
    shown, loaded, _ = chat.page.evaluate(SHOW, {"error_code": 63019})
    assert (shown, loaded) == ("Not on the phone | A picture, file or recording", 0)


@pytest.mark.parametrize(
    ("body", "texts"), [("Kiosk", []), ("Meet me here", ["Meet me here"])], ids=["label", "words"]
)
def test_a_place_of_the_business_says_its_name_once(chat, body, texts):
    said = chat.page.evaluate(
        """async body => {
            const {render} = await import("/static/vendor/lit-html/lit-html.js");
            const {bubble} = await import("/static/bubble.js");
            const place = document.createElement("div");
            document.body.append(place);
            const location = {latitude: 1.5, longitude: 2, label: "Kiosk", address: ""};
            const at = new Date().toISOString();
            const message = {sid: "SM1", direction: "out", status: "read", at, body, location};
            render(bubble({...message, media: [], buttons: []}), place);
            return [place.querySelector(".place strong").innerText,
                [...place.querySelectorAll(".text")].map(one => one.innerText)];
        }""",
        body,
    )
    assert said == ["Kiosk", texts]


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("media-404", "600 × 400 pixels"),
        ("media-expired", "600 × 400 pixels"),
        ("media-cut", "600 × 400 pixels"),
        ("media-wrong-type", "600 × 400 pixels"),
        ("media-foreign", "I could not get what you attached"),
        ("media-endless", "too large for me to read"),
    ],
)
def test_media_that_go_wrong_are_read_all_the_same_or_told_in_a_sentence(observed, fault, words):
    observed.bench(fault)
    expect(observed.hook(f"bench-{fault}").locator(".count")).to_have_text("1")
    send(observed, PHOTO)
    expect(observed.answers().last).to_contain_text(words, timeout=20_000)
    expect(observed.hook(f"bench-{fault}").locator(".count")).to_have_count(0)
    expect(observed.page.locator("[data-testid=step].bad").first).to_be_visible()
    expect(observed.steps("media").last).to_be_visible()
