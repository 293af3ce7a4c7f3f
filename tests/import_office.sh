#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Files as they come from offices, imported: the sample of each type that the help shows; a Chinese spreadsheet's; rows that are refused,
# mended and imported again; rows that are in already; files by the hundred, changed at random. Ends with "N passed, N failed".

. tests/outside.inc
sources=$OLDPWD
hash=2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881

begins
for key in maker agent checker payer bank; do
	"$recourse" key new $key --name example.com/$key >/dev/null 2>&1
done
parties M:merchant Y:issuer F:funder B:custodian
registers maker:P:operator payer:P:operator agent:P:agent checker:P:approver bank:B:custodian
gives 0 "unit.define" as $admin submit unit.define unit=L digits=3 name=litre
gives 0 "policy.publish" as $admin submit policy.publish policy=p version=1 unit=CNY scheme=full \
	waterfall=rank:1,claim:costs waterfall=rank:2,claim:advances

# sample TYPE: what the help shows of it, as a file.
sample() {
	recourse import "$1" --help | sed -n 's/^  \([^ -].*,.*\|claim.*\)$/\1/p' >"$1.csv"
	[ -s "$1.csv" ] && ok || bad "the help of $1 shows no file"
}

# imports KEY TYPE COUNT: its sample goes in, whole, and once more it is in already.
imports() {
	sample "$2"
	gives 0 "$3 rows = $3 accepted + 0 rejected" as "$1" import "$2" "$2.csv"
	[ -e "$2.csv.rejects.csv" ] && bad "$2: a file of rejects, of none" || ok
}

# again KEY TYPE COUNT: in requests of one row, which are others, all of it is in.
again() {
	gives 0 "$3 rows = 0 accepted + $3 already in + 0 rejected" as "$1" import "$2" "$2.csv" --chunk 1
}

gives 0 'attestations' recourse import --help
gives 64 'did you mean claims' recourse import claim x.csv
imports maker entitlements 2
imports maker uses 2
again maker uses 2
imports bank deposits 2
gives 0 "incident.declare" as maker submit incident.declare incident=i1 merchant=M issuer=Y funder=F policy=p version=1 \
	reason=liquidation
imports agent claims 2
imports maker decisions 2
gives 0 "distribution.approve" as checker submit distribution.approve incident=i1
imports payer payouts 2
imports bank settlements 2
# A day is attested when it is over, and there was no ledger in 2016.
sample attestations
gives 1 "0 accepted + 2 rejected" as bank import attestations attestations.csv
today=$(date -u +%F)
sed -i "s/2016-05-03/$today/; s/2016-05-04/$(date -u -d "$today + 1 day" +%F)/" attestations.csv
gives 0 "clock.advance" as $admin submit clock.advance seconds=259200
gives 0 "2 rows = 2 accepted + 0 rejected" as bank import attestations attestations.csv
again maker entitlements 2
again agent claims 2
again maker decisions 2
again payer payouts 2
again bank deposits 2
again bank settlements 2
# A day that was followed by another is refused as it would be by hand.
gives 1 "2 rows = 0 accepted + 1 already in + 1 rejected" as bank import attestations attestations.csv --chunk 1

# ---- a Chinese spreadsheet: GB18030, CRLF, full width, its dates and amounts, its headings ----
cat >sheet.txt <<'EOF'
卡号,持卡人,发卡机构,商户,渠道,单位,数量,购买金额,币种,购买时间,
ｃ－１,h-1,Y,M,app,L,１０００,"1,000.00",CNY,2026/5/4 10:00,
c-2,h-2,Y,M,app,L,"１，０００．５",１０００,CNY,2026年5月4日 9:05,
c-3,h-3,Y,M,app,L,600.000,3000.5,CNY,2026-05-04T10:00:00+09:00,
,,,,,,,,,,
EOF
sed 's/$/\r/' sheet.txt | iconv -f UTF-8 -t GB18030 >sheet.csv
gives 0 '3 rows = 3 accepted + 0 rejected' as maker import entitlements sheet.csv --encoding gb18030 --zone Asia/Shanghai
lot() {
	gives 0 "$2" as maker query entitlement.get "entitlement=$1" --json
}
lot c-1 '"quantity":"1000.000"'
lot c-1 '"cost":"1000.00"'
lot c-2 '"quantity":"1000.500"'
lot c-3 '"cost":"3000.50"'
issued() {
	as maker query entry.list from=20 limit=500 --json | grep -o '"bytes":"[^"]*"' | cut -d'"' -f4 | while read -r entry; do
		echo "$entry" | base64 -d | tr '\n' ' ' | tr '\0' ' '
		echo
	done | grep -a "$2.*entitlement.c-$1\|entitlement.c-$1.*$2" >out && ok || bad "c-$1 was not issued at $2"
}
issued 1 2026-05-04T02:00:00Z
issued 2 2026-05-04T01:05:00Z
issued 3 2026-05-04T01:00:00Z

# Whatever it is saved as, they are the same rows.
for encoding in UTF-8 UTF-16LE UTF-16BE; do
	printf '\357\273\277' | cat - sheet.txt | iconv -f UTF-8 -t $encoding >sheet-$encoding.csv
	gives 0 '3 rows = 0 accepted + 3 already in' as maker import entitlements sheet-$encoding.csv --zone +08:00
done
sed 's/"\(１，０００．５\)"/1000.5/; s/"1,000.00"/1000/; s/,/;/g' sheet.txt >sheet-semicolon.csv
gives 0 '3 rows = 0 accepted + 3 already in' as maker import entitlements sheet-semicolon.csv --zone Asia/Shanghai
tr ';' '\t' <sheet-semicolon.csv >sheet-tab.csv
gives 0 '3 already in' sh -c '"$@" <sheet-tab.csv' - "$recourse" import entitlements - --zone Asia/Shanghai --key maker \
	--rejects none.csv
printf 'sep=;\r\n' | cat - sheet-semicolon.csv >sheet-told.csv
gives 0 '3 rows = 0 accepted + 3 already in' as maker import entitlements sheet-told.csv --zone Asia/Shanghai
iconv -f UTF-8 -t UTF-16LE sheet.txt >unmarked.csv
gives 65 'or utf-16' as maker import entitlements unmarked.csv --zone +08:00
gives 0 '3 already in' as maker import entitlements unmarked.csv --zone +08:00 --encoding utf-16
gives 64 'knows no place' as maker import entitlements sheet.csv --encoding gb18030 --zone Asia/Shangri-La
gives 64 'not' as maker import entitlements sheet.csv --encoding latin-1
gives 65 'next: say what the file is in: --encoding gb18030' as maker import entitlements sheet.csv

# ---- what is refused: all of a row at once, in the file's own encoding ----
header=entitlement,holder,issuer,merchant,channel,unit,quantity,cost,currency,issued
{
	echo $header,备注 | sed 's/,备注//'
	echo 'r-1,周,Y,M,app,L,六百,3.00,CNY,2026/5/4'
	echo '6.2226E+18,h,Y,M,app,L,1.000,1.00,CNY,'
	echo '6.2226E18,h,Y,M,app,L,1.000,1.00,CNY,'
	echo 'r-2,h,Y,M,app,L,1.000,1.00,CNY,4/5/2026'
	echo 'r-3,h"h,Y,M,app,L,1.000,1.00,CNY,'
	echo 'r-4,h,Y,M,app,L,"1,00",1.00,CNY,2026/2/30'
	echo 'r-5,h,Y,M,app,L,1,1,CNY,'
} | iconv -f UTF-8 -t GB18030 >bad.csv
gives 1 '7 rows = 1 accepted + 6 rejected' as maker import entitlements bad.csv --encoding gbk
iconv -f GB18030 -t UTF-8 bad.csv.rejects.csv >rejects.txt
what='rejects'
says rejects.txt '周'
grep '^2,' rejects.txt >out
says out 'field holder'
says out 'field quantity'
says out '--zone Asia/Shanghai'
grep '^3,' rejects.txt >out
says out 'a spreadsheet shortened it'
grep '^4,' rejects.txt >out
says out 'a spreadsheet shortened it'
grep '^7,' rejects.txt >out
says out 'commas between thousands'
sed "s/周/h-1/; s/六百/600/; s|2026/5/4|2026-05-04T00:00:00Z|; s/,'\?6.2226E+\?18,/,card-$$,/; s|4/5/2026||; s/\"h\"\"h\"/h/; s/\"1,00\"/100/; s|2026/2/30||" \
	rejects.txt | sed '/^4,/s/card-/other-/' | iconv -f UTF-8 -t GB18030 >mended.csv
gives 0 '6 rows = 6 accepted + 0 rejected' as maker import entitlements mended.csv --encoding gbk
[ -e mended.csv.rejects.csv ] && bad 'a file of rejects, of none' || ok

# A name in GBK in a file of UTF-8: its bytes are kept, cell by cell.
printf '%s\ng-1,\326\334,Y,M,app,L,1.000,1.00,CNY,\n' $header >gbk.csv
gives 1 '0 accepted + 1 rejected' as maker import entitlements gbk.csv
sed '2s/GBK//' gbk.csv.rejects.csv | iconv -f GBK -t UTF-8 | sed 's/周/h-1/' >mended.csv
gives 0 '1 accepted + 0 rejected' as maker import entitlements mended.csv
# Bytes that are nothing in GB18030 are kept as well.
printf '%s\ng-2,\377,Y,M,app,L,1.000,1.00,CNY,\ng-3,h,Y,M,app,L,1.000,1.00,CNY,\n' $header >bytes.csv
gives 1 '1 accepted + 1 rejected' as maker import entitlements bytes.csv --encoding gb18030
printf 'g-2,\377,Y' >wanted
grep -aqF "$(cat wanted)" bytes.csv.rejects.csv && ok || bad 'a byte is not kept'

# ---- rows that are in, by another key and in other requests; and one that differs ----
{
	echo $header
	echo 'r-5,h,Y,M,app,L,1.000,1.00,CNY,'
	echo 'r-5,h,Y,M,app,L,1.000,2.00,CNY,'
	echo 'r-6,h,Y,M,app,L,1.000,1.00,CNY,'
	echo 'r-6,h,Y,M,app,L,1.000,1.00,CNY,'
} >twice.csv
gives 1 '4 rows = 1 accepted + 2 already in + 1 rejected' as maker import entitlements twice.csv --chunk 3
gives 1 '"already_in":3' as maker import entitlements twice.csv --chunk 1 --json
sed -n 's/^\([0-9]*,[A-Z]*\),.*/\1/p' twice.csv.rejects.csv >out
echo 3,EXISTS >wanted
what='the one that differs'
same out wanted
"$recourse" key new second --name example.com/second >/dev/null 2>&1
registers second:P:operator
gives 1 '4 rows = 0 accepted + 3 already in + 1 rejected' as second import entitlements twice.csv

# ---- which column is which ----
cat >other.csv <<'EOF'
客户编号,序号,Entitlement,issuer,merchant,channel,unit,Quantity,cost,currency
h-1,1,m-1,Y,M,app,L,1,1,CNY
EOF
gives 65 '客户编号' as maker import entitlements other.csv
printf 'holder = 客户编号\n' >map
gives 65 '序号' as maker import entitlements other.csv --map map
gives 0 '1 accepted' as maker import entitlements other.csv --map map --ignore 序号
printf 'holder = 客户编号\nissuer = 客户编号\n' >map
gives 78 'the column' as maker import entitlements other.csv --map map
printf 'holder = 客户编号\nholder = 序号\n' >map
gives 78 'is set above already' as maker import entitlements other.csv --map map
printf 'hodler = 客户编号\n' >map
gives 78 'did you mean holder' as maker import entitlements other.csv --map map
gives 66 'No such file' as maker import entitlements other.csv --map nomap

# ---- an amount of which the file says no unit ----
printf 'claim,incident,entitlement,channel,amount\nclaim-9,i1,c-3,phone,"1,000"\n' >amount.csv
gives 1 '0 accepted + 1 rejected' as agent import claims amount.csv
what='an amount without its digits'
says amount.csv.rejects.csv AMOUNT_DIGITS
gives 64 'the code of a unit' as agent import claims amount.csv --unit yuan
gives 0 '1 accepted + 0 rejected' as agent import claims amount.csv --unit CNY
gives 0 '"claimed":"1000.00"' as agent query claim.brief claim=claim-9 --json

# ---- a line without an end, in flat memory ----
{
	printf '%s\nl-1,h,Y,M,app,L,1,1,CNY,\nl-2,"' $header
	head -c "${LINE_SIZE:-200000000}" /dev/zero | tr '\0' x
} >long.csv
peak=$(python3 - "$recourse" --key maker --url "$url" <<'EOF'
import resource, subprocess, sys
run = subprocess.run([sys.argv[1], "import", "entitlements", "long.csv"] + sys.argv[2:], capture_output=True, text=True)
open("out", "w").write(run.stdout + run.stderr + str(run.returncode))
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
EOF
)
what='a line of 200 MB'
says out '1 accepted'
says out 'line 3: a row of at most 64 KiB'
says out '65'
case $recourse in (*san*) peak=0 ;; esac
[ "$peak" -lt 60 ] && ok || bad "a line of 200 MB takes $peak MiB"
rm long.csv

# ---- JSON ----
printf '\357\273\277{"command":"deposit.receive","merchant":"M","amount":"3.00","unit":"CNY","bank_reference":"j-0"}' >json
gives 0 'deposit.receive' sh -c '"$@" <json' - "$recourse" submit - --key bank
echo '{"command":"deposit.receive","merchant":"M","amount":3000,"unit":"CNY","bank_reference":"j-1"}' >json
gives 65 'allowed: a text: a decimal such as 3' sh -c '"$@" <json' - "$recourse" submit - --key bank

# ---- changed at random ----
what='changed at random'
FILES="${FILES:-$([ -z "${TRIAL:-}" ] && echo 60 || echo 1000)}" python3 "$sources/tests/import_changed.py" "$recourse" maker "$url" \
	>out 2>err && ok || bad "$(tail -n 3 out err)"
stop
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
