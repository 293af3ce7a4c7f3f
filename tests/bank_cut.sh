#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# bank_cut.sh: `bank-file book` is killed while a request of its is on the way, and begun anew; what was on the way is decided only
# then, at each place where that is another thing: it is its own, and done. What another did meanwhile is not.

. tests/bank.inc

begins
rail 400
plays world.case
simulates 'cut off' bank_cut.py
stop
ends
