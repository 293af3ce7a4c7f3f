#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# bank_race.sh: sixteen clients order, batch, export, send again, book and report the same payments, each other's and their own, in any
# order, while the server is killed and begun anew. A bank that is simulated pays each id once. What was acknowledged is so, each claim is
# paid by one order, and the account holds what the bank says.
#
#   KILLS   how many (6; 60 in a trial)
#   SEED    of what is chosen at random

. tests/bank.inc
export KILLS="${KILLS:-$([ -z "${TRIAL:-}" ] && echo 6 || echo 60)}" SEED="${SEED:-1}"
export RECOURSE_TIMEOUT=5

expect 0 'init' recourse init led --origin example.com/ledger --admin-party P --test
export RECOURSE_LOG_KEY=@led/keys/log.pub
rail 20
simulates 'the race' bank_race.py
cat out
ends
