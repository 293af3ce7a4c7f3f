#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# bank_round.sh: payments of an incident go out to a bank that is simulated, and what it answers comes back into the books: rejections,
# returns whole and less a fee, a tenth of which it says nothing, the same again in another order, files that are wrong, each cut off
# at several places. What did not arrive is sent again. In the end each claim was paid once, and ledger and bank agree to the fen.
#
#   PAYMENTS   how many (1,000; 3,000 in a trial)

. tests/bank.inc
export PAYMENTS="${PAYMENTS:-$([ -z "${TRIAL:-}" ] && echo 1000 || echo 3000)}"

begins
rail 400
plays world.case
simulates 'out and back' bank_round.py
stop
ends
