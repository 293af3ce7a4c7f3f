#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The fewest lines of a history that still fail in the same way: `HISTORY=h SEED=n build/tests/property_test`, then
`python3 tests/shrink.py h "what it says"`. What broke the ledger down was tried last and not written: `--tried 1` says the
last line that was tried behind each play."""
import argparse
import re
import subprocess
import tempfile

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("history")
parser.add_argument("says", nargs="+", help="what a play must say to have failed in the same way")
parser.add_argument("--tried", type=int, default=0, help="so many of the lines that were tried last are said, too")
parser.add_argument("--recourse", default="build/recourse")
options = parser.parse_args()


def read():
    lines = open(options.history).read().split("\n")
    begin = next(number for number, line in enumerate(lines) if line.startswith("case"))
    head = [line.replace("include world", "include tests/rules/world") for line in lines[:begin]]
    rest = [line for line in lines[begin + 1:] if line]
    tried = []
    while rest and rest[-1].startswith("#"):
        tried.insert(0, rest.pop()[2:])
    said = [line for line in rest if not line.startswith("#")]
    return head + ["case as short as can be"], said, tried[len(tried) - options.tried:]


head, said, last = read()


def text(lines):
    return "\n".join(head + ["  " + line for line in lines + last]) + "\n"


def play(lines):
    with tempfile.NamedTemporaryFile("w", suffix=".case", dir=".") as file:
        file.write(text(lines))
        file.flush()
        done = subprocess.run([options.recourse, "play", file.name], capture_output=True, text=True)
        return done.stdout + done.stderr


def fails(lines):
    output = play(lines)
    return all(words in output for words in options.says)


def without_refused(lines):
    """Said one by one, some are refused: what they rested on was said in the same request."""
    while True:
        output = play(lines)
        numbers = [int(number) - len(head) - 1 for number in re.findall(r"\.case:(\d+):", output)]
        refused = {number for number in numbers if 0 <= number < len(lines)}
        if not refused or all(words in output for words in options.says):
            return lines
        lines = [line for number, line in enumerate(lines) if number not in refused]


def shrink(lines):
    size = len(lines) // 2
    while size > 0:
        at, fewer = 0, False
        while at < len(lines):
            some = lines[:at] + lines[at + size:]
            if fails(some):
                lines, fewer = some, True
            else:
                at += size
        size = size if size == 1 and fewer else size // 2
    return lines


said = without_refused(said)
if not fails(said):
    raise SystemExit("it does not fail so when it is said again")
said = shrink(said)
print(text(said) + play(said))
