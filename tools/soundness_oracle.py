#!/usr/bin/env python3
"""Answer key for the soundness checker: random processes with seeded defects, judged by pm4py.

Test-only. Needs `pip install pm4py` (AGPL, never shipped or linked); the recorded answers are
committed, so neither the tests nor CI need it:

    python3 tools/soundness_oracle.py > crates/process/tests/data/soundness_verdicts.tsv

Each line: the seeded defect, pm4py's verdict (WOFLAN on the workflow net), the parts of the drawing
(S start, T task, X exclusive, A parallel, E end, B boundary timer on the task before it) and its
flows.
"""

import os
import random
import select
import signal
import sys

LINES = 1200
SEED = 20261123
PARTS_MAX = 16
SECONDS_MAX = 2  # WOFLAN's invariants explode on a few nets: those are left out


class Drawing:
    def __init__(self):
        self.parts, self.flows = [], []

    def add(self, part):
        self.parts.append(part)
        return len(self.parts) - 1

    def link(self, a, b):
        self.flows.append((a, b))

    def outs(self, n):
        return [f for f, (a, _) in enumerate(self.flows) if a == n]

    def ins(self, n):
        return [f for f, (_, b) in enumerate(self.flows) if b == n]


def block(d, rng, depth):
    """A structured piece; answers its first and last node."""
    kinds = ["task", "row", "row", "xor", "and", "and", "loop", "timer"]
    kind = "task" if depth == 0 else rng.choice(kinds)
    if kind == "task":
        t = d.add("T")
        return t, t
    if kind == "row":
        ends = [block(d, rng, depth - 1) for _ in range(rng.randint(2, 3))]
        for (_, a), (b, _) in zip(ends, ends[1:]):
            d.link(a, b)
        return ends[0][0], ends[-1][1]
    if kind in ("xor", "and"):
        part = "X" if kind == "xor" else "A"
        split, join = d.add(part), d.add(part)
        for _ in range(rng.randint(2, 3)):
            a, b = block(d, rng, depth - 1)
            d.link(split, a)
            d.link(b, join)
        return split, join
    if kind == "loop":
        head, tail = d.add("X"), d.add("X")
        a, b = block(d, rng, depth - 1)
        d.link(head, a)
        d.link(b, tail)
        back = d.add("T")
        d.link(tail, back)
        d.link(back, head)
        return head, tail
    task = d.add("T")
    d.add("B")
    timer = len(d.parts) - 1
    a, b = block(d, rng, depth - 1)
    after = d.add("X")
    d.link(timer, a)
    d.link(task, after)
    d.link(b, after)
    return task, after


def spoil(d, rng):
    """Seeds one defect; answers its name, or None where the drawing has no place for it."""
    kinds = ["none", "deadlock", "unsynchronised", "dead step", "livelock"]
    kind = rng.choice(kinds + ["wrong join", "wrong join"])
    is_join = lambda n: len(d.ins(n)) > 1 and len(d.outs(n)) == 1
    joins = lambda part: [n for n, p in enumerate(d.parts) if p == part and is_join(n)]
    splits = lambda part: [n for n, p in enumerate(d.parts) if p == part and len(d.outs(n)) > 1]
    loopless = [n for n in joins("X") if d.parts[d.flows[d.ins(n)[0]][0]] != "S"]
    if kind == "none":
        return kind
    if kind == "deadlock" and loopless:
        d.parts[rng.choice(loopless)] = "A"
        return kind
    if kind == "unsynchronised" and joins("A"):
        d.parts[rng.choice(joins("A"))] = "X"
        return kind
    if kind == "dead step" and splits("X"):
        # A parallel join of two ways of one choice, and a task after it that never comes.
        n = rng.choice(splits("X"))
        f, g = rng.sample(d.outs(n), 2)
        join, task = d.add("A"), d.add("T")
        target = d.flows[f][1]
        d.flows[f] = (n, join)
        d.flows.append((n, join))
        d.link(join, task)
        d.link(task, target)
        return kind
    if kind == "livelock":
        flows = [f for f, (a, b) in enumerate(d.flows) if d.parts[a] == "T" and d.parts[b] != "E"]
        if flows:
            f = rng.choice(flows)
            a, b = d.flows[f]
            gate, head, task = d.add("X"), d.add("X"), d.add("T")
            d.flows[f] = (a, gate)
            d.link(gate, b)
            d.link(gate, head)
            d.link(head, task)
            d.link(task, head)
            return kind
    if kind == "wrong join":
        nodes = [n for n, p in enumerate(d.parts) if p in "XAT" and n > 0]
        f = rng.randrange(len(d.flows))
        d.flows[f] = (d.flows[f][0], rng.choice(nodes))
        return kind
    return None


def whole(d, trapped):
    """Whether every node lies on a way from the start to an end (unless trapped on purpose)."""

    def walk(first, step):
        seen, todo = set(first), list(first)
        while todo:
            n = todo.pop()
            for m in step(n):
                if m not in seen:
                    seen.add(m)
                    todo.append(m)
        return seen

    host = lambda n: n - 1
    ahead = lambda n: [d.flows[f][1] for f in d.outs(n)] + (
        [n + 1] if n + 1 < len(d.parts) and d.parts[n + 1] == "B" else []
    )
    back = lambda n: [d.flows[f][0] for f in d.ins(n)] + ([host(n)] if d.parts[n] == "B" else [])
    every = set(range(len(d.parts)))
    ends = [n for n, p in enumerate(d.parts) if p == "E"]
    return walk([0], ahead) == every and (trapped or walk(ends, back) == every)


def judge(d):
    from pm4py.algo.analysis.woflan import algorithm as woflan
    from pm4py.objects.petri_net.obj import Marking, PetriNet
    from pm4py.objects.petri_net.utils.petri_utils import add_arc_from_to as arc

    net = PetriNet("n")
    place = lambda name: net.places.add(p := PetriNet.Place(name)) or p
    flow = [place(f"f{f}") for f in range(len(d.flows))]
    first, last = place("i"), place("o")

    def fire(name, takes, gives):
        t = PetriNet.Transition(name, name)
        net.transitions.add(t)
        for p in takes:
            arc(p, t, net)
        for p in gives:
            arc(t, p, net)

    for n, part in enumerate(d.parts):
        ins, outs = [flow[f] for f in d.ins(n)], [flow[f] for f in d.outs(n)]
        if part == "S":
            fire(f"n{n}", [first], outs)
        elif part == "E":
            for k, p in enumerate(ins):
                fire(f"n{n}_{k}", [p], [last])
        elif part == "A":
            fire(f"n{n}", ins, outs)
        elif part == "X":
            gate = place(f"g{n}")
            for k, p in enumerate(ins):
                fire(f"n{n}i{k}", [p], [gate])
            for k, p in enumerate(outs):
                fire(f"n{n}o{k}", [gate], [p])
        elif part == "T":
            active = place(f"a{n}")
            for k, p in enumerate(ins):
                fire(f"n{n}i{k}", [p], [active])
            fire(f"n{n}", [active], outs)
            if n + 1 < len(d.parts) and d.parts[n + 1] == "B":
                fire(f"n{n + 1}", [active], [flow[f] for f in d.outs(n + 1)])
    options = {woflan.Parameters.RETURN_ASAP_WHEN_NOT_SOUND: True,
               woflan.Parameters.PRINT_DIAGNOSTICS: False,
               woflan.Parameters.RETURN_DIAGNOSTICS: False}
    return woflan.apply(net, Marking({first: 1}), Marking({last: 1}), parameters=options)


def judge_in_time(d):
    """The verdict of a child process, or None when it takes too long."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(theirs, b"sound" if judge(d) else b"unsound")
        os._exit(0)
    os.close(theirs)
    ready, _, _ = select.select([ours], [], [], SECONDS_MAX)
    verdict = os.read(ours, 16).decode() if ready else None
    os.close(ours)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return verdict or None


def main():
    import pm4py  # noqa: F401  loaded once, for all children

    rng = random.Random(SEED)
    print("# defect\tpm4py\tparts\tflows")
    done = 0
    while done < LINES:
        d = Drawing()
        start = d.add("S")
        a, b = block(d, rng, rng.randint(1, 3))
        end = d.add("E")
        d.link(start, a)
        d.link(b, end)
        defect = spoil(d, rng)
        if defect is None or len(d.parts) > PARTS_MAX or not whole(d, defect == "livelock"):
            continue
        verdict = judge_in_time(d)
        if verdict is None:
            continue
        flows = ",".join(f"{a}-{b}" for a, b in d.flows)
        print(defect, verdict, "".join(d.parts), flows, sep="\t", flush=True)
        done += 1
        if done % 100 == 0:
            print(done, file=sys.stderr)


if __name__ == "__main__":
    main()
