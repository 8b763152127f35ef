"""What dhf transfer writes, read by pycocotools, label-studio-sdk, labelme and Pillow, is the same in all of them.

Called by ./run with a folder to work in. Prints a line a check; ends with 1 at the first that fails.
"""

import json
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
from PIL import Image
from label_studio_sdk.converter.brush import decode_rle
from label_studio_sdk.label_interface import LabelInterface
from labelme._label_file import read_label_file
from pycocotools import mask as coco_mask
from pycocotools.coco import COCO

WORK = Path(sys.argv[1])
SIZE = 96


def say(what, right=True):
    print(("ok      " if right else "FAILED  ") + what, flush=True)
    if not right:
        sys.exit(1)


def dhf(*words):
    subprocess.run(["java", "io.github.dhf4j.cli.Dhf", *map(str, words)], check=True, stdout=subprocess.DEVNULL)


def transfer(labels, images, out, *more):
    dhf("transfer", "--from", labels, "--images", images, "--to", TARGETS, "--calls", 1, "--exemplars", 1,
        "--min-confidence", 0, "--out", out, *more)


for name in ("world", "targets", "out"):
    shutil.rmtree(WORK / name, ignore_errors=True)
WORLD, TARGETS, OUT = WORK / "world", WORK / "targets", WORK / "out"
dhf("render", "--pairs", 15, "--split", "test", "--images", 2, "--size", SIZE, "--out", WORLD)
TARGETS.mkdir()
OUT.mkdir()
for category in ("horse", "car", "mug"):
    shutil.copy(WORLD / f"images/test-{category}-2.png", TARGETS / f"{category}.png")

# key points, boxes and masks
lines = WORLD / "test-labels.jsonl"
transfer(lines, WORLD, OUT / "labels.jsonl")
ours = {Path(each["path"]).name: each["annotations"] for each in map(json.loads, open(OUT / "labels.jsonl"))}


def mask(annotation):
    return coco_mask.decode({"size": [SIZE, SIZE], "counts": annotation["mask"].encode()})


transfer(lines, WORLD, OUT / "coco.json")
coco = COCO(OUT / "coco.json")
say("pycocotools indexes the file", len(coco.imgs) == 3 and len(coco.cats) == 15)
for image in coco.imgs.values():
    of = ours[image["file_name"]]
    annotations = coco.loadAnns(coco.getAnnIds(imgIds=image["id"]))
    same = len(of) == len(annotations)
    for mine, theirs in zip(of, annotations):
        names = coco.cats[theirs["category_id"]].get("keypoints", [])
        places = np.array(theirs.get("keypoints", [])).reshape(-1, 3)
        known = {name: list(xy[:2]) for name, xy in zip(names, places) if xy[2] == 2}
        points = dict(zip(mine.get("keypoints", []), mine.get("points", [])))
        same &= known.keys() == points.keys()
        same &= all(np.allclose(known[name], points[name], atol=0.01) for name in points)
        same &= mine["category"] == coco.cats[theirs["category_id"]]["name"]
        same &= np.array_equal(coco.annToMask(theirs), mask(mine)) and theirs["area"] == mask(mine).sum()
        same &= 0 <= theirs["score"] <= 1
    say(f"COCO: masks and points of {image['file_name']}", bool(same))

# COCO again as the source, in the forms that pycocotools writes
again = {"images": [], "categories": [{"id": 1, "name": "thing"}], "annotations": []}
for number, (name, of) in enumerate(ours.items(), 1):
    again["images"].append({"id": number, "file_name": name, "width": SIZE, "height": SIZE})
    runs = coco_mask.encode(np.asfortranarray(mask(of[0])))
    again["annotations"].append(
        {"id": number, "image_id": number, "category_id": 1, "iscrowd": 0, "segmentation":
            {"size": runs["size"], "counts": runs["counts"].decode()}})
json.dump(again, open(OUT / "again.json", "w"))
transfer(OUT / "again.json", TARGETS, OUT / "kept.jsonl")
kept = {Path(each["path"]).name: each["annotations"] for each in map(json.loads, open(OUT / "kept.jsonl"))}
say("run lengths that pycocotools wrote are read", all(
    np.array_equal(mask(kept[name][0]), mask(of[0])) for name, of in ours.items()))

transfer(lines, WORLD, OUT / "tasks.json", "--format", "label-studio")
interface = LabelInterface((OUT / "tasks.config.xml").read_text())
interface.validate()
tasks = json.load(open(OUT / "tasks.json"))
for task in tasks:
    name = task["data"]["image"].rsplit("=", 1)[1]
    interface.validate_task({"data": task["data"]})
    errors = interface.validate_prediction(task["predictions"][0], return_errors=True)
    say(f"Label Studio: the prediction of {name} is valid {errors or ''}", not errors)
    result = task["predictions"][0]["result"]
    brushes = [each for each in result if each["type"] == "brushlabels"]
    decoded = [np.reshape(decode_rle(each["value"]["rle"]), (SIZE, SIZE, 4))[:, :, 3] for each in brushes]
    masks = [mask(each) for each in ours[name]]
    points = [each for each in result if each["type"] == "keypointlabels"]
    say(f"Label Studio: {len(points)} points and the masks of {name}",
        len(masks) == len(decoded) and all(np.array_equal(a, 255 * b) for a, b in zip(decoded, masks))
        and len(points) == sum(len(each.get("points", [])) for each in ours[name]))

transfer(lines, WORLD, OUT / "labelme", "--format", "labelme")
for name, of in ours.items():
    file = OUT / "labelme" / (Path(name).stem + ".json")
    label = read_label_file(str(file))
    shapes = [each for each in label.shapes if each["shape_type"] == "mask"]
    right = len(shapes) == len(of) and (file.parent / label.image_path).resolve() == (TARGETS / name).resolve()
    for shape, mine in zip(shapes, of):
        (x1, y1), (x2, y2) = np.array(shape["points"]).astype(int)
        whole = np.zeros((SIZE, SIZE), bool)
        whole[y1 : y2 + 1, x1 : x2 + 1] = shape["mask"]
        right &= np.array_equal(whole, mask(mine))
    points = [each for each in label.shapes if each["shape_type"] == "point"]
    right &= len(points) == sum(len(each.get("points", [])) for each in of)
    say(f"labelme: {len(label.shapes)} shapes of {name}", bool(right))

transfer(lines, WORLD, OUT / "masks", "--format", "masks")
names = list(json.load(open(OUT / "masks/labels.json")))
for name, of in ours.items():
    picture = Image.open(OUT / "masks" / (Path(name).stem + ".png"))
    numbers = np.zeros((SIZE, SIZE), int)
    for each in of:
        numbers[mask(each) == 1] = names.index(each["category"]) + 1
    say(f"Pillow: a palette, and the categories' numbers of {name}",
        picture.mode == "P" and np.array_equal(np.array(picture), numbers))

transfer(lines, WORLD, OUT / "cvat.xml")
for image in ET.parse(OUT / "cvat.xml").getroot().iter("image"):
    right = True
    for shape, mine in zip(image.iter("mask"), ours[image.get("name")]):
        flat, inside = [], 0
        for run in map(int, shape.get("rle").split(",")):
            flat += [inside] * run
            inside = 1 - inside
        left, top, width, height = (int(shape.get(key)) for key in ("left", "top", "width", "height"))
        whole = np.zeros((SIZE, SIZE), np.uint8)
        right &= len(flat) == width * height
        whole[top : top + height, left : left + width] = np.reshape(flat, (height, width))
        right &= np.array_equal(whole, mask(mine))
    say(f"CVAT: masks of {image.get('name')}", bool(right))
