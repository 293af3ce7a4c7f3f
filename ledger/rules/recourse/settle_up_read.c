/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/collateral/instrument.h"
#include "rules/incident/incident.h"
#include "rules/incident/section.h"
#include "rules/recourse/settle_up.h"

/* What is known of a section and of who is liable in it, as reckon() is told it. */

/*
 * What pools paid for each: the deposit counts as the merchant's payment; so does what an instrument paid, which is the
 * merchant's security, unless its provider is liable itself; before a judgment it is both's, either being liable for all. The
 * issuer's pool is the issuer's, liable or not. What is asked back of it was of no loss, and so is nobody's payment: it is the pool's
 * when it is back.
 */
static enum recourse_error read_pools(struct state_view *view, struct arena *arena,
	const struct record_incident *incident, const struct record_section *section,
	const struct liabilities *list, struct reckon *reckoned)
{
	struct instrument_calls calls;
	const struct section_pools pools = section_pools(section);
	int64_t merchants = pools.deposit + pools.instruments;
	TRY(instrument_call_list(view, arena, section, &calls));
	for (size_t row = 0; row < list->count; row++) {
		const struct record_liability *record = &list->rows[row].record;
		int64_t used = instrument_call_used(&calls, record->party, pools.instruments);
		if (record->liable || section->apportioned_entry == 0)
			reckoned->parties[row].credited = used;
		merchants -= record->liable ? used : 0;
		if (record->party == incident->issuer)
			reckoned->parties[row].credited += pools.issuers;
	}
	for (size_t row = 0; row < list->count; row++) {
		if (list->rows[row].record.party == section->party)
			reckoned->parties[row].credited += merchants;
	}
	return RECOURSE_OK;
}

/* Before a judgment any party may be liable: what claimants had of those, whether they have a row or not. */
static enum recourse_error find_direct(
	struct state_view *view, const struct record_section *section, int64_t *steps)
{
	struct record_path prefix = record_path_of_shorts(RECORD_DIRECT, section->incident, section->party);
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(view, &prefix);
	int64_t direct;
	*steps = 0;
	while (record_walk_next(&walk, &direct, sizeof direct)) {
		struct record_path path = record_path_of_text(RECORD_PARTY, walk.key.parts[2].text);
		bool party;
		TRY(record_exists(view, &path, &party));
		*steps += party ? direct : 0;
	}
	return walk.error;
}

/*
 * What claimants had from a liable party it has paid of its share, and before a judgment from any party, as pools; what they had
 * from anybody else nobody lost.
 */
static enum recourse_error read_elsewhere(struct state_view *view, const struct record_section *section,
	const struct liabilities *list, struct reckon *reckoned)
{
	const bool judged = section->apportioned_entry != 0;
	int64_t paid = 0;
	if (section->elsewhere == 0)
		return RECOURSE_OK;
	if (!judged)
		TRY(find_direct(view, section, &paid));
	for (size_t row = 0; row < list->count; row++) {
		struct record_path path =
			record_path_of_shorts(RECORD_DIRECT, section->incident, section->party);
		int64_t direct;
		if (judged && !list->rows[row].record.liable)
			continue;
		record_path_text(&path, list->rows[row].party);
		TRY(record_get_optional(view, &path, &direct, sizeof direct, NULL));
		reckoned->parties[row].credited += direct;
		paid += judged ? direct : 0;
	}
	reckoned->loss -= section->elsewhere - paid;
	return RECOURSE_OK;
}

/* By which something was paid out, if it was by this one; else it does not matter. */
static uint64_t judgment_of(const struct liabilities *list)
{
	bool paid = false;
	for (size_t row = 0; row < list->count; row++)
		paid = paid || list->rows[row].record.paid_out > 0;
	return paid ? liability_judgment(list) : 0;
}

static void read_party(const struct record_incident *incident, const struct record_liability *record,
	uint64_t judgment, struct reckon_party *party)
{
	*party = (struct reckon_party){
		.share = record->share,
		.cap = record->cap,
		.liable = record->liable != 0,
		.joint = record->joint != 0,
		.given_up = record->given_up != 0,
		.released = record->released != 0,
		.funder = record->liable != 0 && record->party == incident->funder,
		.freed = record->freed,
		.before_release = record->before_release,
		.stood_for = record->stood_for,
		.received = record->received,
		.for_own = liability_for_own(record, 0),
		.paid_out = record->paid_out,
		.paid_own = record->paid_own,
		.paid_over = liability_paid_over(record),
		.replaced = record->paid_judgment != 0 && record->paid_judgment != judgment,
		.restored = record->restored,
		.costs = record->costs,
		.interest = record->interest,
		.costs_final = amount_least(record->costs_paid, record->costs),
		.interest_final = record->interest_paid,
	};
}

/*
 * What the funder was remitted for advances and did not pay in again, whether it owes it back by now or not: without what served
 * costs then, and what was handed back. What it stands for and does not owe it gave out of its own, so that it had that beside.
 */
static void read_funder(const struct record_section *section, struct reckon *reckoned)
{
	int64_t had = section->remitted + section->owed_back - section->handed_back;
	int64_t gave = amount_beyond(section->shortfall, section->owed_back);
	for (size_t row = 0; row < reckoned->count; row++)
		had -= reckoned->parties[row].costs_final;
	/* more was handed back, or served costs, than it was remitted: out of that */
	gave -= amount_beyond(0, had);
	reckoned->remitted = amount_most(had, 0);
	reckoned->gave = amount_most(gave, 0);
}

/*
 * Where all is promised, what is uncovered is what was given up of that: it ranks as it would if it had been advanced. Where nobody is
 * to be worse off for having been paid early, consumers' own loss comes just before the advances.
 */
static void read_ranks(const struct record_policy *policy, struct reckon *reckoned)
{
	for (size_t claim = 0; claim < WATERFALL_CLAIMS; claim++)
		reckoned->rank[claim] = (uint8_t)(2 * policy->rank[claim]);
	uint8_t advances = reckoned->rank[WATERFALL_ADVANCES];
	uint8_t *uncovered = &reckoned->rank[WATERFALL_UNCOVERED];
	if (policy->scheme == POLICY_FULL && *uncovered == 0)
		*uncovered = advances;
	if (policy->no_disadvantage != 0 && advances > 0 && (*uncovered == 0 || *uncovered >= advances))
		*uncovered = advances - 1;
}

/* What is asked for beyond all measure leaves room for what is added to it. */
static const int64_t RESERVED_MAX = INT64_MAX >> 3;

enum recourse_error settle_up_read(struct state_view *view, struct arena *arena,
	const struct record_incident *incident, const struct record_section *section,
	const struct liabilities *list, struct reckon *reckoned)
{
	struct record_policy policy;
	int64_t settled = section->perfected + section_restored_recourse(section);
	int64_t uncovered = section->loss - section->promised - section->elsewhere;
	int64_t paid_out =
		section->uncovered_served - section->uncovered_collected - section->clawed_recovered;
	int64_t unsettled = section->promised - (section_pool(section) - section_restored(section)) - settled;
	/* for whoever waits for its ruling, or for the judgment of its appeal */
	int64_t promised = section->awaited_promise + section->appealed_promise;
	*reckoned = (struct reckon){
		.loss = section->loss,
		.settled = settled,
		.stays = settle_up_stands(section),
		.unsettled = amount_most(unsettled, 0),
		.uncovered = amount_most(uncovered, paid_out),
		.reserved = amount_least(promised, RESERVED_MAX),
		.reserved_uncovered =
			amount_least(section->awaited + section->appealed - promised, RESERVED_MAX),
		.late = amount_least(section->late_promise, RESERVED_MAX),
		.late_uncovered = amount_least(section->late - section->late_promise, RESERVED_MAX),
		.paid_out = paid_out,
		.asked_back = section->clawed_recovered,
		.count = list->count,
	};
	TRY(incident_policy(view, incident, &policy));
	read_ranks(&policy, reckoned);
	uint64_t judgment = judgment_of(list);
	for (size_t row = 0; row < list->count; row++)
		read_party(incident, &list->rows[row].record, judgment, &reckoned->parties[row]);
	read_funder(section, reckoned);
	TRY(read_pools(view, arena, incident, section, list, reckoned));
	return read_elsewhere(view, section, list, reckoned);
}
