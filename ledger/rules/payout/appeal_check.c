/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/payout/appeal_check.h"

#include "books/record_account.h"
#include "books/record_appeal.h"
#include "books/record_claim.h"
#include "base/try.h"
#include "books/reference.h"
#include "books/account.h"
#include "rules/payout/appeal.h"
#include "rules/incident/round.h"
#include "rules/incident/incident.h"
#include "rule/party.h"

/* A record that another one names: where it is not, something is wrong, and not with the disk. */
static enum recourse_error named(
	struct replay *replay, enum recourse_error error, uint64_t entry, const char *what)
{
	if (error != RECOURSE_QUERY_NOT_FOUND)
		return error;
	return replay_wrong_entry(replay, entry, "%s", what);
}

static enum recourse_error read_deduction(
	struct replay *replay, uint64_t entry, struct record_deduction *deduction)
{
	struct record_path path = deduction_path(entry);
	return named(replay, record_get(replay->core.state, &path, deduction, sizeof *deduction), entry,
		"A4: what was taken from a deposit is not listed as a deduction");
}

static enum recourse_error read_appeal(struct replay *replay, uint64_t entry, struct record_appeal *appeal)
{
	struct record_path path = appeal_path(entry);
	return named(replay, record_get(replay->core.state, &path, appeal, sizeof *appeal), entry,
		"D7: a deduction names an appeal that is not there");
}

/* ---- sums of an incident ---- */

struct appeal_sums {
	int64_t restored;
	int64_t recourse;
	int64_t secured;
	uint32_t stays;
};

static enum recourse_error add_round(struct replay *replay, const struct record_incident *incident,
	const struct record_round *round, struct appeal_sums *sums)
{
	struct record_deduction deduction;
	struct record_appeal appeal;
	TRY(read_deduction(replay, round->entry, &deduction));
	if (deduction.amount != round->split.amount - round->secured || deduction.claims != round->claims ||
		deduction.incident != incident->number || deduction.merchant != incident->merchant)
		return replay_wrong_entry(replay, round->entry,
			"A4: a deduction is not what its distribution took for its claims");
	if (deduction.appeal == 0)
		return RECOURSE_OK;
	TRY(read_appeal(replay, deduction.appeal, &appeal));
	sums->restored += appeal.restored;
	sums->recourse += appeal.recourse;
	sums->stays += appeal.state == APPEAL_STAYED ? 1 : 0;
	return RECOURSE_OK;
}

enum recourse_error appeal_check_sums(struct replay *replay, const struct record_incident *incident)
{
	struct appeal_sums sums = {0};
	for (uint32_t number = 1; number <= incident->rounds[ROUND_DEPOSIT]; number++) {
		struct record_round round;
		TRY(round_read(replay->core.state, incident, ROUND_DEPOSIT, number, &round));
		sums.secured += round.secured;
		if (round.split.amount > round.secured)
			TRY(add_round(replay, incident, &round, &sums));
	}
	if (sums.secured != incident->secured)
		return replay_wrong(replay, "A6: what instruments gave for incident %.*s does not sum up",
			SLICE_ARGUMENTS(RECORD_TEXT(incident->id)));
	if (sums.restored != incident->restored || sums.restored > incident->pooled - incident->secured)
		return replay_wrong(replay, "D7: what appeals restored of incident %.*s does not sum up",
			SLICE_ARGUMENTS(RECORD_TEXT(incident->id)));
	if (sums.recourse != incident->restored_recourse)
		return replay_wrong(replay,
			"I7: recourse of incident %.*s out of appeals is not what the funder paid in",
			SLICE_ARGUMENTS(RECORD_TEXT(incident->id)));
	if (sums.stays != incident->stays)
		return replay_wrong(replay, "D7: the appeals that stay payment of incident %.*s are not %u",
			SLICE_ARGUMENTS(RECORD_TEXT(incident->id)), incident->stays);
	return RECOURSE_OK;
}

/* ---- one of each ---- */

static bool read_value(slice value, void *record, size_t size)
{
	memset(record, 0, size);
	if (value.size > size)
		return false;
	if (value.size > 0)
		memcpy(record, value.data, value.size);
	return true;
}

enum recourse_error appeal_check_deduction(struct replay *replay, slice key, slice value, void *context)
{
	uint64_t entry = record_path_last_number(key);
	struct record_deduction deduction;
	struct record_appeal appeal;
	(void)context;
	if (!read_value(value, &deduction, sizeof deduction))
		return RECOURSE_STORE_CORRUPT;
	if (deduction.amount <= 0 || deduction.claims == 0)
		return replay_wrong_entry(
			replay, entry, "A4: a deduction of nothing, or without a decided claim");
	if (deduction.appeal == 0)
		return RECOURSE_OK;
	TRY(read_appeal(replay, deduction.appeal, &appeal));
	if (appeal.deduction != entry)
		return replay_wrong_entry(
			replay, deduction.appeal, "D7: an appeal and its deduction contradict each other");
	return RECOURSE_OK;
}

static bool fits_outcome(const struct record_appeal *appeal, int64_t deducted)
{
	switch ((enum appeal_state)appeal->state) {
	case APPEAL_LODGED:
	case APPEAL_STAYED:
		return appeal->decided_entry == 0 && appeal->restored == 0;
	case APPEAL_UPHELD:
		return appeal->decided_entry != 0 && appeal->restored == 0;
	case APPEAL_VARIED:
		return appeal->decided_entry != 0 && appeal->restored > 0 && appeal->restored < deducted;
	case APPEAL_REVERSED:
		return appeal->decided_entry != 0 && appeal->restored == deducted;
	}
	return false;
}

static enum recourse_error read_waiting(struct replay *replay, enum chart_code code, uint32_t party,
	slice reference, const struct unit *unit, int64_t *steps)
{
	struct record_account account;
	slice name;
	*steps = 0;
	enum recourse_error error = party_name(replay->core.state, &replay->arena, party, &name);
	if (error == RECOURSE_OK)
		error = account_get(replay->core.state, code, name, reference, unit_code(unit), &account);
	if (error == RECOURSE_OK)
		*steps = code == CHART_COMMITMENT ? account.balance : -account.balance;
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
}

/* What waits for the funder's cash is what was restored and is not paid in, on both sides. */
static enum recourse_error check_waiting(struct replay *replay, uint64_t entry,
	const struct record_appeal *appeal, const struct record_deduction *deduction)
{
	char text[REFERENCE_SIZE];
	slice reference = reference_write(entry, text);
	struct record_incident incident;
	int64_t committed = 0;
	int64_t frozen = 0;
	int64_t open = appeal->restored - appeal->funded;
	TRY(incident_load(replay->core.state, deduction->incident, &incident));
	TRY(read_waiting(replay, CHART_COMMITMENT, incident.funder, reference, &incident.unit, &committed));
	TRY(read_waiting(
		replay, CHART_DEPOSIT_FROZEN, deduction->merchant, reference, &incident.unit, &frozen));
	if (open < 0 || committed != open || frozen != open)
		return replay_wrong_entry(replay, entry,
			"D7: what an appeal restored and the funder has not paid in is not what waits for "
			"it");
	return RECOURSE_OK;
}

enum recourse_error appeal_check(struct replay *replay, slice key, slice value, void *context)
{
	uint64_t entry = record_path_last_number(key);
	struct record_deduction deduction;
	struct record_appeal appeal;
	(void)context;
	if (!read_value(value, &appeal, sizeof appeal))
		return RECOURSE_STORE_CORRUPT;
	TRY(read_deduction(replay, appeal.deduction, &deduction));
	if (deduction.appeal != entry)
		return replay_wrong_entry(
			replay, entry, "D7: an appeal and its deduction contradict each other");
	if (!fits_outcome(&appeal, deduction.amount))
		return replay_wrong_entry(
			replay, entry, "D7: what an appeal restores is not what its outcome says");
	if (appeal.recourse > appeal.funded)
		return replay_wrong_entry(
			replay, entry, "I7: an appeal made more recourse than the funder paid in");
	return check_waiting(replay, entry, &appeal, &deduction);
}
