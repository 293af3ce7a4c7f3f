#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# reference.sh: what `recourse help` lists is what the code says. Each code of a requirement or an invariant that a
# comment or a finding in ledger/ names is explained, each table, limit and error has a line, and links of documents lead
# somewhere.

export LC_ALL=C.UTF-8
program="${BUILD:-build}/recourse"
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# check NAME: passed when nothing comes on standard input.
check() {
	if grep . >"$work/output"; then
		echo "$1:"
		cat "$work/output"
		echo failed >>"$work/checks"
	else
		echo passed >>"$work/checks"
	fi
}

"$program" help codes | awk 'NR > 1 { print $1 }' | sort -u >"$work/known"
find ledger -name '*.[ch]' -exec sed -nE '/\/\*|^[ \t]*\*|"[A-K][0-9]/p' {} + |
	grep -oE '(^|[^A-Za-z0-9_"%-])[A-K][0-9]{1,2}\b' | grep -oE '[A-K][0-9]+' | sort -u >"$work/used"
comm -23 "$work/used" "$work/known" | check 'codes that ledger/ uses and help does not explain'
[ -s "$work/used" ] || echo none | check 'codes in use'

sed -n '/^enum record_table {/,/RECORD_END/p' ledger/books/record_path.h | grep -cE '^	RECORD_[A-Z_]+( =|,$)' >"$work/declared"
"$program" help tables | tail -n +2 | wc -l | diff "$work/declared" - | check 'tables that are declared and not listed'

"$program" help errors >"$work/errors"
sed -nE 's/^	RECOURSE_[A-Z_]+ = ([1-9][0-9]*),.*/\1/p' include/recourse.h | while read -r number; do
	grep -qE "^ *$number  " "$work/errors" || echo "$number"
done | check 'errors without a line'

"$program" help limits | awk 'NR > 1 && ($0 !~ /[0-9]/ || NF < 4)' | check 'limits without a number or a reason'
if "$program" help nonsense >/dev/null 2>&1; then echo accepted; fi | check 'a list that there is not'

# Each link of a document to another one leads somewhere: to a file, and to a heading of it.
slugs() {
	sed -n 's/^#\{1,6\} //p' "$1" | tr 'A-Z' 'a-z' | sed 's/[][`*(){}:;,.!?"…=+/&’'"'"']//g; s/ /-/g'
}
find . -name '*.md' -not -path './build/*' | while read -r page; do
	grep -oE '\]\([^) ]+\)' "$page" | sed 's/^](//; s/)$//' | grep -v '^[a-z]*:' | while IFS='#' read -r path heading; do
		target=$page
		[ -z "$path" ] || target=$(dirname "$page")/$path
		[ -e "$target" ] || echo "$page: $path"
		[ -z "$heading" ] || slugs "$target" | grep -qxF -- "$heading" || echo "$page: $path#$heading"
	done
done | check 'links that lead nowhere'

failed=$(grep -c failed "$work/checks")
echo "$(grep -c passed "$work/checks") passed, $failed failed"
[ "$failed" -eq 0 ]
