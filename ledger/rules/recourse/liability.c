/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/recourse/liability.h"

#include "base/crypto.h"
#include "base/endian.h"
#include "rules/incident/incident.h"

#include <assert.h>

static struct record_path liability_path(const struct record_section *section, slice party)
{
	struct record_path path = record_path_of_shorts(RECORD_LIABILITY, section->incident, section->party);
	record_path_text(&path, party);
	return path;
}

enum recourse_error liability_put(struct decision *decision, const struct record_section *section,
	slice party, const struct record_liability *liability)
{
	struct record_path path = liability_path(section, party);
	assert(liability->written_off <= liability->open);
	assert(liability->written_off <= liability->enforceable + liability->reinstated);
	assert(liability->paid_out + liability->subrogated <= liability->returned);
	return decision_put(decision, &path, liability, sizeof *liability);
}

bool liability_is_bare(const struct record_liability *liability)
{
	const int64_t stays[] = {
		liability->costs,
		liability->interest,
		liability->costs_paid,
		liability->interest_paid,
		liability->received,
		liability->moved,
		liability->anywhere,
		liability->waits,
		liability->returned,
		liability->paid_out,
		liability->restored,
		liability->enforceable,
		liability->reinstated,
		liability->shortfall,
		liability->shortfall_given_up,
	};
	bool bare = liability->shortfall_entry == 0;
	for (size_t index = 0; index < sizeof stays / sizeof stays[0]; index++)
		bare = bare && stays[index] == 0;
	return bare;
}

enum recourse_error liability_remove(
	struct decision *decision, const struct record_section *section, slice party)
{
	struct record_path path = liability_path(section, party);
	return decision_remove(decision, &path);
}

enum recourse_error liability_find(struct decision *decision, const struct record_section *section,
	slice party, struct record_liability *liability)
{
	struct record_path path = liability_path(section, party);
	TRY(decision_find(decision, "party", &path, liability, sizeof *liability));
	return liability->liable ? RECOURSE_OK : refuse(decision, RECOURSE_NOT_FOUND, "party", NULL);
}

/* Whose pool pays: the merchant, and the issuer of an incident on it. */
static bool has_pool(
	const struct record_incident *incident, const struct record_section *section, uint32_t party)
{
	return party == section->party || (incident->merchant == 0 && party == incident->issuer);
}

static enum recourse_error check_room(
	struct decision *decision, const char *field, const struct record_section *section, uint32_t party)
{
	struct record_incident incident;
	struct liabilities list;
	size_t others = 0;
	TRY(incident_load(decision->state, section->incident, &incident));
	TRY(liability_list(decision->state, decision->arena, section, &list));
	if (list.count == SPREAD_MAX)
		return refuse_limit(
			decision, RECOURSE_FIELD_LIMIT, field, "%d parties of a section", SPREAD_MAX);
	for (size_t row = 0; row < list.count; row++)
		others += !has_pool(&incident, section, list.rows[row].record.party);
	return section->apportioned_entry != 0 || has_pool(&incident, section, party) ||
			       others < SPREAD_OTHERS_MAX
		       ? RECOURSE_OK
		       : refuse_limit(decision, RECOURSE_FIELD_LIMIT, field,
				 "%d others of a section before it is apportioned", SPREAD_OTHERS_MAX);
}

enum recourse_error liability_row(struct decision *decision, const char *field,
	const struct record_section *section, slice party, struct record_liability *liability)
{
	struct record_path path = liability_path(section, party);
	TRY(record_get_optional(decision->state, &path, liability, sizeof *liability, NULL));
	if (liability->party != 0)
		return RECOURSE_OK;
	TRY(decision_party(decision, field, party, &liability->party));
	liability->cap = RECKON_NO_CAP;
	return check_room(decision, field, section, liability->party);
}

enum recourse_error liability_list(struct state_view *view, struct arena *arena,
	const struct record_section *section, struct liabilities *list)
{
	struct record_path prefix =
		record_path_of_shorts(RECORD_LIABILITY, section->incident, section->party);
	struct liability_row row;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(view, &prefix);
	list->count = 0;
	while (record_walk_next(&walk, &row.record, sizeof row.record)) {
		assert(list->count < SPREAD_MAX);
		TRY(arena_copy(arena, walk.key.parts[2].text, &row.party));
		list->rows[list->count++] = row;
	}
	return walk.error;
}

int64_t liability_for_own(const struct record_liability *liability, int64_t more)
{
	return liability->liable ? 0 : amount_most(liability->moved + more, 0) + liability->ended;
}

int64_t liability_costs_final(const struct record_liability *liability)
{
	return amount_least(liability->costs_paid, liability->costs_served);
}

struct liability_row *liability_among(struct liabilities *list, slice party)
{
	for (size_t row = 0; row < list->count; row++) {
		if (slice_equal(list->rows[row].party, party))
			return &list->rows[row];
	}
	return NULL;
}

/* ---- by which judgment something was paid out ---- */

enum { JUDGED_NUMBERS = 4, JUDGED_SIZE = JUDGED_NUMBERS * sizeof(uint64_t) };

uint64_t liability_judgment(const struct liabilities *list)
{
	uint8_t bytes[SPREAD_MAX * JUDGED_SIZE];
	struct crypto_hash hash;
	size_t size = 0;
	for (size_t row = 0; row < list->count; row++) {
		const struct record_liability *record = &list->rows[row].record;
		const uint64_t numbers[JUDGED_NUMBERS] = {
			record->party, record->joint, (uint64_t)record->share, (uint64_t)record->cap};
		for (size_t number = 0; record->liable && number < JUDGED_NUMBERS; number++) {
			little_endian_write(bytes + size, numbers[number], sizeof numbers[number]);
			size += sizeof numbers[number];
		}
	}
	if (size == 0)
		return 0;
	crypto_sha256(slice_of(bytes, size), &hash);
	return little_endian_read(hash.bytes, sizeof(uint64_t));
}

/* What a party was paid out is what these rows say of its entries. */
static enum recourse_error keep_paid_out(struct decision *decision, const struct record_section *section,
	slice party, const struct record_liability *before, const struct record_liability *after)
{
	const struct record_paid_out paid = {.steps = after->paid_out - before->paid_out,
		.own = after->paid_own - before->paid_own,
		.over = after->paid_over - before->paid_over};
	struct record_path path = record_path_of_shorts(RECORD_PAID_OUT, section->incident, section->party);
	record_path_text(&path, party);
	record_path_number(&path, decision->entry);
	return decision_put(decision, &path, &paid, sizeof paid);
}

int64_t liability_paid_over(const struct record_liability *liability)
{
	return amount_least(liability->paid_over, liability->paid_own);
}

enum recourse_error liability_pay_out(struct decision *decision, const struct record_section *section,
	slice party, struct record_liability *liability, int64_t steps)
{
	const struct record_liability before = *liability;
	int64_t own = liability->received - liability->costs_served - liability->interest_served;
	int64_t most = steps > 0 ? own + liability->shortfall : liability->paid_own;
	liability->paid_out += steps;
	liability->paid_own = amount_least(liability->paid_out, amount_beyond(most, 0));
	/* what it never was paid it never owed */
	liability->shortfall_given_up = amount_least(liability->shortfall_given_up, liability->paid_out);
	if (steps > 0) {
		struct liabilities list;
		int64_t over = liability_paid_over(&before);
		liability->paid_over = amount_least(
			liability->paid_own, amount_most(over, amount_least(over + steps, before.over_paid)));
		TRY(liability_list(decision->state, decision->arena, section, &list));
		liability->paid_judgment = liability_judgment(&list);
	}
	TRY(keep_paid_out(decision, section, party, &before, liability));
	return liability_put(decision, section, party, liability);
}

void liability_unpay(struct record_liability *liability, int64_t steps, int64_t own)
{
	liability->paid_out -= steps;
	liability->paid_own -= own;
	liability->returned -= steps;
}

enum recourse_error liability_pay_back(struct decision *decision, const struct record_section *section,
	slice party, struct record_liability *liability, int64_t steps, int64_t own)
{
	const struct record_liability before = *liability;
	liability_unpay(liability, steps, own);
	TRY(keep_paid_out(decision, section, party, &before, liability));
	return liability_put(decision, section, party, liability);
}

int64_t liability_own_gone(const struct record_liability *liability)
{
	int64_t there = amount_beyond(liability->received, liability->interest_paid);
	return amount_beyond(liability->paid_own, there);
}
