"""Greedy decoding in fp32 over an exported model directory, and its accuracy on the held-out set.

    python3 evaluate.py MODEL_DIR [HELDOUT]      writes MODEL_DIR/evaluation.json
    python3 evaluate.py MODEL_DIR --ask "What is the capital of France?" [--instructions "..."]
"""
import argparse
import json
import os

import torch

from corpus.base import message
from corpus.render import render
from export import load_safetensors
from model import Model
from tokenizer import Tokenizer

STOP = (2, 0)  # <|im_end|>, <|endoftext|>


def unpack(value):
    """int4 in blocks of 64 columns: byte j of 32 holds column j in its lower half and column j + 32 in its upper one, each with 8 added."""
    blocks = value.view(value.shape[0], -1, 32).to(torch.int8)
    return (torch.cat([blocks & 15, (value.view(blocks.shape) >> 4).to(torch.int8)], -1) - 8).view(value.shape[0], -1)


def dequantized(directory):
    """{name: tensor}: the stored weights widened or dequantised to fp32."""
    with open(os.path.join(directory, "config.json"), encoding="utf-8") as f:
        config = json.load(f)
    stored = load_safetensors(os.path.join(directory, "model.safetensors"))
    state = {}
    for name, value in stored.items():
        if name.endswith("_scale"):
            continue
        if value.dtype == torch.uint8:
            value = unpack(value)
        if value.dtype == torch.int8:
            group = config["quantization_config"]["group_size"]
            value = (value.float().view(value.shape[0], -1, group) * stored[name + "_scale"][..., None]).view(value.shape)
        state[name] = value
    return state


def load(directory):
    """(model, tokenizer) with fp32 weights."""
    with open(os.path.join(directory, "config.json"), encoding="utf-8") as f:
        model = Model(json.load(f))
    model.load_state_dict({name[len("model."):]: value for name, value in dequantized(directory).items()})
    return model.eval(), Tokenizer.load(os.path.join(directory, "tokenizer.json"))


@torch.no_grad()
def decode_batch(model, prompts, limits):
    """Greedy continuations, stop token included. Rows are padded on the right, so no row sees another's padding."""
    rows, done = [list(p) for p in prompts], [False] * len(prompts)
    while not all(done):
        live = [i for i, d in enumerate(done) if not d]
        width = max(len(rows[i]) for i in live)
        x = torch.tensor([rows[i] + [0] * (width - len(rows[i])) for i in live])
        hidden = model.hidden(x)[torch.arange(len(live)), torch.tensor([len(rows[i]) - 1 for i in live])]
        for i, token in zip(live, model.logits(hidden).argmax(-1).tolist()):
            rows[i].append(token)
            done[i] = token in STOP or len(rows[i]) - len(prompts[i]) >= limits[i]
    return [row[len(p):] for row, p in zip(rows, prompts)]


def answer_text(tokenizer, ids):
    return tokenizer.decode([i for i in ids if i not in STOP])


def correct(case, ids, tokenizer):
    text, stopped = answer_text(tokenizer, ids), ids[-1] in STOP
    if case["match"] == "tool_call":
        if not (text.startswith("<tool_call>") and text.endswith("</tool_call>")):
            return False
        try:
            return json.loads(text[len("<tool_call>"):-len("</tool_call>")]) == case["expected"]
        except ValueError:
            return False
    return text.startswith(case["expected"]) if case["match"] == "prefix" else stopped and text == case["expected"]


def score(model, tokenizer, cases, show=0):
    """{kind: {"count", "correct"}} over the cases."""
    jobs = []
    for case in cases:
        ids, _ = tokenizer.encode_segments(render(case.get("instructions"), case.get("tools"), case["input"], True))
        expected = case["expected"] if isinstance(case["expected"], str) else json.dumps(case["expected"], ensure_ascii=False, separators=(",", ":"))
        jobs.append((ids, len(tokenizer.encode(expected)) + 8, case))
    jobs.sort(key=lambda j: len(j[0]))
    result = {}
    for start in range(0, len(jobs), 16):
        part = jobs[start:start + 16]
        for (_, _, case), ids in zip(part, decode_batch(model, [j[0] for j in part], [j[1] for j in part])):
            entry = result.setdefault(case["kind"], {"count": 0, "correct": 0})
            good = correct(case, ids, tokenizer)
            entry["count"] += 1
            entry["correct"] += good
            if not good and show > 0:
                show -= 1
                print(f"{case['kind']}: {case['input'][-1].get('content', case['input'][-1].get('output'))!r} expected {case['expected']!r} got {answer_text(tokenizer, ids)!r}")
    return dict(sorted(result.items()))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("heldout", nargs="?", default=os.path.join(os.path.dirname(os.path.abspath(__file__)), "heldout.jsonl"))
    parser.add_argument("--ask", nargs="*")
    parser.add_argument("--instructions")
    parser.add_argument("--show", type=int, default=0, help="print this many wrong answers")
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    model, tokenizer = load(args.model)
    if args.ask:
        for text in args.ask:
            ids, _ = tokenizer.encode_segments(render(args.instructions, None, [message("user", text)], True))
            print(f"> {text}\n{answer_text(tokenizer, decode_batch(model, [ids], [400])[0])}")
        return
    with open(args.heldout, encoding="utf-8") as f:
        result = score(model, tokenizer, [json.loads(line) for line in f], args.show)
    overall = {k: sum(entry[k] for entry in result.values()) for k in ("count", "correct")}
    with open(os.path.join(args.model, "evaluation.json"), "w", encoding="utf-8") as f:
        json.dump({"heldout": result, "overall": overall}, f, indent=2)
        f.write("\n")
    for kind, entry in result.items():
        print(f"{kind:22} {entry['correct']:4}/{entry['count']}")
    print(f"{'overall':22} {overall['correct']:4}/{overall['count']}")


if __name__ == "__main__":
    main()
