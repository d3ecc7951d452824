"""Tiny random models of each supported family in the Hugging Face layout, and what a plain forward pass makes of them.

    python3 families.py            writes weights/*/ and families.json beside this file; needs numpy

The forward pass is written from the papers and the public model descriptions, in double precision, without a cache, one
whole sequence at a time. Weights are rounded to their stored type first, so that both sides compute with the same numbers.
Rotary scaling: linear (position interpolation, arXiv 2306.15595), dynamic NTK, YaRN (arXiv 2309.00071), Llama 3.1.
"""

import json
import math
import pathlib
import shutil
import struct

import numpy as np

HERE = pathlib.Path(__file__).parent
VOCABULARY = 40
LENGTH = 96
POSITIONS = [0, 1, 30, 63, 95]
BASE = {
    "vocab_size": VOCABULARY, "hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4,
    "num_key_value_heads": 2, "hidden_act": "silu", "rms_norm_eps": 1e-6, "max_position_embeddings": 128,
    "tie_word_embeddings": False, "torch_dtype": "bfloat16",
}


def family(architecture, **changes):
    config = {"architectures": [architecture + "ForCausalLM"], **BASE, **changes}
    return {key: value for key, value in config.items() if value is not ...}


def scaled(**scaling):
    return family("Llama", num_attention_heads=2, num_key_value_heads=1, rope_theta=500.0, rope_scaling=scaling)


# Name of the case, folder of its weights, their type, number of shards, configuration.
CASES = [
    ("llama", "llama", "BF16", 1, family("Llama", num_attention_heads=2, num_key_value_heads=1)),
    ("llama-linear", "llama", "BF16", 1, scaled(type="linear", factor=3.0)),
    ("llama-dynamic", "llama", "BF16", 1, scaled(rope_type="dynamic", factor=2.0)),
    ("llama-yarn", "llama", "BF16", 1, scaled(rope_type="yarn", factor=4.0, original_max_position_embeddings=32)),
    ("llama-yarn-mscale", "llama", "BF16", 1, scaled(
        type="yarn", factor=4.0, original_max_position_embeddings=32, beta_fast=16, beta_slow=2, mscale=0.7, mscale_all_dim=1.1, truncate=False)),
    ("llama-llama3", "llama", "BF16", 1, scaled(
        rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=32)),
    ("llama-rope-parameters", "llama", "BF16", 1, family(
        "Llama", num_attention_heads=2, num_key_value_heads=1, torch_dtype=..., dtype="bfloat16",
        rope_parameters={"rope_type": "yarn", "rope_theta": 2000.0, "factor": 2.0, "original_max_position_embeddings": 64, "attention_factor": 1.3})),
    ("llama-biases", "llama-biases", "F16", 1, family("Llama", attention_bias=True, mlp_bias=True, tie_word_embeddings=True, num_key_value_heads=...)),
    ("mistral", "mistral", "F32", 1, family("Mistral", head_dim=12, sliding_window=None, rope_theta=10000.0)),
    ("qwen2", "qwen2", "BF16", 1, family(
        "Qwen2", tie_word_embeddings=True, rope_theta=1e6, use_sliding_window=False, sliding_window=32, max_window_layers=1)),
    ("qwen3", "qwen3", "BF16", 3, family("Qwen3", head_dim=16, rope_theta=1e6, attention_bias=False, layer_types=["full_attention"] * 2)),
    ("mixtral", "mixtral", "BF16", 1, family("Mixtral", num_local_experts=4, num_experts_per_tok=2, intermediate_size=24, sliding_window=None)),
    ("qwen2-moe", "qwen2-moe", "BF16", 1, family(
        "Qwen2Moe", num_experts=4, num_experts_per_tok=2, moe_intermediate_size=16, shared_expert_intermediate_size=20,
        norm_topk_prob=False, decoder_sparse_step=1, mlp_only_layers=[0], rope_theta=1e6)),
    ("qwen3-moe", "qwen3-moe", "BF16", 2, family(
        "Qwen3Moe", num_experts=5, num_experts_per_tok=2, moe_intermediate_size=16, norm_topk_prob=True, decoder_sparse_step=2,
        num_hidden_layers=4, mlp_only_layers=[3], head_dim=8, attention_bias=True, rope_theta=1e6)),
]


def head_size(config):
    return config.get("head_dim") or config["hidden_size"] // config["num_attention_heads"]


def key_value_heads(config):
    return config.get("num_key_value_heads", config["num_attention_heads"])


def has_experts(config, layer):
    if "num_local_experts" in config:
        return True
    if "num_experts" not in config:
        return False
    return layer not in config["mlp_only_layers"] and (layer + 1) % config["decoder_sparse_step"] == 0


def shapes(config):
    """Names and shapes of all tensors, in the order of the model."""
    name, hidden, size = config["architectures"][0], config["hidden_size"], head_size(config)
    heads, kv = config["num_attention_heads"], key_value_heads(config)
    biased = config.get("attention_bias", False)
    result = {"model.embed_tokens.weight": (VOCABULARY, hidden)}

    def swiglu(prefix, width, gate="gate_proj", up="up_proj", down="down_proj"):
        for part, outputs, inputs in ((gate, width, hidden), (up, width, hidden), (down, hidden, width)):
            result[f"{prefix}.{part}.weight"] = (outputs, inputs)
            if config.get("mlp_bias"):
                result[f"{prefix}.{part}.bias"] = (outputs,)

    for layer in range(config["num_hidden_layers"]):
        block = f"model.layers.{layer}"
        result[f"{block}.input_layernorm.weight"] = (hidden,)
        for part, outputs, inputs in (("q", heads * size, hidden), ("k", kv * size, hidden), ("v", kv * size, hidden), ("o", hidden, heads * size)):
            result[f"{block}.self_attn.{part}_proj.weight"] = (outputs, inputs)
            if biased or (part != "o" and name.startswith("Qwen2")):
                result[f"{block}.self_attn.{part}_proj.bias"] = (outputs,)
        if name.startswith("Qwen3"):
            result[f"{block}.self_attn.q_norm.weight"] = (size,)
            result[f"{block}.self_attn.k_norm.weight"] = (size,)
        result[f"{block}.post_attention_layernorm.weight"] = (hidden,)
        if not has_experts(config, layer):
            swiglu(f"{block}.mlp", config["intermediate_size"])
        elif name.startswith("Mixtral"):
            result[f"{block}.block_sparse_moe.gate.weight"] = (config["num_local_experts"], hidden)
            for e in range(config["num_local_experts"]):
                swiglu(f"{block}.block_sparse_moe.experts.{e}", config["intermediate_size"], "w1", "w3", "w2")
        else:
            result[f"{block}.mlp.gate.weight"] = (config["num_experts"], hidden)
            for e in range(config["num_experts"]):
                swiglu(f"{block}.mlp.experts.{e}", config["moe_intermediate_size"])
            if "shared_expert_intermediate_size" in config:
                swiglu(f"{block}.mlp.shared_expert", config["shared_expert_intermediate_size"])
                result[f"{block}.mlp.shared_expert_gate.weight"] = (1, hidden)
    result["model.norm.weight"] = (hidden,)
    if not config["tie_word_embeddings"]:
        result["lm_head.weight"] = (VOCABULARY, hidden)
    return result


def random_weights(config, kind, seed):
    """Tensors as stored bytes and as the doubles those stand for."""
    random = np.random.default_rng(seed)
    stored, values = {}, {}
    for name, shape in shapes(config).items():
        if name.endswith("norm.weight"):
            x = 1 + 0.3 * random.standard_normal(shape)
        elif name.endswith(".bias"):
            x = 0.4 * random.standard_normal(shape)
        else:
            x = 1.6 * random.standard_normal(shape) / math.sqrt(shape[-1])
        x = x.astype(np.float32)
        if kind == "BF16":
            bits = (x.view(np.uint32) >> 16).astype(np.uint16)
            stored[name], values[name] = bits, (bits.astype(np.uint32) << 16).view(np.float32).astype(np.float64)
        elif kind == "F16":
            half = x.astype(np.float16)
            stored[name], values[name] = half, half.astype(np.float64)
        else:
            stored[name], values[name] = x, x.astype(np.float64)
    return stored, values


def save(path, kind, tensors):
    header, data = {}, b""
    for name, tensor in tensors.items():
        raw = tensor.tobytes()
        header[name] = {"dtype": kind, "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header, separators=(",", ":")).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def save_model(folder, kind, stored, shards):
    folder.mkdir(parents=True)
    if shards == 1:
        save(folder / "model.safetensors", kind, stored)
        return
    names = list(stored)
    weight_map = {}
    for shard in range(shards):
        file = f"model-{shard + 1:05}-of-{shards:05}.safetensors"
        part = names[len(names) * shard // shards:len(names) * (shard + 1) // shards]
        save(folder / file, kind, {name: stored[name] for name in part})
        weight_map |= {name: file for name in part}
    index = {"metadata": {"total_size": sum(t.nbytes for t in stored.values())}, "weight_map": weight_map}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index, indent=1) + "\n")


def frequencies(config):
    """Angle a position of each pair, and the factor on cosines and sines."""
    rope = config.get("rope_scaling") or config.get("rope_parameters") or {}
    kind = rope.get("rope_type", rope.get("type", "default"))
    theta = config.get("rope_theta", rope.get("rope_theta", 1e6 if config["architectures"][0].startswith("Mixtral") else 10000.0))
    dim = head_size(config)
    plain = theta ** -(np.arange(0, dim, 2) / dim)
    if kind in ("default", "dynamic"):  # Dynamic: the sequence is not longer than max_position_embeddings.
        return plain, 1.0
    factor = rope["factor"]
    if kind == "linear":
        return plain / factor, 1.0
    original = rope["original_max_position_embeddings"]
    if kind == "llama3":
        wavelength = 2 * math.pi / plain
        low, high = original / rope["low_freq_factor"], original / rope["high_freq_factor"]
        smooth = (original / wavelength - rope["low_freq_factor"]) / (rope["high_freq_factor"] - rope["low_freq_factor"])
        blended = (1 - smooth) * plain / factor + smooth * plain
        return np.where(wavelength > low, plain / factor, np.where(wavelength < high, plain, blended)), 1.0

    assert kind == "yarn"

    def bound(rotations):
        return dim * math.log(original / (rotations * 2 * math.pi)) / (2 * math.log(theta))

    low, high = bound(rope.get("beta_fast", 32)), bound(rope.get("beta_slow", 1))
    if rope.get("truncate", True):
        low, high = math.floor(low), math.ceil(high)
    low, high = max(low, 0), min(high, dim - 1)
    ramp = np.clip((np.arange(dim // 2) - low) / (high - low if high > low else 0.001), 0, 1)

    def scale(m):
        return 0.1 * m * math.log(factor) + 1

    default = scale(rope["mscale"]) / scale(rope["mscale_all_dim"]) if "mscale" in rope else scale(1)
    return plain * (1 - ramp) + plain / factor * ramp, rope.get("attention_factor", default)


class Transformer:
    def __init__(self, config, weights):
        self.config, self.weights = config, weights
        angles, factor = frequencies(config)
        turn = np.outer(np.arange(LENGTH), angles)
        self.cos, self.sin = np.cos(turn) * factor, np.sin(turn) * factor

    def linear(self, name, x):
        y = x @ self.weights[name + ".weight"].T
        return y + self.weights[name + ".bias"] if name + ".bias" in self.weights else y

    def norm(self, name, x):
        return x / np.sqrt((x * x).mean(-1, keepdims=True) + self.config["rms_norm_eps"]) * self.weights[name + ".weight"]

    def rotate(self, x):  # [length, heads, size], the two halves of a head are real and imaginary parts
        half = x.shape[-1] // 2
        a, b = x[..., :half], x[..., half:]
        cos, sin = self.cos[:, None, :], self.sin[:, None, :]
        return np.concatenate([a * cos - b * sin, b * cos + a * sin], -1)

    def attention(self, block, x):
        size, heads, kv = head_size(self.config), self.config["num_attention_heads"], key_value_heads(self.config)
        q = self.linear(f"{block}.q_proj", x).reshape(LENGTH, heads, size)
        k = self.linear(f"{block}.k_proj", x).reshape(LENGTH, kv, size)
        v = self.linear(f"{block}.v_proj", x).reshape(LENGTH, kv, size)
        if f"{block}.q_norm.weight" in self.weights:
            q, k = self.norm(f"{block}.q_norm", q), self.norm(f"{block}.k_norm", k)
        q, k = self.rotate(q), self.rotate(k)
        k, v = k.repeat(heads // kv, axis=1), v.repeat(heads // kv, axis=1)
        scores = np.einsum("qhd,khd->hqk", q, k) / math.sqrt(size)
        scores = np.where(np.tri(LENGTH, dtype=bool), scores, -np.inf)
        return self.linear(f"{block}.o_proj", np.einsum("hqk,khd->qhd", softmax(scores), v).reshape(LENGTH, -1))

    def swiglu(self, prefix, x, gate="gate_proj", up="up_proj", down="down_proj"):
        g = self.linear(f"{prefix}.{gate}", x)
        return self.linear(f"{prefix}.{down}", g / (1 + np.exp(-g)) * self.linear(f"{prefix}.{up}", x))

    def experts(self, prefix, x, normalize, names):
        probabilities = softmax(self.linear(f"{prefix}.gate", x))
        result = np.zeros_like(x)
        for t in range(LENGTH):
            chosen = np.argsort(-probabilities[t])[:self.config["num_experts_per_tok"]]
            total = probabilities[t][chosen].sum() if normalize else 1
            for e in chosen:
                result[t] += probabilities[t][e] / total * self.swiglu(f"{prefix}.experts.{e}", x[t], *names)
        if f"{prefix}.shared_expert_gate.weight" in self.weights:
            gate = 1 / (1 + np.exp(-self.linear(f"{prefix}.shared_expert_gate", x)))
            result += gate * self.swiglu(f"{prefix}.shared_expert", x)
        return result

    def logits(self, ids):
        x = self.weights["model.embed_tokens.weight"][ids]
        for layer in range(self.config["num_hidden_layers"]):
            block = f"model.layers.{layer}"
            x = x + self.attention(f"{block}.self_attn", self.norm(f"{block}.input_layernorm", x))
            y = self.norm(f"{block}.post_attention_layernorm", x)
            if not has_experts(self.config, layer):
                x = x + self.swiglu(f"{block}.mlp", y)
            elif self.config["architectures"][0].startswith("Mixtral"):
                x = x + self.experts(f"{block}.block_sparse_moe", y, True, ("w1", "w3", "w2"))
            else:
                x = x + self.experts(f"{block}.mlp", y, self.config["norm_topk_prob"], ())
        output = "model.embed_tokens" if self.config["tie_word_embeddings"] else "lm_head"
        return self.linear(output, self.norm("model.norm", x))


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def main():
    shutil.rmtree(HERE / "weights", ignore_errors=True)
    ids = np.random.default_rng(99).integers(0, VOCABULARY, LENGTH)
    lines, done = [], {}
    for name, folder, kind, shards, config in CASES:
        if folder not in done:
            stored, done[folder] = random_weights(config, kind, seed=len(done))
            save_model(HERE / "weights" / folder, kind, stored, shards)
        logits = Transformer(config, done[folder]).logits(ids)
        lines.append(json.dumps({
            "name": name, "weights": folder, "config": config, "ids": ids.tolist(), "positions": POSITIONS,
            "logits": [[round(float(x), 6) for x in logits[p]] for p in POSITIONS],
        }))
    (HERE / "families.json").write_text("[\n" + ",\n".join(lines) + "\n]\n")


if __name__ == "__main__":
    main()
