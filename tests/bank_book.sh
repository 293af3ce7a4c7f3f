#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# bank_book.sh: what a bank says of payments on a rail comes into the books, from outside: all of a file or nothing of it, once,
# and from where it was cut off. Ends with "N passed, N failed".

. tests/outside.inc
. "$OLDPWD/tests/orders.inc"
day=$(date -u +%F)

begins

# Five claims of 10.01, paid by a bank, in a batch that went out; one in a batch that nobody checked; and one that was paid twice
# 50.00.
{
	claimed 9 a b c d e f
	for id in a b c d e; do
		ordered "$id" "$id$id*"
	done
	echo '  make monday bank'
	echo '  check monday 5 50.05'
	echo '  sent monday 11* 1 1 5 50.05'
	ordered f 'ff*'
	echo '  make tuesday bank'
	cat <<'END'
  admin party.register party=N kinds=merchant
  policy half scheme=percentage rate=50.00 waterfall=rank:1,claim:advances
  deposit N 10.00 d-1
  declare j N half
  maker entitlement.issue entitlement=g-card holder=h-g issuer=Y merchant=N channel=app unit=L quantity=1.000 cost=100.00
      currency=CNY evidence=absent evidence_hash=ab*
  file g j g-card
  decide g
  distribute j
  fund j 40.00
  register p-g h-g 99* bank
  pay g p-g
  make first bank incident=j
  check first 1 50.00
  sent first 21* 1 1 1 50.00
  bank payout.settle claim=g bank_reference=g-1
  deposit N 90.00 d-2
  distribute j
  rest := pay g p-g
  make second bank incident=j
  check second 1 50.00
  sent second 22* 1 1 1 50.00
  bank payout.settle claim=g order:=$rest bank_reference=g-2
END
} >orders.case
plays orders.case
payment_ids monday a b c d e
expect 0 'payments' recourse query --key led/keys/payer batch.payments batch=tuesday --json
sed 's/.*"payment_id":"\([^"]*\)".*/\1/' out >id.f
expect 0 'payments' recourse query --key led/keys/bank batch.payments batch=first --json
sed 's/.*"payment_id":"\([^"]*\)".*/\1/' out >id.g
[ "$(cat id.a id.f | wc -c)" -gt 40 ] && ok || bad 'payments have ids'

ask() {
	recourse query --key led/keys/bank "$@" --json
}
book() {
	recourse bank-file book "$@" --key led/keys/bank
}
# stands CLAIM STATE: so far its payment is.
stands() {
	expect 0 "$1" ask payment.find "payment_id=$(cat "id.$1")"
	says out "\"state\":\"$2\""
}

# report ID STATUS AMOUNT REASON: a payment of a pain.002.
report() {
	echo "<TxInfAndSts><OrgnlEndToEndId>$1</OrgnlEndToEndId><TxSts>$2</TxSts>"
	[ -z "${4-}" ] || echo "<StsRsnInf><Rsn><Cd>$4</Cd></Rsn></StsRsnInf>"
	echo "<OrgnlTxRef><Amt><InstdAmt Ccy=\"CNY\">$3</InstdAmt></Amt></OrgnlTxRef></TxInfAndSts>"
}
reports() {
	echo '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>'
	echo "<GrpHdr><MsgId>$1</MsgId></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>monday-1-of-1</OrgnlMsgId></OrgnlGrpInfAndSts>"
	echo '<OrgnlPmtInfAndSts><OrgnlPmtInfId>monday</OrgnlPmtInfId>'
	cat
	echo '</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>'
}

# What does not fit is told, all of it, and nothing is booked.
{
	report "$(cat id.a)" RJCT 10.02 AC04
	report "$(sed 's/.$/_/; s/_/Q/' id.b)" ACSP 10.01
	report NEVER-ORDERED ACSP 10.01
	report "$(cat id.c)" ACSP 10.01
	report "$(cat id.f)" ACSP 10.01
} | reports R0 >wrong.xml
report "$(cat id.d)" ACSP 10.01 | sed 's/"CNY"/"USD"/' | reports R0u >dollars.xml
expect 1 'another currency' book dollars.xml
says err "payment $(cat id.d) is 10.01 USD in the file, and 10.01 CNY was ordered by entry"
says err '[UNIT_MISMATCH]'
expect 1 'differences' book wrong.xml
says err "payment $(cat id.a) is 10.02 CNY in the file, and 10.01 CNY was ordered by entry"
says err 'is of another ledger or rail, or written wrong [SIGNATURE_INVALID]'
says err "payment $(cat id.f) was not given to this custodian to pay [CUSTODIAN_WRONG]"
says err 'payment NEVER-ORDERED was never ordered [NOT_FOUND]'
says err 'nothing of it was booked'
expect 1 'differences for programs' book wrong.xml --json
says out '{"kind":"difference",'
[ "$(grep -c '"error":"' out)" = 4 ] && ok || bad 'there are not four objects'
says out '"error":"CUSTODIAN_WRONG"'
expect 0 'no file' ask bank_file.list
says out '"files":[]'
stands a instructed

# What became of payments, once.
{
	report "$(cat id.a)" ACSP 10.01
	report "$(cat id.b)" ACSC 10.01
	report "$(cat id.c)" WXYZ 10.01
	report "$(cat id.d)" RCVD 10.01
} | reports R1 >reports.xml
expect 0 'only tried' book reports.xml --dry-run
says out '3 reports'
says out 'nothing was booked: it was only tried'
stands a instructed
expect 0 'only tried, for programs' book reports.xml --dry-run --json
says out '"kind":"agrees"'
says out '"reported":3'
expect 0 'reports' book reports.xml
says out '3 reports'
stands a accepted
stands b accepted
stands c unknown
stands d instructed
stands e instructed

# What is said of all of them is said of one that is named without its own word where its rail has agreed to that; else it is unknown.
refused_all() {
	echo '<PmtInfSts>RJCT</PmtInfSts><StsRsnInf><Rsn><Cd>AC04</Cd></Rsn></StsRsnInf>'
	report "$(cat id.e)" '' 10.01 | sed 's|<TxSts></TxSts>||'
}
refused_all | reports R1a >all.xml
expect 0 'a word for all' book all.xml
stands e unknown
expect 0 'agreed' recourse submit --key led/keys/admin rail.publish rail=bank version=2 custodian=bank unit=CNY kind=iso20022 \
	id_length=35 id_alphabet=upper lines=9 query_days=30 awaiting_hours=24 group_status=stands
refused_all | reports R1b >all.xml
expect 0 'a word for all is one for each' book all.xml
says out '1 reports'
stands e rejected
# Of a message of which it names some, or none, what became of the others is nobody's word, and that is said.
echo '<OrgnlNbOfTxs>3</OrgnlNbOfTxs><PmtInfSts>RJCT</PmtInfSts>' >none
{ cat none; report "$(cat id.e)" RJCT 10.01 AC04; } | reports R1c >some.xml
expect 0 'two are not named' book some.xml --dry-run
says err '2 payments of its message are not named'
expect 0 'for a program' book some.xml --dry-run --json
says out '"unnamed":2'
reports R1d <none >none.xml
expect 1 'none is named' book none.xml
says err '3 payments of its message are not named'
stands d instructed
expect 0 'the same again' book reports.xml
says out 'all of it is booked'
expect 77 'an agent' recourse bank-file book reports.xml --key led/keys/agent
report "$(cat id.e)" ACSP 10.01 | reports R2 >late.xml
expect 1 'what is over goes on' book late.xml
says err "payment $(cat id.e) is accepted in the file, and rejected in the ledger [STATE_WRONG]"

# A wallet waits for its payee, says so twice, and pays all the same.
printf 'kind = wechat\nunit = CNY\npayment_id = no\nstatus = state\namount = sum\n' >columns
printf 'no,state,sum\n%s,WAIT_USER_CONFIRM,10.01\n' "$(cat id.d)" >waits.csv
expect 0 'it waits' book waits.csv --columns columns
says out '1 reports'
stands d 'awaiting payee'
printf 'no,state,sum\n%s,WAIT_USER_CONFIRM,10.01\n%s,FAIL,10.01\n' "$(cat id.d)" "$(cat id.e)" >waits.csv
expect 0 'it still does' book waits.csv --columns columns
says out '0 reports'

# statement ID NUMBER OPENING CLOSING: of the entries that come.
statement() {
	echo '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>'
	echo "<GrpHdr><MsgId>$1</MsgId></GrpHdr><Stmt><Id>$1</Id><ElctrncSeqNb>$2</ElctrncSeqNb>"
	echo '<Acct><Id><Othr><Id>62220001</Id></Othr></Id><Ccy>CNY</Ccy></Acct>'
	for balance in "OPBD $3" "CLBD $4"; do
		echo "<Bal><Tp><CdOrPrtry><Cd>${balance% *}</Cd></CdOrPrtry></Tp><Amt Ccy=\"CNY\">${balance#* }</Amt>"
		echo "<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>$day</Dt></Dt></Bal>"
	done
	cat
	echo '</Stmt></BkToCstmrStmt></Document>'
}
# entry LINE AMOUNT SIDE DETAILS…; payment ID AMOUNT SIDE MORE
entry() {
	echo "<Ntry><Amt Ccy=\"CNY\">$2</Amt><CdtDbtInd>$3</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>$day</Dt></BookgDt>"
	echo "<AcctSvcrRef>$1</AcctSvcrRef>${4-}</Ntry>"
}
payment() {
	echo "<TxDtls><Refs><EndToEndId>$1</EndToEndId></Refs><Amt Ccy=\"CNY\">$2</Amt><CdtDbtInd>$3</CdtDbtInd>${4-}</TxDtls>"
}
details() {
	echo "<NtryDtls>$(cat)</NtryDtls>"
}

# coded SUBFAMILY: the entry has the bank's code for what it is
coded() {
	sed "s|</AcctSvcrRef>|&<BkTxCd><Domn><Cd>ACMT</Cd><Fmly><Cd>MDOP</Cd><SubFmlyCd>$1</SubFmlyCd></Fmly></Domn></BkTxCd>|"
}

# One line of a payment, one of two, one that came back less a fee, one of which the ledger knows nothing, and charges.
came_back=$(payment "$(cat id.d)" 10.01 CRDT '<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>' | details)
{
	entry l-1 10.01 DBIT "$(payment "$(cat id.a)" 10.01 DBIT | details)"
	entry l-2 20.02 DBIT "$({ payment "$(cat id.b)" 10.01 DBIT; payment "$(cat id.c)" 10.01 DBIT; } | details)"
	entry l-3 10.51 DBIT "<Chrgs><Rcrd><Amt Ccy=\"CNY\">0.50</Amt></Rcrd></Chrgs>$(payment "$(cat id.d)" 10.01 DBIT | details)"
	entry l-4 9.51 CRDT "<Chrgs><Rcrd><Amt Ccy=\"CNY\">0.50</Amt></Rcrd></Chrgs>$came_back"
	entry l-5 55.00 CRDT
} | statement S1 17 1000.00 1023.97 >statement.xml
expect 1 'of another account' book statement.xml --account 62220002
says err "it is of account '62220001', and not of 62220002 [CUSTODIAN_WRONG]"
expect 0 'the statement' book statement.xml --kind camt053 --account 62220001
says out '5 lines in 1 pieces: 4 payments were made, 1 came back, 1 charges'
says out '1 lines are left for people'
stands a settled
stands c settled
stands d returned
expect 0 'cash' ask report.bank_lines left=yes
says out '"reference":"l-5"'
expect 0 'the file' ask bank_file.list
says out '"file":"S1"'
says out '"opening":"1000.00"'
expect 0 'the same again' book statement.xml
says out 'all of it is booked'

# Another file of that id, or of that number, is none that is booked; neither is one that changes while it is read.
entry c-1 1.00 CRDT | statement S1 18 1023.97 1024.97 >other.xml
expect 1 'its id' book other.xml
says err 'bank_file.begin S1 refused: that id is already taken (field file, see entry'
entry c-1 1.00 CRDT | statement S1b 17 1023.97 1024.97 >other.xml
expect 1 'its number' book other.xml
says err 'bank_file.begin S1b refused: that id is already taken (field number, see entry'
entry c-1 1.00 CRDT | statement S1c 18 1023.97 1024.97 >other.xml
kill -STOP "$server"
book other.xml >out 2>err &
sleep 1
sed -i 's/<MsgId>S1c</<MsgId>S1d</' other.xml
kill -CONT "$server"
wait $!
status=$?
what='it changes'
[ "$status" -eq 65 ] && ok || bad "a file that changes: exit code $status, not 65"
says err 'other.xml changed while it was read [FIELD_FORMAT]'
expect 0 'none of them' ask bank_file.list open=yes
says out '"files":[]'

# Lines that 64 bits hold, and their sum is more.
printf 'unit = CNY\nsigned = yes\namount = sum\nday = day\nreference = ref\n' >columns
printf "day,sum,ref\n$day,92233720368547758.07,big-1\n$day,0.01,big-2\n" >sum.csv
expect 1 'a sum beyond 64 bits' book sum.csv --columns columns
says err 'refused: '
says err '(field credit'
says err '[OVERFLOW]'

# The notice of the same lines adds nothing; a second line of the same payment, and one that was refused, are differences.
{
	sed 's/camt.053/camt.054/; s/BkToCstmrStmt/BkToCstmrDbtCdtNtfctn/g; s/Stmt>/Ntfctn>/g; s/<Id>S1</<Id>N1</' statement.xml |
		grep -v '<Bal>\|</Bal>'
} >notice.xml
expect 0 'the notice' book notice.xml
says out '5 lines in 1 pieces: 0 payments were made, 0 came back, 0 charges'

# A line stands in one statement and in one notice: another one that has it is begun by nobody, unless the first was none after all.
sed 's/<Id>N1</<Id>N2</; s/<ElctrncSeqNb>17</<ElctrncSeqNb>18</' notice.xml >again.xml
expect 1 'a second notice' book again.xml
says err 'line l-1 stands already in what entry'
expect 0 'not begun' ask bank_file.list
grep -q '"file":"N2"' out && bad 'N2 was begun' || ok
{
	entry l-6 10.01 DBIT "$(payment "$(cat id.a)" 10.01 DBIT | details)"
	entry l-7 10.01 DBIT "$(payment "$(cat id.e)" 10.01 DBIT | details)"
	entry l-8 10.02 CRDT "$(payment "$(cat id.b)" 10.02 CRDT '<RtrInf></RtrInf>' | details)"
	entry '' 1.00 CRDT
} | statement S2 18 1023.97 1014.97 >twice.xml
expect 1 'twice' book twice.xml
says err "payment $(cat id.a) is paid in the file, and settled in the ledger [STATE_WRONG]"
says err "payment $(cat id.e) is paid in the file, and rejected in the ledger [STATE_WRONG]"
says err "payment $(cat id.b) is 10.02 CNY in the file"
says err 'an entry without a reference'

# Who pays in chooses ids freely: a payment's own on a receipt brings nothing back, and one of another ledger's form refuses no
# file; neither does what undoes a credit. Back twice is a difference.
{
	entry r-1 0.01 CRDT "$(payment "$(cat id.b)" 0.01 CRDT | details)"
	entry r-2 1.00 CRDT "$(payment "$(sed 's/.$/_/; s/_/Q/' id.c)" 1.00 CRDT | details)"
	entry r-3 1.01 DBIT "<RvslInd>true</RvslInd>$(payment "$(cat id.d)" 1.01 DBIT | details)" |
		sed 's/\(<CdtDbtInd>DBIT<.CdtDbtInd>\)\(<Sts>.*\)<RvslInd>true<.RvslInd>/\1<RvslInd>true<\/RvslInd>\2/'
	entry r-4 3.00 DBIT | coded CHRG
	entry r-5 0.40 CRDT | coded INTR
} | statement S2r 18 1023.97 1021.37 >receipts.xml
expect 0 'receipts' book receipts.xml
says out '5 lines in 1 pieces: 0 payments were made, 0 came back, 1 charges'
says out '4 lines are left for people'
stands b settled
{
	entry t-1 10.01 CRDT "$(payment "$(cat id.b)" 10.01 CRDT '<RtrInf></RtrInf>' | details)"
	entry t-2 10.01 CRDT "<RvslInd>true</RvslInd>$(payment "$(cat id.b)" 10.01 CRDT | details)" |
		sed 's/\(<CdtDbtInd>CRDT<.CdtDbtInd>\)\(<Sts>.*\)<RvslInd>true<.RvslInd>/\1<RvslInd>true<\/RvslInd>\2/'
} | statement S2t 19 1023.97 1043.99 >back.xml
expect 1 'back twice' book back.xml
says err "payment $(cat id.b) is back twice in the file, and settled in the ledger [STATE_WRONG]"
stands b settled

# The first of two payments of a claim comes back: it is what is sent again.
{
	entry l-9 50.00 CRDT "$(payment "$(cat id.g)" 50.00 CRDT '<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>' | details)"
} | statement S9 18 1023.97 1073.97 >earlier.xml
expect 0 'an earlier one' book earlier.xml --dry-run
says out '1 lines in 1 pieces: 0 payments were made, 1 came back, 0 charges'

# A line that stands otherwise in the ledger, and two of one name.
expect 0 'a line' recourse submit --key led/keys/bank --json \
	bank.line line=m-0 amount=2.00 unit=CNY direction=credit "day=$day"
{
	entry m-0 1.00 CRDT
	entry m-1 1.00 CRDT
	entry m-1 1.00 CRDT
} | statement S3 19 1023.97 1026.97 >names.xml
expect 1 'a line that stands otherwise' book names.xml
says err "line m-0 is a credit of 2.00 CNY in the ledger, booked on $day [EXISTS]"
says err 'line m-1 is the entry that ends on line'

# Cut off behind the first piece: the same command goes on, and not where it was cut otherwise.
{
	row=0
	while [ $((row += 1)) -le 2250 ]; do
		entry m-$row 1.00 CRDT
	done
} | statement S4 19 1023.97 3273.97 >many.xml
# piece LINES: the first one, as whoever was cut off had sent it
piece() {
	echo "{\"command\":\"bank_file.piece\",\"file\":\"S4\",\"piece\":1,\"lines\":$1,\"credit\":\"$1.00\",\"debit\":\"0.00\"}"
	row=0
	while [ $((row += 1)) -le "$1" ]; do
		echo "{\"command\":\"bank.line\",\"line\":\"m-$row\",\"amount\":\"1.00\",\"unit\":\"CNY\",\"direction\":\"credit\",\"day\":\"$day\"}"
	done
}
expect 0 'begun' recourse submit --key led/keys/bank bank_file.begin file=S4 kind=camt053 number=19 unit=CNY lines=2250 \
	"hash=$(sha256sum many.xml | cut -d' ' -f1)" credit=2250.00 debit=0.00 opening=1023.97 closing=3273.97 "first_day=$day" \
	"last_day=$day"
piece 2048 >first.json
recourse submit --key led/keys/bank - <first.json >out 2>err && ok || bad 'the first piece'
expect 0 'the rest' book many.xml
says out '2250 lines in 2 pieces'
expect 0 'whole' ask bank_file.show file=S4
says out '"state":"whole"'
says out '"pieces":2'
says out '"lines":202'
{
	entry n-1 1.00 CRDT
	entry n-2 1.00 CRDT
} | statement S5 20 3273.97 3275.97 >other.xml
expect 0 'begun' recourse submit --key led/keys/bank bank_file.begin file=S5 kind=camt053 number=20 unit=CNY lines=2 \
	"hash=$(sha256sum other.xml | cut -d' ' -f1)" credit=2.00 debit=0.00 opening=3273.97 closing=3275.97 "first_day=$day" \
	"last_day=$day"
expect 0 'one line' recourse submit --key led/keys/bank bank_file.piece file=S5 piece=1 lines=1 credit=1.00 debit=0.00 \
	bank.line line=n-1 amount=1.00 unit=CNY direction=credit "day=$day"
expect 1 'cut otherwise' book other.xml
says err 'in other pieces than these [NOT_PERMITTED]'

# What is not sound in itself is no difference: that alone is said, whatever else stands in it.
{
	report NEVER-ORDERED ACSP 1.00
	report "$(cat id.a)" ACSP 1.001
	report NEVER-ORDERED-EITHER ACSP 1.00
} | reports R7 >unsound.xml
expect 65 'not sound' book unsound.xml
says err 'unsound.xml, line'
grep -q 'never ordered' err && bad 'an unsound file is held against the ledger' || ok

# All differences are told, however many.
row=0
while [ $((row += 1)) -le 150 ]; do
	report NEVER-ORDERED-$row ACSP 1.00
done | reports R3 >never.xml
expect 1 'all of them' book never.xml
says err 'payment NEVER-ORDERED-150 was never ordered [NOT_FOUND]'

# A wallet's file moves no money, and says less than the ledger knows.
printf 'kind = wechat\nunit = CNY\npayment_id = no\nstatus = state\namount = sum\n' >columns
printf 'no,state,sum\n%s,SUCCESS,10.01\n%s,FAIL,10.01\n' "$(cat id.a)" "$(cat id.e)" >wallet.csv
expect 0 'a wallet' book wallet.csv --columns columns
says out '2 lines in 1 pieces'
says out '0 reports'
expect 0 'once' book wallet.csv --columns columns
says out 'all of it is booked'
printf 'no,state,sum\n%s,FAIL,10.01\n' "$(cat id.a)" >failed.csv
expect 1 'what was paid fails' book failed.csv --columns columns
says err 'is rejected in the file, and settled in the ledger [STATE_WRONG]'
# What never left was taken back since, and its wallet says so once more.
expect 0 'taken back' recourse submit --key led/keys/payer payout.cancel claim=e reason=r
proposal=$(sed -n 's/^payout.cancel *//p' out)
expect 0 'by two people' recourse submit --key led/keys/checker proposal.approve "proposal=$proposal"
printf 'no,state,sum\n%s,FAIL,10.01\n%s,SUCCESS,10.01\n' "$(cat id.e)" "$(cat id.a)" >failed.csv
expect 0 'said once more' book failed.csv --columns columns
says out '0 reports'
stop
expect 0 'the audit' recourse verify led
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
