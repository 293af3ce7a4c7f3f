#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# bank_file.sh: what whoever reads a bank's file by the program gets: tables, lines of JSON, exit codes; and that a file of
# a hundred thousand entries is read in the memory that one of a thousand takes, but for what is kept of its ids: XML, and CSV in
# whatever encoding.

. tests/outside.inc

# statement ENTRIES: a camt.053 of so many payments of 1.00.
statement() {
	awk -v entries="$1" 'BEGIN {
		print "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
		print "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt>"
		print "<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-11-30T08:00:00</CreDtTm></GrpHdr>"
		print "<Stmt><Id>S1</Id><ElctrncSeqNb>17</ElctrncSeqNb><CreDtTm>2026-11-30T08:00:00</CreDtTm>"
		print "<Acct><Id><Othr><Id>62220001</Id></Othr></Id><Ccy>CNY</Ccy></Acct>"
		balance = "<Bal><Tp><CdOrPrtry><Cd>%s</Cd></CdOrPrtry></Tp><Amt Ccy=\"CNY\">%d.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>" \
			"<Dt><Dt>2026-11-29</Dt></Dt></Bal>\n"
		printf balance, "OPBD", 1000000
		printf balance, "CLBD", 1000000 - entries
		for (i = 1; i <= entries; i++)
			printf "<Ntry><Amt Ccy=\"CNY\">1.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>\n" \
				"<BookgDt><Dt>2026-11-29</Dt></BookgDt><AcctSvcrRef>B%d</AcctSvcrRef>\n" \
				"<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>ICDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>\n" \
				"<NtryDtls><TxDtls><Refs><EndToEndId>E%d</EndToEndId></Refs><Amt Ccy=\"CNY\">1.00</Amt>" \
				"<CdtDbtInd>DBIT</CdtDbtInd></TxDtls></NtryDtls></Ntry>\n", i, i
		print "</Stmt></BkToCstmrStmt></Document>"
	}'
}

statement 3 >three.xml
gives 0 '3 items of 3 entries in 1 statements: sound in itself' recourse bank-file read three.xml
says out "SHA-256 $(sha256sum three.xml | cut -d' ' -f1)"
gives 0 'camt053' recourse bank-file read three.xml --kind camt053
gives 65 'three.xml is camt053, and not camt054 [FIELD_FORMAT]' recourse bank-file read three.xml --kind camt054
gives 64 '--kind is camt053' recourse bank-file read three.xml --kind mt940
gives 64 'recourse bank-file read FILE' recourse bank-file
gives 64 'size-max' recourse bank-file read three.xml --size-max 0
gives 0 'usage: recourse bank-file' recourse bank-file --help

expect 0 'JSON' recourse bank-file read three.xml --json
[ "$(wc -l <out)" -eq 5 ] && ok || bad 'three items, a statement and the file'
says out '"payment_id":"E3"'
says out '"closing":"999997.00"'
tail -n 1 out >last && says last '"kind":"file"' && says last "\"hash\":\"$(sha256sum three.xml | cut -d' ' -f1)\""

# Of what is wrong nothing is shown, and all of it is told.
sed 's/<Amt Ccy="CNY">1.00</<Amt Ccy="CNY">1.000</' three.xml >wrong.xml
expect 65 'three decimals' recourse bank-file read wrong.xml --json
[ ! -s out ] && ok || bad 'what is not right is shown'
says err 'wrong.xml, line 8, Document/BkToCstmrStmt/Stmt/Ntry/Amt: '
[ "$(grep -c AMOUNT_DIGITS err)" -eq 6 ] && ok || bad 'six amounts are wrong'
head -c 700 three.xml >cut.xml
gives 65 '[MALFORMED]' recourse bank-file read cut.xml
gives 66 '[IO]' recourse bank-file read nothing.xml
gives 65 'is no file' recourse bank-file read .
mkfifo pipe
gives 65 'is no file' recourse bank-file read pipe
printf 'no,state\nE1,SUCCESS\n' >wallet.csv
gives 65 'no XML' recourse bank-file read wallet.csv
printf 'kind = wechat\nunit = CNY\npayment_id = no\nstatus = state\n' >columns
gives 0 'accepted' recourse bank-file read wallet.csv --columns columns
gives 66 '[IO]' recourse bank-file read wallet.csv --columns nowhere
echo 'kind = letter' >columns
gives 78 '[FIELD_FORMAT]' recourse bank-file read wallet.csv --columns columns

# most FILE OPTION…: the most memory that reading it takes, in KiB.
most() {
	peak=$(python3 -c 'import resource, subprocess, sys
status = subprocess.call(sys.argv[1:], stdout=open("out", "w"))
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(status)' "$recourse" bank-file read "$@" --json 2>err)
	status=$?
}

# within MORE WHAT: that took at most so many KiB more than the small file. A sanitizer keeps what was freed.
within() {
	nm "$recourse" | grep -q '__[at]san_' || [ "$peak" -le $((small + $1)) ] && ok || bad "$2: $peak KiB, of the small file $small"
}

statement 20000 >small.xml
statement 100000 >large.xml
most small.xml
[ "$status" -eq 0 ] && ok || bad "a small file: $status"
small=$peak
most large.xml
[ "$status" -eq 0 ] && says out '"items":100000' || bad "a large file: $status"
# 24 bytes an id, in a table that is half empty at the most, while it is copied to one twice as large.
within 12000 '100,000 entries, not 20,000'
# lines COUNT: the same as CSV, some 100 bytes each.
lines() {
	awk -v lines="$1" 'BEGIN {
		print "day,ref,sum,note"
		for (i = 1; i <= lines; i++)
			printf "2026-11-29,B%d,-1.00,\"what the payer has to say of it, in so many words that a line is long\"\n", i
	}'
}

for encoding in utf-8 gb18030; do
	printf 'encoding = %s\nunit = CNY\namount = sum\nsigned = yes\nday = day\nreference = ref\n' "$encoding" >columns
	lines 1000 >small.csv
	lines 200000 >large.csv
	most small.csv --columns columns
	[ "$status" -eq 0 ] && ok || bad "a small CSV file: $status"
	small=$peak
	most large.csv --columns columns
	[ "$status" -eq 0 ] && says out '"items":200000' || bad "a large CSV file: $status"
	within 2000 "$encoding, 200,000 lines, not 1,000"
done

# A gibibyte is refused by its size; where that is allowed, by what it is, in no more memory.
truncate -s 1G gibibyte
gives 65 '[TOO_LARGE]' recourse bank-file read gibibyte
says err '--size-max MIB'
most gibibyte --size-max 2048
[ "$status" -eq 65 ] && says err 'gibibyte, line 1: no XML' || bad "a gibibyte of no XML: $status"
within 2000 'a gibibyte of no XML'
most gibibyte --size-max 2048 --columns columns
[ "$status" -eq 65 ] && says err 'line 1: no row of a CSV file: a row of at most 64 KiB","code":"FIELD_LIMIT"' ||
	bad "a gibibyte of no row: $status"
within 2000 'a gibibyte of no row'
rm gibibyte

# What is kept of it beside memory has no place: that is said, and not that the file is none.
TMPDIR=$work/nothing gives 69 'has no place below' recourse bank-file read large.xml
truncate -s 2M large.xml
gives 65 '[TOO_LARGE]' recourse bank-file read large.xml --size-max 1

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
