"""The page, read as a file and in a browser: it draws, filters, steps, loads nothing, and runs no one else's script."""

import json
import re
import shutil
from pathlib import Path

import pytest
from records import record

from extractor.cli.pages import Shown, page

TEXT = (
    "🚨 Kent Police seized 187 knives on 9 November.\n"
    "Inspector Ada Marsh said: “Every <b>knife</b> counts 👮🏽 and 12 went in.”\n"
    "<script>document.title='broken'</script><img src=x onerror=\"document.title='broken'\">\n"
)
LISTS = {
    "dates": [{"at": "on 9 November", "value": "2020-11-09"}],
    "counts": [
        {"at": "187 knives", "value": 187, "organisations": ["o1"]},
        {"at": "12", "value": 12},
    ],
    "organisations": [{"name": "Kent Police"}],
    "speakers": [{"name": None, "role": "<script>alert(1)</script>", "mentions": []}],
    "quotes": [{"at": "Every <b>knife</b> counts 👮🏽 and 12 went in.", "speaker": "s1"}],
    "warnings": [{"at": "9 November"}],
}
EXPECTED = {
    **LISTS,
    "dates": [{"at": "9 November", "value": "2021-11-09"}],
    "counts": [{"at": "187 knives", "value": 188, "organisations": ["o1"]}],
    "items": [{"at": "<script>", "category": "other"}],
}


def shown(name="a.txt", text=TEXT, lists=LISTS, expected=EXPECTED):
    return Shown(name, text, record(text, name, **lists), None if expected is None else record(text, name, **expected))


def test_nothing_from_a_release_is_markup():
    made = page([shown("<script>x</script>")], "<b>title</b>")
    assert made.count("<script>") == 1
    assert "<b>" not in made
    assert "<img" not in made
    assert json.loads(re.search(r'id="data">(.*?)</script>', made, re.S)[1])["documents"][0]["text"] == TEXT


def test_nothing_comes_from_elsewhere():
    made = page([shown()])
    assert not re.search(r'(?:src|href)="(?!data:,)', made)
    assert "default-src 'none'" in made
    assert not re.findall(r"https?://|@import|url\(", made)


def test_the_same_records_give_the_same_page():
    assert page([shown()]) == page([shown()])


def test_a_text_that_no_encoding_holds():
    page([shown(text="9 November \ud83d\u2028</script>", lists={}, expected=None)]).encode("utf-8", "strict")


# In the browser


@pytest.fixture(scope="module")
def browser():
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    driver = shutil.which("chromedriver")
    if not chromium or not driver:
        pytest.skip("no chromium with its driver is installed")
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1400,1000"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    made = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    yield made
    made.quit()


def opened(browser, tmp_path: Path, releases):
    file = tmp_path / "report.html"
    file.write_text(page(releases), "utf-8")
    browser.get_log("performance")
    browser.get_log("browser")
    browser.get(file.as_uri())
    return browser


def press(browser, keys):
    from selenium.webdriver.common.action_chains import ActionChains

    ActionChains(browser).send_keys(keys).perform()


def all_of(browser, selector):
    return browser.find_elements("css selector", selector)


def one(browser, selector):
    return browser.find_element("css selector", selector)


def entries(browser):
    return [button.get_attribute("aria-label") for button in all_of(browser, "#entries button")]


def pieces(browser, side, what):
    found = all_of(browser, f'[data-side="{side}"] .piece')
    return "".join(p.get_property("textContent") for p in found if what in p.get_attribute("title"))


def test_open_draws_every_entry_and_asks_for_nothing(browser, tmp_path):
    opened(browser, tmp_path, [shown()])
    assert browser.title == "Extracted records"
    for side in ("new", "old"):
        assert one(browser, f'[data-side="{side}"] p').get_property("textContent") == TEXT
    assert pieces(browser, "new", "quote") == "Every <b>knife</b> counts 👮🏽 and 12 went in."
    assert pieces(browser, "new", "count, added") == "12"
    assert pieces(browser, "old", "date") == "9 November"
    assert not all_of(browser, "main img, main script, main b")
    urls = [
        message["params"]["request"]["url"]
        for message in (json.loads(row["message"])["message"] for row in browser.get_log("performance"))
        if message["method"] == "Network.requestWillBeSent"
    ]
    assert [url for url in urls if not url.startswith(("file:", "data:"))] == []
    assert [row for row in browser.get_log("browser") if row["level"] in ("SEVERE", "WARNING")] == []


def test_overlapping_marks_have_lanes_of_their_own(browser, tmp_path):
    opened(browser, tmp_path, [shown()])
    inner = next(p for p in all_of(browser, '[data-side="new"] .piece') if p.text == "12")
    assert inner.get_attribute("title").count("\n") == 1
    places = inner.value_of_css_property("background-position").split(", ")
    assert len(places) == len(set(places)) == 2


def test_what_has_no_place_is_listed(browser, tmp_path):
    opened(browser, tmp_path, [shown()])
    after = one(browser, "#entries .gap")
    assert after.text == "Without a place in the text"
    assert entries(browser)[-1] == "speaker, same, <script>alert(1)</script>"


def test_filters_by_kind_and_change(browser, tmp_path):
    other = shown("same.txt", expected=LISTS)
    opened(browser, tmp_path, [shown(), other])
    assert len(all_of(browser, "#documents button")) == 2
    one(browser, '#changes input[name="same"]').click()
    assert [e.split(",")[1].strip() for e in entries(browser)] == ["changed", "changed", "added", "missing"]
    assert len(all_of(browser, "#documents button")) == 1
    one(browser, '#kinds input[name="counts"]').click()
    assert {e.split(",")[0] for e in entries(browser)} == {"date", "item"}
    one(browser, '#changes input[name="same"]').click()
    one(browser, '#kinds input[name="warnings"]').click()
    assert not [e for e in entries(browser) if e.startswith("warning")]


def test_only_releases_with_a_warning(browser, tmp_path):
    opened(browser, tmp_path, [shown(), shown("calm.txt", lists={}, expected={})])
    assert len(all_of(browser, "#documents button")) == 2
    one(browser, "#warned").click()
    assert [b.get_attribute("aria-label").split(":")[0] for b in all_of(browser, "#documents button")] == ["a.txt"]


def test_steps_by_keyboard_and_shows_both_values(browser, tmp_path):
    opened(browser, tmp_path, [shown("a.txt", expected=LISTS), shown("b.txt")])
    press(browser, "j")
    assert one(browser, "#chosen h3").text == "organisation · same"
    press(browser, "jj")
    press(browser, "k")
    assert one(browser, "#chosen h3").text == "count · same"
    press(browser, "d")
    assert one(browser, "#name").text == "b.txt"
    assert one(browser, "#chosen h3").text == "count · changed"
    cells = [cell.text for cell in all_of(browser, "#chosen td.changed")]
    assert cells == ["188", "187"]
    assert {p.text for p in all_of(browser, ".piece.chosen")} == {"187 knives"}
    press(browser, "p")
    assert one(browser, "#name").text == "a.txt"
    press(browser, "/")
    press(browser, "b.t")
    assert [b.text.split("\n")[0] for b in all_of(browser, "#documents button")] == ["b.txt"]


def test_every_control_has_a_name_and_every_region_too(browser, tmp_path):
    opened(browser, tmp_path, [shown()])
    for control in all_of(browser, "button, input, nav, main, section"):
        assert control.accessible_name, control.get_attribute("outerHTML")


def test_light_and_dark_have_contrast(browser, tmp_path):
    opened(browser, tmp_path, [shown()])
    for scheme in ("light", "dark"):
        feature = [{"name": "prefers-color-scheme", "value": scheme}]
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": feature})
        page_colour = luminance(one(browser, "body").value_of_css_property("background-color"))
        assert (page_colour < 0.1) == (scheme == "dark")
        for selector in ("body", ".keys", ".number", ".changed", ".added", ".missing"):
            ink = luminance(one(browser, selector).value_of_css_property("color"))
            high, low = max(ink, page_colour), min(ink, page_colour)
            assert (high + 0.05) / (low + 0.05) >= 4.5, (scheme, selector)


def luminance(colour):
    parts = [int(n) / 255 for n in re.findall(r"\d+", colour)[:3]]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_five_hundred_releases(browser, tmp_path):
    opened(browser, tmp_path, [shown(f"r{n:03}.txt", TEXT * 10) for n in range(500)])
    assert len(all_of(browser, "#documents button")) == 500
    press(browser, "n")
    assert one(browser, "#name").text == "r001.txt"
    spent = browser.execute_script("const t = performance.now(); go(400); drawList(); return performance.now() - t")
    assert spent < 1000
