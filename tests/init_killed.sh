#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# init_killed.sh: `recourse init` killed at any moment (I3, J4): what it leaves is either a ledger that obeys the key
# it made, or is not served at all. Nobody finds a service whose first entry he can write himself.
#
#   KILLS=n   how often (20; 100 in a trial)

. tests/outside.inc

# left DIR: what was left is refused with words, or is whose it should be.
left() {
	: >served
	: >serving
	"$recourse" serve "$1" --listen tcp://127.0.0.1:0 >served 2>serving &
	server=$!
	for _ in $(seq 500); do
		! grep -q 'tcp://' served && ! grep -q '^recourse: ' serving || break
		sleep 0.02
	done
	url=$(grep -ohE 'tcp://[^ ]*' served | head -n 1)
	if [ -z "$url" ]; then
		wait "$server"
		status=$?
		server=
		mv serving err
		: >out
		[ "$status" -gt 0 ] && [ "$status" -lt 128 ] && grep -q '^recourse: ' err && ok ||
			bad "what a killed init left is served with $status"
		return
	fi
	gives 0 "party.register" "$recourse" submit party.register party=M kinds=merchant --key "$1/keys/admin" --url "$url"
	stop
}

kills=${KILLS:-${TRIAL:+100}}
for kill in $(seq "${kills:-20}"); do
	"$recourse" init "led$kill" >/dev/null 2>&1 &
	making=$!
	sleep "0.0$((kill % 3))$((kill * 7 % 10))"
	kill -KILL "$making" 2>/dev/null
	wait "$making" 2>/dev/null
	[ ! -d "led$kill" ] || left "led$kill"
	rm -rf "led$kill"
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
