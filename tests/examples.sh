#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# examples.sh: the examples of the published document are what two scenarios say and are answered. What differs is
# shown; `make examples` makes the file anew.

build="${BUILD:-build}"
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
passed=0 failed=0
"$build/recourse" play tools/scenarios/golden.case tests/rules/published/examples.case --examples "$work/examples" \
	>"$work/out" 2>&1 && passed=1 || { failed=1; cat "$work/out"; }
if diff api/examples.json "$work/examples" >"$work/out"; then
	passed=$((passed + 1))
else
	failed=$((failed + 1))
	cut -c 1-300 "$work/out"
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
