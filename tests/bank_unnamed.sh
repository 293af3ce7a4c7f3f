#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# bank_unnamed.sh: what a bank that names exceptions alone says of a file of payments is said of each that it does not name, where
# that was agreed, and where it fits to the last payment; else of none. Nothing is paid by it. Ends with "N passed, N failed".

. tests/outside.inc
. "$OLDPWD/tests/orders.inc"

begins

# Five claims of 10.01 in a batch, of which three went out in one file and two in another.
{
	claimed 3 a b c d e
	for id in a b c d e; do
		ordered "$id" "$id$id*"
	done
	echo '  make monday bank'
	echo '  check monday 5 50.05'
	echo '  sent monday 11* 1 2 3 30.03'
	echo '  sent monday 12* 2 2 2 20.02'
} >orders.case
plays orders.case
payment_ids monday a b c d e
expect 0 'its name' recourse query --key led/keys/bank service.info --json
origin=$(sed 's/.*"origin":"\([^"]*\)".*/\1/' out)
expect 0 'its entry' recourse query --key led/keys/bank batch.show batch=monday --json
made=$(sed 's/.*"made_entry":\([0-9]*\).*/\1/' out)
# message NUMBER: what that file of the batch called itself, reckoned by somebody else.
message() {
	python3 - "$origin" "$made" "$1" <<'END'
import hashlib, sys
origin, batch, file = sys.argv[1:]
def digits(n, places):
    return digits(n // 36, places - 1) + '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'[n % 36] if places else ''
said = f'recourse-payment-id-v1\n{origin}\nbank\n{file}\n{batch}\n'.encode()
print(digits(int(file), 4) + digits(int(batch), 8) + digits(int.from_bytes(hashlib.sha256(said).digest(), 'big'), 20))
END
}

book() {
	recourse bank-file book "$@" --key led/keys/bank
}
# stands CLAIM STATE: so far its payment is.
stands() {
	expect 0 "$1" recourse query --key led/keys/bank payment.find "payment_id=$(cat "id.$1")" --json
	says out "\"state\":\"$2\""
}
# agreed VERSION STATUS: by the rail's next version
agreed() {
	expect 0 'agreed' recourse submit --key led/keys/admin rail.publish rail=bank "version=$1" custodian=bank unit=CNY \
		kind=iso20022 id_length=35 id_alphabet=upper lines=3 query_days=30 awaiting_hours=24 "group_status=$2"
}
# whole COUNT STATUS MORE…: what is said of a message, or of its batch
whole() {
	echo "<OrgnlNbOfTxs>$1</OrgnlNbOfTxs>${3-}<$4>$2</$4>${5-}"
}
counted() {
	echo "<NbOfTxsPerSts><DtldNbOfTxs>$2</DtldNbOfTxs><DtldSts>$1</DtldSts></NbOfTxsPerSts>"
}
# refused CLAIM: a payment that is named, with its amount
refused() {
	echo "<TxInfAndSts><OrgnlEndToEndId>$(cat "id.$1")</OrgnlEndToEndId><TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>AC04</Cd></Rsn></StsRsnInf>"
	echo '<OrgnlTxRef><Amt><InstdAmt Ccy="CNY">10.01</InstdAmt></Amt></OrgnlTxRef></TxInfAndSts>'
}
# answer ID MESSAGE GROUP [BATCH]: a report on a file; of its batch what comes in
answer() {
	echo '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>'
	echo "<GrpHdr><MsgId>$1</MsgId></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>$2</OrgnlMsgId>$3</OrgnlGrpInfAndSts>"
	echo "<OrgnlPmtInfAndSts><OrgnlPmtInfId>${4-$2-1}</OrgnlPmtInfId>"
	cat
	echo '</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>'
}
first=$(message 1)
second=$(message 2)
accepted=$(whole 3 ACSP '' GrpSts)

# Nobody agreed to anything: of two it is not said what became of them, whether or not a word for all stands for who is named.
refused b | answer R1 "$first" "$accepted" >one.xml
for version in 2:unread 3:stands; do
	agreed "${version%:*}" "${version#*:}"
	expect 0 'nobody agreed' book one.xml --dry-run --json
	says out '"reported":1'
	says out '"told":0'
	says out '"unnamed":2'
done

# Which file it was is asked by its name.
expect 0 'by its name' recourse query --key led/keys/bank batch.show "message_id=$second" --json
says out '"batch":"monday"'
says out '"file":2'

# Agreed, and what does not fit to the last payment is refused, all of it.
agreed 4 exceptions
refused b | answer R2 "$first" "$(whole 4 ACSP '' GrpSts)" >wrong.xml
expect 1 'one too many' book wrong.xml
says err 'OrgnlNbOfTxs is 4, and file 1 of batch monday has 3 payments [SHARES_WRONG]'
{ whole 2 ACSP '' PmtInfSts; refused b; } | answer R2 "$first" '' >wrong.xml
expect 1 'one too few, of the batch' book wrong.xml
says err 'OrgnlNbOfTxs is 2, and file 1 of batch monday has 3 payments [SHARES_WRONG]'
refused b | answer R2 "$first" "$(whole 3 ACSP '<OrgnlCtrlSum>30.04</OrgnlCtrlSum>' GrpSts)" >wrong.xml
expect 1 'another sum' book wrong.xml
says err 'OrgnlCtrlSum is 30.04, and file 1 of batch monday comes to 30.03 [SHARES_WRONG]'
refused d | answer R2 "$first" "$accepted" >wrong.xml
expect 1 'a payment of another file' book wrong.xml
says err "payment $(cat id.d) is not in file 1 of batch monday, of which that is said [NOT_FOUND]"
refused b | answer R2 "$(message 3)" "$accepted" >wrong.xml
expect 1 'a file that there is not' book wrong.xml
says err 'is no file of a batch that this custodian has to pay [NOT_FOUND]'
refused b | answer R2 "$first" "$accepted" "$second-1" >wrong.xml
expect 1 'a batch of another file' book wrong.xml
says err 'it tells of another batch (OrgnlPmtInfId)'
{ whole 3 RJCT '' PmtInfSts; refused b; } | answer R2 "$first" "$accepted" >wrong.xml
expect 1 'two that disagree' book wrong.xml
says err 'payments that it does not name are ACSP by the message, and RJCT by its batch [STATE_WRONG]'
for id in a b c d e; do
	stands $id instructed
done
expect 0 'no file' recourse query --key led/keys/bank bank_file.list --json
says out '"files":[]'

# What is not one status of all of them is not said of any.
for status in BLCK RCVD PART "PART:$(counted ACSP 1)$(counted RJCT 2)" "RJCT:$(counted ACSP 2)$(counted RJCT 1)"; do
	more=${status#*:}
	[ "$more" = "$status" ] && more=
	refused b | answer R3 "$first" "$(whole 3 "${status%%:*}" '' GrpSts "$more")" >not.xml
	expect 0 "$status" book not.xml --dry-run --json
	says out '"reported":1'
	says out '"told":0'
	says out '"unnamed":2'
done

# One of three is refused and named; the other two are left by the counts, and taken on.
refused b | answer R4 "$first" "$(whole 3 PART '' GrpSts "$(counted ACSP 2)$(counted RJCT 1)")" >part.xml
# Begun and cut off, and the rail agreed otherwise meanwhile: what is left of it is not what was begun, until that is so again.
expect 0 'cut off' recourse submit --key led/keys/bank bank_file.begin file=R4 kind=pain002 lines=3 credit=0.00 debit=0.00 unit=CNY \
	"hash=$(sha256sum part.xml | cut -d' ' -f1)"
for version in 5:unread 6:stands; do
	agreed "${version%:*}" "${version#*:}"
	expect 1 "${version#*:}" book part.xml
	says err 'in other pieces than these [NOT_PERMITTED]'
	stands a instructed
	stands b instructed
done
agreed 7 exceptions
expect 0 'exceptions alone' book part.xml
says out '3 lines in 1 pieces: 0 payments were made, 0 came back, 0 charges; 3 reports'
says out '2 payments are not named: what is said of their message is said of them'
grep -q 'not named\|put upon' err && bad 'it says that nothing is said of them' || ok
stands a accepted
stands b rejected
stands c accepted
stands d instructed
expect 0 'once' book part.xml
says out 'all of it is booked'

# None of two is named, and all were paid, it says: that is no line of the account.
{
	echo '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"><CstmrPmtStsRpt><GrpHdr><MsgId>R5</MsgId></GrpHdr>'
	echo "<OrgnlGrpInfAndSts><OrgnlMsgId>$second</OrgnlMsgId>$(whole 2 ACSC '' GrpSts)</OrgnlGrpInfAndSts></CstmrPmtStsRpt></Document>"
} >paid.xml
expect 0 'a balance' recourse report trial-balance --key led/keys/auditor --json
cp out before
expect 0 'none is named' book paid.xml --json
says out '"reported":2'
says out '"told":2'
says out '"unnamed":0'
stands d accepted
stands e accepted
expect 0 'the same balance' recourse report trial-balance --key led/keys/auditor --json
sed 's/"as_of_entry":[0-9]*//' before >wanted
sed 's/"as_of_entry":[0-9]*//' out >got
cmp -s got wanted && ok || bad 'money moved'

# All are refused afterwards, of which one was paid: that is settled with the bank first. Not so where none was.
expect 0 'd is paid' recourse submit --key led/keys/bank payout.settle claim=d bank_reference=l-d \
	"order=$(recourse query --key led/keys/bank payment.find "payment_id=$(cat id.d)" --json | sed 's/.*"order":\([0-9]*\).*/\1/')"
sed 's/R5/R6/; s/ACSC/RJCT/' paid.xml >refused.xml
expect 1 'one was paid' book refused.xml
says err "payment $(cat id.d) is rejected in the file, and settled in the ledger [STATE_WRONG]"
stands e accepted
{ whole 3 RJCT '' PmtInfSts '<StsRsnInf><Rsn><Cd>RC01</Cd></Rsn></StsRsnInf>'; } | answer R7 "$first" '' >refused.xml
expect 0 'all are refused' book refused.xml
says out '2 reports'
stands a rejected
stands c rejected
expect 0 'why' recourse report unresolved --key led/keys/payer --json
says out '"code":"RC01"'
stop
expect 0 'the audit' recourse verify led
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
