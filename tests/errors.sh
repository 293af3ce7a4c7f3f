#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# errors.sh: what the program says when it can not: the cause, the next step, and the exit code of the manual, of whatever
# sub-command; as JSON where that is asked for.

. tests/outside.inc

nobody() {
	setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
}

# fails STATUS TEXT NEXT COMMAND…: the command exits so, with that problem and that next step on standard error.
fails() {
	status=$1 text=$2 next=$3
	shift 3
	"$@" </dev/null >out 2>err
	came=$?
	[ "$came" -eq "$status" ] && grep -qF -- "$text" err && grep -qF -- "$next" err && ok ||
		bad "$*: $came for $status: $(cat err)"
}

gives 0 "example.com/ledger" "$recourse" init led --origin example.com/ledger
gives 0 "example.com/other" "$recourse" init other --origin example.com/other
mkdir empty closed
: >plain
echo rubbish >rubbish
chmod 600 rubbish
cp led/keys/admin wide
chmod 644 wide
here=$(pwd)

# A path that is not there is one code, whatever it was to be; one that can not be read says who asks and whose it is.
while read -r words; do
	# shellcheck disable=SC2086
	fails 66 "nothere: No such file or directory [IO]" "next: " "$recourse" $words
done <<END
verify nothere
serve nothere
play nothere
key show nothere
receipt verify nothere --log-key @led/keys/log.pub
query report.totals --key nothere
query report.totals --key led/keys/admin --log-key @nothere
END
fails 66 "nothere: No such file or directory [IO]" "paths are taken from $here" "$recourse" play nothere
fails 66 "there is no ledger in empty: it has no log [IO]" "recourse init" "$recourse" verify empty
fails 66 "plain is a file, and a ledger is a directory [IO]" "" "$recourse" verify plain
fails 66 "led is a directory, and a file is needed" "" "$recourse" play led
fails 73 "plain: Not a directory [IO]" "" "$recourse" init plain
fails 73 "nothere: No such file or directory [IO]" "" "$recourse" key new nothere/key --name example.com/key
if [ "$(id -u)" -eq 0 ]; then
	chmod 755 .
	fails 66 "Permission denied: nobody may not read it, it is root's with mode 0700 [IO]" "do this as root" \
		nobody "$recourse" verify led
	chmod 000 closed
	fails 66 "closed: Permission denied: nobody may not enter it" "do this as root" nobody "$recourse" play closed/case
	fails 66 "Permission denied: nobody may not read it" "do this as root" nobody "$recourse" key show rubbish
fi

# Of a key, mode is said only where it is the cause.
fails 78 "rubbish is no secret key [KEY_MALFORMED]" "without .pub" "$recourse" key show rubbish
fails 78 "led/keys/log.pub is no secret key" "without .pub" "$recourse" query report.totals --key led/keys/log.pub
fails 78 "wide can be read or changed by others, its mode is 0644 [NOT_PERMITTED]" "chmod 600 wide" "$recourse" key show wide
ln -s led/keys/admin link
fails 78 "link is a link, and a key file is none" "name the file itself" "$recourse" key show link

# The network: which part of it.
fails 69 "can not be reached: Connection refused [CONNECTION]" "recourse serve DIR" \
	"$recourse" query report.totals --key led/keys/admin --url tcp://127.0.0.1:1 --timeout 2
fails 64 "'http://x' is no address of a service [MALFORMED]" "tls+tcp://HOST:PORT" \
	"$recourse" query report.totals --key led/keys/admin --url http://x
fails 64 "is not a whole number from 1 to 86400" "" "$recourse" query report.totals --key led/keys/admin --timeout x
RECOURSE_TIMEOUT=x fails 78 "is not a whole number from 1 to 86400" "" "$recourse" query report.totals --key led/keys/admin

certificate() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$1.key" -out "$1.pem" \
		-subj "/CN=$2" -addext "subjectAltName=DNS:$2" -days 2 2>/dev/null && chmod 600 "$1.key"
}
certificate right localhost
certificate wrong elsewhere
fails 64 "needs --tls-cert FILE and --tls-key FILE" "" "$recourse" serve other --listen tls+tcp://127.0.0.1:0
fails 66 "nothere: No such file or directory" "" \
	"$recourse" serve other --listen tls+tcp://127.0.0.1:0 --tls-cert nothere --tls-key right.key
fails 78 "rubbish is no certificate in PEM, or right.key not its private key" "" \
	"$recourse" serve other --listen tls+tcp://127.0.0.1:0 --tls-cert rubbish --tls-key right.key

serve led --listen tls+tcp://127.0.0.1:0 --tls-cert right.pem --tls-key right.key || exit 1
tls="$recourse query report.totals --key led/keys/admin --timeout 5 --url $url"
# shellcheck disable=SC2086
{
	fails 69 "can not be reached: Peer could not be authenticated" "--tls-ca FILE" $tls
	fails 69 "can not be reached: Cryptographic error" "openssl s_client" $tls --tls-ca wrong.pem --tls-name localhost
	fails 69 "can not be reached: Cryptographic error" "openssl s_client" $tls --tls-ca right.pem --tls-name elsewhere
	fails 78 "rubbish is no certificate in PEM" "--tls-ca FILE" $tls --tls-ca rubbish
	fails 66 "nothere: No such file or directory" "" $tls --tls-ca nothere
	gives 0 "as_of_entry" $tls --tls-ca right.pem --tls-name localhost
}
stop

# The service: the port, the role, the form.
serve led --listen tcp://127.0.0.1:0 || exit 1
export RECOURSE_URL="$url" RECOURSE_KEY=led/keys/admin
fails 69 "it can not listen at $url" "end what listens there" "$recourse" serve other --listen "$url"
fails 69 "another process has this ledger open [STORE_LOCKED]" "stop the other process" "$recourse" serve led --listen tcp://127.0.0.1:0
fails 77 "[ROLE_MISSING]" "one of the roles custodian" \
	"$recourse" submit deposit.receive merchant=M amount=1.00 unit=CNY bank_reference=b
gives 0 "party.register" "$recourse" submit party.register party=M kinds=merchant
fails 1 '{"problem":"party.register refused: that id is already taken (field party)","code":"EXISTS"}' "" \
	"$recourse" submit --json party.register party=M kinds=merchant
fails 64 '{"problem":"there is no query '"'nosuch'"'","code":"METHOD_UNKNOWN"}' '{"next":"recourse help queries"}' \
	"$recourse" query --json nosuch
# An amount given as a number says how to write it.
echo '{"command":"deposit.hold","hold":"h","merchant":"M","amount":3.5,"unit":"CNY","reason":"r"}' >number
"$recourse" submit - <number 2>err
[ $? -eq 65 ] && grep -qF 'an amount is a text, "3.50"' err && ok || bad "number: $(cat err)"
stop

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
