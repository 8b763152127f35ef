"""Golden token ids for ClipTokenizerTest: prompts through transformers' CLIPTokenizerFast, whatever files name the
special and added tokens.

Only the small files are kept; the vocabulary and merges are the fixture's.

pip install transformers==4.57.6
python tokens.py FIXTURE OUT  (the folder sd15 with pipeline/; writes tokens.json)
"""
import json
import os
import shutil
import sys
import tempfile

from transformers import CLIPTokenizerFast

START, END = "<|startoftext|>", "<|endoftext|>"
PROMPTS = [
    "", "   ", "\t\n ", "a photo of a cat", "A photo of a CAT, isn't it?", "don't can't I'M YOU'RE It'S '' 's's't",
    "!!!", "a!b", "wow ! wow", "foo_bar-baz/qux@x.com 12345 3.14 100%", END, "<|ENDOFTEXT|>", "a <|EndOfText|> b",
    "<|STARTOFTEXT|> x", "a<|endoftext|>b", "a <|endoftext|>  b", "<|endoftext|", "日本語の写真", "北京 cat 上海", "中a文b",
    "한국어 사진", "Ελληνικά ΑΣ ΣΑΣ", "РУССКИЙ текст", "مرحبا שלום", "नमस्ते สวัสดี", "😀 cat 🐱🐶", "👩‍👩‍👧 family ❤️", "🇩🇪 𝔘𝔫",
    "\x00a\x01b\x7fc\x85d", "a\u200bb\ufeffc\u00add", "\u00a0a\u00a0b\u2003c\u2028d\u3000e", "a\r\nb", "e\u0301te\u0301",
    "été CAFE\u0301", "Å ﬁ ＡＢＣ İ ß ẞ x²½Ⅷ", "&amp; Ã©", "“quotes” ‘single’ …", "a \ufffd b \ue000", "word " * 200,
    "🐱" * 60, "a" * 500, "<cat-toy>", "a photo of <cat-toy>", "a photo of<cat-toy>on a mat", "A <Cat-Toy> B",
    "<cat-toy><cat-toy>", "x<cat-toy", "<cat-toy>_1 <cat-toy>!", "a  <Dog>  b <dog> c", "a sword, a word; words", "cat toy",
    "<x1> <X2> <x2> <y1>", "a <pad> b",
]


def token(content, normalized=True, **flags):
    return {"content": content, "lstrip": False, "normalized": normalized, "rstrip": False, "single_word": False, **flags}


def own(normalized, pad):
    tokens = {"bos_token": START, "eos_token": END, "unk_token": END}
    return {**{key: token(text, normalized) for key, text in tokens.items()}, "pad_token": pad}


def special(content, normalized):
    return {**token(content, normalized), "special": True}


STRINGS = {"bos_token": START, "eos_token": END, "unk_token": END}
TYPED = {key: {"__type": "AddedToken", **value} if isinstance(value, dict) else value for key, value in own(True, "!").items()}
DECODER = {"2512": special(START, True), "2513": special(END, False)}
CASES = {
    "mapWins": {"map": own(True, "!"), "config": {**TYPED, "pad_token": END}},
    "publishedSd1": {"map": own(True, END), "config": {**TYPED, "pad_token": END}},
    "onlyMap": {"map": own(True, "!")},
    "onlyConfig": {"config": TYPED},
    "nothing": {},
    "texts": {"map": {**STRINGS, "pad_token": "!"}, "config": {}},
    "paddingInFull": {"map": {"pad_token": token("!", False)}, "config": {"pad_token": END}},
    "paddingInSmallLetters": {"map": {"pad_token": token("!", True)}, "config": {}},
    "notNormalized": {"map": own(False, token("!", False)), "config": {}},
    "decoderBeatsMap": {"map": {"pad_token": "!"}, "config": {**STRINGS, "pad_token": END, "added_tokens_decoder": DECODER}},
    "decoderWithPadding": {
        "map": {"pad_token": END},
        "config": {**STRINGS, "pad_token": "!", "added_tokens_decoder": {"0": special("!", False), **DECODER}},
    },
    "decoderWithoutPadding": {"map": {"pad_token": "!"}, "config": {**STRINGS, "added_tokens_decoder": DECODER}},
    "emptyDecoder": {"map": {"pad_token": "!"}, "config": {"pad_token": END, "added_tokens_decoder": {}}},
    "decoderWithConcepts": {
        "config": {
            **STRINGS,
            "pad_token": "!",
            "added_tokens_decoder": {
                "0": special("!", False),
                **DECODER,
                "2514": {**token("<cat-toy>"), "special": False},
                "2515": {**token("<Dog>", False), "lstrip": True, "rstrip": True, "special": False},
                "2516": {**token("word"), "single_word": True, "special": False},
            },
        }
    },
    "concepts": {
        "map": own(True, "!"),
        "added": {"<cat-toy>": 2514, "<Dog>": 2515, "cat toy": 2516, "<cat-toy>_1": 2517},
    },
    "specialConcept": {"map": {**own(True, "!"), "additional_special_tokens": ["<cat-toy>"]}, "added": {"<cat-toy>": 2514}},
    "conceptsBesideDecoder": {
        "config": {**STRINGS, "pad_token": END, "added_tokens_decoder": DECODER},
        "added": {"<cat-toy>": 2514},
    },
    "additional": {
        "map": {**own(True, "!"), "additional_special_tokens": ["<x1>", token("<X2>", False)]},
        "config": {"additional_special_tokens": ["<y1>"]},
    },
    "paddingOfItsOwn": {"map": {"pad_token": "<pad>"}, "added": {"<pad>": 2514}},
    "short": {"config": {"model_max_length": 8, "pad_token": "!"}},
}


def write(folder, vocabulary, case):
    for name in ("vocab.json", "merges.txt"):
        shutil.copy(os.path.join(vocabulary, name), folder)
    names = {"map": "special_tokens_map.json", "config": "tokenizer_config.json", "added": "added_tokens.json"}
    for key, name in names.items():
        if key in case:
            json.dump(case[key], open(os.path.join(folder, name), "w"))


def ids(tokenizer, prompt):
    most = min(77, tokenizer.model_max_length)
    found = tokenizer(prompt, padding="max_length", max_length=most, truncation=True).input_ids
    assert len(found) == most
    while len(found) > 1 and found[-1] == found[-2] == tokenizer.pad_token_id:
        found.pop()
    return found


def saved(tokenizer, vocabulary):
    """What the tokenizer saves as one file, without vocabulary and merges."""
    with tempfile.TemporaryDirectory() as folder:
        tokenizer.save_pretrained(folder, legacy_format=False)
        whole = json.load(open(os.path.join(folder, "tokenizer.json")))
        config = json.load(open(os.path.join(folder, "tokenizer_config.json")))
    del whole["model"]["vocab"], whole["model"]["merges"]
    return {"whole": whole, "config": config}


vocabulary = sys.argv[1] + "/pipeline/tokenizer"
golden = {"prompts": PROMPTS, "cases": {}}
for name, case in CASES.items():
    with tempfile.TemporaryDirectory() as folder:
        write(folder, vocabulary, case)
        tokenizer = CLIPTokenizerFast.from_pretrained(folder)
    found = {"pad": tokenizer.pad_token_id, "ids": [ids(tokenizer, prompt) for prompt in PROMPTS]}
    golden["cases"][name] = {"files": case, **found}
    if name in ("mapWins", "concepts"):
        golden["cases"][name + "InOneFile"] = {"files": saved(tokenizer, vocabulary), **found}
with open(sys.argv[2], "w") as out:
    lines = [f'"{name}": {json.dumps(case)}' for name, case in golden["cases"].items()]
    out.write('{"prompts": ' + json.dumps(PROMPTS) + ',\n"cases": {\n' + ",\n".join(lines) + "\n}}\n")
