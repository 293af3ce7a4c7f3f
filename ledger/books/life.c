/* SPDX-License-Identifier: Apache-2.0 */
#include "books/life.h"

#define TO(state) (UINT32_C(1) << (state))

/*
 * steps[from] is the set of states that may follow. Beside the main line of each life, steps that
 * skip ahead are listed where nothing is left to wait for, with the reason beside them.
 */
struct life {
	uint32_t count; /* 1..count are states */
	const char *const *states;
	const uint32_t *steps;
};

const char *const life_deposit_states[] = {
	"none",
	"required",
	"partial",
	"funded",
	"frozen",
	"applied",
	"top-up due",
	"restricted",
	"exit hold",
	"refunded",
	NULL,
};
static const uint32_t deposit_steps[] = {
	[LIFE_NONE] =
		TO(DEPOSIT_REQUIRED) | TO(DEPOSIT_FUNDED), /* funded: paid in before anything was required */
	[DEPOSIT_REQUIRED] = TO(DEPOSIT_PARTIAL) | TO(DEPOSIT_FUNDED) | TO(DEPOSIT_RESTRICTED),
	[DEPOSIT_PARTIAL] = TO(DEPOSIT_FUNDED) | TO(DEPOSIT_FROZEN) | TO(DEPOSIT_RESTRICTED),
	[DEPOSIT_FUNDED] = TO(DEPOSIT_FROZEN) | TO(DEPOSIT_TOP_UP_DUE) | TO(DEPOSIT_EXIT_HOLD),
	[DEPOSIT_FROZEN] = TO(DEPOSIT_APPLIED) | TO(DEPOSIT_FUNDED), /* funded: released unused */
	[DEPOSIT_APPLIED] =
		TO(DEPOSIT_TOP_UP_DUE) | TO(DEPOSIT_FUNDED), /* funded: the incident left some, or ended */
	[DEPOSIT_TOP_UP_DUE] = TO(DEPOSIT_FUNDED) | TO(DEPOSIT_RESTRICTED) | TO(DEPOSIT_FROZEN),
	[DEPOSIT_RESTRICTED] = TO(DEPOSIT_FUNDED) | TO(DEPOSIT_EXIT_HOLD) | TO(DEPOSIT_FROZEN),
	/* frozen: a claim in the tail; funded: the exit was a slip */
	[DEPOSIT_EXIT_HOLD] = TO(DEPOSIT_REFUNDED) | TO(DEPOSIT_FROZEN) | TO(DEPOSIT_FUNDED),
	[DEPOSIT_REFUNDED] = TO(DEPOSIT_REQUIRED) | TO(DEPOSIT_FUNDED), /* the merchant comes back */
};

const char *const life_incident_states[] = {
	"none",
	"alert",
	"declared",
	"claims open",
	"bar date",
	"adjudicated",
	"recovery",
	"closed",
	"reopened",
	"cancelled",
	NULL,
};
static const uint32_t incident_steps[] = {
	[LIFE_NONE] = TO(INCIDENT_ALERT) | TO(INCIDENT_DECLARED), /* declared: no alert came before */
	[INCIDENT_ALERT] = TO(INCIDENT_DECLARED) | TO(INCIDENT_CLOSED),
	[INCIDENT_DECLARED] = TO(INCIDENT_CLAIMS_OPEN),
	/* adjudicated: paid before the bar date; cancelled: declared by mistake, and nothing was decided */
	[INCIDENT_CLAIMS_OPEN] = TO(INCIDENT_BAR_DATE) | TO(INCIDENT_ADJUDICATED) | TO(INCIDENT_CANCELLED),
	[INCIDENT_BAR_DATE] = TO(INCIDENT_ADJUDICATED) | TO(INCIDENT_CANCELLED) |
			      TO(INCIDENT_CLOSED), /* closed: nobody claimed, or nobody was right to */
	[INCIDENT_ADJUDICATED] =
		TO(INCIDENT_RECOVERY) | TO(INCIDENT_CLOSED), /* closed: nothing was advanced */
	[INCIDENT_RECOVERY] =
		TO(INCIDENT_CLOSED) | TO(INCIDENT_REOPENED), /* reopened: money had moved after its end */
	[INCIDENT_CLOSED] = TO(INCIDENT_REOPENED),
	[INCIDENT_REOPENED] = TO(INCIDENT_CLAIMS_OPEN) | TO(INCIDENT_ADJUDICATED) | TO(INCIDENT_RECOVERY) |
			      TO(INCIDENT_CLOSED),
	[INCIDENT_CANCELLED] = 0,
};

const char *const life_claim_states[] = {
	"none",
	"received",
	"evidence",
	"merchant response",
	"proposed",
	"agreed",
	"ruled",
	"approved",
	"paying",
	"paid",
	"closed",
	"rejected",
	"withdrawn",
	"linked",
	"appealed",
	"reopened",
	NULL,
};
#define CLAIM_HEARD     (TO(CLAIM_MERCHANT_RESPONSE) | TO(CLAIM_PROPOSED)) /* as far as its policy asks for it */
#define CLAIM_OPEN_ENDS (TO(CLAIM_REJECTED) | TO(CLAIM_WITHDRAWN) | TO(CLAIM_LINKED))
static const uint32_t claim_steps[] = {
	[LIFE_NONE] = TO(CLAIM_RECEIVED) | TO(CLAIM_LINKED),
	/* ruled at once: the merchant is in default, the evidence state is recorded, nobody is left to ask */
	[CLAIM_RECEIVED] = TO(CLAIM_EVIDENCE) | CLAIM_HEARD | TO(CLAIM_RULED) | CLAIM_OPEN_ENDS,
	[CLAIM_EVIDENCE] = CLAIM_HEARD | TO(CLAIM_RULED) | CLAIM_OPEN_ENDS,
	[CLAIM_MERCHANT_RESPONSE] = TO(CLAIM_PROPOSED) | TO(CLAIM_RULED) | CLAIM_OPEN_ENDS,
	/* proposed: anew, when the first was declined */
	[CLAIM_PROPOSED] = TO(CLAIM_PROPOSED) | TO(CLAIM_AGREED) | TO(CLAIM_RULED) | CLAIM_OPEN_ENDS,
	/* ruled: by the same entry, an agreement is a ruling by consent */
	[CLAIM_AGREED] = TO(CLAIM_RULED),
	/* reopened: something surfaced before the payment */
	[CLAIM_RULED] = TO(CLAIM_APPROVED) | TO(CLAIM_APPEALED) | TO(CLAIM_REOPENED),
	[CLAIM_APPROVED] = TO(CLAIM_PAYING) | TO(CLAIM_APPEALED) | TO(CLAIM_REOPENED),
	/* approved: its payment never left; reopened: the money is back, and it is void */
	[CLAIM_PAYING] = TO(CLAIM_PAID) | TO(CLAIM_APPROVED) | TO(CLAIM_REOPENED),
	/* paying: the bank returned the money, or there is more */
	[CLAIM_PAID] = TO(CLAIM_CLOSED) | TO(CLAIM_PAYING),
	[CLAIM_CLOSED] = TO(CLAIM_REOPENED),
	[CLAIM_REJECTED] = TO(CLAIM_APPEALED) | TO(CLAIM_REOPENED),
	[CLAIM_WITHDRAWN] = TO(CLAIM_REOPENED),
	[CLAIM_LINKED] = TO(CLAIM_RECEIVED) | TO(CLAIM_REOPENED), /* received: the first one fell */
	[CLAIM_APPEALED] = TO(CLAIM_RULED) | TO(CLAIM_REJECTED) | TO(CLAIM_APPROVED),
	[CLAIM_REOPENED] = TO(CLAIM_EVIDENCE) | CLAIM_HEARD | TO(CLAIM_RULED) | CLAIM_OPEN_ENDS,
};

const char *const life_payout_states[] = {
	"none",
	"draft",
	"checked",
	"instructed",
	"accepted",
	"settled",
	"returned",
	"reissued",
	"rejected",
	"unknown",
	"cancelled",
	"unclaimed",
	"awaiting payee",
	"expired",
	"stopped",
	NULL,
};
/* The end, as a rail says it: it never left. */
#define PAYOUT_KEPT (TO(PAYOUT_REJECTED) | TO(PAYOUT_EXPIRED) | TO(PAYOUT_STOPPED))
#define PAYOUT_UNDERWAY                                                                                      \
	(TO(PAYOUT_ACCEPTED) | TO(PAYOUT_AWAITING) | TO(PAYOUT_SETTLED) | TO(PAYOUT_UNKNOWN) | PAYOUT_KEPT)
/* It can be sent again, or nobody was found; or, which is the order taken back, it never was or had come back. */
#define PAYOUT_AT_REST                                                                                       \
	(TO(PAYOUT_REISSUED) | TO(PAYOUT_CANCELLED) | TO(PAYOUT_RETURNED) | TO(PAYOUT_UNCLAIMED))
static const uint32_t payout_steps[] = {
	[LIFE_NONE] = TO(PAYOUT_INSTRUCTED), /* by the approved distribution */
	[PAYOUT_DRAFT] = 0,
	[PAYOUT_CHECKED] = 0,
	/* settled without accepted: the bank reports the end only */
	[PAYOUT_INSTRUCTED] = TO(PAYOUT_CANCELLED) | PAYOUT_UNDERWAY,
	[PAYOUT_ACCEPTED] = PAYOUT_UNDERWAY,
	[PAYOUT_AWAITING] = PAYOUT_UNDERWAY,
	[PAYOUT_UNKNOWN] = PAYOUT_UNDERWAY,
	/* instructed: the next instalment, out of a pool that has more */
	[PAYOUT_SETTLED] = TO(PAYOUT_RETURNED) | TO(PAYOUT_INSTRUCTED),
	[PAYOUT_RETURNED] = TO(PAYOUT_REISSUED) | TO(PAYOUT_UNCLAIMED) | TO(PAYOUT_CANCELLED),
	[PAYOUT_REISSUED] = TO(PAYOUT_CANCELLED) | TO(PAYOUT_RETURNED) | PAYOUT_UNDERWAY,
	[PAYOUT_REJECTED] = PAYOUT_AT_REST,
	[PAYOUT_EXPIRED] = PAYOUT_AT_REST,
	[PAYOUT_STOPPED] = PAYOUT_AT_REST,
	[PAYOUT_CANCELLED] = TO(PAYOUT_INSTRUCTED),
	[PAYOUT_UNCLAIMED] = PAYOUT_AT_REST & ~TO(PAYOUT_UNCLAIMED),
};

const char *const life_recourse_states[] = {
	"none",
	"inchoate",
	"perfected",
	"demanded",
	"promised",
	"litigated",
	"proof lodged",
	"partial",
	"satisfied",
	"uneconomic",
	NULL,
};
#define RECOURSE_PURSUED (TO(RECOURSE_PROMISED) | TO(RECOURSE_LITIGATED) | TO(RECOURSE_PROOF_LODGED))
#define RECOURSE_MONEY                                                                                       \
	(TO(RECOURSE_PARTIAL) | TO(RECOURSE_SATISFIED)) /* money may come unasked, at any time */
static const uint32_t recourse_steps[] = {
	[LIFE_NONE] =
		TO(RECOURSE_INCHOATE) | TO(RECOURSE_PERFECTED), /* perfected: apportioned after settlement */
	[RECOURSE_INCHOATE] = TO(RECOURSE_PERFECTED),
	[RECOURSE_PERFECTED] = TO(RECOURSE_DEMANDED) | RECOURSE_MONEY | TO(RECOURSE_UNECONOMIC),
	[RECOURSE_DEMANDED] = RECOURSE_PURSUED | RECOURSE_MONEY | TO(RECOURSE_UNECONOMIC),
	[RECOURSE_PROMISED] =
		TO(RECOURSE_LITIGATED) | TO(RECOURSE_PROOF_LODGED) | RECOURSE_MONEY | TO(RECOURSE_UNECONOMIC),
	[RECOURSE_LITIGATED] = TO(RECOURSE_PROOF_LODGED) | RECOURSE_MONEY | TO(RECOURSE_UNECONOMIC),
	[RECOURSE_PROOF_LODGED] = RECOURSE_MONEY | TO(RECOURSE_UNECONOMIC),
	[RECOURSE_PARTIAL] = TO(RECOURSE_PARTIAL) | TO(RECOURSE_SATISFIED) | TO(RECOURSE_DEMANDED) |
			     RECOURSE_PURSUED | TO(RECOURSE_UNECONOMIC),
	[RECOURSE_SATISFIED] = TO(RECOURSE_PARTIAL), /* another party's shortfall is spread to this one */
	/* demanded: it is pursued after all */
	[RECOURSE_UNECONOMIC] = TO(RECOURSE_DEMANDED) | TO(RECOURSE_PARTIAL) | TO(RECOURSE_SATISFIED),
};

const char *const life_write_off_states[] = {
	"none", "proposed", "approved", "written off", "reinstated", NULL};
static const uint32_t write_off_steps[] = {
	[LIFE_NONE] = TO(WRITE_OFF_PROPOSED),
	[WRITE_OFF_PROPOSED] = TO(WRITE_OFF_APPROVED),
	[WRITE_OFF_APPROVED] = TO(WRITE_OFF_WRITTEN_OFF),
	[WRITE_OFF_WRITTEN_OFF] = TO(WRITE_OFF_REINSTATED),
	[WRITE_OFF_REINSTATED] = TO(WRITE_OFF_REINSTATED), /* part by part */
};

const char *const life_appeal_states[] = {"none", "lodged", "stayed", "upheld", "varied", "reversed", NULL};
#define APPEAL_OUTCOMES (TO(APPEAL_UPHELD) | TO(APPEAL_VARIED) | TO(APPEAL_REVERSED))
static const uint32_t appeal_steps[] = {
	[LIFE_NONE] = TO(APPEAL_LODGED),
	[APPEAL_LODGED] = TO(APPEAL_STAYED) | APPEAL_OUTCOMES,
	[APPEAL_STAYED] = APPEAL_OUTCOMES,
	/* lodged: it is judged anew */
	[APPEAL_UPHELD] = TO(APPEAL_LODGED),
	[APPEAL_VARIED] = TO(APPEAL_LODGED),
	[APPEAL_REVERSED] = TO(APPEAL_LODGED),
};

const char *const life_exit_states[] = {
	"none", "requested", "notice", "tail", "offset", "refunded", "cancelled", NULL};
static const uint32_t exit_steps[] = {
	[LIFE_NONE] = TO(EXIT_REQUESTED),
	[EXIT_REQUESTED] = TO(EXIT_NOTICE),
	/* cancelled: it was requested by a slip */
	[EXIT_NOTICE] = TO(EXIT_TAIL) | TO(EXIT_CANCELLED),
	[EXIT_TAIL] = TO(EXIT_OFFSET) | TO(EXIT_CANCELLED),
	[EXIT_OFFSET] = TO(EXIT_REFUNDED) | TO(EXIT_CANCELLED),
	[EXIT_REFUNDED] = TO(EXIT_CANCELLED), /* nor was anything paid */
	[EXIT_CANCELLED] = 0,
};

const char *const life_instrument_states[] = {"none", "in force", "exhausted", "expired", "cancelled", NULL};
#define INSTRUMENT_ENDS (TO(INSTRUMENT_EXPIRED) | TO(INSTRUMENT_CANCELLED))
static const uint32_t instrument_steps[] = {
	[LIFE_NONE] = TO(INSTRUMENT_IN_FORCE),
	[INSTRUMENT_IN_FORCE] = TO(INSTRUMENT_EXHAUSTED) | INSTRUMENT_ENDS,
	[INSTRUMENT_EXHAUSTED] =
		TO(INSTRUMENT_IN_FORCE) | INSTRUMENT_ENDS, /* in force: a refused call gives its limit back */
	[INSTRUMENT_EXPIRED] = 0,
	[INSTRUMENT_CANCELLED] = TO(INSTRUMENT_IN_FORCE), /* it was taken back by a slip */
};

const char *const life_withdrawal_states[] = {"none", "requested", "paid", "cancelled", NULL};
static const uint32_t withdrawal_steps[] = {
	[LIFE_NONE] = TO(WITHDRAWAL_REQUESTED),
	[WITHDRAWAL_REQUESTED] = TO(WITHDRAWAL_PAID) | TO(WITHDRAWAL_CANCELLED),
	[WITHDRAWAL_PAID] = TO(WITHDRAWAL_REQUESTED), /* it was not, after all */
	[WITHDRAWAL_CANCELLED] =
		TO(WITHDRAWAL_REQUESTED), /* the incident that froze it was declared by mistake */
};

const char *const life_payment_batch_states[] = {
	"none", "made", "checked", "sending", "sent", "withdrawn", NULL};
static const uint32_t payment_batch_steps[] = {
	[LIFE_NONE] = TO(PAYMENT_BATCH_MADE),
	[PAYMENT_BATCH_MADE] = TO(PAYMENT_BATCH_CHECKED) | TO(PAYMENT_BATCH_WITHDRAWN),
	/* sent: as one file; withdrawn: nothing of it went out */
	[PAYMENT_BATCH_CHECKED] =
		TO(PAYMENT_BATCH_SENDING) | TO(PAYMENT_BATCH_SENT) | TO(PAYMENT_BATCH_WITHDRAWN),
	/* sending, checked: that a file went out was a slip */
	[PAYMENT_BATCH_SENDING] =
		TO(PAYMENT_BATCH_SENDING) | TO(PAYMENT_BATCH_SENT) | TO(PAYMENT_BATCH_CHECKED),
	[PAYMENT_BATCH_SENT] = TO(PAYMENT_BATCH_SENDING) | TO(PAYMENT_BATCH_CHECKED),
	[PAYMENT_BATCH_WITHDRAWN] = 0,
};

#define LIFE(states_table, steps_table)                                                                      \
	{                                                                                                    \
		sizeof(states_table) / sizeof(states_table)[0] - 2, states_table, steps_table                \
	}
static const struct life lives[LIFE_KINDS] = {
	[LIFE_DEPOSIT] = LIFE(life_deposit_states, deposit_steps),
	[LIFE_INCIDENT] = LIFE(life_incident_states, incident_steps),
	[LIFE_CLAIM] = LIFE(life_claim_states, claim_steps),
	[LIFE_PAYOUT] = LIFE(life_payout_states, payout_steps),
	[LIFE_RECOURSE] = LIFE(life_recourse_states, recourse_steps),
	[LIFE_WRITE_OFF] = LIFE(life_write_off_states, write_off_steps),
	[LIFE_APPEAL] = LIFE(life_appeal_states, appeal_steps),
	[LIFE_EXIT] = LIFE(life_exit_states, exit_steps),
	[LIFE_INSTRUMENT] = LIFE(life_instrument_states, instrument_steps),
	[LIFE_WITHDRAWAL] = LIFE(life_withdrawal_states, withdrawal_steps),
	[LIFE_PAYMENT_BATCH] = LIFE(life_payment_batch_states, payment_batch_steps),
};

bool life_allows(enum life_kind kind, uint32_t from, uint32_t to)
{
	if (kind >= LIFE_KINDS || from > lives[kind].count || to < 1 || to > lives[kind].count)
		return false;
	return (lives[kind].steps[from] & TO(to)) != 0;
}

bool life_step(enum life_kind kind, uint32_t *state, uint32_t to)
{
	bool listed = life_allows(kind, *state, to);
	if (listed)
		*state = to;
	return listed;
}

const char *life_state_name(enum life_kind kind, uint32_t state)
{
	if (kind >= LIFE_KINDS || state > lives[kind].count)
		return NULL;
	return lives[kind].states[state];
}
