#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# run.sh PROGRAM...: runs tests one after the other, shows what they say, and ends with one line
# "N passed, N failed". Counted are the tests of a cmocka program and the last line of a script that counts
# by itself ("N passed, N failed"); anything else is one test, passed when it exits with 0. A program that
# dies, hangs, runs no test at all, or ends before its last test has failed, whatever status it ends with.
#
#   TEST_SECONDS   the longest that one program may take (300)
#   FUZZ_SECONDS   how long a fuzzer, a program *_fuzz, looks for more inputs (10)
#   BUILD          what was built, for scripts (build)

export BUILD="${BUILD:-build}"
limit="${TEST_SECONDS:-300}"
fuzz="${FUZZ_SECONDS:-10}"
passed=0
failed=0
names=
output=$(mktemp) || exit 1
trap 'rm -f "$output"' EXIT
trap 'exit 1' HUP INT TERM

run_program() {
	name=$(basename "$1" _fuzz)
	case $1 in
	*.sh)
		timeout -k 5 "$limit" sh "$1" ;;
	*_fuzz)
		mkdir -p "$BUILD/corpus/$name"
		set -- "$1" "$BUILD/corpus/$name"
		[ ! -d "tests/seeds/$name" ] || set -- "$@" "tests/seeds/$name"
		timeout -k 5 $((fuzz + limit)) "$@" -max_total_time="$fuzz" -timeout=10 -verbosity=0 \
			-print_final_stats=1 -artifact_prefix="$BUILD/$name-" ;;
	*)
		timeout -k 5 "$limit" "$1" ;;
	esac
}

# sum PATTERN: the numbers that lines of the output have where the pattern has its group, added up.
sum() {
	LC_ALL=C sed -n "s/$1/\\1/p" "$output" | awk '{ n += $1 } END { print n + 0 }'
}

# Sets good and bad from what a program said and how it ended.
count() {
	good=$(grep -ac '^\[       OK \]' "$output")
	bad=$(sum '^\[  FAILED  \] \([0-9][0-9]*\) test(s).*')
	begun=$(sum '^\[==========\] Running \([0-9][0-9]*\) test(s).*')
	ended=$(sum '^\[==========\] \([0-9][0-9]*\) test(s) run.*')
	total=$(tail -n 1 "$output" | grep -aE '^[0-9]+ passed, [0-9]+ failed$')
	if [ -n "$total" ]; then
		good=${total%% passed*}
		bad=${total##*, }
		bad=${bad%% failed}
	fi
	case $1 in
	*_fuzz | *.sh) [ -n "$total" ] || [ "$2" -ne 0 ] || good=1 ;;
	esac
	if [ "$bad" -eq 0 ] && { [ "$2" -ne 0 ] || [ "$good" -eq 0 ] || [ "$begun" -ne "$ended" ]; }; then
		bad=1
		case $2:$good in
		0:0) echo "run.sh: $1 ran no test" ;;
		0:*) echo "run.sh: $1 ended before its last test" ;;
		124:* | 137:*) echo "run.sh: $1 took too long or was killed" ;;
		*) echo "run.sh: $1 ended with status $2" ;;
		esac
	fi
}

for program in "$@"; do
	echo "== $program"
	run_program "$program" >"$output" 2>&1
	status=$?
	LC_ALL=C sed '/^###### Recommended dictionary/,/^###### End of recommended/d' "$output"
	count "$program" "$status"
	passed=$((passed + good))
	failed=$((failed + bad))
	[ "$bad" -eq 0 ] || names="$names $program"
done
[ -z "$names" ] || echo "failed:$names"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
