#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# demo.sh [BUILD]: the demonstration and the bench, small: what they say, that they fail when they have to, and
# that they leave nothing behind. Prints "N passed, N failed" at the end.

export LC_ALL=C.UTF-8
recourse="${1:-${BUILD:-build}}/recourse"
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
mkdir "$work/temporary"
export TMPDIR="$work/temporary"
passed=0
failed=0

# check NAME COMMAND...: the test passes when the command does.
check() {
	name=$1
	shift
	if "$@"; then
		passed=$((passed + 1))
	else
		echo "demo.sh: $name"
		failed=$((failed + 1))
	fi
}

# ends STATUS COMMAND...: whether the command ends with that status, what it says kept in out and err.
ends() {
	wanted=$1
	shift
	"$@" >"$work/out" 2>"$work/err"
	status=$?
	[ "$status" -eq "$wanted" ] || { cat "$work/err"; echo "ended with $status, not $wanted"; return 1; }
}

# says COUNT TEXT: how many lines hold the text.
says() {
	[ "$(grep -cF -- "$2" "$work/out")" -eq "$1" ]
}

# none COUNT FIGURE: so many figures end so, and each is 0.
none() {
	[ "$(grep -o "\"figure\":\"$2\"[^}]*" "$work/out" | grep -c '"median":0[,.]')" -eq "$1" ]
}

empty() {
	[ -z "$(ls -A "$TMPDIR")" ]
}

plain() {
	! grep -q "$(printf '\033')" "$work/out"
}

check 'the demonstration succeeds' ends 0 "$recourse" demo --cards 300
check 'the deposit is taken in step 1' says 1 '1010 custodian cash bank              2010 deposit available M                    100,000.00 CNY'
check "the consumers' interest is owed to them" says 1 '2150 over-recovery owed consumers             6,000.00 CNY'
check 'money is back at zero' says 1 'accounts of money are at zero'
check "B's receipt verifies" says 1 'and these are its exact bytes'
check 'both audits are clean' says 2 'verified: every entry follows from the signed requests'
check 'everybody is paid' says 1 'to 300 people'
check 'no colours in a file' plain
check 'nothing is left behind' empty

check 'a ledger can be kept' ends 0 "$recourse" demo --cards 1 --keep "$work/kept"
check 'the one that is kept verifies' ends 0 "$recourse" verify "$work/kept/ledger"
check 'and is not overwritten' ends 1 "$recourse" demo --cards 1 --keep "$work/kept"
check 'no cards are a mistake' ends 64 "$recourse" demo --cards 0
check 'no place to work in is a failure' ends 1 env TMPDIR="$work/nowhere" "$recourse" demo

check 'the bench measures' ends 0 "$recourse" bench --size 300 --seconds 1 --clients 4 --runs 1 --json
for workload in collapse seals sweep single read verify proof ratio; do
	check "it measures $workload" grep -q "{\"workload\":\"$workload\"" "$work/out"
done
check 'nothing is left behind by it' empty
for figure in writer keeper workers 'transport and rest'; do
	check "it tells the stage: $figure" grep -q "{\"workload\":\"stages\",\"figure\":\"$figure\"" "$work/out"
done
# Half of what it was, and twice: the first is said to be dearer.
awk '/"figure":"rows sealed, a command"/ { sub(/"median":[0-9.]*/, "\"median\":0.5") }
	/"figure":"rows opened, a command"/ { sub(/"median":[0-9.]*/, "\"median\":99") } 1' "$work/out" >"$work/baseline"
check 'it is held against an earlier run' ends 0 "$recourse" bench collapse --size 300 --runs 1 --baseline "$work/baseline"
check 'which says what got dearer' grep -q 'rows sealed, a command' "$work/out"
dearer=$(sed -n '/^Held against/,$p' "$work/out")
check 'and nothing else' test "${dearer#*rows opened}" = "$dearer"
check 'a single command is measured by itself' ends 0 "$recourse" bench single --seconds 1 --clients 1 --runs 1 --json
check 'against the least that it can take' grep -q '"figure":"single p50 / commit and echo"' "$work/out"
check 'and nothing is left behind by that' empty
check 'a baseline that is none is a mistake' ends 65 "$recourse" bench collapse --baseline "$recourse"
check 'one or the other' ends 64 "$recourse" bench --json --baseline "$work/baseline"
# Nine workloads of a second each, in a trial only.
if [ -n "${TRIAL:-}" ]; then
	check 'shapes are measured where they are named' ends 0 "$recourse" bench shapes --size 300 --seconds 1 --runs 1 --json
	for figure in balance 'balance as of entry' 'balance as of time' 'statement, begin' 'statement, middle' \
		'statement, end' 'statement, period' 'durable command'; do
		check "its $figure" grep -q "{\"workload\":\"shapes 300\",\"figure\":\"$figure p99\"" "$work/out"
	done
	for figure in 'bulk, few merchants' 'bulk, all merchants' 'all, written' 'state file, a movement'; do
		check "its $figure" grep -q "{\"workload\":\"shapes 300\",\"figure\":\"$figure\"" "$work/out"
	done
	check 'and nothing is left behind by it' empty
fi
# Two seconds for each of those who besiege, in a trial only.
if [ -n "${TRIAL:-}" ]; then
	check 'a siege is measured where it is named' ends 0 "$recourse" bench siege --seconds 1 --runs 1 --json
	check 'each honest call is answered in it' none 12 '[^"]*: given up'
	check 'and none that is the only one of its connection is refused' none 9 '\([^1"]\|10\)[^"]*: refused'
	check 'and nothing is left behind by a siege' empty
fi
check 'a ledger too small for shapes is a mistake' ends 64 "$recourse" bench shapes --size 99
check 'an unknown workload is a mistake' ends 64 "$recourse" bench dance

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
