#!/usr/bin/env python3
"""Uses the pages as people do, in a real browser, with a daemon of its own.

    pip install selenium; apt-get install chromium chromium-driver
    python3 Tests/Browser/upload.py [--program .build/release/keepsake] [--shots DIR] [SCENARIO...]

Each scenario says in its first line what it proves. Ends with status 1 if
something is not as it should be.
"""
import argparse
import os
import sys
import tempfile
import time
import traceback

from selenium.webdriver.common.keys import Keys

from daemon import Daemon
from stage import MB, SLOW, Stage, expect, sample
from visitor import Visitor

scenarios = {}


def scenario(function):
    scenarios[function.__name__] = function
    return function


@scenario
def several(stage):
    """Several files go at once, two at a time, and each is linked to its entry."""
    sound = [stage.recording(f"several-{number}.wav", 3 * MB) for number in range(3)]
    files = [*sound, sample("drawing.png"), sample("voice.m4a"), sample("letter.txt")]
    with stage.visitor() as visitor:
        visitor.run("""
            window.locks = 0;
            const request = navigator.wakeLock.request.bind(navigator.wakeLock);
            navigator.wakeLock.request = (kind) => { window.locks += 1; return request(kind); };
            window.spoken = [];
            const place = document.getElementById("spoken");
            new MutationObserver(() => window.spoken.push(place.textContent)).observe(place, { childList: true });
        """)
        visitor.line(upload=SLOW)
        visitor.open_form()
        visitor.find("[name=caption]").send_keys("You recorded the rain.")
        visitor.send(*files)
        visitor.until_sent(sound[0], 1)
        visitor.until_sent(sound[1], 1)
        expect("Waiting for its turn" in visitor.status(sound[2]), "the third waits for its turn")
        expect(visitor.run("return window.locks") > 0, "the screen is kept on")
        time.sleep(2)
        summary = visitor.find("#sending-summary").text
        expect("a second" in summary and "left" in summary, f"speed and time left are said, and not: {summary}")
        visitor.line()
        for file in files:
            visitor.until(file, "Kept, and safe.")
        visitor.wait(lambda: len(visitor.all("#queue a")) == len(files), "each file is linked to its entry")
        for link in visitor.all("#queue a"):
            entry = link.get_attribute("href").partition("#")[2]
            expect(visitor.run("return document.getElementById(arguments[0]) !== null", entry), "the entry is there")
        time.sleep(2)
        spoken = visitor.run("return window.spoken")
        expect(1 < len(spoken) < 12, f"what happens is spoken, and not too often: {spoken}")
        expect(any("Kept, and safe." in text for text in spoken), f"it is spoken that files are kept: {spoken}")
        expect(visitor.remembered() == [], "nothing is remembered of what has finished")
        expect(visitor.complaints() == [], "the browser complains of nothing")
        stage.expect_kept(visitor, *files)
        caption = stage.daemon.story(visitor.child)["letter.txt"]["caption"]
        expect(caption == "You recorded the rain.", "the words go with every file")


@scenario
def closed(stage):
    """The browser is closed in the middle; the same file, chosen again, goes on where it stood."""
    file = stage.recording("closed.wav", 12 * MB)
    profile = tempfile.mkdtemp(dir=stage.folder)
    with stage.visitor(profile=profile) as visitor:
        child = visitor.child
        visitor.line(upload=MB)
        visitor.open_form()
        visitor.find("[name=caption]").send_keys("You sang to me.")
        visitor.send(file)
        visitor.until_sent(file, 3 * MB)
        expect(visitor.warns, "leaving the page now warns")
    with Visitor(stage.daemon, child, profile=profile) as visitor:
        visitor.wait(lambda: "closed.wav" in visitor.find("#unfinished").text, "the page says what waits")
        [remembered] = visitor.remembered()
        before = stage.daemon.offset(remembered["url"])
        expect(before >= MB, f"bytes arrived before: {before}")
        percent = f"{before * 100 // os.path.getsize(file)} %"
        expect(percent in visitor.find("#unfinished").text, f"the page says that {percent} has arrived")
        stage.shoot(visitor, "unfinished")
        visitor.requests()
        visitor.find("#unfinished input").send_keys(file)
        visitor.until(file, "Kept, and safe.")
        requests = visitor.requests()
        expect(not any(method == "POST" for method, *_ in requests), "no new upload was begun")
        pieces = [int(offset) for method, _, offset in requests if method == "PATCH"]
        expect(min(pieces) == before, f"the first piece begins at {before}: {pieces}")
        expect(not visitor.find("#unfinished").is_displayed(), "nothing is unfinished any more")
        stage.expect_kept(visitor, file)
        caption = stage.daemon.story(child)["closed.wav"]["caption"]
        expect(caption == "You sang to me.", "it keeps the words that it was given")
        print(f"    {before} of {os.path.getsize(file)} bytes were there before; pieces began at {pieces}")


@scenario
def tab(stage):
    """A tab is closed in the middle; the form in another tab goes on, and a wrong file is told so."""
    file = stage.recording("tab.wav", 24 * MB)
    with stage.visitor() as visitor:
        visitor.line(upload=SLOW)
        visitor.open_form()
        visitor.find("[name=caption]").send_keys("You wrote this song.")
        visitor.send(file)
        visitor.until_sent(file, 4 * MB)
        first = visitor.driver.current_window_handle
        visitor.driver.switch_to.new_window("tab")
        visitor.open()
        time.sleep(1)
        expect(not visitor.find("#unfinished").is_displayed(), "what another tab sends does not wait here")
        visitor.send(file)
        visitor.until(file, "another tab already")
        second = visitor.driver.current_window_handle
        visitor.driver.switch_to.window(first)
        visitor.driver.close()
        visitor.driver.switch_to.window(second)
        visitor.open()
        visitor.wait(lambda: visitor.find("#unfinished").is_displayed(), "the page says what waits")
        visitor.find("#unfinished input").send_keys(sample("letter.txt"))
        expect("letter.txt is not one of these" in visitor.find("#unfinished").text, "a wrong file is told so")
        visitor.requests()
        visitor.line(upload=2 * SLOW)
        visitor.send(file)
        visitor.until(file, "It keeps the words that you gave it before.")
        visitor.line()
        visitor.until(file, "Kept, and safe.")
        pieces = [int(offset) for method, _, offset in visitor.requests() if method == "PATCH"]
        expect(min(pieces) > 0, f"it goes on where it stood: {pieces}")
        stage.expect_kept(visitor, file)


@scenario
def offline(stage):
    """The network goes away in the middle and comes back."""
    file = stage.recording("offline.wav", 10 * MB)
    with stage.visitor() as visitor:
        visitor.line(upload=SLOW)
        visitor.send(file)
        visitor.until_sent(file, 4 * MB)
        visitor.line(offline=True)
        visitor.until(file, "There is no network.")
        stage.shoot(visitor, "offline")
        time.sleep(3)
        expect("There is no network." in visitor.status(file), "it waits for the network")
        visitor.requests()
        visitor.line()
        visitor.until(file, "Kept, and safe.", 20)
        pieces = [int(offset) for method, _, offset in visitor.requests() if method == "PATCH"]
        expect(pieces and min(pieces) > 0, f"it goes on where it stood: {pieces}")
        stage.expect_kept(visitor, file)


@scenario
def killed(stage):
    """The daemon is killed in the middle and started again; the upload goes on by itself."""
    files = [stage.recording(f"killed-{number}.wav", 8 * MB) for number in range(2)]
    with stage.visitor() as visitor:
        visitor.line(upload=2 * SLOW)
        visitor.send(*files)
        for file in files:
            visitor.until_sent(file, 4 * MB)
        stage.daemon.kill()
        try:
            for file in files:
                visitor.until(file, "The connection broke.")
            stage.shoot(visitor, "waiting")
        finally:
            stage.daemon.start()
        for file in files:
            visitor.until(file, "Kept, and safe.", 30)
        stage.expect_kept(visitor, *files)


@scenario
def cancelled(stage):
    """A file that is cancelled is gone from the server, and forgotten here."""
    file = stage.recording("cancelled.wav", 8 * MB)
    with stage.visitor() as visitor:
        visitor.line(upload=SLOW)
        visitor.send(file)
        visitor.until_sent(file, 2 * MB)
        [remembered] = visitor.remembered()
        visitor.press(file, "Cancel")
        visitor.until(file, "Cancelled.")
        visitor.wait(lambda: stage.daemon.get(f"/v1{remembered['url']}") is None, "the server has forgotten it")
        expect(visitor.remembered() == [], "the browser has forgotten it")
        expect(not visitor.warns, "leaving the page does not warn any more")
        expect(stage.daemon.story(visitor.child) == {}, "nothing is on the story")


@scenario
def refused(stage):
    """A program is not taken, and an empty file is not; the reasons of the server are shown."""
    with stage.visitor() as visitor:
        visitor.send(sample("holiday.jpg"), sample("empty.jpg"), sample("drawing.png"))
        visitor.until(sample("holiday.jpg"), "Not taken. ")
        visitor.until(sample("empty.jpg"), "Not taken. The file is empty")
        visitor.until(sample("drawing.png"), "Kept, and safe.")
        reason = visitor.status(sample("holiday.jpg"))
        expect("program" in reason, f"the reason is shown: {reason}")
        expect(visitor.remembered() == [], "what was refused is not tried again")
        stage.shoot(visitor, "refused")


@scenario
def refused_elsewhere(stage):
    """An upload that was refused while nobody listened is not begun anew: its reason is shown."""
    file = os.path.join(stage.folder, "game.jpg")
    with open(sample("holiday.jpg"), "rb") as program, open(file, "wb") as game:
        game.write(program.read() + bytes(6 * MB))
    with stage.visitor() as visitor:
        url = stage.paused_at(visitor, file, 2 * MB)
        offset = stage.daemon.offset(url)
        with open(file, "rb") as source:
            source.seek(offset)
            status, *_ = stage.daemon.tus(
                "PATCH", url, source.read(), Upload_Offset=offset, Content_Type="application/offset+octet-stream")
        expect(status == 422, f"the server refuses the program: {status}")
        with Visitor(stage.daemon, visitor.child) as other:
            other.run("localStorage.setItem(...arguments)", *visitor.run(
                "return Object.entries(localStorage).find(([key]) => key.startsWith('upload:'))"))
            other.open()
            other.wait(
                lambda: "game.jpg was not taken" in other.find("#unfinished").text, "the reason is shown on load")
        visitor.requests()
        visitor.press(file, "Resume")
        visitor.until(file, "Not taken. ")
        expect("program" in visitor.status(file), f"the reason is shown: {visitor.status(file)}")
        expect("PATCH" not in [method for method, *_ in visitor.requests()], "no byte was sent again")


@scenario
def gone(stage):
    """An upload that the server no longer has begins anew."""
    file = stage.recording("gone.wav", 4 * MB)
    with stage.visitor() as visitor:
        url = stage.paused_at(visitor, file, MB)
        stage.daemon.tus("DELETE", url)
        visitor.line()
        visitor.press(file, "Resume")
        visitor.until(file, "Kept, and safe.")
        stage.expect_kept(visitor, file)


@scenario
def paused(stage):
    """By the keyboard alone: pause, and go on where it stood."""
    file = stage.recording("paused.wav", 6 * MB)
    with stage.visitor() as visitor:
        visitor.line(upload=SLOW)
        visitor.choose(file)
        visitor.find("#upload > button").send_keys(Keys.ENTER)
        visitor.until_sent(file, 2 * MB)
        for _ in range(3):
            visitor.focused.send_keys(Keys.TAB)
            if visitor.focused.text == "Pause":
                break
        visitor.focused.send_keys(Keys.SPACE)
        visitor.until(file, "Paused at")
        shown = visitor.bytes_shown(file)
        time.sleep(1)
        expect(visitor.bytes_shown(file) == shown, "nothing moves while it is paused")
        expect(visitor.focused.text == "Resume", "the keyboard stays where it was")
        expect(visitor.focused.get_attribute("aria-label") == "Resume: paused.wav", "it says of which file")
        stage.shoot(visitor, "paused")
        visitor.line()
        visitor.focused.send_keys(Keys.ENTER)
        visitor.until(file, "Kept, and safe.")
        stage.expect_kept(visitor, file)


@scenario
def troubled(stage):
    """A server in trouble is tried again, no sooner than it asks; a wrong offset is looked up."""
    file = stage.recording("troubled.wav", 2 * MB)
    full = {"status": 507, "detail": "The disk is nearly full.", "headers": {"Retry-After": "300"}}
    with stage.visitor() as visitor:
        visitor.answers(
            {"status": 429, "detail": "Too many at once.", "headers": {"Retry-After": "3"}},
            {"status": 423, "detail": "Somebody else is at it."}, {"status": 409, "detail": "Wrong offset."}, full)
        began = time.monotonic()
        visitor.send(file)
        visitor.until(file, "Too many at once.")
        visitor.until(file, "Somebody else is at it.")
        expect(time.monotonic() - began >= 3, "it waits as long as it was asked to")
        visitor.until(file, "The disk is nearly full.")
        expect("in about 5 minutes" in visitor.status(file), f"it says how long: {visitor.status(file)}")
        visitor.press(file, "Try now")
        visitor.until(file, "Kept, and safe.")
        looks = [method for method, path, _ in visitor.requests() if path.startswith("/uploads/")]
        expect(looks.count("HEAD") == 4, f"the offset is looked up after each: {looks}")
        stage.expect_kept(visitor, file)


@scenario
def signed_out(stage):
    """Who is signed out in the middle is told so, and goes on after signing in."""
    file = stage.recording("signed-out.wav", 2 * MB)
    with stage.visitor() as visitor:
        visitor.driver.delete_cookie("keepsake_session")
        visitor.send(file)
        visitor.until(file, "You are no longer signed in.")
        visitor.driver.add_cookie(
            {"name": "keepsake_session", "value": stage.daemon.cookie, "sameSite": "Strict"})
        visitor.press(file, "Try again")
        visitor.until(file, "Kept, and safe.")


@scenario
def changed(stage):
    """A file that changed or went away since it was chosen is not sent for ever."""
    file = stage.recording("changed.wav", 6 * MB)
    with stage.visitor() as visitor:
        stage.paused_at(visitor, file, MB)
        os.remove(file)
        visitor.press(file, "Resume")
        visitor.until(file, "can no longer be read")


@scenario
def dropped(stage):
    """Files are dropped and pasted onto the page."""
    with stage.visitor() as visitor:
        for kind in ("dragEnter", "dragOver", "drop"):
            visitor.command("Input.dispatchDragEvent", type=kind, x=300, y=200, data={
                "items": [], "files": [sample("drawing.png")], "dragOperationsMask": 1})
        visitor.wait(lambda: "drawing.png" in visitor.find("#chosen").text, "a dropped file is chosen")
        visitor.run("""
            const data = new DataTransfer();
            data.items.add(new File(["Dear Amira"], "pasted.txt", { type: "text/plain" }));
            document.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true }));
        """)
        expect("2 files chosen" in visitor.find("#chosen").text, visitor.find("#chosen").text)
        visitor.find("#upload > button").click()
        for name in ("drawing.png", "pasted.txt"):
            visitor.until(name, "Kept, and safe.")
        expect(set(stage.daemon.story(visitor.child)) == {"drawing.png", "pasted.txt"}, "both are on the story")


@scenario
def held(stage):
    """A file that is held for a person is said to be safe, with the reason; a worker lets it be seen, and holds it again."""
    with stage.visitor() as visitor:
        visitor.send(sample("cut-short.jpg"))
        visitor.until(sample("cut-short.jpg"), "Safe, but a person needs to look at it. ")
        visitor.open()
        visitor.find(".decision button").click()
        visitor.wait(lambda: visitor.find(".decision button").text == "Hold it back again", "it can be held again")
        stage.shoot(visitor, "released")
        visitor.find(".decision button").click()
        visitor.wait(lambda: visitor.find(".decision button").text == "Let it be seen", "it is held again")
        stage.shoot(visitor, "held")


@scenario
def plain(stage):
    """Without any script the form works as forms do."""
    with stage.visitor(scripts=False) as visitor:
        visitor.find("[name=caption]").send_keys("Sent without any script.")
        visitor.find("#file").send_keys(sample("drawing.png"))
        expect(not visitor.find("#sending").is_displayed(), "what needs the script is not shown")
        visitor.find("#upload > button").click()
        visitor.wait(lambda: len(visitor.all(".timeline .entry")) == 1, "the file is on the story")
        stage.expect_kept(visitor, sample("drawing.png"))
        stage.shoot(visitor, "plain")


@scenario
def search(stage):
    """Words are found without any script, marked, and the page fits 320 and 1280 pixels."""
    with stage.visitor(scripts=False) as visitor:
        for file, caption in (
                ("drawing.png", "You drew the café by the river, and the dog that swam in it."),
                ("photo.jpg", "Our <dog> & I."), ("voice.m4a", "You told me about school.")):
            if not visitor.find(".add").get_attribute("open"):
                visitor.find(".add summary").click()
            visitor.find("[name=caption]").send_keys(caption)
            visitor.find("#file").send_keys(sample(file))
            visitor.find("#upload > button").click()
            visitor.wait(lambda: caption in visitor.find(".timeline").text, f"{file} is on the story")
        stage.shoot(visitor, "story")
        visitor.find("[name=q]").send_keys("DOG")
        visitor.find(".search button").click()
        visitor.wait(lambda: "/search?q=DOG" in visitor.driver.current_url, "the form leads to what was found")
        expect([mark.text for mark in visitor.all("mark")] == ["dog", "dog"], "the words are marked")
        expect(len(visitor.all(".timeline .entry")) == 2, "two entries have the word")
        expect(visitor.find("[name=q]").get_attribute("value") == "DOG", "what was looked for stands in its box")
        stage.shoot(visitor, "search")
        visitor.find("[name=q]").send_keys(" elephant", Keys.ENTER)
        visitor.wait(lambda: "Nothing in the story" in visitor.find("main").text, "nothing has both words")
        stage.shoot(visitor, "search-nothing")
        visitor.find(".back").click()
        visitor.wait(lambda: len(visitor.all(".timeline .entry")) == 3, "the way back leads to the whole story")


def send_by_form(visitor, name):
    """Sends the first file of a story as a form does."""
    visitor.find("#file").send_keys(sample(name))
    visitor.find("#upload > button").click()
    visitor.wait(lambda: len(visitor.all(".timeline .entry")) == 1, f"{name} is on the story")


@scenario
def words(stage):
    """Without any script, what a drawing shows and what is said in a recording is written down, and found."""
    with stage.visitor(scripts=False) as visitor:
        send_by_form(visitor, "drawing.png")
        visitor.find(".correction summary").click()
        visitor.find(".correction [name=caption]").send_keys("You drew your new house.")
        visitor.find(".correction [name=altText]").send_keys("A house with a red door.")
        visitor.find(".correction [name=transcript]").send_keys("My house\nby Amira")
        visitor.find(".correction [name=language]").send_keys("en-GB")
        stage.shoot(visitor, "words-form")
        visitor.find(".correction button").click()
        visitor.wait(lambda: "You drew your new house." in visitor.find(".caption").text, "the caption is shown")
        expect(visitor.find(".timeline img").get_attribute("alt") == "A house with a red door.", "the picture says it")
        expect(visitor.find(".caption").get_attribute("lang") == "en-GB", "the language of the words is told")
        visitor.find(".transcript summary").click()
        expect(visitor.find(".transcript p").text == "My house\nby Amira", "the lines are as they were written")
        stage.shoot(visitor, "words")
        visitor.find("[name=q]").send_keys("amira", Keys.ENTER)
        visitor.wait(lambda: [mark.text for mark in visitor.all("mark")] == ["Amira"], "the transcript is found")


@scenario
def place(stage):
    """Where a photo was made is on a page of its own, for a worker who asks, and nowhere else."""
    with stage.visitor(scripts=False) as visitor:
        send_by_form(visitor, "located/photo.jpg")
        expect("51.5" not in visitor.driver.page_source, "the story does not tell the place")
        visitor.driver.find_element("link text", "See where it was made").click()
        visitor.wait(lambda: "51.50735° north, 0.12776° west" in visitor.find("main").text, "the place is told")
        stage.shoot(visitor, "place")
        visitor.find(".back").click()
        visitor.wait(lambda: len(visitor.all(".timeline .entry")) == 1, "the way back leads to the story")


@scenario
def pictures(stage):
    """The page fits 320 and 1280 pixels, in light and dark, while files are in every state."""
    sound = [stage.recording(f"what the rain said on the roof that night {n}.wav", 20 * MB) for n in range(4)]
    with stage.visitor() as visitor:
        visitor.send(sample("drawing.png"), sample("holiday.jpg"), sample("cut-short.jpg"), sample("voice.m4a"))
        visitor.until(sample("voice.m4a"), "Kept, and safe.")
        visitor.until(sample("cut-short.jpg"), "Safe")
        visitor.line(upload=MB)
        visitor.answers(
            {"status": 503, "detail": "Keepsake is being restarted.", "headers": {"Retry-After": "90"}})
        visitor.send(sound[0])
        visitor.until(sound[0], "Keepsake is being restarted.")
        visitor.send(*sound[1:])
        visitor.until_sent(sound[1], 1)
        visitor.press(sound[3], "Pause")
        visitor.choose(sample("letter.txt"), sample("photo.jpg"))
        time.sleep(3)
        stage.shoot(visitor, "every-state")


@scenario
def previews(stage):
    """What no browser shows or plays is seen and heard all the same, and without loading the page again."""
    names = ["photo.heic", "voice.amr", "clip.3gp", "clip.mov", "letter.pdf", "letter.docx", "photo.jpg"]
    with stage.visitor() as visitor:
        visitor.send(*map(sample, names))
        for name in names:
            visitor.until(sample(name), "Kept, and safe.")
        visitor.wait(lambda: len(visitor.all(".timeline img")) == 4, "photos, a page and a sound have a picture each")
        visitor.wait(lambda: len(visitor.all(".timeline video[poster]")) == 2, "each film has a picture")
        visitor.wait(lambda: not visitor.all(".timeline [data-making]"), "nothing is being made any more")
        for picture in visitor.all(".timeline img"):
            visitor.run("arguments[0].scrollIntoView()", picture)
            visitor.wait(lambda: visitor.run("return arguments[0].naturalWidth > 0", picture), "each picture is shown")
        for recording in visitor.all(".timeline video, .timeline audio"):
            visitor.run("arguments[0].muted = true; arguments[0].play()", recording)
            visitor.wait(
                lambda: visitor.run("return arguments[0].currentTime > 0.2", recording), "each recording is played")
        expect(visitor.complaints() == [], "the browser complains of nothing")
        stage.shoot(visitor, "previews")
        shown = [len(visitor.all(f".timeline {kind}")) for kind in ("img", "video", "audio")]
        with Visitor(stage.daemon, visitor.child, scripts=False) as plain:
            expect(
                [len(plain.all(f".timeline {kind}")) for kind in ("img", "video", "audio")] == shown,
                "the same is shown without scripts")


def play(stage, name):
    """Plays one scenario; answers whether all was as it should be."""
    print(f"{name}: {scenarios[name].__doc__}", flush=True)
    began = time.monotonic()
    try:
        scenarios[name](stage)
        ending = "proved"
    except Exception as error:
        traceback.print_tb(error.__traceback__, file=sys.stdout)
        print(f"    {type(error).__name__}: {getattr(error, 'msg', error)}")
        ending = "FAILED"
    print(f"    {ending} after {time.monotonic() - began:.0f} s", flush=True)
    return ending == "proved"


def main():
    root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=os.path.join(root, ".build/release/keepsake"))
    parser.add_argument("--shots", default=os.path.join(tempfile.gettempdir(), "keepsake-shots"))
    parser.add_argument("scenarios", nargs="*", metavar="SCENARIO", help=", ".join(scenarios))
    arguments = parser.parse_args()
    names = arguments.scenarios or list(scenarios)
    os.makedirs(arguments.shots, exist_ok=True)

    daemon = Daemon(arguments.program)
    try:
        stage = Stage(daemon, arguments.shots)
        stage.sign_in()
        failed = [name for name in names if not play(stage, name)]
    finally:
        daemon.end()
    print(f"{len(names) - len(failed)} of {len(names)} scenarios proved. Pictures in {arguments.shots}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
