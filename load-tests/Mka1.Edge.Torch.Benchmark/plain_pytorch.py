"""The benchmark's peer: the same decoder, written the plain way in PyTorch, with one contiguous cache a layer.

Takes its settings as one JSON argument and prints tokens per second. Positions, weights and lengths are as in the program
that starts it; the best token is picked on the device.
"""

import json
import sys
import time

import torch
import torch.nn.functional as F

TYPES = {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}


class Decoder:
    def __init__(self, c):
        self.c = c
        self.size = c["hidden"] // c["heads"]
        self.kind = dict(dtype=TYPES[c["dtype"]], device=c["device"])
        width, kv = c["hidden"], c["key_value_heads"] * self.size
        self.embedding = self.random(c["vocabulary"], width)
        self.layers = [
            dict(
                q=self.random(width, width), k=self.random(kv, width), v=self.random(kv, width), o=self.random(width, width),
                gate=self.random(c["intermediate"], width), up=self.random(c["intermediate"], width),
                down=self.random(width, c["intermediate"]),
                norms=[torch.ones(width, **self.kind) for _ in range(2)],
            )
            for _ in range(c["layers"])
        ]
        self.norm = torch.ones(width, **self.kind)
        positions = c["context"] + c["warmup"] + c["tokens"]
        shape = (c["batch"], c["key_value_heads"], positions, self.size)
        self.cache = [(torch.zeros(shape, **self.kind), torch.zeros(shape, **self.kind)) for _ in range(c["layers"])]
        frequencies = 1.0 / c["theta"] ** (torch.arange(0, self.size, 2, device=c["device"]) / self.size)
        angles = torch.outer(torch.arange(positions, device=c["device"]).float(), frequencies)
        self.cos = torch.cat([angles, angles], -1).cos().to(self.kind["dtype"])
        self.sin = torch.cat([angles, angles], -1).sin().to(self.kind["dtype"])

    def random(self, *shape):
        return torch.randn(*shape, **self.kind).mul_(0.02)

    def rms(self, x, weight):
        wide = x.float()
        return weight * (wide * torch.rsqrt(wide.pow(2).mean(-1, keepdim=True) + self.c["epsilon"])).to(x.dtype)

    def rotate(self, x, begin, end):
        half = self.size // 2
        turned = torch.cat([-x[..., half:], x[..., :half]], -1)
        return x * self.cos[begin:end] + turned * self.sin[begin:end]

    def heads(self, x, count):
        return x.view(x.shape[0], x.shape[1], count, self.size).transpose(1, 2)

    def attend(self, q, keys, values, causal):
        shared = self.c["heads"] // self.c["key_value_heads"]
        keys, values = keys.repeat_interleave(shared, 1), values.repeat_interleave(shared, 1)
        if hasattr(F, "scaled_dot_product_attention"):
            return F.scaled_dot_product_attention(q, keys, values, is_causal=causal)
        scores = q @ keys.transpose(-1, -2) / self.size**0.5
        if causal:
            scores = scores.masked_fill(torch.ones(scores.shape[-2:], dtype=torch.bool, device=scores.device).triu(1), float("-inf"))
        return scores.softmax(-1, dtype=torch.float32).to(q.dtype) @ values

    def step(self, ids, begin):
        """ids [batch, new]; the best next token of each sequence."""
        end = begin + ids.shape[1]
        x = F.embedding(ids, self.embedding)
        for layer, (keys, values) in zip(self.layers, self.cache):
            y = self.rms(x, layer["norms"][0])
            q = self.rotate(self.heads(F.linear(y, layer["q"]), self.c["heads"]), begin, end)
            keys[:, :, begin:end] = self.rotate(self.heads(F.linear(y, layer["k"]), self.c["key_value_heads"]), begin, end)
            values[:, :, begin:end] = self.heads(F.linear(y, layer["v"]), self.c["key_value_heads"])
            a = self.attend(q, keys[:, :, :end], values[:, :, :end], causal=begin == 0 and end > 1)
            x = x + F.linear(a.transpose(1, 2).reshape(x.shape), layer["o"])
            y = self.rms(x, layer["norms"][1])
            x = x + F.linear(F.silu(F.linear(y, layer["gate"])) * F.linear(y, layer["up"]), layer["down"])
        return F.linear(self.rms(x[:, -1], self.norm), self.embedding).argmax(-1, keepdim=True)


def main():
    c = json.loads(sys.argv[1])
    with torch.no_grad():
        torch.manual_seed(1)
        decoder = Decoder(c)
        ids = decoder.step(torch.randint(c["vocabulary"], (c["batch"], c["context"]), device=c["device"]), 0)
        for step in range(c["warmup"] + c["tokens"]):
            if step == c["warmup"]:
                ids.cpu()
                start = time.perf_counter()
            ids = decoder.step(ids, c["context"] + step)
            # A server has to see each token before it can go on.
            ids.cpu()
        print(c["batch"] * c["tokens"] / (time.perf_counter() - start))


if __name__ == "__main__":
    main()
