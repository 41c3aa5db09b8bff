"""A person with a browser, who sees a child's story and adds files to it."""
import base64
import json
import os
import time

from selenium import webdriver
from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
from selenium.webdriver.common.by import By

ANSWERS = """
window.answers = arguments[0];
window.XMLHttpRequest = class extends XMLHttpRequest {
  send(body) {
    const answer = window.answers.shift();
    if (!answer) return super.send(body);
    Object.defineProperties(this, {
      status: { value: answer.status },
      responseText: { value: JSON.stringify({ detail: answer.detail }) },
      getResponseHeader: { value: (name) => answer.headers?.[name] ?? null },
    });
    setTimeout(() => { this.onload(); this.onloadend(); });
  }
};
"""


class Visitor:
    """A browser that is signed in; closes at the end of a `with`."""

    def __init__(self, daemon, child=None, scripts=True, profile=None):
        options = webdriver.ChromeOptions()
        for flag in ("--headless=new", "--no-sandbox", "--hide-scrollbars", "--window-size=1000,1000"):
            options.add_argument(flag)
        if profile:
            options.add_argument(f"--user-data-dir={profile}")
        options.binary_location = "/usr/bin/chromium"
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        if not scripts:
            options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
        self.driver = webdriver.Chrome(options=options, service=webdriver.ChromeService("/usr/bin/chromedriver"))
        self.daemon = daemon
        self.child = child
        if daemon.cookie:
            self.driver.get(daemon.address + "/sign-in")
            self.driver.add_cookie({"name": "keepsake_session", "value": daemon.cookie, "sameSite": "Strict"})
        if child:
            self.open()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.driver.quit()

    def open(self):
        self.driver.get(f"{self.daemon.address}/children/{self.child}")

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def find(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def wait(self, condition, sentence, seconds=60):
        """Waits until something is so."""
        end = time.monotonic() + seconds
        while not self.holds(condition):
            if time.monotonic() > end:
                raise AssertionError(f"{sentence}; the page shows {self.shown()}, the browser says {self.complaints()}")
            time.sleep(0.1)

    def holds(self, condition):
        """A page that is just changing does not fulfil anything yet."""
        try:
            return condition()
        except (NoSuchElementException, StaleElementReferenceException):
            return False

    def shown(self):
        return [line.text for line in self.all("#queue li")]

    def complaints(self):
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def command(self, name, **parameters):
        return self.driver.execute_cdp_cmd(name, parameters)

    def line(self, upload=-1, offline=False):
        """Makes the network slow (bytes in a second), or takes it away."""
        self.command("Network.enable")
        self.command(
            "Network.emulateNetworkConditions", offline=offline, latency=20, downloadThroughput=-1,
            uploadThroughput=upload)

    def answers(self, *answers):
        """Has the next pieces answered so, without the server."""
        self.run(ANSWERS, list(answers))

    def open_form(self):
        self.run("document.querySelector('.add').open = true")

    def choose(self, *files):
        self.open_form()
        self.find("#file").send_keys("\n".join(files))

    def send(self, *files):
        self.choose(*files)
        self.find("#upload > button").click()

    def row(self, file):
        name = os.path.basename(file)
        return next((line for line in self.all("#queue li") if line.text.startswith(name)), None)

    def status(self, file):
        row = self.row(file)
        return row.find_element(By.CSS_SELECTOR, ".status").text if row else ""

    def bytes_shown(self, file):
        row = self.row(file)
        return row.find_element(By.TAG_NAME, "progress").get_property("value") if row else 0

    def until(self, file, words, seconds=60):
        self.wait(lambda: words in self.status(file), f"{os.path.basename(file)} shows “{words}”", seconds)

    def until_sent(self, file, size):
        self.wait(lambda: self.bytes_shown(file) >= size, f"{os.path.basename(file)} has sent {size} bytes")

    def press(self, file, name):
        row = self.row(file)
        button = next(button for button in row.find_elements(By.TAG_NAME, "button") if button.text == name)
        self.run("arguments[0].scrollIntoView({block: 'center'})", button)
        button.click()

    def remembered(self):
        """What the browser remembers of uploads."""
        return [json.loads(value) for value in self.run(
            "return Object.entries(localStorage).filter(([k]) => k.startsWith('upload:')).map(([, v]) => v)")]

    def requests(self):
        """The requests that were made since this was asked last: method, path and where a piece begins."""
        made = []
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                request = message["params"]["request"]
                path = request["url"].removeprefix(self.daemon.address)
                made.append((request["method"], path, request["headers"].get("Upload-Offset")))
        return made

    @property
    def focused(self):
        return self.driver.switch_to.active_element

    @property
    def warns(self):
        """Whether leaving the page now would be warned of."""
        return self.run("""
            const event = new Event("beforeunload", { cancelable: true });
            dispatchEvent(event);
            return event.defaultPrevented;
        """)

    def look(self, width, shade):
        self.command(
            "Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 600)
        self.command("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": shade}])
        time.sleep(0.5)

    def shoot(self, path):
        size = self.command("Page.getLayoutMetrics")["cssContentSize"]
        shot = self.command("Page.captureScreenshot", captureBeyondViewport=True, clip={
            "x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 5000), "scale": 1})
        with open(path, "wb") as file:
            file.write(base64.b64decode(shot["data"]))
