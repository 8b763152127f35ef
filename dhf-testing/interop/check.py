"""One cache for two clients: what either fetched the other reads, byte for byte, links and all, and fetches nothing.

Called by ./run with the folder that is published and a folder to work in. Prints a line a check; ends with 1 at the first
that fails.
"""

import json
import os
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

SOURCE = Path(sys.argv[1])
WORK = Path(sys.argv[2])
TOKEN = "hf_secretOfTheUser"
ID = "owner/tiny"
FOLDER = "models--owner--tiny"
HOLD = """
import sys
from huggingface_hub.utils import WeakFileLock
with WeakFileLock(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.read()
"""


def say(what, right=True):
    print(("ok      " if right else "FAILED  ") + what, flush=True)
    if not right:
        sys.exit(1)


def serve(*published):
    server = subprocess.Popen(
        ["java", "io.github.dhf4j.testing.hub.HubServer", *map(str, published)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    return server, server.stdout.readline().strip()


def requests(endpoint):
    with urllib.request.urlopen(endpoint + "/__requests") as answer:
        return json.load(answer)


def downloads(endpoint):
    """Requests for bytes of files: of the storage, or of small files at the hub itself."""
    return [
        each
        for each in requests(endpoint)
        if each["method"] == "GET"
        and (
            each["host"] == "storage"
            or "/resolve/" in each["path"]
            and not each["path"].endswith((".safetensors", ".png", ".bin", ".pt"))
        )
    ]


def java(endpoint, home, *names, **more):
    environment = {**os.environ, "HF_ENDPOINT": endpoint, "HF_HOME": str(home), "HF_TOKEN": TOKEN, **more}
    return subprocess.run(
        ["java", "io.github.dhf4j.testing.hub.HubFetch", *names], env=environment, capture_output=True, text=True
    )


def python(endpoint, home, code, **more):
    """Runs code in a process of its own, since the client reads its environment once."""
    environment = {
        **os.environ,
        "HF_ENDPOINT": endpoint,
        "HF_HOME": str(home),
        "HF_TOKEN": TOKEN,
        "HF_HUB_DISABLE_XET": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        **more,
    }
    return subprocess.run(
        [sys.executable, "-c", "from huggingface_hub import *\n" + code], env=environment, capture_output=True, text=True
    )


def tree(home):
    """What a repository's folder holds: a link's target, else the bytes."""
    root = home / "hub" / FOLDER
    found = {}
    for path in sorted(root.rglob("*")):
        name = str(path.relative_to(root))
        if path.is_symlink():
            found[name] = "-> " + os.readlink(path)
        elif path.is_file() and not name.startswith("trees/"):
            found[name] = path.read_bytes()
    return found


def is_source(folder):
    names = sorted(str(path.relative_to(SOURCE)) for path in SOURCE.rglob("*") if path.is_file())
    there = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    return names == there and all((SOURCE / name).read_bytes() == (folder / name).read_bytes() for name in names)


def main():
    import filelock
    import huggingface_hub

    print(f"huggingface_hub {huggingface_hub.__version__}, filelock {filelock.__version__}")
    homes = {name: WORK / name for name in ("by-java", "by-python", "by-both", "killed")}
    for home in homes.values():
        shutil.rmtree(home, ignore_errors=True)
    server, endpoint = serve(ID, SOURCE)
    try:
        check(endpoint, homes)
    finally:
        server.kill()


def check(endpoint, homes):
    ours, theirs = homes["by-java"], homes["by-python"]
    files = [str(path.relative_to(SOURCE)) for path in SOURCE.rglob("*") if path.is_file()]

    result = java(endpoint, ours, ID)
    say("Java fetches", result.returncode == 0)
    snapshot = Path(result.stdout.strip())
    say("what Java fetched is what is published", is_source(snapshot))
    before = len(downloads(endpoint))
    say(f"in {before} downloads, one a file", before == len(files))
    each = f"for name in {files!r}: hf_hub_download('{ID}', name)\nprint(snapshot_download('{ID}'))"
    result = python(endpoint, ours, each)
    say("Python reads what Java fetched", Path(result.stdout.strip()) == snapshot)
    say("and fetches nothing", len(downloads(endpoint)) == before)
    asked = len(requests(endpoint))
    result = python(endpoint, ours, each, HF_HUB_OFFLINE="1")
    say("offline too", Path(result.stdout.strip()) == snapshot and len(requests(endpoint)) == asked)
    scan = "cache = scan_cache_dir()\nprint(len(cache.warnings), cache.size_on_disk, [r.repo_id for r in cache.repos])"
    result = python(endpoint, ours, scan)
    total = sum((SOURCE / name).stat().st_size for name in files)
    say(f"Python's scan of it: {result.stdout.strip()}", result.stdout.strip() == f"0 {total} ['{ID}']")

    result = python(endpoint, theirs, f"print(snapshot_download('{ID}'))")
    say("Python fetches", is_source(Path(result.stdout.strip())))
    before = len(downloads(endpoint))
    result = java(endpoint, theirs, ID, *(f"{ID}/{name}" for name in files))
    say("Java reads what Python fetched", result.returncode == 0 and len(result.stdout.split()) == len(files) + 1)
    say("and fetches nothing", len(downloads(endpoint)) == before)
    asked = len(requests(endpoint))
    result = java(endpoint, theirs, ID, f"{ID}/model_index.json", HF_HUB_OFFLINE="1")
    say("offline too", result.returncode == 0 and len(requests(endpoint)) == asked)
    say("both made the same blobs, refs and links", tree(ours) == tree(theirs))
    locks = [sorted(path.name for path in (home / "hub/.locks" / FOLDER).glob("*.lock")) for home in (ours, theirs)]
    etags = {name.removesuffix(".lock") for name in locks[1]}
    say("and the same locks", etags <= {name.removesuffix(".lock") for name in locks[0]})

    missing(endpoint, ours, theirs, snapshot.name)
    both_at_once(endpoint, homes["by-both"])
    killed(endpoint, homes["killed"])
    say(
        "no token went to the storage",
        all(not each["token"] for each in requests(endpoint) if each["host"] == "storage")
        and any(each["token"] for each in requests(endpoint)),
    )


def missing(endpoint, ours, theirs, commit):
    result = java(endpoint, ours, f"{ID}/none.json")
    say("Java is told of a file that is not there", "must be in its repository" in result.stderr)
    asked = len(requests(endpoint))
    known = f"print(type(try_to_load_from_cache('{ID}', 'none.json')) is object)"
    say("Python knows it", python(endpoint, ours, known).stdout.strip() == "True")
    result = python(endpoint, theirs, f"hf_hub_download('{ID}', 'none.json')")
    say("Python is told of it", "EntryNotFound" in result.stderr)
    asked = len(requests(endpoint))
    result = java(endpoint, theirs, f"{ID}/none.json@{commit}")
    say("Java knows it", "as the hub said before" in result.stderr and len(requests(endpoint)) == asked)
    say("both made the same marks", tree(ours) == tree(theirs))


def both_at_once(endpoint, home):
    """Whether or not the locks see one another: at the end the cache is whole."""
    children = []
    for i in range(4):
        target = java if i % 2 else lambda *to: python(*to[:2], f"print(snapshot_download('{to[2]}'))")
        children.append((os.fork(), target))
        if children[-1][0] == 0:
            result = target(endpoint, home, ID)
            os._exit(result.returncode)
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child, _ in children]
    say("two of each at once all succeed", codes == [0] * 4)
    folders = list((home / "hub" / FOLDER / "snapshots").iterdir())
    say("and leave one intact snapshot", len(folders) == 1 and is_source(folders[0]))
    left = [path.name for path in (home / "hub" / FOLDER / "blobs").iterdir() if "." in path.name]
    say("and nothing beside", not left)
    lock = home / "hub/.locks" / FOLDER / "held.lock"
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(lock)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    holder.stdout.readline()
    import fcntl

    with lock.open("w") as file:
        try:
            # what the JVM asks for
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            print("note    Python's lock (flock) is not seen by the JVM's (fcntl): both may fetch a blob at once")
        except OSError:
            print("note    Python's lock is seen by the JVM's on this system")
    holder.communicate("")


def killed(endpoint, home):
    """A part that Java left is no hindrance to Python, and is cleared away."""
    blobs = home / "hub" / FOLDER / "blobs"
    blobs.mkdir(parents=True)
    weights = max((path for path in SOURCE.rglob("*.safetensors")), key=lambda path: path.stat().st_size)
    import hashlib

    etag = hashlib.sha256(weights.read_bytes()).hexdigest()
    part = blobs / (etag + ".dhf.incomplete")
    part.write_bytes(weights.read_bytes()[:1000])
    result = python(endpoint, home, f"print(snapshot_download('{ID}'))")
    say("Python fetches beside a part of Java's", is_source(Path(result.stdout.strip())))
    part.write_bytes(weights.read_bytes()[:1000])
    pointer = Path(result.stdout.strip()) / weights.relative_to(SOURCE)
    pointer.unlink()
    result = java(endpoint, home, ID)
    say("Java takes Python's blob and drops its part", result.returncode == 0 and not part.exists() and pointer.exists())


if __name__ == "__main__":
    main()
