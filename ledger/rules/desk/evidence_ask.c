/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/checklist.h"
#include "rule/sealed.h"
#include "rules/claims/claim.h"
#include "rules/desk/desk.h"
#include "rules/desk/evidence.h"
#include "rules/desk/promise.h"

/* ---- evidence.ask, evidence.request: of the consumer, of the merchant or the issuer ---- */

/* The last one is of the consumer a reason, and else of whom. */
enum { ASK_CLAIM, ASK_KIND, ASK_DUE, ASK_NOTE, ASK_PROMISE, ASK_REASON, ASK_PARTY = ASK_REASON };
#define ASK_FIELDS                                                                                           \
	[ASK_CLAIM] = FIELD(ID, "claim", "the claim's id"),                                                  \
	[ASK_KIND] = FIELD(ID, "kind", "of evidence, one on the claim's list"),                              \
	[ASK_DUE] = FIELD(TIME, "due", "by when it is to come"), [ASK_NOTE] = EVIDENCE_NOTE,                 \
	[ASK_PROMISE] = PROMISE_FIELD
static const struct recourse_field ask_fields[] = {
	ASK_FIELDS,
	[ASK_REASON] = FIELD_OPTIONAL(ID, "reason", "reason code: why it is asked for again"),
};
static const struct recourse_field request_fields[] = {
	ASK_FIELDS,
	[ASK_PARTY] = FIELD(ID, "party", "the lot's merchant or issuer, who has it"),
};

/*
 * What is asked for, or a party has answered in whatever way, is not asked for again; nor what is held of the consumer's. What
 * the desk holds of a party's kind is not that party's word.
 */
static enum recourse_error check_again(struct decision *decision, const struct record_listed *listed)
{
	struct record_path path = record_path_of_number(RECORD_ASKED, listed->asked_entry);
	struct record_asked asked;
	bool party = listed->from != EVIDENCE_FROM_CONSUMER;
	if (!party && listed->papers > 0)
		return refuse_entry(decision, RECOURSE_EXISTS, "kind", listed->held_entry);
	if (listed->waived_entry != 0)
		return refuse_entry(decision, RECOURSE_NOT_PERMITTED, "kind", listed->waived_entry);
	if (listed->outcome == ASKED_OPEN)
		return refuse_entry(decision, RECOURSE_EXISTS, "kind", listed->asked_entry);
	if (!party || !listed_is_told(listed))
		return RECOURSE_OK;
	TRY(record_get_named(decision->state, &path, &asked, sizeof asked));
	return refuse_entry(decision, RECOURSE_EXISTS, "kind", asked.ended_entry);
}

/* Whoever was asked before is not asked again and again until it gives in. */
static enum recourse_error check_reason(
	struct decision *decision, const struct record_listed *listed, const struct value *reason)
{
	if (listed->asks == 0 || reason->present)
		return RECOURSE_OK;
	decision->refusal->entry_known = true;
	decision->refusal->entry = listed->asked_entry;
	return refuse(decision, RECOURSE_FIELD_MISSING, "reason", "where it was asked for before");
}

static enum recourse_error check_due(
	struct decision *decision, const struct record_policy *policy, uint64_t due)
{
	char text[INSTANT_TEXT_SIZE];
	uint64_t least = decision->time + (uint64_t)policy->evidence_hours * INSTANT_HOUR;
	if (due <= decision->time || due < least) {
		instant_format(least, text);
		return refuse_limit(decision, RECOURSE_WINDOW_CLOSED, "due", "not before %s", text);
	}
	return terms_within(decision, "due", due, policy->evidence_days);
}

/* Whoever the list says has it, and nobody else. */
static enum recourse_error find_asked(struct decision *decision, const struct value *values, bool consumer,
	const struct listed *listed, const struct record_claim *claim, struct record_asked *asked)
{
	struct record_entitlement lot;
	uint32_t from = listed->record.from;
	if (consumer != (from == EVIDENCE_FROM_CONSUMER))
		return refuse_limit(decision, RECOURSE_NOT_PERMITTED, "kind", "one that the %s has",
			consumer ? "consumer" : "merchant or the issuer");
	TRY(entitlement_find(decision, "claim", RECORD_TEXT(claim->entitlement), &lot));
	if (consumer)
		return RECOURSE_OK;
	TRY(decision_party(decision, "party", values[ASK_PARTY].text, &asked->party));
	if (asked->party != (from == EVIDENCE_FROM_MERCHANT ? lot.merchant : lot.issuer))
		return refuse_limit(decision, RECOURSE_NOT_PERMITTED, "party", "the lot's %s",
			checklist_from_names[from]);
	return RECOURSE_OK;
}

static enum recourse_error ask(struct decision *decision, const struct value *values, bool consumer)
{
	slice id = values[ASK_CLAIM].text;
	struct record_path path = record_path_of_number(RECORD_ASKED, decision->entry);
	struct record_asked asked = {.due = values[ASK_DUE].instant, .outcome = ASKED_OPEN};
	struct record_claim claim;
	struct record_policy policy;
	struct record_desk desk;
	struct listed listed;
	TRY(evidence_waiting(decision, id, &claim, &policy));
	TRY(listed_find(decision, id, values[ASK_KIND].text, &listed));
	TRY(find_asked(decision, values, consumer, &listed, &claim, &asked));
	TRY(check_again(decision, &listed.record));
	if (consumer)
		TRY(check_reason(decision, &listed.record, &values[ASK_REASON]));
	if (listed.record.asks >= LISTED_ASKS_MAX)
		return refuse_limit(
			decision, RECOURSE_FIELD_LIMIT, "kind", "asked for %d times", LISTED_ASKS_MAX);
	TRY(check_due(decision, &policy, asked.due));
	asked.clock = asked.due;
	record_text_set(asked.claim, sizeof asked.claim, id);
	record_text_set(asked.kind, sizeof asked.kind, listed.kind);
	record_text_set(asked.entitlement, sizeof asked.entitlement, RECORD_TEXT(claim.entitlement));
	listed.record.asked_entry = decision->entry;
	listed.record.outcome = ASKED_OPEN;
	listed.record.asks++;
	TRY(decision_put(decision, &path, &asked, sizeof asked));
	TRY(listed_save(decision, id, &listed, &claim));
	TRY(sealed_note(decision, id, &values[ASK_NOTE]));
	claim.last_entry = decision->entry;
	TRY(desk_load(decision->state, id, &desk));
	TRY(desk_save(decision, id, &claim, &desk));
	return promise_keep(decision, id, &values[ASK_PROMISE]);
}

static enum recourse_error apply_ask(struct decision *decision, const struct value *values)
{
	return ask(decision, values, true);
}

static enum recourse_error apply_request(struct decision *decision, const struct value *values)
{
	return ask(decision, values, false);
}

/* ---- what comes of it ---- */

/* What was asked, and of which claim and kind; texts in the arena. */
struct answering {
	struct record_asked asked;
	struct record_claim claim;
	struct listed listed;
	slice id;
};

static enum recourse_error find_claim(struct decision *decision, struct answering *answering)
{
	slice kind;
	TRY(arena_copy(decision->arena, RECORD_TEXT(answering->asked.claim), &answering->id));
	TRY(arena_copy(decision->arena, RECORD_TEXT(answering->asked.kind), &kind));
	TRY(claim_find(decision, answering->id, &answering->claim));
	return listed_find(decision, answering->id, kind, &answering->listed);
}

static enum recourse_error save(struct decision *decision, struct answering *answering)
{
	TRY(listed_save(decision, answering->id, &answering->listed, &answering->claim));
	return claim_put_about(decision, answering->id, &answering->claim);
}

static enum recourse_error find_lot(
	struct decision *decision, const struct answering *answering, struct record_entitlement *lot)
{
	return entitlement_find(decision, "claim", RECORD_TEXT(answering->claim.entitlement), lot);
}

static enum recourse_error save_lot(
	struct decision *decision, const struct answering *answering, const struct record_entitlement *lot)
{
	return entitlement_save(decision, RECORD_TEXT(answering->claim.entitlement), lot);
}

/* Of a lot of which nothing is known, no use is presumed, until records surface. */
static enum recourse_error presume(struct decision *decision, const struct answering *answering)
{
	struct record_entitlement lot;
	TRY(find_lot(decision, answering, &lot));
	if (lot.evidence != EVIDENCE_NONE)
		return RECOURSE_OK;
	lot.evidence = EVIDENCE_UNAVAILABLE;
	lot.evidence_entry = decision->entry;
	return save_lot(decision, answering, &lot);
}

static enum recourse_error withhold(struct decision *decision, const struct answering *answering)
{
	struct record_entitlement lot;
	TRY(find_lot(decision, answering, &lot));
	if (lot.withheld_entry != 0)
		return RECOURSE_OK;
	lot.withheld_entry = decision->entry;
	return save_lot(decision, answering, &lot);
}

enum recourse_error evidence_ask_overdue(struct decision *decision, slice subject)
{
	struct answering answering;
	uint64_t entry;
	TRY(clock_subject_read_entry(decision, subject, &entry));
	struct record_path path = record_path_of_number(RECORD_ASKED, entry);
	TRY(decision_find(decision, "subject", &path, &answering.asked, sizeof answering.asked));
	TRY(find_claim(decision, &answering));
	decision_fact_text(decision, "claim", answering.id);
	decision_fact_text(decision, "kind", answering.listed.kind);
	decision_fact_text(decision, "from", slice_text(checklist_from_names[answering.listed.record.from]));
	TRY(listed_end(decision, &answering.listed, ASKED_SILENT));
	if (answering.asked.party != 0)
		TRY(withhold(decision, &answering));
	return save(decision, &answering);
}

/* ---- evidence.answer ---- */

static const char *const answer_names[] = {"record", "no-record", NULL};
enum { ANSWER_IS_RECORD, ANSWER_IS_NO_RECORD };
enum { ANSWER_REQUEST, ANSWER_ANSWER, ANSWER_HASH, ANSWER_NOTE };
static const struct recourse_field answer_fields[] = {
	[ANSWER_REQUEST] = FIELD_INTEGER("request", 1, INT64_MAX, "the entry that asked"),
	[ANSWER_ANSWER] = FIELD_CHOICE("answer", answer_names, "what the party says"),
	[ANSWER_HASH] = FIELD_OPTIONAL(HASH, "evidence_hash",
		"SHA-256 of the record; of what the party wrote, where it does not say so by its own key"),
	[ANSWER_NOTE] = EVIDENCE_NOTE,
};

/* What others were asked is answered like what is not there (I3). */
static enum recourse_error find_request(
	struct decision *decision, uint64_t entry, struct record_asked *asked, bool *own)
{
	struct record_path path = record_path_of_number(RECORD_ASKED, entry);
	TRY(decision_find(decision, "request", &path, asked, sizeof *asked));
	*own = !decision->carried && asked->party == decision->actor->party_number;
	bool clerk = decision->carried || (decision->actor->roles & RECOURSE_ROLE_OPERATOR) != 0;
	return asked->party == 0 || (!*own && !clerk) ? refuse(decision, RECOURSE_NOT_FOUND, "request", NULL)
						      : RECOURSE_OK;
}

static enum recourse_error check_window(struct decision *decision, const struct record_asked *asked)
{
	char due[INSTANT_TEXT_SIZE];
	if (asked->outcome == ASKED_SILENT || (asked->outcome == ASKED_OPEN && decision->time > asked->due)) {
		instant_format(asked->due, due);
		return refuse_limit(decision, RECOURSE_WINDOW_CLOSED, "request", "until %s", due);
	}
	return asked->outcome == ASKED_OPEN
		       ? RECOURSE_OK
		       : refuse_entry(decision, RECOURSE_EXISTS, "request", asked->ended_entry);
}

static enum recourse_error check_answer(struct decision *decision, const struct value *values, bool own)
{
	bool record = values[ANSWER_ANSWER].integer == ANSWER_IS_RECORD;
	if (!values[ANSWER_HASH].present && (record || !own))
		return refuse(decision, RECOURSE_EVIDENCE_MISSING, "evidence_hash",
			"of the record, or of what the party wrote");
	return RECOURSE_OK;
}

static enum recourse_error apply_answer(struct decision *decision, const struct value *values)
{
	struct answering answering;
	slice holder;
	bool own;
	TRY(find_request(decision, (uint64_t)values[ANSWER_REQUEST].integer, &answering.asked, &own));
	TRY(check_window(decision, &answering.asked));
	TRY(check_answer(decision, values, own));
	TRY(find_claim(decision, &answering));
	TRY(party_name(decision->state, decision->arena, answering.asked.party, &holder));
	TRY(sealed_note(decision, answering.id, &values[ANSWER_NOTE]));
	if (values[ANSWER_ANSWER].integer == ANSWER_IS_NO_RECORD) {
		TRY(presume(decision, &answering));
		TRY(listed_end(decision, &answering.listed, ASKED_NO_RECORD));
	} else {
		TRY(listed_end(decision, &answering.listed, ASKED_ANSWERED));
		TRY(listed_hold(decision, answering.id, &answering.listed, values[ANSWER_HASH].text, holder,
			&answering.claim));
	}
	return save(decision, &answering);
}

static const struct command rows[] = {
	COMMAND("evidence.ask", RECOURSE_ROLE_AGENT | RECOURSE_ROLE_OPERATOR, ask_fields, apply_ask,
		"ask the consumer for what is on the claim's list and not held", RECOURSE_EXISTS,
		RECOURSE_NOT_FOUND, RECOURSE_STATE_WRONG, RECOURSE_WINDOW_CLOSED, RECOURSE_NOT_PERMITTED),
	COMMAND("evidence.request", RECOURSE_ROLE_AGENT | RECOURSE_ROLE_OPERATOR, request_fields,
		apply_request, "ask the lot's merchant or issuer; silence makes what it has withheld",
		RECOURSE_EXISTS, RECOURSE_NOT_FOUND, RECOURSE_STATE_WRONG, RECOURSE_WINDOW_CLOSED,
		RECOURSE_NOT_PERMITTED),
	COMMAND("evidence.answer", RECOURSE_ROLE_MERCHANT | RECOURSE_ROLE_OPERATOR, answer_fields,
		apply_answer, "the party that was asked answers, or an operator writes down what it said",
		RECOURSE_EXISTS, RECOURSE_WINDOW_CLOSED, RECOURSE_EVIDENCE_MISSING, RECOURSE_NOT_FOUND),
};
const struct command_group evidence_ask_commands = COMMAND_GROUP(rows);
