"""Writes tests/parity/fixtures: seeded tiny models with the logits, gradients and AdamW steps that a correct GPT gives.
Run (Debian 12; README.md says what lands where):  apt-get install -y python3-torch python3-numpy python3-venv
  /usr/bin/python3 -m venv --system-site-packages ../parity-venv
  ../parity-venv/bin/pip install transformers==4.40.2 safetensors==0.4.3 && ../parity-venv/bin/python tests/parity/make.py
Refuses to write anything that transformers' own GPT-2 or Llama does not confirm."""

import json
import math
import pathlib

import torch
from safetensors.torch import load_file, save_file
from transformers import GPT2Config, GPT2LMHeadModel, LlamaConfig, LlamaForCausalLM

from reference import forward, loss_of, sinusoids

FIXTURES = pathlib.Path(__file__).parent / "fixtures"
BATCH, LENGTH = 2, 12
ADAMW_BATCH, ADAMW_LENGTH = 4, 24  # large enough for gradient norms on both sides of the clip
AGREEMENT = 1e-5

SHAPE = dict(vocab_size=65, context_length=32, n_layer=2, n_head=2, n_kv_head=2, d_model=16, d_ff=64)
GPT2 = dict(**SHAPE, norm="layer", norm_eps=1e-5, mlp="gelu", position="learned", bias=True, tied=True)
GPT2["prefix"] = "transformer."
SINUSOIDAL = dict(GPT2, position="sinusoidal")
OPTIONS = dict(GPT2, n_kv_head=1, d_ff=40, norm="rms", mlp="swiglu", position="rotary", bias=False, tied=False)
OPTIONS.update(prefix="", rope_base=10000.0)

ADAMW = dict(steps=10, warmup_steps=3, max_learning_rate=3e-3, min_learning_rate=3e-4, beta_1=0.9, beta_2=0.95)
ADAMW.update(epsilon=1e-8, weight_decay=0.1, grad_clip=1.0)


def main():
    write_gpt2()
    write_adamw()
    write_options()
    write_sinusoidal()
    for path in sorted(FIXTURES.rglob("*.*")):
        print(f"{path.stat().st_size:8,} bytes  {path.relative_to(FIXTURES)}")


def write_gpt2():
    folder, params = FIXTURES / "gpt2-tiny", weights(GPT2, seed=1)
    model = GPT2LMHeadModel(gpt2_config())
    load(model, params)
    model.save_pretrained(folder)
    saved = load_file(folder / "model.safetensors")
    assert saved.keys() == params.keys(), "transformers saved other names than ours"
    expected = expect(GPT2, params, seed=2)
    confirm("gpt2-tiny", model, expected, lambda name: name)
    save(folder / "expected.safetensors", expected)


def write_sinusoidal():
    folder, params = FIXTURES / "sinusoidal", weights(SINUSOIDAL, seed=3)
    expected = expect(SINUSOIDAL, params, seed=4)
    model = GPT2LMHeadModel(gpt2_config())
    table = {"transformer.wpe.weight": sinusoids(SHAPE["context_length"], SHAPE["d_model"]).float()}
    load(model, {**params, **table})
    confirm("sinusoidal", model, expected, lambda name: name)
    save_own(folder, SINUSOIDAL, params, expected)


def write_options():
    folder, params = FIXTURES / "options", weights(OPTIONS, seed=5)
    expected = expect(OPTIONS, params, seed=6)
    model = LlamaForCausalLM(llama_config())
    is_matrix = lambda name: params[name].dim() == 2 and name != "wte.weight"
    load(model, {llama_name(name): p.T.contiguous() if is_matrix(name) else p for name, p in params.items()})
    confirm("options", model, expected, llama_name, is_matrix)
    save_own(folder, OPTIONS, params, expected)


def gpt2_config():
    return GPT2Config(
        vocab_size=65, n_positions=32, n_embd=16, n_layer=2, n_head=2, activation_function="gelu_new",
        resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0, layer_norm_epsilon=1e-5, bos_token_id=0, eos_token_id=0,
    )  # fmt: skip


def llama_config():
    return LlamaConfig(
        vocab_size=65, max_position_embeddings=32, hidden_size=16, intermediate_size=40, num_hidden_layers=2,
        num_attention_heads=2, num_key_value_heads=1, rms_norm_eps=1e-5, rope_theta=10000.0, tie_word_embeddings=False,
    )  # fmt: skip


def llama_name(name):
    if name == "lm_head.weight":
        return name
    renamed = {
        "wte": "embed_tokens", "ln_f": "norm", "h.": "layers.", "ln_1": "input_layernorm",
        "ln_2": "post_attention_layernorm", "attn.": "self_attn.", "w_gate": "gate_proj", "w_up": "up_proj",
        "w_down": "down_proj",
    }  # fmt: skip
    for ours, theirs in renamed.items():
        name = name.replace(ours, theirs)
    for part in "qkvo":
        name = name.replace(f"self_attn.{part}.", f"self_attn.{part}_proj.")
    return "model." + name


def weights(config, seed):
    """Seeded parameters, all of them far from their usual start so that a forgotten one shows."""
    generator = torch.Generator().manual_seed(seed)
    draw = lambda shape: 0.2 * torch.randn(shape, generator=generator)
    is_norm = lambda name: ".ln_" in "." + name and name.endswith(".weight")
    return {name: draw(shape) + (1.0 if is_norm(name) else 0.0) for name, shape in shapes(config).items()}


def shapes(config):
    c, f, v = config["d_model"], config["d_ff"], config["vocab_size"]
    top = {"wte.weight": (v, c)}
    if config["position"] == "learned":
        top["wpe.weight"] = (config["context_length"], c)
    for layer in range(config["n_layer"]):
        inner = gpt2_block(c, f) if config["bias"] else options_block(config, c, f)
        top.update({f"h.{layer}.{name}": shape for name, shape in inner.items()})
    top["ln_f.weight"] = (c,)
    if config["norm"] == "layer":
        top["ln_f.bias"] = (c,)
    named = {config["prefix"] + name: shape for name, shape in top.items()}
    return named if config["tied"] else {**named, "lm_head.weight": (c, v)}


def gpt2_block(c, f):
    sizes = {"attn.c_attn": (c, 3 * c), "attn.c_proj": (c, c), "mlp.c_fc": (c, f), "mlp.c_proj": (f, c)}
    sizes.update({"ln_1": (c,), "ln_2": (c,)})
    both = {}
    for name, shape in sizes.items():
        both.update({name + ".weight": shape, name + ".bias": shape[-1:]})
    return both


def options_block(config, c, f):
    kv = c // config["n_head"] * config["n_kv_head"]
    sizes = {"attn.q": (c, c), "attn.k": (c, kv), "attn.v": (c, kv), "attn.o": (c, c), "ln_1": (c,), "ln_2": (c,)}
    sizes.update({"mlp.w_gate": (c, f), "mlp.w_up": (c, f), "mlp.w_down": (f, c)})
    return {name + ".weight": shape for name, shape in sizes.items()}


def load(model, params):
    missing, unexpected = model.load_state_dict(params, strict=False)
    missing = [name for name in missing if name != "lm_head.weight"]  # tied below, where the model ties it
    assert not missing and not unexpected, f"missing {missing}, unexpected {unexpected}"
    model.tie_weights()
    model.eval()


def random_batch(generator, batch, length):
    draw = lambda: torch.randint(SHAPE["vocab_size"], (batch, length), generator=generator)
    return draw(), draw()


def doubled(params):
    """The same parameters as float64 leaves: the oracle's own rounding then lies far below what f32 can show."""
    return {name: p.double().requires_grad_() for name, p in params.items()}


def expect(config, params, seed):
    ids, targets = random_batch(torch.Generator().manual_seed(seed), BATCH, LENGTH)
    params = doubled(params)
    logits, seen = forward(config, params, ids)
    loss = loss_of(logits, targets)
    loss.backward()
    grads = {f"grad.{name}": p.grad for name, p in params.items()}
    return {"ids": ids, "targets": targets, "logits": logits, "loss": loss.reshape(1), **seen, **grads}


def confirm(title, model, expected, their_name, is_transposed=lambda _: False):
    """Asserts that a transformers model with the same weights has the same logits, loss and gradients."""
    logits = model(input_ids=expected["ids"]).logits
    loss = loss_of(logits, expected["targets"])
    model.zero_grad()
    loss.backward()
    theirs = dict(model.named_parameters())
    gaps = {"logits": gap(logits, expected["logits"]), "loss": gap(loss, expected["loss"][0])}
    for name in (key.removeprefix("grad.") for key in expected if key.startswith("grad.")):
        grad = theirs[their_name(name)].grad
        gaps["grad." + name] = gap(grad.T if is_transposed(name) else grad, expected["grad." + name])
    worst = max(gaps, key=gaps.get)
    print(f"{title}: logits differ from transformers by {gaps['logits']:.1e}, worst of all {gaps[worst]:.1e} ({worst})")
    assert gaps[worst] <= AGREEMENT, f"{title}: {worst} differs by {gaps[worst]}"


def gap(a, b):
    return (a.detach().double() - b.detach().double()).abs().max().item()


def write_adamw():
    folder, params = FIXTURES / "gpt2-tiny", weights(GPT2, seed=1)
    generator = torch.Generator().manual_seed(7)
    batches = [random_batch(generator, ADAMW_BATCH, ADAMW_LENGTH) for _ in range(ADAMW["steps"])]
    curve, final = run_adamw(doubled(params), batches)
    single, single_final = run_adamw({name: p.clone().requires_grad_() for name, p in params.items()}, batches)
    print(f"adamw: gradient norms {[round(norm, 2) for norm in curve['grad_norm'].tolist()]}")
    print(f"adamw: f32 strays from f64 by {gap(single['loss'], curve['loss']):.1e} in loss")
    keys, rest = final_gaps(single_final, final)
    print(f"adamw: and by {rest:.1e} in the final parameters, key biases apart ({keys:.1e}: README.md says why)")
    tensors = {**curve, **{f"final.{name}": p for name, p in final.items()}}
    for index, (x, y) in enumerate(batches):
        tensors.update({f"batch.{index}.x": x, f"batch.{index}.y": y})
    save(folder / "adamw.safetensors", tensors)
    write_json(folder / "adamw.json", ADAMW)


def final_gaps(a, b):
    """The worst gap among the attention key biases, and the worst among all other parameters."""
    keys, rest = [], []
    for name in a:
        difference = (a[name].detach().double() - b[name].detach()).abs()
        if name.endswith("attn.c_attn.bias"):
            q, k, v = difference.chunk(3)
            keys.append(k.max().item())
            difference = torch.cat((q, v))
        rest.append(difference.max().item())
    return max(keys), max(rest)


def run_adamw(params, batches):
    decayed = [p for p in params.values() if p.dim() == 2]
    plain = [p for p in params.values() if p.dim() != 2]
    groups = [{"params": decayed, "weight_decay": ADAMW["weight_decay"]}, {"params": plain, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, betas=(ADAMW["beta_1"], ADAMW["beta_2"]), eps=ADAMW["epsilon"])
    curve = {"lr": [], "loss": [], "grad_norm": []}
    for step, (x, y) in enumerate(batches):
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(step)
        loss = loss_of(forward(GPT2, params, x)[0], y)
        optimizer.zero_grad()
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(params.values(), ADAMW["grad_clip"])
        optimizer.step()
        for key, value in zip(curve, (learning_rate(step), loss.item(), norm.item())):
            curve[key].append(value)
    return {key: torch.tensor(values, dtype=torch.float64) for key, values in curve.items()}, params


def learning_rate(step):
    """nanoGPT's schedule: linear warm-up, then half a cosine that reaches the minimum at `steps`."""
    top, low, warmup = ADAMW["max_learning_rate"], ADAMW["min_learning_rate"], ADAMW["warmup_steps"]
    if step < warmup:
        return top * (step + 1) / (warmup + 1)
    progress = (step - warmup) / (ADAMW["steps"] - warmup)
    return low + 0.5 * (1 + math.cos(math.pi * progress)) * (top - low)


def save_own(folder, config, params, expected):
    save(folder / "model.safetensors", params)
    write_json(folder / "config.json", {key: value for key, value in config.items() if key != "prefix"})
    save(folder / "expected.safetensors", expected)


def save(path, tensors):
    """Integers as I64, everything else rounded once to F32."""
    path.parent.mkdir(parents=True, exist_ok=True)
    narrow = lambda t: t if t.dtype == torch.int64 else t.detach().float()
    save_file({name: narrow(t).contiguous() for name, t in tensors.items()}, path, metadata={"format": "pt"})


def write_json(path, values):
    path.write_text(json.dumps(values, indent=2) + "\n")


if __name__ == "__main__":
    main()
