#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The platform sees the collapse coming: deposits required by ratio, custody that is attested and grows stale, coverage
# that falls below a threshold, a merchant that does not top up, on a test ledger whose time jumps. From outside, as
# the people who use it would; the clocks are the service's own. The last line says how many checks passed.

. tests/outside.inc

# reported TEXT KEY REPORT…: whether a report says that.
reported() {
	text=$1 who=$2
	shift 2
	as "$who" report "$@" >out 2>err
	grep -qF -- "$text" out
}

# shows TEXT KEY REPORT…: a report comes to say that: clocks strike once a second.
shows() {
	await reported "$@" && ok || bad "report never says '$1' to $2"
}

# days N: time jumps.
days() {
	as $admin submit clock.advance seconds=$(($1 * 86400)) >out 2>err || bad "clock.advance: $(cat err)"
}

gives 0 "example.com/ledger" "$recourse" init led --origin example.com/ledger --test
serve led --listen tcp://127.0.0.1:0 || exit 1
for name in maker checker bank merchant; do
	"$recourse" key new "$name" --name "example.com/ledger/$name" >out 2>err || bad "key new $name"
done
parties M:merchant N:merchant Y:issuer bank:custodian
registers maker:platform:operator checker:platform:approver bank:bank:custodian merchant:M:merchant
gives 0 "" as $admin submit unit.define unit=L digits=3 name="litre of fuel"

# ---- required deposits (A2) ----
gives 0 "" as $admin submit requirement.publish policy=prepaid version=1 unit=CNY basis=ratio
gives 64 "FIELD_FORMAT" as $admin submit requirement.publish policy=prepaid version=2 unit=CNY basis=ratio ratio_brand=140.00
gives 0 "" as $admin submit requirement.assign merchant=M policy=prepaid version=1
gives 0 "" as $admin submit issuer.classify issuer=Y class=brand reason=filing
printf '{"command":"coverage.publish","version":1,"unit":"CNY","thresholds":[{"level":"watch","below":"40.00"},{"level":"critical","below":"20.00"}]}' >warning.json
"$recourse" submit - --key $admin --url "$url" <warning.json >out 2>err && ok || bad "coverage.publish: $(cat err)"
gives 0 "" as bank submit deposit.receive merchant=M amount=100000.00 unit=CNY bank_reference=b-1
gives 0 "" as maker submit entitlement.issue entitlement=card-A holder=a issuer=Y merchant=M channel=app unit=L quantity=50000.000 cost=250000.00 currency=CNY
shows "100,000.00" maker requirements merchant=M
shows "met" merchant requirements

# ---- cash that nobody attests covers nothing (A7); attested it does ----
shows "critical" maker alerts standing=yes
day=$(as maker report coverage --json | grep -oE '"as_of":"[0-9]{4}-[0-9]{2}-[0-9]{2}' | cut -d'"' -f4)
days 1
gives 0 "" as bank submit custody.attest day="$day" unit=CNY balance=100000.00 statement_hash=abababababababababababababababababababababababababababababababab
shows "40.00" maker coverage issuer=Y
shows "none" maker coverage issuer=Y

# ---- more is sold than is secured (A8) ----
gives 0 "" as maker submit entitlement.issue entitlement=card-B holder=b issuer=Y merchant=M channel=web unit=L quantity=50000.000 cost=250000.00 currency=CNY
shows "watch" maker alerts standing=yes
shows "20.00" maker coverage issuer=Y
shows "100,000.00" merchant requirements
shows "short" merchant requirements
gives 1 "INSUFFICIENT" as merchant submit withdrawal.request merchant=M amount=1.00 unit=CNY reason=want
gives 77 "ROLE_MISSING" as merchant report coverage
gives 1 "QUERY_NOT_FOUND" as merchant report requirements merchant=N

# ---- the day of the duty passes (E3) ----
days 6
shows "restricted" merchant requirements
gives 77 "NOT_PERMITTED" as maker submit entitlement.issue entitlement=card-C holder=c issuer=Y merchant=M channel=app unit=L quantity=1.000 cost=5.00 currency=CNY
shows "critical" maker alerts standing=yes
gives 0 "" as bank submit deposit.receive merchant=M amount=150000.00 unit=CNY bank_reference=b-2
shows "met" merchant requirements
gives 0 "" as merchant submit withdrawal.request merchant=M amount=50000.00 unit=CNY reason=excess
gives 0 "" as maker submit signal.raise merchant=M reason=unreachable
gives 77 "NOT_PERMITTED" as bank submit withdrawal.pay withdrawal="$(as bank report withdrawals --json | grep -oE '"withdrawal":[0-9]+' | cut -d: -f2)" bank_reference=b-3
shows "unreachable" merchant requirements

stop
gives 0 "verified" "$recourse" verify led --log-key @led/keys/log.pub
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
