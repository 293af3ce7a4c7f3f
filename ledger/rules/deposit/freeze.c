/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/deposit/deposit.h"

#include "rules/collateral/collateral.h"
#include "rules/collateral/instrument.h"
#include "rules/incident/incident.h"
#include "rules/incident/scope.h"

#include <assert.h>

/*
 * What of a deposit is frozen for each of the open incidents that have it: README.md. An incident that freezes all has
 * whatever comes in above all lacks; one that freezes what is needed gives back what it does not need any more.
 */
struct pool {
	slice reference; /* the incident's id */
	uint32_t number;
	uint64_t freeze; /* enum policy_freeze */
	int64_t needed;
	int64_t frozen;
	int64_t part; /* that comes in; less than zero: that is given back */
};

struct pools {
	slice merchant;
	const struct unit *unit;
	size_t count;
	struct pool rows[INCIDENT_POOLS_MAX]; /* in the order in which they were declared */
};

/* ---- what is needed ---- */

/* Of whatever issuer. */
static enum recourse_error find_all_lots(
	struct decision *decision, slice merchant, const struct unit *unit, int64_t *steps)
{
	struct record_collateral known;
	TRY(collateral_known(decision, merchant, unit, &known));
	*steps = known.exposure;
	for (size_t index = 0; index < decision->posting_count; index++) {
		const struct account_posting *posting = &decision->postings[index];
		if (posting->code == CHART_EXPOSURE && slice_equal(posting->party, merchant) &&
			unit_same(&posting->unit, unit))
			TRY(amount_add_steps(*steps, posting->steps, steps));
	}
	return RECOURSE_OK;
}

static enum recourse_error find_batch_lots(struct decision *decision, const struct record_incident *incident,
	slice issuer, slice merchant, int64_t *steps)
{
	struct record_path path = record_path_of_texts(RECORD_BATCH, issuer, RECORD_TEXT(incident->batch));
	struct record_batch batch;
	record_path_text(&path, unit_code(&incident->unit));
	record_path_text(&path, merchant);
	TRY(record_get_optional(decision->state, &path, &batch, sizeof batch, NULL));
	*steps = batch.exposure;
	return RECOURSE_OK;
}

enum recourse_error freeze_lots(struct decision *decision, const struct record_incident *incident,
	const struct record_section *section, slice merchant, int64_t *steps)
{
	slice issuer;
	*steps = 0;
	if (decision->time > incident->bar_date || record_incident_stands(incident))
		return amount_add_steps(section->awaited, section->late, steps);
	if (incident->issuer == 0)
		return find_all_lots(decision, merchant, &incident->unit, steps);
	TRY(party_name(decision->state, decision->arena, incident->issuer, &issuer));
	return incident->batch[0] != '\0'
		       ? find_batch_lots(decision, incident, issuer, merchant, steps)
		       : decision_balance(decision, CHART_EXPOSURE, merchant, issuer, &incident->unit, steps);
}

/* What its merchant was found to owe of the losses and has not paid, whoever is to have it. */
static enum recourse_error find_owed(
	struct decision *decision, const struct record_section *section, slice merchant, int64_t *steps)
{
	struct record_path path = record_path_of_shorts(RECORD_LIABILITY, section->incident, section->party);
	struct record_liability liability;
	*steps = 0;
	record_path_text(&path, merchant);
	TRY(record_get_optional(decision->state, &path, &liability, sizeof liability, NULL));
	if (liability.liable)
		*steps = liability.liability - liability.credited - liability.received + liability.returned;
	return RECOURSE_OK;
}

/*
 * What of the losses nobody has paid yet: neither somebody elsewhere, nor pools, nor liable parties; nor will what instruments
 * have paid and is not shared out. Where others have paid what its merchant is to bear, that.
 */
static enum recourse_error find_lacking(
	struct decision *decision, const struct record_section *section, slice merchant, __int128 *lacking)
{
	struct instrument_calls calls;
	int64_t cash;
	int64_t owed;
	TRY(instrument_call_list(decision->state, decision->arena, section, &calls));
	TRY(instrument_call_cash(&calls, &cash));
	TRY(find_owed(decision, section, merchant, &owed));
	*lacking = (__int128)section->loss - section->elsewhere - section_pool(section) -
		   section->recourse_collected - section->uncovered_served;
	*lacking = *lacking > owed ? *lacking : owed;
	*lacking = (*lacking > 0 ? *lacking : 0) - cash; /* which is for lots too */
	return RECOURSE_OK;
}

/* What appeals are about, or may be: until the bar date their lots are needed whole, but of one that stands. */
static int64_t find_appealed(const struct decision *decision, const struct record_incident *incident,
	const struct record_section *section)
{
	if (record_incident_stands(incident))
		return section->appealed + section->contested;
	return decision->time > incident->bar_date ? section->appealed : 0;
}

/* What a ruling left out can be appealed, or is: of what is there for that nothing is given back. */
static bool is_contested(const struct decision *decision, const struct record_section *section)
{
	return section->stands == 0 && (section->appealed > 0 || decision->time <= section->contestable);
}

static enum recourse_error find_need(struct decision *decision, const struct record_incident *incident,
	const struct pools *pools, uint32_t party, struct pool *pool)
{
	struct record_section section;
	__int128 needed;
	int64_t lots;
	TRY(section_load(decision->state, incident->number, party, &section));
	TRY(freeze_lots(decision, incident, &section, pools->merchant, &lots));
	TRY(decision_balance(decision, CHART_DEPOSIT_FROZEN, pools->merchant, pool->reference, pools->unit,
		&pool->frozen));
	TRY(find_lacking(decision, &section, pools->merchant, &needed));
	needed += lots;
	needed += find_appealed(decision, incident, &section);
	/* more than 64 bits hold nobody lodges: what is needed then is as good as that */
	pool->needed = needed < 0 ? 0 : needed > INT64_MAX ? INT64_MAX : (int64_t)needed;
	if (is_contested(decision, &section))
		pool->needed = amount_most(pool->needed, pool->frozen);
	return RECOURSE_OK;
}

static enum recourse_error list_pools_but(struct decision *decision, uint32_t party, slice merchant,
	const struct unit *unit, uint32_t but, struct pools *pools)
{
	struct record_path prefix = record_path_of_short_text(RECORD_POOL, party, unit_code(unit));
	struct record_incident incident;
	struct record_pool record;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &prefix);
	*pools = (struct pools){.merchant = merchant, .unit = unit};
	while (record_walk_next(&walk, &record, sizeof record)) {
		uint32_t number = (uint32_t)walk.key.parts[2].number;
		if (number == but)
			continue;
		if (pools->count == INCIDENT_POOLS_MAX)
			return RECOURSE_STORE_CORRUPT;
		struct pool *pool = &pools->rows[pools->count++];
		pool->freeze = record.freeze;
		pool->number = number;
		TRY(incident_referred(decision, number, &incident, &pool->reference));
		TRY(find_need(decision, &incident, pools, party, pool));
	}
	return walk.error;
}

static enum recourse_error list_pools(struct decision *decision, uint32_t party, slice merchant,
	const struct unit *unit, struct pools *pools)
{
	return list_pools_but(decision, party, merchant, unit, UINT32_MAX, pools);
}

static int64_t lack_of(const struct pool *pool)
{
	int64_t had = pool->frozen + pool->part; /* with what came in: within what its account can hold */
	return amount_beyond(pool->needed, had);
}

/* ---- what comes in ---- */

/* The one that lacks most; of several the one that was declared first; NULL where none lacks anything. */
static struct pool *find_neediest(struct pools *pools)
{
	struct pool *most = NULL;
	for (size_t row = 0; row < pools->count; row++) {
		if (lack_of(&pools->rows[row]) > (most == NULL ? 0 : lack_of(most)))
			most = &pools->rows[row];
	}
	return most;
}

static void share_lacks(struct pools *pools, int64_t *left)
{
	struct pool *pool;
	while (*left > 0 && (pool = find_neediest(pools)) != NULL) {
		int64_t part = lack_of(pool) < *left ? lack_of(pool) : *left;
		pool->part += part;
		*left -= part;
	}
}

/* Above all lacks all is frozen all the same, for the first that freezes all. */
static void share_rest(struct pools *pools, int64_t *left)
{
	for (size_t row = 0; *left > 0 && row < pools->count; row++) {
		if (pools->rows[row].freeze != POLICY_FREEZE_ALL)
			continue;
		pools->rows[row].part += *left;
		*left = 0;
	}
}

static void tell_part(struct decision *decision, const struct pools *pools, const struct pool *pool)
{
	struct buffer *out = &decision->consequences;
	struct item_map map = item_map_open(out);
	bool more = pool->part > 0;
	decision->consequence_count++;
	item_write_pair_text(
		out, "what", slice_text(more ? "frozen for an incident" : "given back by an incident"));
	item_write_pair_text(out, "incident", pool->reference);
	item_write_pair_amount(out, "amount", pools->unit, more ? pool->part : -pool->part);
	item_map_close(map, out);
}

static enum recourse_error post_parts(struct decision *decision, const struct pools *pools)
{
	for (size_t row = 0; row < pools->count; row++) {
		const struct pool *pool = &pools->rows[row];
		TRY(decision_post(decision, CHART_DEPOSIT_FROZEN, pools->merchant, pool->reference,
			pools->unit, -pool->part));
	}
	return RECOURSE_OK;
}

/* The first of them, where it is all one's. */
static void tell_credit(struct decision *decision, const struct pools *pools, int64_t steps)
{
	for (size_t row = 0; row < pools->count; row++) {
		if (pools->rows[row].part == steps)
			decision_fact_text(decision, "frozen_by", pools->rows[row].reference);
		else if (pools->rows[row].part > 0)
			tell_part(decision, pools, &pools->rows[row]);
	}
}

/* Whether an incident freezes no more than it needs. Who leaves has all frozen: its exit waits for the claims. */
static enum recourse_error find_followed(
	struct decision *decision, uint32_t party, const struct unit *unit, bool *followed, bool *leaves)
{
	struct record_path prefix = record_path_of_short_text(RECORD_POOL, party, unit_code(unit));
	struct record_path exits = record_path_of_short_text(RECORD_EXIT_OPEN, party, unit_code(unit));
	struct record_pool record;
	bool any = false;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &prefix);
	*followed = *leaves = false;
	while (!any && record_walk_next(&walk, &record, sizeof record))
		any = record.freeze != POLICY_FREEZE_ALL;
	TRY(walk.error);
	if (any)
		TRY(record_any(decision->state, &exits, leaves));
	*followed = any && !*leaves;
	return RECOURSE_OK;
}

/* Of who leaves all is frozen: for the first that was declared, else for what can still be claimed of the one that stands. */
static enum recourse_error share_leavers(
	struct decision *decision, uint32_t party, struct pools *pools, int64_t *left)
{
	size_t first = 0;
	bool followed;
	bool leaves;
	TRY(find_followed(decision, party, pools->unit, &followed, &leaves));
	if (!leaves)
		return RECOURSE_OK;
	while (first < pools->count && pools->rows[first].freeze == POLICY_FREEZE_CLAIMED)
		first++;
	pools->rows[first < pools->count ? first : 0].part += *left;
	*left = 0;
	return RECOURSE_OK;
}

enum recourse_error freeze_credit(struct decision *decision, const struct record_deposit *deposit,
	slice merchant, const struct unit *unit, int64_t steps)
{
	struct pools pools;
	int64_t left = steps;
	if (steps == 0)
		return RECOURSE_OK;
	TRY(list_pools(decision, deposit->merchant, merchant, unit, &pools));
	assert(pools.count > 0);
	share_lacks(&pools, &left);
	share_rest(&pools, &left);
	TRY(share_leavers(decision, deposit->merchant, &pools, &left));
	tell_credit(decision, &pools, steps);
	TRY(post_parts(decision, &pools));
	return left > 0 ? exit_credit(decision, deposit, merchant, unit, left) : RECOURSE_OK;
}

static enum recourse_error move_parts(struct decision *decision, const struct pools *pools)
{
	for (size_t row = 0; row < pools->count; row++) {
		if (pools->rows[row].part != 0)
			tell_part(decision, pools, &pools->rows[row]);
	}
	return post_parts(decision, pools);
}

/* ---- what is not there any more ---- */

static void take_part(struct pool *pool, int64_t most, int64_t *left)
{
	int64_t part = amount_least(amount_least(most, pool->frozen + pool->part), *left);
	pool->part -= part;
	*left -= part;
}

/* The one that needs least of those that have something; of several the one that was declared last. NULL: none has. */
static struct pool *find_last_filled(struct pools *pools)
{
	struct pool *last = NULL;
	for (size_t row = 0; row < pools->count; row++) {
		struct pool *pool = &pools->rows[row];
		if (pool->frozen + pool->part > 0 && (last == NULL || pool->needed <= last->needed))
			last = pool;
	}
	return last;
}

enum recourse_error freeze_take(
	struct decision *decision, uint32_t party, slice merchant, const struct unit *unit, int64_t *left)
{
	struct pools pools;
	struct pool *pool;
	TRY(list_pools(decision, party, merchant, unit, &pools));
	for (size_t row = pools.count; row-- > 0;)
		take_part(&pools.rows[row], amount_beyond(pools.rows[row].frozen, pools.rows[row].needed),
			left);
	while (*left > 0 && (pool = find_last_filled(&pools)) != NULL)
		take_part(pool, INT64_MAX, left);
	return move_parts(decision, &pools);
}

/* ---- what is needed has changed ---- */

enum recourse_error freeze_is_followed(
	struct decision *decision, uint32_t party, const struct unit *unit, bool *followed)
{
	bool leaves;
	return find_followed(decision, party, unit, followed, &leaves);
}

enum recourse_error freeze_open(struct decision *decision, const struct record_incident *incident,
	uint32_t party, slice merchant, slice reference, int64_t *frozen)
{
	struct pools pools = {.merchant = merchant, .unit = &incident->unit};
	struct pool pool = {.reference = reference};
	bool followed;
	TRY(freeze_is_followed(decision, party, &incident->unit, &followed));
	TRY(find_need(decision, incident, &pools, party, &pool));
	int64_t above = followed ? amount_beyond(pool.frozen, pool.needed) : 0;
	*frozen = pool.frozen - above;
	TRY(decision_post(decision, CHART_DEPOSIT_FROZEN, merchant, reference, pools.unit, above));
	return decision_post(decision, CHART_DEPOSIT, merchant, slice_text(""), pools.unit, -above);
}

/* Back to those that stand; how much that is, and the first that was declared. */
static int64_t take_surplus(struct pools *pools, struct pool **declared)
{
	int64_t surplus = 0;
	*declared = NULL;
	for (size_t row = pools->count; row-- > 0;) {
		struct pool *pool = &pools->rows[row];
		if (pool->freeze != POLICY_FREEZE_CLAIMED) {
			*declared = pool;
			continue;
		}
		pool->part = -amount_beyond(pool->frozen, pool->needed);
		surplus -= pool->part;
	}
	return surplus;
}

static enum recourse_error list_leaver(struct decision *decision, uint32_t party, slice merchant,
	const struct unit *unit, uint32_t but, struct pools *pools)
{
	bool followed;
	bool leaves;
	*pools = (struct pools){.count = 0};
	TRY(find_followed(decision, party, unit, &followed, &leaves));
	return leaves ? list_pools_but(decision, party, merchant, unit, but, pools) : RECOURSE_OK;
}

enum recourse_error freeze_follow_leaver(struct decision *decision, uint32_t party, const struct unit *unit)
{
	struct pools pools;
	struct pool *declared;
	slice merchant;
	TRY(party_name(decision->state, decision->arena, party, &merchant));
	TRY(list_leaver(decision, party, merchant, unit, UINT32_MAX, &pools));
	int64_t left = take_surplus(&pools, &declared);
	if (declared == NULL || left == 0)
		return RECOURSE_OK;
	share_lacks(&pools, &left);
	declared->part += left;
	return move_parts(decision, &pools);
}

/* The one that is opened is not kept yet, and has what it has. */
enum recourse_error freeze_hand_over(struct decision *decision, const struct record_incident *incident,
	uint32_t party, slice merchant, slice reference)
{
	struct pools pools;
	struct pool *declared;
	TRY(list_leaver(decision, party, merchant, &incident->unit, incident->number, &pools));
	int64_t left = take_surplus(&pools, &declared);
	if (left == 0)
		return RECOURSE_OK;
	TRY(move_parts(decision, &pools));
	return decision_post(decision, CHART_DEPOSIT_FROZEN, merchant, reference, &incident->unit, -left);
}

static int64_t give_back(struct pools *pools)
{
	int64_t back = 0;
	for (size_t row = 0; row < pools->count; row++) {
		struct pool *pool = &pools->rows[row];
		if (pool->freeze == POLICY_FREEZE_ALL)
			continue;
		pool->part = -amount_beyond(pool->frozen, pool->needed);
		back -= pool->part;
	}
	return back;
}

/*
 * What is available is for those that lack something, and what is above it where that is given back; then what a withdrawal has
 * set apart.
 */
static enum recourse_error follow(
	struct decision *decision, uint32_t party, const struct unit *unit, slice merchant, bool back)
{
	struct pools pools;
	int64_t available;
	TRY(list_pools(decision, party, merchant, unit, &pools));
	TRY(decision_balance(decision, CHART_DEPOSIT, merchant, slice_text(""), unit, &available));
	int64_t left = available;
	if (back)
		left += give_back(&pools);
	share_lacks(&pools, &left);
	share_rest(&pools, &left);
	TRY(move_parts(decision, &pools));
	TRY(decision_post(decision, CHART_DEPOSIT, merchant, slice_text(""), unit, available - left));
	return withdrawal_give_way(decision, merchant, unit);
}

enum recourse_error freeze_follow(struct decision *decision, uint32_t party, const struct unit *unit)
{
	slice merchant;
	bool followed;
	TRY(party_name(decision->state, decision->arena, party, &merchant));
	TRY(freeze_is_followed(decision, party, unit, &followed));
	if (followed)
		return follow(decision, party, unit, merchant, true);
	TRY(freeze_follow_leaver(decision, party, unit));
	return withdrawal_give_way(decision, merchant, unit);
}

enum recourse_error freeze_follow_claims(
	struct decision *decision, const struct record_incident *incident, uint32_t party)
{
	slice merchant;
	bool followed;
	if (record_incident_stands(incident))
		return freeze_follow(decision, party, &incident->unit);
	if (section_freeze(incident, party) != POLICY_FREEZE_NEEDED)
		return RECOURSE_OK;
	TRY(party_name(decision->state, decision->arena, party, &merchant));
	TRY(freeze_is_followed(decision, party, &incident->unit, &followed));
	/* who leaves has nothing available; nothing is given back: a ruling may still be for more */
	return followed ? follow(decision, party, &incident->unit, merchant, false) : RECOURSE_OK;
}

enum recourse_error freeze_fetch(struct decision *decision, const struct record_incident *incident,
	slice merchant, slice reference, int64_t steps, bool *fetched)
{
	const struct unit *unit = &incident->unit;
	slice none = slice_text("");
	int64_t frozen;
	int64_t available;
	*fetched = false;
	if (!record_incident_stands(incident))
		return RECOURSE_OK;
	TRY(decision_balance(decision, CHART_DEPOSIT_FROZEN, merchant, reference, unit, &frozen));
	TRY(decision_balance(decision, CHART_DEPOSIT, merchant, none, unit, &available));
	int64_t missing = amount_beyond(steps, frozen);
	*fetched = missing > 0 && missing <= available;
	if (!*fetched)
		return RECOURSE_OK;
	TRY(decision_post(decision, CHART_DEPOSIT_FROZEN, merchant, reference, unit, -missing));
	return decision_post(decision, CHART_DEPOSIT, merchant, none, unit, missing);
}

enum recourse_error freeze_lacking(struct decision *decision, uint32_t party, slice merchant,
	const struct unit *unit, int64_t *lacking, bool *all)
{
	struct pools pools;
	__int128 sum = 0;
	*all = false;
	TRY(list_pools(decision, party, merchant, unit, &pools));
	for (size_t row = 0; row < pools.count; row++) {
		sum += lack_of(&pools.rows[row]);
		*all = *all || pools.rows[row].freeze == POLICY_FREEZE_ALL;
	}
	*lacking = sum < INT64_MAX ? (int64_t)sum : INT64_MAX;
	return RECOURSE_OK;
}

enum recourse_error freeze_first_lacking(struct decision *decision, uint32_t party, slice merchant,
	const struct unit *unit, uint32_t *incident)
{
	struct pools pools;
	*incident = 0;
	TRY(list_pools(decision, party, merchant, unit, &pools));
	for (size_t row = 0; row < pools.count && *incident == 0; row++) {
		const struct pool *pool = &pools.rows[row];
		if (pool->freeze == POLICY_FREEZE_ALL || lack_of(pool) > 0)
			*incident = pool->number;
	}
	return RECOURSE_OK;
}

/* ---- what is stopped ---- */

/* The first incident that needs all of it, or more than there is. */
static enum recourse_error find_stopping(
	struct decision *decision, uint32_t party, slice merchant, uint32_t *number)
{
	struct record_path prefix = record_path_of_short(RECORD_POOL, party);
	struct record_incident incident;
	struct record_pool record;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(decision->state, &prefix);
	*number = 0;
	while (*number == 0 && record_walk_next(&walk, &record, sizeof record)) {
		struct pools pools = {.merchant = merchant, .unit = &incident.unit};
		struct pool pool = {.part = 0};
		uint32_t of = (uint32_t)walk.key.parts[2].number;
		TRY(incident_referred(decision, of, &incident, &pool.reference));
		TRY(find_need(decision, &incident, &pools, party, &pool));
		if (record.freeze == POLICY_FREEZE_ALL || lack_of(&pool) > 0)
			*number = of;
	}
	return walk.error;
}

enum recourse_error freeze_permits(struct decision *decision, const char *field, slice merchant)
{
	uint32_t party;
	uint32_t incident;
	TRY(decision_party(decision, field, merchant, &party));
	TRY(find_stopping(decision, party, merchant, &incident));
	return incident != 0 ? incident_refuse(decision, field, incident)
			     : scope_awaits_none(decision, field, merchant);
}
