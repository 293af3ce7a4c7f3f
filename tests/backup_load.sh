#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# backup_load.sh: backups of a ledger that takes 200 commands a second meanwhile, one after the other: each has what was
# acknowledged before it was begun, each is opened and checked again, each twentieth is made a ledger, which is audited against
# the checkpoints that were kept. Then some while the service has as much to do as it can take. With TRIAL 1,000 and 20.

. tests/outside.inc

[ -n "${TRIAL:-}" ] && count=1000 every=20 full=20 || count=40 every=20 full=3

begins

# load NAME COMMANDS EACH: says a request of so many commands in each so many milliseconds, or as fast as it may; and of each
# that was acknowledged the last entry.
load() {
	seq 1 "$2" >numbers-"$1"
	from=$(date +%s%N)
	while [ ! -e stop ]; do
		number=$((${number:-0} + 1))
		left=$((from / 1000000 + number * $3 - $(date +%s%N) / 1000000))
		[ $left -le 0 ] || sleep "$(printf '%d.%03d' $((left / 1000)) $((left % 1000)))"
		sed "s/.*/{\"command\":\"party.register\",\"party\":\"$1-$number-&\",\"kinds\":[\"merchant\"]}/" numbers-"$1" |
			"$recourse" submit - --key $admin --url "$url" --json >reply-"$1" 2>said-"$1" ||
			{ cat said-"$1" >>refused; continue; }
		grep -oE '"entry": *[0-9]+' reply-"$1" | tail -n 1 | grep -oE '[0-9]+' >new-"$1" &&
			mv new-"$1" acked-"$1"
	done
}

# acked: the last entry that was acknowledged to anybody.
acked() {
	cat acked-* 2>/dev/null | sort -n | tail -n 1
}

# is_new: something was acknowledged since the last backup.
is_new() {
	now=$(acked)
	[ "${now:-0}" -gt "${reached:-0}" ]
}

# member NAME FILE: of a line of JSON.
member() {
	sed -E "s/.*\"$1\": ?\"?([^,\"}]*).*/\\1/" "$2"
}

# backs_up PLACE NUMBER: it has what was acknowledged before.
backs_up() {
	for _ in $(seq 200); do
		is_new && break
		sleep 0.01
	done
	before=$(acked)
	if ! recourse backup led "$1" --json >one 2>err; then
		bad "backup $2"
	elif [ ! -s one ]; then
		grep -qF 'nothing new' err && unchanged=$((unchanged + 1)) || bad "backup $2 says nothing"
	elif [ "$(member entries one)" -gt "${before:-0}" ]; then
		whole=$((whole + 1))
		reached=$(member entries one)
		cat one >>said
	else
		bad "backup $2 ends at $(member entries one), and entry $before was acknowledged before"
	fi
}

# restores PLACE UPTO: the first pieces as a ledger, which is audited; and by what was kept.
restores() {
	mkdir some && ls "$1"/*.piece | head -n "$2" | xargs -I '{}' ln '{}' some/
	expect 0 "restoring $2 pieces" recourse restore some again --to-read --log-key @led/keys/log.pub
	kept=$(for one in kept-*; do
		[ ! -e "$one" ] || [ "$(sed -n 2p "$one")" -gt "$(sed -n 's/^Made to be read, of \([0-9]*\) .*/\1/p' again/never-sign)" ] || echo "$one"
	done | tail -n 3)
	# shellcheck disable=SC2086
	expect 0 "verifying $2 pieces" recourse verify again $kept --log-key @led/keys/log.pub
	rm -rf some again
}

# ---- at 200 commands a second ----
whole=0 unchanged=0
load slow 20 200 &
one=$!
sleep 0.1
load slower 20 200 &
two=$!
begun=$(date +%s%N)
entries=$(sed -n 2p led/last-signed)
for number in $(seq "$count"); do
	backs_up slow "$number"
	[ $((number % every)) -ne 0 ] ||
		"$recourse" checkpoint --url "$url" --log-key @led/keys/log.pub -o "kept-$(printf %06d "$number")" >/dev/null 2>&1
done
took=$((($(date +%s%N) - begun) / 1000000))
touch stop
wait $one $two
rm stop acked-*
taken=$(($(sed -n 2p led/last-signed) - entries))
[ $((whole + unchanged)) -eq "$count" ] && ok || bad "$whole of $count backups"
[ $((unchanged * 5)) -le "$count" ] && ok || bad "$unchanged of $count backups had nothing to do"
echo "$count backups in $took ms, $whole with something new, at $((taken * 1000 / took)) commands a second"

# Each is opened again, and comes as far as was said when it was made.
expect 0 "checking all" recourse backup check slow --json
cmp -s out said && ok || bad "the pieces say otherwise than when they were made: $(diff out said | head -n 5)"
for number in $(seq $every $every "$(ls slow/*.piece | wc -l)"); do
	restores slow "$number"
done

# ---- as much as it takes ----
whole=0 unchanged=0
load fast 2000 0 &
one=$!
load faster 500 0 &
two=$!
sleep 1
for number in $(seq "$full"); do
	backs_up slow "full $number"
done
rm -f said
recourse backup led anew --json >one 2>err && ok || bad "all of it at full load"
touch stop
wait $one $two
[ $whole -ge $((full - unchanged)) ] && [ $whole -gt 0 ] && ok || bad "$whole of $full at full load"
echo "$full at full load, $whole with something new; all of $(member entries one) entries in one"
"$recourse" checkpoint --url "$url" --log-key @led/keys/log.pub -o kept-999999 >/dev/null 2>&1
expect 0 "the last one" recourse backup led slow
expect 0 "checking all" recourse backup check slow --json
restores slow "$(ls slow/*.piece | wc -l)"
restores anew 1
[ ! -s refused ] && ok || bad "the service refused something: $(head -n 3 refused)"
stop
expect 0 "verifying the ledger" recourse verify led

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
