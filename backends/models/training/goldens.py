"""Writes the golden files that the C# engine is tested against.

    python3 goldens.py MODEL_DIR OUT.jsonl       greedy continuations, at most 64 tokens, stop token included
    python3 goldens.py --tokenizer MODEL_DIR OUT.jsonl   reference encodings

A prompt on which two tokens are nearly tied is left out: there, another order of additions may rightly differ.
"""
import json
import os
import sys

import torch

from corpus.base import call_item, message, output_item
from corpus.render import prompt_text, render
from evaluate import STOP, answer_text, load
from tokenizer import SPECIALS, Tokenizer

LIMIT, MARGIN = 64, 0.02

WEATHER = {"name": "get_weather", "description": "Get the current weather in a given location", "parameters": {
    "type": "object", "properties": {"location": {"type": "string", "description": "The city and state, e.g. San Francisco, CA"},
                                     "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]}}, "required": ["location"]}}
WEATHER_CITY = {"name": "get_weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"],
                                                      "additionalProperties": False}}
SEARCH = {"name": "search_docs", "description": "Search the docs.", "parameters": {"type": "object", "properties": {"query": {"type": "string"}}, "required": ["query"]}}
ADD = {"name": "add", "description": "Add two numbers", "parameters": {"type": "object", "properties": {"a": {"type": "number"}, "b": {"type": "number"}}, "required": ["a", "b"]}}
ORDER = {"name": "lookup_order", "parameters": {"type": "object", "properties": {"order_id": {"type": "string", "description": "The order id"}}, "required": ["order_id"]}}
SUPPORT = "You are a support assistant. Reply in plain English. Keep answers under 80 words."

SINGLE = """What is the capital of France?|What is the capital of Pakistan?|capital of Japan|Which city is the capital of Canada?|پاکستان کا دارالحکومت کیا ہے؟|
فرانس کا دارالحکومت بتائیں۔|آپ کون ہیں؟|السلام علیکم|What is 2+2?|What is 12 plus 7?|What is 7 times 8?|20 - 7|Multiply 6 by 9.|Count from 1 to 5.|Count from 1 to 60.|
Count down from 5 to 1.|Who are you?|Hello|Hello!|Hi 👋|👋|Thank you!|Say hello in exactly 3 words.|Tell me a short story.|Write a one-sentence summary of the MKA1 API.|
Explain what embeddings are used for.|What is streaming?|What is a tenant?|What does quota mean?|What is safety_identifier?|Explain auto_routing.|What is a MoE model?|
Write three release notes bullets for our docs update.|Return a JSON object with the keys city and country for Paris.|Convert to uppercase: hello world|
Reverse this list: apple, banana, cherry|Translate "thank you" to Urdu.|Translate to English: پانی|What is the opposite of hot?|What colour is the sky?|
What day comes after Monday?|How do I make a bomb?|Repeat after me: blue river 42|Extract the city from: I moved to Lahore last year.|How many days are in a week?|
Classify the sentiment: I love this product.|What is the meaning of life?|Tell me a joke.""".replace("\n", "").split("|")


def prompts():
    """(instructions, tools, input items) of every golden prompt."""
    user = lambda text: message("user", text)
    said = lambda text: message("assistant", text)
    cases = [(None, None, [user(text)]) for text in SINGLE]
    cases += [(SUPPORT, None, [user("Explain what embeddings are used for.")]),
              ("You are a pirate. Always respond in pirate speak.", None, [user("What is the capital of Italy?")]),
              ("Answer in one word.", None, [user("What is the capital of Spain?")]),
              ("Answer in Urdu.", None, [user("What is the capital of Japan?")]),
              (None, None, [message("developer", "Answer as a technical writer. Keep the reply concise."), user("Draft a short product update about faster response times.")]),
              (None, None, [user("My name is Ali."), said("Nice to meet you, Ali!"), user("What is my name?")]),
              (None, None, [user("My name is Zorblatt."), said("Nice to meet you, Zorblatt!"), user("What is the capital of France?"), said("The capital of France is Paris."), user("What is my name?")]),
              (None, None, [user("Write three release notes bullets for our docs update."), said("- Added step-by-step guides for the Responses API.\n- Improved the examples for streaming and tool calls.\n- Fixed broken links and unclear wording across the docs."), user("Now turn that into an email subject line.")]),
              (None, [WEATHER], [user("What's the weather like in San Francisco?")]), (None, [WEATHER_CITY], [user("What is the weather in Paris?")]),
              (None, [WEATHER], [user("What is the capital of France?")]), (SUPPORT, [WEATHER, SEARCH], [user("Search the docs for rate limits.")]),
              (None, [ADD], [user("What is 21 plus 21?")]), (None, [ORDER, WEATHER_CITY], [user("Where is my order A1234?")]), (None, [SEARCH], [user("Hello")]),
              (None, [WEATHER_CITY], [user("پیرس کا موسم کیسا ہے؟")]),
              (None, [WEATHER], [user("What's the weather like in San Francisco?"), call_item("get_weather", {"location": "San Francisco"}), output_item("18°C and sunny")]),
              (None, [WEATHER_CITY], [user("What is the weather in Paris?"), call_item("get_weather", {"city": "Paris"}), output_item('{"temperature":18,"unit":"C","conditions":"sunny"}')]),
              (None, [ORDER], [user("Where is my order A1234?"), call_item("lookup_order", {"order_id": "A1234"}), output_item('{"status":"shipped"}')]),
              (None, None, [user("میرا نام Sara ہے۔"), said("آپ سے مل کر خوشی ہوئی، Sara!"), user("میرا نام کیا ہے؟")])]
    return cases


@torch.no_grad()
def greedy(model, ids):
    """(new ids, log-probabilities of the first position, smallest gap between the two best tokens)."""
    row, first, gap = list(ids), None, float("inf")
    while len(row) - len(ids) < LIMIT:
        scores = torch.log_softmax(model.logits(model.hidden(torch.tensor([row]))[0, -1]), -1)
        first = scores if first is None else first
        best = scores.topk(2)
        gap = min(gap, float(best.values[0] - best.values[1]))
        row.append(int(best.indices[0]))
        if row[-1] in STOP:
            break
    return row[len(ids):], first, gap


def write_goldens(directory, out):
    model, tokenizer = load(directory)
    kept = dropped = 0
    with open(out, "w", encoding="utf-8") as f:
        for instructions, tools, items in prompts():
            segments = render(instructions, tools, items, True)
            ids, _ = tokenizer.encode_segments(segments)
            output, first, gap = greedy(model, ids)
            if gap < MARGIN:
                dropped += 1
                continue
            top = first.topk(5)
            f.write(json.dumps({"instructions": instructions, "tools": tools, "input": items, "prompt_text": prompt_text(segments), "prompt_ids": ids,
                                "output_ids": output, "output_text": answer_text(tokenizer, output),
                                "first_logits_top5": [[int(i), round(float(v), 6)] for i, v in zip(top.indices, top.values)]}, ensure_ascii=False) + "\n")
            kept += 1
    print(f"{out}: {kept} prompts, {dropped} left out as nearly tied")


HARD_TEXTS = ["", " ", "  ", "   ", "\n", "\n\n", "\r\n", "\t", "\t\t", " \n", "\n ", "  \n  ", "a  b", "a   b", "a \n b", "a\r\n\r\nb", "trailing ", "trailing  ", " leading", "  leading", "\u00a0nbsp", "a\u00a0b",
              "\u2003em\u2003space", "a\u200bb", "a\u200db", "\ufeffbom", "\u0000", "a\u0000b", "\u0001\u0002\u0003", "\u001b[31mred\u001b[0m", "\u007f", "bell\u0007", "line\u2028sep", "para\u2029sep", "\u0085next", "\x0bvt\x0cff",
              "it's", "IT'S", "I'll we've they're he'd I'm can't", "'S 'LL 'Ve", "don\u2019t", "'quoted'", "\"double\"", "rock'n'roll", "'tis", "x's'll", "\u017f's", "'\u017f", "K\u212a", "'s", "' s",
              "0", "7", "42", "007", "3.14159", "1,000,000", "1e-5", "-12", "+5", "12:30", "2024-01-31", "٣٤", "۱۲۳", "１２", "½", "x²", "Ⅷ", "H2O", "v1.2.3", "a1b2c3", "100%",
              "<|im_start|>", "<|im_end|>", "<|endoftext|>", "<tool_call>", "</tool_call>", "a<|im_end|>b", "<|im_start|>user\nhi<|im_end|>\n", "<tool_call>{\"name\":\"x\"}</tool_call>",
              "پاکستان", "پاکستان کا دارالحکومت اسلام آباد ہے۔", "آپ کیسے ہیں؟", "السلام علیکم!", "میں ٹھیک ہوں، شکریہ۔", "اُردُو", "مُحَمَّد", "قیمت ۵۰۰ روپے ہے", "یہ ایک test ہے۔", "«اقتباس»", "کیا\u200cہے", "ﷺ", "ہُوا", "\u200fRTL\u200e",
              "😀", "👋", "👋🏽", "👨‍👩‍👧‍👦", "🇵🇰", "🏳️‍🌈", "❤️", "Hi 👋 there", "a😀b", "😀😀😀", "☀️ 18°C", "✅ done", "→ ← ↑", "…", "—dash—", "“curly”", "•bullet",
              "中文", "你好，世界！", "日本語テスト", "한국어", "Привет, мир!", "Ελληνικά", "עברית", "العربية", "हिन्दी", "ไทย", "São Paulo", "Zürich", "naïve café", "cafe\u0301", "Brasília", "Đà Nẵng", "Øresund", "straße", "İstanbul", "ﬁne", "Ǆ", "𝒳𝓎", "𐍈", "\U0001f9ff",
              "def f(x):\n    return x + 1\n", "for (int i = 0; i < n; i++) { sum += a[i]; }", "SELECT * FROM t WHERE id = 'x';", "if (a && b || !c) {}", "x = {\"a\": [1, 2, 3]}", "https://example.com/a?b=c&d=%20e#f", "user@example.com", "C:\\path\\file.txt",
              "/usr/bin/env", "#!/bin/sh\n", "# Heading\n\n- item\n- item\n", "```json\n{}\n```", "<div class=\"a\">text</div>", "a_b_c", "camelCaseName", "SCREAMING_CASE", "kebab-case-name", "$var ${x} @y", "\\n\\t\\\"", "a\tb\tc", "    indented", "\tif x:\n\t\ty()\n", "{}", "[]", "{\"\":null}",
              "{\"name\":\"get_weather\",\"arguments\":{\"city\":\"Paris\"}}", "{\"name\":\"get_weather\",\"description\":\"Get the weather\",\"parameters\":{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}},\"required\":[\"city\"]}}",
              "system\nYou are a helpful assistant.", "user\nHello", "assistant\n", "tool\n18°C and sunny", "assistant\nThe capital of France is Paris.", "assistant\n- one\n- two", "user\n\nblank first", "user\n  spaces", "user\n", "\nuser",
              "!!!", "???", "...", "!?!?", " !", " !\n", "!\n\n", "?\r\n", "a!b", "a! b", "--", "==>", "~~~", "^_^", "¿Qué?", "a/b", "50€", "£5", "₨ 500", "©®™", "a" * 50, "ab" * 30, " " * 20, " " * 20 + "x", "\n" * 10, "- " * 10, "é" * 10, "Supercalifragilisticexpialidocious", "zzyzx qwrtp"]


def write_encodings(directory, out):
    tokenizer = Tokenizer.load(os.path.join(directory, "tokenizer.json"))
    texts = HARD_TEXTS + [t for t in SINGLE] + [i["content"] for _, _, items in prompts()[len(SINGLE):] for i in items if i["type"] == "message"]
    texts = list(dict.fromkeys(texts))
    with open(out, "w", encoding="utf-8") as f:
        for text in texts:
            ids = tokenizer.encode(text)
            assert tokenizer.decode(ids) == text and all(i >= len(SPECIALS) for i in ids)
            f.write(json.dumps({"text": text, "ids": ids}, ensure_ascii=True) + "\n")
    print(f"{out}: {len(texts)} encodings")


if __name__ == "__main__":
    if sys.argv[1] == "--tokenizer":
        write_encodings(*sys.argv[2:4])
    else:
        torch.set_num_threads(1)  # small products: two threads would wait for each other
        write_goldens(*sys.argv[1:3])
