#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# removed.sh: the files of a ledger are removed while it is served. It ends by itself with words and a code, though nobody
# asks it anything, and a second service that finds no lock file is not let in.

. tests/outside.inc

gives 0 "example.com/ledger" "$recourse" init led --origin example.com/ledger
cp -r led moved

gone() {
	! kill -0 "$server" 2>/dev/null
}

# ends NAME: the service misses it by itself.
ends() {
	await gone || { bad "it goes on without $1"; kill "$server"; }
	wait "$server"
	status=$?
	server=
	[ "$status" -eq 69 ] && grep -qF "$1 was removed or replaced" serving &&
		grep -qF '[STORE_FAILED]' serving && ok || bad "without $1 it ends with $status: $(cat serving)"
}

serve led --listen tcp://127.0.0.1:0 || exit 1
kill -STOP "$server" # so that it can not have noticed yet
rm led/log/*lock* led/state/*lock*
gives 69 "STORE_LOCKED" "$recourse" serve led --listen tcp://127.0.0.1:0
kill -CONT "$server"
ends led/log/writer.lock
serve led --listen tcp://127.0.0.1:0 && stop

serve moved --listen tcp://127.0.0.1:0 || exit 1
mv moved gone
ends moved
gives 0 "verified" "$recourse" verify gone

chmod 777 led/log
gives 77 "led/log can be written by everybody" "$recourse" serve led --listen tcp://127.0.0.1:0
chmod 700 led/log
mv led/state elsewhere && ln -s "$PWD/elsewhere" led/state
gives 77 "led/state is a symbolic link" "$recourse" serve led --listen tcp://127.0.0.1:0

# A pipe in place of a file holds up nobody, least of all who audits a copy that he was given.
for name in keys/state state/data.mdb log/data.mdb log/latest state/mark last-signed.clock; do
	cp -r gone given && rm -f given/$name && mkfifo given/$name
	for asked in "verify given" "serve given --listen tcp://127.0.0.1:99999"; do
		# shellcheck disable=SC2086
		timeout -k 1 60 "$recourse" $asked >out 2>err </dev/null
		[ $? -lt 124 ] && ok || bad "$asked waits for somebody to write to $name"
	done
	rm -r given
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
