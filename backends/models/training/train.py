"""Trains a model under a wall-clock budget: warm-up, a stable stretch, then a linear decay to the end.

    python3 train.py dense DATA TOKENIZER OUT --minutes 30
    python3 train.py dense DATA TOKENIZER OUT --minutes 10 --resume OUT/final.pt --seed 2
    python3 train.py dense DATA TOKENIZER OUT --minutes 30 --start ../mka1-mini-dense
    python3 train.py moe   DATA TOKENIZER OUT --minutes 15 --upcycle OUT_OF_DENSE/final.pt

OUT/last.pt is rewritten every two minutes, so that training can be cut or exported at any time; OUT/stable.pt
holds the weights from just before the decay and OUT/final.pt those of the end.
"""
import argparse
import ctypes
import json
import os
import time

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # spinning threads starve each other on a shared machine

import numpy as np
import torch
import torch.nn.functional as F

from export import load_safetensors
from model import DENSE, MOE, Model
from tokenizer import Tokenizer


def encode_file(data, tokenizer, cache):
    """(ids, mask, offsets) of all training conversations, cached as one npz file."""
    if not os.path.exists(cache):
        ids, mask, ends = [], [], [0]
        with open(data, encoding="utf-8") as f:
            for line in f:
                i, m = tokenizer.encode_segments(json.loads(line)["segments"])
                ids += i
                mask += m
                ends.append(len(ids))
        np.savez(cache, ids=np.array(ids, np.int16), mask=np.array(mask, np.int8), ends=np.array(ends, np.int64))
    z = np.load(cache)
    return z["ids"], z["mask"], z["ends"]


def batches(ends, budget, rng):
    """Endless index lists: conversations of similar length together, `budget` padded tokens a batch, in random order."""
    lengths = np.diff(ends)
    while True:
        order = rng.permutation(len(lengths))
        for start in range(0, len(order), 20000):
            part = order[start:start + 20000]
            part = part[np.argsort(lengths[part] + rng.random(len(part)), kind="stable")]
            groups, group, longest = [], [], 0
            for i in part:
                longest = max(longest, lengths[i])
                if group and longest * (len(group) + 1) > budget:
                    groups.append(group)
                    group, longest = [], lengths[i]
                group.append(i)
            groups.append(group)
            rng.shuffle(groups)
            yield from groups


def collate(group, ids, mask, ends):
    longest = max(ends[i + 1] - ends[i] for i in group)
    x = np.zeros((len(group), longest), np.int64)
    m = np.zeros((len(group), longest), bool)
    for row, i in enumerate(group):
        a, b = ends[i], ends[i + 1]
        x[row, :b - a], m[row, :b - a] = ids[a:b], mask[a:b]
    return torch.from_numpy(x), torch.from_numpy(m)


class Muon(torch.optim.Optimizer):
    """Momentum whose update is orthogonalised by a Newton-Schulz iteration (Jordan et al., 2024); for hidden matrices."""

    def __init__(self, params, lr, momentum=0.95):
        super().__init__(params, dict(lr=lr, momentum=momentum))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            shapes = {}
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                buffer = state.setdefault("momentum", torch.zeros_like(p))
                buffer.lerp_(p.grad, 1 - group["momentum"])
                shapes.setdefault(p.shape, []).append((p, p.grad.lerp(buffer, group["momentum"])))
            for shape, entries in shapes.items():
                update = orthogonalise(torch.stack([g for _, g in entries]))
                scale = max(1.0, shape[0] / shape[1]) ** 0.5
                for (p, _), u in zip(entries, update):
                    p.mul_(1 - group["lr"] * 0.01).add_(u, alpha=-group["lr"] * scale)


def orthogonalise(g, steps=5):
    a, b, c = 3.4445, -4.7750, 2.0315
    x = g / (g.flatten(1).norm(dim=1)[:, None, None] + 1e-7)
    flip = x.shape[1] > x.shape[2]
    x = (x.transpose(1, 2) if flip else x).bfloat16()
    for _ in range(steps):
        s = x @ x.transpose(1, 2)
        x = a * x + (b * s + c * s @ s) @ x
    return (x.transpose(1, 2) if flip else x).float()


def upcycle(config, path, seed):
    """Sparse upcycling (arXiv:2212.05055) with virtual groups (arXiv:2410.07524): the mixture starts as the dense model, but for rounding.

    Two experts are one another's complement: a random half of the dense feed-forward units each, with the router's same
    row, so that they are chosen together, each with the weight 1/2; the down projection is doubled for it. Another pair is
    cut elsewhere and has another row. Which pair a token goes to is left to the router, and training tells the pairs apart.
    """
    torch.manual_seed(seed)
    dense, model = torch.load(path)["model"], Model(config)
    state = model.state_dict()
    width = config["intermediate_size"]
    for name in state:
        if "block_sparse_moe" not in name:
            state[name] = dense[name].clone()
    for layer in range(config["num_hidden_layers"]):
        gate, up, down = (dense[f"layers.{layer}.mlp.{n}_proj.weight"] for n in ("gate", "up", "down"))
        router = state[f"layers.{layer}.block_sparse_moe.gate.weight"]
        for pair in range(config["num_local_experts"] // 2):
            units = torch.randperm(gate.shape[0])
            router[2 * pair + 1] = router[2 * pair]
            for half in range(2):
                e, pick = 2 * pair + half, units[half * width:(half + 1) * width]
                for name, w in (("w1", gate[pick]), ("w3", up[pick]), ("w2", 2 * down[:, pick])):
                    state[f"layers.{layer}.block_sparse_moe.experts.{e}.{name}.weight"] = w.clone()
    model.load_state_dict(state)
    return model


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=["dense", "moe"])
    parser.add_argument("data")
    parser.add_argument("tokenizer")
    parser.add_argument("out")
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--tokens", type=int, default=3072, help="padded tokens a step")
    parser.add_argument("--lr", type=float, default=0.02)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--decay", type=float, default=0.25, help="share of the budget spent on the final decay")
    parser.add_argument("--resume", help="checkpoint to go on from; the log in OUT goes on too")
    parser.add_argument("--upcycle", help="dense checkpoint to start a mixture of experts from")
    parser.add_argument("--start", help="exported model directory to start from; steps are counted from 0")
    parser.add_argument("--router-noise", type=float, default=0.0, help="noise on the router's scores, in training only")
    parser.add_argument("--float32", action="store_true", help="no bfloat16 in matrix products")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    os.makedirs(args.out, exist_ok=True)
    torch.set_num_threads(args.threads)
    libc = ctypes.CDLL("libc.so.6")  # keep freed tensors: mapping fresh pages for each one costs as much as the sums
    libc.mallopt(-3, 2**31 - 1), libc.mallopt(-1, 2**31 - 1)
    torch.manual_seed(args.seed)
    ids, mask, ends = encode_file(args.data, Tokenizer.load(args.tokenizer), args.data + ".npz")
    print(f"{len(ends) - 1} conversations, {len(ids) / 1e6:.1f} M tokens, {mask.sum() / 1e6:.1f} M of them answers", flush=True)
    config = MOE if args.kind == "moe" else DENSE
    model = upcycle(config, args.upcycle, args.seed) if args.upcycle else Model(config)
    for layer in model.moe_layers():
        layer.noise = args.router_noise
    hidden = [p for n, p in model.named_parameters() if p.dim() == 2 and "embed" not in n and "gate.weight" not in n]
    rest = [p for n, p in model.named_parameters() if not any(p is h for h in hidden)]
    optimizers = [Muon(hidden, args.lr), torch.optim.AdamW(rest, args.lr / 5, betas=(0.9, 0.95), weight_decay=0.0)]
    base = [[g["lr"] for g in o.param_groups] for o in optimizers]
    print(f"{sum(p.numel() for p in model.parameters()) / 1e6:.2f} M parameters", flush=True)
    stream = batches(ends, args.tokens, np.random.default_rng(args.seed))
    began = saved = time.time()
    steps, seen, earlier, recent, stable = 0, 0, 0.0, [], False
    path = os.path.join(args.out, "log.jsonl")
    if args.resume:
        checkpoint = torch.load(args.resume)
        model.load_state_dict(checkpoint["model"])
        steps = checkpoint["steps"]
        with open(path, encoding="utf-8") as f:
            past = [entry for entry in map(json.loads, f) if entry["step"] <= steps][-1]
        seen, earlier = past["tokens"], past["minutes"]
    if args.start:
        model.load_state_dict({n[len("model."):]: t for n, t in load_safetensors(os.path.join(args.start, "model.safetensors")).items()})
    first, log = steps, open(path, "a")

    def note():
        minutes = earlier + (time.time() - began) / 60
        entry = {"step": steps, "minutes": round(minutes, 2), "loss": round(float(np.mean(recent)), 4), "over": len(recent), "tokens": seen,
                 "rate": round(seen / minutes / 60)}
        if model.moe_layers():
            entry["load"] = [[round(s, 2) for s in layer.load] for layer in model.moe_layers()]
        print(json.dumps(entry), flush=True)
        print(json.dumps(entry), file=log, flush=True)

    while True:
        done = (time.time() - began) / (args.minutes * 60)
        if done >= 1:
            break
        if done > 1 - args.decay and not stable:
            torch.save({"model": model.state_dict(), "config": config, "steps": steps}, os.path.join(args.out, "stable.pt"))
            stable = True
        rate = min(1.0, (steps - first + 1) / 100, max(0.02, (1 - done) / max(args.decay, 1e-9)))
        for o, rates in zip(optimizers, base):
            for g, lr in zip(o.param_groups, rates):
                g["lr"] = lr * rate
        x, m = collate(next(stream), ids, mask, ends)
        with torch.autocast("cpu", torch.bfloat16, enabled=not args.float32):
            hidden_states = model.hidden(x[:, :-1])
            target = m[:, 1:]
            logits = model.logits(hidden_states[target])
        loss = F.cross_entropy(logits.float(), x[:, 1:][target])
        total = loss + 0.02 * sum(layer.balance for layer in model.moe_layers())
        total.backward()
        torch.nn.utils.clip_grad_norm_(rest, 1.0)
        for o in optimizers:
            o.step()
            o.zero_grad(set_to_none=True)
        steps, seen = steps + 1, seen + x.numel()
        recent.append(loss.item())
        if steps % 50 == 0:
            note()
            recent.clear()
        if time.time() - saved > 120:
            torch.save({"model": model.state_dict(), "config": config, "steps": steps}, os.path.join(args.out, "last.pt"))
            saved = time.time()
    if recent:
        note()
    torch.save({"model": model.state_dict(), "config": config, "steps": steps}, os.path.join(args.out, "final.pt"))
    print(f"{steps} steps, {seen / 1e6:.1f} M tokens", flush=True)


if __name__ == "__main__":
    main()
