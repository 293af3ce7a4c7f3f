/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/payout/appeal.h"

#include "rules/deposit/deposit.h"
#include "rules/incident/incident.h"
#include "rules/incident/section.h"
#include "rules/payout/restored.h"
#include "rules/recourse/settle_up.h"

/* An appeal with what it is about. Texts in the arena. */
struct appeal {
	uint64_t entry;
	struct record_appeal record;
	struct record_deduction deduction;
	struct record_incident incident;
	struct record_section section;
	slice merchant;
	slice reference; /* the incident's id */
};

/* What a deduction leads to: its incident, whose policy governs the entry, and its merchant. */
static enum recourse_error governing_deduction(struct decision *decision, struct appeal *appeal)
{
	const struct record_deduction *deduction = &appeal->deduction;
	TRY(incident_referred(decision, deduction->incident, &appeal->incident, &appeal->reference));
	incident_name_policy(decision, &appeal->incident);
	uint32_t section = deduction->closing != 0 ? deduction->closing : deduction->merchant;
	TRY(section_load(decision->state, deduction->incident, section, &appeal->section));
	return party_name(decision->state, decision->arena, deduction->merchant, &appeal->merchant);
}

/* By its entry: its incident's policy is named in this one. NOT_FOUND with that field. */
static enum recourse_error governing_appeal(
	struct decision *decision, const char *field, uint64_t entry, struct appeal *appeal)
{
	struct record_path path = record_path_of_number(RECORD_APPEAL, entry);
	appeal->entry = entry;
	TRY(decision_find(decision, field, &path, &appeal->record, sizeof appeal->record));
	path = record_path_of_number(RECORD_DEDUCTION, appeal->record.deduction);
	record_path_short(&path, appeal->record.merchant);
	TRY(record_get_named(decision->state, &path, &appeal->deduction, sizeof appeal->deduction));
	return governing_deduction(decision, appeal);
}

/* Keeps the record and makes the entry one about the incident and the merchant. */
static enum recourse_error put_appeal(struct decision *decision, const struct appeal *appeal)
{
	struct record_path path = record_path_of_number(RECORD_APPEAL, appeal->entry);
	TRY(decision_put(decision, &path, &appeal->record, sizeof appeal->record));
	TRY(decision_about(decision, RECORD_INCIDENT, appeal->reference));
	return decision_about(decision, RECORD_PARTY, appeal->merchant);
}

static enum recourse_error put_all(struct decision *decision, const struct appeal *appeal)
{
	TRY(incident_save(decision, &appeal->incident));
	TRY(section_save(decision, &appeal->section));
	return put_appeal(decision, appeal);
}

/* ---- appeal.lodge ---- */

enum { LODGE_MERCHANT, LODGE_DEDUCTION, LODGE_REASON, LODGE_HASH };
static const struct recourse_field lodge_fields[] = {
	[LODGE_MERCHANT] =
		FIELD(ID, "merchant", "whose deposit was deducted from; its own key, or an operator's"),
	[LODGE_DEDUCTION] = FIELD_INTEGER("deduction", 1, INT64_MAX, "the entry that deducted"),
	[LODGE_REASON] = FIELD(ID, "reason", "reason code"),
	[LODGE_HASH] = FIELD_OPTIONAL(HASH, "evidence_hash", "SHA-256 of what the appeal rests on"),
};

bool appeal_is_decided(const struct record_appeal *appeal)
{
	return appeal->state >= APPEAL_UPHELD;
}

enum recourse_error appeal_bars(
	struct state_view *view, const struct record_deduction *deduction, bool own, bool *bars)
{
	struct record_path path = record_path_of_number(RECORD_APPEAL, deduction->appeal);
	struct record_appeal appeal;
	struct record_key lodger;
	*bars = deduction->appeal != 0;
	if (!*bars || !own)
		return RECOURSE_OK;
	TRY(record_get_named(view, &path, &appeal, sizeof appeal));
	TRY(person_key(view, appeal.lodger, &lodger));
	*bars = lodger.party == deduction->merchant || appeal.state == APPEAL_REVERSED;
	return RECOURSE_OK;
}

/* Another merchant's deduction is answered like one that is not there: nobody learns what concerns others. */
static enum recourse_error check_lodging(struct decision *decision, const struct value *values,
	struct record_path *path, struct record_deduction *deduction)
{
	bool bars;
	uint32_t merchant;
	slice id = values[LODGE_MERCHANT].text;
	TRY(decision_own(decision, "merchant", id));
	TRY(decision_party(decision, "merchant", id, &merchant));
	record_path_short(path, merchant);
	TRY(decision_find(decision, "deduction", path, deduction, sizeof *deduction));
	if (decision->time > deduction->until) {
		char until[INSTANT_TEXT_SIZE];
		instant_format(deduction->until, until);
		return refuse_limit(decision, RECOURSE_WINDOW_CLOSED, "deduction", "until %s", until);
	}
	TRY(appeal_bars(decision->state, deduction, decision->actor->party_number == merchant, &bars));
	return bars ? refuse_entry(decision, RECOURSE_EXISTS, "deduction", deduction->appeal) : RECOURSE_OK;
}

/* The merchant's own in the place of one that another lodged: what was judged and restored by that stands till it is decided. */
static enum recourse_error take_over(struct decision *decision, struct appeal *appeal)
{
	struct record_appeal *record = &appeal->record;
	struct record_path path = record_path_of_number(RECORD_APPEAL, appeal->deduction.appeal);
	appeal->entry = appeal->deduction.appeal;
	TRY(record_get_named(decision->state, &path, record, sizeof *record));
	record->lodger = decision->actor->key;
	record->lodged = decision->time;
	if (!appeal_is_decided(record))
		return RECOURSE_OK;
	record->stayed_entry = 0;
	record->due = 0;
	return decision_step(decision, LIFE_APPEAL, &record->state, APPEAL_LODGED, "deduction");
}

static enum recourse_error begin(struct decision *decision, struct appeal *appeal)
{
	appeal->deduction.appeal = decision->entry;
	appeal->record.incident = appeal->deduction.incident;
	appeal->record.merchant = appeal->deduction.merchant;
	TRY(decision_step(decision, LIFE_APPEAL, &appeal->record.state, APPEAL_LODGED, "deduction"));
	return decision_about(decision, RECORD_APPEAL, appeal->merchant);
}

static enum recourse_error apply_lodge(struct decision *decision, const struct value *values)
{
	struct record_policy policy;
	struct appeal appeal = {
		.entry = decision->entry,
		.record = {.deduction = (uint64_t)values[LODGE_DEDUCTION].integer,
			.lodger = decision->actor->key,
			.lodged = decision->time},
	};
	struct record_path path = record_path_of_number(RECORD_DEDUCTION, appeal.record.deduction);
	TRY(check_lodging(decision, values, &path, &appeal.deduction));
	TRY(governing_deduction(decision, &appeal));
	TRY(incident_terms(decision, &appeal.incident, &policy));
	TRY(appeal.deduction.appeal == 0 ? begin(decision, &appeal) : take_over(decision, &appeal));

	record_text_set(appeal.record.reason, sizeof appeal.record.reason, values[LODGE_REASON].text);
	decision_fact_text(decision, "incident", appeal.reference);
	decision_fact_amount(decision, "deducted", &appeal.incident.unit, appeal.deduction.amount);
	if (appeal.entry != decision->entry)
		decision_fact_integer(decision, "appeal", appeal.entry);
	if (appeal.record.due == 0) {
		appeal.record.due = decision->time + (uint64_t)policy.appeal_decision_days * INSTANT_DAY;
		appeal.record.clock = appeal.record.due;
	}
	decision_fact_instant(decision, "due", appeal.record.due);
	TRY(decision_put(decision, &path, &appeal.deduction, sizeof appeal.deduction));
	return put_appeal(decision, &appeal);
}

/* ---- appeal.stay ---- */

enum { STAY_APPEAL, STAY_REASON };
static const struct recourse_field stay_fields[] = {
	[STAY_APPEAL] = FIELD_INTEGER("appeal", 1, INT64_MAX, "the entry that lodged it"),
	[STAY_REASON] = FIELD(ID, "reason", "reason code"),
};

static enum recourse_error apply_stay(struct decision *decision, const struct value *values)
{
	struct appeal appeal;
	TRY(governing_appeal(decision, "appeal", (uint64_t)values[STAY_APPEAL].integer, &appeal));
	TRY(decision_not_own(decision, "appeal", appeal.deduction.merchant));
	TRY(decision_step(decision, LIFE_APPEAL, &appeal.record.state, APPEAL_STAYED, "appeal"));

	appeal.record.stayed_entry = decision->entry;
	appeal.incident.stays++;
	decision_fact_text(decision, "incident", appeal.reference);
	TRY(incident_save(decision, &appeal.incident));
	return put_appeal(decision, &appeal);
}

enum recourse_error appeal_check_stays(
	struct decision *decision, const char *field, const struct record_incident *incident)
{
	struct record_path prefix = record_path_of_short(RECORD_STAY, incident->number);
	if (incident->stays == 0)
		return RECOURSE_OK;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &prefix);
	if (record_walk_next(&walk, NULL, 0))
		return refuse_entry(decision, RECOURSE_NOT_PERMITTED, field, walk.key.parts[1].number);
	return walk.error == RECOURSE_OK ? RECOURSE_STORE_CORRUPT : walk.error;
}

enum recourse_error appeal_overdue(struct decision *decision, slice subject)
{
	struct appeal appeal;
	uint64_t entry;
	TRY(clock_subject_read_entry(decision, subject, &entry));
	TRY(governing_appeal(decision, "subject", entry, &appeal));
	appeal.record.overdue_entry = decision->entry;
	decision_fact_text(decision, "merchant", appeal.merchant);
	decision_fact_text(decision, "state", slice_text(life_state_name(LIFE_APPEAL, appeal.record.state)));
	return put_appeal(decision, &appeal);
}

/* ---- appeal.decide ---- */

/* What the merchant is to have again waits for the funder's cash in accounts of the appeal's own: see README.md. */
enum { OUTCOME_UPHELD, OUTCOME_VARIED, OUTCOME_REVERSED }; /* as the states are from APPEAL_UPHELD on */
static const char *const outcome_names[] = {"upheld", "varied", "reversed", NULL};

enum { DECIDE_APPEAL, DECIDE_OUTCOME, DECIDE_AMOUNT, DECIDE_BASIS, DECIDE_REASON };
static const struct recourse_field decide_fields[] = {
	[DECIDE_APPEAL] = FIELD_INTEGER("appeal", 1, INT64_MAX, "the entry that lodged it"),
	[DECIDE_OUTCOME] = FIELD_CHOICE("outcome", outcome_names, "of the deduction"),
	[DECIDE_AMOUNT] = FIELD_OPTIONAL(
		AMOUNT, "amount", "outcome varied: restored to the deposit; less than was deducted"),
	[DECIDE_BASIS] = FIELD(HASH, "basis_hash", "SHA-256 of the decision and its grounds"),
	[DECIDE_REASON] = FIELD(ID, "reason", "reason code"),
};

/* Of what an end took for a debt: what its party was paid since as its own is not restored to it once more. */
static enum recourse_error find_borne(struct decision *decision, const struct appeal *appeal, int64_t *left)
{
	struct record_liability liability;
	TRY(liability_row(decision, "appeal", &appeal->section, appeal->merchant, &liability));
	int64_t others = liability.restored - appeal->record.funded;
	*left = amount_least(liability.received - liability.paid_out - others, appeal->deduction.amount);
	return RECOURSE_OK;
}

/* What of it went back when claims were lowered is not restored once more. */
static enum recourse_error find_left(struct decision *decision, const struct appeal *appeal, int64_t *left)
{
	return appeal->deduction.closing != 0 ? find_borne(decision, appeal, left)
					      : restored_left(decision, &appeal->incident, &appeal->deduction,
							appeal->record.deduction, left);
}

static enum recourse_error check_varied(
	struct decision *decision, const struct appeal *appeal, int64_t least, int64_t most)
{
	const struct unit *unit = &appeal->incident.unit;
	int64_t steps = appeal->record.restored;
	int64_t deducted = appeal->deduction.amount;
	char text[AMOUNT_TEXT_SIZE];
	if (steps >= deducted) {
		amount_format(unit, deducted, text);
		return refuse_limit(decision, RECOURSE_AMOUNT_RANGE, "amount", "below %s", text);
	}
	if (steps < least) {
		amount_format(unit, least, text);
		return refuse_limit(decision, RECOURSE_AMOUNT_RANGE, "amount", "at least %s", text);
	}
	return steps > most ? refuse_amount(decision, RECOURSE_INSUFFICIENT, "amount", unit, steps, most)
			    : RECOURSE_OK;
}

/* What is to be restored, no less than `least`. */
static enum recourse_error read_restored(
	struct decision *decision, const struct value *values, struct appeal *appeal, int64_t least)
{
	const struct unit *unit = &appeal->incident.unit;
	int64_t left;
	int64_t outcome = values[DECIDE_OUTCOME].integer;
	bool given = values[DECIDE_AMOUNT].present;
	TRY(find_left(decision, appeal, &left));
	left = amount_most(left, least);
	appeal->record.restored = outcome == OUTCOME_REVERSED ? left : least;
	if (outcome != OUTCOME_VARIED)
		return given ? refuse(decision, RECOURSE_NOT_PERMITTED, "amount", "with outcome varied only")
			     : RECOURSE_OK;
	if (!given)
		return refuse(decision, RECOURSE_FIELD_MISSING, "amount", "given with outcome varied");
	TRY(decision_amount(decision, "amount", values[DECIDE_AMOUNT].text, unit, &appeal->record.restored));
	return check_varied(decision, appeal, least, left);
}

/* Whoever approved the deduction or lodged the appeal does not judge it, nor does the merchant by any key at all. */
static enum recourse_error check_judge(
	struct decision *decision, const char *field, const struct appeal *appeal)
{
	static const char limit[] = "nobody deducts or appeals and decides the same appeal";
	const uint32_t keys[] = {appeal->deduction.approver, appeal->record.lodger};
	TRY(person_differs(decision, keys, 2, field, limit));
	bool own =
		decision->actor->party_number == appeal->deduction.merchant ||
		(decision->checker != NULL && decision->checker->party_number == appeal->deduction.merchant);
	return own ? refuse(decision, RECOURSE_SAME_PERSON, field, limit) : RECOURSE_OK;
}

/* Of its rounds; what an end took paid its merchant's debt, and was in none. */
static enum recourse_error restore_of_rounds(struct decision *decision, struct appeal *appeal, int64_t steps)
{
	return appeal->deduction.closing ? RECOURSE_OK
					 : restored_decide(decision, &appeal->incident, &appeal->section,
						   &appeal->deduction, appeal->record.deduction, steps);
}

/* What it restores waits for the funder's cash; `before` of it did already. */
static enum recourse_error restore(
	struct decision *decision, const char *field, struct appeal *appeal, int64_t before)
{
	const struct unit *unit = &appeal->incident.unit;
	slice funder;
	slice account;
	TRY(account_reference_make(decision->arena, appeal->entry, &account));
	TRY(party_name(decision->state, decision->arena, appeal->incident.funder, &funder));
	if (appeal->record.restored != before)
		TRY(incident_money_moved(decision, field, &appeal->incident));
	decision_fact_amount(decision, "deducted", unit, appeal->deduction.amount);
	decision_fact_amount(decision, "restored", unit, appeal->record.restored);
	TRY(decision_move(decision, unit, appeal->record.restored - before, CHART_COMMITMENT, funder,
		CHART_DEPOSIT_FROZEN, appeal->merchant, account));
	return appeal->deduction.closing || appeal->record.restored == before
		       ? RECOURSE_OK
		       : restored_settle(decision, &appeal->incident, &appeal->section, &appeal->deduction);
}

static void note_decided(struct decision *decision, struct appeal *appeal)
{
	appeal->record.clock = 0;
	appeal->record.decided_entry = decision->entry;
	appeal->record.decider = decision->actor->key;
}

static void name_booked(const struct appeal *appeal, struct record_booked *booked)
{
	booked->unit = appeal->incident.unit;
	booked->amount = appeal->record.restored;
	booked->kind = BOOKED_DECIDED;
	booked->before = appeal->entry;
	record_text_set(booked->id, sizeof booked->id, appeal->merchant);
	record_text_set(booked->reference, sizeof booked->reference, appeal->reference);
}

/* One that the merchant took over was judged before: this judgment is in the place of that one. */
static enum recourse_error keep_decided(
	struct decision *decision, const struct appeal *appeal, uint64_t replaces)
{
	struct booked booked = {.entry = replaces};
	name_booked(appeal, &booked.record);
	return replaces == 0 ? booked_keep(decision, &booked.record) : booked_correct(decision, &booked);
}

static enum recourse_error apply_decide(struct decision *decision, const struct value *values)
{
	struct appeal appeal;
	uint32_t state = APPEAL_UPHELD + (uint32_t)values[DECIDE_OUTCOME].integer;
	TRY(governing_appeal(decision, "appeal", (uint64_t)values[DECIDE_APPEAL].integer, &appeal));
	TRY(decision_step(decision, LIFE_APPEAL, &appeal.record.state, state, "appeal"));
	TRY(check_judge(decision, "appeal", &appeal));
	int64_t before = appeal.record.restored;
	uint64_t replaces = appeal.record.decided_entry;
	TRY(read_restored(decision, values, &appeal, before));
	if (state == APPEAL_UPHELD && before > 0)
		appeal.record.state = APPEAL_VARIED;

	appeal.incident.stays -= appeal.record.stayed_entry != 0;
	note_decided(decision, &appeal);
	TRY(restore_of_rounds(decision, &appeal, appeal.record.restored - before));
	TRY(restore(decision, "appeal", &appeal, before));
	TRY(keep_decided(decision, &appeal, replaces));
	return put_all(decision, &appeal);
}

/* ---- appeal.redecide: another judgment in the place of one ---- */

/* The same fields, but that the judgment is named and not the appeal. */
static const struct recourse_field redecide_fields[] = {
	[DECIDE_APPEAL] = FIELD_INTEGER("entry", 1, INT64_MAX, "the judgment that it replaces"),
	[DECIDE_OUTCOME] = FIELD_CHOICE("outcome", outcome_names, "of the deduction"),
	[DECIDE_AMOUNT] = FIELD_OPTIONAL(
		AMOUNT, "amount", "outcome varied: restored to the deposit; less than was deducted"),
	[DECIDE_BASIS] = FIELD(HASH, "basis_hash", "SHA-256 of the decision and its grounds"),
	[DECIDE_REASON] = FIELD(ID, "reason", "reason code"),
};

static enum recourse_error refuse_funded(struct decision *decision, const struct appeal *appeal)
{
	slice funder;
	slice account;
	TRY(account_reference_make(decision->arena, appeal->entry, &account));
	TRY(party_name(decision->state, decision->arena, appeal->incident.funder, &funder));
	return booked_went_on(
		decision, CHART_COMMITMENT, funder, account, &appeal->incident.unit, BOOKED_CREDIT);
}

/* What the funder paid in rests on it, unless as much is restored by this one: by section, of an issuer's pool. */
static enum recourse_error keep_funded(struct decision *decision, struct appeal *appeal)
{
	bool fits = true;
	if (appeal->section.restored_recourse > 0 && !appeal->deduction.closing)
		TRY(restored_share_funded(decision, &appeal->incident, &appeal->section, &fits));
	return fits ? RECOURSE_OK : refuse_funded(decision, appeal);
}

static enum recourse_error apply_redecide(struct decision *decision, const struct value *values)
{
	struct appeal appeal;
	struct booked booked;
	uint32_t state = APPEAL_UPHELD + (uint32_t)values[DECIDE_OUTCOME].integer;
	TRY(booked_find(decision, &values[DECIDE_APPEAL], BOOKED_KIND(BOOKED_DECIDED), &booked));
	TRY(governing_appeal(decision, "entry", booked.record.before, &appeal));
	TRY(check_judge(decision, "entry", &appeal));
	int64_t before = appeal.record.restored;
	TRY(read_restored(decision, values, &appeal, 0));
	if (appeal.record.funded > appeal.record.restored)
		return refuse_funded(decision, &appeal);
	TRY(decision_step(decision, LIFE_APPEAL, &appeal.record.state, APPEAL_LODGED, "entry"));
	TRY(decision_step(decision, LIFE_APPEAL, &appeal.record.state, state, "entry"));
	if (!appeal.deduction.closing)
		TRY(restored_undecide(decision, &appeal.incident, &appeal.section, &appeal.deduction,
			appeal.record.deduction));

	note_decided(decision, &appeal);
	TRY(restore_of_rounds(decision, &appeal, appeal.record.restored));
	TRY(keep_funded(decision, &appeal));
	TRY(restore(decision, "entry", &appeal, before));
	name_booked(&appeal, &booked.record);
	TRY(booked_correct(decision, &booked));
	return put_all(decision, &appeal);
}

/* ---- appeal.fund ---- */

enum { FUND_APPEAL, FUND_AMOUNT, FUND_BANK };
static const struct recourse_field fund_fields[] = {
	[FUND_APPEAL] = FIELD_INTEGER("appeal", 1, INT64_MAX, "the entry that lodged it"),
	[FUND_AMOUNT] = FIELD(AMOUNT, "amount", "received from the funder, at most what is to be restored"),
	[FUND_BANK] = ATTEST_LINE(FIELD),
};

static enum recourse_error check_funding(
	struct decision *decision, const struct value *values, struct appeal *appeal, int64_t *steps)
{
	const struct unit *unit = &appeal->incident.unit;
	uint32_t state = appeal->record.state;
	TRY(section_custodian(decision, "appeal", &appeal->section));
	if (state != APPEAL_VARIED && state != APPEAL_REVERSED && appeal->record.restored == 0)
		return refuse_state(decision, "appeal", life_state_name(LIFE_APPEAL, state));
	TRY(decision_amount(decision, "amount", values[FUND_AMOUNT].text, unit, steps));
	int64_t open = appeal->record.restored - appeal->record.funded;
	if (*steps > open)
		return refuse_amount(decision, RECOURSE_INSUFFICIENT, "amount", unit, *steps, open);
	return RECOURSE_OK;
}

/* What an end took paid a debt: whoever pays that after all pays the funder, who stands in its party's place. */
static enum recourse_error stand_in(struct decision *decision, struct appeal *appeal, int64_t steps)
{
	struct record_liability liability;
	struct settled settled;
	TRY(liability_row(decision, "appeal", &appeal->section, appeal->merchant, &liability));
	liability.restored += steps;
	TRY(liability_put(decision, &appeal->section, appeal->merchant, &liability));
	return settle_up(decision, &appeal->incident, &appeal->section, &settled);
}

/* What the funder restored it advanced in the deposit's place: see README.md. `*steps` is less where there is no room. */
static enum recourse_error make_recourse(struct decision *decision, struct appeal *appeal, int64_t *steps)
{
	int64_t recourse = 0;
	if (appeal->deduction.closing)
		TRY(stand_in(decision, appeal, *steps));
	else
		TRY(restored_fund(decision, &appeal->incident, &appeal->section, steps, &recourse));
	decision_fact_amount(decision, "recourse", &appeal->incident.unit, recourse);
	return RECOURSE_OK;
}

/* From the funder to the merchant, through the custodian. */
static enum recourse_error pass_on(struct decision *decision, const struct value *line,
	const struct appeal *appeal, slice funder, int64_t steps)
{
	const struct record_incident *incident = &appeal->incident;
	const struct unit *unit = &incident->unit;
	slice account;
	TRY(account_reference_make(decision->arena, appeal->entry, &account));
	TRY(attest_received(decision, line, unit, steps, CHART_COMMITMENT, funder, account));
	TRY(decision_post(decision, CHART_DEPOSIT_FROZEN, appeal->merchant, account, unit, steps));
	TRY(deposit_restore(decision, appeal->merchant, unit, steps));
	TRY(deposit_reverse_keep_restored(
		decision, appeal->entry, appeal->merchant, line->text, unit, steps));
	/* the entry is the incident's, also where an exit holds the money */
	incident_name_policy(decision, incident);
	return RECOURSE_OK;
}

static enum recourse_error make_all_recourse(struct decision *decision, struct appeal *appeal, int64_t steps)
{
	int64_t made = steps;
	TRY(make_recourse(decision, appeal, &made));
	return made == steps ? RECOURSE_OK : settle_up_refuse_more(decision, &appeal->incident.unit, made);
}

static enum recourse_error apply_fund(struct decision *decision, const struct value *values)
{
	struct appeal appeal;
	slice funder;
	int64_t steps;
	TRY(governing_appeal(decision, "appeal", (uint64_t)values[FUND_APPEAL].integer, &appeal));
	TRY(check_funding(decision, values, &appeal, &steps));
	TRY(party_name(decision->state, decision->arena, appeal.incident.funder, &funder));

	appeal.record.funded += steps;
	decision_fact_amount(
		decision, "open", &appeal.incident.unit, appeal.record.restored - appeal.record.funded);
	TRY(pass_on(decision, &values[FUND_BANK], &appeal, funder, steps));
	TRY(make_all_recourse(decision, &appeal, steps));
	TRY(section_save(decision, &appeal.section));
	return put_appeal(decision, &appeal);
}

/* ---- appeal.reverse: the funder did not pay it in, or for another ---- */

static enum recourse_error check_open(
	struct decision *decision, const struct appeal *appeal, const struct booked *booked)
{
	int64_t open = appeal->record.restored - appeal->record.funded;
	return booked->record.takes_back == 0 || booked->record.amount <= open
		       ? RECOURSE_OK
		       : refuse_amount(decision, RECOURSE_INSUFFICIENT, "entry", &appeal->incident.unit,
				 booked->record.amount, open);
}

/* It is no recourse: what parties paid of that waits again, and what was remitted to the funder rests on it. */
static enum recourse_error unmake_recourse(struct decision *decision, struct appeal *appeal, int64_t *steps)
{
	int64_t owed_back = appeal->section.owed_back;
	if (!appeal->deduction.closing)
		return restored_unfund(decision, &appeal->incident, &appeal->section, steps);
	TRY(stand_in(decision, appeal, -*steps));
	return restored_check(decision, &appeal->incident, &appeal->section, owed_back);
}

/* It waits under the appeal's own reference again: as much as there is room for to book anew what hangs on it. */
static enum recourse_error take_back_funding(
	struct decision *decision, struct appeal *appeal, struct booked *booked, slice funder)
{
	bool again = booked->record.takes_back != 0;
	int64_t *amount = &booked->record.amount;
	slice account;
	TRY(account_reference_make(decision->arena, appeal->entry, &account));
	TRY((again ? make_recourse(decision, appeal, amount) : unmake_recourse(decision, appeal, amount)));
	int64_t steps = again ? -*amount : *amount;
	appeal->record.funded -= steps;
	TRY(deposit_reverse_money(decision, booked));
	incident_name_policy(decision, &appeal->incident);
	return decision_move(decision, &appeal->incident.unit, steps, CHART_COMMITMENT, funder,
		CHART_DEPOSIT_FROZEN, appeal->merchant, account);
}

static enum recourse_error apply_reverse(struct decision *decision, const struct value *values)
{
	struct appeal appeal;
	struct booked booked;
	slice funder;
	TRY(booked_find(decision, &values[BOOKED_ENTRY], BOOKED_KIND(BOOKED_RESTORED), &booked));
	TRY(governing_appeal(decision, "entry", booked.record.before, &appeal));
	TRY(incident_money_moved(decision, "entry", &appeal.incident));
	TRY(check_open(decision, &appeal, &booked));
	TRY(party_name(decision->state, decision->arena, appeal.incident.funder, &funder));
	TRY(take_back_funding(decision, &appeal, &booked, funder));
	decision_fact_amount(
		decision, "open", &appeal.incident.unit, appeal.record.restored - appeal.record.funded);
	TRY(booked_correct(decision, &booked));
	return put_all(decision, &appeal);
}

static const struct command rows[] = {
	COMMAND("appeal.lodge", RECOURSE_ROLE_MERCHANT | RECOURSE_ROLE_OPERATOR, lodge_fields, apply_lodge,
		"a merchant appeals a deduction from its deposit; its number is the entry", RECOURSE_EXISTS,
		RECOURSE_WINDOW_CLOSED, RECOURSE_NOT_PERMITTED),
	COMMAND("appeal.stay", RECOURSE_ROLE_APPROVER, stay_fields, apply_stay,
		"no payout of the incident is ordered until the appeal is decided", RECOURSE_STATE_WRONG,
		RECOURSE_NOT_PERMITTED),
	COMMAND("appeal.decide", RECOURSE_ROLE_APPROVER, decide_fields, apply_decide,
		"uphold, vary or reverse an appealed deduction; ends the stay", RECOURSE_STATE_WRONG,
		RECOURSE_INSUFFICIENT, RECOURSE_SAME_PERSON, RECOURSE_NOT_PERMITTED),
	COMMAND_CHECKED("appeal.redecide", RECOURSE_ROLE_OPERATOR, 1, redecide_fields, apply_redecide,
		"judge an appealed deduction anew, in the place of a judgment; another person approves",
		BOOKED_REFUSES, RECOURSE_INSUFFICIENT, RECOURSE_SAME_PERSON),
	COMMAND("appeal.fund", RECOURSE_ROLE_CUSTODIAN, fund_fields, apply_fund,
		"the custodian attests the funder's money for what an appeal restored", RECOURSE_STATE_WRONG,
		ATTEST_REFUSES),
	COMMAND_CHECKED("appeal.reverse", RECOURSE_ROLE_CUSTODIAN, 1, booked_fields, apply_reverse,
		"take back the funder's money for what an appeal restored, booked by a slip; another person "
		"approves",
		BOOKED_REFUSES, RECOURSE_EXISTS, RECOURSE_INSUFFICIENT, RECOURSE_UNIT_MISMATCH),
};
const struct command_group appeal_commands = COMMAND_GROUP(rows);
