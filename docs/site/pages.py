"""Brings the repository's pages of Markdown together for the site: pages.py OUTPUT.

Links follow: to the page where there is one, else to the file on GitHub. Headings get the anchors that GitHub gives them.
"""

import os
import posixpath
import re
import shutil
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
GITHUB = "https://github.com/dhf4j/dhf4j/blob/main/"
# what is no page of docs/, and what it is called in the site
ELSEWHERE = {"README.md": "index.md", "benchmarks/README.md": "benchmarks.md"} | {
    name: name for name in ("CHANGELOG.md", "CODE_OF_CONDUCT.md", "CONTRIBUTING.md", "SECURITY.md")
}
# what a page ends with beside its own text
AFTER = {"README.md": "docs/site/next.md"}
# fenced code and code in a line, which stay as they are
CODE = re.compile(r"(^```.*?^```$|(?<!`)(`+)(?!`).+?(?<!`)\2(?!`))", re.DOTALL | re.MULTILINE)
HEADING = re.compile(r"^(#{1,6}) (.*)$", re.MULTILINE)
LINK = re.compile(r"\]\(([^)#\s]+)(#[^)\s]*)?\)")


def slug(heading, seen):
    name = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
    seen[name] = seen.get(name, -1) + 1
    return f"{name}-{seen[name]}" if seen[name] else name


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


def linked(source, pages, target, anchor, missing):
    path = posixpath.normpath(posixpath.join(posixpath.dirname(source), target))
    if re.match(r"[a-z]+:|apidocs/", target):
        return target + anchor
    if not os.path.exists(os.path.join(ROOT, path)):
        missing.append(f"{source}: {target}, no file {path}")
    if path in pages:
        return pages[path] + anchor
    if re.fullmatch(r"docs/(images/.*|[^/]*\.html)", path):
        return path.removeprefix("docs/")
    return GITHUB + path + anchor


def page(source, pages, missing, seen, contents):
    kept = []

    def keep(match):
        kept.append(match[0])
        return f"\0{len(kept) - 1}\0"

    def back(text):
        return re.sub(r"\0(\d+)\0", lambda match: kept[int(match[1])], text)

    def heading(match):
        name = slug(back(match[2]), seen)
        if len(match[1]) == 2:
            contents.append(f"- [{match[2]}](#{name})")
        return f'{match[1]} <a id="{name}"></a>{match[2]}'

    text = CODE.sub(keep, read(source))
    text = LINK.sub(lambda match: f"]({linked(source, pages, match[1], match[2] or '', missing)})", text)
    text = re.sub(r"(?<=\w)@(?=\w)", "&#64;", text)  # PCK@0.1 is nobody's address
    text = HEADING.sub(heading, text)
    if len(contents) > 3 and source not in AFTER and source not in AFTER.values():
        title, text = text.split("\n", 1)
        text = "\n".join([title, "", '<div class="contents">', "", *contents, "", "</div>", text])
    return back(text)


def main(output):
    docs = sorted(os.listdir(os.path.join(ROOT, "docs")))
    pages = ELSEWHERE | {f"docs/{name}": name for name in docs if name.endswith(".md")}
    shutil.rmtree(output, ignore_errors=True)
    os.makedirs(os.path.join(output, "markdown"))
    missing = []
    for source, name in pages.items():
        seen, contents = {}, []
        with open(os.path.join(output, "markdown", name), "w", encoding="utf-8") as file:
            file.write(page(source, pages, missing, seen, contents))
            if source in AFTER:
                file.write("\n" + page(AFTER[source], pages, missing, seen, contents))
    resources = os.path.join(output, "resources")
    shutil.copytree(os.path.join(ROOT, "docs/images"), os.path.join(resources, "images"))
    for name in docs:
        if name.endswith(".html"):
            shutil.copy(os.path.join(ROOT, "docs", name), resources)
    if missing:
        sys.exit("\n".join(missing))


if __name__ == "__main__":
    main(sys.argv[1])
