"""Writes MODEL_CARD.md of each model of the family from its config, training.json and evaluations.

    python3 cards.py MODELS_DIR

Every figure is read from the files beside the card; only what a model is and where it fails is written by hand.
"""
import json
import os
import sys

from evaluate import dequantized
from export import load_safetensors

START = "A Llama-style decoder, trained from scratch: grouped-query attention, SwiGLU, RMSNorm, rotary positions, tied embeddings. Weights are stored as bfloat16."
EXPERTS = ("A sparse mixture of experts with Mixtral's layout and routing (softmax over 4 experts, the best 2 kept and renormalised). It is the dense model taken apart (sparse "
           "upcycling, arXiv:2212.05055, with virtual groups, arXiv:2410.07524): two experts are each a random half of the dense feed-forward units, another two are halves cut "
           "elsewhere, and the two of a pair start with the same row of the router, so that the mixture starts as the dense model's equal. Short training with the load-balancing loss "
           "of the Switch Transformer (weight 0.02) then begins to tell them apart. It is as much work for each token as the dense model. Weights are stored as bfloat16.")
ROUNDED = ("The dense model with {bits} weights: {how} with one fp32 scale for each group of 64 inputs (w ≈ q × scale), the scale chosen so that the group loses least: {lost} of a "
           "matrix's length in the linear layers. Norms stay bfloat16. No training happens after rounding. Matrix products are sums of whole numbers: activations are rounded to bytes "
           "in groups of 64 as well.")
INT8 = ROUNDED.replace("{bits}", "int8").replace("{how}", "each linear layer and the embedding is stored as int8")
INT4 = ROUNDED.replace("{bits}", "int4").replace("{how}", "each linear layer is stored as int4, the embedding (which is the output matrix too) as int8,")

# What each is, how many bits its weights have, and the member it is compared with.
FAMILY = {"mka1-mini-dense": (START, None, "mka1-mini-quantized"), "mka1-mini-moe": (EXPERTS, None, "mka1-mini-dense"),
          "mka1-mini-int8": (INT8, 8, "mka1-mini-dense"), "mka1-mini-quantized": (INT4, 4, "mka1-mini-dense")}


def read(*path):
    with open(os.path.join(*path), encoding="utf-8") as f:
        return json.load(f)


def lost(models, name):
    """The share of their length that the linear layers lost by rounding, as text."""
    dense = load_safetensors(os.path.join(models, "mka1-mini-dense", "model.safetensors"))
    rounded = dequantized(os.path.join(models, name))
    shares = [100 * float((rounded[n] - w).norm() / w.norm()) for n, w in dense.items() if n.endswith("_proj.weight")]
    return f"{min(shares):.2g} to {max(shares):.2g} %"


def percent(score):
    return f"{100 * score['correct'] / score['count']:.0f} %"


def table(evaluation, other):
    """Accuracy by kind, with the dense model's beside it where there is one."""
    head = "| task | correct | |" + (" dense |" if other else "")
    lines = [head, "|---" * (head.count("|") - 1) + "|"]
    for kind, v in evaluation["heldout"].items():
        lines.append(f"| {kind} | {v['correct']} / {v['count']} | {percent(v)} |" + (f" {other['heldout'][kind]['correct']} |" if other else ""))
    total = evaluation["overall"]
    lines.append(f"| **overall** | **{total['correct']} / {total['count']}** | **{percent(total)}** |" + (f" **{other['overall']['correct']}** |" if other else ""))
    return "\n".join(lines)


def paired(hard):
    """The comparison with another member on the hard kinds."""
    against = hard["against"]
    lines = [f"| task | correct | | {against['model']} | right here only | right there only | p |", "|---|---|---|---|---|---|---|"]
    rows = [(k, v, against["heldout"][k], against["compared"][k]) for k, v in hard["heldout"].items()]
    for kind, v, w, c in rows + [("**overall**", hard["overall"], against["overall"], against["comparedOverall"])]:
        lines.append(f"| {kind} | {v['correct']} / {v['count']} | {percent(v)} | {percent(w)} | {c['onlyThis']} | {c['onlyAgainst']} | {c['pValue']:.2g} |")
    return "\n".join(lines)


def trained(stretches):
    out = []
    for s in stretches:
        after = f"On top of {s['after']}: " if "after" in s else ""
        out.append(f"- {after}{s['steps']} steps, {s['tokens'] / 1e6:.1f} M tokens including padding, {s['minutes']:.0f} minutes on {s['threads']} of two shared CPU cores, "
                   f"{s['conversations']}; mean loss of the last {s['loss_over']} steps {s['loss']:.3f}.")
        if "load" in s:
            out.append(f"  Share of tokens per expert at the end, by layer: {s['load']}")
    return "\n".join(out)


def card(models, name):
    about, bits, rival = FAMILY[name]
    directory = os.path.join(models, name)
    c, stretches = read(directory, "config.json"), read(directory if bits is None else os.path.join(models, "mka1-mini-dense"), "training.json")
    evaluation, hard = read(directory, "evaluation.json"), read(directory, "evaluation-hard.json")
    other = read(models, "mka1-mini-dense", "evaluation.json") if bits else None
    assert hard["against"]["model"] == rival, hard["against"]["model"]
    stored = load_safetensors(os.path.join(directory, "model.safetensors"))
    # Two int4 values share a byte.
    count = sum(t.numel() * (2 if str(t.dtype) == "torch.uint8" else 1) for n, t in stored.items() if not n.endswith("_scale"))
    experts = sum(t.numel() for n, t in stored.items() if ".experts." in n)
    active = f", {(count - experts / 2) / 1e6:.2f} M of them active for each token" if experts else ""
    arithmetic = "activations rounded to bytes, " if bits else "fp32 arithmetic over the stored weights, "
    floats = "With activations that stay floats it" if bits else "It"
    reproduce = "See `backends/models/training/README.md`. The budget is wall-clock time, so a slower or faster machine gives other weights." if bits is None else \
        f"    Mka1.Edge.ModelServer quantize --bits {bits} --in backends/models/mka1-mini-dense --out backends/models/{name}\n\nHow the dense model came about: `backends/models/training/README.md`."
    return f"""# {name}

A very small demo language model, so that the gateway and its model servers can be run and tested with real weights on a laptop.
It knows the documented examples of the API and little else. Licence: MIT.

{about.replace("{lost}", lost(models, name)) if bits else about}

| | |
|---|---|
| parameters | {count / 1e6:.2f} M{active} |
| file | {os.path.getsize(os.path.join(directory, "model.safetensors")) / 1e6:.2f} MB |
| layers, width, feed-forward | {c['num_hidden_layers']}, {c['hidden_size']}, {c['intermediate_size']} |
| heads (key/value heads), head size | {c['num_attention_heads']} ({c['num_key_value_heads']}), {c['head_dim']} |
| vocabulary | {c['vocab_size']} byte-level BPE tokens |

## Data

Conversations written by `backends/models/training/generate.py` from templates: capitals and other facts, sums, counting, definitions of the API's
terms, greetings, refusals, copying and rewriting tasks, memory over turns, system messages that change the answer, JSON answers, and tool calls with
random tool names, shapes and descriptions; in English and, for some tasks, Urdu. No outside text was used. About 2.5 % of the combinations (country
and phrasing, operand pair, text, name or argument value) are held out by a hash of the combination and never reach training; the documented
requests are always trained on.

## Training

{trained(stretches)}
- Loss on answer tokens only; bfloat16 matrix products. Muon for hidden matrices, AdamW for the rest; short warm-up, stable rate, linear decay.

## Held-out accuracy

Greedy, {arithmetic}unconstrained, by the engine that serves it; the whole answer must match (for tool calls: name and arguments).
`evaluation.json` holds the same numbers, `backends/models/training/heldout.jsonl` the cases; `tests/Mka1.Edge.Inference.Tests` measures again on every
run and fails when it is more than two points away. {floats} is held there to the training framework's greedy output, token by token.

{table(evaluation, other)}

## Hard kinds, case by case against {rival}

More held-out cases of the kinds that are hardest, none of them above: `backends/models/training/heldout-hard.jsonl`, asked in the same way; the numbers are
those of `evaluation-hard.json`. A case that both get right, or both wrong, tells nothing between them; p is McNemar's exact test, two-sided, on the others.

{paired(hard)}

## Limits

- It answers what its templates cover. Other questions get a refusal to guess, or a confident wrong answer: use it for demos and tests only.
- Trained on conversations of at most a few hundred tokens; longer contexts fit the format, but quality falls there.
- Sums, rewriting and long lists go wrong as often as the tables say; counting may run past the asked end or stop early.
- The tool name may be a seen synonym of the offered one unless decoding is constrained.
- Copying long or rare names and numbers, into tool arguments too, may drop or change characters.
- Urdu covers capitals, greetings, a small phrasebook and a few questions. Refusals cover known phrasings and are no safety measure.

## Reproduce

{reproduce}
"""


def main(models):
    for name in FAMILY:
        text = card(models, name)
        with open(os.path.join(models, name, "MODEL_CARD.md"), "w", encoding="utf-8") as f:
            f.write(text)


if __name__ == "__main__":
    main(*sys.argv[1:2])
