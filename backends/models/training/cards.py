"""Writes MODEL_CARD.md of one model from its config, training log and evaluation.

    python3 cards.py dense|moe MODEL_DIR TRAINING_OUT

The cards of the quantized forms follow the dense one; what is said of rounding is written by hand.
"""
import json
import os
import sys

from export import load_safetensors

ABOUT = {
    "dense": ("mka1-mini-dense", "A Llama-style decoder, trained from scratch: grouped-query attention, SwiGLU, RMSNorm, rotary positions, tied embeddings. "
              "Weights are stored as bfloat16."),
    "moe": ("mka1-mini-moe", "A sparse mixture of experts with Mixtral's layout and routing (softmax over 4 experts, the best 2 kept and renormalised). It starts from the "
            "dense model after two of its three stretches of training (sparse upcycling, arXiv:2212.05055): each expert takes a random half of the dense feed-forward units, the down "
            "projection is doubled because two experts share the weight 1, and a little noise tells the copies apart. Training then goes on with router noise and the "
            "load-balancing loss of the Switch Transformer (weight 0.02). Weights are stored as bfloat16."),
}


def main(kind, directory, run):
    name, about = ABOUT[kind]
    with open(os.path.join(directory, "config.json"), encoding="utf-8") as f:
        c = json.load(f)
    with open(os.path.join(directory, "evaluation.json"), encoding="utf-8") as f:
        evaluation = json.load(f)
    with open(os.path.join(run, "log.jsonl"), encoding="utf-8") as f:
        log = [json.loads(line) for line in f]
    stored = load_safetensors(os.path.join(directory, "model.safetensors"))
    count = sum(t.numel() for n, t in stored.items() if not n.endswith("_scale"))
    experts = sum(t.numel() for n, t in stored.items() if ".experts." in n)
    active = f", {(count - experts / 2) / 1e6:.2f} M of them active for each token" if experts else ""
    size = os.path.getsize(os.path.join(directory, "model.safetensors")) / 1e6
    last, tail = log[-1], log[-10:]
    rows = "\n".join(f"| {k} | {v['correct']} / {v['count']} | {100 * v['correct'] / v['count']:.0f} % |" for k, v in evaluation["heldout"].items())
    total = evaluation["overall"]
    start = "On top of the dense model's 5595 steps: " if experts else ""
    extra = f"- Share of tokens per expert at the end, by layer: {last['load']}\n" if "load" in last else ""
    text = f"""# {name}

A very small demo language model, so that the gateway and its model servers can be run and tested with real weights on a laptop.
It knows the documented examples of the API and little else. Licence: MIT.

{about}

| | |
|---|---|
| parameters | {count / 1e6:.2f} M{active} |
| file | {size:.2f} MB |
| layers, width, feed-forward | {c['num_hidden_layers']}, {c['hidden_size']}, {c['intermediate_size']} |
| heads (key/value heads), head size | {c['num_attention_heads']} ({c['num_key_value_heads']}), {c['head_dim']} |
| vocabulary | {c['vocab_size']} byte-level BPE tokens |

## Data

400,000 conversations written by `backends/models/training/generate.py` from templates: capitals and other facts, small sums, counting, definitions of
the API's terms, greetings, refusals, copying and rewriting tasks, memory over turns, system messages that change the answer, JSON answers, and tool
calls with random tool names, shapes and descriptions; in English and, for some tasks, Urdu. No outside text was used. About 2.5 % of the combinations
(country and phrasing, operand pair, name or argument value) are held out by a hash of the combination and never reach training;
the documented requests are always trained on.

## Training

- {start}{last['step']} steps, {last['tokens'] / 1e6:.1f} M tokens including padding, {last['minutes']:.0f} minutes on two shared CPU cores, bfloat16 matrix products.
- Loss on answer tokens only; mean of the last {50 * len(tail)} steps: {sum(e['loss'] for e in tail) / len(tail):.3f}.
- Muon for hidden matrices, AdamW for the rest; every stretch has a short warm-up and a stable rate, all but the first end in a linear decay.
{extra}
## Held-out accuracy

Greedy, fp32 arithmetic over the stored weights, unconstrained; the whole answer must match (for tool calls: name and arguments).
`evaluation.json` holds the same numbers, `backends/models/training/heldout.jsonl` the cases. The table was measured twice, with the
training framework and with the C# engine: the two agree in every row. `tests/Mka1.Edge.Inference.Tests` repeats the second on
every run and fails when it is more than two points away; it also holds the engine to the framework's greedy output token by token.

| task | correct | |
|---|---|---|
{rows}
| **overall** | **{total['correct']} / {total['count']}** | **{100 * total['correct'] / total['count']:.0f} %** |

## Limits

- It answers what its templates cover. Other questions get a refusal to guess, or a confident wrong answer: use it for demos and tests only.
- Trained on conversations of at most a few hundred tokens; longer contexts fit the format, but quality falls there.
- Addition and subtraction of numbers above ten are often wrong (12 + 7 may give 29), and upper-casing and reversing lists lose words.
- Counting may run past the asked end or stop early, and the tool name may be a seen synonym of the offered one unless decoding is constrained.
- Copying long or rare names and numbers, into tool arguments too, may drop or change characters.
- Urdu covers capitals, greetings, a small phrasebook and a few questions. Refusals cover known phrasings and are no safety measure.

## Reproduce

See `backends/models/training/README.md`. The budget is wall-clock time, so a slower or faster machine gives other weights.
"""
    with open(os.path.join(directory, "MODEL_CARD.md"), "w", encoding="utf-8") as f:
        f.write(text)


if __name__ == "__main__":
    main(*sys.argv[1:4])
