#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# model.sh: random histories against the naive model of who gets which fen (tests/model). A sample of them; in a trial
# more, and orders of plans, without what is known to differ still (tests/model/README.md). Ends with "N passed, N failed".

recourse=${BUILD:-build}/recourse
[ -n "${TMPDIR:-}" ] || [ ! -w /dev/shm ] || export TMPDIR=/dev/shm
passed=0
failed=0

count() {
	[ "$1" -eq 0 ] && passed=$((passed + 1)) || failed=$((failed + 1))
}

played() {
	output=$(PYTHONDONTWRITEBYTECODE=1 python3 tests/model/try.py --recourse "$recourse" "$@" 2>&1)
	status=$?
	[ "$status" -eq 0 ] || printf '%s\n' "$output"
	count "$status"
}

if [ -n "${TRIAL:-}" ]; then
	played --self-test
	played --seeds 500-999
	played --scene paid_on --seeds 0-299
	played --scene given_up --seeds 0-149
	played --scene restored_early --seeds 0-149
	played --scene beside_a_promise --seeds 0-149
	played --scene came_back --seeds 0-149
	played --scene reported --seeds 0-149
	played --scene by_rail --seeds 0-149
	played --scene unclaimed --seeds 0-149
	played --scene beside_filed --seeds 0-49
	played --scene insolvent_anywhere --seeds 0-99
	played --scene insolvent_by_name --seeds 0-99
	played --seeds 1000-1029 --orders 5
	played --all-orders --seeds 0-29 --most 6
	played --orders 11 --seeds 0-49 --without release,write_off,call
else
	played --self-test --seeds 0-29
	played --seeds 0-24 --most 40
	played --all-orders --seeds 0-9 --most 5 --without sections
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
