"""Renders a conversation into the segments that the tokenizer encodes: special tokens and plain text.

A segment is (special, header, body, is_answer). Header and body are encoded as ONE text; only the body of an
answer (and the specials that belong to it) carries the training loss.
"""
from .base import minify

END, START, CALL, CALL_END = "<|im_end|>", "<|im_start|>", "<tool_call>", "</tool_call>"


def tool_line(tool):
    line = {"name": tool["name"]}
    if tool.get("description") is not None:
        line["description"] = tool["description"]
    line["parameters"] = tool.get("parameters")
    return minify(line)


def first_block(instructions, tools):
    parts = [instructions] if instructions else []
    if tools:
        parts.append("# Tools\n" + "\n".join(tool_line(t) for t in tools))
    return "\n\n".join(parts)


def special(text, answer=False):
    return (True, "", text, answer)


def block(header, body, answer=False):
    return [special(START), (False, header, body, answer), special(END, answer), (False, "\n", "", False)]


def render(instructions, tools, items, generate):
    """Segments of the whole conversation, ending with the generation prompt when `generate`."""
    head = first_block(instructions, tools)
    out = block("system\n", head) if head else []
    for item in items:
        if item["type"] == "message":
            role = "system" if item["role"] in ("system", "developer") else item["role"]
            out += block(role + "\n", item["content"], role == "assistant")
        elif item["type"] == "function_call":
            text = '{"name":' + minify(item["name"]) + ',"arguments":' + item["arguments"] + "}"
            out += [special(START), (False, "assistant\n", "", False), special(CALL, True), (False, "", text, True),
                    special(CALL_END, True), special(END, True), (False, "\n", "", False)]
        else:
            out += block("tool\n", item["output"])
    if generate:
        out += [special(START), (False, "assistant\n", "", False)]
    return out


def prompt_text(segments):
    return "".join(header + body for _, header, body, _ in segments)
