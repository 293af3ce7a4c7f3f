/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"
#include "rules/payout/appeal.h"
#include "rules/incident/incident.h"
#include "rules/incident/given_back.h"
#include "rules/incident/section.h"
#include "rules/recourse/liability.h"

/*
 * A4, D7, I7: each deduction is what its distribution took, each appeal is of one, is decided by somebody who had no
 * hand in it, and what it restores is in the accounts and in the sums of its section.
 */

static const char unlisted[] = "A4: what was taken from a deposit is not listed as a deduction";
static const char contradict[] = "D7: an appeal and its deduction contradict each other";

/* ---- sums of a section ---- */

struct appeal_sums {
	int64_t given;
	int64_t restored;
	int64_t recourse;
	/* by the rounds, of each pool: what did not come back, what was restored, and is borne by the funder still */
	int64_t left[ROUND_POOLS];
	int64_t of_rounds[ROUND_POOLS];
	int64_t borne[ROUND_POOLS];
};

static struct record_path deduction_path(uint64_t entry, uint32_t merchant)
{
	struct record_path path = record_path_of_number(RECORD_DEDUCTION, entry);
	record_path_short(&path, merchant);
	return path;
}

static enum recourse_error add_appeal(
	struct check_context *check, const struct record_deduction *deduction, struct appeal_sums *sums)
{
	struct record_path path = record_path_of_number(RECORD_APPEAL, deduction->appeal);
	struct record_appeal appeal;
	if (deduction->appeal == 0)
		return RECOURSE_OK;
	TRY(record_get_named(check->state, &path, &appeal, sizeof appeal));
	sums->restored += appeal.restored;
	sums->recourse += appeal.funded;
	return RECOURSE_OK;
}

static enum recourse_error add_pools(
	struct check_context *check, const struct record_round *round, struct appeal_sums *sums)
{
	for (int index = 0; index < ROUND_POOLS; index++) {
		enum round_pool pool = (enum round_pool)index;
		int64_t lodged = given_back_lodged(round, pool);
		if (round->back[pool] < 0 || round->back[pool] > lodged || round->restored[pool] < 0 ||
			round->restored[pool] > lodged)
			return check_wrong_entry(check, round->entry,
				"D7: more came back of what a deposit gave by a round, or was restored of "
				"it, than it gave");
		sums->left[pool] += given_back_left(round, pool);
		sums->of_rounds[pool] += round->restored[pool];
		sums->borne[pool] += given_back_borne(round, pool);
	}
	return RECOURSE_OK;
}

static enum recourse_error add_round(struct check_context *check, const struct check_row *row,
	const struct record_section *section, const struct record_round *round, struct appeal_sums *sums)
{
	struct record_path path = deduction_path(round->entry, section->party);
	struct record_deduction deduction;
	int64_t taken = given_back_lodged(round, ROUND_OWN);
	TRY(add_pools(check, round, sums));
	if (taken <= 0)
		return RECOURSE_OK;
	TRY(check_found(check, row, record_get(check->state, &path, &deduction, sizeof deduction), unlisted));
	if (deduction.amount - deduction.given != taken || deduction.claims < round->claims ||
		(deduction.given == 0 && deduction.claims != round->claims) ||
		deduction.incident != section->incident || deduction.merchant != section->party)
		return check_wrong_entry(check, round->entry,
			"A4: a deduction is not what its distribution took for its claims");
	/* what was given for claims of others is added below, with its appeal */
	return deduction.given == 0 ? add_appeal(check, &deduction, sums) : RECOURSE_OK;
}

/* What the issuer's pool gave has no round of its own: all that was deducted from it is looked through. */
static enum recourse_error add_given(
	struct check_context *check, const struct record_section *section, struct appeal_sums *sums)
{
	slice merchant;
	TRY(party_name(check->state, check->arena, section->party, &merchant));
	struct record_path prefix = decision_about_path(RECORD_DEDUCTION, merchant);
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (record_walk_next(&walk, NULL, 0)) {
		struct record_path path = deduction_path(walk.key.parts[2].number, section->party);
		struct record_deduction deduction;
		TRY(record_get_named(check->state, &path, &deduction, sizeof deduction));
		if (deduction.incident != section->incident || deduction.given == 0)
			continue;
		sums->given += deduction.given;
		TRY(add_appeal(check, &deduction, sums));
	}
	return walk.error;
}

static enum recourse_error add_rounds(struct check_context *check, const struct check_row *row,
	const struct record_section *section, enum round_kind series, struct appeal_sums *sums)
{
	for (uint32_t number = 1; number <= section->rounds[series]; number++) {
		struct record_round round;
		TRY(round_read(check->state, section, series, number, &round));
		TRY(add_round(check, row, section, &round, sums));
	}
	return RECOURSE_OK;
}

/* By deduction what the section says of all of them together. */
static bool fits_rounds(const struct record_section *section, const struct appeal_sums *sums)
{
	int64_t own = section->pool_taken - section->from_instruments - section->from_issuer;
	return sums->left[ROUND_OWN] == own &&
	       sums->left[ROUND_ISSUERS] == section->from_issuer - section->issuer_secured &&
	       sums->of_rounds[ROUND_OWN] == section->restored - section->restored_given &&
	       sums->of_rounds[ROUND_ISSUERS] == section->issuer_restored &&
	       sums->borne[ROUND_OWN] == section_restored_own(section) &&
	       sums->borne[ROUND_ISSUERS] == section_restored_issuers(section);
}

static enum recourse_error compare_section(
	struct check_context *check, const struct check_row *row, const struct record_section *section)
{
	slice id = RECORD_TEXT(((const struct record_incident *)row->record)->id);
	struct appeal_sums sums = {0};
	TRY(add_rounds(check, row, section, ROUND_DEPOSIT, &sums));
	TRY(add_rounds(check, row, section, ROUND_LIFT, &sums));
	if (section->given + section->given_back > 0)
		TRY(add_given(check, section, &sums));
	if (sums.given != section->given - section->given_instruments + section->given_back)
		return check_wrong(check, "A4: what the issuer's pool gave in incident %.*s is not deducted",
			SLICE_ARGUMENTS(id));
	if (sums.restored != section->restored ||
		section_restored_pool(section) > section_from_deposit(section) ||
		section_restored_pool(section) < 0)
		return check_wrong(check, "D7: what appeals restored of incident %.*s does not sum up",
			SLICE_ARGUMENTS(id));
	if (!fits_rounds(section, &sums))
		return check_wrong(check,
			"D7: what came back of the deductions of incident %.*s, and was restored of them, "
			"does not sum up",
			SLICE_ARGUMENTS(id));
	if (section->issuer_recourse > section->issuer_restored ||
		section->restored_recourse - section->recourse_given >
			section->restored - section->restored_given)
		return check_wrong(check,
			"I7: more is recourse of a section of incident %.*s out of appeals than was restored "
			"of what its claims had",
			SLICE_ARGUMENTS(id));
	return sums.recourse == section->restored_recourse ? RECOURSE_OK
							   : check_wrong(check,
								     "I7: recourse of incident %.*s out of "
								     "appeals is not what the funder paid in",
								     SLICE_ARGUMENTS(id));
}

static enum recourse_error look_at_incident(struct check_context *check, const struct check_row *row)
{
	const struct record_incident *incident = row->record;
	struct record_path sections = record_path_of_short(RECORD_SECTION, incident->number);
	struct record_path staying = record_path_of_short(RECORD_STAY, incident->number);
	struct record_section section;
	int64_t restored = 0;
	int64_t recourse = 0;
	int64_t back = 0;
	uint32_t stays = 0;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &sections);
	SCOPED(record_walk_end) struct record_walk appeals = record_walk_over(check->state, &staying);
	while (record_walk_next(&walk, &section, sizeof section)) {
		TRY(compare_section(check, row, &section));
		restored += section.restored_given - section.issuer_restored;
		recourse += section.recourse_given - section.issuer_recourse;
		back += section.back_given - section.issuer_restored_back;
	}
	TRY(walk.error);
	if (restored != 0 || recourse != 0 || back != 0)
		return check_wrong(check,
			"D7: what appeals restored of the issuer's pool is not what incident %.*s says by "
			"section",
			SLICE_ARGUMENTS(RECORD_TEXT(incident->id)));
	while (record_walk_next(&appeals, NULL, 0))
		stays++;
	TRY(appeals.error);
	return stays == incident->stays
		       ? RECOURSE_OK
		       : check_wrong(check, "D7: the appeals that stay payment of incident %.*s are not %u",
				 SLICE_ARGUMENTS(RECORD_TEXT(incident->id)), incident->stays);
}

/* ---- one of each ---- */

/* As long as the policy says by which it was taken. */
static enum recourse_error look_at_window(struct check_context *check, const struct check_row *row)
{
	const struct record_deduction *deduction = row->record;
	struct record_incident incident;
	struct record_policy policy;
	TRY(incident_load(check->state, deduction->incident, &incident));
	TRY(incident_policy(check->state, &incident, &policy));
	return check_that(check, row,
		deduction->until == deduction->time + (uint64_t)policy.appeal_days * INSTANT_DAY,
		"D7: a deduction can be appealed for another time than its policy says");
}

static enum recourse_error look_at_deduction(struct check_context *check, const struct check_row *row)
{
	const struct record_deduction *deduction = row->record;
	struct record_path path = record_path_of_number(RECORD_APPEAL, deduction->appeal);
	struct record_appeal appeal;
	/* the end of an incident also takes what no claim is behind: costs, and what others are to have back */
	TRY(check_that(check, row, deduction->amount > 0 && (deduction->claims != 0 || deduction->closing),
		"A4: a deduction of nothing, or without a decided claim"));
	if (deduction->appeal == 0)
		return RECOURSE_OK;
	TRY(check_found(check, row, record_get(check->state, &path, &appeal, sizeof appeal),
		"D7: a deduction names an appeal that is not there"));
	return check_that(check, row,
		appeal.deduction == row->entry && appeal.merchant == deduction->merchant &&
			row->key->parts[1].number == deduction->merchant,
		contradict);
}

/* `back` of it may have been the merchant's again before. */
static bool fits_outcome(const struct record_appeal *appeal, int64_t deducted, int64_t back)
{
	switch ((enum appeal_state)appeal->state) {
	case APPEAL_LODGED:
	case APPEAL_STAYED:
		return appeal->restored < deducted && (appeal->decided_entry != 0 || appeal->restored == 0);
	case APPEAL_UPHELD:
		return appeal->decided_entry != 0 && appeal->restored == 0;
	case APPEAL_VARIED:
		return appeal->decided_entry != 0 && appeal->restored > 0 && appeal->restored < deducted;
	case APPEAL_REVERSED:
		return appeal->decided_entry != 0 && appeal->restored <= deducted &&
		       deducted - appeal->restored <= back;
	}
	return false;
}

/* What waits for the funder's cash is what was restored and is not paid in, on both sides. */
static enum recourse_error compare_waiting(
	struct check_context *check, const struct check_row *row, const struct record_deduction *deduction)
{
	const struct record_appeal *appeal = row->record;
	slice reference;
	struct record_incident incident;
	slice funder;
	slice merchant;
	int64_t committed;
	int64_t frozen;
	int64_t open = appeal->restored - appeal->funded;
	TRY(incident_load(check->state, deduction->incident, &incident));
	TRY(party_name(check->state, check->arena, incident.funder, &funder));
	TRY(party_name(check->state, check->arena, deduction->merchant, &merchant));
	TRY(account_reference_make(check->arena, row->entry, &reference));
	TRY(account_balance(check->state, CHART_COMMITMENT, funder, reference, &incident.unit, &committed));
	TRY(account_balance(
		check->state, CHART_DEPOSIT_FROZEN, merchant, reference, &incident.unit, &frozen));
	return check_that(check, row, committed == open && frozen == open,
		"D7: what an appeal restored and the funder has not paid in is not what waits for it");
}

/* What of a deduction went back before, and was restored: of a round, by those of its entry; at an end, by the debt it paid. */
struct had_again {
	int64_t back;
	int64_t restored;
};

static enum recourse_error add_section(struct check_context *check, const struct record_appeal *appeal,
	const struct record_section *section, struct had_again *had)
{
	enum round_pool pool = section->party == appeal->merchant ? ROUND_OWN : ROUND_ISSUERS;
	struct record_round round;
	TRY(given_back_round(check->state, section, appeal->deduction, &round));
	had->back += round.back[pool];
	had->restored += round.restored[pool];
	return RECOURSE_OK;
}

static enum recourse_error add_sections(struct check_context *check, const struct record_appeal *appeal,
	const struct record_deduction *deduction, struct had_again *had)
{
	struct record_path prefix = record_path_of_short(RECORD_SECTION, deduction->incident);
	struct record_section section;
	if (deduction->given == 0) {
		TRY(section_load(check->state, deduction->incident, deduction->merchant, &section));
		return add_section(check, appeal, &section, had);
	}
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (record_walk_next(&walk, &section, sizeof section))
		TRY(add_section(check, appeal, &section, had));
	return walk.error;
}

static enum recourse_error read_had(struct check_context *check, const struct record_appeal *appeal,
	const struct record_deduction *deduction, struct had_again *had)
{
	struct record_section section;
	struct liabilities list;
	slice party;
	*had = (struct had_again){.restored = deduction->closing == 0 ? 0 : appeal->restored};
	if (deduction->closing == 0)
		return add_sections(check, appeal, deduction, had);
	TRY(section_load(check->state, deduction->incident, deduction->closing, &section));
	TRY(party_name(check->state, check->arena, deduction->merchant, &party));
	TRY(liability_list(check->state, check->arena, &section, &list));
	const struct liability_row *row = liability_among(&list, party);
	had->back = row == NULL ? 0 : row->record.paid_out + row->record.restored;
	return RECOURSE_OK;
}

/* The judgment that stands is what another one would replace. */
static enum recourse_error compare_judgment(
	struct check_context *check, const struct check_row *row, const struct record_appeal *appeal)
{
	struct record_booked booked;
	if (appeal->decided_entry == 0)
		return RECOURSE_OK;
	TRY(booked_read(check->state, appeal->decided_entry, &booked, NULL));
	return check_that(check, row,
		booked.kind == BOOKED_DECIDED && booked.before == row->entry && booked.corrected_by == 0 &&
			booked.amount == appeal->restored,
		"D7: an appeal was decided by another entry, or restores another sum");
}

/* One that was decided waits for another judgment only where its merchant took it over then from who had lodged it. */
static enum recourse_error may_wait(
	struct check_context *check, const struct record_appeal *appeal, bool *may)
{
	struct record_key lodger;
	struct record_booked booked;
	bool there; /* where it is not, it is all zeroes */
	*may = appeal_is_decided(appeal) || appeal->decided_entry == 0;
	if (*may)
		return RECOURSE_OK;
	TRY(person_key(check->state, appeal->lodger, &lodger));
	TRY(booked_read(check->state, appeal->decided_entry, &booked, &there));
	*may = there && lodger.party == appeal->merchant && appeal->lodged >= booked.instant;
	return RECOURSE_OK;
}

static enum recourse_error look_at_appeal(struct check_context *check, const struct check_row *row)
{
	const struct record_appeal *appeal = row->record;
	struct record_path path = deduction_path(appeal->deduction, appeal->merchant);
	struct record_deduction deduction;
	struct had_again had;
	bool differ;
	bool may;
	TRY(check_found(check, row, record_get(check->state, &path, &deduction, sizeof deduction), unlisted));
	const uint32_t keys[] = {deduction.approver, appeal->lodger, appeal->decider};
	TRY(check_differ(check, keys, sizeof keys / sizeof keys[0], &differ));
	TRY(check_that(check, row, differ, "D7: one person deducted or appealed, and decided the appeal"));
	TRY(check_that(check, row, deduction.appeal == row->entry, contradict));
	TRY(read_had(check, appeal, &deduction, &had));
	TRY(may_wait(check, appeal, &may));
	TRY(check_that(check, row,
		may && had.restored == appeal->restored && fits_outcome(appeal, deduction.amount, had.back),
		"D7: what an appeal restores is not what its outcome says"));
	TRY(compare_judgment(check, row, appeal));
	return compare_waiting(check, row, &deduction);
}

static const struct check rows[] = {
	{.table = RECORD_DEDUCTION, .look = look_at_deduction},
	{.table = RECORD_INCIDENT, .look = look_at_incident},
	{.table = RECORD_DEDUCTION, .look = look_at_window},
	{.table = RECORD_APPEAL, .look = look_at_appeal},
};
const struct check_group appeal_check_rows = CHECK_GROUP(rows);
