#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# model.sh: random histories against the naive model of who gets which fen (tests/model), and plans in other orders. A sample
# of them; in a trial more, without what is known to differ still (tests/model/README.md). Ends with "N passed, N failed".

. tests/model.inc

if [ -n "${TRIAL:-}" ]; then
	played --self-test
	played --seeds 500-999
	played --seeds 1000-1029 --orders 5
	played --all-orders --seeds 0-29 --most 6
	played --orders 11 --seeds 0-49 --without release,write_off,call
else
	played --self-test --seeds 0-29
	played --seeds 0-24 --most 40
	played --all-orders --seeds 0-9 --most 5 --without sections
fi
said
