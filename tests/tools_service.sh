#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The command line from end to end: a ledger is made, served, filled, asked, imported into, stopped and
# audited, each step by its exit code and its output. Ends with "N passed, N failed".

. tests/outside.inc

# Without a service.
expect 64 'no sub-command' recourse
expect 0 'version' recourse --version
expect 0 'help' recourse help
expect 64 'unknown sub-command' recourse sbmit
says err 'did you mean recourse submit?'
expect 0 'help commands' recourse help commands
says out 'deposit.hold'
expect 0 'help queries' recourse help queries
says out 'report.trial_balance'
expect 0 'help scenarios' recourse help scenarios
says out 'recourse help golden'
expect 0 'help of a scenario' recourse help golden
says out 'step 1 M lodges its deposit with the bank'
for name in play init serve key payee submit query report import checkpoint receipt verify; do
	expect 0 "$name --help" recourse "$name" --help
	says out "usage: recourse $name"
done
expect 0 'help --help' recourse help --help
says out 'usage: recourse SUBCOMMAND'
expect 0 'help of a report' recourse report trial-balance --help
says out 'usage: recourse report trial-balance field=value'
expect 0 'help of a command' recourse submit deposit.receive --help
says out 'bank_reference'
says out 'custodian'
expect 78 'no key' recourse submit party.register party=M kinds=merchant
expect 69 'nobody there' recourse query service.info --url tcp://127.0.0.1:1 --timeout 1
says err '[CONNECTION]'
expect 64 'bad address' recourse query service.info --url http://example.com
expect 66 'no authority' recourse query service.info --url tls+tcp://127.0.0.1:1 --tls-ca none.pem
expect 66 'serve nothing' recourse serve nothing

# Nothing that is named moves a terminal, and bytes that are no text are refused, in arguments and in scenarios.
moves=$(printf 'a\033[31mb\302\2331m')
raw=$(printf '\033\|\302\233')
for words in "init $moves" "verify $moves" "key new $moves --name example.com/k" "play $moves.case" "serve $moves/none" \
	"receipt verify $moves" "submit - --key $moves"; do
	printf 'who %s\n' "$moves" >"$moves.case"
	# shellcheck disable=SC2086
	"$recourse" $words >out 2>err </dev/null
	grep -q "$raw" out err && bad "raw: $words" || ok
done
expect 64 'bytes' recourse init "$(printf 'a\377')" --json
says err 'argument 2 is not UTF-8: a?'
printf 'case one\nmaker party.register party=\377 kinds=merchant\n' >bytes.case
expect 65 'a scenario of bytes' recourse play bytes.case
says err 'bytes.case:2: other bytes'

# What stands for an account.
expect 64 'payee' recourse payee
expect 0 'payee key' recourse payee key accounts.key
[ "$(stat -c %a accounts.key)" = 600 ] && ok || bad 'others may read the key of accounts'
expect 73 'payee key again' recourse payee key accounts.key
expect 64 'payee hash without a key' recourse payee hash
expect 64 'payee hash of an argument' recourse payee hash 6222 --key accounts.key
printf '6222 0212-3456\n６２２２０２１２３４５６\r\n6222021234567' >accounts
recourse payee hash --key accounts.key <accounts >out 2>err && ok || bad 'payee hash'
[ "$(wc -l <out)" = 3 ] && [ "$(sort -u out | wc -l)" = 2 ] && ok || bad 'equal accounts are not equal'
printf '6222\n6.22E+18\n' >accounts
recourse payee hash --key accounts.key <accounts >out 2>err && bad 'a rounded number' || ok
says err 'line 2: '
grep -q 'E+18' err && bad 'payee hash shows an account'
[ -s out ] && bad 'payee hash answers in part'
chmod 640 accounts.key
recourse payee hash --key accounts.key <accounts >out 2>err && bad 'a key of accounts that others may read' || ok
says err 'chmod 600 accounts.key'

# A ledger.
expect 64 'init with a schema' recourse init x --origin https://example.com
expect 0 'init' recourse init x --origin example.com/ledger
says out 'recourse serve x'
says out 'x/keys/admin'
expect 73 'init again' recourse init x
expect 0 'key show' recourse key show x/keys/admin --json
says out '"handle":"example.com/ledger/admin+'
grep -q PRIVATE out && bad 'key show shows the secret'
expect 64 'key without a name' recourse key new op
expect 0 'key new' recourse key new op --name example.com/op
expect 73 'key new again' recourse key new op --name example.com/op
expect 0 'key new' recourse key new cu --name example.com/cu
expect 0 'audit of a new one' recourse verify x --log-key @x/keys/log.pub
expect 64 'plain tcp for others' recourse serve x --listen nonsense
expect 78 'plain tcp for others' recourse serve x --listen tcp://192.0.2.1:7790

# Started without input, output and errors it writes its messages into none of its own files.
cp -r x silent && rm -f silent/last-signed.clock
"$recourse" serve silent --listen tcp://127.0.0.1:0 <&- >&- 2>&- &
server=$!
await [ -e silent/last-signed.clock ]
kill "$server"
wait "$server"
[ $? -eq 73 ] && ok || bad 'without an output it does not say so at its end'
server=
grep -rqE 'level=|serving' silent && bad 'a message lies in the ledger' || ok

serve x --listen tcp://127.0.0.1:0 || exit 1
export RECOURSE_URL=$url RECOURSE_KEY=x/keys/admin RECOURSE_LOG_KEY=@x/keys/log.pub
expect 69 'two at once' recourse serve x --listen tcp://127.0.0.1:0
says err '[STORE_LOCKED]'
expect 0 'query' recourse query service.info --json
says out '"origin":"example.com/ledger"'
expect 0 'submit' recourse submit party.register party=M kinds=merchant party.register party=Y kinds=issuer \
	party.register party=C kinds=custodian key.register party=platform key=@op.pub roles=operator \
	key.register party=C key=@cu.pub roles=custodian unit.define unit=L digits=3 'name=litre of fuel'
says out 'accepted 6 of 6'
says err 'request '
expect 1 'refused' recourse submit party.register party=M kinds=merchant
says err '[EXISTS]'
expect 64 'misspelt command' recourse submit party.registr party=N
says err 'did you mean party.register?'
expect 64 'misspelt field' recourse submit party.register party=N kind=merchant
says err 'did you mean kinds?'
expect 77 'not its role' recourse submit --key op party.register party=N kinds=merchant
says err '[ROLE_MISSING]'
expect 0 'a request' recourse submit --request r1 party.register party=N1 kinds=merchant --json
cp out first
expect 0 'the same again' recourse submit --request r1 party.register party=N1 kinds=merchant --json
same out first
expect 65 'another content' recourse submit --request r1 party.register party=N2 kinds=merchant
says err '[REQUEST_CONFLICT]'
expect 0 'deposit' recourse submit --key cu deposit.receive merchant=M amount=5000.00 unit=CNY bank_reference=b1
says out '5,000.00'
expect 1 'insufficient' recourse submit --key op deposit.hold hold=h1 merchant=M amount=6000.00 unit=CNY reason=test
says err 'needed 6,000.00, available 5,000.00'
says err '[INSUFFICIENT]'

# All or nothing, each for itself, from JSON.
one='{"command":"party.register","party":"P1","kinds":["merchant"]}'
two='{"command":"party.register","party":"M","kinds":["merchant"]}'
printf '[%s,%s]' "$one" "$two" >commands
expect 1 'all' sh -c '"$1" submit - <commands' - "$recourse"
says err 'party.register (command 2) refused'
printf '%s\n%s\n' "$one" "$two" >commands
expect 1 'each' sh -c '"$1" submit - --mode each <commands' - "$recourse"
says out 'accepted 1 of 2'
printf '\357\273\277%s\n' "$one" >commands
expect 1 'a byte order mark' sh -c '"$1" submit - <commands' - "$recourse"
says err '[EXISTS]'
expect 65 'no JSON' sh -c 'echo "{" | "$1" submit -' - "$recourse"

# Asking.
expect 0 'trial balance' recourse report trial-balance
says out 'deposit available'
says out 'totals'
expect 0 'trial balance of a code' recourse report trial-balance code=2010 --json
says out '"totals":[{"book":"custody","unit":"CNY","debit":"0.00","credit":"5000.00"}]'
expect 0 'the whole trial balance' recourse report trial-balance zeroes=yes --json
cp out whole
expect 0 'one page' recourse report trial-balance limit=1 --json
says out '"next":"'
next=$(sed -n 's/.*"next":"\([^"]*\)".*/\1/p' out)
expect 0 'the page behind it' recourse report trial-balance limit=1 "from=$next" --json
says whole "$(sed 's/.*"accounts":\[\([^]]*\)\].*/\1/' out)"
expect 65 'a page of nothing' recourse report trial-balance from=nowhere
says err 'field from'
expect 0 'roll-forward' recourse report roll-forward from_entry=0
says out 'closing'
expect 0 'roll-forward as JSON' recourse report roll-forward from_entry=1 party=M --json
says out '"opening":"0.00"'
says out '"closing":"5000.00"'
says out '"debits":"0.00","credits":"5000.00"'
says out '"from_entry":1'
expect 65 'a period that ends before it begins' recourse report roll-forward from_entry=2 entry=1
says err 'field from_entry'
expect 0 'statement' recourse report statement merchant=M unit=CNY --json
says out '"available":"5000.00"'
expect 0 'statement, as a table' recourse report statement merchant=M unit=CNY
says out 'deposit.receive/1'
says out 'example.com/cu+'
cp out table
expect 0 'actor, rule and reason of each movement' sh -c 'sed -n "s/ .*//p" table | tr "\n" " " |
	grep -q "entry time kind key rule account in out balance"'
expect 1 'statement of before' recourse report statement merchant=M unit=CNY until=2020-01-01T00:00:00Z
says err 'field until'
# More accounts than a page has: shown as one, once each, and with the totals of all.
seq 1 600 | sed 's/.*/{"command":"party.register","party":"many-&","kinds":["merchant"]}/' >commands
expect 0 'many merchants' sh -c '"$1" submit - <commands' - "$recourse"
seq 1 600 | sed 's/.*/{"command":"deposit.receive","merchant":"many-&","amount":"1.00","unit":"CNY","bank_reference":"many-&"}/' \
	>commands
expect 0 'many deposits' sh -c '"$1" submit - --key cu <commands' - "$recourse"
for report in trial-balance roll-forward; do
	expect 0 "$report in pages" recourse report $report code=2010 --json
	says out '"credit":"5600.00"'
	grep -o '"party":"many-[0-9]*"' out | sort -u | wc -l | tr -d ' ' >got
	echo 600 >want
	same got want
	grep -o '"code":2010' out | wc -l | tr -d ' ' >got
	echo 601 >want
	same got want
done

expect 64 'unknown report' recourse report trial-balanc
expect 1 'nothing of that name' recourse query party.get party=nobody
says err '[QUERY_NOT_FOUND]'

# Receipts and checkpoints.
expect 0 'checkpoint' recourse checkpoint -o note
says out 'example.com/ledger'
same out note
expect 0 'checkpoint' recourse checkpoint --json
expect 0 'receipt' recourse receipt get --entry 0 -o receipt
expect 0 'receipt, offline' env -u RECOURSE_LOG_KEY "$recourse" receipt verify receipt --log-key @x/keys/log.pub
says out 'verified: entry 0 is in the log example.com/ledger'
expect 0 'receipt as JSON' recourse receipt verify receipt --json
says out '"verified":true'
expect 1 'another log' recourse receipt verify receipt --log-key @op.pub
says err '[NOTE_UNSIGNED]'
sed 's/^index 0$/index 1/' receipt >forged
expect 1 'a forged one' recourse receipt verify forged
says out 'NOT verified'
says err '[PROOF_WRONG]'
expect 78 'no log key' env -u RECOURSE_LOG_KEY "$recourse" checkpoint

# An import with bad rows, twice.
header=entitlement,holder,issuer,merchant,channel,unit,quantity,cost,currency
{
	printf '\357\273\277%s\r\n' "$header"
	awk 'BEGIN { for (i = 0; i < 300; i++) printf "card-%d,h%d,Y,M,app,L,600.000,3000.00,CNY\r\n", i, i }'
	printf 'card-0,h,Y,M,app,L,600.000,3000.00,CNY\r\n'
	printf 'card-a,h,Y,M,app,L,600.0001,3000.00,CNY\r\n'
	printf 'card-b,h,Y,M\r\n'
	printf '=cmd,"two\r\nlines",Y,M,app,L,600.000,3000.00,CNY\r\n'
	printf 'card-c,h"h,Y,M,app,L,600.000,3000.00,CNY\r\n'
	printf 'card-d,h,Y,M,app,L,600.000,3000.00,CNY'
} >lots.csv
expect 1 'import' recourse import entitlements lots.csv --key op --chunk 70
says out '306 rows = 301 accepted + 5 rejected'
cat >wanted <<EOF
302,EXISTS
303,AMOUNT_DIGITS
304,FIELD_MISSING
305,FIELD_FORMAT
307,MALFORMED
EOF
sed -n 's/^\([0-9]*,[A-Z_]*\),.*/\1/p' lots.csv.rejects.csv >got
same got wanted
says lots.csv.rejects.csv "'=cmd"
recourse query service.info --json >before
expect 1 'import again' recourse import entitlements lots.csv --key op --chunk 70 --json --progress=json
says out '"accepted":301'
says err '"progress":"import"'
recourse query service.info --json >after
same before after
sed '1s/channel/chanel/' lots.csv >wrong.csv
expect 65 'unknown column' recourse import entitlements wrong.csv --key op
says err 'did you mean channel?'
recourse query service.info --json >after
same before after
head -n 20 lots.csv | sed '2,$s/card/good/' >good.csv
expect 0 'good rows only' recourse import entitlements good.csv --key op
expect 1 'not its role' recourse import entitlements good.csv --key cu
says good.csv.rejects.csv '2,ROLE_MISSING,'
sed '/^302/d;s/600\.0001,/600.000,/' lots.csv.rejects.csv >mended.csv
expect 1 'the rejects, mended' recourse import entitlements mended.csv --key op
says out '4 rows = 1 accepted + 3 rejected'
expect 66 'no file' recourse import entitlements none.csv --key op
expect 73 'no place for rejects' recourse import entitlements good.csv --key op --rejects none/rejects.csv

# Settings: file, then environment, then flags.
mkdir -p config/recourse
echo 'key = none' >config/recourse/config
expect 0 'the environment wins' recourse report trial-balance
expect 66 'the file counts' env -u RECOURSE_KEY "$recourse" report trial-balance
expect 0 'the flag wins' env RECOURSE_KEY=none "$recourse" report trial-balance --key x/keys/admin
echo 'kye = none' >config/recourse/config
expect 78 'a mistake in the file' recourse report trial-balance
printf 'key = op\nkey = cu\n' >config/recourse/config
expect 78 'said twice' recourse report trial-balance
says err "line 2: 'key' is set above already"
rm config/recourse/config
chmod 644 op
expect 78 'a key that others may read' recourse report trial-balance --key op
chmod 600 op

# Stopping, starting, auditing.
stop
expect 69 'stopped' recourse query service.info --timeout 1
expect 0 'audit' recourse verify x --log-key @x/keys/log.pub --json
says out '"verified":true'
says out '"state_compared":true'
serve x --listen tcp://127.0.0.1:0 --rebuild || exit 1
export RECOURSE_URL=$url
expect 0 'again' recourse checkpoint
stop -INT

# Where there are few descriptors, who is silent gives way all the same.
ulimit -n 100
serve x --listen tcp://127.0.0.1:0 || exit 1
port=${url##*:}
bash -c "for _ in \$(seq 60); do exec {one}<>/dev/tcp/127.0.0.1/$port; done; : >all_there; exec sleep 600" 2>silent_ones &
silent=$!
await [ -e all_there ]
expect 0 'beside who is silent' recourse query service.info --url "$url" --timeout 60
kill "$silent"
stop
expect 66 'no ledger' recourse verify nothing

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
