#!/usr/bin/env python3
"""Uses the pages as a person would, in a real browser.

    pip install selenium; apt-get install chromium chromium-driver
    python3 Tests/Browser/upload.py --sign-in LINK --shots DIR FILE...

Signs in by the link, adds a child, uploads the files with the script (pausing
and resuming the first), then one more without any script, and takes pictures.
Ends with status 1 and a sentence if something is not as it should be.
"""
import argparse
import os
import sys
import time
from urllib.parse import urljoin

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait


def browser(width, scripts=True, dark=False):
    options = webdriver.ChromeOptions()
    for flag in ("--headless=new", "--no-sandbox", "--hide-scrollbars", f"--window-size={width},1000"):
        options.add_argument(flag)
    if dark:
        options.add_argument("--force-dark-mode")
        options.add_argument("--blink-settings=preferredColorScheme=0")
    options.binary_location = "/usr/bin/chromium"
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    if not scripts:
        options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
    return webdriver.Chrome(options=options, service=webdriver.ChromeService("/usr/bin/chromedriver"))


def expect(condition, sentence):
    if not condition:
        sys.exit(f"FAILED: {sentence}")


def shoot(driver, path, width):
    driver.set_window_size(width, 1000)
    time.sleep(0.5)
    height = driver.execute_script("return document.documentElement.scrollHeight") + 120
    driver.set_window_size(width, min(height, 4500))
    time.sleep(1.0)
    driver.save_screenshot(path)


def add_with_script(driver, files, shots):
    driver.execute_script("document.querySelector('.add').open = true")
    driver.find_element(By.NAME, "caption").send_keys("You showed me this, and told me all about it.")
    driver.find_element(By.CSS_SELECTOR, "[name=lens][value=day]").click()
    driver.find_element(By.NAME, "file").send_keys("\n".join(os.path.abspath(f) for f in files))
    # A slow line, so that there is something to pause.
    driver.execute_cdp_cmd("Network.enable", {})
    driver.execute_cdp_cmd("Network.emulateNetworkConditions", {
        "offline": False, "latency": 30, "downloadThroughput": -1, "uploadThroughput": 1_000_000})
    driver.find_element(By.CSS_SELECTOR, "#upload > button").click()
    first = WebDriverWait(driver, 10).until(lambda d: d.find_element(By.CSS_SELECTOR, "#queue li:first-child"))
    pause = first.find_element(By.CSS_SELECTOR, ".buttons button")
    time.sleep(1.0)
    pause.click()
    time.sleep(0.3)
    status = first.find_element(By.CSS_SELECTOR, ".status").text
    expect("Paused" in status, f"a paused upload says so, and not: {status}")
    shoot(driver, os.path.join(shots, "uploading.png"), 800)
    driver.execute_cdp_cmd("Network.emulateNetworkConditions", {
        "offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1})
    driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", pause)
    pause.click()
    WebDriverWait(driver, 120).until(
        lambda d: len(d.find_elements(By.CSS_SELECTOR, ".timeline .entry")) >= len(files))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--sign-in", required=True)
    parser.add_argument("--shots", default="/tmp")
    parser.add_argument("files", nargs="+")
    arguments = parser.parse_args()
    os.makedirs(arguments.shots, exist_ok=True)

    driver = browser(1000)
    driver.get(arguments.sign_in)
    driver.find_element(By.CSS_SELECTOR, "main button").click()
    WebDriverWait(driver, 20).until(lambda d: d.current_url.endswith("/children"), "signing in leads to the children")
    driver.execute_script("document.querySelector('details').open = true")
    driver.find_element(By.NAME, "preferredName").send_keys("Amira")
    driver.find_element(By.NAME, "pronouns").send_keys("she/her")
    driver.find_element(By.CSS_SELECTOR, "details button").click()
    WebDriverWait(driver, 20).until(
        lambda d: "Amira" in d.find_element(By.TAG_NAME, "h1").text, "adding a child leads to the child's story")
    story = driver.current_url

    add_with_script(driver, arguments.files, arguments.shots)
    broken = driver.execute_script(
        "return [...document.images].filter(i => (i.loading = 'eager', false) || (i.complete && i.naturalWidth === 0)).map(i => i.src)")
    expect(not broken, f"pictures are shown: {broken}")
    for kind in ("audio", "video"):
        for player in driver.find_elements(By.TAG_NAME, kind):
            WebDriverWait(driver, 10).until(lambda d: driver.execute_script("return arguments[0].readyState", player) >= 1)
    errors = [e for e in driver.get_log("browser") if e["level"] == "SEVERE"]
    expect(not errors, f"the browser complains of nothing: {errors}")
    for width in (320, 800, 1280):
        shoot(driver, os.path.join(arguments.shots, f"timeline-{width}.png"), width)
    count = len(driver.find_elements(By.CSS_SELECTOR, ".timeline .entry"))
    session = driver.get_cookie("keepsake_session")
    driver.get(urljoin(story, "/children"))
    shoot(driver, os.path.join(arguments.shots, "children.png"), 800)
    driver.quit()

    driver = browser(800, scripts=False, dark=True)
    driver.get(urljoin(story, "/sign-in"))
    driver.add_cookie({"name": session["name"], "value": session["value"], "sameSite": "Strict"})
    driver.get(story)
    if not driver.find_elements(By.CSS_SELECTOR, ".add[open]"):
        driver.find_element(By.CSS_SELECTOR, ".add summary").click()
    driver.find_element(By.NAME, "caption").send_keys("Sent without any script.")
    driver.find_element(By.NAME, "file").send_keys(os.path.abspath(arguments.files[0]))
    driver.find_element(By.CSS_SELECTOR, "#upload > button").click()
    WebDriverWait(driver, 30).until(lambda d: len(d.find_elements(By.CSS_SELECTOR, ".timeline .entry")) == count + 1)
    driver.save_screenshot(os.path.join(arguments.shots, "without-script-dark.png"))
    driver.quit()
    print(f"{count} files by script, 1 without: all on the story. Pictures in {arguments.shots}")


if __name__ == "__main__":
    main()
