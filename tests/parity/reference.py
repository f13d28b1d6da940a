"""A second, independent GPT in plain PyTorch functions: the oracle that the Rust model is compared with.
Holds the forward pass and what it recorded on the way; refuses dropout, caches and speed.
Follows GPT-2 (Radford et al. 2019), Vaswani et al. 2017 (sinusoids), RoFormer (rotary), GLU Variants (SwiGLU), RMSNorm, GQA.
Weights are [in, out], as in GPT-2's Conv1D. Shapes: B batch, T time, C d_model, H heads, G key/value heads, D d_head, V vocab."""

import math

import torch
import torch.nn.functional as F


def forward(config, params, ids):
    """Logits [B, T, V] and a dictionary of every intermediate tensor by name."""
    seen = {}
    x = seen["embeddings"] = embed(config, params, ids)
    for layer in range(config["n_layer"]):
        x = block(config, params, f"{config['prefix']}h.{layer}.", x, seen, f"h.{layer}.")
    x = seen["ln_f"] = norm(config, params, f"{config['prefix']}ln_f", x)
    head = params[config["prefix"] + "wte.weight"].T if config["tied"] else params["lm_head.weight"]
    return x @ head, seen


def loss_of(logits, targets):
    """Mean cross-entropy in nats over all B*T positions."""
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten())


def embed(config, params, ids):
    x = params[config["prefix"] + "wte.weight"][ids]  # [B, T, C]
    length = ids.shape[1]
    if config["position"] == "learned":
        return x + params[config["prefix"] + "wpe.weight"][:length]
    if config["position"] == "sinusoidal":
        return x + sinusoids(length, config["d_model"]).to(x)
    return x


def sinusoids(length, width):
    """[length, width]: sin in the even columns, cos in the odd ones, both at pos / 10000^(2i / width), as small as token vectors begin."""
    pos = torch.arange(length, dtype=torch.float64)[:, None]
    angle = pos / 10000.0 ** (torch.arange(0, width, 2, dtype=torch.float64) / width)
    return 0.02 * torch.stack((angle.sin(), angle.cos()), dim=-1).flatten(1)


def block(config, params, at, x, seen, name):
    seen[name + "ln_1"] = norm(config, params, at + "ln_1", x)
    seen[name + "attention_output"] = attention(config, params, at, seen[name + "ln_1"], seen, name)
    x = seen[name + "residual_attention"] = x + seen[name + "attention_output"]
    seen[name + "ln_2"] = norm(config, params, at + "ln_2", x)
    seen[name + "mlp_output"] = mlp(config, params, at + "mlp.", seen[name + "ln_2"])
    x = seen[name + "residual"] = x + seen[name + "mlp_output"]
    return x


def norm(config, params, at, x):
    weight, eps = params[at + ".weight"], config["norm_eps"]
    if config["norm"] == "rms":
        return x / torch.sqrt(x.pow(2).mean(-1, keepdim=True) + eps) * weight
    centred = x - x.mean(-1, keepdim=True)
    return centred / torch.sqrt(centred.pow(2).mean(-1, keepdim=True) + eps) * weight + params[at + ".bias"]


def attention(config, params, at, x, seen, name):
    q, k, v = projections(config, params, at + "attn.", x)  # [B, H, T, D], [B, G, T, D], [B, G, T, D]
    seen[name + "q"], seen[name + "k"], seen[name + "v"] = q, k, v
    if config["position"] == "rotary":
        q = seen[name + "q_rotated"] = rotate(q, config["rope_base"])
        k = seen[name + "k_rotated"] = rotate(k, config["rope_base"])
    groups = config["n_head"] // config["n_kv_head"]
    k, v = k.repeat_interleave(groups, dim=1), v.repeat_interleave(groups, dim=1)  # [B, H, T, D]
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])  # [B, H, T, T]
    future = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1)
    weights = seen[name + "attention_weights"] = scores.masked_fill(future, -math.inf).softmax(-1)
    mixed = (weights @ v).transpose(1, 2).flatten(2)  # [B, T, C]
    return linear(params, at + ("attn.c_proj" if config["bias"] else "attn.o"), mixed)


def projections(config, params, at, x):
    if config["bias"]:
        parts = linear(params, at + "c_attn", x).chunk(3, dim=-1)
    else:
        parts = [linear(params, at + part, x) for part in "qkv"]
    heads = (config["n_head"], config["n_kv_head"], config["n_kv_head"])
    return [part.unflatten(-1, (count, -1)).transpose(1, 2) for part, count in zip(parts, heads)]


def rotate(x, base):
    """Rotary positions in half-split pairing: element i turns with element i + D/2, by pos / base^(2i / D)."""
    length, width = x.shape[-2:]
    angle = torch.arange(length, dtype=torch.float64)[:, None] / base ** (
        torch.arange(0, width, 2, dtype=torch.float64) / width
    )  # [T, D/2]
    cos, sin = angle.cos().to(x), angle.sin().to(x)
    first, second = x.chunk(2, dim=-1)
    return torch.cat((first * cos - second * sin, second * cos + first * sin), dim=-1)


def mlp(config, params, at, x):
    if config["mlp"] == "swiglu":
        return linear(params, at + "w_down", F.silu(linear(params, at + "w_gate", x)) * linear(params, at + "w_up", x))
    hidden = linear(params, at + "c_fc", x)
    hidden = 0.5 * hidden * (1 + torch.tanh(math.sqrt(2 / math.pi) * (hidden + 0.044715 * hidden**3)))
    return linear(params, at + "c_proj", hidden)


def linear(params, at, x):
    out = x @ params[at + ".weight"]
    bias = params.get(at + ".bias")
    return out if bias is None else out + bias
