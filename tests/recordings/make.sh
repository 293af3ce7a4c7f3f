#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# make.sh replay [COMMIT]: plays all tests that use the kit, all cases, and the demonstration, with the program of a former
#     commit, and decides again with this one what that one recorded. COMMIT is by default the newest that changed the
#     recordings kept here. Says what differs, and counts; ends with 0 when nothing does.
# make.sh make: plays them with this program and keeps a choice here, for the day when entries or refusals change on
#     purpose. Replay before it, without the change.
#
# To be run where the Makefile is. Takes minutes, so it is no part of `make test`, which replays what is kept here.
# Recordings of ledgers that a test had damaged, which already the program that made them decides in another way, are
# left out and counted.
#
#   BUILD   what this program was built into, tests and all (build)
#   SIZE    the most bytes that a kept recording has (100000)
#   TOTAL   the most bytes that all have that are kept for what is in them (1500000)
#   CARDS   how many cards the demonstration has to replay (3000)

export LC_ALL=C SEED=1
here=tests/recordings
build=${BUILD:-build}
size=${SIZE:-100000}
total=${TOTAL:-1500000}
work=$(mktemp -d) || exit 1
tree=
trap '[ -z "$tree" ] || git worktree remove --force "$tree"; rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

fail() {
	echo "make.sh: $*" >&2
	exit 1
}

# play_cases TREE BUILD FILE: the same of the cases in a file.
play_cases() {
	name=case-$(echo "${3%.case}" | sed 's|.*/scenarios/||; s|^tests/rules/||; s|/|-|g')
	(cd "$1" && "$2/recourse" play --keep "$work/$name" "$3") >"$work/out" 2>&1 ||
		fail "$3 failed: $(tail -n 5 "$work/out")"
	for ledger in "$work/$name"/*/ledger; do
		number=$(basename "$(dirname "$ledger")")
		"$1/$2/tests/recording_test" --record "$ledger" "$work/played/$name-$number.recording" ||
			fail "$ledger is not recorded"
	done
	rm -rf "${work:?}/$name"
}

# play TREE BUILD CARDS: leaves in $work/played what its tests and its demonstration record.
play() {
	mkdir "$work/played"
	for program in "$1/$2"/tests/*_test; do
		case $program in */recording_test) continue ;; esac
		nm "$program" | grep -q ' T kit_end$' || continue
		(cd "$1" && RECORDINGS="$work/played" "$2/tests/$(basename "$program")") >"$work/out" 2>&1 ||
			fail "$program failed: $(tail -n 5 "$work/out")"
	done
	for file in $(cd "$1" && find tools/scenarios tests/rules -mindepth 1 -name '*.case' 2>/dev/null); do
		play_cases "$1" "$2" "$file"
	done
	"$1/$2/recourse" demo --cards "$3" --keep "$work/demo" >"$work/out" &&
		"$1/$2/tests/recording_test" --record "$work/demo/ledger" "$work/played/demo.recording" ||
		fail 'the demonstration failed'
	for file in "$work"/played/*.recording; do
		"$1/$2/tests/recording_test" "$file" >"$work/out" 2>&1 || rm "$file"
	done
}

# Cuts what is too large to be kept, by halves.
cut_large() {
	for file in "$work"/played/*.recording; do
		requests=$("$build/tests/recording_test" "$file" | sed -n 's/.* \([0-9]*\) requests.*/\1/p')
		while [ "$(wc -c <"$file")" -gt "$size" ] && [ "$requests" -gt 1 ]; do
			requests=$((requests * 3 / 4))
			"$build/tests/recording_test" --cut "$requests" "$file" "$work/cut" || exit 1
			mv "$work/cut" "$file"
		done
	done
}

# Reads "BYTES FILE" and then what files have; prints the files to keep: one of each family of ledgers that no test of
# one rule makes, and then the one that adds most by its bytes, until nothing is new or all is full. Most is worth
# another command that was carried out, then other postings or another field or error of a refusal.
choose() {
	awk -v size="$size" -v total="$total" '
	function learn(what, worth) {
		if ((file, what) in has) return
		has[file, what]
		files[what] = files[what] " " file
		worths[what] = worth
		new[file] += worth
	}
	function take(file, what, other, count, i) {
		print file
		sum += bytes[file]
		for (what in files) if ((file, what) in has) {
			count = split(files[what], other, " ")
			for (i = 1; i <= count; i++) new[other[i]] -= worths[what]
			delete files[what]
		}
		delete new[file]
	}
	FNR == NR { if ($1 <= size) bytes[$2] = $1; next }
	/^\// { file = $1; next }
	file in bytes && $2 == "accept" {
		learn("accept " ($4 ~ /\./ ? $4 : $3), 20)
		learn($1 " " $3, 1)
		sub(/^[a-z]* /, "")
		learn($0, 3)
	}
	file in bytes && $2 == "refuse" { learn($2 " " $3 " " $4 " " $5, 1); learn($1 " " $4, 1); learn($4 " " $5, 3) }
	END {
		split("case-golden case-companions property_test confidential_test calendar_test demo", families, " ")
		for (i = 1; i in families; i++) {
			best = ""
			for (file in new)
				if (file ~ "/" families[i] "[-.]" && (best == "" || new[file] > new[best])) best = file
			if (best != "") take(best)
		}
		for (;;) {
			best = ""
			for (file in new)
				if (new[file] > 0 && sum + bytes[file] <= total && (best == "" ||
					new[file] / bytes[file] > new[best] / bytes[best])) best = file
			if (best == "") break
			take(best)
		}
	}' "$1" "$2"
}

# count FILE...: what they have.
count() {
	"$build/tests/recording_test" --list "$@" | grep -v '^/' | sort -u >"$work/list"
	echo "$(grep -c ' accept ' "$work/list") distinct acceptances, $(grep -c ' refuse ' "$work/list") distinct refusals," \
		"of $(sed -n 's/.* refuse [^ ]* //p' "$work/list" | sort -u | wc -l) errors of fields"
}

case ${1:-} in
replay)
	commit=${2:-$(git log -1 --format=%H -- "$here/*.recording")}
	tree=$work/tree
	git worktree add -q --detach "$tree" "$commit" || exit 1
	${MAKE:-make} -C "$tree" BUILD=build tests >"$work/out" 2>&1 || fail "the tests of $commit can not be built"
	play "$tree" build "${CARDS:-3000}"
	count "$work"/played/*.recording
	"$build/tests/recording_test" "$work"/played/*.recording
	;;
make)
	play . "$build" 15
	cut_large
	wc -c "$work"/played/*.recording | grep / >"$work/sizes"
	"$build/tests/recording_test" --list "$work"/played/*.recording >"$work/all" || exit 1
	choose "$work/sizes" "$work/all" >"$work/chosen"
	rm -f "$here"/*.recording
	xargs cp -t "$here" <"$work/chosen"
	# No rule has a second version yet that could be adopted.
	"$build/recourse" help commands | awk 'NR > 1 && $1 != "rule.adopt" { print $1 }' >"$here/commands"
	count "$PWD/$here"/*.recording
	"$build/tests/recording_test" "$here"/*.recording
	;;
*)
	fail 'replay [COMMIT], or make'
	;;
esac
