"""Generates the training conversations and the held-out set, deterministically from a seed.

    python3 generate.py OUT_DIR [--count 260000] [--seed 1]
    python3 generate.py OUT_DIR --hard --count 400000 --seed 2
    python3 generate.py OUT_DIR --held-out-hard --seed 3

The first writes OUT_DIR/train.jsonl (rendered segments) and OUT_DIR/heldout_all.jsonl, and heldout.jsonl next to this file;
the second a train.jsonl with more of the hard kinds; the third heldout-hard.jsonl next to this file.
"""
import argparse
import json
import os
import random

from corpus import facts, language, tools
from corpus.base import held_out, message
from corpus.render import render

TASKS = [(facts.capital, 10), (facts.geography, 4), (facts.arithmetic, 13), (facts.table, 0.8), (facts.counting, 2.5), (facts.definition, 8),
         (facts.set_piece, 2.5), (facts.identity, 4), (facts.refusal, 4), (facts.unknown, 1.5), (facts.everyday, 5), (facts.story, 0.8),
         (language.uppercase, 2.5), (language.reverse_list, 3), (language.repeat, 5), (language.extract, 4), (language.translate, 4),
         (language.summarise, 2), (language.sentiment, 1), (language.json_answer, 5), (language.memory, 6), (language.follow_up, 1.5),
         (language.obey, 6), (tools.tool_call, 13), (tools.tool_result, 6), (tools.tool_unrelated, 4), (tools.no_tool, 1)]

# What the second corpus adds to the weights above: the kinds that the first one leaves half learnt.
HARD = [(facts.big_sums, 42), (facts.counting, 6), (language.uppercase, 16), (language.reverse_list, 10), (language.repeat, 12), (language.json_answer, 5),
        (language.obey, 8), (tools.tool_call, 10), (tools.tool_result, 4)]

NEUTRAL = ["You are a helpful assistant.", "You are a support assistant. Reply in plain English. Keep answers under 80 words.",
           "Answer as a technical writer. Keep the reply concise.", "Be brief.", "You are a friendly assistant.", "Answer briefly and clearly.",
           "You are a helpful assistant for the MKA1 API.", "Reply in plain English.", "Keep answers short.", "You are a careful and polite assistant.",
           "Reply in plain English. Keep answers under 80 words.", "You are a support agent. Be polite.", "Be concise.", "You are a teacher. Explain things simply.",
           "Answer the question.", "Keep the reply concise.", "You are a technical writer.", "Be helpful, honest and harmless.", "Use plain language.",
           "You are an expert assistant. Keep answers under 50 words.", "آپ ایک مددگار معاون ہیں۔", "Use tools when they help.", "Do not guess."]

PER_KIND = 24  # held-out examples of each kind that are kept for scoring
HARD_KINDS = {"arithmetic_add": facts.big_sums, "arithmetic_subtract": facts.big_sums, "count": facts.counting, "json": language.json_answer,
              "obey": language.obey, "repeat": language.repeat, "reverse_list": language.reverse_list, "tool_call": tools.tool_call,
              "tool_result": tools.tool_result, "uppercase": language.uppercase}
HARD_PER_KIND = 200
HERE = os.path.dirname(os.path.abspath(__file__))


def known(rng):
    """A single-turn example that may stand in the history of another one."""
    while True:
        example = rng.choice([facts.capital, facts.arithmetic, facts.everyday, facts.identity, facts.definition, language.translate, facts.geography])(rng)
        if not held_out(example.key):
            return example


def wrap(rng, example):
    """Puts neutral instructions, a developer message or earlier turns around an example."""
    if example.locked:
        if example.instructions and rng.random() < 0.35 and not example.tools:
            example.input.insert(0, message(rng.choice(["developer", "system"]), example.instructions))
            example.instructions = None
        return example
    if rng.random() < 0.13:
        history = []
        for _ in range(rng.choice([1, 1, 2, 3])):
            other = known(rng)
            history += other.input + [other.answer_item()]
        example.input = history + example.input
    if rng.random() < 0.3:
        text = rng.choice(NEUTRAL)
        if rng.random() < 0.7:
            example.instructions = text
        else:
            example.input.insert(0, message(rng.choice(["developer", "system"]), text))
    return example


def case(example):
    line = {"kind": example.kind, "instructions": example.instructions, "tools": example.tools, "input": example.input,
            "expected": example.answer, "match": example.match}
    return json.dumps({k: v for k, v in line.items() if v}, ensure_ascii=False) + "\n"


def write_training(path, rng, tasks, count):
    """Writes `count` conversations; returns the held-out ones that came up, {kind: [Example]}, each combination once."""
    makers, weights = zip(*tasks)
    held, seen, written = {}, set(), 0
    with open(path, "w", encoding="utf-8") as f:
        while written < count:
            example = wrap(rng, rng.choices(makers, weights)[0](rng))
            if held_out(example.key):
                if (example.kind, example.key) not in seen:
                    seen.add((example.kind, example.key))
                    held.setdefault(example.kind, []).append(example)
                continue
            segments = render(example.instructions, example.tools, example.input + [example.answer_item()], False)
            f.write(json.dumps({"kind": example.kind, "segments": segments}, ensure_ascii=False) + "\n")
            written += 1
    return held


def write_held_out(out, held):
    """All held-out cases into OUT, PER_KIND of each kind into heldout.jsonl."""
    total = 0
    with open(os.path.join(out, "heldout_all.jsonl"), "w", encoding="utf-8") as every, open(os.path.join(HERE, "heldout.jsonl"), "w", encoding="utf-8") as sample:
        for kind in sorted(held):
            for i, example in enumerate(held[kind]):
                line = case(example)
                every.write(line)
                if i < PER_KIND and len(str(example.answer)) <= 200 or kind == "tool_call" and i < 2 * PER_KIND:
                    sample.write(line)
                    total += 1
    return total


def write_hard(rng):
    """Up to HARD_PER_KIND held-out cases of each hard kind, none of them in heldout.jsonl, into heldout-hard.jsonl."""
    with open(os.path.join(HERE, "heldout.jsonl"), encoding="utf-8") as f:
        taken = {json.dumps(json.loads(line)["input"][-1]) for line in f}
    lines = []
    for kind, maker in sorted(HARD_KINDS.items()):
        found, seen = [], set()
        for _ in range(400000):
            example = maker(rng)
            if example.kind != kind or not held_out(example.key) or example.key in seen:
                continue
            example = wrap(rng, example)
            if len(str(example.answer)) > 200 or json.dumps(example.input[-1]) in taken:
                continue
            seen.add(example.key)
            found.append(case(example))
            if len(found) == HARD_PER_KIND:
                break
        lines += found
    with open(os.path.join(HERE, "heldout-hard.jsonl"), "w", encoding="utf-8") as f:
        f.writelines(lines)
    return len(lines)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out")
    parser.add_argument("--count", type=int, default=260000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--hard", action="store_true", help="more of the hard kinds; the held-out files stay as they are")
    parser.add_argument("--held-out-hard", action="store_true", help="write heldout-hard.jsonl next to this file and nothing else")
    args = parser.parse_args()
    rng = random.Random(args.seed)
    if args.held_out_hard:
        print(f"{write_hard(rng)} cases in heldout-hard.jsonl")
        return
    os.makedirs(args.out, exist_ok=True)
    held = write_training(os.path.join(args.out, "train.jsonl"), rng, TASKS + HARD if args.hard else TASKS, args.count)
    kept = "none" if args.hard else write_held_out(args.out, held)
    print(f"{args.count} training conversations, {sum(map(len, held.values()))} held out, {kept} kept in heldout.jsonl")


if __name__ == "__main__":
    main()
