#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# run.sh PROGRAM...: runs tests side by side and says in the order given how each went: a line for one that passed, all
# that it printed for one that failed. Ends with one line "N passed, N failed". Counted are the tests of a cmocka
# program and the last line of a script that counts by itself ("N passed, N failed"); anything else is one test, passed
# when it exits with 0. A program that dies, hangs, runs no test at all, or ends before its last test has failed,
# whatever status it ends with. A script that ends with 77 could not be run: it is neither, and its last line says why. A folder, given as FOLDER/, is a script that plays the cases in it.
#
#   JOBS           how many at once (two for each processor: many of them wait)
#   TEST_SECONDS   the longest that one program may take (900; 1,800 in a trial): only a hang does
#   FUZZ_SECONDS   how long a fuzzer, a program *_fuzz, looks for more inputs (10)
#   BUILD          what was built, for scripts (build); what each printed stays there, in output/

export BUILD="${BUILD:-build}"
# A second of sleep at each end of a process would be most of what a script takes.
export TSAN_OPTIONS="${TSAN_OPTIONS:-atexit_sleep_ms=50}"
# As a thread ends, clang 14 takes what lies there for an overrun of the stack of its own.
export ASAN_OPTIONS="${ASAN_OPTIONS:-use_sigaltstack=0}"
jobs="${JOBS:-$(($(nproc) * 2))}"
limit="${TEST_SECONDS:-$([ -z "${TRIAL:-}" ] && echo 900 || echo 1800)}"
fuzz="${FUZZ_SECONDS:-10}"
passed=0
failed=0
names=
skipped=

output_of() {
	echo "$BUILD/output/$(echo "$1" | tr / -)"
}

# seeds_in_time FOLDER: each seed is run before any input is made up, whatever time there is. Of thousands, a tenth is what a
# short run has time for.
seeds_in_time() {
	if [ "$fuzz" -ge 60 ] || [ "$(ls "$1" | wc -l)" -lt 1000 ]; then
		echo "$1"
		return
	fi
	rm -rf "$1-some"
	mkdir "$1-some"
	ls "$1" | awk 'NR % 10 == 1' | while read -r seed; do ln "$1/$seed" "$1-some/"; done
	echo "$1-some"
}

run_program() {
	name=$(basename "$1" _fuzz)
	case $1 in
	*/)
		timeout -k 5 "$limit" sh tests/cases.sh "$1" ;;
	*.sh)
		timeout -k 5 "$limit" sh "$1" ;;
	*_fuzz)
		mkdir -p "$BUILD/corpus/$name"
		set -- "$1" "$BUILD/corpus/$name"
		for seeds in "tests/seeds/$name" "$BUILD/seeds/$name"; do
			[ ! -d "$seeds" ] || set -- "$@" "$(seeds_in_time "$seeds")"
		done
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

# Sets good and bad, and why where nothing else says so, from what a program said and how it ended.
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
	why=
	case $1:$2 in *.sh:77) return ;; esac
	if [ "$bad" -eq 0 ] && { [ "$2" -ne 0 ] || [ "$good" -eq 0 ] || [ "$begun" -ne "$ended" ]; }; then
		bad=1
		case $2:$good in
		0:0) why='ran no test' ;;
		0:*) why='ended before its last test' ;;
		124:* | 137:*) why='took too long or was killed' ;;
		*) why="ended with status $2" ;;
		esac
	fi
}

report() {
	output=$(output_of "$1")
	read -r status tenths <"$output.end"
	count "$1" "$status"
	passed=$((passed + good))
	failed=$((failed + bad))
	if [ "$bad" -eq 0 ] && [ "$status" -eq 77 ]; then
		skipped="$skipped $1"
		printf '%-52s %s\n' "$1" "$(tail -n 1 "$output")"
		return
	fi
	if [ "$bad" -eq 0 ]; then
		printf '%-52s %5d passed %4d.%d s\n' "$1" "$good" $((tenths / 10)) $((tenths % 10))
		return
	fi
	names="$names $1"
	echo "== $1"
	LC_ALL=C sed '/^###### Recommended dictionary/,/^###### End of recommended/d' "$output"
	[ -z "$why" ] || echo "run.sh: $1 $why"
}

if [ "$1" = --one ]; then
	output=$(output_of "$2")
	begin=$(date +%s%N)
	run_program "$2" >"$output" 2>&1 </dev/null
	echo "$? $((($(date +%s%N) - begin) / 100000000))" >"$output.end"
	echo "$2"
	exit 0
fi

rm -rf "$BUILD/output"
mkdir -p "$BUILD/output" || exit 1
printf '%s\n' "$@" | xargs -d '\n' -P "$jobs" -n 1 sh "$0" --one | {
	while read -r _; do
		while [ $# -gt 0 ] && [ -s "$(output_of "$1").end" ]; do
			report "$1"
			shift
		done
	done
	[ $# -eq 0 ] || names="$names $*"
	failed=$((failed + $#))
	[ -z "$names" ] || echo "failed:$names"
	[ -z "$skipped" ] || echo "not run:$skipped"
	echo "$passed passed, $failed failed"
	[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}
