#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# pay_export.sh: from orders on a rail to files for the bank, from outside: the custodian writes what it is to pay, tells the ledger
# what went out, and is refused what does not fit. Ends with "N passed, N failed".

. tests/outside.inc
built=$(cd "$OLDPWD" && realpath "${BUILD:-build}")
. "$OLDPWD/tests/orders.inc"

begins

# Five claims of five holders, of whom two share an account; three payments a file.
expect 0 'a key of accounts' recourse payee key accounts.key
cat >payees.csv <<'E2'
payee,name,account,bank
p-a,张三,6222 0212 3456 7890 123,102100099996
p-b,王𠮷,DE89 3704 0044 0532 0130 00,
p-c,O'Neil & Sons,NRA11014999999,ICBKCNBJ
p-d,李四,6222021234567890131,102100099997
p-e,王五,6222021234567890131,102100099997
p-other,of nobody here,1,
E2
sed '1d' payees.csv | cut -d, -f3 | recourse payee hash --key accounts.key >hashes
{
	claimed 3 a b c d e
	row=0
	for id in a b c d e; do
		row=$((row + 1))
		ordered "$id" "$(sed -n ${row}p hashes)"
	done
	echo '  make monday bank'
} >orders.case
plays orders.case

cat >bank.conf <<'E2'
# as agreed with the bank
debtor-name = 某平台有限公司
debtor-account = 11001234567890
debtor-bank = 105100000017
remark = 赔付
E2
# export KEY OPTIONS…
export_as() {
	who=$1
	shift
	recourse pay export monday --key "led/keys/$who" --payees payees.csv --account-key accounts.key --form bank.conf \
		--day 2026-11-30 "$@"
}

# Nobody gets a file of what nobody checked, and nobody else gets one at all.
expect 1 'not checked' export_as payer --to out.d
says err '[STATE_WRONG]'
expect 1 'not checked, for the custodian' export_as bank --to out.d
says err '[QUERY_NOT_FOUND]'
expect 0 'checked' recourse submit --key led/keys/checker batch.check batch=monday count=5 total=50.05
expect 77 'an agent' export_as agent --to out.d

# What is wrong is said by its line, all of it, and nothing is there.
sed '2s/123,/124,/; 4s/ICBKCNBJ/ICBK/; 5d' payees.csv >wrong.csv
expect 65 'wrong accounts' export_as bank --payees wrong.csv --to out.d
says err 'wrong.csv, line 2: the account is not the one that the payment was ordered to [NOT_PERMITTED]'
says err 'wrong.csv, line 4: the bank is neither a BIC nor 12 digits [FIELD_FORMAT]'
says err 'wrong.csv: payee p-d is not there'
grep -qE '张三|7890|ICBK,' err && bad 'a message has a name or an account in it' || ok
recourse payee key other.key 2>err
expect 65 'another key of accounts' export_as bank --account-key other.key --to out.d
says err 'line 6: the account is not the one'
expect 64 'what to do' recourse pay
expect 64 'no payees' recourse pay export monday
says err '--payees FILE'
expect 66 'no settings' export_as bank --form none.conf --to out.d
expect 64 'no day' recourse pay export monday --key led/keys/bank --payees payees.csv --account-key accounts.key \
	--form bank.conf --to out.d
[ -e out.d ] && bad 'something was written' || ok

# Two files, of at most three payments; the same again elsewhere, with the operator's key as with the custodian's.
expect 0 'the files' export_as bank --to out.d --json
cp out written.json
what='the files'
ls out.d >got
printf 'monday-1-of-2.xml\nmonday-2-of-2.xml\n' >wanted
same got wanted
for file in 1 2; do
	says written.json "$(sha256sum "out.d/monday-$file-of-2.xml" | cut -d' ' -f1)"
done
says written.json '"count":3,"total":"30.03"'
says written.json '"count":2,"total":"20.02"'
grep -c '<EndToEndId>' out.d/*.xml | cut -d: -f2 >got
printf '3\n2\n' >wanted
same got wanted
expect 0 'the files again' export_as payer --to again
diff -r out.d again >got && ok || bad "the same batch has other files"
[ "$(stat -c %a out.d out.d/monday-1-of-2.xml | tr '\n' ' ')" = '700 600 ' ] && ok || bad 'others may read the files'
expect 73 'over what is there' export_as bank --to out.d
says err '[EXISTS]'

# What is printed is what the ledger is told; then it is with the bank, and what the bank calls a payment leads to it.
export_as payer --to third >again.said
sed -n 's/^  recourse submit //p' again.said >commands
[ "$(wc -l <commands)" = 2 ] && ok || bad 'there are not two commands'
while read -r command; do
	# shellcheck disable=SC2086
	expect 0 'batch.sent' recourse submit --key led/keys/bank $command
done <commands
expect 0 'the batch' recourse query --key led/keys/bank batch.show batch=monday --json
says out '"state":"sent"'
# Whoever has a file can tell whether it is what went out, and what went out is written again; a changed one is not.
expect 0 'what went out' recourse query --key led/keys/bank batch.files batch=monday --json
says out "\"file_hash\":\"$(sha256sum out.d/monday-1-of-2.xml | cut -d' ' -f1)\""
sed 's/6222021234567890131/6222021234567890132/' out.d/monday-2-of-2.xml >changed.xml
cmp -s out.d/monday-2-of-2.xml changed.xml && bad 'nothing was changed' || ok
grep -q "$(sha256sum changed.xml | cut -d' ' -f1)" out && bad 'a changed file is what went out' || ok
cut_hash() {
	sha256sum "$1" | cut -d' ' -f1
}
expect 0 'both as they went out' recourse pay check monday out.d/monday-2-of-2.xml again/monday-1-of-2.xml --key led/keys/bank
says out 'out.d/monday-2-of-2.xml is file 2, as it went out by entry '
says out 'again/monday-1-of-2.xml is file 1, as it went out by entry '
expect 1 'a changed file' recourse pay check monday out.d/monday-1-of-2.xml changed.xml --key led/keys/payer
says out 'out.d/monday-1-of-2.xml is file 1, as it went out by entry '
says err "changed.xml calls itself file 2 of batch monday, and is not what went out: its SHA-256 is $(cut_hash changed.xml), and"
says err "$(cut_hash out.d/monday-2-of-2.xml) by entry "
grep -q '6222021234567890132\|张三' err && bad 'it says whose account it is' || ok
sed '/MsgId/d' out.d/monday-1-of-2.xml >nameless.xml
expect 1 'no name' recourse pay check monday nameless.xml --key led/keys/bank --json
says err "nameless.xml is none of the 2 files of batch monday that went out: its SHA-256 is $(cut_hash nameless.xml)"
says out '"sent":"no"'
expect 66 'not there' recourse pay check monday none.xml --key led/keys/bank
expect 64 'no file' recourse pay check monday --key led/keys/bank
expect 1 'no batch' recourse pay check none out.d/monday-1-of-2.xml --key led/keys/bank
id=$(sed -n 's/.*<EndToEndId>\(.*\)<.*/\1/p' out.d/monday-1-of-2.xml | head -n 1)
expect 0 'a payment' recourse query --key led/keys/bank payment.find "payment_id=$id" --json
says out '"claim":"a"'
says out '"state":"instructed"'
expect 0 'after it was sent' export_as bank --to fourth
diff -r out.d fourth >got && ok || bad 'what was sent has other files'
[ -s err ] && bad 'the same files are said to be others' || ok
sed 's/李四/李五/' payees.csv >renamed.csv
expect 0 'another name since' export_as bank --payees renamed.csv --to fifth
says err "is not what went out as file "
says err 'nothing of it is sent again'
for file in 1 2; do
	changed=0
	cmp -s "out.d/monday-$file-of-2.xml" "fifth/monday-$file-of-2.xml" || changed=1
	[ "$(grep -c "fifth/monday-$file-of-2.xml is not what went out as file $file: its SHA-256 is $(cut_hash fifth/monday-$file-of-2.xml), and $(cut_hash out.d/monday-$file-of-2.xml)" err)" = "$changed" ] && ok || bad "file $file"
done
stop

# Columns of a bank, read by somebody else's reader of CSV and of GB18030.
what='a file in GB18030'
mkdir files
PAY_FILES=$work/files "$built/tests/pay_payees_test" >out 2>err && ok || bad 'no file was written'
cat >read.py <<'E2'
import csv, io
rows = list(csv.DictReader(io.TextIOWrapper(open("files/gb18030.csv", "rb"), "gb18030", newline="")))
for row in rows:
    print(row["收款户名"], row["收款账号"], row["金额"], row["参考号"][:8])
assert rows == list(csv.DictReader(open("files/utf-8.csv", newline="", encoding="utf-8")))
E2
expect 0 "$what" python3 read.py
cat >wanted <<'E2'
张三 6222021234567890123 3000.00 00000100
王𠮷 6222021234567890131 0.20 00000101
王𠮷 6222021234567890131 0.30 00000102
O"Neil, Ann 6222021234567890149 1999.99 00000103
E2
same out wanted

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
