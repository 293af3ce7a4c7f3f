/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"
#include "rules/incident/incident.h"

/* H1: a claim has a person for each part. What it received is in audit/money_check.c. */
static const struct check_persons people = {
	.keys = {{offsetof(struct record_claim, filer), 1}, {offsetof(struct record_claim, decider), 1},
		{offsetof(struct record_claim, instructor), 1}},
	.what = "H1: one person took in, decided or paid the same claim twice",
};

/* What waits for its lot in one that ended once, or was cancelled, did not step in. */
static enum recourse_error has_ended(struct state_view *view, uint32_t number, bool *ended)
{
	struct record_incident incident;
	TRY(incident_load(view, number, &incident));
	*ended = incident.ends > 0 || incident_has_ended(&incident);
	return RECOURSE_OK;
}

/* D8: a lot is the one claim's that lives or was paid, and none is linked to nothing. */
static enum recourse_error look_at_lot(struct check_context *check, const struct check_row *row)
{
	const struct record_claim *claim = row->record;
	struct record_path path = record_path_of_text(RECORD_ENTITLEMENT, RECORD_TEXT(claim->entitlement));
	struct record_entitlement lot;
	TRY(check_found(check, row, record_get(check->state, &path, &lot, sizeof lot),
		"D8: a claim is for a lot that is not there"));
	TRY(check_that(check, row,
		lot.claim_entry != claim->filed_entry ||
			slice_equal(RECORD_TEXT(lot.claim), row->key->parts[0].text),
		"D8: a lot names another claim than it is of"));
	bool ended = claim->state == CLAIM_REJECTED || claim->state == CLAIM_WITHDRAWN || claim->voided != 0;
	bool linked = claim->state == CLAIM_LINKED;
	TRY(check_that(check, row, (lot.claim_entry == claim->filed_entry) == (!ended && !linked),
		"D8: a lot is another claim's than the one that lives or was paid"));
	bool own = slice_equal(RECORD_TEXT(lot.claim), row->key->parts[0].text);
	TRY(check_that(check, row, own + linked + (claim->replaced != 0) == 1,
		"D12: a claim is not found by its lot"));
	if (!linked || lot.claim_entry != 0)
		return RECOURSE_OK;
	bool gone;
	TRY(has_ended(check->state, claim->incident, &gone));
	return check_that(check, row, gone, "D8: a claim is linked to none");
}

/* C2: what is counted as used of lots has records of use, each once. */
static enum recourse_error look_at_use(struct check_context *check, const struct check_row *row)
{
	const struct record_use *use = row->record;
	struct record_path path = record_path_of_text(RECORD_ENTITLEMENT, RECORD_TEXT(use->entitlement));
	struct record_entitlement lot;
	TRY(check_found(check, row, record_get(check->state, &path, &lot, sizeof lot),
		"C2: a record of use is of a lot that is not there"));
	return check_that(check, row,
		use->taken_back != 0 ||
			(use->steps <= lot.consumed && (use->disputed_entry == 0 || lot.disputes > 0)),
		"C2: a record of use was not counted, or its dispute was not");
}

/* I9: and nothing else is counted. */
static int64_t steps_of(const void *record)
{
	const struct record_use *use = record;
	return use->taken_back == 0 ? use->steps : 0;
}

static int64_t steps_counted(const void *lot)
{
	return ((const struct record_entitlement *)lot)->consumed;
}

static int64_t dispute_of(const void *use)
{
	return ((const struct record_use *)use)->disputed_entry != 0;
}

static int64_t disputes_counted(const void *lot)
{
	return ((const struct record_entitlement *)lot)->disputes;
}

static const char used[] = "I9: what was used is not what records of use say";
static const struct check_totals steps = {RECORD_USE, steps_of, RECORD_ENTITLEMENT, steps_counted, used};
static const struct check_totals disputes = {
	RECORD_USE, dispute_of, RECORD_ENTITLEMENT, disputes_counted, used};

/* D1: the entries that a claim names, by which it is refused what rests on them, are listed as its own. */
static enum recourse_error look_at_entries(struct check_context *check, const struct check_row *row)
{
	const struct record_claim *claim = row->record;
	const slice id = row->key->parts[0].text;
	bool last = false;
	bool back = true; /* where it gave nothing back */
	if (claim->last_entry != 0)
		TRY(check_is_about(check, RECORD_CLAIM, id, claim->last_entry, &last));
	if (claim->given_back != 0)
		TRY(check_is_about(check, RECORD_CLAIM, id, claim->given_back, &back));
	return check_that_id(check, row, last && back, "D1: an entry that it names is not about claim ", "");
}

static const struct check rows[] = {
	{.table = RECORD_CLAIM, .entry = offsetof(struct record_claim, last_entry), .look = look_at_entries},
	{.table = RECORD_CLAIM,
		.entry = offsetof(struct record_claim, last_entry),
		.look = check_persons,
		.of = &people},
	{.table = RECORD_CLAIM, .entry = offsetof(struct record_claim, last_entry), .look = look_at_lot},
	{.table = RECORD_USE, .entry = offsetof(struct record_use, entry), .look = look_at_use},
	{.look = check_totals, .of = &steps},
	{.look = check_totals, .of = &disputes},
};
const struct check_group claim_check_rows = CHECK_GROUP(rows);
