"""Writes a trained checkpoint as a Hugging Face style model directory.

    python3 export.py dense     CHECKPOINT TOKENIZER OUT_DIR --on CORPUS [--after MODEL_DIR] [--threads 2]
    python3 export.py moe       CHECKPOINT TOKENIZER OUT_DIR --on CORPUS [--after MODEL_DIR | --upcycled]

OUT_DIR/training.json tells of the training, from the log beside the checkpoint: what MODEL_DIR had behind it, then this.

Quantized forms are made of the dense directory by the model server: Mka1.Edge.ModelServer quantize.
"""
import argparse
import json
import os
import struct

import numpy as np
import torch

from tokenizer import Tokenizer

CHAT_TEMPLATE = (
    "{%- set first = messages[0]['content'] if messages and messages[0]['role'] in ['system', 'developer'] else '' -%}"
    "{%- if first or tools -%}"
    "{{- '<|im_start|>system\\n' + first -}}"
    "{%- if first and tools -%}{{- '\\n\\n' -}}{%- endif -%}"
    "{%- if tools -%}"
    "{{- '# Tools' -}}"
    "{%- for tool in tools -%}"
    "{%- set f = tool['function'] if 'function' in tool else tool -%}"
    "{{- '\\n{\"name\":' + (f['name'] | tojson(separators=(',', ':'))) -}}"
    "{%- if f['description'] is defined and f['description'] is not none -%}"
    "{{- ',\"description\":' + (f['description'] | tojson(separators=(',', ':'))) -}}"
    "{%- endif -%}"
    "{{- ',\"parameters\":' + (f['parameters'] | tojson(separators=(',', ':'))) + '}' -}}"
    "{%- endfor -%}"
    "{%- endif -%}"
    "{{- '<|im_end|>\\n' -}}"
    "{%- endif -%}"
    "{%- set rest = messages[1:] if first else messages -%}"
    "{%- for message in rest -%}"
    "{%- if message['role'] == 'tool' -%}"
    "{{- '<|im_start|>tool\\n' + message['content'] + '<|im_end|>\\n' -}}"
    "{%- else -%}"
    "{%- if message['content'] -%}"
    "{{- '<|im_start|>' + ('system' if message['role'] == 'developer' else message['role']) + '\\n' + message['content'] + '<|im_end|>\\n' -}}"
    "{%- endif -%}"
    "{%- for call in message['tool_calls'] or [] -%}"
    "{%- set f = call['function'] if 'function' in call else call -%}"
    "{{- '<|im_start|>assistant\\n<tool_call>{\"name\":' + (f['name'] | tojson(separators=(',', ':'))) + ',\"arguments\":' -}}"
    "{{- (f['arguments'] if f['arguments'] is string else f['arguments'] | tojson(separators=(',', ':'))) + '}</tool_call><|im_end|>\\n' -}}"
    "{%- endfor -%}"
    "{%- endif -%}"
    "{%- endfor -%}"
    "{%- if add_generation_prompt -%}{{- '<|im_start|>assistant\\n' -}}{%- endif -%}")


def bf16_bytes(tensor):
    """Rounds to bfloat16, to nearest even, and returns the two little-endian bytes of each value."""
    return tensor.bfloat16().contiguous().view(torch.int16).numpy().tobytes()


def tensors_of(state):
    """[(name, dtype, shape, bytes)] in the names and types of the checkpoint format."""
    out = []
    for name, value in state.items():
        name, value = "model." + name, value.detach()
        out.append((name, "BF16", list(value.shape), bf16_bytes(value)))
    return out


def save_safetensors(path, tensors):
    header, offset = {"__metadata__": {"format": "pt"}}, 0
    for name, dtype, shape, data in tensors:
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [offset, offset + len(data)]}
        offset += len(data)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)  # keeps the data aligned for memory mapping
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text)
        for *_, data in tensors:
            f.write(data)


def load_safetensors(path):
    """{name: fp32, int8 or uint8 tensor}; the reader that evaluation and goldens use, so they see the rounded weights."""
    with open(path, "rb") as f:
        size, = struct.unpack("<Q", f.read(8))
        header, data = json.loads(f.read(size)), f.read()
    out = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        a, b = entry["data_offsets"]
        raw = np.frombuffer(data[a:b], {"BF16": "<i2", "F32": "<f4", "I8": "i1", "U8": "u1"}[entry["dtype"]]).copy()
        tensor = torch.from_numpy(raw)
        if entry["dtype"] == "BF16":
            tensor = tensor.view(torch.bfloat16).float()
        out[name] = tensor.view(entry["shape"])
    return out


def config_of(kind, c):
    moe = kind == "moe"
    config = {"architectures": ["MixtralForCausalLM" if moe else "LlamaForCausalLM"], "model_type": "mixtral" if moe else "llama",
              "vocab_size": c["vocab_size"], "hidden_size": c["hidden_size"], "intermediate_size": c["intermediate_size"],
              "num_hidden_layers": c["num_hidden_layers"], "num_attention_heads": c["num_attention_heads"],
              "num_key_value_heads": c["num_key_value_heads"], "head_dim": c["head_dim"], "hidden_act": "silu",
              "rms_norm_eps": c["rms_norm_eps"], "rope_theta": c["rope_theta"], "max_position_embeddings": c["max_position_embeddings"],
              "tie_word_embeddings": True, "attention_dropout": 0.0, "initializer_range": 0.02, "use_cache": True,
              "bos_token_id": None, "pad_token_id": 0, "eos_token_id": 2, "torch_dtype": "bfloat16"}
    if moe:
        config.update(num_local_experts=c["num_local_experts"], num_experts_per_tok=c["num_experts_per_tok"], router_aux_loss_coef=0.02,
                      output_router_logits=False, router_jitter_noise=0.0, sliding_window=None)
    else:
        config.update(attention_bias=False, mlp_bias=False, rope_scaling=None)
    return config


def write_json(path, value):
    with open(path, "w", encoding="utf-8") as f:
        json.dump(value, f, ensure_ascii=False, indent=2)
        f.write("\n")


def history(args, steps):
    """What the weights have behind them, oldest first."""
    with open(os.path.join(os.path.dirname(args.checkpoint), "log.jsonl"), encoding="utf-8") as f:
        log = [json.loads(line) for line in f]
    tail, over = [], 0
    while log and over < 50:
        tail.append(log.pop())
        over += tail[-1].get("over", 50)
    log += reversed(tail)
    loss = sum(e["loss"] * e.get("over", 50) for e in tail) / over
    this = {"steps": steps, "tokens": log[-1]["tokens"], "minutes": log[-1]["minutes"], "threads": args.threads, "conversations": args.on,
            "loss": round(loss, 4), "loss_over": over}
    if "load" in log[-1]:
        this["load"] = log[-1]["load"]
    if args.upcycled:
        this["after"] = "the dense model"
    if not args.after:
        return [this]
    with open(os.path.join(args.after, "training.json"), encoding="utf-8") as f:
        return json.load(f) + [this]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=["dense", "moe"])
    parser.add_argument("checkpoint")
    parser.add_argument("tokenizer")
    parser.add_argument("out")
    parser.add_argument("--on", required=True, help="what it was trained on, for its card")
    parser.add_argument("--after", help="the exported model that training started from")
    parser.add_argument("--upcycled", action="store_true", help="its experts were made of the dense model")
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    saved, out = torch.load(args.checkpoint, map_location="cpu"), args.out
    os.makedirs(out, exist_ok=True)
    write_json(os.path.join(out, "training.json"), history(args, saved["steps"]))
    save_safetensors(os.path.join(out, "model.safetensors.tmp"), tensors_of(saved["model"]))
    os.replace(os.path.join(out, "model.safetensors.tmp"), os.path.join(out, "model.safetensors"))
    write_json(os.path.join(out, "config.json"), config_of(args.kind, saved["config"]))
    write_json(os.path.join(out, "generation_config.json"), {"eos_token_id": [2, 0], "pad_token_id": 0, "do_sample": False})
    Tokenizer.load(args.tokenizer).save(os.path.join(out, "tokenizer.json"))
    write_json(os.path.join(out, "tokenizer_config.json"), {
        "tokenizer_class": "PreTrainedTokenizerFast", "add_bos_token": False, "add_prefix_space": False, "bos_token": None,
        "eos_token": "<|im_end|>", "pad_token": "<|endoftext|>", "unk_token": None, "clean_up_tokenization_spaces": False,
        "model_max_length": saved["config"]["max_position_embeddings"], "chat_template": CHAT_TEMPLATE})
    print(f"{out}: {sum(len(t[3]) for t in tensors_of(saved['model'])) / 1e6:.2f} MB after {saved['steps']} steps")


if __name__ == "__main__":
    main()
