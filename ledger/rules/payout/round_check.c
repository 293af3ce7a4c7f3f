/* SPDX-License-Identifier: Apache-2.0 */
#include "books/record_hearing.h"
#include "rule/booked.h"
#include "rule/rule.h"
#include "rules/collateral/collateral.h"
#include "rules/incident/incident.h"
#include "rules/incident/given_back.h"
#include "rules/incident/section.h"
#include "rules/incident/weight.h"
#include "rules/payout/replaced.h"

/*
 * I7, I10, F1: what a section says of its claims is what they say, one by one; the parts of its rounds are what was shared
 * out; what is advanced is what the pool leaves of the promise, and the funder's cash covers it.
 */
struct claim_sums {
	const struct record_section *section;
	uint64_t decided;
	uint64_t settled;
	int64_t loss;
	int64_t paid;
	int64_t received;
	int64_t unclaimed;
	int64_t unclaimed_advance;
	uint64_t claims_unclaimed;
	int64_t clawed;
	int64_t clawed_recovered;
	uint64_t clawbacks;
	int64_t promised;
	int64_t beyond; /* what pools gave beyond what is lost by now */
	int64_t advance;
	int64_t unordered; /* of which no payout is ordered */
	int64_t ordered;   /* what was ordered of it, as it was then */
	int64_t repaid;    /* of those in payments that were made: what pools gave back of it since */
	int64_t settled_advance;
	int64_t parts[ROUND_KINDS];
	struct record_section awaited; /* what it says is kept back for who waits for a ruling */
	int64_t top_up; /* of the claim in hand: advanced for what its appeal gave, and not ordered */
	int64_t pool;   /* of the claim in hand: its part of the deposit */
};

/*
 * What is too much by now, of what was ordered out, is advanced until it is back: a ruling that was lowered then does not
 * lower that.
 */
static int64_t advance_of(
	const struct record_decided *decided, const struct record_claim *claim, int64_t pool)
{
	bool made = claim->payout == PAYOUT_SETTLED;
	int64_t ordered = made ? 0 : record_claim_ordered_advance(claim);
	int64_t out = claim->paid + (made ? 0 : record_claim_ordered_pool(claim)) + ordered;
	int64_t most = amount_beyond(claim->settled_advance + ordered, 0);
	int64_t due = amount_beyond(decided->approved, pool);
	int64_t excess = amount_beyond(out, pool + due);
	return excess < most - due ? due + excess : most > due ? most : due;
}

static void add_advance(
	const struct record_decided *decided, const struct record_claim *claim, struct claim_sums *sums)
{
	bool covered = decided->entry <= sums->section->last_round_entry;
	bool ordered = round_ordered(claim);
	int64_t advance = !covered  ? 0
			  : ordered ? advance_of(decided, claim, sums->pool)
				    : amount_beyond(decided->approved, sums->pool);
	int64_t most = decided->approved + amount_beyond(sums->pool, decided->approved);
	int64_t lost = amount_beyond(round_weight(decided, ROUND_DEPOSIT), decided->recovered);
	sums->promised += most < lost ? most : lost;
	sums->beyond += amount_beyond(sums->pool, lost);
	sums->advance += advance;
	sums->unordered += ordered ? sums->top_up : advance;
	sums->ordered += claim->settled_advance;
	sums->ordered += claim->payout == PAYOUT_SETTLED ? 0 : record_claim_ordered_advance(claim);
	if (round_settled(claim)) {
		sums->repaid += claim->settled_advance - (advance - sums->top_up);
		sums->repaid += claim->payout == PAYOUT_SETTLED ? 0 : record_claim_ordered_advance(claim);
	}
	sums->settled_advance += claim->settled_advance;
}

/* Of one whose ruling was changed it is known by which rounds it has what it has. */
static enum recourse_error compare_shares(struct check_context *check, slice id,
	const struct record_decided *decided, const struct record_claim *claim, int64_t part)
{
	const struct record_path prefix = record_path_of_text(RECORD_PART, id);
	struct record_part row;
	int64_t sum = 0;
	if (decided->weights == 0)
		return RECOURSE_OK;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (record_walk_next(&walk, &row, sizeof row))
		sum += row.had - row.back;
	TRY(walk.error);
	return sum == decided->had && sum <= part
		       ? RECOURSE_OK
		       : check_wrong_entry(check, claim->last_entry,
				 "I10: what a claim has of rounds is not what it has of each");
}

static enum recourse_error read_top_up(
	struct check_context *check, slice id, const struct record_claim *claim, struct claim_sums *sums)
{
	struct record_path path = record_path_of_text(RECORD_HEARING, id);
	struct record_hearing hearing = {.top_up_advance = 0};
	if (claim->hearing == HEARING_TOP_UP)
		TRY(record_get_optional(check->state, &path, &hearing, sizeof hearing, NULL));
	sums->top_up = hearing.top_up_advance;
	return RECOURSE_OK;
}

static enum recourse_error add_decided(struct check_context *check, slice id,
	const struct record_decided *decided, const struct record_claim *claim, struct claim_sums *sums)
{
	int64_t parts[ROUND_KINDS] = {0};
	for (int kind = ROUND_DEPOSIT; kind < ROUND_KINDS; kind++) {
		bool covered;
		TRY(round_part(
			check->state, sums->section, id, (enum round_kind)kind, &parts[kind], &covered));
		sums->parts[kind] += parts[kind];
	}
	sums->pool = parts[ROUND_DEPOSIT];
	TRY(read_top_up(check, id, claim, sums));
	TRY(compare_shares(check, id, decided, claim, sums->pool));
	/* pools and advances are within the loss by themselves */
	int64_t recovered = parts[ROUND_UNCOVERED];
	int64_t received = claim->voided == 0 ? claim->received : 0;
	int64_t asked = claim->clawed + claim->clawed_pool + claim->clawed_recovered;
	if (claim->clawed_recovered < 0 || claim->clawed_recovered > recovered ||
		(recovered > 0 &&
			(__int128)recovered + claim->paid + received > (__int128)claim->loss + asked))
		return check_wrong_entry(check, claim->last_entry,
			"I5: a claim received more than its loss, with what was recovered");
	sums->decided++;
	sums->loss += decided->loss;
	sums->paid += claim->paid;
	sums->received += decided->loss > 0 ? claim->received : 0; /* void: it counts no more */
	sums->clawed += claim->clawed;
	sums->clawed_recovered += claim->clawed_recovered;
	sums->clawbacks += record_claim_asked(claim) > 0;
	sums->settled += claim->state == CLAIM_PAID;
	if (claim->payout == PAYOUT_UNCLAIMED) {
		sums->unclaimed += claim->deposit_part + claim->advance_part;
		sums->unclaimed_advance += claim->advance_part;
		sums->claims_unclaimed++;
	}
	add_advance(decided, claim, sums);
	return RECOURSE_OK;
}

/* Between two claims of a lot in one section there may have been one in another incident, which has a pool of its own. */
static enum recourse_error is_elsewhere(
	struct check_context *check, const struct record_section *section, bool *elsewhere)
{
	struct record_path prefix = record_path_of(RECORD_SECTION);
	struct record_section other;
	*elsewhere = false;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (!*elsewhere && record_walk_next(&walk, &other, sizeof other))
		*elsewhere = other.party == section->party && other.incident != section->incident;
	return walk.error;
}

/* Who waits is kept what its lot is worth by now, or what it asks if that is more; one that came late may come to as much. */
static enum recourse_error compare_worth(struct check_context *check, const struct record_claim *claim,
	const struct record_decided *decided, const struct record_entitlement *lot)
{
	int64_t worth;
	TRY(exposure_value(lot, &worth));
	int64_t own = amount_most(claim->asked, worth);
	bool late = decided->late > 0;
	bool fits = late ? decided->late == own
			 : decided->until != 0 || (decided->reserve == own && decided->beyond == own - worth);
	return fits ? RECOURSE_OK
		    : check_wrong_entry(check, claim->last_entry,
			      "B5: what is kept back for a claim is not what its lot is worth");
}

/* One lot, one reserve: what is kept back for a claim that fell is the next one's. */
static enum recourse_error compare_reserve(struct check_context *check, slice id,
	const struct record_section *section, const struct record_claim *claim,
	const struct record_decided *decided)
{
	struct record_path path = record_path_of_text(RECORD_ENTITLEMENT, RECORD_TEXT(claim->entitlement));
	struct record_entitlement lot;
	struct record_claim next;
	bool elsewhere;
	bool there;
	/* that lot and claim are there and know each other is looked at elsewhere (D8) */
	TRY(record_get_optional(check->state, &path, &lot, sizeof lot, &there));
	if (!there)
		return RECOURSE_OK;
	if (slice_equal(RECORD_TEXT(lot.claim), id))
		return compare_worth(check, claim, decided, &lot);
	path = record_path_of_text(RECORD_CLAIM, RECORD_TEXT(lot.claim));
	TRY(record_get_optional(check->state, &path, &next, sizeof next, &there));
	if (!there)
		return RECOURSE_OK;
	TRY(is_elsewhere(check, section, &elsewhere));
	return elsewhere || next.incident != section->incident || next.section != section->party
		       ? RECOURSE_OK
		       : check_wrong_entry(check, next.last_entry, "B5: two reserves are kept for one lot");
}

static enum recourse_error add_claim(
	struct check_context *check, slice id, const struct record_decided *decided, struct claim_sums *sums)
{
	const struct record_section *section = sums->section;
	struct record_path path = record_path_of_text(RECORD_CLAIM, id);
	struct record_claim claim;
	TRY(record_get_named(check->state, &path, &claim, sizeof claim));
	bool left = claim.incident != section->incident || claim.section != section->party;
	if (left && (decided->entry != 0 || decided->until == 0))
		return check_wrong_entry(
			check, claim.last_entry, "B1: a claim was decided in another section");
	weight_count(&sums->awaited, decided, 1);
	bool clocked = decided->lapses == 0 || decided->lapses == decided->until + 1 ||
		       decided->lapses == decided->former_until + 1;
	if (decided->contested < 0 || !clocked ||
		(decided->contested > 0 && (section->stands == 0 || decided->lapses == 0)))
		return check_wrong_entry(check, claim.last_entry,
			"D7: something is set apart for an appeal that can not come, or without a clock");
	if (decided->entry != 0)
		return add_decided(check, id, decided, &claim, sums);
	/* one that fell, went elsewhere, or is not admitted yet, may keep what can be contested of its lot */
	bool fell = left || claim.state == CLAIM_REJECTED || claim.state == CLAIM_WITHDRAWN;
	bool late = !fell && claim.late == CLAIM_LATE;
	bool waits = fell || late ? decided->until != 0 : claim.decided_entry == 0;
	if (late ? decided->late < 0 || (decided->late == 0 && decided->until == 0)
		 : decided->late + decided->late_promise != 0)
		return check_wrong_entry(check, claim.last_entry,
			"B5: what a late claim asks is kept for one that does not wait to be admitted");
	return (late && decided->reserve == 0) || (waits && (decided->reserve > 0 || decided->until != 0))
		       ? compare_reserve(check, id, section, &claim, decided)
		       : check_wrong_entry(check, claim.last_entry,
				 "B5: something is kept back for a claim that nobody will decide");
}

struct given {
	int64_t amount;
	int64_t instruments;
	int64_t issuers;
};

/* What is in the place of what later ranks gave is in that of what some of their rounds did. */
static enum recourse_error compare_replaced(
	struct check_context *check, const struct record_section *section, const struct record_round *round)
{
	struct record_path prefix = record_path_of_number(RECORD_REPLACED, round->entry);
	struct record_replaced replaced;
	int64_t lodged = replaced_lodged(round);
	int64_t own = round->amount - round->replaced - round->from_issuer;
	record_path_short(&prefix, section->party);
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (record_walk_next(&walk, &replaced, sizeof replaced)) {
		lodged -= replaced.amount;
		own -= replaced.passed_on;
	}
	TRY(walk.error);
	bool fits = lodged == 0 && own >= 0 && round->replaced_instruments >= 0 &&
		    round->replaced_secured >= 0 && replaced_lodged(round) >= 0 &&
		    round->replaced <= round->amount &&
		    (replaced_issuers(round) == 0 || round->from_issuer == 0);
	return fits ? RECOURSE_OK
		    : check_wrong_entry(check, round->entry,
			      "F1: what a round replaced of later ranks is not what it took of theirs");
}

/* Whose claims came in with it had no more of it than it took, be it restored or not. */
static enum recourse_error compare_first(struct check_context *check, const struct record_round *round)
{
	bool fits = round->issuers_used >= 0 && round->issuers_used <= round->issuers_had &&
		    round->issuers_later >= 0 && round->issuers_later <= round->from_issuer &&
		    round->issuers_first <= round->from_issuer &&
		    round->issuers_first >= -round->back[ROUND_ISSUERS];
	return fits ? RECOURSE_OK
		    : check_wrong_entry(check, round->entry,
			      "F1: later claims had more by a round, or of what was restored, than it took");
}

static enum recourse_error add_rounds(struct check_context *check, const struct record_section *section,
	enum round_kind series, struct given *given)
{
	for (uint32_t number = 1; number <= section->rounds[series]; number++) {
		struct record_round round;
		TRY(round_read(check->state, section, series, number, &round));
		TRY(compare_replaced(check, section, &round));
		TRY(compare_first(check, &round));
		given->amount += round.amount;
		given->instruments += round.from_instruments;
		given->issuers += round.from_issuer;
	}
	return RECOURSE_OK;
}

/* What went back is no part of anybody's any more. */
static enum recourse_error compare_rounds(struct check_context *check, const struct claim_sums *sums)
{
	const struct record_section *section = sums->section;
	struct given pool = {0};
	for (int kind = ROUND_DEPOSIT; kind < ROUND_KINDS; kind++) {
		struct given given = {0};
		TRY(add_rounds(check, section, (enum round_kind)kind, &given));
		if (kind == ROUND_DEPOSIT) {
			TRY(add_rounds(check, section, ROUND_LIFT, &given));
			pool = given;
			given.amount -= section->pool_back;
		}
		given.amount -= kind == ROUND_UNCOVERED ? section->recovered_back : 0;
		if (sums->parts[kind] != given.amount)
			return check_wrong_entry(check, section->last_round_entry,
				"I10: the parts of a distribution do not sum up to what was shared out");
	}
	if (sums->parts[ROUND_DEPOSIT] != section->pool_taken)
		return check_wrong_entry(check, section->last_round_entry,
			"I10: the parts of the deposit do not sum up to what was taken from it");
	if (pool.instruments != section->from_instruments + section->instruments_back)
		return check_wrong_entry(check, section->last_round_entry,
			"A6: what instruments gave for a section does not sum up");
	if (pool.issuers != section->from_issuer + section->issuer_back)
		return check_wrong_entry(check, section->last_round_entry,
			"B1: what the issuer's pool gave for a section does not sum up");
	return RECOURSE_OK;
}

static enum recourse_error compare_advance(
	struct check_context *check, slice id, const struct claim_sums *sums)
{
	const struct record_section *section = sums->section;
	if (sums->advance != section->advanced - section->repaid || sums->promised != section->promised)
		return check_wrong(check,
			"F1: what is advanced in incident %.*s is not what the pool leaves of the promise",
			SLICE_ARGUMENTS(id));
	if (sums->settled_advance != section->settled_advance || sums->repaid != section->repaid_settled)
		return check_wrong(check, "I7: what incident %.*s says was settled of its advances is not",
			SLICE_ARGUMENTS(id));
	/* what came back, or a pool gave, may have been paid by liable parties meanwhile: then it stays recourse */
	if (section->perfected < section_recourse(section) || section->perfected > sums->advance)
		return check_wrong(check, "I7: what perfected in incident %.*s is not its settled advances",
			SLICE_ARGUMENTS(id));
	return RECOURSE_OK;
}

static enum recourse_error look_at_claims(struct check_context *check, slice id, struct claim_sums *sums)
{
	const struct record_section *section = sums->section;
	struct record_path claims = record_path_of_shorts(RECORD_DECIDED, section->incident, section->party);
	struct record_decided decided;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &claims);
	while (record_walk_next(&walk, &decided, sizeof decided))
		TRY(add_claim(check, walk.key.parts[2].text, &decided, sums));
	TRY(walk.error);
	TRY(compare_rounds(check, sums));
	if (sums->decided != section->claims_decided || sums->loss != section->loss)
		return check_wrong(
			check, "B5: what was decided in incident %.*s does not sum up", SLICE_ARGUMENTS(id));
	if (sums->awaited.awaited != section->awaited ||
		sums->awaited.awaited_promise != section->awaited_promise ||
		sums->awaited.appealed != section->appealed ||
		sums->awaited.appealed_promise != section->appealed_promise ||
		sums->awaited.contested != section->contested || sums->awaited.late != section->late ||
		sums->awaited.contestable > section->contestable ||
		sums->awaited.late_promise != section->late_promise)
		return check_wrong(check, "B5: what waits for a ruling in incident %.*s does not sum up",
			SLICE_ARGUMENTS(id));
	if (sums->clawed != section->clawed || sums->clawed_recovered != section->clawed_recovered ||
		sums->beyond != section->pool_beyond || sums->clawbacks != section->clawbacks)
		return check_wrong(check, "I5: what is asked back in incident %.*s does not sum up",
			SLICE_ARGUMENTS(id));
	if (sums->received != section->elsewhere)
		return check_wrong(check, "I5: what claimants of incident %.*s had elsewhere does not sum up",
			SLICE_ARGUMENTS(id));
	if (sums->paid != section->paid || sums->settled != section->claims_paid ||
		sums->unclaimed != section->unclaimed ||
		sums->unclaimed_advance != section->unclaimed_advance ||
		sums->claims_unclaimed != section->claims_unclaimed)
		return check_wrong(check,
			"I8: what was paid for incident %.*s is not what its claims received",
			SLICE_ARGUMENTS(id));
	return compare_advance(check, id, sums);
}

static enum recourse_error look_at_incident(struct check_context *check, const struct check_row *row)
{
	const struct record_incident *incident = row->record;
	struct record_path sections = record_path_of_short(RECORD_SECTION, incident->number);
	struct record_section section;
	slice funder;
	int64_t committed;
	int64_t unordered = 0;
	int64_t ordered = 0;
	bool any = false;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &sections);
	while (record_walk_next(&walk, &section, sizeof section)) {
		struct claim_sums sums = {.section = &section};
		TRY(look_at_claims(check, RECORD_TEXT(incident->id), &sums));
		any = true;
		unordered += sums.unordered;
		ordered += sums.ordered;
	}
	/* that it has a section is looked at elsewhere */
	if (walk.error != RECOURSE_OK || !any)
		return walk.error;
	TRY(party_name(check->state, check->arena, incident->funder, &funder));
	TRY(account_balance(check->state, CHART_COMMITMENT, funder, RECORD_TEXT(incident->id),
		&incident->unit, &committed));
	return check_that(check, row,
		incident->instructed == ordered && incident->funded + incident->bounced >= ordered &&
			incident->funded + committed == incident->instructed + unordered,
		"F1: what a funder paid in and is committed to is not what is advanced");
}

/* What is kept for the way back of an approval is of one that stands, and what it gave was there to be given. */
static enum recourse_error look_at_approved(struct check_context *check, const struct check_row *row)
{
	const struct record_approved *record = row->record;
	struct record_booked booked;
	TRY(booked_read(check->state, row->key->parts[0].number, &booked, NULL));
	return check_that(check, row,
		booked.kind == BOOKED_DISTRIBUTION && booked.corrected_by == 0 && booked.corrects == 0 &&
			record->before < row->key->parts[0].number,
		"F1: what stood before an approval is of none that stands");
}

static enum recourse_error look_at_drawn(struct check_context *check, const struct check_row *row)
{
	const int64_t *drawn = row->record;
	struct record_path path = record_path_of_text(RECORD_INSTRUMENT, row->key->parts[2].text);
	struct record_instrument instrument;
	TRY(record_get_optional(check->state, &path, &instrument, sizeof instrument, NULL));
	return check_that(check, row,
		instrument.merchant == row->key->parts[1].number && *drawn != 0 &&
			*drawn <= instrument.called && -*drawn <= instrument.called,
		"A6: what an entry shared out of an instrument, or replaced, was never called from it");
}

static enum recourse_error look_at_replaced(struct check_context *check, const struct check_row *row)
{
	const struct record_replaced *replaced = row->record;
	const struct table_key *key = row->key;
	uint32_t party = (uint32_t)key->parts[1].number;
	struct record_path path = record_path_of_shorts(RECORD_SECTION, replaced->incident, party);
	struct record_section section;
	struct record_round gave;
	struct record_round by;
	TRY(check_found(check, row, record_get(check->state, &path, &section, sizeof section),
		"F1: what was replaced is of no section"));
	path = record_path_of_shorts(RECORD_ROUND, replaced->incident, party);
	record_path_short(&path, (uint32_t)key->parts[2].number);
	record_path_short(&path, (uint32_t)key->parts[3].number);
	TRY(check_found(check, row, record_get(check->state, &path, &gave, sizeof gave),
		"F1: what was replaced no round gave"));
	TRY(given_back_round(check->state, &section, key->parts[0].number, &by));
	return check_that(check, row,
		replaced_lodged(&by) >= replaced->amount && replaced->amount >= 0 &&
			replaced->passed_on >= 0 && replaced->amount + replaced->passed_on > 0 &&
			gave.entry < by.entry && replaced->amount <= gave.back[ROUND_ISSUERS] &&
			(replaced->passed_on == 0 ||
				replaced->passed_on <= gave.from_issuer - gave.issuers_first),
		"F1: what was replaced did not come back of the round that gave it");
}

static const struct check rows[] = {
	{.table = RECORD_REPLACED, .look = look_at_replaced},
	{.table = RECORD_APPROVED, .look = look_at_approved},
	{.table = RECORD_DRAWN, .look = look_at_drawn},
	{.table = RECORD_INCIDENT, .look = look_at_incident},
};
const struct check_group round_check_rows = CHECK_GROUP(rows);
