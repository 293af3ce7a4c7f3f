/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"
#include "rules/incident/incident.h"
#include "rules/incident/round.h"

/*
 * I7, I10: what a section says of its claims is what they say, one by one, and the parts of its rounds are what was
 * shared out.
 */
struct claim_sums {
	const struct record_section *section;
	uint64_t decided;
	uint64_t settled;
	int64_t loss;
	int64_t paid;
	int64_t perfected;
	int64_t pool_back;
	int64_t received;
	int64_t clawed;
	uint64_t clawbacks;
	int64_t parts[ROUND_KINDS]; /* by round kind */
};

static enum recourse_error add_claim(
	struct check_context *check, slice id, const struct record_decided *decided, struct claim_sums *sums)
{
	const struct record_section *section = sums->section;
	struct record_path path = record_path_of_text(RECORD_CLAIM, id);
	struct record_claim claim;
	TRY(record_get_named(check->state, &path, &claim, sizeof claim));
	for (int kind = ROUND_DEPOSIT; kind < ROUND_KINDS; kind++) {
		int64_t part = 0;
		bool covered;
		TRY(round_part(check->state, section, id, (enum round_kind)kind, &part, &covered));
		sums->parts[kind] += part;
	}
	sums->decided++;
	sums->loss += decided->loss;
	sums->paid += claim.paid;
	sums->pool_back += claim.pool_back;
	sums->received += decided->loss > 0 ? claim.received : 0; /* void: it counts no more */
	sums->clawed += claim.clawed;
	sums->clawbacks += claim.clawed > claim.clawed_off;
	sums->settled += claim.payout == PAYOUT_SETTLED;
	if (claim.incident != section->incident || claim.section != section->party)
		return check_wrong_entry(
			check, claim.last_entry, "B1: a claim was decided in another section");
	if (claim.payout == PAYOUT_SETTLED && claim.inchoate != 0)
		return check_wrong_entry(
			check, claim.last_entry, "I7: a settled advance did not become recourse");
	if (claim.instalment > 0)
		sums->perfected += claim.advance_part - claim.inchoate - claim.clawed;
	return RECOURSE_OK;
}

static enum recourse_error compare_rounds(struct check_context *check, const struct claim_sums *sums)
{
	const struct record_section *section = sums->section;
	int64_t secured = section->from_instruments + section->instruments_back;
	int64_t issuers = section->from_issuer + section->issuer_back;
	for (int kind = ROUND_DEPOSIT; kind < ROUND_KINDS; kind++) {
		int64_t left = sums->parts[kind];
		/* parts of claims that are decided no more went back whole */
		if (kind == ROUND_DEPOSIT)
			left += section->pool_back - sums->pool_back;
		for (uint32_t number = 1; number <= section->rounds[kind]; number++) {
			struct record_round round;
			TRY(round_read(check->state, section, (enum round_kind)kind, number, &round));
			left -= round.split.amount;
			secured -= round.from_instruments;
			issuers -= round.from_issuer;
		}
		if (left != 0)
			return check_wrong_entry(check, section->last_round_entry,
				"I10: the parts of a distribution do not sum up to what was shared out");
	}
	if (sums->parts[ROUND_DEPOSIT] - sums->pool_back != section->pool_taken)
		return check_wrong_entry(check, section->last_round_entry,
			"I10: the parts of the deposit do not sum up to what was taken from it");
	if (secured != 0)
		return check_wrong_entry(check, section->last_round_entry,
			"A6: what instruments gave for a section does not sum up");
	if (issuers != 0)
		return check_wrong_entry(check, section->last_round_entry,
			"B1: what the issuer's pool gave for a section does not sum up");
	return RECOURSE_OK;
}

static enum recourse_error look_at_section(struct check_context *check, const struct check_row *row)
{
	const struct record_section *section = row->record;
	struct claim_sums sums = {.section = section};
	struct record_path claims = record_path_of_shorts(RECORD_DECIDED, section->incident, section->party);
	struct record_decided decided;
	struct record_incident incident;
	TRY(incident_load(check->state, section->incident, &incident));
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &claims);
	while (record_walk_next(&walk, &decided, sizeof decided))
		TRY(add_claim(check, walk.key.parts[2].text, &decided, &sums));
	TRY(walk.error);
	TRY(compare_rounds(check, &sums));
	if (sums.decided != section->claims_decided || sums.loss != section->loss)
		return check_wrong(check, "B5: what was decided in incident %.*s does not sum up",
			SLICE_ARGUMENTS(RECORD_TEXT(incident.id)));
	if (sums.clawed != section->clawed || sums.clawbacks != section->clawbacks)
		return check_wrong(check, "I5: what is asked back in incident %.*s does not sum up",
			SLICE_ARGUMENTS(RECORD_TEXT(incident.id)));
	if (sums.received != section->elsewhere)
		return check_wrong(check, "I5: what claimants of incident %.*s had elsewhere does not sum up",
			SLICE_ARGUMENTS(RECORD_TEXT(incident.id)));
	if (sums.paid != section->paid || sums.settled != section->claims_paid)
		return check_wrong(check,
			"I8: what was paid for incident %.*s is not what its claims received",
			SLICE_ARGUMENTS(RECORD_TEXT(incident.id)));
	if (sums.perfected != section->perfected)
		return check_wrong(check, "I7: what perfected in incident %.*s is not its settled advances",
			SLICE_ARGUMENTS(RECORD_TEXT(incident.id)));
	return RECOURSE_OK;
}

/* F2: what is ordered out of the funder's cash is the advance part of what was ordered, no more and no less. */
static enum recourse_error look_at_cover(struct check_context *check, const struct check_row *row)
{
	const struct record_incident *incident = row->record;
	struct record_path decided = record_path_of_short(RECORD_DECIDED, incident->number);
	__int128 left = incident->instructed;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &decided);
	while (record_walk_next(&walk, NULL, 0)) {
		struct record_path path = record_path_of_text(RECORD_CLAIM, walk.key.parts[2].text);
		struct record_claim claim;
		TRY(record_get_named(check->state, &path, &claim, sizeof claim));
		left -= claim.advance_part;
	}
	TRY(walk.error);
	return check_that(check, row, left == 0 && incident->instructed <= incident->funded,
		"F2: what is ordered out of the funder's cash does not sum up");
}

static const struct check rows[] = {
	{.table = RECORD_INCIDENT, .entry = offsetof(struct record_incident, entry), .look = look_at_cover},
	{.table = RECORD_SECTION, .look = look_at_section},
};
const struct check_group round_check_rows = CHECK_GROUP(rows);
