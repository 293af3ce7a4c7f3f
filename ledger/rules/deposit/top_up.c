/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/deposit/deposit.h"

#include "rules/collateral/collateral.h"
#include "rules/incident/incident.h"
#include "rules/incident/section.h"

#include <assert.h>

/* What comes in while incidents have the deposit is for the one that lacks most, until it lacks nothing; see README.md. */
struct pool {
	slice reference; /* the incident's id */
	int64_t lack;
	int64_t part; /* of what comes in */
};

struct pools {
	size_t count;
	struct pool rows[INCIDENT_POOLS_MAX]; /* in the order in which they were declared */
};

/* What the merchant sold that may still be claimed in the incident: nothing once nobody can claim, and all have answers. */
static enum recourse_error find_open_lots(struct decision *decision, const struct record_incident *incident,
	const struct record_section *section, slice merchant, int64_t *steps)
{
	struct record_collateral known;
	struct record_batch batch;
	slice issuer;
	*steps = 0;
	if (decision->time > incident->bar_date &&
		section->claims_filed == section->claims_decided + section->claims_rejected)
		return RECOURSE_OK;
	if (incident->issuer == 0) {
		TRY(collateral_known(decision, merchant, &incident->unit, &known));
		*steps = known.exposure;
		return RECOURSE_OK;
	}
	TRY(party_name(decision->state, decision->arena, incident->issuer, &issuer));
	if (incident->batch[0] != '\0') {
		struct record_path path =
			record_path_of_texts(RECORD_BATCH, issuer, RECORD_TEXT(incident->batch));
		record_path_text(&path, unit_code(&incident->unit));
		record_path_text(&path, merchant);
		TRY(record_get_optional(decision->state, &path, &batch, sizeof batch, NULL));
		*steps = batch.exposure;
		return RECOURSE_OK;
	}
	return account_balance(decision->state, CHART_EXPOSURE, merchant, issuer, &incident->unit, steps);
}

/* What its claims may need of this deposit, less what the pool gave for them and what is frozen. */
static enum recourse_error find_lack(struct decision *decision, const struct record_incident *incident,
	slice merchant, uint32_t party, struct pool *pool)
{
	struct record_section section;
	int64_t frozen;
	int64_t lots;
	TRY(section_load(decision->state, incident->number, party, &section));
	TRY(find_open_lots(decision, incident, &section, merchant, &lots));
	TRY(account_balance(
		decision->state, CHART_DEPOSIT_FROZEN, merchant, pool->reference, &incident->unit, &frozen));
	/* more than 64 bits hold nobody lodges: what lacks then is as good as that */
	__int128 lack = (__int128)lots + section.loss - section.pool_taken - frozen;
	pool->lack = lack <= 0 ? 0 : lack > INT64_MAX ? INT64_MAX : (int64_t)lack;
	return RECOURSE_OK;
}

static enum recourse_error list_pools(struct decision *decision, const struct record_deposit *deposit,
	slice merchant, const struct unit *unit, struct pools *pools)
{
	struct record_path prefix =
		record_path_of_short_text(RECORD_POOL, deposit->merchant, unit_code(unit));
	struct record_incident incident;
	uint64_t entry;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &prefix);
	pools->count = 0;
	while (record_walk_next(&walk, &entry, sizeof entry)) {
		struct pool *pool = &pools->rows[pools->count++];
		assert(pools->count <= INCIDENT_POOLS_MAX);
		*pool = (struct pool){.part = 0};
		TRY(incident_referred(
			decision, (uint32_t)walk.key.parts[2].number, &incident, &pool->reference));
		TRY(find_lack(decision, &incident, merchant, deposit->merchant, pool));
	}
	return walk.error;
}

/* The one that lacks most; of several the one that was declared first; NULL where none lacks anything. */
static struct pool *find_neediest(struct pools *pools)
{
	struct pool *most = NULL;
	for (size_t row = 0; row < pools->count; row++) {
		struct pool *pool = &pools->rows[row];
		if (pool->lack > pool->part &&
			(most == NULL || pool->lack - pool->part > most->lack - most->part))
			most = pool;
	}
	return most;
}

/* Above all lacks, all is frozen all the same: for the one that was declared first. */
static void share_among(struct pools *pools, int64_t steps)
{
	struct pool *pool;
	while (steps > 0 && (pool = find_neediest(pools)) != NULL) {
		int64_t part = pool->lack < steps ? pool->lack : steps;
		pool->part += part;
		steps -= part;
	}
	pools->rows[0].part += steps;
}

static void tell_part(struct decision *decision, const struct pool *pool, const struct unit *unit)
{
	struct buffer *out = &decision->consequences;
	struct item_map map = item_map_open(out);
	decision->consequence_count++;
	item_write_pair_text(out, "what", slice_text("frozen for an incident"));
	item_write_pair_text(out, "incident", pool->reference);
	item_write_pair_amount(out, "amount", unit, pool->part);
	item_map_close(map, out);
}

enum recourse_error top_up_credit(struct decision *decision, const struct record_deposit *deposit,
	slice merchant, const struct unit *unit, int64_t steps)
{
	struct pools pools;
	if (steps == 0)
		return RECOURSE_OK;
	TRY(list_pools(decision, deposit, merchant, unit, &pools));
	assert(pools.count > 0);
	share_among(&pools, steps);
	for (size_t row = 0; row < pools.count; row++) {
		const struct pool *pool = &pools.rows[row];
		if (pool->part == steps)
			decision_fact_text(decision, "frozen_by", pool->reference);
		else if (pool->part > 0)
			tell_part(decision, pool, unit);
		TRY(decision_post(
			decision, CHART_DEPOSIT_FROZEN, merchant, pool->reference, unit, -pool->part));
	}
	return RECOURSE_OK;
}
