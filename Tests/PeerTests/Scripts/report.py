"""report.py BROWSER PAGE SECTION… : looks at a report in a browser, wide and narrow, light and dark; says what is wrong."""

import base64
import html
import html.parser
import json
import pathlib
import re
import subprocess
import sys
import tempfile

browser, path, *sections = sys.argv[1:]
page = pathlib.Path(path).read_text(encoding="utf-8")
faults = []


class Reader(html.parser.HTMLParser):
    """Addresses, ids and what a page must have."""

    def __init__(self):
        super().__init__()
        self.ids, self.images, self.headings, self.scripts = [], [], [], 0

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if re.fullmatch("h[1-6]", tag):
            self.headings.append((int(tag[1]), attributes.get("id")))
        self.scripts += tag == "script" or any(name.startswith("on") for name in attributes)
        if tag == "img" and not attributes.get("alt"):
            faults.append("a picture without words for it")
        if tag == "th" and "scope" not in attributes:
            faults.append("a heading of a table without a scope")
        if tag == "svg" and not (attributes.get("aria-label") or attributes.get("aria-hidden")):
            faults.append("a drawing without words for it")
        for name in ("src", "href", "srcset", "xlink:href", "data", "action"):
            value = attributes.get(name)
            if value and not value.startswith(("#", "data:image/png;base64,")):
                faults.append(f"{tag} {name} refers to {value[:40]}")


reader = Reader()
reader.feed(page)
for address in re.findall(r"url\(([^)]{0,40})", page):
    if not address.startswith("data:image/png;base64,"):
        faults.append(f"url({address}")
if "@import" in page:
    faults.append("@import")
if reader.scripts:
    faults.append("a script")
if len(reader.ids) != len(set(reader.ids)):
    faults.append("an id twice")
if [level for level, _ in reader.headings].count(1) != 1:
    faults.append("not one h1")
levels = [level for level, _ in reader.headings]
if any(after > before + 1 for before, after in zip(levels, levels[1:])):
    faults.append("a heading's level is passed over")
found = [name for level, name in reader.headings if level == 2]
if found != sections:
    faults.append(f"expected the sections {sections}, received {found}")
for text in re.findall(r"--sprite:url\(data:image/png;base64,([^)]+)\)", page):
    if not base64.b64decode(text).startswith(b"\x89PNG"):
        faults.append("a sprite that is no PNG")
if len(page) > 5_000_000:
    faults.append(f"{len(page)} bytes")

# What only a browser knows. It is told within a frame of the width that is asked for, as browsers' own
# windows are no narrower than 500 pixels.
LOOK = """
<script>
addEventListener("load", () => {
  const own = document.documentElement, faults = [];
  if (own.scrollWidth > own.clientWidth) {
    const wide = [...document.querySelectorAll("body *")].filter(
      it => it.getBoundingClientRect().right > own.clientWidth + 1 && !it.closest(".scroll,pre"));
    faults.push("the page is " + own.scrollWidth + " wide: " + (wide[0] || own).outerHTML.slice(0, 80));
  }
  for (const image of document.images)
    if (!image.complete || image.naturalWidth < 1 || image.getBoundingClientRect().width < 1)
      faults.push("a broken picture: " + image.alt);
  for (const chart of document.querySelectorAll("svg.chart")) {
    const box = chart.getBoundingClientRect();
    if (box.width < 100 || box.height < 60) faults.push("a chart of no size");
    for (const text of chart.querySelectorAll("text")) {
      const own = text.getBoundingClientRect();
      if (own.left < box.left - 1 || own.right > box.right + 1)
        faults.push("a chart's text is cut: " + text.textContent);
      if (own.height < 9) faults.push("a chart's text is too small: " + text.textContent);
    }
  }
  for (const spot of document.querySelectorAll(".spot")) {
    spot.focus();
    const card = spot.querySelector(".card"), box = card.getBoundingClientRect();
    if (getComputedStyle(card).display !== "block") { faults.push("a card that focus does not show"); break; }
    if (box.left < 0 || box.right > own.clientWidth) { faults.push("a card beside the page"); break; }
  }
  parent.postMessage({faults, width: innerWidth, ground: getComputedStyle(document.body).backgroundColor}, "*");
});
</script>
"""
watched = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)
watched = watched.replace("</body>", LOOK + "</body>")
WRAPPER = """<!DOCTYPE html><meta name="color-scheme" content="light dark"><body style="margin:0"><pre></pre>
<iframe style="width:%dpx;height:900px;border:0" srcdoc="%s"></iframe>
<script>addEventListener("message", it => { document.querySelector("pre").textContent = JSON.stringify(it.data) })</script>"""


def look(arguments, text, folder):
    file = pathlib.Path(folder) / "page.html"
    file.write_text(text, encoding="utf-8")
    return subprocess.run(
        [browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
         f"--user-data-dir={folder}/profile", *arguments, file.as_uri()],
        capture_output=True, text=True, timeout=120)


with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
    grounds = {}
    for scheme, number in (("dark", 0), ("light", 1)):
        for width in (360, 1280):
            told = look(
                [f"--blink-settings=preferredColorScheme={number}", "--window-size=1400,1000",
                 "--virtual-time-budget=5000", "--dump-dom"],
                (WRAPPER % (width, html.escape(watched))).replace(
                    '<pre></pre>', '<pre id="told"></pre>'), folder)
            text = re.search(r'<pre id="told">([^<]*)</pre>', told.stdout)
            if not text or not text[1]:
                faults.append(f"{scheme}, {width}: the browser said nothing: {told.stderr[-300:]}")
                continue
            seen = json.loads(html.unescape(text[1]))
            if seen["width"] != width:
                faults.append(f"looked at {seen['width']} pixels")
            grounds[scheme] = seen["ground"]
            faults += [f"{scheme}, {width}: {fault}" for fault in seen["faults"]]
    if grounds.get("light") == grounds.get("dark"):
        faults.append(f"light and dark are one: {grounds}")
    # The page as it is: its own policy forbids all that it does not need.
    plain = look(["--enable-logging=stderr", "--v=0", "--screenshot=/dev/null"], page, folder)
    faults += [line for line in plain.stderr.splitlines() if "CONSOLE" in line]
    paper = pathlib.Path(folder) / "page.pdf"
    look([f"--print-to-pdf={paper}", "--no-pdf-header-footer"], page, folder)
    if not paper.exists() or not paper.read_bytes().startswith(b"%PDF"):
        faults.append("no paper")

print("\n".join(dict.fromkeys(faults)) or "well")
