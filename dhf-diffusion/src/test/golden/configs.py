"""Configurations for WrittenConfigsTest: what diffusers and transformers write for their classes when nothing is said.

diffusers' are read off the signatures of the constructors, which is what register_to_config keeps; torch is not needed.

pip install transformers==VERSION; pip install --no-deps diffusers==0.39.0
python configs.py OUT  (adds to configs.json what the installed version of transformers writes)
"""
import ast
import importlib.metadata
import importlib.util
import json
import os
import sys
from pathlib import Path

from transformers import CLIPConfig, CLIPTextConfig

PARTS = {"unet": "models/unets/unet_2d_condition.py", "vae": "models/autoencoders/autoencoder_kl.py"}
FOUND = {"UNet2DConditionModel": "unet", "AutoencoderKL": "vae"}


def defaults(node):
    for method in node.body:
        if isinstance(method, ast.FunctionDef) and method.name == "__init__":
            names = [argument.arg for argument in method.args.args][1:]
            values = [eval(ast.unparse(value)) for value in method.args.defaults]
            return dict(zip(names[len(names) - len(values):], values))
    return {}


def classes(path):
    return [node for node in ast.parse(path.read_text()).body if isinstance(node, ast.ClassDef)]


root = Path(importlib.util.find_spec("diffusers").submodule_search_locations[0])
version = importlib.metadata.version("diffusers")
out = json.load(open(sys.argv[1])) if os.path.exists(sys.argv[1]) else {"text_encoder": {}}
for name in PARTS.values():
    for node in classes(root / name):
        if node.name in FOUND:
            out[FOUND[node.name]] = {"_class_name": node.name, "_diffusers_version": version, **defaults(node)}
out["schedulers"] = {}
for path in sorted((root / "schedulers").glob("scheduling_*.py")):
    for node in classes(path):
        if "flax" not in path.name and any("SchedulerMixin" in ast.unparse(base) for base in node.bases):
            out["schedulers"][node.name] = {"_class_name": node.name, "_diffusers_version": version, **defaults(node)}
text = importlib.metadata.version("transformers")
out["text_encoder"]["CLIPTextModel " + text] = {**CLIPTextConfig().to_dict(), "architectures": ["CLIPTextModel"]}
out["text_encoder"]["CLIPModel " + text] = {**CLIPConfig().to_dict(), "architectures": ["CLIPModel"]}
with open(sys.argv[1], "w") as file:
    lines = [f'"{name}": {json.dumps(out[name])}' for name in ("unet", "vae", "text_encoder")]
    schedulers = [f'"{name}": {json.dumps(config)}' for name, config in out["schedulers"].items()]
    file.write("{" + ",\n".join(lines) + ',\n"schedulers": {\n' + ",\n".join(schedulers) + "\n}}\n")
