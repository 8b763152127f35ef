"""Disturbs runs of the command line, the Spark job and the example server, and compares what they end with: see README.md."""

import argparse
import http.client
import json
import os
import random
import re
import shutil
import signal
import struct
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyspark
from pyspark.sql import SparkSession

# what may differ between two undisturbed runs: days, hours and seconds
VARYING = re.compile(rb'\d{4}-\d\d-\d\d[T ][0-9:.]+Z?|"seconds":[0-9.eE-]+|(?<=\n)([0-9]+,[0-9.eE-]+,[0-9.eE-]+),[0-9.eE-]+')
# beyond results and features: of what is free a cache takes a tenth, where it is not told
LAST_DISK = 64 << 20
# runs are too short for Java's second compiler
ONE_COMPILER = "-XX:TieredStopAtLevel=1"
STACK = re.compile(r"^\s+at [\w.$]+\(|Exception in thread", re.MULTILINE)


class Faults(Exception):
    """Something was lost, or said badly."""


def is_whole(path):
    """Whether a file is what its ending says, to its end."""
    data = path.read_bytes()
    kind = path.suffix
    if kind == ".png":
        return data.startswith(b"\x89PNG") and data.endswith(b"IEND\xaeB`\x82")
    if kind == ".json":
        return json.loads(data) is not None
    if kind == ".jsonl":
        return data.endswith(b"\n") and all(json.loads(line) is not None for line in data.splitlines())
    if kind == ".safetensors":
        (length,) = struct.unpack("<Q", data[:8])
        tensors = json.loads(data[8 : 8 + length])
        ends = [tensor["data_offsets"][1] for name, tensor in tensors.items() if name != "__metadata__"]
        return len(data) == 8 + length + max(ends, default=0)
    if kind == ".html":
        return data.rstrip().endswith(b"</html>")
    if kind == ".parquet":
        return data.startswith(b"PAR1") and data.endswith(b"PAR1")
    return len(data) > 0


def torn(folder, being_written=()):
    """Files with a final name that are not whole."""
    found = []
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith((".", "_")) for part in path.relative_to(folder).parts)
        if not path.is_file() or hidden or path.suffix in being_written or path.name == "lock":
            continue
        try:
            whole = is_whole(path)
        except (ValueError, struct.error):
            whole = False
        if not whole:
            found.append(path.name)
    return found


def left(folder):
    """Hidden files, and folders of Spark's that are no longer anybody's."""
    return sorted(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.name.endswith(".tmp") or path.name == "_temporary" or (path.name.startswith(".") and path.is_dir())
    )


class Work:
    """A command that may be stopped and given again: its folder is where it runs, its cache is beside it."""

    # lines are added to these while a run goes on, so that a kill may cut the last
    being_written = (".jsonl", ".csv")

    def __init__(self, name, base, *command):
        self.name = name
        self.base = base
        self.command = [str(part) for part in command]
        self.kills = self.stopped = self.completed = self.caches = self.tears = 0
        self.seconds = None
        self.expected = None

    def start(self, folder, cache):
        folder.mkdir(parents=True, exist_ok=True)
        environment = dict(os.environ, DHF_CACHE=str(cache), DJL_CACHE_DIR=str(self.base / "djl"), DHF_JAVA_OPTS=ONE_COMPILER)
        log = open(self.base / f"{self.name}.log", "w")
        return subprocess.Popen(
            self.command, cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )

    def log(self):
        return (self.base / f"{self.name}.log").read_text(errors="replace")

    def result(self, folder):
        found = {}
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                data = path.read_bytes()
                if path.suffix not in (".png", ".safetensors"):
                    data = VARYING.sub(rb"\1", data)
                found[str(path.relative_to(folder))] = data
        return found

    def compare(self, folder):
        got = self.result(folder)
        names = sorted(
            name for name in self.expected.keys() | got.keys() if self.expected.get(name) != got.get(name)
        )
        if names:
            raise Faults(f"{self.name}: what a disturbed run ends with must be what an undisturbed one does, but these differ: {names}")
        if torn(folder):
            raise Faults(f"{self.name}: files must be whole, got {torn(folder)}")
        if left(folder):
            raise Faults(f"{self.name}: nothing half done may be left, got {left(folder)}")

    def complete(self, folder, cache, code=0):
        """Seconds of a run that nobody disturbs."""
        began = time.monotonic()
        got = self.start(folder, cache).wait(900)
        if got != code:
            raise Faults(f"{self.name}: an undisturbed run must end with {code}, got {got}: {self.log()[-2000:]}")
        return time.monotonic() - began

    def refusal(self):
        """A run that stops by itself says why in a line, without a stack trace."""
        log = self.log()
        if not re.search(r"^error: .{20,}", log, re.MULTILINE) or STACK.search(log):
            raise Faults(f"{self.name}: a run that stops must say why in one line, got: {log[-2000:]}")

    def first(self):
        folder, cache = self.base / self.name, self.base / f"{self.name}.cache"
        self.complete(folder, cache)
        self.expected = self.result(folder)
        shutil.rmtree(folder)
        shutil.rmtree(cache)
        self.seconds = self.complete(folder, cache)
        self.compare(folder)
        self.bytes = sum(path.stat().st_size for top in (folder, cache) for path in top.rglob("*") if path.is_file())
        self.say(f"twice undisturbed: {len(self.expected)} files, the same, {self.seconds:.1f} s")

    def say(self, text):
        print(f"{time.strftime('%H:%M:%S')} {self.name}: {text}", flush=True)


class SparkWork(Work):
    """Rows are compared, since files are named by chance and a task that ran twice may leave its rows twice."""

    session = None

    def result(self, folder):
        if self.session is None:
            self.session = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
        rows = self.session.read.parquet(str(folder / "out")).dropDuplicates().collect()
        return {row["path"]: repr(sorted(row.asDict().items())) for row in rows}

    def refusal(self):
        pass  # Spark's own words, with Spark's own stack traces


def take_away(work, cache, chance):
    """The whole cache, or half of one of its files."""
    files = [path for path in cache.rglob("*") if path.is_file() and path.stat().st_size > 1] if cache.exists() else []
    if chance.random() < 0.5 or not files:
        shutil.rmtree(cache, ignore_errors=True)
        work.caches += 1
    else:
        path = chance.choice(files)
        try:
            os.truncate(path, path.stat().st_size // 2)
            work.tears += 1
        except FileNotFoundError:
            pass


def ends(process, seconds):
    """Whether a process ends by itself within a time."""
    try:
        process.wait(seconds)
        return True
    except subprocess.TimeoutExpired:
        return False


def disturb(work, kills, seed):
    """Kills a run at a random time and gives its command again, until it is done; then anew, until there were enough kills."""
    chance = random.Random(f"{seed} {work.name}")
    folder, cache = work.base / work.name, work.base / f"{work.name}.cache"
    while work.kills < kills:
        shutil.rmtree(folder, ignore_errors=True)
        if chance.random() < 0.5:
            shutil.rmtree(cache, ignore_errors=True)
        done = False
        attempts = 0
        while not done:
            attempts += 1
            process = work.start(folder, cache)
            # later and later, so that a machine with other work gets to the end as well
            at = chance.uniform(0.15, 1 + 0.05 * attempts) * work.seconds
            away = chance.uniform(0, at) if chance.random() < 0.2 else None
            if away is not None and not ends(process, away):
                take_away(work, cache, chance)
            if not ends(process, at - (away or 0)):
                os.killpg(process.pid, signal.SIGTERM if chance.random() < 0.1 else signal.SIGKILL)
                work.kills += 1
                if work.kills % 25 == 0:
                    work.say(f"{work.kills} kills, {work.completed} runs completed, {work.stopped} stopped with a line")
            code = process.wait(60)
            if code == 0:
                work.compare(folder)
                work.completed += 1
                done = True
            elif code > 0 and code not in (130, 143):
                work.refusal()
                work.stopped += 1
            broken = torn(folder, work.being_written)
            if broken:
                raise Faults(f"{work.name}: after a kill files must be whole, got {broken}")
            if work.kills >= kills:
                work.complete(folder, cache)
                work.compare(folder)
                work.completed += 1
                done = True


def fill(work, seed, rounds):
    """Runs on a disk that is too small, which grows each time that it was."""
    chance = random.Random(f"{seed} {work.name} disk")
    disk = work.base / f"{work.name}.disk"
    disk.mkdir(exist_ok=True)
    if disk.is_mount():
        subprocess.run(["umount", str(disk)], check=True)
    sizes = sorted(int(work.bytes * chance.uniform(0.005, 1)) for _ in range(rounds)) + [2 * work.bytes + LAST_DISK]
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={sizes[0]}", "tmpfs", str(disk)], check=True)
    full = 0
    try:
        for size in sizes:
            subprocess.run(["mount", "-o", f"remount,size={size}", str(disk)], check=True)
            if size == sizes[-1]:
                work.complete(disk / "run", disk / "cache")
                break
            full += 1
            if not mkdir(disk / "run"):
                continue
            code = work.start(disk / "run", disk / "cache").wait(900)
            if code == 0:
                full -= 1
                break
            if code > 0:
                work.refusal()
            broken = torn(disk / "run", work.being_written)
            if broken:
                raise Faults(f"{work.name}: on a full disk files must be whole, got {broken}")
        work.compare(disk / "run")
        work.say(f"{full} times on a full disk, then done")
        return full
    finally:
        subprocess.run(["umount", str(disk)], check=False)


def mkdir(folder):
    """Whether a folder is there, which a full disk may have no room for."""
    try:
        folder.mkdir(exist_ok=True)
        return True
    except OSError:
        return False


def cut(path, chance):
    data = path.read_bytes()
    return data[: chance.randrange(1, len(data))]


def multipart(parts):
    boundary = "dhf-faults"
    body = b"".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}.png"\r\n\r\n'.encode() + data + b"\r\n"
        for name, data in parts.items()
    )
    return body + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


def send(port, body, kind, count=None):
    """The answer, or nothing where only a part of the body is sent and the line hung up."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.putrequest("POST", "/match")
        connection.putheader("Content-Type", kind)
        connection.putheader("Content-Length", str(len(body)))
        connection.endheaders()
        connection.send(body if count is None else body[:count])
        if count is not None:
            return None
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def server(base, programs, pictures, requests, seed):
    """Half images, and halves of requests, between whole ones that must be answered as before."""
    chance = random.Random(f"{seed} server")
    port = chance.randrange(20000, 60000)
    log = open(base / "server.log", "w")
    process = subprocess.Popen(
        ["java", "--enable-native-access=ALL-UNNAMED", "-jar", str(programs / "server.jar"), f"--server.port={port}"],
        stdout=log, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        whole, kind = multipart({"first": pictures[0].read_bytes(), "second": pictures[1].read_bytes()})
        for _ in range(120):
            try:
                expected = send(port, whole, kind)
                break
            except OSError:
                time.sleep(0.5)
        if expected[0] != 200:
            raise Faults(f"server: two whole pictures must be matched, got {expected}")
        refused = hung_up = 0
        for i in range(requests):
            if chance.random() < 0.5:
                half, kind = multipart({"first": cut(chance.choice(pictures), chance), "second": pictures[1].read_bytes()})
                status, answer = send(port, half, kind)
                if status != 400 or len(answer) < 40:
                    raise Faults(f"server: half an image must be answered with 400 and why, got {status}: {answer[:300]}")
                refused += 1
            else:
                send(port, whole, kind, chance.randrange(len(whole)))
                hung_up += 1
            if i % 20 == 19:
                got = send(port, whole, kind)
                if got != expected:
                    raise Faults(f"server: two whole pictures must be matched as before, got {got}")
        process.terminate()
        process.wait(90)
        print(f"server: {refused} half images refused, {hung_up} requests cut off, whole ones between them answered as before", flush=True)
    finally:
        process.kill()


def halves(base, dhf, world, count, seed):
    """A folder with half images among whole ones: what is whole is labelled as ever, what is half is named with the reason."""
    chance = random.Random(f"{seed} halves")
    pictures = sorted((world / "images").glob("test-*.png"))
    folder = base / "halves"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "to").mkdir(parents=True)
    for i, picture in enumerate(chance.choices(pictures, k=count)):
        (folder / "to" / f"half-{i}.png").write_bytes(cut(picture, chance))
    for picture in pictures[:8]:
        shutil.copy(picture, folder / "to")
    work = Work("halves", base, dhf, "transfer", "--from", world / "test-labels.jsonl", "--to", "to", "--threads", 1, "--out", "labels.json")
    work.complete(folder, base / "halves.cache", code=1)
    with_halves = json.loads((folder / "labels.json").read_text())
    log = work.log()
    named = sum(f"half-{i}.png" in log for i in range(count))
    for i in range(count):
        (folder / "to" / f"half-{i}.png").unlink()
    (folder / "labels.json").unlink()
    work.complete(folder, base / "halves.cache")
    without = json.loads((folder / "labels.json").read_text())
    if with_halves["annotations"] != without["annotations"] or named != count:
        raise Faults(f"halves: whole pictures must be labelled as ever and {count} halves named, got {named} named: {log[-2000:]}")
    print(f"transfer: {count} half images named, whole ones labelled as ever", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("--kills", type=int, default=1000, help="in all, a fortieth of them of the Spark job")
    parser.add_argument("--at-once", type=int, default=os.cpu_count(), help="runs at once")
    parser.add_argument("--disks", type=int, default=10, help="sizes of full disks for each command; needs root")
    parser.add_argument("--requests", type=int, default=400, help="half images and requests sent to the server")
    parser.add_argument("--halves", type=int, default=50, help="half images among those of transfer")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", help="names of works, with commas")
    arguments = parser.parse_args()
    base, programs = arguments.work.resolve(), arguments.work.resolve() / "programs"
    dhf = next(programs.glob("*/bin/dhf"))
    world = base / "world"
    if not world.exists():
        for split in ("train", "validation", "test"):
            subprocess.run(
                [dhf, "render", "--pairs", "6", "--split", split, "--images", "2", "--size", "96", "--out", world],
                check=True, stdout=subprocess.DEVNULL,
            )  # fmt: skip
    jars = ",".join(str(jar) for jar in sorted(dhf.parent.parent.glob("lib/*.jar")) if not re.search("slf4j|progressbar", jar.name))
    os.environ["SPARK_HOME"] = str(Path(pyspark.__file__).parent)
    submit = Path(pyspark.__file__).parent / "bin" / "spark-submit"
    works = [
        Work("train", base, dhf, "train", "--data", world, "--timesteps", 1, "--projection", 128, "--steps", 30, "--checkpoint-every", 3,
             "--validate-every", 10, "--seed", 0, "--threads", 1, "--out", "out"),
        Work("eval", base, dhf, "eval", "--data", world, "--split", "test", "--threads", 1, "--out", "out"),
        Work("transfer", base, dhf, "transfer", "--from", world / "test-labels.jsonl", "--to", *sorted((world / "images").glob("test-*.png"))[:4],
             "--exemplars", 1, "--threads", 1, "--out", "labels.json", "--review", "review.html"),
        Work("describe", base, dhf, "describe", *sorted((world / "images").glob("test-*.png"))[:12], "--out-dir", "out", "--threads", 1),
        SparkWork("spark", base, submit, "--master", "local[2]", "--class", "io.github.dhf4j.spark.DescribeJob", "--jars", jars, "--driver-memory",
                  "1g", "--driver-java-options", ONE_COMPILER, "--conf", "spark.ui.enabled=false", "--conf", "spark.sql.shuffle.partitions=2", programs / "spark-job.jar", "--images",
                  world / "images", "--glob", "test-b*.png", "--out", "out", "--threads", 1, "--device", "cpu", "--images-per-task", 2),
    ]  # fmt: skip
    only = [name for name in arguments.only.split(",") if name]
    works = [work for work in works if not only or work.name in only]
    plain = [work for work in works if not isinstance(work, SparkWork)]
    spark = arguments.kills // 40 if plain else arguments.kills
    began = time.monotonic()
    failed = []

    def attempt(what, *given):
        try:
            return what(*given)
        except Faults as fault:
            failed.append(str(fault))
            print(f"FAILED {fault}", flush=True)
            return None

    for work in works:
        work.first()
    with ThreadPoolExecutor(arguments.at_once) as pool:
        # the slowest first
        for i, work in enumerate(sorted(works, key=lambda work: -work.seconds)):
            share = spark if isinstance(work, SparkWork) else (arguments.kills - (spark if len(works) > len(plain) else 0)) // len(plain)
            share += 1 if i < (arguments.kills - spark) % max(1, len(plain)) else 0
            pool.submit(attempt, disturb, work, share, arguments.seed)
    full = {}
    if os.geteuid() == 0:
        for work in plain:
            full[work.name] = attempt(fill, work, arguments.seed, arguments.disks)
    else:
        print("full disks are left out: mounting needs root", flush=True)
    if not only:
        attempt(halves, base, dhf, world, arguments.halves, arguments.seed)
        attempt(server, base, programs, sorted((world / "images").glob("test-*.png")), arguments.requests, arguments.seed)
    print(f"\n{'':10}{'kills':>8}{'completed':>11}{'stopped with a line':>21}{'caches taken':>14}{'files torn':>12}{'full disks':>12}")
    for work in works:
        print(f"{work.name:10}{work.kills:8}{work.completed:11}{work.stopped:21}{work.caches:14}{work.tears:12}{full.get(work.name) or 0:12}")
    print(f"{sum(work.kills for work in works)} kills in {(time.monotonic() - began) / 60:.0f} minutes, {len(failed)} failures")
    for fault in failed:
        print(f"FAILED {fault}")
    sys.exit(1 if failed else 0)


main()
