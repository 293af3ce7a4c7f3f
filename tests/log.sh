#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# log.sh: the entries of a ledger for people, by period, by whom or what they are about and by command; one of them whole. In the
# place that TZ names, on terminals of any width, for programs.

. tests/outside.inc

gives 0 "example.com/ledger" "$recourse" init led --origin example.com/ledger --test
serve led --listen tcp://127.0.0.1:0 || exit 1
export RECOURSE_URL="$url" RECOURSE_KEY=led/keys/admin RECOURSE_LOG_KEY=@led/keys/log.pub
gives 0 "key" "$recourse" key new bank --name example.com/bank
parties M:merchant N:merchant B:custodian
registers bank:B:custodian
gives 0 "deposit.receive" "$recourse" submit --key bank deposit.receive merchant=M amount=5000.00 unit=CNY bank_reference=b-1
gives 0 "deposit.receive" "$recourse" submit --key bank deposit.receive merchant=N amount=7.00 unit=CNY bank_reference=b-2

# lines TEXT COMMAND…: so many entries are shown, each on a line of its own.
lines() {
	wanted=$1
	shift
	"$@" >out 2>err
	[ $? -eq 0 ] && [ "$(grep -c . out)" -eq "$wanted" ] && ok || bad "$*: $(grep -c . out) lines for $wanted"
}

what=log
lines 8 "$recourse" log --csv
lines 3 "$recourse" log --csv --command deposit.
lines 2 "$recourse" log --csv --command deposit. --about M
says out 'merchant=M'
lines 1 "$recourse" log --json --about N --command deposit.receive
says out '"bank_reference":"b-2"'
lines 4 "$recourse" log --csv --since 1 --until 3
lines 3 "$recourse" log --csv --limit 2
says err 'recourse log --since 2'
lines 1 "$recourse" log --csv --since 2200-01-01T00:00:00Z
gives 64 'there is no entry before' "$recourse" log --until 2001-01-01T00:00:00Z
gives 64 '--since takes an entry' "$recourse" log --since yesterday
gives 64 '--csv or --json' "$recourse" log --csv --json
gives 64 'is not a whole number' "$recourse" log --limit none
gives 0 'entry' "$recourse" log --command none

# Local time, and its offset; a place that nobody knows is said, for glibc would take UTC.
TZ=Asia/Shanghai lines 2 "$recourse" log --csv --limit 1
says out ' +0800,'
TZ=CST-8 lines 2 "$recourse" log --csv --limit 1
says out ' +0800,'
TZ=Asia/Shanghai lines 2 "$recourse" log --csv --limit 1 --utc
says out ' +0000,'
TZ=Nowhere/Place gives 78 "no place 'Nowhere/Place', which TZ names" "$recourse" log
TZ=Nowhere/Place gives 0 'entry' "$recourse" log --utc

# One whole, in the order in which people ask; no entry of that number is refused as to anybody who may not see it.
TZ=Asia/Shanghai gives 0 '+0800' "$recourse" show 5
gives 0 'body.merchant' "$recourse" show 5
grep -n . out | grep -E 'kind|body.merchant|leaf' | cut -d: -f2- | cut -d' ' -f1 | tr '\n' ' ' >order
what=order
says order 'kind body.merchant leaf '
gives 0 '5,000.00' "$recourse" show 5
gives 0 '"amount":"5000.00"' "$recourse" show 5 --json
gives 1 'QUERY_NOT_FOUND' "$recourse" show 999
gives 64 "not by 'six'" "$recourse" show six
gives 64 'which entry' "$recourse" show
# Who may not read everything is told so.
gives 77 'ROLE_MISSING' "$recourse" log --key bank
stop

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
