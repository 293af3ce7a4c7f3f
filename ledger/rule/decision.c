/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/decision.h"

#include "base/instant.h"

#include <assert.h>

void decision_forget(struct decision *decision)
{
	buffer_clear(&decision->facts);
	buffer_clear(&decision->consequences);
	buffer_clear(&decision->approvals);
	decision->consequence_count = 0;
	decision->approval_count = 0;
	decision->posting_count = 0;
	decision->counted_steps = 0;
	decision->line_whole = false;
}

void decision_fact_text(struct decision *decision, const char *name, slice text)
{
	item_write_pair_text(&decision->facts, name, text);
}

void decision_fact_integer(struct decision *decision, const char *name, uint64_t value)
{
	item_write_pair_integer(&decision->facts, name, (int64_t)value);
}

void decision_fact_amount(struct decision *decision, const char *name, const struct unit *unit, int64_t steps)
{
	item_write_pair_amount(&decision->facts, name, unit, steps);
}

void decision_fact_instant(struct decision *decision, const char *name, uint64_t instant)
{
	item_write_pair_instant(&decision->facts, name, instant);
}

void decision_policy(struct decision *decision, slice policy, uint32_t version)
{
	assert(policy.size <= TEXT_ID_SIZE);
	text_version(decision->policy, policy, version);
}

struct record_path decision_about_path(enum record_table table, slice id)
{
	if (table == RECORD_PARTY)
		return record_path_of_text(RECORD_ABOUT_PARTY, id);
	return record_path_of_short_text(RECORD_ABOUT, (uint32_t)table, id);
}

enum recourse_error decision_about(struct decision *decision, enum record_table table, slice id)
{
	struct record_path path = decision_about_path(table, id);
	record_path_number(&path, decision->entry);
	return decision_put(decision, &path, NULL, 0);
}

enum recourse_error decision_post(struct decision *decision, enum chart_code code, slice party,
	slice reference, const struct unit *unit, int64_t steps)
{
	if (steps == 0)
		return RECOURSE_OK;
	for (size_t index = 0; index < decision->posting_count; index++) {
		struct account_posting *posting = &decision->postings[index];
		if (posting->code == code && slice_equal(posting->party, party) &&
			slice_equal(posting->reference, reference) && unit_same(&posting->unit, unit))
			return amount_add_steps(posting->steps, steps, &posting->steps);
	}
	if (decision->posting_count == ENTRY_POSTINGS_MAX)
		return refuse_limit(
			decision, RECOURSE_ENTRY_TOO_LARGE, NULL, "%d postings", ENTRY_POSTINGS_MAX);
	decision->postings[decision->posting_count++] = (struct account_posting){
		.code = (uint16_t)code,
		.party = party,
		.reference = reference,
		.unit = *unit,
		.steps = steps,
	};
	return RECOURSE_OK;
}

enum recourse_error decision_balance(struct decision *decision, enum chart_code code, slice party,
	slice reference, const struct unit *unit, int64_t *steps)
{
	TRY(account_balance(decision->state, code, party, reference, unit, steps));
	for (size_t index = 0; index < decision->posting_count; index++) {
		const struct account_posting *posting = &decision->postings[index];
		if (posting->code == code && slice_equal(posting->party, party) &&
			slice_equal(posting->reference, reference) && unit_same(&posting->unit, unit))
			TRY(amount_add_steps(*steps, account_shown(code, posting->steps), steps));
	}
	return RECOURSE_OK;
}

/* Numbers, hashes, who and by what rule, what a clock says; of a posting, all but its texts; and of a line of both. */
enum { ENTRY_HEAD = 640, POSTING_HEAD = 24, LINE_MAX = 320 };

static bool fits(const struct decision *decision, size_t postings, size_t more)
{
	size_t size = ENTRY_HEAD + more + decision->facts.size + decision->consequences.size +
		      decision->approvals.size;
	for (size_t index = 0; index < decision->posting_count; index++) {
		const struct account_posting *posting = &decision->postings[index];
		size += POSTING_HEAD + posting->party.size + posting->reference.size +
			unit_code(&posting->unit).size;
	}
	return size <= ENTRY_SIZE_MAX && decision->posting_count + postings <= ENTRY_POSTINGS_MAX;
}

bool decision_has_room(const struct decision *decision, size_t lines)
{
	return fits(decision, lines, lines * LINE_MAX);
}

bool decision_has_postings(const struct decision *decision, size_t postings, size_t texts)
{
	return fits(decision, postings, LINE_MAX + postings * (POSTING_HEAD + texts));
}

enum recourse_error decision_move(struct decision *decision, const struct unit *unit, int64_t steps,
	enum chart_code debit, slice debit_party, enum chart_code credit, slice credit_party, slice reference)
{
	TRY(decision_post(decision, debit, debit_party, reference, unit, steps));
	return decision_post(decision, credit, credit_party, reference, unit, -steps);
}

enum recourse_error decision_sum(struct decision *decision, int64_t *sum, int64_t steps)
{
	return amount_add_steps(*sum, steps, sum) == RECOURSE_OK
		       ? RECOURSE_OK
		       : refuse(decision, RECOURSE_OVERFLOW, NULL, "sums within 64 bits");
}

/* I1, I2, I3, I9: see books/README.md. Postings are few, so looking at every pair is cheap. */
static bool balanced(const struct decision *decision)
{
	enum chart_book books[ENTRY_POSTINGS_MAX];
	for (size_t index = 0; index < decision->posting_count; index++)
		books[index] = chart_find(decision->postings[index].code)->book;
	for (size_t first = 0; first < decision->posting_count; first++) {
		const struct account_posting *posting = &decision->postings[first];
		__int128 sum = 0;
		for (size_t other = 0; other < decision->posting_count; other++) {
			const struct account_posting *with = &decision->postings[other];
			if (books[other] == books[first] && unit_same(&with->unit, &posting->unit))
				sum += with->steps;
		}
		if (sum != 0)
			return false;
	}
	return true;
}

_Static_assert(
	(int)ENTRY_POSTINGS_MAX <= (int)HISTORY_ENTRY_MAX, "each may move one account, as the sum of others");

enum recourse_error decision_settle(struct decision *decision)
{
	assert(balanced(decision));
	size_t kept = 0;
	for (size_t index = 0; index < decision->posting_count; index++) {
		struct account_posting posting = decision->postings[index];
		if (posting.steps == 0)
			continue;
		decision->postings[kept++] = posting;
		TRY(account_apply(decision->state, decision->entry, &posting, decision->refusal));
	}
	decision->posting_count = kept;
	return RECOURSE_OK;
}

enum recourse_error decision_own(struct decision *decision, const char *field, slice party)
{
	if (decision->carried || (decision->actor->roles & RECOURSE_ROLE_OPERATOR) != 0 ||
		slice_equal(decision->actor->party, party))
		return RECOURSE_OK;
	return refuse(decision, RECOURSE_NOT_PERMITTED, field, "the key's own party");
}

enum recourse_error decision_not_own(struct decision *decision, const char *field, uint32_t party)
{
	if (decision->actor->party_number != party &&
		(decision->checker == NULL || decision->checker->party_number != party))
		return RECOURSE_OK;
	return refuse(decision, RECOURSE_NOT_PERMITTED, field, "a key of another party");
}

enum recourse_error decision_unit(struct decision *decision, const char *field, slice code, struct unit *unit)
{
	if (unit_currency(code, unit) == RECOURSE_OK)
		return RECOURSE_OK;
	struct record_path path = record_path_of_text(RECORD_UNIT, code);
	return refuse_absent(decision, record_get(decision->state, &path, unit, sizeof *unit),
		RECOURSE_UNIT_UNKNOWN, field, "a currency of ISO 4217 or a unit defined by unit.define");
}

/* What somebody says is a slip above the ceiling for its unit; what sums and balances come to is nobody's. */
static enum recourse_error check_ceiling(
	struct decision *decision, const char *field, const struct unit *unit, int64_t steps)
{
	struct record_path path = record_path_of(RECORD_CONTROL);
	struct record_control control;
	if (!decision->limited)
		return RECOURSE_OK;
	TRY(record_get_optional(decision->state, &path, &control, sizeof control, NULL));
	for (size_t row = 0; row < AUTHORITY_CEILINGS_MAX; row++) {
		const struct record_ceiling *ceiling = &control.ceilings[row];
		if (unit_same(&ceiling->unit, unit) && steps > ceiling->steps)
			return refuse_amount(
				decision, RECOURSE_AMOUNT_RANGE, field, unit, steps, ceiling->steps);
	}
	return RECOURSE_OK;
}

static enum recourse_error read_amount(
	struct decision *decision, const char *field, slice text, const struct unit *unit, int64_t *steps)
{
	enum recourse_error error = amount_parse(unit, text, steps);
	if (error != RECOURSE_OK)
		return refuse_limit(decision, error, field,
			"a decimal with exactly %d digits behind the point, step %u, in %s", unit->digits,
			unit->step, unit->code);
	if (*steps < 0)
		return refuse(decision, RECOURSE_AMOUNT_RANGE, field, "not below zero");
	return RECOURSE_OK;
}

enum recourse_error decision_amount_or_zero(
	struct decision *decision, const char *field, slice text, const struct unit *unit, int64_t *steps)
{
	TRY(read_amount(decision, field, text, unit, steps));
	return check_ceiling(decision, field, unit, *steps);
}

enum recourse_error decision_amount(
	struct decision *decision, const char *field, slice text, const struct unit *unit, int64_t *steps)
{
	TRY(decision_amount_published(decision, field, text, unit, steps));
	return check_ceiling(decision, field, unit, *steps);
}

enum recourse_error decision_amount_published(
	struct decision *decision, const char *field, slice text, const struct unit *unit, int64_t *steps)
{
	TRY(read_amount(decision, field, text, unit, steps));
	return *steps == 0 ? refuse(decision, RECOURSE_AMOUNT_RANGE, field, "above zero") : RECOURSE_OK;
}

enum recourse_error decision_amount_or_all(struct decision *decision, const char *field,
	const struct value *value, const struct unit *unit, int64_t available, int64_t *steps)
{
	*steps = available;
	if (value->present)
		TRY(decision_amount(decision, field, value->text, unit, steps));
	if (*steps > available || available == 0)
		return refuse_amount(decision, RECOURSE_INSUFFICIENT, field, unit, *steps, available);
	return RECOURSE_OK;
}

enum recourse_error decision_find(struct decision *decision, const char *field,
	const struct record_path *path, void *record, size_t size)
{
	return refuse_absent(
		decision, record_get(decision->state, path, record, size), RECOURSE_NOT_FOUND, field, NULL);
}

enum recourse_error decision_put(
	struct decision *decision, const struct record_path *path, const void *record, size_t size)
{
	return record_keep(decision->state, path, record, size, decision->entry);
}

enum recourse_error decision_add(
	struct decision *decision, const struct record_path *path, const void *record, size_t size)
{
	return record_add(decision->state, path, record, size, decision->entry);
}

enum recourse_error decision_remove(struct decision *decision, const struct record_path *path)
{
	return record_forget(decision->state, path);
}

enum recourse_error decision_absent(
	struct decision *decision, const char *field, const struct record_path *path)
{
	bool there;
	TRY(record_exists(decision->state, path, &there));
	return there ? refuse(decision, RECOURSE_EXISTS, field, NULL) : RECOURSE_OK;
}

enum recourse_error decision_once(
	struct decision *decision, const char *field, const struct record_path *path)
{
	uint64_t entry;
	bool there;
	TRY(record_get_optional(decision->state, path, &entry, sizeof entry, &there));
	if (there)
		return refuse_entry(decision, RECOURSE_EXISTS, field, entry);
	return decision_put(decision, path, &decision->entry, sizeof decision->entry);
}

enum recourse_error decision_party(struct decision *decision, const char *field, slice id, uint32_t *number)
{
	struct record_path path = record_path_of_text(RECORD_PARTY, id);
	struct record_party party;
	TRY(decision_find(decision, field, &path, &party, sizeof party));
	*number = party.number;
	return RECOURSE_OK;
}

enum recourse_error decision_step(
	struct decision *decision, enum life_kind kind, uint32_t *state, uint32_t to, const char *field)
{
	if (!life_step(kind, state, to))
		return refuse_state(decision, field, life_state_name(kind, *state));
	return RECOURSE_OK;
}
