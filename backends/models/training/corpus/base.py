"""The example record that every task returns, and helpers to build it."""
import hashlib
import json

HELD = 0.025  # share of the combinations that training never sees

# Documented requests are trained on, whatever their hash says.
ALWAYS_TRAIN = {"tool|weather|Paris", "tool|weather|San Francisco", "capital|France|0", "capital|Pakistan|0", "capital_ur|Pakistan|0", "capital_ur|France|0",
                "definition|embeddings|9", "count|1|5", "count|1|60", "count|1|10", "json|Paris|0", "arithmetic_add|2|2", "memory|0|Ali"}


def held_out(key):
    """True for the share HELD of the combinations; a property of the key alone, so wrappers cannot leak it."""
    if key in ALWAYS_TRAIN or key.endswith("|train"):
        return False
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "big") / 2**32 < HELD


class Example:
    """One conversation with its expected last answer.

    `key` names the combination (country and phrasing, operand pair, unseen name) that decides whether the
    example is held out: a held-out key never reaches training, whatever wrapper it would get.
    """

    def __init__(self, kind, user, answer, key, match="exact", instructions=None, tools=None, history=None, locked=False, group=None):
        self.kind, self.answer, self.match = kind, answer, match
        self.key = f"{group or kind}|{key}"  # tasks that ask the same thing share a group
        self.instructions, self.tools = instructions, tools or []
        self.input = list(history or []) + ([message("user", user)] if user is not None else [])
        self.locked = locked  # a locked example is complete: no wrapper may be put around it

    @property
    def is_call(self):
        return isinstance(self.answer, dict)

    def answer_item(self):
        if self.is_call:
            return call_item(self.answer["name"], self.answer["arguments"])
        return message("assistant", self.answer)


def message(role, text):
    return {"type": "message", "role": role, "content": text}


def call_item(name, arguments, call_id="call_1"):
    return {"type": "function_call", "call_id": call_id, "name": name, "arguments": minify(arguments)}


def output_item(text, call_id="call_1"):
    return {"type": "function_call_output", "call_id": call_id, "output": text}


def minify(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def vary(rng, text):
    """Small changes that real users make: casing of the first letter, a lost final mark, a polite opening."""
    roll = rng.random()
    if roll < 0.06 and text[0].isascii():
        return text[0].lower() + text[1:]
    if roll < 0.12 and text[-1] in ".?" and text[0].isascii():
        return text[:-1]
    if roll < 0.15 and text[0].isascii() and text.endswith("."):
        return "Please " + text[0].lower() + text[1:]
    if roll < 0.17 and text[0].isascii():
        return text.lower()
    return text
