"""Generates the training conversations and the held-out set, deterministically from a seed.

    python3 generate.py OUT_DIR [--count 260000] [--seed 1]

Writes OUT_DIR/train.jsonl (rendered segments) and OUT_DIR/heldout_all.jsonl, and heldout.jsonl next to this file.
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

NEUTRAL = ["You are a helpful assistant.", "You are a support assistant. Reply in plain English. Keep answers under 80 words.",
           "Answer as a technical writer. Keep the reply concise.", "Be brief.", "You are a friendly assistant.", "Answer briefly and clearly.",
           "You are a helpful assistant for the MKA1 API.", "Reply in plain English.", "Keep answers short.", "You are a careful and polite assistant.",
           "Reply in plain English. Keep answers under 80 words.", "You are a support agent. Be polite.", "Be concise.", "You are a teacher. Explain things simply.",
           "Answer the question.", "Keep the reply concise.", "You are a technical writer.", "Be helpful, honest and harmless.", "Use plain language.",
           "You are an expert assistant. Keep answers under 50 words.", "آپ ایک مددگار معاون ہیں۔", "Use tools when they help.", "Do not guess."]

PER_KIND = 24  # held-out examples of each kind that are kept for scoring


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


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out")
    parser.add_argument("--count", type=int, default=260000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    os.makedirs(args.out, exist_ok=True)
    rng = random.Random(args.seed)
    makers, weights = zip(*TASKS)
    held, seen, written = {}, set(), 0
    with open(os.path.join(args.out, "train.jsonl"), "w", encoding="utf-8") as f:
        while written < args.count:
            example = wrap(rng, rng.choices(makers, weights)[0](rng))
            if held_out(example.key):
                if (example.kind, example.key) not in seen:
                    seen.add((example.kind, example.key))
                    held.setdefault(example.kind, []).append(example)
                continue
            segments = render(example.instructions, example.tools, example.input + [example.answer_item()], False)
            f.write(json.dumps({"kind": example.kind, "segments": segments}, ensure_ascii=False) + "\n")
            written += 1
    here = os.path.dirname(os.path.abspath(__file__))
    total = 0
    with open(os.path.join(args.out, "heldout_all.jsonl"), "w", encoding="utf-8") as every, \
            open(os.path.join(here, "heldout.jsonl"), "w", encoding="utf-8") as sample:
        for kind in sorted(held):
            for i, example in enumerate(held[kind]):
                line = {"kind": kind, "instructions": example.instructions, "tools": example.tools, "input": example.input,
                        "expected": example.answer, "match": example.match}
                line = json.dumps({k: v for k, v in line.items() if v}, ensure_ascii=False) + "\n"
                every.write(line)
                if i < PER_KIND and len(str(example.answer)) <= 200 or kind == "tool_call" and i < 2 * PER_KIND:
                    sample.write(line)
                    total += 1
    print(f"{written} training conversations, {sum(map(len, held.values()))} held out, {total} kept in heldout.jsonl")


if __name__ == "__main__":
    main()
