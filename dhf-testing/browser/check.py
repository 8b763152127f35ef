"""Uses the click-to-match page in headless Chromium and compares it with the command line's matches."""

import base64
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

DHF, FOLDER = sys.argv[1], Path(sys.argv[2])
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
done = []


def check(truth, what):
    print(("ok    " if truth else "FAILS ") + what, flush=True)
    done.append(truth)


def dhf(*words):
    subprocess.run([DHF, *map(str, words)], check=True, stdout=subprocess.DEVNULL)


def data(html):
    begin = '<script type="application/json" id="data">'
    start = html.index(begin) + len(begin)
    return start, html.index("</script>", start)


def large(html):
    """The same page with two random maps of 64 x 64 cells of 384 numbers."""
    start, end = data(html)
    content = json.loads(html[start:end])
    content["maps"] = content["maps"][:1]
    content["maps"][0]["channels"] = 384
    content["pinned"] = []
    for packed in content["maps"][0]["of"]:
        numbers = random.Random(1).randbytes(384 * 64 * 64)
        packed.update(columns=64, rows=64, grid=[512, 512], cells=base64.b64encode(numbers).decode(),
                      scales=base64.b64encode(bytes([0, 0, 0, 60]) * 4096).decode(),
                      colours=base64.b64encode(numbers[:3 * 4096]).decode())
    return html[:start] + json.dumps(content) + html[end:]


def agree(found, wanted, cell):
    """How many places are the very same, and the largest distance in cells of the map."""
    same, largest = 0, 0.0
    for (x, y), (u, v) in zip(found, wanted):
        same += abs(x - u) < 1e-6 and abs(y - v) < 1e-6
        largest = max(largest, abs(x - u) / cell, abs(y - v) / cell)
    return same, largest


def main():
    page_file, matches = FOLDER / "page.html", FOLDER / "matches.json"
    dhf("match", "--html", page_file, "--html-maps", 2, "--json", matches, "--out", FOLDER / "match.png")
    wanted = json.loads(matches.read_text())
    width = wanted["source"]["width"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        asked, complaints = [], []

        def tab(file=page_file, **options):
            context = browser.new_context(**options)
            page = context.new_page()
            page.on("request", lambda request: asked.append(request.url))
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
            page.goto(file.as_uri())
            page.wait_for_function("window.dhf && dhf.panels.length > 1")
            return page

        page = tab(viewport={"width": 1200, "height": 900}, accept_downloads=True)
        places = page.evaluate("dhf.places()")
        cell = width / 24
        same, largest = agree(
            [(place["targets"][0]["x"], place["targets"][0]["y"]) for place in places],
            [tuple(one["target"]) for one in wanted["correspondences"]], cell)
        check(len(places) == len(wanted["correspondences"]) and largest <= 0.5,
              f"points pinned by Java: {same} of {len(places)} at the same pixel, the others within {largest:.2f} cells")

        page.click("#clear")
        check(page.locator("#points").is_hidden(), "Clear takes all points away")
        draw = random.Random(5)
        points = [(draw.uniform(0, width - 1), draw.uniform(0, wanted["source"]["height"] - 1)) for _ in range(20)]
        dhf("match", "--json", matches, "--out", FOLDER / "match.png", "--points", *[f"{x},{y}" for x, y in points])
        box = page.locator(".panel").first.bounding_box()
        for x, y in points:
            page.mouse.click(box["x"] + x * box["width"] / width, box["y"] + y * box["width"] / width)
        clicked = page.evaluate("dhf.places()")
        off = max(abs(place["source"]["x"] - x) for place, (x, y) in zip(clicked, points))
        same, largest = agree(
            [(place["targets"][0]["x"], place["targets"][0]["y"]) for place in clicked],
            [tuple(one["target"]) for one in json.loads(matches.read_text())["correspondences"]], cell)
        check(len(clicked) == 20 and off < 0.5 and same >= 15,
              f"20 clicks: {same} at Java's pixel, the farthest {largest:.2f} cells off")
        check(page.locator("#points tbody tr").count() == 20, "each click is a row of the table")
        page.locator("#points tbody tr button").first.click()
        check(page.locator("#points tbody tr").count() == 19, "a row can be removed")
        page.click("#clear")
        for x, y in points[:3]:
            page.mouse.click(box["x"] + x * box["width"] / width, box["y"] + y * box["width"] / width)
        page.wait_for_timeout(200)
        page.screenshot(path=FOLDER / "wide.png")
        check(page.locator("canvas").nth(4).is_visible() and "cosine" in page.locator(".said").nth(1).inner_text(),
              "pointing at one picture shows a heat map and a place in the other")

        with page.expect_download() as download:
            page.click("#json")
        download.value.save_as(FOLDER / "points.json")
        kept = json.loads((FOLDER / "points.json").read_text())
        check(kept["schema"] == "dhf.page/1" and kept["points"] == page.evaluate("dhf.places()"), "points as JSON")
        with page.expect_download() as download:
            page.click("#png")
        download.value.save_as(FOLDER / "points.png")
        check((FOLDER / "points.png").read_bytes()[:4] == b"\x89PNG", "the picture as PNG")

        page.select_option("#maps", "1")
        check(page.evaluate("dhf.places()") != kept["points"], "another map finds other places")
        page.check("#colours")
        page.mouse.move(5, 5)
        page.wait_for_timeout(200)
        page.screenshot(path=FOLDER / "colours.png")
        check(page.locator("canvas").first.is_visible(), "false colours")

        page = tab(viewport={"width": 1200, "height": 900})
        page.click("#clear")
        page.locator(".panel").nth(1).focus()
        for key in ["ArrowRight", "Shift+ArrowDown", "Enter"]:
            page.keyboard.press(key)
        middle = page.evaluate("dhf.panels[1]")
        source = page.evaluate("dhf.places()")[0]["source"]
        check((source["x"], source["y"]) == (middle["width"] // 2 + 1, middle["height"] // 2 + 10), "arrows and Enter pin a point")
        page.keyboard.press("Delete")
        check(page.locator("#points").is_hidden(), "Delete takes the last point away")

        phone = tab(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, device_scale_factor=2,
                    color_scheme="dark")
        phone.click("#clear")
        phone.locator(".panel").first.tap()
        phone.wait_for_timeout(200)
        phone.screenshot(path=FOLDER / "phone-dark.png", full_page=True)
        check(len(phone.evaluate("dhf.places()")) == 1, "a tap pins a point")
        check(phone.evaluate("document.documentElement.scrollWidth <= 390"), "a phone needs no sideways scrolling")
        dark = phone.evaluate("getComputedStyle(document.body).backgroundColor")
        check(sum(map(int, dark[4:-1].split(","))) < 200, f"dark where the system is dark: {dark}")

        (FOLDER / "large.html").write_text(large(page_file.read_text()))
        page = tab(FOLDER / "large.html", viewport={"width": 1200, "height": 900})
        box = page.locator(".panel").first.bounding_box()
        times = []
        for i in range(30):
            page.mouse.move(box["x"] + 20 + 12 * i, box["y"] + 30 + 9 * i)
            page.wait_for_timeout(60)
            times.append(page.evaluate("dhf.milliseconds"))
        middle = statistics.median(times[5:])
        check(middle < 50, f"4096 cells of 384 numbers: {middle:.0f} ms from pointer to heat map (at most {max(times[5:]):.0f})")
        strangers = [url for url in asked if not url.startswith(("file:", "data:", "blob:"))]
        check(not strangers, "nothing is loaded but the file" + "".join("\n        " + url for url in strangers))
        check(not complaints, "no errors in the console" + "".join("\n        " + one for one in complaints))
        browser.close()
    print(f"{sum(done)} of {len(done)} checks hold; pictures of the screen are in {FOLDER}")
    sys.exit(0 if all(done) else 1)


main()
