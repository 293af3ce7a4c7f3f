#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# bank_round.sh: payments of an incident go out to a bank that is simulated, and what it answers comes back into the books: rejections,
# returns whole and less a fee, a tenth of which it says nothing, the same again in another order, files that are wrong, each cut off
# at several places. What did not arrive is sent again. In the end each claim was paid once, and ledger and bank agree to the fen.
#
#   PAYMENTS   how many (1,000; 3,000 in a trial)

. tests/outside.inc
export PAYMENTS="${PAYMENTS:-$([ -z "${TRIAL:-}" ] && echo 1000 || echo 3000)}"
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
expect 0 'out and back' python3 "$tests/bank_round.py"
checks=$(sed -n 's/.* payments, \([0-9]*\) checks held/\1/p' out)
passed=$((passed + ${checks:-0}))
stop
expect 0 'the audit' recourse verify led
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
