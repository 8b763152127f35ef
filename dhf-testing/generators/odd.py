"""fixtures/odd: what Pillow reads of the pictures of unusual forms there, which are inputs."""

from PIL import Image

NAMES = ("odd",)
SUFFIX = "-as-pillow"


def golden(name, fixture, out):
    out.mkdir(parents=True, exist_ok=True)
    for expected in sorted(fixture.glob(f"*{SUFFIX}.png")):
        stem = expected.stem.removesuffix(SUFFIX)
        names = [path.name for path in fixture.iterdir()]
        (source,) = (fixture / name for name in names if name.split(".")[0] == stem or name == stem.replace("-", "."))
        Image.open(source).convert("RGB").save(out / expected.name)
