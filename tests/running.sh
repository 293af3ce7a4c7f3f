#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# running.sh: what run.sh says of programs that pass, fail, die, hang, run nothing, or end early, and in which order.

. tests/outside.inc
tests=$OLDPWD/tests

# program NAME: one that does what comes on standard input.
program() {
	{ echo '#!/bin/sh'; cat; } >"$1"
	chmod +x "$1"
}

# gives STATUS LAST PROGRAM...: how run.sh must end, and its last line.
gives() {
	wanted=$1
	last=$2
	shift 2
	BUILD=built TEST_SECONDS="${seconds:-60}" sh "$tests/run.sh" "$@" >out 2>&1
	status=$?
	check "$* ends with $wanted and '$last', not $status" \
		[ "$status:$(tail -n 1 out)" = "$wanted:$last" ]
}

check() {
	what=$1
	shift
	"$@" && ok || bad "$what"
}

# says TEXT: a line of the output begins so.
says() {
	check "it says '$1'" grep -q "^$1" out
}

program good_test <<'EOS'
sleep 0.3
echo "[==========] Running 2 test(s)."
echo "[       OK ] one"
echo "[       OK ] two"
echo "[==========] 2 test(s) run."
EOS
program bad_test <<'EOS'
echo "[==========] Running 2 test(s)."
echo "[       OK ] one"
echo "the reason"
echo "[==========] 2 test(s) run."
echo "[  FAILED  ] 1 test(s), listed below:"
exit 1
EOS
program early_test <<'EOS'
echo "[==========] Running 2 test(s)."
echo "[       OK ] one"
EOS
program none_test <<'EOS'
exit 0
EOS
program dead_test <<'EOS'
echo "[       OK ] one"
kill -SEGV $$
EOS
program slow_test <<'EOS'
echo "[       OK ] one"
sleep 600
EOS
program counting.sh <<'EOS'
echo "3 passed, 0 failed"
EOS
program uncounted.sh <<'EOS'
exit 0
EOS
program refusing.sh <<'EOS'
echo "5 passed, 2 failed"
exit 1
EOS
program lying.sh <<'EOS'
echo "5 passed, 0 failed"
exit 3
EOS

program unable.sh <<'EOS'
echo "not run: the moon is down"
exit 77
EOS
program unable_and_wrong.sh <<'EOS'
echo "1 passed, 2 failed"
exit 77
EOS

mkdir tests
program tests/cases.sh <<'EOS'
[ "$1" = area/ ] && echo "4 passed, 0 failed"
EOS

gives 0 '10 passed, 0 failed' area/ ./uncounted.sh ./counting.sh ./good_test
gives 0 '6 passed, 0 failed' ./good_test ./counting.sh ./uncounted.sh
says './good_test  *2 passed  *[0-9]*\.[0-9] s$'
says './counting.sh  *3 passed'
check 'the order is the one given' [ "$(cut -d' ' -f1 out | head -n 3 | xargs)" = './good_test ./counting.sh ./uncounted.sh' ]
check 'nothing is shown of what passed' [ "$(wc -l <out)" -eq 4 ]
check 'what a program printed is kept' grep -q 'OK' "built/output/.-good_test"
gives 1 '3 passed, 1 failed' ./bad_test ./good_test
says '== ./bad_test'
says 'the reason'
says 'failed: ./bad_test$'
gives 1 '1 passed, 1 failed' ./early_test
says 'run.sh: ./early_test ended before its last test'
gives 1 '0 passed, 1 failed' ./none_test
says 'run.sh: ./none_test ran no test'
gives 1 '1 passed, 1 failed' ./dead_test
says 'run.sh: ./dead_test ended with status 139'
seconds=3
gives 1 '1 passed, 1 failed' ./slow_test
seconds=60
says 'run.sh: ./slow_test took too long'
gives 1 '5 passed, 2 failed' ./refusing.sh
gives 1 '5 passed, 1 failed' ./lying.sh
says 'run.sh: ./lying.sh ended with status 3'
gives 0 '2 passed, 0 failed' ./unable.sh ./good_test
says './unable.sh  *not run: the moon is down$'
says 'not run: ./unable.sh$'
gives 1 '0 passed, 0 failed' ./unable.sh
gives 1 '1 passed, 2 failed' ./unable_and_wrong.sh
gives 1 '2 passed, 1 failed' ./missing_test ./good_test
gives 1 '0 passed, 0 failed'

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
