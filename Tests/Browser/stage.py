"""What the scenarios have in common: files, visitors, pictures and expectations."""
import os
import random
import time
import wave

from daemon import digest
from visitor import Visitor

SAMPLES = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "Samples")
MB = 1_000_000
SLOW = 2 * MB


def expect(condition, sentence):
    if not condition:
        raise AssertionError(sentence)


def sample(name):
    return os.path.join(SAMPLES, name)


class Stage:
    def __init__(self, daemon, shots):
        self.daemon, self.shots = daemon, shots
        self.folder = os.path.join(daemon.folder, "files")
        os.mkdir(self.folder)

    def sign_in(self):
        """The first worker opens their link, and adds a first child."""
        with Visitor(self.daemon) as visitor:
            visitor.driver.get(self.daemon.sign_in)
            visitor.find("main button").click()
            visitor.wait(lambda: visitor.driver.current_url.endswith("/children"), "signing in leads to the children")
            self.daemon.cookie = visitor.driver.get_cookie("keepsake_session")["value"]
            visitor.run("document.querySelector('details').open = true")
            visitor.find("[name=preferredName]").send_keys("Ben")
            visitor.find("details button").click()
            visitor.wait(lambda: "Ben" in visitor.find("h1").text, "adding a child leads to the child's story")

    def recording(self, name, size):
        """A recording of noise."""
        path = os.path.join(self.folder, name)
        with wave.open(path, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(44100)
            file.writeframes(random.Random(name).randbytes(size - 44))
        return path

    def visitor(self, name="Amira", **options):
        """Somebody who sees the story of a new child."""
        return Visitor(self.daemon, self.daemon.new_child(name), **options)

    def expect_kept(self, visitor, *files):
        """Every file is on the story once, with the bytes that it had here."""
        story = self.daemon.story(visitor.child)
        for file in files:
            entry = story.get(os.path.basename(file))
            expect(entry and entry["artefact"]["digest"] == digest(file), f"{file} is kept as it was")
        expect(len(story) == len(files), f"{len(files)} files are on the story, and not {list(story)}")

    def paused_at(self, visitor, file, size):
        """Sends the beginning of a file, and answers where its upload is."""
        visitor.line(upload=SLOW)
        visitor.send(file)
        visitor.until_sent(file, size)
        visitor.press(file, "Pause")
        visitor.until(file, "Paused at")
        time.sleep(0.5)
        return visitor.remembered()[0]["url"]

    def shoot(self, visitor, name):
        """Takes pictures, narrow and wide, in light and dark."""
        for width in (320, 1280):
            for shade in ("light", "dark"):
                visitor.look(width, shade)
                visitor.shoot(os.path.join(self.shots, f"{name}-{width}-{shade}.png"))
                wide = visitor.command("Page.getLayoutMetrics")["cssContentSize"]["width"]
                expect(wide <= width, f"{name} fits {width} pixels, and is {wide} wide")
        visitor.command("Emulation.clearDeviceMetricsOverride")
