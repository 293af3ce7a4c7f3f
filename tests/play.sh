#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# play.sh: the language of scenarios. Each construct is played once where it holds, and once where it does not: then
# the line is named, with what was expected and what came. Ends with "N passed, N failed".

[ -n "${TMPDIR:-}" ] || [ ! -w /dev/shm ] || export TMPDIR=/dev/shm
. tests/outside.inc

# judge STATUS: plays standard input, which must end so; what is said then stands in "out" and "err".
judge() {
	cat >x.case
	"$recourse" play x.case >out 2>err
	status=$?
	[ "$status" -eq "$1" ]
}

count() {
	[ "$1" -eq 0 ] && ok || bad "$title"
}

# In the world of the golden case, with 100.00 of M's in the bank.
world() {
	echo "include <fuel-world>"
	echo bank deposit.receive merchant=M amount=100.00 unit=CNY bank_reference=b-1
	cat
}

# plays TITLE: the steps on standard input, after the world's two lines, hold.
plays() {
	title=$1
	world | judge 0 && [ ! -s err ]
	count $?
}

# fails TITLE LINE EXPECTED CAME: they do not, there, and this alone is said.
fails() {
	title=$1
	world | judge 1 && [ "$(wc -l <err)" -eq 3 ] && grep -q "^x.case:$2: " err &&
		grep -qxF "    expected: $3" err && grep -qxF "    came:     $4" err &&
		grep -qx '0 passed, 1 failed' out
	count $?
}

# mistaken TITLE LINE TEXT: the file is not of the language, and what is said has the text.
mistaken() {
	title=$1
	judge 65 && grep -q "^x.case:$2: " err && grep -qF -- "$3" err
	count $?
}

# ---- saying something ----

plays 'accepted and refused' <<'E'
maker deposit.hold hold=h merchant=M amount=60.00 unit=CNY reason=r
maker deposit.hold hold=i merchant=M amount=40.01 unit=CNY reason=r
  ! INSUFFICIENT - account=2010/M//CNY needed=40.01 available=40.00 entry=none
bank deposit.receive merchant=M amount=1.00 unit=CNY bank_reference=b-1   ! EXISTS bank_reference entry=$last-1
maker deposit.hold hold=i merchant=M amount=1.000 unit=CNY reason=r       ! AMOUNT_DIGITS amount limit~2
nobody deposit.hold hold=i merchant=M amount=1.00 unit=CNY reason=r       ! KEY_UNKNOWN
E
fails 'accepted, where it must be refused' 3 '! INSUFFICIENT' accepted <<'E'
maker deposit.hold hold=h merchant=M amount=60.00 unit=CNY reason=r   ! INSUFFICIENT
E
insufficient='! INSUFFICIENT - account=2010/M//CNY needed=100.01 available=100.00'
fails 'refused, where it must be accepted' 3 accepted "$insufficient" <<'E'
maker deposit.hold hold=h merchant=M amount=100.01 unit=CNY reason=r
= 2010 M not looked at any more
E
for wrong in EXISTS 'INSUFFICIENT merchant' 'INSUFFICIENT available=100' 'INSUFFICIENT needed=100.00' \
	'INSUFFICIENT account=2010/N//CNY' 'INSUFFICIENT entry=3' 'INSUFFICIENT state=frozen' 'INSUFFICIENT limit~more' \
	'INSUFFICIENT avialable=100.00'; do
	fails "refused otherwise: $wrong" 3 "! $wrong" "$insufficient" <<E
maker deposit.hold hold=h merchant=M amount=100.01 unit=CNY reason=r   ! $wrong
E
done
plays 'several in one request' <<'E'
maker deposit.hold hold=h merchant=M amount=60.00 unit=CNY reason=r
    + second := deposit.hold hold=i merchant=M amount=40.00 unit=CNY reason=r
maker deposit.release hold=h reason=r
    + deposit.hold hold=i merchant=M amount=60.00 unit=CNY reason=r       ! EXISTS hold
= 2010 M 0
maker [each] deposit.release hold=h reason=r
           + deposit.hold hold=i merchant=M amount=60.00 unit=CNY reason=r       ! EXISTS hold
= 2010 M 60.00
entry $second has body.hold=i
E
fails 'another of several is the reason' 3 accepted "$insufficient" <<'E'
maker deposit.hold hold=h merchant=M amount=100.01 unit=CNY reason=r
    + deposit.hold hold=i merchant=X amount=40.00 unit=CNY reason=r       ! NOT_FOUND
E
fails 'one of several, each for itself' 4 accepted \
	'! INSUFFICIENT - account=2010/M//CNY needed=40.00 available=39.99' <<'E'
maker [each] deposit.hold hold=h merchant=M amount=60.01 unit=CNY reason=r
    + deposit.hold hold=i merchant=M amount=40.00 unit=CNY reason=r
E
plays 'the same again' <<'E'
hold := maker [lost] deposit.hold hold=h merchant=M amount=60.00 unit=CNY reason=r
maker [lost again] deposit.hold hold=h merchant=M amount=60.00 unit=CNY reason=r
maker [lost] deposit.hold hold=h merchant=M amount=60.01 unit=CNY reason=r   ! REQUEST_CONFLICT
= 2020 M h 60.00
E
fails 'again is not the same' 4 accepted '! REQUEST_CONFLICT request limit="a new id for new content"' <<'E'
maker [lost] deposit.hold hold=h merchant=M amount=60.00 unit=CNY reason=r
maker [lost again] deposit.hold hold=h merchant=M amount=60.01 unit=CNY reason=r
E
plays 'a look into the answer' <<'E'
maker deposit.hold hold=h merchant=M amount=60.00 unit=CNY reason=r
  : accepted=1 results[0].balances[account=2010/M//CNY].balance=40.00
E
fails 'a look into the answer' 4 'accepted=2' 1 <<'E'
maker deposit.hold hold=h merchant=M amount=60.00 unit=CNY reason=r
  : accepted=2
E

# ---- values ----

plays 'values as on the command line, and as JSON' <<'E'
admin policy.publish policy=p version=1 unit=CNY scheme=percentage rate=80.00 tail_days=30
  waterfall=rank:1,claim:costs waterfall=rank:2,claim:advances
? admin policy.get policy=p version=1 : tail_days:=30 waterfall#=2 waterfall[1].claim=advances
admin policy.publish policy=q version=1 unit=CNY scheme=full waterfall=[{"rank":1, "claim":"costs"}]
admin policy.publish policy=r version=1 unit=CNY scheme=full waterfall=[{"rank":1, "claim":"costs"}] tail_days=soon
  ! FIELD_TYPE tail_days
maker deposit.hold hold=h merchant=M amount:=60 unit=CNY reason=r               ! FIELD_TYPE amount
maker deposit.hold hold=h merchant=M amount="60.00" unit=CNY reason=r extra=1   ! FIELD_UNKNOWN extra
maker deposit.hold hold=h merchant=M unit=CNY reason=r                          ! FIELD_MISSING amount
maker deposit.holt hold=h                                                       ! METHOD_UNKNOWN
maker entitlement.issue entitlement=c holder=h issuer=Y merchant=M channel=app unit=L quantity=1.000 cost=5.00
  currency=CNY evidence=absent evidence_hash=a1*
entry $last has body.evidence_hash=a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1
E
plays 'people and their keys' <<'E'
admin key.register party=P key=@second roles=operator,agent
second deposit.hold hold=h merchant=M amount=1.00 unit=CNY reason=r
second key.rotate key=@second new=@third reason=routine
second deposit.release hold=h reason=r   ! KEY_REVOKED
third deposit.release hold=h reason=r
admin key.revoke key=@third reason=left
third deposit.hold hold=i merchant=M amount=1.00 unit=CNY reason=r   ! KEY_REVOKED key
person stranger of other.example/ledger
admin key.register party=P key=@stranger roles=operator
stranger deposit.hold hold=i merchant=M amount=1.00 unit=CNY reason=r
entry $last has key~other.example/ledger/stranger+
E

# ---- looking ----

plays 'balances' <<'E'
maker deposit.hold hold=h merchant=M amount=60.00 unit=CNY reason=r
= 2010 M 40.00
= 2010 M 40.00 CNY
= 2020 M h 60.00
= 1010 bank 100.00
= 2010 M 0 JPY
= 2110 - none 0
unit JPY
= 2010 M 0
reader auditor
= 2010 M 40.00 CNY
E
fails 'a balance' 3 99.99 100.00 <<'E'
= 2010 M 99.99
E
fails 'a balance that is not zero' 3 0 100.00 <<'E'
= 2010 M 0
E
fails 'a balance of nothing' 3 0.01 0 <<'E'
= 2010 Y 0.01
E
plays 'questions' <<'E'
bank deposit.receive merchant=M amount=3000 unit=JPY bank_reference=b-2
merchant exit.request exit=M/e merchant=M unit=CNY policy=fuel-card version=1
? auditor report.exits merchant=M  state=notice next_step=tail
? auditor report.exits merchant=M : exits[0].state=notice exits[exit=M/e].state~otic exits[].exit=M/e exits#=1
  overdue#=0 [0].exit=M/e [].exit=M/e #=1 ~notice !~tale absent next absent exits[1] absent exits[0].nothing
  exits[0].items=[] exits[0].blocks:=0 exits[].exit=["M/e"]
? auditor report.trial_balance : accounts[].code=1010,1010,2010,2030
? merchant report.exits merchant=P   ! QUERY_NOT_FOUND merchant
? merchant report.trial_balance      ! ROLE_MISSING
? - service.info : origin=example.com/ledger
? - service.infos                    ! METHOD_UNKNOWN
E
for wrong in 'state=tail|notice' 'exits[0].state=tail|notice' 'exits[exit=M/f].state=notice|absent: no row has exit=M/f' \
	'exits[1].state=notice|absent: there are 1 rows' 'exits[].exit=M/e,M/f|M/e' 'exits#=2|1 rows' '#=0|1 rows' \
	'exits#=|1 rows' 'state~"not ice"|notice' 'state!~not|notice' 'exits[0].blocks:="0"|0' 'exits[0].items=[1]|[]' \
	'exits[].exit=["M/f"]|["M/e"]'; do
	fails "a question: $wrong" 4 "${wrong%%|*}" "${wrong#*|}" <<E
merchant exit.request exit=M/e merchant=M unit=CNY policy=fuel-card version=1
? auditor report.exits merchant=M : ${wrong%%|*}
E
done
fails 'what is there is not absent' 4 'no exits[0].state' notice <<'E'
merchant exit.request exit=M/e merchant=M unit=CNY policy=fuel-card version=1
? auditor report.exits : absent exits[0].state
E
fails 'a question that is refused' 3 'an answer' '! QUERY_NOT_FOUND merchant' <<'E'
? merchant report.exits merchant=P : exits#=0
E
fails 'a question that is answered' 3 '! QUERY_NOT_FOUND' accepted <<'E'
? auditor report.exits ! QUERY_NOT_FOUND
E
plays 'entries' <<'E'
entry $last has kind=deposit.receive body.amount=100.00 postings#=2 postings[code=1010].amount=100.00
hold := maker deposit.hold hold=h merchant=M amount=60.00 unit=CNY reason=why
entry $hold-1 has kind=deposit.receive
entry $hold has body.reason=why key~/maker+ approvals=[]
E
fails 'an entry' 3 'body.amount=99.00' 100.00 <<'E'
entry $last has body.amount=99.00
E

# ---- time ----

plays 'time' <<'E'
merchant exit.request exit=M/e merchant=M unit=CNY policy=fuel-card version=1
wait 6 days 23 hours 59 minutes strikes 0
tail := wait 1 minute strikes 1
entry $tail has kind=clock.fire
wait until 2016-08-10 without clocks
? merchant report.exits : state=tail
wait 0 days strikes 1
wait until 2016-08-10T00:00:01Z
E
fails 'so many clocks' 4 'strikes 2' 'strikes 1' <<'E'
merchant exit.request exit=M/e merchant=M unit=CNY policy=fuel-card version=1
wait 7 days strikes 2
E

# ---- saying it once ----

plays 'definitions and repetitions' <<'E'
define hold id amount
  maker deposit.hold hold=$id merchant=M amount=$amount unit=CNY reason=r $*
end
define two
  repeat n 1 to 2
    hold h-$n $*
  end
end
second := two 10.00
= 2020 M h-2 10.00
entry $second has body.hold=h-2
entry $second-1 has body.hold=h-1
hold i 80.01 ! INSUFFICIENT
hold i 80.00 expires=2030-01-01T00:00:00Z
repeat n 2 to 3
  = 2020 M h-$n-1 10.00
end
admin unit.define unit=D digits=2 name="a $$"
entry $last has body.name="a $$"
E
title='a failure within definitions names them'
judge 1 <<'E'
include <fuel-world>
define pay amount
  bank deposit.receive merchant=M amount=$amount unit=CNY bank_reference=b-1
end
define twice amount
  pay $amount
  pay 2.00
end
twice 1.00
E
[ $? -eq 0 ] && cat >wanted <<'E' && cmp -s err wanted
x.case:3: bank deposit.receive merchant=M amount=2.00 unit=CNY bank_reference=b-1
    expected: accepted
    came:     ! EXISTS bank_reference entry=15
    in pay, at x.case:7
    in twice, at x.case:9
E
count $?
title='cases, each on a ledger of its own'
judge 1 <<'E'
include <fuel-world>
bank deposit.receive merchant=M amount=1.00 unit=CNY bank_reference=b-1
case one that holds
  bank deposit.receive merchant=M amount=1.00 unit=CNY bank_reference=b-2
  = 2010 M 2.00
case one that does not
  = 2010 M 2.00
  = 2010 M 3.00
case another
  = 2010 M 1.00
  audit
  rebuild
  restart
  = 2010 M 1.00
E
[ $? -eq 0 ] && [ "$(cat out)" = '2 passed, 1 failed' ] && [ "$(grep -c expected err)" -eq 2 ] &&
	grep -q '^x.case:7: one that does not: = 2010 M 2.00$' err
count $?

# ---- what is not of the language ----

mistaken 'a line that goes on with nothing' 1 'who says it comes first' <<'E'
merchant=M
E
mistaken 'a text without its end' 2 'another "' <<'E'
include <fuel-world>
maker deposit.hold reason="r
E
mistaken 'a bracket without its other half' 1 'as many ] }' <<'E'
maker deposit.hold shares=[{"party":"M"}
E
mistaken 'an end too many' 1 'a define or repeat before it' <<'E'
end
E
mistaken 'an end too few' 1 'its end' <<'E'
define a
maker b.c
E
mistaken 'a definition over two cases' 2 'its end' <<'E'
case one
define a
case two
end
E
mistaken 'a name that is defined already' 4 'a name that nothing has yet' <<'E'
define a
maker b.c
end
define a b
maker $b
end
E
mistaken 'a step of which nothing is left' 2 'nothing was given for $*' <<'E'
define rest
  $*
end
case a
  rest
E
mistaken 'nothing of that name' 2 'nothing is called $never' <<'E'
include <fuel-world>
maker proposal.approve proposal=$never
E
mistaken 'a field twice' 1 'hold once' <<'E'
maker deposit.hold hold=a hold=b
E
mistaken 'no command' 1 'a command' <<'E'
maker
E
mistaken 'no pair' 1 'field=value, and not h' <<'E'
maker deposit.hold h
E
mistaken 'a parameter too few' 4 '1 words behind a' <<'E'
define a b
maker $b
end
a
E
mistaken 'definitions without end' 2 'at most 16' <<'E'
define a
  a
end
a
E
mistaken 'a time that was' 2 'a time to come' <<'E'
include <fuel-world>
wait until 2016-05-01
E
mistaken 'no time' 1 'wait 7 days' <<'E'
wait seven days
E
mistaken 'a balance without its unit' 1 'unit CNY' <<'E'
= 2010 M 1.00
E
mistaken 'a repetition that never ends' 1 'repeat NAME 1 to 32' <<'E'
repeat n 1 to 1000000
end
E
mistaken 'the ledger, too late' 2 'before the first step' <<'E'
include <fuel-world>
ledger at=2017-01-01
E
mistaken 'again what never was' 2 'of a request that was accepted' <<'E'
include <fuel-world>
maker [lost again] deposit.hold hold=a
E
mistaken 'JSON that is none' 1 'amount: JSON' <<'E'
maker deposit.hold amount:=1.
E
mistaken 'an include within itself' 1 'at most 8 files' <<'E'
include x.case
E

# ---- the sub-command ----

expect 66 'a file that is not there' recourse play none.case
says err none.case
judge 1 <<'E'
case one
= 2010 M 1.00 CNY
E
expect 1 'JSON' recourse play --json x.case
cat >wanted <<'E'
{"case":"one","file":"x.case","passed":false,"failures":[{"came":"0","file":"x.case","line":2,"expected":"1.00"}]}
E
same out wanted
cat >x.case <<'E'
case one
? - service.info : entries=0
admin unit.define unit=L digits=3 name=litre
case two
? - service.info : entries=1
E
expect 1 'the ledgers that are kept' recourse play --keep kept -v x.case
grep -q 'passed .*x.case: two$' out && ok || bad "$what"
expect 0 'one that is kept' recourse verify kept/2/ledger
mkdir temporary
TMPDIR=temporary "$recourse" play x.case >out 2>err
[ -z "$(ls -A temporary)" ] && ok || bad 'something is left behind'

# ---- on a copy, and on a service ----

cat >x.case <<'E'
include <fuel-world>
bank deposit.receive merchant=M amount=100.00 unit=CNY bank_reference=b-1
maker key.rotate key=@maker new=@maker-2 reason=routine
E
cat >tried.case <<'E'
unit CNY
case what if M left
  merchant exit.request exit=M/e merchant=M unit=CNY policy=fuel-card version=1
  = 2030 M M/e 100.00
  maker deposit.hold hold=h merchant=M amount=1.00 unit=CNY reason=r     ! KEY_REVOKED
  maker-2 deposit.hold hold=h merchant=M amount=1.00 unit=CNY reason=r   ! INSUFFICIENT
  wait 7 days strikes 1
case and if somebody new came
  = 2010 M 100.00
  admin key.register party=P key=@newcomer roles=operator
  newcomer deposit.hold hold=h merchant=M amount=60.00 unit=CNY reason=r
  entry $last has key~example.com/ledger/newcomer+
E
real=real/1/ledger
expect 0 'a ledger to rehearse on' recourse play --keep real x.case
recourse verify --json "$real" >before
expect 0 'a rehearsal on a copy' recourse play --keep copies --on "$real" tried.case
recourse verify --json "$real" >after
same before after
gives 1 'the signature of example.com/ledger/admin' recourse verify copies/1/ledger

"$recourse" init trial --test --admin-party P >/dev/null
"$recourse" init production --admin-party P >/dev/null
cat >x.case <<'E'
include <fuel-world>
case on a service
  bank [lost] deposit.receive merchant=M amount=100.00 unit=CNY bank_reference=b-1
  bank [lost again] deposit.receive merchant=M amount=100.00 unit=CNY bank_reference=b-1
  = 2010 M 100.00
  merchant exit.request exit=M/e merchant=M unit=CNY policy=fuel-card version=1
  maker deposit.hold hold=h merchant=M amount=1.00 unit=CNY reason=r   ! INSUFFICIENT
  wait 7 days strikes 1
  ? merchant report.exits : state=tail
E
serve trial --listen tcp://127.0.0.1:0
expect 0 'on a service' recourse play --url "$url" --keys trial/keys --log-key @trial/keys/log.pub x.case
expect 69 'nobody copies what is served' recourse play --on trial tried.case
says err STORE_LOCKED
stop
serve production --listen tcp://127.0.0.1:0
expect 77 'a service of a ledger that is no trial' recourse play --url "$url" --keys production/keys x.case
says err 'opened for tests'
[ ! -e production/keys/bank ] && ok || bad 'a key is made for a ledger that is no trial'
stop
expect 64 'options that exclude each other' recourse play --url "$url" x.case

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
