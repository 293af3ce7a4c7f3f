#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The whole thing from outside: the program, a real server, and other people's tools (nngcat for the wire, openssl
# and sha256sum for the proofs). Each check is counted; the last line says how many passed.

. tests/outside.inc

# ---- making and serving a ledger ----
gives 0 "example.com/ledger" "$recourse" init led --origin example.com/ledger
gives 73 "led" "$recourse" init led --origin example.com/ledger
[ "$(stat -c %a led/keys/log)" = 600 ] && ok || bad "the log's key is open to others"
gives 78 "NOT_PERMITTED" "$recourse" serve led --listen tcp://0.0.0.0:0
serve led --listen tcp://127.0.0.1:0 || exit 1

# ---- anybody, with nngcat (J1, J2) ----
nngcat --req --dial "$url" --data '{"jsonrpc":"2.0","method":"log.checkpoint","id":1}' --ascii >out 2>err
grep -q 'example.com/ledger' out && grep -q 'checkpoint' out && ok || bad "nngcat gets a checkpoint"
nngcat --req --dial "$url" --data '{"jsonrpc":"2.0","method":"service.info","id":"x"}' --ascii >out 2>err
grep -q '"result"' out && ok || bad "nngcat gets service.info"
nngcat --req --dial "$url" --data '{"jsonrpc":"2.0","method":"rpc.discover","id":2}' --ascii >out 2>err
grep -q '"openrpc"' out && grep -q 'deposit.receive' out && ok || bad "nngcat gets the OpenRPC document"
nngcat --req --dial "$url" --data '{"jsonrpc":"2.0","method":"account.balance","params":{},"id":3}' --ascii >out 2>err
grep -q 'SIGNATURE_REQUIRED' out && ok || bad "an unsigned query is refused"
nngcat --req --dial "$url" --data '{"jsonrpc":"2.0","method":"service.info","method":"service.info","id":3}' --ascii >out 2>err
grep -q -- '-32' out && ok || bad "a duplicate member is refused"

# ---- parties and keys (H1) ----
for name in maker checker judge payer agent bank merchant leaver stranger; do
	gives 0 "$name" "$recourse" key new "$name" --name "example.com/ledger/$name"
done
gives 73 "maker" "$recourse" key new maker --name example.com/ledger/maker
parties M:merchant Y:issuer bank:custodian
registers maker:platform:operator payer:platform:operator checker:platform:approver judge:platform:approver \
	agent:platform:agent bank:bank:custodian merchant:M:merchant
gives 77 "KEY_UNKNOWN" as stranger submit party.register party=Z kinds=merchant
gives 1 "EXISTS" as $admin submit party.register party=M kinds=merchant

# ---- units and amounts (C1): decimal text with exactly the unit's digits ----
gives 0 "unit.define" as $admin submit unit.define unit=L digits=3 name="litre of fuel"
printf '{"command":"policy.publish","policy":"fuel-card","version":1,"unit":"CNY","scheme":"full","waterfall":[{"rank":1,"claim":"costs"},{"rank":2,"claim":"advances"}]}' >policy.json
"$recourse" submit - --key $admin --url "$url" <policy.json >out 2>err && ok || bad "policy.publish from standard input"
gives 1 "AMOUNT_DIGITS" as bank submit deposit.receive merchant=M amount=3000 unit=CNY bank_reference=b1
gives 1 "AMOUNT_DIGITS" as bank submit deposit.receive merchant=M amount=3000.00 unit=JPY bank_reference=b1
gives 64 "amuont" as bank submit deposit.receive merchant=M amuont=3000.00 unit=CNY bank_reference=b1
gives 0 "1,000.00" as bank submit deposit.receive merchant=M amount=1000.00 unit=CNY bank_reference=b1
gives 1 "EXISTS" as bank submit deposit.receive merchant=M amount=1000.00 unit=CNY bank_reference=b1

# ---- working days (E3): National Day of 2016, for which two days of a weekend were worked ----
gives 0 "calendar.publish" as $admin submit calendar.publish calendar=cn year=2016 version=1 weekend=saturday,sunday \
	exceptions=day:2016-10-03,works:no exceptions=day:2016-10-04,works:no exceptions=day:2016-10-05,works:no \
	exceptions=day:2016-10-06,works:no exceptions=day:2016-10-07,works:no \
	exceptions=day:2016-10-08,works:yes exceptions=day:2016-10-09,works:yes
gives 0 "calendar.publish" as $admin submit calendar.publish calendar=cn year=2017 version=1 weekend=saturday,sunday
gives 0 "2016-10-10T16:00:00Z" as merchant query calendar.due calendar=cn from=2016-09-30T09:00:00Z days=3
gives 0 "258" as merchant query calendar.get calendar=cn year=2016
gives 65 "exceptions[0].day" as $admin submit calendar.publish calendar=cn year=2017 version=2 weekend=sunday \
	exceptions=day:2016-10-03,works:no

# ---- custody: a platform can not invent cash (H3) ----
gives 77 "ROLE_MISSING" as maker submit deposit.receive merchant=M amount=1.00 unit=CNY bank_reference=b2

gives 0 "never attested" as maker report custody
gives 1 "WINDOW_CLOSED" as bank submit custody.attest day=$(date -u -d tomorrow +%F) unit=CNY balance=1000.00 statement_hash=$(printf x | sha256sum | cut -d' ' -f1)

# ---- the same request again (H5) ----
as maker submit deposit.hold hold=h1 merchant=M amount=100.00 unit=CNY reason=signal --request once >first 2>err
as maker submit deposit.hold hold=h1 merchant=M amount=100.00 unit=CNY reason=signal --request once >second 2>err
cmp -s first second && [ -s first ] && ok || bad "a repeated request answers the same"
gives 65 "REQUEST_CONFLICT" as maker submit deposit.hold hold=h2 merchant=M amount=100.00 unit=CNY reason=signal --request once

# ---- a clock strikes: the service itself says so (E3) ----
soon=$(date -u -d '+5 seconds' +%FT%TZ)
gives 0 "899.99" as maker submit deposit.hold hold=short merchant=M amount=0.01 unit=CNY reason=signal expires="$soon"
expired() {
	as maker report statement merchant=M unit=CNY >out 2>err
	grep -A 1 'clock.fire' out | grep -q 'example.com/ledger/system+'
}
await expired && ok || bad "the hold expired by the system's key"
gives 77 "ROLE_MISSING" as $admin submit clock.fire clock=hold subject=short due="$soon"
gives 77 "NOT_PERMITTED" as $admin submit clock.advance seconds=60

# ---- above a published limit other people must agree (H2) ----
printf '{"command":"control.publish","version":1,"limits":[{"command":"deposit.hold","span":"single","unit":"CNY","amount":"500.00","approvals":1}]}' >limits.json
"$recourse" submit - --key $admin --url "$url" <limits.json >out 2>err && ok || bad "control.publish from standard input"
as maker submit deposit.hold hold=large merchant=M amount=600.00 unit=CNY reason=signal --json >out 2>err
proposal=$(grep -oE '"entry": *[0-9]+' out | head -n 1 | grep -oE '[0-9]+')
gives 77 "ROLE_MISSING" as maker submit proposal.approve proposal="$proposal"
gives 0 "300.00" as checker submit proposal.approve proposal="$proposal"
gives 1 "STATE_WRONG" as checker submit proposal.approve proposal="$proposal"
gives 0 "900.00" as maker submit deposit.release hold=large reason=solved

# ---- nobody is there to approve (H6): forbidden unless published, never silent, reviewed by a third person ----
evidence=$(printf x | sha256sum | cut -d' ' -f1)
as maker submit deposit.hold hold=urgent merchant=M amount=600.00 unit=CNY reason=signal --json >out 2>err
proposal=$(grep -oE '"entry": *[0-9]+' out | head -n 1 | grep -oE '[0-9]+')
gives 77 "NOT_PERMITTED" as $admin submit break_glass.use proposal="$proposal" reason=night evidence_hash="$evidence"
printf '{"command":"control.publish","version":2,"break_glass":"allowed","review_hours":24,"limits":[{"command":"deposit.hold","span":"single","unit":"CNY","amount":"500.00","approvals":1}]}' >limits.json
"$recourse" submit - --key $admin --url "$url" <limits.json >out 2>err && ok || bad "control.publish allows break-glass"
gives 0 "a third person reviews this by 20" as $admin submit break_glass.use proposal="$proposal" reason=night evidence_hash="$evidence" --request glass
gives 0 '"review_due":"20' as $admin submit break_glass.use proposal="$proposal" reason=night evidence_hash="$evidence" --request glass --json
use=$(grep -oE '"entry": *[0-9]+' out | head -n 1 | grep -oE '[0-9]+')
grep -q "level=warning event=break-glass entry=$use" serving && ok || bad "the service warns of entry $use"
gives 0 "night" as maker report break-glass review=open
gives 0 '"review":"open"' as checker report break-glass --json
gives 1 "STATE_WRONG" as checker submit proposal.approve proposal="$proposal"
gives 77 "ROLE_MISSING" as $admin submit break_glass.review use="$use" finding=justified reason=seen evidence_hash="$evidence"
gives 0 "900.00" as maker submit deposit.release hold=urgent reason=solved

# ---- a key is rotated (H1): the old one is silent, the person stays ----
gives 0 "checker-2" "$recourse" key new checker-2 --name example.com/ledger/checker-2
gives 0 "key.rotate" as checker submit key.rotate key="$(cut -d+ -f1,2 checker.pub)" new=@checker-2.pub reason=routine
gives 77 "KEY_REVOKED" as checker report break-glass
gives 0 '"person":"example.com/ledger/checker+' as checker-2 query key.get key="$(cut -d+ -f1,2 checker-2.pub)" --json
mv checker-2 checker && mv checker-2.pub checker.pub

# ---- a merchant leaves (A5): its own key asks, and sees where it stands ----
gives 0 "party.register" as $admin submit party.register party=N kinds=merchant
gives 0 "key.register" as $admin submit key.register party=N key="$(cat leaver.pub)" roles=merchant
gives 0 "500.00" as bank submit deposit.receive merchant=N amount=500.00 unit=CNY bank_reference=n1
gives 77 "NOT_PERMITTED" as leaver submit exit.request exit=M/0 merchant=M unit=CNY policy=fuel-card version=1
gives 77 "N/ and a name without a slash" as leaver submit exit.request exit=e1 merchant=N unit=CNY policy=fuel-card version=1
gives 0 "500.00" as leaver submit exit.request exit=N/1 merchant=N unit=CNY policy=fuel-card version=1
gives 77 "NOT_PERMITTED" as leaver submit exit.request exit=N/2 merchant=N unit=CNY policy=fuel-card version=1
gives 0 "exit.retain" as maker submit exit.retain exit=N/1 item=fees amount=20.00 reason=unpaid-fees evidence_hash="$(printf x | sha256sum | cut -d' ' -f1)"
gives 0 '"refundable":"480.00"' as leaver report exits --json
gives 0 '"exit_hold":"500.00"' as leaver report statement merchant=N unit=CNY --json
gives 0 '"exits":[]' as merchant report exits --json
gives 0 "notice ends" as leaver report merchant
gives 0 '"available":"0.00"' as leaver report merchant unit=CNY --json
as merchant report merchant merchant=N >out 2>err
cp err not-yours
as merchant report merchant merchant=nobody >out 2>err
cmp -s err not-yours && [ -s err ] && ok || bad "another merchant's brief and nobody's differ"
gives 1 "STATE_WRONG" as bank submit exit.refund exit=N/1 bank_reference=n2

# ---- from the incident to the payout, over the command line ----
gives 0 "incident.declare" as maker submit incident.declare incident=i1 merchant=M issuer=Y funder=platform policy=fuel-card version=1 reason=liquidation
printf '\357\273\277entitlement,holder,issuer,merchant,channel,unit,quantity,cost,currency,evidence,source,evidence_hash\r\n' >cards.csv
hash=$(printf x | sha256sum | cut -d' ' -f1)
for card in 1 2 3; do
	printf 'card-%s,"holder, %s",Y,M,app,L,10.000,50.00,CNY,absent,Y,%s\r\n' $card $card "$hash" >>cards.csv
done
sed -i 's/"holder, \([0-9]\)"/"holder-\1"/' cards.csv
printf 'card-4,h,Y,M,app,L,10.0001,50.00,CNY,absent,Y,%s\r\n' "$hash" >>cards.csv
gives 1 "" as maker import entitlements cards.csv
grep -q '^5,' cards.csv.rejects.csv && ok || bad "the reject file names line 5"
gives 0 '"remaining":"10.000"' as maker query entitlement.get entitlement=card-1 --json
gives 1 "" as maker import entitlements cards.csv
for card in 1 2; do
	gives 0 "claim.file" as agent submit claim.file claim=c$card incident=i1 entitlement=card-$card channel=phone
	gives 0 "claim.decide" as maker submit claim.decide claim=c$card outcome=approve
done
gives 1 "SAME_PERSON" as maker submit payout.instruct claim=c1
gives 0 "distribution.approve" as checker submit distribution.approve incident=i1
"$recourse" payee key accounts >out 2>err
account=$(echo '6222 0212 3456 7890 123' | "$recourse" payee hash --key accounts)
gives 0 "payee.register" as agent submit payee.register payee=p1 holder=holder-1 account_hash="$account" rail=bank
gives 77 "NOT_PERMITTED" as payer submit payout.instruct claim=c2 payee=p1
gives 0 "payout.instruct" as payer submit payout.instruct claim=c1 payee=p1
gives 0 '"payee":"p1"' as checker report payees account_hash="$account" --json
gives 0 '"claims":[]' as checker report origins --json
gives 0 "payout.settle" as bank submit payout.settle claim=c1
gives 1 "STATE_WRONG" as bank submit payout.settle claim=c1
gives 0 "50.00" as agent query claim.brief claim=c1
gives 0 "i1" as checker report incident incident=i1
gives 0 "M" as checker report trial-balance
gives 0 '"totals"' as checker report trial-balance --json

# ---- what is said about a claim is sealed, read by an entry, and erased by two (I2) ----
gives 0 "contact.record" as agent submit contact.record claim=c1 channel=phone direction=in note="she says: never used" --request said
gives 0 "contact.record" as agent submit contact.record claim=c1 channel=phone direction=in note="she says: never used" --request said
gives 65 "REQUEST_CONFLICT" as agent submit contact.record claim=c1 channel=phone direction=in note="she says nothing" --request said
note=$(as agent report notes claim=c1 --json | grep -oE '"entry": *[0-9]+' | head -n 1 | grep -oE '[0-9]+')
gives 0 "she says: never used" as agent submit note.unseal note="$note" reason=call-back
gives 0 '"state":"read"' as checker submit note.unseal note="$note" reason=review --json
printf 'first line\nsecond line\n' >said.txt
gives 0 "contact.record" as agent submit contact.record claim=c1 channel=mail direction=in note=@said.txt
later=$(as agent report notes claim=c1 --json | grep -oE '"entry": *[0-9]+' | tail -n 1 | grep -oE '[0-9]+')
gives 0 "second line" as agent submit note.unseal note="$later" reason=call-back
printf '[{"command":"contact.record","claim":"c1","channel":"app","direction":"in","note":"by JSON"}]' >said.json
as agent submit - <said.json >out 2>err && grep -q contact.record out && ok || bad "a note by JSON"
head -c 8193 /dev/zero | tr '\0' x >long.txt
gives 64 "8192 bytes" as agent submit contact.record claim=c1 channel=mail direction=in note=@long.txt
gives 64 "1 to 8192 bytes" as agent submit contact.record claim=c1 channel=mail direction=in note=
printf 'she \033[2J says' >shown.txt
gives 64 "no control characters" as agent submit contact.record claim=c1 channel=mail direction=in note=@shown.txt
gives 0 "sealed" as maker report contacts claim=c1
grep -rqa "never used" led && bad "what was said is in the ledger's files" || ok
[ "$(stat -c %a led/notes.keys led/notes.texts | uniq)" = 600 ] && ok || bad "texts or keys are open to others"
# copies of texts and keys: apart, for some days, and the key in none of them once it is erased
mkdir copies-of-keys copies-of-texts
secret=$(od -An -v -tx1 -j32 -N32 led/notes.keys | tr -d ' \n')
holds_key() { od -An -v -tx1 "$1" | tr -d ' \n' | grep -q "$secret"; }
gives 0 "copies-of-keys/notes.keys-" "$recourse" backup keys led copies-of-keys
gives 0 "copies-of-texts/notes.texts-" "$recourse" backup texts led copies-of-texts --days 400
gives 73 "apart" "$recourse" backup keys led copies-of-texts
gives 73 "apart" "$recourse" backup texts led led
gives 64 "not a whole number" "$recourse" backup keys led copies-of-keys --days many
gives 0 "kept" "$recourse" backup list copies-of-keys
copy=$(ls copies-of-keys)
cp "copies-of-keys/$copy" "copies-of-keys/${copy%until-*}until-2020-02-29"
printf 'no copy' >copies-of-keys/other
gives 0 "over: recourse backup prune" "$recourse" backup list copies-of-keys
gives 0 '"over":true' "$recourse" backup list copies-of-keys --json
gives 0 "deleted 1, erased 0 keys" "$recourse" backup prune copies-of-keys --ledger led
[ "$(ls copies-of-keys)" = "$(printf '%s\nother' "$copy")" ] && ok || bad "others than what was over are gone"
[ "$(stat -c %a "copies-of-keys/$copy")" = 600 ] && ok || bad "a copy of keys is open to others"
holds_key "copies-of-keys/$copy" && ok || bad "a copy of keys without the key"
cp "copies-of-keys/$copy" keys-before
gives 0 "it waits until another person agrees" as maker submit note.erase claim=c1 reason=asked-for
erase=$(as maker report contacts claim=c1 --json | grep -oE '"as_of_entry": *[0-9]+' | grep -oE '[0-9]+')
gives 0 "proposal.approve" as checker submit proposal.approve proposal="$erase"
gives 1 "STATE_WRONG" as agent submit note.unseal note="$note" reason=call-back
gives 0 "erased" as maker report contacts claim=c1
holds_key led/notes.keys && bad "a key that is erased is in the file" || ok
gives 0 "deleted 0, erased 1 keys" "$recourse" backup prune copies-of-keys --ledger led
holds_key "copies-of-keys/$copy" && bad "a key that is erased is in a copy" || ok
gives 0 "deleted 0, erased 0 keys" "$recourse" backup prune copies-of-keys --ledger led
# restored with keys from before: what is erased is erased again before anything is served
holds_key keys-before && ok || bad "keys from before without the key"
mkdir restored-texts restored-keys
gives 0 "restored-keys/notes.keys-" "$recourse" backup led backups --texts restored-texts --keys restored-keys
gives 0 "every entry was verified" "$recourse" restore backups restored --guard led/last-signed --keys keys-before \
	--texts "$(ls restored-texts/*)"
holds_key restored/notes.keys && bad "a key that is erased came back with a backup" || ok
[ "$(stat -c %s restored/notes.texts)" -gt 100 ] && [ "$(stat -c %a restored/notes.texts)" = 600 ] && ok ||
	bad "the sealed texts were not restored"
grep -rqa "never used" backups restored && bad "what was said is in a backup" || ok
grep -rqa "never used" led copies-of-keys copies-of-texts && bad "what was said is in a file" || ok

# ---- a merchant appeals what was taken from its deposit (A4, D7) ----
gives 0 '"appealable":"yes"' as merchant report deductions merchant=M --json
gives 0 "appeal window closes" as merchant report merchant
deduction=$(as merchant report deductions merchant=M --json | grep -oE '"deduction": *[0-9]+' | grep -oE '[0-9]+')
gives 1 "NOT_FOUND" as leaver submit appeal.lodge merchant=N deduction="$deduction" reason=not-mine
as merchant submit appeal.lodge merchant=M deduction="$deduction" reason=not-our-fault --json >out 2>err
appeal=$(grep -oE '"entry": *[0-9]+' out | head -n 1 | grep -oE '[0-9]+')
gives 0 "appeal.stay" as checker submit appeal.stay appeal="$appeal" reason=arguable
gives 77 "NOT_PERMITTED" as payer submit payout.instruct claim=c2
gives 0 "stayed" as merchant report appeals
gives 0 "appeal is to be decided" as merchant report merchant
gives 0 '"standing":"not required"' as merchant report merchant --json
gives 1 "SAME_PERSON" as checker submit appeal.decide appeal="$appeal" outcome=upheld basis_hash="$hash" reason=heard
gives 0 "2020/M/@$appeal" as judge submit appeal.decide appeal="$appeal" outcome=varied amount=40.00 basis_hash="$hash" reason=heard
gives 0 "40.00" as merchant query account.balance code=2020 party=M reference="@$appeal" unit=CNY
gives 0 "appeal.fund" as bank submit appeal.fund appeal="$appeal" amount=40.00 bank_reference=f1
gives 0 '"funded":"40.00"' as merchant report appeals --json
gives 0 '"appeals":[]' as leaver report appeals --json
as judge export --format hledger -o appeal.journal >out 2>err && hledger -f appeal.journal check --strict >out 2>err && ok || bad "hledger takes the appeal's account"
as judge export --format beancount -o appeal.beancount >out 2>err && bean-check appeal.beancount >out 2>err && ok || bad "Beancount takes the appeal's account"

# ---- a merchant sees its own, and can not tell "not yours" from "not there" (I3) ----
gives 0 "deposit" as merchant report statement merchant=M unit=CNY
as merchant query account.balance code=1010 party=bank unit=CNY >out 2>err
cp err not-yours
as merchant query account.balance code=1010 party=nobody unit=CNY >out 2>err
cmp -s err not-yours && [ -s err ] && ok || bad "not yours and not there differ"

# ---- checkpoints, receipts, and other people's tools (J1, J2) ----
number=$(as agent query claim.brief claim=c2 --json | grep -oE '"receipt": *[0-9]+' | grep -oE '[0-9]+')
all_signed() {
	as agent checkpoint >checkpoint 2>err && [ "$(sed -n 2p checkpoint)" -gt "$number" ]
}
await all_signed && grep -q '^example.com/ledger$' checkpoint && ok || bad "checkpoint"
cut -d+ -f3- led/keys/log.pub | base64 -d | tail -c 32 >log.raw
{ printf '\060\052\060\005\006\003\053\145\160\003\041\000'; cat log.raw; } >log.der
sed '/^$/,$d' checkpoint >text
sed -n 's/^— [^ ]* //p' checkpoint | head -n 1 | base64 -d | tail -c 64 >signature
openssl pkeyutl -verify -pubin -inkey log.der -keyform DER -rawin -in text -sigfile signature >out 2>err && ok || bad "openssl verifies the checkpoint"
gives 0 "" as agent receipt get --entry "$number" -o c2.tlog-proof
mkdir far && cp c2.tlog-proof led/keys/log.pub far/
gives 0 "claim.file" env -C far "$recourse" receipt verify c2.tlog-proof --log-key @log.pub
sed 's/^index .*/index 0/' c2.tlog-proof >far/wrong.tlog-proof
gives 1 "" env -C far "$recourse" receipt verify wrong.tlog-proof --log-key @log.pub
size=$(sed -n 2p checkpoint)
sed -n 's/^extra //p' c2.tlog-proof | base64 -d >entry.cbor
leaf=$({ printf '\000'; cat entry.cbor; } | sha256sum | cut -d' ' -f1)
gives 0 "$leaf" "$recourse" receipt verify c2.tlog-proof --log-key @led/keys/log.pub --json
[ "$size" -gt "$number" ] && ok || bad "the checkpoint covers the claim"

# ---- stopping, auditing, starting again ----
stop
gives 69 "" "$recourse" query service.info --url "$url" --timeout 1000
gives 0 "vouch for the first" "$recourse" verify led --log-key @led/keys/log.pub c2.tlog-proof led/last-signed
gives 1 "NOT verified: far/wrong.tlog-proof" "$recourse" verify led c2.tlog-proof far/wrong.tlog-proof
gives 0 '"evidence":0' "$recourse" verify led --json
gives 0 "break-glass: 1 carried out without all approvals; 1 not reviewed, the first: entry" "$recourse" verify led
gives 64 "" "$recourse" verify
gives 66 "" "$recourse" verify led nothing-there
rm -r led/state
serve led --listen tcp://127.0.0.1:0 || exit 1
gives 0 "50.00" as agent query claim.brief claim=c1
as maker submit deposit.hold hold=h1 merchant=M amount=100.00 unit=CNY reason=signal --request once >third 2>err
cmp -s first third && ok || bad "a request repeated after the state was rebuilt answers the same"
stop

# ---- a host's clock that ran on by more than three days while the machine was off: nobody strikes by it until two
# people say that it is right (E3). What is changed is what the service noted ----
[ "$(stat -c %a led/last-signed.clock)" = 600 ] && ok || bad "the note of the time is open to others"
ago=$(date -u -d '-4 days' +%FT%TZ)
sed -i -e "3s/.*/$ago/" -e '5s/.*/another-boot/' -e '$d' led/last-signed.clock
sha256sum <led/last-signed.clock | cut -c-64 >>led/last-signed.clock
serve led --listen tcp://127.0.0.1:0 || exit 1
await grep -q event=clocks-held serving || bad "clocks are not held"
gives 0 "clocks_held" "$recourse" query service.info --url "$url"
hold=$(grep -oE 'clocks-held entry=[0-9]+' serving | grep -oE '[0-9]+')
gives 0 "held" as maker report clock-holds
gives 0 '"waiting":' as maker report clock-holds --json
gives 0 "17179869184" as maker report stored
gives 0 "recourse submit proposal.approve proposal=$((hold + 1))" as $admin submit clock.confirm hold="$hold" reason=looked-up
gives 0 "proposal.approve" as checker submit proposal.approve proposal=$((hold + 1))
await grep -q event=clocks-confirmed serving || bad "the clocks are not confirmed"
gives 0 "confirmed" as maker report clock-holds
gives 1 "STATE_WRONG" as $admin submit clock.confirm hold="$hold" reason=looked-up
gives 1 "NOT_FOUND" as $admin submit clock.confirm hold=1 reason=looked-up
stop
gives 0 "times that all were held, since the host's clock had jumped: 1; the first by entry $hold" "$recourse" verify led
cp -r led copy
LC_ALL=C sed -i 's|deposit.receive/1|deposit.receive/2|g' copy/log/data.mdb
gives 1 "entry" "$recourse" verify copy

# ---- TLS: plain tcp stays on loopback, tls may leave ----
openssl req -x509 -newkey rsa:2048 -nodes -keyout tls.key -out tls.crt -days 2 -subj /CN=localhost \
	-addext subjectAltName=DNS:localhost,IP:127.0.0.1 >out 2>err
serve led --listen tls+tcp://127.0.0.1:0 --tls-cert tls.crt --tls-key tls.key || exit 1
gives 0 "example.com/ledger" "$recourse" query service.info --url "$url" --tls-ca tls.crt --tls-name localhost
openssl req -x509 -newkey rsa:2048 -nodes -keyout other.key -out other.crt -days 2 -subj /CN=localhost >out 2>err
gives 69 "" "$recourse" query service.info --url "$url" --tls-ca other.crt --tls-name localhost --timeout 2000
stop

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
