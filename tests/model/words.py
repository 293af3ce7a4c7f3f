# SPDX-License-Identifier: Apache-2.0
"""How each event of a history is said to the program: the only file that knows commands, accounts and fields.
{x} is filled from the event; what stands in [ ] is kept only if its x is given."""
import re

HASH = "ab*"

SAY = {
    "policy": "admin policy.publish policy={policy} version=1 unit={unit} scheme={scheme}[ rate={rate}]"
              " waterfall=rank:1,claim:costs waterfall=rank:{advances},claim:advances"
              " waterfall=rank:{uncovered},claim:uncovered waterfall=rank:4,claim:interest claim_days=90"
              "[ no_disadvantage={no_disadvantage}][ interim={interim}.00][ checklist={checklist}]"
              " unclaimed_notices=1 unclaimed_days=0",
    "deposit": "bank deposit.receive merchant={merchant} amount={amount} unit={unit} bank_reference={line}",
    "fee": "bank bank.fee amount={amount} unit={unit} bank_reference={line} reason=monthly",
    "make_good": "bank bank.fee_repaid amount={amount} unit={unit} bank_reference={line}",
    "bank_interest": "got{number} := bank bank.interest amount={amount} unit={unit} bank_reference={line}",
    "hold": "maker deposit.hold hold={hold} merchant={merchant} amount={amount} unit={unit} reason=r",
    "unhold": "maker deposit.release hold={hold}[ amount={amount}] reason=r",
    "ask": "asked{merchant} := maker withdrawal.request merchant={merchant} amount={amount} unit={unit} reason=excess",
    "take": "bank withdrawal.pay withdrawal=$asked{merchant} bank_reference={line}",
    "pay_asked": "paid{merchant} := bank withdrawal.pay withdrawal=$asked{merchant} bank_reference={line}",
    "not_paid": "bank withdrawal.reverse entry:=$paid{merchant} reason=r\nchecker proposal.approve proposal=$last",
    "give_up_asking": "maker withdrawal.cancel withdrawal=$asked{merchant} reason=r",
    "leave": "maker exit.request exit={exit} merchant={merchant} unit={unit} policy=p version=1",
    "tail": "wait 98 days",
    "refund": "bank exit.refund exit={exit} bank_reference={line}",
    "instrument": "maker instrument.register instrument={instrument} kind=bond provider=S merchant={merchant} unit={unit}"
                  " limit={amount} draw=1 expires=2030-01-01T00:00:00Z document_hash=" + HASH,
    "call": "maker instrument.call incident={incident} reason=collapse evidence_hash=" + HASH,
    "provide": "bank instrument.pay incident={incident} instrument={instrument} amount={amount} bank_reference={line}",
    "declare": "maker incident.declare incident={incident}[ merchant={merchant}][ issuer={issuer}][ batch={batch}] funder=P custodian=bank"
               " policy={policy} version=1 reason=liquidation",
    "lot": "maker entitlement.issue entitlement={lot} holder={holder} issuer=Y merchant={merchant} channel=app unit=L"
           " quantity=1.000 cost={amount} currency={unit}[ batch={batch}] evidence=absent evidence_hash=" + HASH,
    "other_batch": "maker entitlement.issue entitlement={lot} holder=h issuer=Y merchant={merchant} channel=app unit=L"
                   " quantity=1.000 cost={amount} currency={unit} batch=another evidence=absent evidence_hash=" + HASH,
    "file": "agent claim.file claim={claim} incident={incident} entitlement={lot} channel=phone",
    "tardy": "agent claim.file claim={claim} incident={incident} entitlement={lot} channel=mail excuse=hospital evidence_hash="
             + HASH,
    "admit": "maker claim.admit claim={claim} reason=hospital" + "\n" + "checker proposal.approve proposal=$last",
    "approve": "maker claim.decide claim={claim} outcome=approve",
    "rule_linked": "maker claim.decide claim={claim} outcome=approve",
    "anew": "maker claim.reopen claim={claim} reason=r evidence_hash=" + HASH + "\n" + "checker proposal.approve proposal=$last",
    "decide": "maker claim.decide claim={claim} outcome=approve",
    "refuse": "maker claim.decide claim={claim} outcome=reject reason=not-the-holder",
    "withdraw": "agent claim.withdraw claim={claim} reason=r evidence_hash=ab*",
    "elsewhere": "maker elsewhere.record claim={claim} source={source} kind={how} reference={line} amount={amount}"
                 " evidence_hash=" + HASH,
    "distribute": "checker distribution.approve incident={incident}",
    "distribute_again": "second distribution.approve incident={incident}",
    "slip_round": "slip := checker distribution.approve incident={incident}"
                  + "\n" + "maker distribution.reverse entry:=$slip reason=r"
                  + "\n" + "checker proposal.approve proposal=$last"
                  + "\n" + "shared := checker distribution.approve incident={incident}",
    "fund": "bank funding.receive incident={incident} amount={amount} bank_reference={line}",
    "instruct": "payer payout.instruct claim={claim}",
    "settle": "bank payout.settle claim={claim}[ order:=${order}][ day={day} bank_reference={line}]",
    "return": "bank payout.return claim={claim} reason=AC04 bank_reference={line}",
    "reissue": "payer payout.reissue claim={claim} reason=r",
    "report": "bank payout.report claim={claim} status={status}[ code={code}][ order:=${order}]",
    "take_back": "payer payout.cancel claim={claim} reason=AC01" + "\n" + "checker proposal.approve proposal=$last",
    "unclaimed": "maker contact.record claim={claim} channel=mail direction=out" + "\n" + "payer payout.unclaimed claim={claim} reason=r"
                 + "\n" + "checker proposal.approve proposal=$last",
    "void": "maker claim.void claim={claim} reason=fraud evidence_hash=" + HASH + "\n" + "checker proposal.approve proposal=$last",
    "apportion": "maker liability.apportion incident={incident}[ section={section}] mode={mode} basis_hash=" + HASH
                 + " {shares}",
    "misjudge": "judged := maker liability.apportion incident={incident}[ section={section}] mode={mode} basis_hash=" + HASH
                + " {shares}",
    "rejudge": "maker liability.reapportion entry:=$judged reason=appeal mode={mode} basis_hash=" + HASH + " {shares}"
               + "\n" + "checker proposal.approve proposal=$last",
    "share": "shares=party:{party},share:{share}.00",
    "share_of_its_own": ",mode:{mode}",
    "extend": "maker liability.extend incident={incident}[ section={section}]",
    "give_up": "maker liability.respread incident={incident}[ section={section}] party={party} reason=r",
    "release": "maker liability.release incident={incident}[ section={section}] party={party} reason=r basis_hash=" + HASH
               + "\n" + "checker proposal.approve proposal=$last",
    "write_off": "maker write_off.record write_off={write_off} incident={incident}[ section={section}] party={party} reason=r"
                 + "\n" + "checker proposal.approve proposal=$last",
    "receive": "bank recovery.receive recovery={recovery} incident={incident}[ section={section}] payer={party}"
               " amount={amount} bank_reference={line}[ dividend={dividend}]",
    "record": "got := bank receipt.record amount={amount} unit={unit} bank_reference={line}",
    "identify": "maker receipt.identify receipt=$got as=recovery recovery={recovery} incident={incident}"
                "[ section={section}] payer={party}" + "\n" + "checker proposal.approve proposal=$last",
    "send_back": "maker receipt.send_back receipt=$got reason=r" + "\n" + "checker proposal.approve proposal=$last"
                 + "\n" + "bank receipt.returned receipt=$got bank_reference={line}-out",
    "slip_deposit": "slip := bank deposit.receive merchant={merchant} amount={amount} unit={unit} bank_reference={line}"
                    + "\n" + "bank deposit.reverse entry:=$slip reason=r"
                    + "\n" + "checker proposal.approve proposal=$last",
    "slip_lot": "slip := maker entitlement.issue entitlement={lot} holder=h issuer=Y merchant={merchant} channel=app unit=L"
                " quantity=1.000 cost={amount} currency={unit}[ batch={batch}] evidence=absent evidence_hash=" + HASH
                + "\n" + "maker entitlement.reverse entitlement={lot} entry:=$slip reason=r"
                + "\n" + "checker proposal.approve proposal=$last",
    "slip_receipt": "slip := bank recovery.receive recovery={recovery} incident={incident}[ section={section}] payer={party}"
                    " amount={amount} bank_reference={line}"
                    + "\n" + "bank recourse.reverse entry:=$slip reason=r"
                    + "\n" + "checker proposal.approve proposal=$last",
    "clawback": "bank clawback.receive claim={claim} amount={amount} bank_reference={line}",
    "allocate": "maker recovery.allocate recovery={recovery}",
    "remit": "bank recovery.remit incident={incident} bank_reference={line}",
    "bounce": "bank recovery.bounce recovery={recovery} reason=r bank_reference={line}",
    "cost": "maker cost.record incident={incident}[ section={section}] party={party} amount={amount} reason=r evidence_hash=" + HASH,
    "interest": "maker interest.adjudge incident={incident}[ section={section}] party={party} amount={amount} basis_hash="
                + HASH + "[ until={until}]",
    "bar": "wait 91 days",
    "lapse": "wait 16 days",
    "return_unused": "maker instrument.return incident={incident} instrument={instrument} reason=not-needed",
    "surplus": "bank surplus.pay incident={incident} beneficiary={party} bank_reference={line}",
    "close": "checker incident.close incident={incident} reason=done" + 8 * "\nwait 3 seconds",     # an end goes on by the clock, two entries a wait
}

TAIL = 98       # days of an exit, its notice and what comes after

# What is refused on purpose.
REFUSED = {
    "file": "NOT_PERMITTED entitlement",        # a lot of a merchant that is not in the incident
    "instruct": "STATE_WRONG claim",            # paid already, or not decided
    "distribute": "AMOUNT_RANGE incident",      # nothing to share out
    "fund": "INSUFFICIENT",                     # more than is committed
    "surplus": "INSUFFICIENT beneficiary",      # nothing is its own
}

REFUSE = {
    "decide": "STATE_WRONG claim", "withdraw": "STATE_WRONG claim", "settle": "STATE_WRONG claim",
    "return": "STATE_WRONG claim", "reissue": "STATE_WRONG claim",
    "clawback": "INSUFFICIENT amount", "receive": "EXISTS recovery", "allocate": "STATE_WRONG recovery",
    "bounce": "STATE_WRONG recovery", "deposit": "EXISTS bank_reference", "apportion": "EXISTS incident",
    "give_up": "NOT_PERMITTED party", "release": "STATE_WRONG party", "provide": "NOT_FOUND instrument", "fund": "INSUFFICIENT",
    "remit": "INSUFFICIENT", "close": "WINDOW_CLOSED incident", "distribute": "AMOUNT_RANGE incident",
    "declare": "EXISTS incident", "lot": "EXISTS entitlement",
}

# The same of kinds that came later, so that a seed's history stays what it was.
REFUSE_MORE = {
    "holds": {"hold": "INSUFFICIENT", "unhold": "INSUFFICIENT"},
    "withdrawals": {"ask": "NOT_PERMITTED merchant", "take": "STATE_WRONG withdrawal"},
    "tardy": {"admit": "STATE_WRONG claim", "approve": "WINDOW_CLOSED claim", "tardy": "WINDOW_CLOSED excuse"},
    "fees": {"make_good": "INSUFFICIENT"},
    "seconds": {"rule_linked": "STATE_WRONG claim", "anew": "NOT_PERMITTED claim"},
    "exits": {"leave": "NOT_PERMITTED merchant", "refund": "STATE_WRONG exit"},
}

# What is looked at in the end: (code, party, reference).
LOOK = "= {code} {party} {reference} {amount} {unit}"
BRIEF = "? auditor claim.brief claim={claim} : paid={amount}"

# Is a round needed for money that came into a pool after all was paid, so that the funder is repaid?
LATE_MONEY_NEEDS_A_ROUND = True

# What the program can not do yet.
NOT_YET = ()

# Refused where nothing is new: since the last receipt, apportionment or extension; for money that a round would repay nobody
# with; where a later round gives a claim no step. Played again without it, and the lines that rest on it.
IDLE = {"maker liability.extend": ("INSUFFICIENT incident", 1), "checker distribution.approve": ("AMOUNT_RANGE incident", 1),
        "second distribution.approve": ("AMOUNT_RANGE incident", 1), "second distribution.approve incident": ("NOT_PERMITTED incident", 1),
        "maker instrument.return": ("INSUFFICIENT instrument", 1), "payer payout.instruct": ("STATE_WRONG claim state=paid", 2),
        "payer payout.instruct claim": ("AMOUNT_RANGE claim", 2), "payer payout.instruct claim=": ("STATE_WRONG claim state=ruled", 2)}

# The name of a section in an incident of several merchants. Accounts are the incident's, for all its sections together.
SECTION = "{merchant}"
REFERENCE = "{incident}"

WORLD = """include <fuel-world>
admin party.register party=N kinds=merchant,liable-party
    + party.register party=Z kinds=liable-party
    + party.register party=S kinds=insurer
    + party.register party=Q kinds=merchant
    + reason.publish for=claim.decide version=1
        reasons=code:not-the-holder,zh:"非持有人",en:"not the holder",denies_loss:no
    + reason.publish for=claim.void version=1 reasons=code:fraud,zh:"欺诈",en:fraud,denies_loss:no
"""


def say(kind, **values):
    return filled(SAY[kind], values)


def filled(text, values):
    text = re.sub(r"\[([^\[\]]*?\{(\w+)\}[^\[\]]*?)\]", lambda m: m.group(1) if values.get(m.group(2)) else "", text)
    return text.format(**values)


# What is booked by a slip, how it is taken back, and what has to be said then before it is booked rightly.
APPROVED = "\n" + "checker proposal.approve proposal=$last"
SLIP = {
    **dict.fromkeys(("cost", "interest", "write_off", "release"), "maker recourse.reverse entry:=$slip reason=r" + APPROVED),
    "remit": "bank recourse.reverse entry:=$slip reason=r" + APPROVED,
    "bounce": "bank recourse.reverse entry:=$slip reason=r" + APPROVED + "\n" + "maker recovery.allocate recovery={recovery}",
    "fund": "bank funding.reverse entry:=$slip reason=r" + APPROVED,
    "elsewhere": "maker elsewhere.reverse entry:=$slip reason=r" + APPROVED,
    "instrument": "maker instrument.reverse entry:=$slip reason=r" + APPROVED,
    "provide": "bank instrument.reverse entry:=$slip reason=r" + APPROVED,
    "instruct": "payer payout.cancel claim={claim} reason=AC01" + APPROVED,
    "settle": "bank payout.unsettle claim={claim} reason=r" + APPROVED,
    "clawback": "bank clawback.reverse entry:=$slip reason=r" + APPROVED,
    "give_up": "maker liability.pursue incident={incident}[ section={section}] party={party} reason=r",
    "decide": "maker claim.reopen claim={claim} reason=r evidence_hash=" + HASH + APPROVED,
    "declare": "maker incident.cancel incident={incident} reason=mistake" + APPROVED + 8 * "\nwait 3 seconds",     # an end goes on by the clock, two entries a wait
    "fee": "bank bank.reverse entry:=$slip reason=r" + APPROVED,
    "make_good": "bank bank.reverse entry:=$slip reason=r" + APPROVED,
    "hold": "maker deposit.reverse entry:=$slip reason=r" + APPROVED,
    "take": "bank withdrawal.reverse entry:=$slip reason=r" + APPROVED,
    "leave": "maker exit.reverse entry:=$slip reason=r" + APPROVED,
    "refund": "bank exit.reverse entry:=$slip reason=r" + APPROVED,
}
SLIPS = {kind: (kind,) for kind in ("cost", "interest", "write_off", "release", "bounce", "elsewhere", "instrument", "clawback",
                                    "give_up", "decide", "declare", "settle")}
SLIPS.update(round=("fund", "instruct", "settle"), call=("provide",), reissue=("settle",))
SLIPS_MORE = {"fee": ("fee",), "make_good": ("make_good",), "hold": ("hold",), "take": ("take",), "leave": ("leave",), "part": ("refund",)}
USED = {"hold": "hold", "leave": "exit", "write_off": "write_off", "instrument": "instrument", "declare": "incident"}     # the id that a slip has used


# Of the kinds that came later.
WORLD += "    + party.register party=W kinds=merchant\n    + party.register party=V kinds=merchant\n"
SAY.update({
    "give_up_advance": "maker advance.give_up claim={claim} reason=r" + APPROVED,
    "offer": "maker offer.record offer={offer} incident={incident} issuer={issuer} rate={rate} unit={unit}"
             " until=2030-01-01T00:00:00Z terms_hash=" + HASH,
    "brief_offer": "maker offer.record offer={offer} incident={incident} issuer={issuer} rate={rate} unit={unit}"
                   " until=2016-05-20T00:00:00Z terms_hash=" + HASH,
    "accept": "agent offer.accept offer={offer} claim={claim} evidence_hash=" + HASH,
    "counted_lot": "maker entitlement.issue entitlement={lot} holder={holder} issuer=Y merchant={merchant} channel=app unit=L"
                   " quantity={litres}.000 cost={amount} currency={unit}[ batch={batch}] evidence=unavailable",
    "repay": "bank repayment.receive incident={incident} party={party}[ amount={amount}] bank_reference={line}",
    "fee_repaid": "bank bank.fee_repaid amount={amount} unit={unit} bank_reference={line}",
    "pursue": "maker liability.pursue incident={incident}[ section={section}] party={party} reason=r",
    "give_up_clawback": "maker write_off.record write_off={write_off} incident={incident} claim={claim} reason=r" + APPROVED,
    "give_up_owed": "maker write_off.record write_off={write_off} incident={incident} party={party} entry:={entry}"
                    "[ amount={amount}] reason=r" + APPROVED,
    "renew": "maker instrument.renew instrument={instrument} expires={year}-06-01T00:00:00Z document_hash=" + HASH,
    "end_instrument": "maker instrument.cancel instrument={instrument} reason=r",
    "unpaid": "maker instrument.refuse incident={incident} instrument={instrument} reason=r evidence_hash=" + HASH + APPROVED,
    "signal": "maker signal.raise merchant={merchant} reason=r" + "\n" + "checker signal.clear merchant={merchant} reason=r",
    "keep": "maker receipt.send_back receipt=$got reason=r" + APPROVED + "\n" + "maker receipt.keep receipt=$got reason=r"
            + APPROVED,
    "line": "stated{name} := bank bank.line line={line} amount={amount} unit={unit} direction=credit day=2016-05-04",
    "line_deposit": SAY["deposit"],
    "back_less": SAY["return"] + " amount={amount}",
    "leave_beside": "maker exit.request exit=V/e merchant=V unit={unit} policy=p version=1",
    "leave_again": "maker exit.request exit=V/e2 merchant=V unit={unit} policy=p version=1",
    "retain": "maker exit.retain exit=V/e item={item} amount={amount} reason=r evidence_hash=" + HASH,
    "retain_again": "maker exit.retain exit=V/e item={item} amount={amount} reason=r evidence_hash=" + HASH,
    "release_item": "maker exit.release_item exit=V/e item={item} reason=r",
    "beside_tail": "wait 98 days",
    "refund_beside": "bank exit.refund exit=V/e bank_reference={line}",
    "identify_again": "maker receipt.identify receipt=$got as=recovery recovery=r-none incident={incident} payer=G",
    "reopen": "maker claim.reopen claim={claim} reason=r evidence_hash=" + HASH,
    "reopen_paid": "maker claim.reopen claim={claim} reason=r evidence_hash=" + HASH,
    "correct_again": "{correction}",
    "unshare": "maker distribution.reverse entry:=$shared reason=r",
    "close_early": "checker incident.close incident={incident} reason=r",
    "declare_batch": "maker incident.declare incident={incident} issuer=Y batch=none funder=P custodian=bank policy=p version=1"
                     " reason=liquidation",
    "receive_unknown": SAY["receive"],
    "cost_none": SAY["cost"],
    "use": "maker entitlement.consume entitlement={lot} evidence=confirmed consumed={units} reference={reference}"
           " evidence_hash=" + HASH,
})
WORLD += "    + party.register party=liquidator kinds=liquidator\n"
SAY.update(
    insolvent="maker estate.open party={party} liquidator=liquidator accepted_at=2016-05-04T00:00:00Z basis_hash=" + HASH
              + "\nwait 3 days",
    end_estate="maker estate.end party={party} reason=r" + APPROVED,
    confirm="maker estate.confirm party={party} recovery={recovery} evidence_hash=" + HASH,
    confirm_deposit="maker estate.confirm party={party} deposit:={deposit} evidence_hash=" + HASH,
    give_back="bank estate.give_back deposit:={deposit} bank_reference={line}",
    accept_debt="maker estate.accept party={party} incident={incident}[ section={section}] amount={amount} evidence_hash=" + HASH,
    use_unconfirmed=SAY["allocate"], interest_on=SAY["interest"], dividend_beyond=SAY["receive"], close_unconfirmed=SAY["close_early"])
SAY.update(
    correct_word="agent claim.correct claim={claim} remaining={remaining} reason=r evidence_hash=" + HASH + APPROVED,
    ask_records="{name} := agent evidence.request claim={claim} kind=use-issuer party=Y due={due}T00:00:00Z",
    answer_records="maker evidence.answer request:={request} answer=no-record evidence_hash=" + HASH,
    silence="wait 3 days")
WORLD += "admin key.register party=P key=@judge roles=approver\n    + key.register party=P key=@second roles=approver\n    + key.register party=P key=@clerk roles=operator\n"
SAY.update(
    appeal="{name} := maker appeal.lodge merchant={merchant} deduction:={deduction} reason=r",
    stay="checker appeal.stay appeal:={appeal} reason=r",
    judge="judged_appeal := judge appeal.decide appeal:={appeal} outcome={outcome}[ amount={amount}] reason=r basis_hash=" + HASH,
    judge_anew="clerk appeal.redecide entry:=$judged_appeal outcome={outcome}[ amount={amount}] reason=r basis_hash=" + HASH
               + "\njudge proposal.approve proposal=$last",
    judge_own="{by} appeal.decide appeal:={appeal} outcome=upheld reason=r basis_hash=" + HASH,
    restore="bank appeal.fund appeal:={appeal} amount={amount} bank_reference={line}")
for again, as_ in dict(appeal_late="appeal", appeal_of_another="appeal", judge_all_of_it="judge", restore_upheld="restore",
                       reissue_stayed="reissue").items():
    SAY[again] = SAY[as_]
SLIP["restore"] = "bank appeal.reverse entry:=$slip reason=r" + APPROVED
SAY["accept_beyond"] = SAY["accept_debt"]
SAY["reopen_end"] = SAY["close"] + "\nmaker incident.reopen incident={incident} reason=r" + APPROVED
SAY.update(offer_of_units=SAY["offer"], accept_foreign=SAY["accept"], accept_late=SAY["accept"], use_beyond=SAY["use"],
           use_ruled=SAY["use"], repay_beyond=SAY["repay"])
SAY.update(
    reopen_use="maker claim.reopen claim={claim} reason=new-record evidence_hash=" + HASH + APPROVED + "\n" + SAY["use"]
               + "\n" + SAY["decide"],
    dispute="disputing := " + SAY["use"] + "\n" + SAY["decide"] + "   ! EVIDENCE_CONFLICT claim"
            + "\n" + "maker entitlement.reverse entitlement={lot} entry:=$disputing reason=r" + APPROVED)
SLIP.update(use="maker entitlement.reverse entitlement={lot} entry:=$slip reason=r" + APPROVED)
SLIP.update(repay="bank recourse.reverse entry:=$slip reason=r" + APPROVED)
SLIP["return"] = "bank payout.reverse entry:=$slip reason=r" + APPROVED
SLIP.update({"end_instrument": "maker instrument.reverse entry:=$slip reason=r" + APPROVED,
             "renew": "maker instrument.reverse entry:=$slip reason=r" + APPROVED,
             "give_up_clawback": "maker recourse.reverse entry:=$slip reason=r" + APPROVED})
SLIP["report"] = "bank payout.report_reverse claim={claim} reason=r" + APPROVED
SLIPS_ALSO = ("restore", "use", "repay", "end_instrument", "renew", "give_up_clawback", "return")
USED["give_up_clawback"] = "write_off"

REFUSE_ALSO = {
    "appeals": {"appeal": "EXISTS deduction", "appeal_late": "WINDOW_CLOSED deduction", "appeal_of_another": "NOT_FOUND deduction",
                "judge_all_of_it": "AMOUNT_RANGE amount", "judge_own": "SAME_PERSON appeal", "judge": "STATE_WRONG appeal",
                "restore": "INSUFFICIENT amount", "restore_upheld": "STATE_WRONG appeal", "reissue_stayed": "NOT_PERMITTED claim"},
    "back": {"line_deposit": "INSUFFICIENT", "pursue": "STATE_WRONG party", "give_up_clawback": "STATE_WRONG amount",
             "end_instrument": "STATE_WRONG instrument", "back_less": "INSUFFICIENT amount"},
    "retained": {"retain": "INSUFFICIENT amount", "retain_again": "EXISTS item", "release_item": "STATE_WRONG item",
                 "refund_beside": "STATE_WRONG exit", "leave_again": "NOT_PERMITTED merchant"},
    "refused": {"identify_again": "STATE_WRONG receipt", "reopen": "STATE_WRONG claim", "reopen_paid": "STATE_WRONG claim",
                "correct_again": "STATE_WRONG entry", "unshare": "NOT_PERMITTED entry", "close_early": "STATE_WRONG incident",
                "declare_batch": "NOT_FOUND batch",
                "receive_unknown": "NOT_FOUND incident", "cost_none": "NOT_FOUND party"},
    "offers": {"offer": "EXISTS offer", "offer_of_units": "UNIT_MISMATCH unit", "accept": "EXISTS claim",
               "accept_foreign": "NOT_PERMITTED offer", "accept_late": "WINDOW_CLOSED offer"},
    "repayments": {"repay": "INSUFFICIENT amount", "repay_beyond": "INSUFFICIENT amount"},
    "estates": {"insolvent": "EXISTS party", "use_unconfirmed": "NOT_PERMITTED recovery", "confirm": "STATE_WRONG recovery",
                "interest_on": "NOT_PERMITTED until", "accept_beyond": "EXCEEDS_LOSS amount",
                "dividend_beyond": "INSUFFICIENT dividend", "close_unconfirmed": "STATE_WRONG incident"},
    "withheld": {"ask_records": "EXISTS kind", "answer_records": "WINDOW_CLOSED request"},
    "uses": {"use": "EXISTS reference", "use_beyond": "INSUFFICIENT consumed",
             "use_ruled": "STATE_WRONG entitlement"},
}

# Of an incident that was declared by mistake, and of ends.
SAY.update(
    mistaken="maker incident.declare incident={incident}-mistaken[ merchant={merchant}][ issuer={issuer}][ batch={batch}] funder=P custodian=bank"
             " policy=p version=1 reason=liquidation",
    claim_mistaken="agent claim.file claim={claim} incident={incident}-mistaken entitlement={lot} channel=phone",
    cancel="maker incident.cancel incident={incident}-mistaken reason=mistake" + APPROVED + 8 * "\nwait 3 seconds",
    cancel_again="maker incident.cancel incident={incident}-mistaken reason=mistake",
    cancel_ruled="maker incident.cancel incident={incident} reason=mistake",
    reopen_open="maker incident.reopen incident={incident} reason=r",
    close_cancelled="checker incident.close incident={incident}-mistaken reason=r",
    file_cancelled="agent claim.file claim={claim} incident={incident}-mistaken entitlement={lot} channel=phone",
    contribution_beyond=SAY["surplus"])
REFUSE_ALSO_OF_ENDS = {"cancel_again": "STATE_WRONG incident", "cancel_ruled": "NOT_PERMITTED incident", "reopen_open": "STATE_WRONG incident",
                       "close_cancelled": "STATE_WRONG incident", "file_cancelled": "STATE_WRONG incident",
                       "contribution_beyond": "INSUFFICIENT beneficiary"}

SAY.update(
    returned_deposit="bank deposit.bounce entry:={entry} reason=AM04 bank_reference={line}",
    returned_fund="bank funding.bounce entry:={entry} reason=AM04 bank_reference={line}")

# Of payments on a rail.
SAY.update(
    publish="admin rail.publish rail=bank version=1 custodian=bank unit=CNY kind=iso20022 id_length=35 id_alphabet=upper lines=9"
            " query_days=30 awaiting_hours=24",
    payee="agent payee.register payee=p-{claim} holder=h-{lot} account_hash={hash}* rail=bank",
    order="payer payout.instruct claim={claim} payee=p-{claim}",
    order_again=SAY["reissue"],
    make_batch="maker batch.make batch={batch} rail=bank",
    check_batch="checker batch.check batch={batch} count={number} total={total}",
    withdraw_batch="maker batch.withdraw batch={batch} reason=r" + APPROVED,
    send_batch="payer batch.sent batch={batch} file_hash={hash}* file={file} of={of} count={number} total={total}",
    return_more="bank payout.return claim={claim} reason=MS03 order:=${order} amount={amount}",
    return_under_way="bank payout.return claim={claim} reason=MS03 order:=${order}",
    settle_unnamed="bank payout.settle claim={claim}", settle_cancelled="bank payout.settle claim={claim} order:=${order}",
    report_back="bank payout.report_reverse claim={claim} reason=r",
    check_own="maker batch.check batch={batch} count={number} total={total}")
SLIP["order"] = SLIP["instruct"]
for again, as_ in dict(settle_twice="settle", settle_draft="settle", settle_end="settle", report_former="report",
                       report_early="report", report_unnamed="report", report_other="report", report_double="report",
                       take_back_out="take_back", again_under_way="order_again", order_twice="order", void_under_way="void",
                       unclaimed_under_way="unclaimed", check_more="check_batch", check_again="check_batch",
                       send_unchecked="send_batch", send_again="send_batch", withdraw_out="withdraw_batch",
                       make_nothing="make_batch", make_again="make_batch", close_under_way="close_early").items():
    SAY[again] = SAY[as_]
SAY["unclaimed_under_way"] = SAY["unclaimed"].split("\n")[1]
REFUSE_RAIL = {
    "settle_twice": "STATE_WRONG claim", "settle_draft": "STATE_WRONG claim", "settle_end": "STATE_WRONG claim",
    "settle_cancelled": "STATE_WRONG claim", "settle_unnamed": "FIELD_MISSING order",
    "return_more": "INSUFFICIENT amount", "return_under_way": "STATE_WRONG claim", "report_former": "STATE_WRONG order",
    "report_early": "STATE_WRONG claim", "report_unnamed": "FIELD_MISSING order", "report_other": "STATE_WRONG claim",
    "report_double": "NOT_PERMITTED code", "report_back": "STATE_WRONG claim", "take_back_out": "STATE_WRONG claim",
    "again_under_way": "STATE_WRONG claim", "order_twice": "STATE_WRONG claim", "void_under_way": "STATE_WRONG claim",
    "unclaimed_under_way": "STATE_WRONG claim", "check_own": "SAME_PERSON batch", "check_more": "AMOUNT_RANGE count",
    "check_again": "STATE_WRONG batch", "send_unchecked": "STATE_WRONG batch", "send_again": "EXISTS file",
    "withdraw_out": "STATE_WRONG batch", "make_nothing": "NOT_FOUND rail", "make_again": "EXISTS batch",
    "close_under_way": "STATE_WRONG incident",
}


def slip(kind, **values):
    if kind in USED:
        values[USED[kind]] += "-s"
    *before, last = say(kind, **values).split("\n")
    return "\n".join([*before, "slip := " + last, filled(SLIP[kind], values)])


def money(amount, digits):
    if not digits or not amount:
        return str(amount)
    return "%s%d.%0*d" % ("-" * (amount < 0), abs(amount) // 10 ** digits, digits, abs(amount) % 10 ** digits)
