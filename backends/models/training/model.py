"""The two networks: a Llama-style decoder and its mixture-of-experts form with Mixtral's routing."""
import torch
import torch.nn as nn
import torch.nn.functional as F

DENSE = dict(vocab_size=3072, hidden_size=192, intermediate_size=512, num_hidden_layers=4, num_attention_heads=6, num_key_value_heads=3,
             head_dim=32, rms_norm_eps=1e-5, rope_theta=10000.0, max_position_embeddings=2048)
MOE = dict(DENSE, intermediate_size=256, num_local_experts=4, num_experts_per_tok=2)


def rounded(x):
    """x in the type of the matrix products: rounded once, where autocast would round it for each product."""
    return x.bfloat16() if torch.is_autocast_cpu_enabled() else x


class RMSNorm(nn.Module):
    def __init__(self, dim, eps):
        super().__init__()
        self.weight, self.eps = nn.Parameter(torch.ones(dim)), eps

    def forward(self, x):
        x = x.float()
        return rounded(x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.eps) * self.weight)


def rope_tables(length, dim, theta):
    """cos and sin of shape [length, dim], in the half-rotated layout of Hugging Face."""
    angles = torch.outer(torch.arange(length).float(), theta ** (-torch.arange(0, dim, 2).float() / dim))
    angles = torch.cat([angles, angles], -1)
    return angles.cos(), angles.sin()


def rotate(x, cos, sin):
    a, b = x.chunk(2, -1)
    return x * cos + torch.cat([-b, a], -1) * sin


class Attention(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.heads, self.kv, self.dim = c["num_attention_heads"], c["num_key_value_heads"], c["head_dim"]
        h = c["hidden_size"]
        self.q_proj = nn.Linear(h, self.heads * self.dim, bias=False)
        self.k_proj = nn.Linear(h, self.kv * self.dim, bias=False)
        self.v_proj = nn.Linear(h, self.kv * self.dim, bias=False)
        self.o_proj = nn.Linear(self.heads * self.dim, h, bias=False)

    def forward(self, x, cos, sin, mask):
        b, t, _ = x.shape
        q = self.q_proj(x).view(b, t, self.heads, self.dim).transpose(1, 2).float()
        k = self.k_proj(x).view(b, t, self.kv, self.dim).transpose(1, 2).float()
        v = self.v_proj(x).view(b, t, self.kv, self.dim).transpose(1, 2)
        q, k = rotate(q, cos, sin), rotate(k, cos, sin)
        groups = self.heads // self.kv
        k = k[:, :, None].expand(-1, -1, groups, -1, -1).reshape(b, self.heads, t, self.dim)
        v = v[:, :, None].expand(-1, -1, groups, -1, -1).reshape(b, self.heads, t, self.dim)
        weights = torch.softmax((q @ k.transpose(-1, -2)).float() * self.dim ** -0.5 + mask, -1)
        return self.o_proj((weights @ v.to(weights.dtype)).transpose(1, 2).reshape(b, t, -1))


class MLP(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.gate_proj = nn.Linear(c["hidden_size"], c["intermediate_size"], bias=False)
        self.up_proj = nn.Linear(c["hidden_size"], c["intermediate_size"], bias=False)
        self.down_proj = nn.Linear(c["intermediate_size"], c["hidden_size"], bias=False)

    def forward(self, x):
        return self.down_proj(F.silu(self.gate_proj(x).float()) * self.up_proj(x).float())  # silu is slow in bfloat16


class Expert(nn.Module):
    """w1 is the gate, w3 the up and w2 the down projection, as in Mixtral."""

    def __init__(self, c):
        super().__init__()
        self.w1 = nn.Linear(c["hidden_size"], c["intermediate_size"], bias=False)
        self.w2 = nn.Linear(c["intermediate_size"], c["hidden_size"], bias=False)
        self.w3 = nn.Linear(c["hidden_size"], c["intermediate_size"], bias=False)

    def forward(self, x):
        return self.w2(F.silu(self.w1(x).float()) * self.w3(x).float())


class MoE(nn.Module):
    """Softmax over all experts, the best two kept and renormalised."""

    def __init__(self, c):
        super().__init__()
        self.top = c["num_experts_per_tok"]
        self.gate = nn.Linear(c["hidden_size"], c["num_local_experts"], bias=False)
        self.experts = nn.ModuleList(Expert(c) for _ in range(c["num_local_experts"]))
        self.noise, self.balance, self.load = 0.0, 0.0, None

    def forward(self, x):
        flat = x.reshape(-1, x.shape[-1])
        logits = F.linear(flat.float(), self.gate.weight.float())
        if self.training and self.noise:
            logits = logits + self.noise * torch.randn_like(logits)
        probs = torch.softmax(logits, -1)
        weights, chosen = probs.topk(self.top, -1)
        weights = weights / weights.sum(-1, keepdim=True)
        out = torch.zeros_like(flat, dtype=torch.float32)
        share = []
        for e, expert in enumerate(self.experts):
            rows, slot = (chosen == e).nonzero(as_tuple=True)
            share.append(rows.numel() / chosen.numel())
            if rows.numel():
                y = expert(flat.index_select(0, rows)).float() * weights[rows, slot].unsqueeze(-1)
                out = out.index_add(0, rows, y)
        self.load = share
        # Load-balancing loss of the Switch Transformer: 1 when all experts get the same share.
        self.balance = len(share) * (torch.tensor(share) * probs.mean(0)).sum()
        return out.view_as(x)


class Layer(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.input_layernorm = RMSNorm(c["hidden_size"], c["rms_norm_eps"])
        self.self_attn = Attention(c)
        self.post_attention_layernorm = RMSNorm(c["hidden_size"], c["rms_norm_eps"])
        if "num_local_experts" in c:
            self.block_sparse_moe = MoE(c)
        else:
            self.mlp = MLP(c)

    def forward(self, x, cos, sin, mask):
        x = x + self.self_attn(self.input_layernorm(x), cos, sin, mask)
        feed = self.block_sparse_moe if hasattr(self, "block_sparse_moe") else self.mlp
        return x + feed(self.post_attention_layernorm(x))


class Model(nn.Module):
    """Decoder with tied embeddings; parameter names are those of the checkpoint, without the `model.` prefix."""

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.embed_tokens = nn.Embedding(config["vocab_size"], config["hidden_size"])
        self.layers = nn.ModuleList(Layer(config) for _ in range(config["num_hidden_layers"]))
        self.norm = RMSNorm(config["hidden_size"], config["rms_norm_eps"])
        cos, sin = rope_tables(config["max_position_embeddings"], config["head_dim"], config["rope_theta"])
        self.register_buffer("cos", cos, persistent=False)
        self.register_buffer("sin", sin, persistent=False)
        depth = (2 * config["num_hidden_layers"]) ** -0.5
        for name, p in self.named_parameters():
            if p.dim() == 2:
                out = name.endswith(("o_proj.weight", "down_proj.weight", "w2.weight"))
                nn.init.normal_(p, std=0.02 if "embed" in name or "gate.weight" in name else p.shape[1] ** -0.5 * (depth if out else 1.0))

    def hidden(self, ids):
        """Final hidden states [batch, length, hidden]; padding may only follow the text, never precede it."""
        t = ids.shape[1]
        mask = torch.full((t, t), float("-inf")).triu(1)
        x = self.embed_tokens(ids)
        for layer in self.layers:
            x = layer(x, self.cos[:t], self.sin[:t], mask)
        return self.norm(x)

    def logits(self, hidden):
        return F.linear(hidden, self.embed_tokens.weight)

    def moe_layers(self):
        return [l.block_sparse_moe for l in self.layers if hasattr(l, "block_sparse_moe")]
