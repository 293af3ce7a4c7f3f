/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/incident/weight.h"

#include "rules/incident/given_back.h"
#include "rules/incident/incident.h"

struct record_path weight_path(const struct record_section *section, slice claim)
{
	struct record_path path = record_path_of_shorts(RECORD_DECIDED, section->incident, section->party);
	record_path_text(&path, claim);
	return path;
}

/*
 * Nobody is kept from claiming by what others ask for: of a reserve that is beyond all measure so much counts, and millions
 * of those are within 64 bits.
 */
enum { COUNTED_BITS = 42 };
static int64_t counted(int64_t steps)
{
	return steps < INT64_C(1) << COUNTED_BITS ? steps : INT64_C(1) << COUNTED_BITS;
}

static bool waits(const struct record_decided *weight)
{
	return weight->entry == 0 && weight->until == 0;
}

/* For whoever waits for its ruling, or to be admitted. */
static int64_t asked_for(const struct record_decided *weight)
{
	return weight->late + (waits(weight) ? weight->reserve : 0);
}

/* Of what a ruling left out, or refused: until when it is kept back, and open appeals not. */
static uint64_t contestable_until(int64_t steps, uint64_t until)
{
	return steps > 0 && until < WEIGHT_UNTIL_JUDGED ? until : 0;
}

int64_t weight_contestable(const struct record_decided *weight, uint64_t time, uint64_t *until)
{
	int64_t former = weight->entry == 0 ? weight->former : amount_beyond(weight->former, weight->loss);
	uint64_t own_until = contestable_until(weight->reserve, weight->until);
	uint64_t former_until = contestable_until(former, weight->former_until);
	*until = own_until > former_until ? own_until : former_until;
	if (waits(weight) || weight->late > 0 || *until < time)
		return 0;
	return amount_beyond(weight_reserved(weight, time), weight_reserved(weight, WEIGHT_UNTIL_JUDGED));
}

/* What open appeals are about, beyond what is kept back for whoever waits for its ruling. */
static int64_t appealed(const struct record_decided *weight)
{
	return amount_beyond(weight_reserved(weight, WEIGHT_UNTIL_JUDGED), asked_for(weight));
}

void weight_count(struct record_section *section, const struct record_decided *weight, int64_t sign)
{
	uint64_t until;
	section->late += sign * counted(weight->late);
	section->late_promise += sign * counted(weight->late_promise);
	section->appealed += sign * counted(appealed(weight));
	section->appealed_promise += sign * counted(weight->appealed_promise);
	section->contested += sign * counted(weight->contested);
	weight_contestable(weight, 0, &until);
	if (sign > 0 && until > section->contestable)
		section->contestable = until;
	if (!waits(weight))
		return;
	section->awaited += sign * counted(weight->reserve);
	section->awaited_promise += sign * counted(weight->approved);
}

/* The first instant at which that much is not kept back any more. */
static uint64_t lapse_of(int64_t steps, uint64_t until, uint64_t time)
{
	return steps > 0 && until > time && until < WEIGHT_UNTIL_JUDGED ? until + 1 : 0;
}

/*
 * Of one that stands what can be appealed is set apart, beside what is for other reasons, and free by a clock; elsewhere all is
 * frozen, or what lots are worth.
 */
static void set_apart(
	const struct decision *decision, const struct record_section *section, struct record_decided *weight)
{
	uint64_t own = lapse_of(weight->reserve, weight->until, decision->time);
	uint64_t former = lapse_of(weight->former, weight->former_until, decision->time);
	weight->lapses = own == 0 || (former != 0 && former < own) ? former : own;
	weight->contested = 0;
	if (section->stands == 0)
		weight->lapses = 0;
	if (weight->lapses != 0)
		weight->contested = amount_beyond(weight_reserved(weight, weight->lapses - 1),
			amount_most(asked_for(weight), weight_reserved(weight, WEIGHT_UNTIL_JUDGED)));
}

/* What the scheme would promise of it beyond what it promises, or would, of the rest. */
static enum recourse_error promise_appealed(
	struct decision *decision, const struct record_section *section, struct record_decided *weight)
{
	struct record_incident incident;
	struct record_policy policy;
	int64_t rest = weight->entry != 0 ? weight->loss : asked_for(weight);
	int64_t before;
	int64_t all;
	weight->appealed_promise = 0;
	if (appealed(weight) == 0)
		return RECOURSE_OK;
	TRY(amount_add_steps(rest, appealed(weight), &all));
	TRY(incident_load(decision->state, section->incident, &incident));
	TRY(incident_policy(decision->state, &incident, &policy));
	TRY(terms_promise(&policy, rest, &before));
	TRY(terms_promise(&policy, all, &all));
	weight->appealed_promise = all - before;
	return RECOURSE_OK;
}

/* What it is now is counted, and kept. */
static enum recourse_error keep(
	struct decision *decision, struct record_section *section, slice claim, struct record_decided *weight)
{
	struct record_path path = weight_path(section, claim);
	set_apart(decision, section, weight);
	TRY(promise_appealed(decision, section, weight));
	weight_count(section, weight, 1);
	return decision_put(decision, &path, weight, sizeof *weight);
}

/* And what it was is not counted any more. */
static enum recourse_error replace(struct decision *decision, struct record_section *section, slice claim,
	const struct record_decided *before, struct record_decided *after)
{
	weight_count(section, before, -1);
	return keep(decision, section, claim, after);
}

/* What is left of it at that instant: of one that was ruled on, what was taken over. */
static struct weight_former former_of(const struct record_decided *weight, uint64_t time)
{
	struct weight_former former = {0};
	if (weight->former_until != 0 && time <= weight->former_until)
		former = (struct weight_former){weight->former, weight->former_until};
	if (weight->entry != 0 || weight->until == 0 || time > weight->until)
		return former;
	if (weight->reserve > former.reserve)
		former.reserve = weight->reserve;
	if (weight->until > former.until)
		former.until = weight->until;
	return former;
}

enum recourse_error weight_take_over(struct decision *decision, struct record_section *section, slice fallen,
	slice claim, struct weight_former *former)
{
	struct record_path path = weight_path(section, fallen);
	struct record_decided weight;
	bool there;
	*former = (struct weight_former){0};
	if (fallen.size == 0)
		return RECOURSE_OK;
	TRY(record_get_optional(decision->state, &path, &weight, sizeof weight, &there));
	if (!there)
		return RECOURSE_OK;
	*former = former_of(&weight, decision->time);
	if (slice_equal(fallen, claim))
		return RECOURSE_OK;
	weight_count(section, &weight, -1);
	if (weight.entry == 0)
		return decision_remove(decision, &path);
	/* its ruling fell for good: nothing is contested any more */
	weight.reserve = weight.beyond = weight.former = 0;
	weight.until = weight.former_until = 0;
	return keep(decision, section, fallen, &weight);
}

/* It waits for its ruling no longer. */
static enum recourse_error end_reserve(struct decision *decision, struct record_section *section, slice claim,
	struct record_decided *weight, bool *there)
{
	struct record_path path = weight_path(section, claim);
	TRY(record_get_optional(decision->state, &path, weight, sizeof *weight, there));
	if (*there)
		weight_count(section, weight, -1);
	return RECOURSE_OK;
}

static int64_t asked_of(const struct weight_asked *asked)
{
	return amount_most(asked->asked, asked->lot);
}

enum recourse_error weight_reserve(struct decision *decision, struct record_section *section,
	const struct record_policy *policy, slice claim, const struct weight_asked *asked)
{
	struct record_decided weight;
	bool there;
	TRY(end_reserve(decision, section, claim, &weight, &there));
	weight = (struct record_decided){.reserve = asked_of(asked),
		.former = asked->former.reserve,
		.former_until = asked->former.until};
	weight.beyond = weight.reserve - asked->lot;
	TRY(terms_promise(policy, weight.reserve, &weight.approved));
	return keep(decision, section, claim, &weight);
}

/* What was taken over, for a lot of that worth. */
static struct record_decided keep_former(const struct weight_former *former, int64_t lot)
{
	return (struct record_decided){.reserve = former->reserve,
		.beyond = amount_beyond(former->reserve, lot),
		.until = former->until};
}

enum recourse_error weight_late(struct decision *decision, struct record_section *section,
	const struct record_policy *policy, slice claim, const struct weight_asked *asked)
{
	struct record_path path = weight_path(section, claim);
	struct record_decided weight;
	bool there;
	TRY(end_reserve(decision, section, claim, &weight, &there));
	weight = keep_former(&asked->former, asked->lot);
	weight.late = asked_of(asked);
	TRY(terms_promise(policy, weight.late, &weight.late_promise));
	if (weight.late > 0 || weight.until != 0)
		return keep(decision, section, claim, &weight);
	return there ? decision_remove(decision, &path) : RECOURSE_OK;
}

/* Of what was taken over: what its lot is worth, or what was asked beyond that. */
static int64_t follow(int64_t reserve, const struct weight_worth *worth)
{
	return reserve > worth->was ? amount_most(reserve, worth->is) : worth->is;
}

enum recourse_error weight_follow(struct decision *decision, struct record_section *section, slice claim,
	const struct weight_worth *worth)
{
	struct record_path path = weight_path(section, claim);
	struct record_decided weight;
	bool there;
	TRY(record_get_optional(decision->state, &path, &weight, sizeof weight, &there));
	if (!there || weight.entry != 0)
		return RECOURSE_OK;
	struct record_decided before = weight;
	if (weight.former_until != 0)
		weight.former = follow(weight.former, worth);
	if (weight.until != 0) {
		weight.reserve = worth->asked == WEIGHT_NOT_OWN ? follow(weight.reserve, worth)
								: amount_most(worth->asked, worth->is);
		weight.beyond = amount_beyond(weight.reserve, worth->is);
	}
	return replace(decision, section, claim, &before, &weight);
}

enum recourse_error weight_refuse(
	struct decision *decision, struct record_section *section, slice claim, uint64_t until)
{
	struct record_path path = weight_path(section, claim);
	struct record_decided weight;
	bool there;
	TRY(end_reserve(decision, section, claim, &weight, &there));
	if (!there)
		return RECOURSE_OK;
	if (weight.reserve == 0) /* it had come late */
		return decision_remove(decision, &path);
	weight.until = until;
	weight.late = weight.late_promise = 0;
	return keep(decision, section, claim, &weight);
}

enum recourse_error weight_hear_again(struct decision *decision, struct record_section *section, slice claim)
{
	struct record_path path = weight_path(section, claim);
	struct record_decided weight;
	bool there;
	TRY(record_get_optional(decision->state, &path, &weight, sizeof weight, &there));
	if (!there || weight.entry != 0)
		return RECOURSE_OK;
	struct record_decided before = weight;
	weight.reserve = weight.beyond = weight.approved = 0;
	weight.until = 0;
	return replace(decision, section, claim, &before, &weight);
}

enum recourse_error weight_contest(
	struct decision *decision, struct record_section *section, slice claim, uint64_t until)
{
	struct record_path path = weight_path(section, claim);
	struct record_decided weight;
	bool there;
	TRY(record_get_optional(decision->state, &path, &weight, sizeof weight, &there));
	if (!there || (weight.entry != 0 && weight.reserve == 0) || weight.until == 0)
		return RECOURSE_OK;
	struct record_decided before = weight;
	weight.until = until;
	return replace(decision, section, claim, &before, &weight);
}

enum recourse_error weight_contest_former(
	struct decision *decision, struct record_section *section, slice claim, uint64_t until)
{
	struct record_path path = weight_path(section, claim);
	struct record_decided weight;
	bool there;
	TRY(record_get_optional(decision->state, &path, &weight, sizeof weight, &there));
	if (!there || weight.former_until == 0)
		return RECOURSE_OK;
	struct record_decided before = weight;
	weight.former_until = until;
	return replace(decision, section, claim, &before, &weight);
}

enum recourse_error weight_decide(struct decision *decision, struct record_section *section, slice claim,
	const struct record_decided *decided)
{
	struct record_decided weight;
	struct record_decided ruled = *decided;
	bool there;
	TRY(end_reserve(decision, section, claim, &weight, &there));
	ruled.former = weight.former;
	ruled.former_until = weight.former_until;
	return keep(decision, section, claim, &ruled);
}

enum recourse_error weight_lapse(struct decision *decision, struct record_section *section, slice claim)
{
	struct record_path path = weight_path(section, claim);
	struct record_decided weight;
	TRY(record_get_named(decision->state, &path, &weight, sizeof weight));
	struct record_decided before = weight;
	return replace(decision, section, claim, &before, &weight);
}

/* What was taken over is kept back for its lot as before it came. */
enum recourse_error weight_forget(struct decision *decision, struct record_section *section, slice claim)
{
	struct record_path path = weight_path(section, claim);
	struct record_decided weight;
	bool there;
	TRY(end_reserve(decision, section, claim, &weight, &there));
	const struct weight_former former = former_of(&weight, decision->time);
	int64_t lot = weight.entry != 0 ? weight.loss : weight.reserve - weight.beyond;
	if (weight.weights != 0)
		TRY(given_back_forget(decision, claim));
	if (former.until == 0)
		return decision_remove(decision, &path);
	weight = keep_former(&former, lot);
	return keep(decision, section, claim, &weight);
}

int64_t weight_reserved(const struct record_decided *decided, uint64_t time)
{
	int64_t own = decided->until == 0 || time <= decided->until ? decided->reserve : 0;
	int64_t former = time <= decided->former_until ? decided->former : 0;
	former = decided->entry == 0 ? former : amount_beyond(former, decided->loss);
	return own > former ? own : former;
}

int64_t weight_beyond(const struct record_decided *decided, int64_t reserved)
{
	return amount_beyond(reserved, decided->reserve - decided->beyond);
}

/* ---- rulings that change ---- */

/* And recoveries were not paid out for; these may be asked back too. */
static int64_t lost(const struct record_decided *decided)
{
	return amount_beyond(round_weight(decided, ROUND_DEPOSIT), decided->recovered);
}

/* Not what is asked back of it: no more than what was lost. */
static int64_t promised(const struct record_decided *decided, int64_t part)
{
	return amount_least(amount_most(decided->approved, part), lost(decided));
}

/* Adds it to what its section says is promised, and what pools gave beyond what is lost; or takes it off, for a sign of -1. */
static void count_part(struct record_section *section, const struct record_decided *decided, int64_t sign)
{
	section->promised += sign * promised(decided, decided->had);
	section->pool_beyond += sign * amount_beyond(decided->had, lost(decided));
}

enum recourse_error weight_standing(struct decision *decision, const struct record_section *section,
	slice claim, struct weight_standing *standing)
{
	struct record_path path = weight_path(section, claim);
	struct record_decided decided;
	bool recovered;
	TRY(record_get_named(decision->state, &path, &decided, sizeof decided));
	TRY(round_part(decision->state, section, claim, ROUND_UNCOVERED, &standing->recovered, &recovered));
	TRY(round_part(decision->state, section, claim, ROUND_DEPOSIT, &standing->part, &standing->covered));
	standing->promised = promised(&decided, standing->part);
	standing->beyond = amount_beyond(standing->part, lost(&decided));
	return RECOURSE_OK;
}

/* How far it has come is kept, as the rounds would say something else of it by what it weighs now. */
static enum recourse_error keep_standing(struct decision *decision, const struct record_section *section,
	slice claim, struct record_decided *decided)
{
	struct rounds rounds = {.view = decision->state, .section = section};
	struct round_standing standing;
	if (decided->entry > section->last_round_entry)
		return RECOURSE_OK;
	TRY(round_follow(&rounds, ROUND_UNCOVERED, claim, decided, &standing));
	decided->recovered = standing.had;
	TRY(round_follow(&rounds, ROUND_DEPOSIT, claim, decided, &standing));
	decided->had = standing.had;
	decided->lifts = section->rounds[ROUND_LIFT];
	decided->recoveries = section->rounds[ROUND_UNCOVERED];
	return RECOURSE_OK;
}

enum recourse_error weight_change(struct decision *decision, struct record_section *section, slice claim,
	const struct weight_change *change)
{
	struct record_path path = weight_path(section, claim);
	struct record_decided decided;
	int64_t part;
	bool recovered;
	TRY(record_get_named(decision->state, &path, &decided, sizeof decided));
	weight_count(section, &decided, -1);
	TRY(given_back_keep(decision, section, claim, &decided, change->back));
	TRY(keep_standing(decision, section, claim, &decided));
	count_part(section, &decided, -1);
	decided.had -= change->back;
	decided.recovered -= change->recovered_back;
	decided.loss = change->loss;
	decided.approved = change->approved;
	decided.elsewhere = change->elsewhere;
	if (decided.entry <= section->last_round_entry) {
		int64_t weight = round_weight(&decided, ROUND_DEPOSIT);
		decided.level = weight == 0 ? 1 : decided.had;
		decided.weights = weight == 0 ? 1 : weight;
	}
	count_part(section, &decided, 1);
	TRY(round_part(decision->state, section, claim, ROUND_UNCOVERED, &part, &recovered));
	/* what recoveries were paid out by stays, where nothing else keeps how far it has come */
	if (!recovered || decided.weights != 0)
		decided.uncovered = decided.loss - decided.elsewhere - decided.approved;
	return keep(decision, section, claim, &decided);
}
