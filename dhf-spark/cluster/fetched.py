"""How often each file was fetched from the hub whose requests stand at an address: once, or exits 1."""

import collections
import json
import sys
import urllib.request


def name(path):
    """Of a file in its repository, on the hub or on the storage that it points to for large ones."""
    return path.split("/resolve/")[1].split("/", 1)[1] if "/resolve/" in path else path.split("/", 3)[3]


with urllib.request.urlopen(sys.argv[1]) as answer:
    requests = [each for each in json.load(answer) if each["method"] == "GET" and not each["path"].startswith(("/api/", "/__"))]
times = collections.Counter((each["host"], name(each["path"])) for each in requests)
files = {file for _, file in times}
more = sorted(file for (_, file), count in times.items() if count > 1)
if more or not files:
    sys.exit(f"error: each file must be fetched once, got {more or 'none fetched'}")
print(f"{len(files)} files fetched, each once")
