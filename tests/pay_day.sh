#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# pay_day.sh: the day in tools/PAY.md, from approved claims to a statement with which nothing differs, is what comes of its
# commands. Each is run as it stands there; each line that stands behind it is among what it says, in that order, as far as
# its words go. Ends with "N passed, N failed".

page=$(realpath tools/PAY.md)
. tests/outside.inc
PATH=$(dirname "$recourse"):$PATH

# Commands into step.N, what is shown of them into shown.N.
cat >steps.py <<'E2'
import re, sys
steps = []
for block in re.findall(r"^```console\n(.*?)^```$", open(sys.argv[1]).read(), re.M | re.S):
    end = None  # of a command of several lines: the line that is its last, or "" of those that end with "\"
    for line in block.splitlines():
        begins = end is None and line.startswith("$ ")
        if begins:
            steps.append(([line[2:]], []))
        else:
            steps[-1][0 if end is not None else 1].append(line)
        here = re.search(r"<<'?(\w+)'?$", line)
        if begins and here:
            end = here.group(1)
        elif begins and line.endswith("; do"):
            end = "  done"
        elif begins and line.endswith("\\"):
            end = ""
        elif end is not None and (line == end or end == "" and not line.endswith("\\")):
            end = None
for number, (command, shown) in enumerate(steps, 1):
    open(f"step.{number}", "w").write("\n".join(command).replace("tcp://127.0.0.1:7790", sys.argv[2]) + "\n")
    open(f"shown.{number}", "w").write("\n".join(shown) + "\n")
print(len(steps))
E2

# The words of each line that is shown are words of a line that was said, behind the one before.
cat >held.py <<'E2'
import sys
said = [line.split() for line in open(sys.argv[2]).read().splitlines()]
for line in open(sys.argv[1]).read().splitlines():
    words = line.replace("…", " ").split()
    while said and words:
        here = iter(said.pop(0))
        if all(word in here for word in words):
            words = []
    if words:
        sys.exit("not said: " + line)
E2

what='the page'
python3 steps.py "$page" tcp://127.0.0.1:7790 >count && ok || bad 'its blocks are not read'
[ "$(cat count)" -gt 20 ] && ok || bad 'it has no day'
number=0
while [ "$number" -lt "$(cat count)" ]; do
	number=$((number + 1))
	if grep -q '^recourse serve x &$' "step.$number"; then
		serve x --listen tcp://127.0.0.1:0 || exit 1
		export RECOURSE_URL="$url"
		python3 steps.py "$page" "$url" >count
		continue
	fi
	# shellcheck disable=SC1090
	. "./step.$number" >out 2>err </dev/null
	# What is refused is shown as refused.
	if grep -q '^recourse: ' err && ! grep -q '^recourse: ' "shown.$number"; then
		bad "$(cat "step.$number")"
	elif cat err out >said && python3 held.py "shown.$number" said >out 2>err; then
		ok
	else
		cat said >>err
		bad "$(cat "step.$number")"
	fi
done
stop

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
