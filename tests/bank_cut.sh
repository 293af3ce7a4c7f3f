#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# bank_cut.sh: `bank-file book` is killed while a request of its is on the way, and begun anew; what was on the way is decided only
# then, at each place where that is another thing: it is its own, and done. What another did meanwhile is not.

. tests/outside.inc
export RECOURSE="$recourse" PYTHONDONTWRITEBYTECODE=1
tests=$(cd "$OLDPWD" && realpath tests)

begins
{
	echo 'include <fuel-world>'
	echo "include $tests/rules/rail/steps.case"
	echo 'case a rail'
	echo '  publish bank 1 lines=400'
} >world.case
plays world.case
expect 0 'cut off' python3 "$tests/bank_cut.py"
checks=$(sed -n 's/.* cuts, \([0-9]*\) checks held/\1/p' out)
passed=$((passed + ${checks:-0}))
stop
expect 0 'the audit' recourse verify led
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
