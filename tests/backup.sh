#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# backup.sh: backing a ledger up while it is served, checking what was written, making a ledger of it again: what is refused,
# with which words, and that no ledger signs what another one of its name may have signed otherwise.

. tests/outside.inc

begins

# more FROM TO: merchants of these numbers are made known, each by a command of one request.
more() {
	seq "$1" "$2" | sed 's/.*/{"command":"party.register","party":"m-&","kinds":["merchant"]}/' |
		"$recourse" submit - --key $admin --url "$url" >out 2>err && ok || bad "merchants $1 to $2"
}

# all PLACE: the pieces there, in their order.
all() {
	ls "$1"/*.piece
}

# ---- one piece after the other ----
more 1 300
gives 0 "301 in all" recourse backup led safe
gives 0 "nothing new" recourse backup led safe
more 301 400
gives 0 "100 entries more, 401 in all" recourse backup led safe
gives 0 "401 in all" recourse backup check safe
[ "$(all safe | wc -l)" -ge 2 ] && ok || bad "each backup is a piece: $(all safe)"
[ "$(stat -c %a safe "$(all safe | head -n 1)" | tr '\n' ' ')" = "700 600 " ] && ok || bad "others may read a backup"
cat safe/* >all
for key in led/keys/log led/keys/admin led/keys/system; do
	grep -qaF "$(cat $key)" all && bad "$key is in the backup" || ok
done

# ---- the copy for the auditor ----
gives 0 "401 entries, no key and no text" recourse backup led copy --for-auditor
gives 0 "verified" recourse verify copy --log-key @led/keys/log.pub
[ "$(find copy -type f | sed 's|.*/||' | sort | tr '\n' ' ')" = "data.mdb lock.mdb never-sign writer.lock " ] && ok ||
	bad "there is something else in the copy: $(find copy)"
gives 73 "not there yet" recourse backup led copy --for-auditor
gives 64 "neither texts nor keys" recourse backup led copy2 --for-auditor --keys k
gives 64 "not sealed" recourse backup led copy2 --for-auditor --seal-key k

# ---- where it can not be ----
gives 73 "lies within the ledger" recourse backup led led
gives 73 "lies within the ledger" recourse backup led led/backups
gives 73 "lies within the ledger" recourse backup led led/log --for-auditor
gives 66 "nowhere" recourse backup led nowhere/deep
mkdir empty
gives 65 "has no backup" recourse backup check empty
gives 65 "has no backup" recourse restore empty new --to-read
gives 66 "nowhere" recourse backup check nowhere
recourse init another --origin example.com/another >/dev/null 2>&1
[ ! -e led/backups ] && ok || bad "something was made within the ledger"

# A disk that is full: nothing half is left under a name, and the next one is whole.
more 401 900
(ulimit -f 16 && exec "$recourse" backup led safe) >out 2>err
status=$?
[ $status -eq 73 ] && grep -qF '[STORE_FULL]' err && [ ! -e safe/*.half ] && ok || bad "a full disk: $status"
(ulimit -f 16 && exec "$recourse" backup led copy3 --for-auditor) >out 2>err
status=$?
[ $status -eq 73 ] && grep -qF '[STORE_FULL]' err && [ ! -e copy3 ] && ok || bad "a full disk for a copy: $status"
(ulimit -f 16 && exec "$recourse" restore safe full --to-read) >out 2>err
status=$?
[ $status -eq 73 ] && grep -qF '[STORE_FULL]' err && [ ! -e full ] && [ ! -e full.half ] && ok || bad "a full disk to restore: $status"
gives 0 "901 in all" recourse backup led safe

# One that was killed leaves what the next one takes away.
echo half >safe/backup-"$(all safe | head -n 1 | sed 's/.*backup-\(........\).*/\1/')".half
more 901 910
gives 0 "911 in all" recourse backup led safe
[ ! -e safe/*.half ] && ok || bad "what a killed one left is there"

# ---- sealed ----
gives 0 "" recourse backup seal-key seal
gives 73 "EXISTS" recourse backup seal-key seal
recourse backup seal-key other 2>/dev/null
gives 0 "sealed" recourse backup led sealed --seal-key seal
more 911 920
gives 0 "; sealed" recourse backup led sealed --seal-key seal
gives 0 "921 in all" recourse backup check sealed --seal-key seal
cat sealed/* >all
grep -qaF party.register all && bad "what is sealed can be read" || ok
gives 78 "another key" recourse backup check sealed --seal-key other
gives 78 "another key" recourse restore sealed new --to-read --seal-key other
gives 78 "no key was given" recourse backup check sealed
gives 78 "no key for backups" recourse backup check sealed --seal-key $admin
gives 78 "another key" recourse backup led sealed --seal-key other
gives 78 "is not sealed" recourse backup led safe --seal-key seal
chmod 644 other && gives 78 "read by others" recourse backup check sealed --seal-key other

# ---- cut anywhere, and changed ----
# cuts PLACE OPTIONS…: its last piece, cut at every 4 KiB; and as a copy has it that was given its size first.
cuts() {
	place=$1
	shift
	last=$(all "$place" | tail -n 1)
	rm -rf cut && cp -r "$place" cut
	size=$(stat -c %s "$last")
	name=cut/${last##*/}
	wrong=0
	for at in $(seq 0 4096 $((size - 1))) $((size - 1)); do
		for filled in no yes; do
			head -c "$at" "$last" >"$name"
			[ $filled = no ] || truncate -s "$size" "$name"
			recourse backup check cut "$@" >out 2>err
			status=$?
			# what is lacking of it may be zeroes of its own: less than sixteen are not told apart
			[ $status -eq 65 ] && grep -qF '[CUT]' err || [ $filled.$at.$status = yes.$((size - 1)).1 ] ||
				{ wrong=$((wrong + 1)); bad "cut at $at of $size, filled $filled: $status"; }
		done
	done
	[ $wrong -eq 0 ] && ok
	head -c $((size / 2)) "$last" >"$name"
	gives 65 "[CUT]" recourse restore cut new --to-read "$@"
	gives 65 "[CUT]" recourse backup led cut "$@"
	[ ! -e new ] && [ ! -e new.half ] && ok || bad "something is left of a restore that was refused"
}

# changes PLACE OPTIONS…: a bit of it is another.
changes() {
	place=$1
	shift
	last=$(all "$place" | tail -n 1)
	size=$(stat -c %s "$last")
	wrong=0
	for at in 0 17 30 50 64 70 $(seq 100 $((size / 40 + 1)) $((size - 1))) $((size - 1)); do
		rm -rf changed && cp -r "$place" changed
		name=changed/${last##*/}
		byte=$(od -An -tu1 -j "$at" -N 1 "$last")
		printf "$(printf '\\%o' $((byte ^ 32)))" | dd of="$name" bs=1 seek="$at" conv=notrunc 2>/dev/null
		recourse backup check changed "$@" >out 2>err
		status=$?
		# before the first block its form or its key is another
		[ $status -eq 1 ] && grep -qF '[CHANGED]' err || { [ "$at" -lt 64 ] && [ $status -ge 65 ]; } ||
			{ wrong=$((wrong + 1)); bad "changed at $at of $size: $status"; }
	done
	[ $wrong -eq 0 ] && ok
	cat "$last" "$last" >"$name"
	gives 1 "goes on behind its end" recourse backup check changed "$@"
	gives 1 "[CHANGED]" recourse restore changed new --to-read "$@"
}

cuts sealed --seal-key seal
changes sealed --seal-key seal
cuts safe
changes safe

# ---- what does not belong together ----
first=$(all safe | head -n 1)
rm -rf lacking && cp -r safe lacking && rm "$(all lacking | sed -n 2p)"
gives 65 "a piece is missing" recourse backup check lacking
gives 65 "has no piece from request" recourse backup led lacking
rm -rf lacking && cp -r safe lacking && rm "lacking/${first##*/}"
gives 65 "a piece is missing" recourse restore lacking new --to-read
gives 0 "1 in all" recourse backup another safe
gives 65 "several ledgers" recourse restore safe new --to-read
gives 65 "several ledgers" recourse backup check safe
mkdir theirs && mv safe/*-000000000000-000000000001.piece theirs/
gives 1 "another ledger than --log-key" recourse restore theirs new --to-read --log-key @led/keys/log.pub
gives 65 "neither a guard nor a checkpoint" recourse restore safe new --guard another/last-signed
gives 65 "neither a guard nor a checkpoint" recourse restore safe new --guard $admin.pub
# another ledger of the same name
recourse init same --origin example.com/ledger >/dev/null 2>&1
gives 65 "another ledger's, or the ledger is an older copy" recourse backup same safe

# ---- restored ----
gives 64 "what was signed last" recourse restore safe new
gives 73 "not there yet" recourse restore safe led --to-read
more 921 1000
gives 0 "1001 in all" recourse backup led safe
await sh -c "[ \"\$(sed -n 2p led/last-signed)\" = 1001 ]" && ok || bad "it signs"
gives 0 "" recourse backup led safe
"$recourse" checkpoint --url "$url" --log-key @led/keys/log.pub -o kept >out 2>err || "$recourse" checkpoint --help
gives 0 "1001 in all" recourse restore safe new --guard led/last-signed --log-key @led/keys/log.pub
gives 0 "the same, byte for byte" recourse verify new kept --log-key @led/keys/log.pub
gives 73 "not there yet" recourse restore safe new --guard led/last-signed
gives 0 "1001 in all" recourse restore safe by-note --guard kept

# ---- what was signed after the backup: nobody signs it otherwise ----
more 1001 1010
await sh -c "[ \"\$(sed -n 2p led/last-signed)\" = 1011 ]" && ok || bad "it signs"
"$recourse" checkpoint --url "$url" --log-key @led/keys/log.pub -o newer >out 2>err
stop
gives 1 "1011 entries were signed, and the backup has 1001" recourse restore safe old --guard led/last-signed
gives 1 "[ROLLBACK]" recourse restore safe old --guard newer
[ ! -e old ] && ok || bad "it was restored all the same"
gives 0 "never signs" recourse restore safe old --guard led/last-signed --to-read
gives 0 "verified" recourse verify old kept
cp led/keys/log led/keys/log.pub led/keys/system old/keys/
gives 1 "restored to be read, and never signs" recourse serve old --listen tcp://127.0.0.1:0
# the piece that was lacking is found: it goes on, and is the history that was signed
gives 0 "1011 in all" recourse backup led safe
gives 0 "1011 in all" recourse restore safe found --guard newer
gives 66 "--keys PLACE" recourse serve found --listen tcp://127.0.0.1:0
mkdir elsewhere && cp led/keys/log led/keys/log.pub led/keys/system elsewhere/
serve found --keys elsewhere --listen tcp://127.0.0.1:0 || exit 1
more 1011 1020
await sh -c "[ \"\$(sed -n 2p found/last-signed)\" = 1021 ]" && ok || bad "what was restored signs"
stop
gives 0 "outside: 2 kept by others agree" recourse verify found kept newer

# A backup may go on from what was restored.
gives 0 "10 entries more, 1021 in all" recourse backup found safe
gives 0 "1021 in all" recourse backup check safe

# ---- keys outside what one copies ----
gives 0 "recourse serve apart --keys apart-keys" recourse init apart --keys apart-keys
[ "$(ls apart-keys | tr '\n' ' ')" = "admin admin.pub log log.pub system system.pub " ] && [ ! -e apart/keys/log ] && ok ||
	bad "the keys are elsewhere: $(ls apart-keys apart/keys)"
gives 73 "apart-keys" recourse init apart2 --keys apart-keys
serve apart --keys apart-keys --listen tcp://127.0.0.1:0 && stop

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
