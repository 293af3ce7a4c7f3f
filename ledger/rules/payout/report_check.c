/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/payout/report.h"

#include "rules/incident/incident.h"

/* F2: what was said of a payment is how it stands, and nothing that waits is forgotten. */

static bool is_kept(uint32_t state)
{
	return state == PAYOUT_REJECTED || state == PAYOUT_EXPIRED || state == PAYOUT_STOPPED;
}

static bool is_under_way(uint32_t state)
{
	return state == PAYOUT_ACCEPTED || state == PAYOUT_AWAITING || state == PAYOUT_UNKNOWN;
}

static bool is_back(uint32_t state)
{
	return is_kept(state) || state == PAYOUT_RETURNED || state == PAYOUT_UNCLAIMED;
}

static enum recourse_error look_at_clock(
	struct check_context *check, const struct check_row *row, const struct record_report *report)
{
	bool waits = is_under_way(report->state);
	return check_that_id(check, row,
		waits ? (report->clock == 0) == (report->marked != 0)
		      : report->clock == 0 && report->marked == 0,
		"F2: nobody will ask what became of the payment of claim ", "");
}

static enum recourse_error look_at_report(struct check_context *check, const struct check_row *row)
{
	const struct record_report *report = row->record;
	struct record_path path = record_path_of_text(RECORD_CLAIM, row->key->parts[0].text);
	struct record_claim claim;
	bool there;
	TRY(record_get_optional(check->state, &path, &claim, sizeof claim, &there));
	TRY(check_that_id(check, row,
		there && claim.reported != 0 && report->instalment > 0 &&
			report->instalment <= claim.instalment && report->entry <= claim.last_entry,
		"F2: something was said of a payment that nobody ordered, of claim ", ""));
	bool own = report->instalment == claim.instalment;
	bool said = own && (is_under_way(claim.payout) || is_back(claim.payout));
	TRY(check_that_id(check, row, report->state == (said ? claim.payout : (uint32_t)LIFE_NONE),
		"F2: the payment of claim ", " does not stand as was said of it"));
	bool query = report->state == PAYOUT_REJECTED &&
		     reason_code_find(RECORD_TEXT(report->code)) == REASON_QUERY;
	TRY(check_that_id(check, row, !query && (report->state != PAYOUT_RETURNED || report->came_back > 0),
		"F2: the payment of claim ", " did not end by that reason"));
	return look_at_clock(check, row, report);
}

/* Who was not found is owed it by name. */
static enum recourse_error look_at_unclaimed(
	struct check_context *check, const struct check_row *row, const struct record_claim *claim)
{
	struct record_incident incident;
	int64_t owed;
	if (claim->payout != PAYOUT_UNCLAIMED)
		return RECOURSE_OK;
	TRY(incident_load(check->state, claim->incident, &incident));
	TRY(account_balance(check->state, CHART_UNCLAIMED, row->key->parts[0].text, RECORD_TEXT(incident.id),
		&incident.unit, &owed));
	return check_that_id(check, row, owed == claim->deposit_part + claim->advance_part, "F2: claim ",
		" is not owed what was to be paid to it");
}

/* F2: a payment that is neither ordered alone nor made was said to be so; and a claim is paid while it is under way. */
static enum recourse_error look_at_claim(struct check_context *check, const struct check_row *row)
{
	const struct record_claim *claim = row->record;
	struct record_path path = record_path_of_text(RECORD_REPORT, row->key->parts[0].text);
	bool there = false;
	bool ordered = record_claim_money(claim) != CLAIM_MONEY_NONE;
	TRY(check_that_id(check, row, ordered == (claim->state == CLAIM_PAYING), "F2: claim ",
		" and its payment contradict each other"));
	if (claim->reported != 0)
		TRY(record_exists(check->state, &path, &there));
	TRY(look_at_unclaimed(check, row, claim));
	bool said = is_under_way(claim->payout) || is_back(claim->payout);
	return check_that_id(check, row, there == (claim->reported != 0) && (there || !said),
		"F2: nobody said how the payment of claim ", " stands");
}

static const struct check rows[] = {
	{.table = RECORD_REPORT, .entry = offsetof(struct record_report, entry), .look = look_at_report},
	{.table = RECORD_CLAIM, .entry = offsetof(struct record_claim, last_entry), .look = look_at_claim},
};
const struct check_group report_check_rows = CHECK_GROUP(rows);
