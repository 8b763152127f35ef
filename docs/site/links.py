"""Looks at every link, anchor and image of a folder of pages: links.py FOLDER [--external].

Prints "page: link, what is missing" and exits 1 where something is. Other sites are asked with --external only.
"""

import html.parser
import os
import sys
import urllib.error
import urllib.parse
import urllib.request


class Page(html.parser.HTMLParser):
    def __init__(self, path):
        super().__init__()
        self.anchors, self.links, self.twice = set(), set(), set()
        with open(path, encoding="utf-8") as file:
            self.feed(file.read())

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        name = values.get("id")
        if name:
            (self.twice if name in self.anchors else self.anchors).add(name)
        if tag == "a" and values.get("name"):
            self.anchors.add(values["name"])
        for attribute in ("href", "src", "poster", "data"):
            if values.get(attribute) and not (attribute == "data" and tag != "object"):
                self.links.add(values[attribute].strip())


def missing(folder, page, link, pages):
    """What a link within the folder lacks, or None."""
    parts = urllib.parse.urlsplit(link)
    path = os.path.normpath(os.path.join(os.path.dirname(page), urllib.parse.unquote(parts.path))) if parts.path else page
    if path.startswith("..") or os.path.isabs(path):
        return "it leaves the site"
    if os.path.isdir(os.path.join(folder, path)):
        path = os.path.normpath(os.path.join(path, "index.html"))
    if not os.path.isfile(os.path.join(folder, path)):
        return f"no file {path}"
    anchor = urllib.parse.unquote(parts.fragment)
    if anchor and path in pages and anchor not in pages[path].anchors and parts.fragment not in pages[path].anchors:
        return f"no anchor {anchor} in {path}"
    return None


def unanswered(link):
    try:
        request = urllib.request.Request(link, headers={"User-Agent": "links of dhf4j's site"})
        with urllib.request.urlopen(request, timeout=30):
            return None
    except (urllib.error.URLError, OSError, ValueError) as e:
        return str(e)


def main(folder, external=False):
    pages = {}
    for parent, _, names in os.walk(folder):
        for name in names:
            if name.endswith(".html"):
                path = os.path.join(parent, name)
                pages[os.path.relpath(path, folder)] = Page(path)
    if "index.html" not in pages:
        sys.exit(f"error: {folder} must be a folder of pages, got no index.html")
    problems, outside, count = [], {}, 0
    for page, content in sorted(pages.items()):
        for link in sorted(content.links):
            scheme = urllib.parse.urlsplit(link).scheme
            if scheme in ("http", "https") or link.startswith("//"):
                outside.setdefault(urllib.parse.urljoin("https:", link.partition("#")[0]), page)
            elif not scheme:
                count += 1
                problem = missing(folder, page, link, pages)
                if problem:
                    problems.append(f"{page}: {link}, {problem}")
    if external:
        for link, page in sorted(outside.items()):
            problem = unanswered(link)
            if problem:
                problems.append(f"{page}: {link}, {problem}")
    for problem in problems:
        print(problem)
    print(
        f"links: {count} within {len(pages)} pages, {len(problems)} missing; "
        f"{len(outside)} to other sites, {'asked' if external else 'not asked (--external asks)'}"
    )
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], "--external" in sys.argv[2:]))
