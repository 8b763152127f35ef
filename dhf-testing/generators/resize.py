"""fixtures/resize: a.png as Pillow resizes it with its bilinear filter."""

from PIL import Image

from common import FIXTURES

NAMES = ("resize",)
SIZES = [(100, 37), (512, 512), (64, 64)]  # width x height


def golden(name, fixture, out):
    out.mkdir(parents=True, exist_ok=True)
    picture = Image.open(FIXTURES / "images/a.png").convert("RGB")
    for width, height in SIZES:
        picture.resize((width, height), Image.Resampling.BILINEAR).save(out / f"a_{width}x{height}.png")
