"""Byte-level BPE: trains the merges, encodes with them, and writes tokenizer.json.

Merges are learnt in two phases. First inside words and runs of punctuation, without the space or mark in front of
them; then a leading space is joined to frequent lower-case word starts. So " Karachi" and "Karachi" share their
pieces, which lets a very small model copy a name from a question into JSON arguments token by token.
"""
import collections
import json
import sys

import regex

SPECIALS = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<tool_call>", "</tool_call>"]
PATTERN = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
SPLIT = regex.compile(PATTERN)


def byte_characters():
    """GPT-2's map from each byte to a printable character, in byte order."""
    plain = list(range(33, 127)) + list(range(161, 173)) + list(range(174, 256))
    table, extra = {}, 0
    for b in range(256):
        if b in plain:
            table[b] = chr(b)
        else:
            table[b], extra = chr(256 + extra), extra + 1
    return table


BYTES = byte_characters()


def to_symbols(text):
    return [BYTES[b] for b in text.encode("utf-8")]


def merge_pair(symbols, pair, joined):
    out, i = [], 0
    while i < len(symbols):
        if i + 1 < len(symbols) and symbols[i] == pair[0] and symbols[i + 1] == pair[1]:
            out.append(joined)
            i += 2
        else:
            out.append(symbols[i])
            i += 1
    return out


def learn(counts, size, least):
    """Classic BPE over {piece: count}; pair statistics are updated only for the words a merge touches."""
    words = [(to_symbols(w), c) for w, c in counts.items()]
    pairs, where = collections.Counter(), collections.defaultdict(set)
    for i, (symbols, c) in enumerate(words):
        for p in zip(symbols, symbols[1:]):
            pairs[p] += c
            where[p].add(i)
    merges = []
    while len(merges) < size and pairs:
        best = max(pairs, key=lambda p: (pairs[p], p))
        if pairs[best] < least:
            break
        joined = "".join(best)
        merges.append(best)
        for i in where.pop(best):
            symbols, c = words[i]
            for p in zip(symbols, symbols[1:]):
                pairs[p] -= c
                if pairs[p] <= 0:
                    del pairs[p]
            symbols = merge_pair(symbols, best, joined)
            words[i] = (symbols, c)
            for p in zip(symbols, symbols[1:]):
                pairs[p] += c
                where[p].add(i)
    return merges


def train(texts, size=3072, spaced=520):
    """Merges for a vocabulary of `size`, `spaced` of which join a leading space."""
    pieces, starts = collections.Counter(), collections.Counter()
    for text in texts:
        for piece in SPLIT.findall(text):
            if len(piece) > 1 and piece[-1].isalpha() and not piece[0].isalpha():
                starts[piece] += 1
                piece = piece[1:]
            pieces[piece] += 1
    pieces = {p: c for p, c in pieces.items() if c >= 3}
    budget = size - len(SPECIALS) - 256
    merges = learn(pieces, budget - spaced, 40)
    ranks = {m: i for i, m in enumerate(merges)}
    space, firsts = BYTES[32], collections.Counter()
    for piece, c in starts.items():
        if piece[0] == " " and not piece[1].isupper():
            firsts[bpe(to_symbols(piece[1:]), ranks)[0]] += c
    return merges + [(space, first) for first, c in firsts.most_common(budget - len(merges)) if c >= 40]


def bpe(symbols, ranks):
    while len(symbols) > 1:
        pair = min(zip(symbols, symbols[1:]), key=lambda p: ranks.get(p, 1 << 30))
        if pair not in ranks:
            break
        symbols = merge_pair(symbols, pair, pair[0] + pair[1])
    return symbols


class Tokenizer:
    """Reference encoder and decoder over a merge list."""

    def __init__(self, merges):
        self.merges = [tuple(m) for m in merges]
        self.ranks = {m: i for i, m in enumerate(self.merges)}
        tokens = SPECIALS + [BYTES[b] for b in range(256)] + [a + b for a, b in self.merges]
        self.vocab = {t: i for i, t in enumerate(tokens)}
        assert len(self.vocab) == len(tokens), "two merges give the same token"
        self.tokens, self.cache = tokens, {}
        self.unbyte = {c: b for b, c in BYTES.items()}

    @classmethod
    def load(cls, path):
        with open(path, encoding="utf-8") as f:
            return cls([m.split(" ") for m in json.load(f)["model"]["merges"]])

    def encode(self, text):
        """Ids of plain text; the spelling of a special token gets no special treatment."""
        out = []
        for piece in SPLIT.findall(text):
            ids = self.cache.get(piece)
            if ids is None:
                ids = self.cache[piece] = [self.vocab[s] for s in bpe(to_symbols(piece), self.ranks)]
            out += ids
        return out

    def encode_segments(self, segments):
        """Ids and loss mask of rendered segments."""
        ids, mask = [], []
        for special, header, body, answer in segments:
            new = [SPECIALS.index(body)] if special else self.encode(header + body)
            skip = 0 if special or not answer else len(self.encode(header))
            ids += new
            mask += [0] * skip + [1 if answer else 0] * (len(new) - skip)
        return ids, mask

    def decode(self, ids, specials=True):
        out = bytearray()
        for i in ids:
            if i < len(SPECIALS):
                out += SPECIALS[i].encode() if specials else b""
            else:
                out += bytes(self.unbyte[c] for c in self.tokens[i])
        return out.decode("utf-8", errors="replace")

    def save(self, path):
        special = lambda i, t: {"id": i, "content": t, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
        level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": False, "use_regex": False}
        data = {"version": "1.0", "truncation": None, "padding": None,
                "added_tokens": [special(i, t) for i, t in enumerate(SPECIALS)], "normalizer": None,
                "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
                    {"type": "Split", "pattern": {"Regex": PATTERN}, "behavior": "Isolated", "invert": False}, level]},
                "post_processor": None, "decoder": level,
                "model": {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None, "end_of_word_suffix": None,
                          "fuse_unk": False, "byte_fallback": False, "vocab": self.vocab, "merges": [" ".join(m) for m in self.merges]}}
        with open(path, "w", encoding="utf-8") as f:
            json.dump(data, f, ensure_ascii=False, indent=1)
            f.write("\n")


def main(data, out, limit=60000):
    """Trains on the rendered training conversations in `data`."""
    texts = []
    with open(data, encoding="utf-8") as f:
        for line in f:
            texts += [header + body for special, header, body, _ in json.loads(line)["segments"] if not special]
            limit -= 1
            if limit == 0:
                break
    tokenizer = Tokenizer(train(texts))
    tokenizer.save(out)
    print(f"{len(tokenizer.tokens)} tokens, {sum(len(t) for t in texts) / sum(len(tokenizer.encode(t)) for t in texts):.2f} characters per token")


if __name__ == "__main__":
    main(*sys.argv[1:3])
