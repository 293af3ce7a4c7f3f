#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Random histories, played against the program and compared with the model. See README.md."""
import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import unittest
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import history
import order
import scenes
import vectors
import words

TOLERANCE = 2       # steps by which a claim's part may differ; sums must be exact


def file_of(walks):
    text = words.WORLD + "\n"
    for name, w in walks:
        w.begins = text.count("\n") + 2        # the number of its first line in the file
        text += w.case(name) + "\n"
    return text


class Program:
    def __init__(self, path):
        self.command = [path, "play"]
        self.answers = {}       # name -> question -> answer, of those that order.py asks

    def play(self, walks):
        """What comes otherwise than expected: name -> lines of complaint."""
        found = self.once(walks)
        while True:
            again = []
            for name, w in walks:
                if name in found and (idle := idle_lines(found[name], w)):
                    for n in idle:
                        w.lines[n] = "# nothing new: " + w.lines[n]
                    found.pop(name)
                    again.append((name, w))
            if not again:
                return found
            found.update(self.once(again))

    def once(self, walks):
        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, "history.case")
            with open(path, "w") as out:
                out.write(file_of(walks))
            done = subprocess.run(self.command + [path], capture_output=True, text=True)
        text = (done.stdout + done.stderr).replace(path, "history.case")
        if done.returncode not in (0, 1) or done.returncode and len(walks) == 1 and not text:
            return {"": ["exit %d: %s" % (done.returncode, text)]}
        found, digits = {}, {name: w.digits for name, w in walks}
        at = re.compile(r"^[^\s:]+:(\d+): (.*?): (.*)\n    expected: (.*)\n    came:     (.*)", re.M)
        for line, name, what, expected, came in at.findall(text):
            if expected == order.END and came.startswith("{"):
                self.answers.setdefault(name, {})[what.split(" : ")[0]] = json.loads(came)
            elif not near(what, expected, came, digits.get(name, 0)):
                found.setdefault(name, []).append("%s\n    expected: %s\n    came:     %s\n    line:     %s"
                                                  % (what, expected, came, line))
        if done.returncode and not at.search(text):
            found[""] = [text[-2000:]]
        return found


class Served(Program):
    """Each history on a ledger of its own that is served; what each tenth exports is read by hledger, with its balances."""

    def __init__(self, path):
        self.path, self.count = path, 0

    def once(self, walks):
        found = {}
        for name, w in walks:
            with tempfile.TemporaryDirectory() as directory:
                ledger = os.path.join(directory, "ledger")
                subprocess.run([self.path, "init", ledger, "--test", "--admin-party", "P"], check=True, capture_output=True)
                serving = subprocess.Popen([self.path, "serve", ledger, "--listen", "tcp://127.0.0.1:0"],
                                           stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
                try:
                    url = serving.stdout.readline().split()[-1]
                    self.command = [self.path, "play", "--url", url, "--keys", ledger + "/keys"]
                    found.update(super().once([(name, w)]))
                    self.count += 1
                    if self.count % 10 == 1:
                        found.update(self.exported(name, url, ledger, directory))
                finally:
                    serving.terminate()
                    serving.wait()
        return found

    def exported(self, name, url, ledger, directory):
        journal = os.path.join(directory, "all.journal")
        for command in ([self.path, "export", "--format", "hledger", "--url", url, "--key", ledger + "/keys/auditor",
                         "-o", journal], ["hledger", "-f", journal, "check", "--strict"]):
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode:
                return {name: ["export\n    expected: balances equal\n    came:     " + (done.stdout + done.stderr)[:500]]}
        return {}


def idle_lines(complaints, w):
    """The numbers of the lines of a history that may be left out, up to the first that may not: they were refused because
    nothing was new, or rest on one that was."""
    found = set()
    for complaint in complaints:
        head, _, came, at = (complaint.split("\n") + ["", "", ""])[:4]
        if not at.startswith("    line:"):
            break
        first = int(at.split()[-1]) - w.begins
        rest = [lines for idle, (refusal, lines) in words.IDLE.items() if head.startswith(idle) and refusal in came]
        if not rest and first not in found:
            break
        idle = max(rest, default=0)
        if any(line.startswith("slip := bank payout.settle") for line in w.lines[first:first + idle]):
            idle += words.SLIP["settle"].count("\n") + 2         # the payment is taken back, and settled rightly
        found.update(range(first, first + idle))
    return sorted(found)


def near(what, expected, came, digits):
    if not what.startswith("? ") or "claim.brief" not in what:
        return False
    numbers = [re.search(r"(-?\d+(?:\.\d+)?)$", t.strip().strip('"')) for t in (expected, came)]
    if not all(numbers):
        return False
    steps = [round(float(n.group(1)) * 10 ** digits) for n in numbers]
    return abs(steps[0] - steps[1]) <= TOLERANCE


def shrink(plan, events, fails):
    """The shortest history that still fails: pieces are taken out, large ones first."""
    size = max(1, len(events) // 2)
    while size:
        at, less = 0, False
        while at < len(events):
            fewer = history.walk(plan, events[:at] + events[at + size:])
            kept = [e for e in events[:at] + events[at + size:] if e in fewer.done]
            if len(kept) < len(events) and fails(fewer):
                events, less = kept, True
            else:
                at += size
        if not less or size > 1:
            size //= 2
    return events


def kind_of(complaint):
    """What a complaint is about, without its figures: shrinking keeps to that."""
    what, expected, came = (complaint.split("\n") + ["", ""])[:3]
    head = " ".join(what.split()[:2])
    error = re.search(r"! (\w+(?: \w+)?)", came)
    return head, error.group(1) if error else ""


def totals(w):
    """What no order may change: every look but those of single claims; of cash and of what the funder is due, what is left
    after what it paid in."""
    looks = [line for line in w.lines if line.startswith("= ") and not line.startswith(("= 1010", "= 2170"))]
    for line in w.passing:
        looks.remove(line)
    return sorted(looks + w.net)


def self_test(seeds):
    ok = unittest.TextTestRunner().run(unittest.defaultTestLoader.loadTestsFromModule(vectors)).wasSuccessful()
    differ = 0
    for seed in seeds:
        plan = history.make(seed, without=(*order.OF_THE_MOMENT, "twice", "bar"))
        sets = {}
        rng = random.Random(seed)
        for _ in range(4):
            w = history.walk(plan, history.shuffled(plan, rng))
            if order.is_of_the_moment(w):
                continue
            key = repr(sorted(map(repr, w.done)))
            sets.setdefault(key, []).append(totals(w))
        for same in sets.values():
            if any(t != same[0] for t in same):
                differ += 1
                other = next(t for t in same if t != same[0])
                print("seed %d: the model itself depends on the order: %s" % (seed, sorted(set(same[0]) ^ set(other))))
    print("%d plans in 4 orders each, %d differ" % (len(seeds), differ))
    return ok and not differ


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--self-test", action="store_true", help="the model against the vectors and against itself")
    parser.add_argument("--seeds", default="0-19", help="FIRST-LAST (0-19)")
    parser.add_argument("--orders", type=int, default=1, help="orders of each plan's events (1), compared with one another, too")
    parser.add_argument("--all-orders", action="store_true", help="of each plan some events, at most 7 (or --most), in all orders")
    parser.add_argument("--most", type=int, help="events of a plan, at most (60)")
    parser.add_argument("--claimants", type=int, help="so many claims in each plan; else 1 to 11")
    parser.add_argument("--without", default="", help="kinds of events to leave out, by comma; also sections, mixed, foreign, "
                        "units, extend, close, unknown")
    parser.add_argument("--scene", help="plans of this one alone (scenes.py)")
    parser.add_argument("--recourse", default="build/recourse", help="the program (build/recourse)")
    parser.add_argument("--served", action="store_true", help="each over the network, on a ledger of its own; hledger reads "
                        "what each tenth exports")
    parser.add_argument("--print", action="store_true", help="write the scenarios to the standard output and play nothing")
    parser.add_argument("--count", action="store_true", help="how often each command is played and refused; nothing is played")
    parser.add_argument("--no-shrink", action="store_true")
    parser.add_argument("--fail-most", type=int, default=5, help="failures that are shrunk and shown (5)")
    parser.add_argument("--each", action="store_true", help="each failure, also where another failed in the same way")
    parser.add_argument("--keep", help="directory for the shrunk scenarios")
    a = parser.parse_args()
    first, _, last = a.seeds.partition("-")
    seeds = range(int(first), int(last or first) + 1)
    if a.self_test:
        return 0 if self_test(seeds if a.seeds != "0-19" else range(300)) else 1

    a.without = tuple(filter(None, a.without.split(",")))
    if a.served:                        # where the clock is the host's, an instant of the plan is long past
        a.without = (*a.without, "brief_offer", "withheld")
    if a.all_orders or a.orders > 1:
        return in_orders(seeds, a)
    walks = []
    for seed in seeds:
        plan = planned(seed, a)
        events = history.shuffled(plan, random.Random(seed))
        walks.append(("seed %d" % seed, plan, events, history.walk(plan, events)))
    if a.count:
        print(counted([w for _, _, _, w in walks]))
        return 0
    if a.print:
        print(file_of([(name, w) for name, _, _, w in walks]))
        return 0
    program = Served(a.recourse) if a.served else Program(a.recourse)
    groups = [walks[n:n + 10] for n in range(0, len(walks), 10)]
    failed = {}
    with ThreadPoolExecutor(1 if a.served else os.cpu_count()) as pool:
        for found in pool.map(lambda g: program.play([(name, w) for name, _, _, w in g]), groups):
            failed.update(found)
    broken = "" in failed
    if broken:
        print("recourse play: " + failed.pop("")[0])
    count = {}
    for complaints in failed.values():
        count[kind_of(complaints[0])] = count.get(kind_of(complaints[0]), 0) + 1
    shown = set()
    for name, plan, events, w in walks:
        kind = name if a.each else kind_of(failed.get(name, [""])[0])
        if name not in failed or kind in shown or len(shown) >= a.fail_most:
            continue
        shown.add(kind)
        report(program, name, plan, events, failed[name], a)
    for kind, times in sorted(count.items(), key=lambda x: -x[1]):
        print("%5d  %s" % (times, " ".join(kind)))
    bad = len(failed) + broken              # that the program ended says nothing of those behind it
    print("%d passed, %d failed" % (0 if broken else len(walks) - bad, bad))
    return 1 if bad else 0


def counted(walks):
    """Of each command: how often it is played, in how many histories, how often it is to be refused, and how."""
    played, within, refused = {}, {}, {}
    for n, w in enumerate(walks):
        for line in w.lines:
            command = re.match(r"(?:\w+ := )?\w+ (\w+\.\w+) ", line)
            if not command:
                continue
            name, (_, _, refusal) = command.group(1), line.partition("   ! ")
            played[name] = played.get(name, 0) + 1
            within.setdefault(name, set()).add(n)
            if refusal:
                refused.setdefault(name, {}).setdefault(refusal, 0)
                refused[name][refusal] += 1
    return "\n".join("%-24s %6d in %4d histories   %s" % (
        name, played[name], len(within[name]), ", ".join("%d %s" % (n, r) for r, n in sorted(refused.get(name, {}).items())))
        for name in sorted(played))


def planned(seed, a):
    return scenes.make(a.scene, seed, a.without) if a.scene else history.make(seed, a.most or 60, a.claimants, a.without)


# ---- orders of the same events ----

def orders_of(seed, a):
    if a.all_orders:
        plan, before, events = order.small(seed, a.most or 7, (*order.OF_THE_MOMENT, *a.without))
        yield from ((plan, o) for o in order.every(plan, before, events))
        return
    plan = planned(seed, a)
    rng = random.Random(seed)
    events = history.shuffled(plan, rng)
    yield plan, events
    for _ in range(a.orders - 1):
        other = order.another(plan, events, rng)
        if other:
            yield plan, other


def ends(program, plan, orders, name="order"):
    """Plays them: of each whether it is as the model says, and where it ended; None where it can not be compared: an
    event was left out, since its turn did not come in that order, or what ended depends on its moment."""
    walks = []
    for n, events in enumerate(orders):
        w = history.walk(plan, events)
        w.lines += [] if order.is_of_the_moment(w) else order.questions(w)
        walks.append(("%s %d" % (name, n), w))
    found = program.play(walks)
    broken = found.pop("", None)
    result = []
    for (n, w), events in zip(walks, orders):
        answers = program.answers.pop(n, {})
        whole = len(answers) == len(order.questions(w)) and all(event in w.done for event in events)
        result.append((w, found.get(n, broken), order.position(w, answers) if whole else None))
    return result


def play_orders(seed, a):
    """All the orders of one plan: how many, how many were compared, what the model says otherwise, what differs, each with
    its orders."""
    program, first, compared, wrong, differ = Program(a.recourse), None, 0, {}, {}
    orders = list(orders_of(seed, a))
    for at in range(0, len(orders), 50):
        some = orders[at:at + 50]
        plan = some[0][0]
        for (_, events), (w, complaints, end) in zip(some, ends(program, plan, [events for _, events in some])):
            if complaints:
                wrong.setdefault(kind_of(complaints[0]), []).append((plan, events, complaints))
            if end is None:
                continue
            compared += 1
            first = first or (events, w, end)
            what = order.unequal(w, end[1])
            if what:
                differ.setdefault("within one order", (plan, events, events, what))
            what = order.differs(first[1:], (w, end))
            if what:
                differ.setdefault(order.kind_of(what), (plan, first[0], events, what))
    return len(orders), compared, wrong, differ


def in_orders(seeds, a):
    count, alike, failed, kinds, shown = 0, 0, 0, {}, 0
    program = Program(a.recourse)
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for seed, (played, compared, wrong, differ) in zip(seeds, pool.map(play_orders, seeds, [a] * len(seeds))):
            count, alike = count + played, alike + compared
            for kind, those in wrong.items():
                kinds[kind] = kinds.get(kind, 0) + len(those)
                failed += len(those)
                plan, events, complaints = those[0]
                if kinds[kind] == len(those) and shown < a.fail_most:
                    shown += 1
                    report(program, "seed %d" % seed, plan, events, complaints, a)
            for kind, (plan, one, other, what) in differ.items():
                kinds["orders differ", kind] = kinds.get(("orders differ", kind), 0) + 1
                failed += 1
                if kinds["orders differ", kind] == 1 and shown < a.fail_most:
                    shown += 1
                    report_orders(program, seed, plan, one, other, kind, a)
    for kind, times in sorted(kinds.items(), key=lambda x: -x[1]):
        print("%5d  %s" % (times, " ".join(kind)))
    print("%d orders of %d plans, %d of them compared, %d failed" % (count, len(seeds), alike, failed))
    return 1 if failed else 0


def report_orders(program, seed, plan, one, other, kind, a):
    """The fewest events, in the two orders that are as near to one another as can be, which end otherwise."""
    def differ(one, other):
        if any(order.walked(plan, events) is None for events in (one, other)):
            return None
        (w, _, end), (v, _, end_v) = ends(program, plan, [one, other])
        what = order.unequal(w, end[1]) if end and one == other else end and end_v and order.differs((w, end), (v, end_v))
        return what if what and (one == other or order.kind_of(what) == kind) else None
    if not a.no_shrink:
        one, other = order.fewer(one, other, differ)
        one, other = order.nearer(one, other, differ)
    what = differ(one, other)
    walks = [("seed %d, one order" % seed, history.walk(plan, one)), ("seed %d, another" % seed, history.walk(plan, other))]
    text = file_of(walks[:1] if one == other else walks)
    print("--- seed %d: %d events in two orders: %s\n%s" % (seed, len(one), what, text))
    if a.keep:
        os.makedirs(a.keep, exist_ok=True)
        with open(os.path.join(a.keep, "orders-%d-%s.case" % (seed, re.sub(r"\W+", "-", kind))), "w") as out:
            out.write("# %s\n%s" % (what, text))


def report(program, name, plan, events, complaints, a):
    kind = kind_of(complaints[0])
    if not a.no_shrink:
        events = shrink(plan, events, lambda w: any(
            kind_of(c) == kind for found in program.play([(name, w)]).values() for c in found[:1]))
    w = history.walk(plan, events)
    found = program.play([(name, w)]).get(name, complaints)
    print("--- %s: %d events\n%s\n%s" % (name, len(events), found[0], file_of([(name, w)])))
    if a.keep:
        os.makedirs(a.keep, exist_ok=True)
        with open(os.path.join(a.keep, name.replace(" ", "-") + ".case"), "w") as out:
            out.write(file_of([(name, w)]))


if __name__ == "__main__":
    sys.exit(main())
