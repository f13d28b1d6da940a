"""Opens an exported folder with transformers and prints, as JSON, what that library makes of it.
Run (install lines: make.py):  python tests/parity/check_export.py FOLDER "a prompt" [--new 20]   or   --ids 1,2,3
Compare with `tadpole generate` at temperature 0 on the same checkpoint. Refuses folders with weights missing or left over."""

import argparse
import json
import os
import pathlib

os.environ["HF_HUB_OFFLINE"] = "1"

import torch
from transformers import AutoTokenizer, GPT2LMHeadModel, PreTrainedTokenizerFast


def main():
    options = arguments()
    model = open_model(options.folder)
    tokenizer = open_tokenizer(options.folder) if options.ids is None else None
    prompt = options.ids if tokenizer is None else tokenizer.encode(options.prompt, add_special_tokens=False)
    ids, logits = greedy(model, prompt, options.new)
    answer = {"prompt_ids": prompt, "new_ids": ids[len(prompt) :], "logits": logits}
    if tokenizer is not None:
        answer["text"] = tokenizer.decode(ids, clean_up_tokenization_spaces=False)
    print(json.dumps(answer, ensure_ascii=False))


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path, help="config.json, model.safetensors and tokenizer.json")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("prompt", nargs="?", help="text, encoded with the folder's tokenizer")
    what.add_argument("--ids", type=lambda text: [int(part) for part in text.split(",")], help="token ids instead")
    parser.add_argument("--new", type=int, default=20, help="how many tokens to append, 20 unless told")
    return parser.parse_args()


def open_model(folder):
    model, report = GPT2LMHeadModel.from_pretrained(folder, output_loading_info=True)
    faults = {kind: list(names) for kind, names in report.items() if names}
    if faults:
        raise SystemExit(f"{folder}: transformers did not take the weights as they are: {faults}")
    return model.eval()


def open_tokenizer(folder):
    """AutoTokenizer where tokenizer_config.json names a class, else the bare tokenizer.json."""
    if (folder / "tokenizer_config.json").exists():
        return AutoTokenizer.from_pretrained(folder)
    return PreTrainedTokenizerFast(tokenizer_file=str(folder / "tokenizer.json"))


@torch.no_grad()
def greedy(model, prompt, count):
    """The ids after `count` greedy steps without a cache, and the logits [T, V] of the prompt."""
    ids, prompt_logits = list(prompt), None
    for _ in range(max(count, 1)):
        logits = model(input_ids=torch.tensor([ids[-model.config.n_positions :]])).logits[0]
        prompt_logits = logits.tolist() if prompt_logits is None else prompt_logits
        ids.append(int(logits[-1].argmax()))
    return ids[: len(prompt) + count], prompt_logits


if __name__ == "__main__":
    main()
