#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# export.sh: what is exported, read by the tools that it is for: the golden case in full and in part, a ledger of
# hostile names, a book of hostile texts. Balances there must be the ledger's own. Ends with "N passed, N failed".

. tests/outside.inc

# The trial balance as of an entry, as lines "ACCOUNT UNIT AMOUNT", named as for hledger; and as for CSV.
trial() {
	recourse report trial-balance "entry=$1" --json | sed 's/{"code"/\n&/g' | sed -n \
		's/^{"code":\([0-9]*\),"unit":"\([^"]*\)","debit":"\([^"]*\)","party":"\([^"]*\)","credit":"\([^"]*\)","account":"\([^"]*\)","reference":"\([^"]*\)".*/\1|\6|\4|\7|\2|\3|\5/p' \
		>rows
	awk -F '|' '{
		root = $1 < 2000 ? "assets" : $1 < 8000 ? "liabilities" : $1 < 9000 ? "units" : "memo"
		gsub(":", "%3A", $3); gsub(":", "%3A", $4)
		name = root ":" $1 " " $2
		if ($3 != "" || $4 != "") name = name ":" ($3 == "" ? "-" : $3)
		if ($4 != "") name = name ":" $4
		print name " " $5 " " ($6 + 0 == 0 && $7 + 0 != 0 ? "-" $7 : $6)
	}' rows | sort >trial.hledger
	awk -F '|' '{ print $1, $3 "/" $4, $5, $6 - $7 }' rows | sort >trial.csv
}

# check NAME FIRST LAST: exports that period in each format, and reads it with the tool.
check() {
	name=$1
	expect 0 "$name for hledger" recourse export --format hledger --from "$2" --to "$3" -o "$name.journal"
	expect 0 "$name for Beancount" recourse export --format beancount --from "$2" --to "$3" -o "$name.beancount"
	expect 0 "$name as CSV" recourse export --format csv --from "$2" --to "$3" -o "$name.csv"
	expect 0 "$name in hledger" hledger -f "$name.journal" check --strict ordereddates
	expect 0 "$name in Beancount" bean-check "$name.beancount"
	trial "$3"
	[ "$3" -eq 0 ] || expect 0 "$name has balances" test -s trial.hledger
	hledger -f "$name.journal" bal --flat --no-total --layout=bare -O csv |
		sed '1d; s/^"\([^"]*\)","\([^"]*\)","\([^"]*\)"$/\1 \2 \3/' | sort >got.hledger
	same got.hledger trial.hledger
	# No cell behind the reason has a comma in it; what a spreadsheet would take for a formula has a quote in front.
	sed "1d; s/\r$//; s/,'@/,@/g" "$name.csv" | awk -F ',' '{
		sum[$(NF - 7) " " $(NF - 5) "/" $(NF - 4) " " $(NF - 3)] += $(NF - 2) - $(NF - 1)
	} END {
		for (key in sum) if (sum[key] > 0.0001 || sum[key] < -0.0001) print key, sum[key]
	}' | sort >got.csv
	same got.csv trial.csv
}

# The golden case, with the bulk behind it.
expect 0 'the golden case' recourse demo --cards 3 --keep case
serve case/ledger --listen tcp://127.0.0.1:0 || exit 1
export RECOURSE_URL=$url RECOURSE_KEY=case/people/auditor RECOURSE_LOG_KEY=@case/ledger/keys/log.pub
last=$(recourse query service.info --json | sed 's/.*"entries":\([0-9]*\).*/\1/')
last=$((last - 1))
check full 0 $last
check middle 29 45
check newest $last $last
expect 0 'without bounds' recourse export --format hledger
what='without bounds'
same out full.journal
# A tag finds the entry, and its leaf hash is that of its receipt's bytes.
expect 0 'a receipt' recourse receipt get --entry 15 -o receipt
leaf=$({ printf '\0'; sed -n 's/^extra //p' receipt | base64 -d; } | sha256sum | cut -d' ' -f1)
expect 0 'the leaf hash' hledger -f full.journal print "tag:leaf=$leaf" tag:entry=15
what='the leaf hash'
grep -c '^2' out >got.leaf
echo 1 >wanted
same got.leaf wanted
# Times: a period ends before the one that ends it.
time=$(sed -n 's/^45,\([^,]*\),.*/\1/p' full.csv | head -n 1)
expect 0 'to a time' recourse export --format csv --to "$time" -o to.csv
expect 0 'to an entry' recourse export --format csv --to 44 -o wanted.csv
same to.csv wanted.csv
expect 0 'from a time' recourse export --format csv --from "$time" -o from.csv
expect 0 'from an entry' recourse export --format csv --from 45 -o wanted.csv
same from.csv wanted.csv

# A balance that is not what the postings add up to is found, in both.
sed 's/^\(.* = \)60000\.00 CNY$/\160000.01 CNY/' middle.journal >wrong.journal
expect 1 'a wrong balance in hledger' hledger -f wrong.journal check --strict
sed 's/^\(.* balance Assets.*\)60000\.00 ~/\160000.01 ~/' middle.beancount >wrong.beancount
expect 1 'a wrong balance in Beancount' bean-check wrong.beancount

# Mistakes.
expect 64 'no format' recourse export
expect 64 'unknown format' recourse export --format ofx
expect 64 'no such entry' recourse export --format csv --to 100000
expect 64 'no time' recourse export --format csv --from yesterday
expect 64 'nothing in it' recourse export --format csv --from 5 --to 4
expect 64 'nothing before' recourse export --format csv --to 2000-01-01T00:00:00Z
expect 64 'nothing after' recourse export --format csv --from 2500-01-01T00:00:00Z
expect 77 'not for a merchant' recourse export --format csv --key case/people/merchant
expect 73 'no place' recourse export --format csv -o none/file
stop

# Names that mean something elsewhere.
expect 0 'init' recourse init x --origin example.com/ledger
serve x --listen tcp://127.0.0.1:0 || exit 1
export RECOURSE_URL=$url RECOURSE_KEY=x/keys/admin RECOURSE_LOG_KEY=@x/keys/log.pub
expect 0 'key new' recourse key new op --name example.com/op
expect 0 'key new' recourse key new cu --name example.com/cu
names='a:b a-b A-b a.b a-j A-j 2026-01-01 0-j 0 a/b@c_d-.: b:a'
expect 0 'parties' recourse submit party.register party=C:1 kinds=custodian key.register party=platform key=@op.pub \
	roles=operator key.register party=C:1 key=@cu.pub roles=custodian
for party in $names; do
	expect 0 "$party" recourse submit party.register "party=$party" kinds=merchant
	expect 0 "$party pays" recourse submit --key cu deposit.receive "merchant=$party" amount=5.00 unit=CNY \
		"bank_reference=b-$party"
	expect 0 "$party pays twice" recourse submit --key cu deposit.receive "merchant=$party" amount=7 unit=JPY \
		"bank_reference=c-$party"
	expect 0 "$party is held" recourse submit --key op deposit.hold "hold=$party" "merchant=$party" amount=1.01 \
		unit=CNY "reason=$party"
done
# A reference of the ledger's own: what is called from an instrument stands under @ and the entry of the call.
expect 0 'a policy' recourse submit policy.publish policy=full version=1 unit=CNY scheme=full \
	waterfall=rank:1,claim:costs unit.define unit=L digits=0 name=litre
expect 0 'an incident' recourse submit --key op incident.declare incident=i merchant=a:b issuer=b:a funder=platform \
	policy=full version=1 reason=r
hash=$(printf x | sha256sum | cut -d' ' -f1)
expect 0 'a claim' recourse submit --key op entitlement.issue entitlement=e holder=h issuer=b:a merchant=a:b channel=app \
	unit=L quantity=1 cost=50.00 currency=CNY evidence=absent evidence_hash=$hash \
	claim.file claim=c incident=i entitlement=e channel=app
expect 0 'key new' recourse key new decider --name example.com/decider
expect 0 'the second operator' recourse submit key.register party=platform key=@decider.pub roles=operator
expect 0 'a decision' recourse submit --key decider claim.decide claim=c outcome=approve
expect 0 'an instrument' recourse submit --key op instrument.register instrument=bond kind=bond provider=0-j merchant=a:b \
	unit=CNY limit=20.00 draw=1 expires=2100-01-01T00:00:00Z document_hash=$hash
expect 0 'a call' recourse submit --key op instrument.call incident=i reason=r evidence_hash=$hash
expect 0 'a part is paid' recourse submit --key cu instrument.pay incident=i instrument=bond amount=7.00 bank_reference=d
expect 0 'the report' recourse report instruments --json
cp out report
expect 0 'what is unpaid' grep '"unpaid":"13.00"' report
last=$(recourse query service.info --json | sed 's/.*"entries":\([0-9]*\).*/\1/')
last=$((last - 1))
check names 0 $last
expect 0 'an own reference in hledger' grep ':0-j:@[0-9]' names.journal
expect 0 'an own reference in Beancount' grep '0-j[0-9]' names.beancount
check later $((last - 9)) $last
check empty 0 0
stop

# Texts: as many transactions as entries, each on its day, and nothing else.
for format in hledger beancount; do
	"$(dirname "$recourse")/tests/export_test" $format >hostile.$format
done
expect 0 'texts in hledger' hledger -f hostile.hledger check --strict ordereddates
expect 0 'texts in Beancount' bean-check hostile.beancount
what='texts in hledger'
hledger -f hostile.hledger print -O csv 2>err | cut -d, -f2 | sort -u | grep -c '"19' >got
grep -c '^1970-.* \* (' hostile.hledger >wanted
same got wanted
hledger -f hostile.hledger accounts >got
printf '%s\n' 'assets:1010 custodian cash:a%3Ab:c/d' 'liabilities:2010 deposit available:a:b' >wanted
same got wanted

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
