"""Data of Unicode's canonical composition (NFC) for the tokenizer, and samples of it for the tests.

    python3 normalization.py > ../../../backends/Mka1.Edge.Inference/Tokenization/Unicode/normalization.txt
    python3 normalization.py samples > nfc.json
"""

import json
import random
import sys
import unicodedata

CODE_POINTS = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000 and not 0xAC00 <= c <= 0xD7A3]


def data():
    print("# Canonical decompositions (D), combining classes (C: first, last, class) and what never composes (X). "
          f"Unicode {unicodedata.unidata_version}, written by tests/golden/tokenizers/normalization.py.")
    for c in CODE_POINTS:
        decomposition = unicodedata.decomposition(chr(c))
        if decomposition and not decomposition.startswith("<"):
            print(f"D {c:X} {decomposition}")
            if unicodedata.normalize("NFC", chr(c)) != chr(c):
                print(f"X {c:X}")

    runs = []
    for c in CODE_POINTS:
        order = unicodedata.combining(chr(c))
        if order and runs and runs[-1][1] == c - 1 and runs[-1][2] == order:
            runs[-1][1] = c
        elif order:
            runs.append([c, c, order])
    for first, last, order in runs:
        print(f"C {first:X} {last:X} {order}")


def samples():
    source = random.Random(7)
    composed = [chr(c) for c in CODE_POINTS if unicodedata.decomposition(chr(c)) and not unicodedata.decomposition(chr(c)).startswith("<")]
    marks = [chr(c) for c in CODE_POINTS if unicodedata.combining(chr(c))]
    hangul = [chr(c) for c in (0x1100, 0x1112, 0x1161, 0x1175, 0x11A7, 0x11A8, 0x11C2, 0xAC00, 0xAC01, 0xD7A3, 0x115F)]
    texts = []
    for _ in range(600):
        parts = [source.choice((composed, marks, marks, hangul, list("aeiouAqs\u0627\u0915\u09c7")))for _ in range(source.randint(1, 8))]
        text = "".join(source.choice(part) for part in parts)
        texts.append(unicodedata.normalize(source.choice(("NFD", "NFD", "NFC")), text) if source.random() < 0.6 else text)
    print("[" + ",\n".join(json.dumps([text, unicodedata.normalize("NFC", text)]) for text in texts) + "]")


samples() if sys.argv[1:] == ["samples"] else data()
