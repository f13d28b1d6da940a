"""The GPT-2 training step in JAX and optax, driven line by line: a JSON request on standard input, a JSON answer on standard output.

{"open": {"checkpoint": PATH, "batches": PATH, "sizes": {...}, "rates": {...}, "step": N}}  weights and moments of a checkpoint of ours
{"losses": N}      the losses of the next N updates, each on the next batch
{"measure": S}     milliseconds an update, over blocks of about half a second, S seconds in all
"""

import json
import math
import struct
import sys
import time

import jax
import jax.numpy as jnp
import numpy as np
import optax

NORM_EPSILON = 1e-5
ADAM_EPSILON = 1e-8
BLOCK_SECONDS = 0.5


def read_safetensors(path):
    """The float32 tensors of a file by name."""
    data = open(path, "rb").read()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    tensors = {}
    for name, entry in header.items():
        if entry.get("dtype") == "F32":
            first, last = (8 + length + offset for offset in entry["data_offsets"])
            tensors[name] = np.frombuffer(data[first:last], "<f4").reshape(entry["shape"])
    return tensors


def split(tensors, prefix):
    """The tensors whose names begin so, without it."""
    return {name[len(prefix) :]: jnp.asarray(value) for name, value in tensors.items() if name.startswith(prefix)}


def norm(params, name, x):
    mean = x.mean(-1, keepdims=True)
    variance = jnp.square(x - mean).mean(-1, keepdims=True)
    return (x - mean) * jax.lax.rsqrt(variance + NORM_EPSILON) * params[f"{name}.weight"] + params[f"{name}.bias"]


def linear(params, name, x):
    return x @ params[f"{name}.weight"] + params[f"{name}.bias"]


def attention(params, name, x, heads):
    rows, length, width = x.shape
    apart = linear(params, f"{name}.c_attn", x).reshape(rows, length, 3, heads, width // heads)
    q, k, v = (apart[:, :, part].swapaxes(1, 2) for part in range(3))
    scores = q @ k.swapaxes(2, 3) / math.sqrt(width // heads)
    seen = jnp.tril(jnp.ones((length, length), bool))
    weights = jax.nn.softmax(jnp.where(seen, scores, -jnp.inf), axis=-1)
    return linear(params, f"{name}.c_proj", (weights @ v).swapaxes(1, 2).reshape(rows, length, width))


def mlp(params, name, x):
    return linear(params, f"{name}.c_proj", jax.nn.gelu(linear(params, f"{name}.c_fc", x), approximate=True))


def loss_of(params, batch, sizes):
    """Mean cross-entropy of a batch [rows, length + 1]."""
    ids, targets = batch[:, :-1], batch[:, 1:]
    x = params["wte.weight"][ids] + params["wpe.weight"][: ids.shape[1]]
    for layer in range(sizes["nLayer"]):
        x = x + attention(params, f"h.{layer}.attn", norm(params, f"h.{layer}.ln_1", x), sizes["nHead"])
        x = x + mlp(params, f"h.{layer}.mlp", norm(params, f"h.{layer}.ln_2", x))
    logits = norm(params, "ln_f", x) @ params["wte.weight"].T
    return optax.losses.softmax_cross_entropy_with_integer_labels(logits, targets).mean()


class Run:
    """A run that goes on where a checkpoint of ours stopped."""

    def __init__(self, checkpoint, batches, sizes, rates, step):
        tensors = read_safetensors(checkpoint)
        self.batches = [np.asarray(batch, np.int32) for batch in json.load(open(batches))]
        self.params = split({name: value for name, value in tensors.items() if not name.startswith("adamw.")}, "")
        decays = {name: value.ndim == 2 for name, value in self.params.items()}
        beta1, beta2 = rates["beta1"], rates["beta2"]
        adamw = optax.adamw(rates["learningRate"], beta1, beta2, ADAM_EPSILON, weight_decay=rates["weightDecay"], mask=decays)
        self.optimizer = optax.chain(optax.clip_by_global_norm(rates["gradClip"]), adamw)
        first, second = split(tensors, "adamw.first."), split(tensors, "adamw.second.")
        fresh = self.optimizer.init(self.params)
        self.state = optax.tree_utils.tree_set(fresh, count=jnp.asarray(step, jnp.int32), mu=first, nu=second)
        self.next = 0
        self.compiled = jax.jit(lambda params, state, batch: self.update(params, state, batch, sizes), donate_argnums=(0, 1))

    def update(self, params, state, batch, sizes):
        loss, gradients = jax.value_and_grad(loss_of)(params, batch, sizes)
        updates, state = self.optimizer.update(gradients, state, params)
        return optax.apply_updates(params, updates), state, loss

    def step(self):
        """One update, not waited for; its loss."""
        batch = self.batches[self.next % len(self.batches)]
        self.next += 1
        self.params, self.state, loss = self.compiled(self.params, self.state, batch)
        return loss

    def block(self, count):
        """Seconds of so many updates; the loss of the last is read."""
        started = time.perf_counter()
        for _ in range(count - 1):
            self.step()
        float(self.step())
        return time.perf_counter() - started

    def measure(self, seconds):
        self.block(1)
        count = max(1, int(BLOCK_SECONDS / self.block(1)))
        times = [self.block(count) / count * 1e3 for _ in range(max(1, round(seconds / BLOCK_SECONDS)))]
        return {"time": float(np.median(times)), "count": count * len(times)}


def main():
    run = None
    for line in sys.stdin:
        request = json.loads(line)
        if "open" in request:
            run = Run(**request["open"])
            answer = {"parameters": sum(value.size for value in run.params.values())}
        elif "losses" in request:
            answer = {"losses": [float(run.step()) for _ in range(request["losses"])]}
        else:
            answer = run.measure(request["measure"])
        print(json.dumps(answer), flush=True)


main()
