/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/rail/payment_batch.h"

#include "rules/incident/incident.h"
#include "rules/rail/unanswered.h"

/* What is done with a batch of payments: made, checked, withdrawn, sent. */

/* ---- batch.make ---- */

enum { MAKE_BATCH, MAKE_RAIL, MAKE_INCIDENT, MAKE_BEFORE, MAKE_THROUGH };
static const struct recourse_field make_fields[] = {
	[MAKE_BATCH] = FIELD_OPAQUE("batch", "its id"),
	[MAKE_RAIL] = FIELD(ID, "rail", "by which its payments go"),
	[MAKE_INCIDENT] = FIELD_OPTIONAL(ID, "incident", "of which; all of the rail if absent"),
	[MAKE_BEFORE] = FIELD_OPTIONAL(TIME, "before", "only what was ordered before this"),
	[MAKE_THROUGH] = FIELD_WITH(INTEGER, "through", "only what was ordered up to this entry",
		.optional = true, .preset = -1, .minimum = 1, .maximum = INT64_MAX),
};

/* H2: what somebody lets go is counted as if it moved: one person makes, or checks, no more of it alone than was published. */
static void count_total(struct decision *decision, const struct unit *unit, int64_t total)
{
	decision->counted = *unit;
	decision->counted_steps = total;
}

struct making {
	struct record_payment_batch *batch;
	struct payment_batch_takers takers;
	uint64_t before;  /* an instant */
	uint64_t through; /* an entry */
	uint64_t from;    /* where it begins to look, */
	uint64_t end;     /* and ended; 0: all was looked at */
	uint64_t left;    /* the first order of the rail behind `from` that no batch has; 0: none */
};

/* False behind the last one that it may have. */
static enum recourse_error take_order(struct decision *decision, struct making *making,
	const struct record_rail_order *order, uint64_t entry, bool *more)
{
	struct record_payment_batch *batch = making->batch;
	bool free = payment_batch_free(&making->takers, order, entry, decision->entry);
	bool full = batch->count == PAYMENT_BATCH_MAX;
	*more = entry <= making->through && order->time < making->before && !full;
	bool its = *more && (batch->incident == 0 || batch->incident == order->incident);
	if (free && !its && making->left == 0)
		making->left = entry;
	if (!free || !its)
		return RECOURSE_OK;
	if (batch->count++ == 0)
		batch->first = entry;
	batch->last = entry;
	return decision_sum(decision, &batch->total, order->amount);
}

static enum recourse_error take_orders(
	struct decision *decision, struct making *making, slice rail, const struct record_rail *record)
{
	struct record_path prefix = record_path_of_text(RECORD_RAIL_ORDER, rail);
	struct record_rail_order order;
	bool more = true;
	TRY(payment_batch_waiting(decision->state, rail, record, making->batch->incident, &making->from));
	struct record_path from = rail_order_path(rail, making->from);
	TRY(payment_batch_takers(
		decision->state, decision->arena, rail, making->from, decision->entry, &making->takers));
	SCOPED(record_walk_end)
	struct record_walk walk = record_walk_from(decision->state, &prefix, &from, STATE_UP);
	while (more && record_walk_next(&walk, &order, sizeof order))
		TRY(take_order(decision, making, &order, walk.key.parts[1].number, &more));
	if (!more)
		making->end = walk.key.parts[1].number;
	if (!more && making->left == 0)
		making->left = making->end;
	return walk.error;
}

/* What the next batch of all incidents, and of this one, need not look at. */
static enum recourse_error keep_waiting(
	struct decision *decision, const struct making *making, slice id, struct record_rail *rail)
{
	uint32_t incident = making->batch->incident;
	struct record_path path = rail_path(id);
	const struct record_rail_waiting waiting = {
		.from = making->end != 0 ? making->end : decision->entry, .entry = decision->entry};
	if (making->from == rail->from)
		rail->from = making->left != 0 ? making->left : decision->entry;
	TRY(decision_put(decision, &path, rail, sizeof *rail));
	path = payment_batch_waiting_path(id, incident);
	return incident == 0 ? RECOURSE_OK : decision_put(decision, &path, &waiting, sizeof waiting);
}

static enum recourse_error find_which(
	struct decision *decision, const struct value *values, struct making *making)
{
	struct record_incident incident;
	making->before = values[MAKE_BEFORE].present ? values[MAKE_BEFORE].instant : UINT64_MAX;
	making->through = values[MAKE_THROUGH].present ? (uint64_t)values[MAKE_THROUGH].integer : UINT64_MAX;
	if (!values[MAKE_INCIDENT].present)
		return RECOURSE_OK;
	TRY(incident_governing(decision, "incident", values[MAKE_INCIDENT].text, &incident));
	making->batch->incident = incident.number;
	return RECOURSE_OK;
}

static enum recourse_error find_rail(struct decision *decision, slice id, struct record_rail *rail)
{
	struct record_path path = rail_path(id);
	return decision_find(decision, "rail", &path, rail, sizeof *rail);
}

static enum recourse_error apply_make(struct decision *decision, const struct value *values)
{
	slice rail_id = values[MAKE_RAIL].text;
	struct record_path path = payment_batch_path(values[MAKE_BATCH].text);
	struct record_rail rail;
	struct record_payment_batch known;
	struct record_payment_batch batch = {
		.entry = decision->entry, .time = decision->time, .maker = decision->actor->key};
	struct making making = {.batch = &batch};
	bool there;
	TRY(record_get_optional(decision->state, &path, &known, sizeof known, &there));
	if (there)
		return refuse_entry(decision, RECOURSE_EXISTS, "batch", known.entry);
	TRY(find_rail(decision, rail_id, &rail));
	TRY(find_which(decision, values, &making));
	TRY(take_orders(decision, &making, rail_id, &rail));
	if (batch.count == 0)
		return refuse(decision, RECOURSE_NOT_FOUND, "rail", "with payments that no batch has");

	count_total(decision, &rail.unit, batch.total);
	batch.lines = rail.lines;
	record_text_set(batch.rail, sizeof batch.rail, rail_id);
	TRY(decision_step(decision, LIFE_PAYMENT_BATCH, &batch.state, PAYMENT_BATCH_MADE, "batch"));
	decision_fact_integer(decision, "count", batch.count);
	decision_fact_amount(decision, "total", &rail.unit, batch.total);
	decision_fact_integer(decision, "first", batch.first);
	decision_fact_integer(decision, "last", batch.last);
	TRY(keep_waiting(decision, &making, rail_id, &rail));
	return decision_put(decision, &path, &batch, sizeof batch);
}

/* Its batch and that's rail; the custodian finds its own alone. */
static enum recourse_error find_batch(
	struct decision *decision, slice id, struct record_payment_batch *batch, struct record_rail *rail)
{
	struct record_path path = payment_batch_path(id);
	TRY(decision_find(decision, "batch", &path, batch, sizeof *batch));
	struct record_path of_rail = rail_path(RECORD_TEXT(batch->rail));
	TRY(record_get_named(decision->state, &of_rail, rail, sizeof *rail));
	bool custodian = (decision->actor->roles & RECOURSE_ROLE_CUSTODIAN) != 0;
	bool sees = rail->custodian == decision->actor->party_number && batch->checked_entry != 0;
	return custodian && !sees ? refuse(decision, RECOURSE_NOT_FOUND, "batch", NULL) : RECOURSE_OK;
}

/* ---- batch.check ---- */

enum { CHECK_BATCH, CHECK_COUNT, CHECK_TOTAL };
static const struct recourse_field check_fields[] = {
	[CHECK_BATCH] = FIELD(ID, "batch", "that another person made"),
	[CHECK_COUNT] =
		FIELD_INTEGER("count", 1, PAYMENT_BATCH_MAX, "of its payments, as the checker counts"),
	[CHECK_TOTAL] = FIELD(AMOUNT, "total", "of them, the same"),
};

/* Counted anew, and by nobody who ordered one of them. */
static enum recourse_error check_orders(
	struct decision *decision, const struct record_payment_batch *batch, uint64_t *count, int64_t *total)
{
	slice rail = RECORD_TEXT(batch->rail);
	struct record_path prefix = record_path_of_text(RECORD_RAIL_ORDER, rail);
	struct record_path from = rail_order_path(rail, batch->first);
	struct payment_batch_takers takers;
	struct record_rail_order order;
	uint32_t payer = 0;
	*count = 0;
	*total = 0;
	TRY(payment_batch_takers(
		decision->state, decision->arena, rail, batch->first, batch->entry, &takers));
	SCOPED(record_walk_end)
	struct record_walk walk = record_walk_from(decision->state, &prefix, &from, STATE_UP);
	while (record_walk_next(&walk, &order, sizeof order) && walk.key.parts[1].number <= batch->last) {
		if (!payment_batch_has(&takers, batch, &order, walk.key.parts[1].number))
			continue;
		if (order.payer != payer)
			TRY(person_differs(decision, &order.payer, 1, "batch",
				"nobody orders a payment and checks its batch"));
		payer = order.payer;
		++*count;
		TRY(decision_sum(decision, total, order.amount));
	}
	return walk.error;
}

static enum recourse_error apply_check(struct decision *decision, const struct value *values)
{
	struct record_path path = payment_batch_path(values[CHECK_BATCH].text);
	struct record_payment_batch batch;
	struct record_rail rail;
	uint64_t count;
	int64_t total;
	int64_t said;
	TRY(find_batch(decision, values[CHECK_BATCH].text, &batch, &rail));
	if (batch.checked_entry != 0) /* what went out is so again by batch.sent_reverse alone */
		return refuse_state(decision, "batch", life_state_name(LIFE_PAYMENT_BATCH, batch.state));
	TRY(decision_step(decision, LIFE_PAYMENT_BATCH, &batch.state, PAYMENT_BATCH_CHECKED, "batch"));
	TRY(person_differs(decision, &batch.maker, 1, "batch", "nobody makes and checks the same batch"));
	TRY(check_orders(decision, &batch, &count, &total));
	if ((uint64_t)values[CHECK_COUNT].integer != count)
		return refuse(decision, RECOURSE_AMOUNT_RANGE, "count", "as its payments come to");
	TRY(decision_amount(decision, "total", values[CHECK_TOTAL].text, &rail.unit, &said));
	if (said != total)
		return refuse(decision, RECOURSE_AMOUNT_RANGE, "total", "as its payments come to");
	count_total(decision, &rail.unit, total);
	batch.checked_entry = decision->entry;
	batch.checker = decision->actor->key;
	return decision_put(decision, &path, &batch, sizeof batch);
}

/* ---- batch.withdraw ---- */

enum { WITHDRAW_BATCH, WITHDRAW_REASON };
static const struct recourse_field withdraw_fields[] = {
	[WITHDRAW_BATCH] = FIELD(ID, "batch", "of which nothing went out"),
	[WITHDRAW_REASON] = FIELD(ID, "reason", "reason code"),
};

static enum recourse_error apply_withdraw(struct decision *decision, const struct value *values)
{
	struct record_path path = payment_batch_path(values[WITHDRAW_BATCH].text);
	struct record_payment_batch batch;
	struct record_rail rail;
	TRY(find_batch(decision, values[WITHDRAW_BATCH].text, &batch, &rail));
	TRY(decision_step(decision, LIFE_PAYMENT_BATCH, &batch.state, PAYMENT_BATCH_WITHDRAWN, "batch"));
	batch.withdrawn_entry = decision->entry;
	TRY(decision_put(decision, &path, &batch, sizeof batch));
	struct record_path of_rail = rail_path(RECORD_TEXT(batch.rail));
	rail.from = rail.from < batch.first ? rail.from : batch.first;
	rail.withdrawn_entry = decision->entry;
	return decision_put(decision, &of_rail, &rail, sizeof rail);
}

/* ---- batch.sent ---- */

enum { SENT_BATCH, SENT_HASH, SENT_FILE, SENT_OF, SENT_COUNT, SENT_TOTAL };
static const struct recourse_field sent_fields[] = {
	[SENT_BATCH] = FIELD(ID, "batch", "of which a file went to who pays"),
	[SENT_HASH] = FIELD(HASH, "file_hash", "its SHA-256"),
	[SENT_FILE] = FIELD_INTEGER("file", 1, PAYMENT_BATCH_FILES_MAX, "which one, from 1 on,"),
	[SENT_OF] =
		FIELD_INTEGER("of", 1, PAYMENT_BATCH_FILES_MAX, "of how many that the batch was written to"),
	[SENT_COUNT] = FIELD_INTEGER("count", 1, PAYMENT_BATCH_MAX, "of its payments"),
	[SENT_TOTAL] = FIELD(AMOUNT, "total", "of them"),
};

/* The same bytes as another one of the rail, of whichever batch: it went out once. */
static enum recourse_error take_hash(struct decision *decision, slice rail, slice hash)
{
	struct record_path path = payment_batch_hash_path(rail, hash.data);
	return decision_once(decision, "file_hash", &path);
}

static enum recourse_error keep_file(struct decision *decision, const struct value *values,
	const struct record_payment_batch *batch, const struct record_rail *rail,
	struct record_batch_file *file)
{
	struct record_path path = record_path_of_text(RECORD_BATCH_FILE, values[SENT_BATCH].text);
	struct record_batch_file known;
	bool there;
	*file = (struct record_batch_file){.entry = decision->entry,
		.count = (uint64_t)values[SENT_COUNT].integer,
		.sender = decision->actor->key};
	record_path_number(&path, (uint64_t)values[SENT_FILE].integer);
	TRY(record_get_optional(decision->state, &path, &known, sizeof known, &there));
	if (there)
		return refuse_entry(decision, RECOURSE_EXISTS, "file", known.entry);
	TRY(take_hash(decision, RECORD_TEXT(batch->rail), values[SENT_HASH].text));
	if (values[SENT_FILE].integer > values[SENT_OF].integer)
		return refuse_limit(decision, RECOURSE_AMOUNT_RANGE, "file", "at most %llu",
			(unsigned long long)values[SENT_OF].integer);
	if (file->count > batch->lines)
		return refuse_limit(
			decision, RECOURSE_AMOUNT_RANGE, "count", "at most %u", (unsigned)batch->lines);
	TRY(decision_amount(decision, "total", values[SENT_TOTAL].text, &rail->unit, &file->total));
	memcpy(file->hash, values[SENT_HASH].text.data, sizeof file->hash);
	return decision_put(decision, &path, file, sizeof *file);
}

/* What went out is never more than the batch, and all of it with the last file: no payment is in two, and none is left out. */
static enum recourse_error add_file(struct decision *decision, struct record_payment_batch *batch,
	const struct record_rail *rail, const struct record_batch_file *file)
{
	uint64_t files_left = batch->of - batch->files - 1;
	bool last = files_left == 0;
	/* what a file says leaves a payment for each other file, and something for each other payment */
	uint64_t unsent = batch->count - batch->sent_count;
	uint64_t count_left = unsent > files_left ? unsent - files_left : 0;
	if (file->count > count_left || (last && file->count != count_left))
		return last ? refuse_limit(decision, RECOURSE_AMOUNT_RANGE, "count",
				      "%llu, which is what the other files leave",
				      (unsigned long long)count_left)
			    : refuse_limit(decision, RECOURSE_AMOUNT_RANGE, "count", "at most %llu",
				      (unsigned long long)count_left);
	int64_t total_left = batch->total - batch->sent_total - (int64_t)(unsent - file->count);
	if (file->total > total_left || (last && file->total != total_left))
		return refuse_amount(
			decision, RECOURSE_AMOUNT_RANGE, "total", &rail->unit, file->total, total_left);
	batch->files++;
	batch->sent_count += file->count;
	batch->sent_total += file->total;
	if (last)
		batch->sent_entry = decision->entry;
	return decision_step(decision, LIFE_PAYMENT_BATCH, &batch->state,
		last ? PAYMENT_BATCH_SENT : PAYMENT_BATCH_SENDING, "batch");
}

static enum recourse_error apply_sent(struct decision *decision, const struct value *values)
{
	struct record_path path = payment_batch_path(values[SENT_BATCH].text);
	uint32_t of = (uint32_t)values[SENT_OF].integer;
	struct record_payment_batch batch;
	struct record_batch_file file;
	struct record_rail rail;
	TRY(find_batch(decision, values[SENT_BATCH].text, &batch, &rail));
	TRY(keep_file(decision, values, &batch, &rail, &file));
	if (batch.state != PAYMENT_BATCH_CHECKED && batch.state != PAYMENT_BATCH_SENDING)
		return refuse_state(decision, "batch", life_state_name(LIFE_PAYMENT_BATCH, batch.state));
	if (batch.files > 0 && batch.of != of)
		return refuse_limit(
			decision, RECOURSE_AMOUNT_RANGE, "of", "%u, as the others say", (unsigned)batch.of);
	if (of > batch.count)
		return refuse_limit(decision, RECOURSE_AMOUNT_RANGE, "of", "at most %llu",
			(unsigned long long)batch.count);
	batch.of = of;
	TRY(add_file(decision, &batch, &rail, &file));
	if (batch.files == 1)
		TRY(unanswered_begin(decision, values[SENT_BATCH].text, &rail));
	return decision_put(decision, &path, &batch, sizeof batch);
}

/* ---- batch.sent_reverse: a file that did not go out, or was said wrongly ---- */

enum { REVERSE_BATCH, REVERSE_FILE, REVERSE_REASON };
static const struct recourse_field reverse_fields[] = {
	[REVERSE_BATCH] = FIELD(ID, "batch", "of which a file was said to have gone to who pays"),
	[REVERSE_FILE] = FIELD_INTEGER("file", 1, PAYMENT_BATCH_FILES_MAX, "which one"),
	[REVERSE_REASON] = FIELD(ID, "reason", "reason code, such as slip"),
};

/* What who pays has said of one shows that it went out: that entry rests on it. */
static enum recourse_error check_silent(
	struct decision *decision, const struct record_rail_order *order, bool *silent)
{
	struct record_path path = record_path_of_text(RECORD_CLAIM, RECORD_TEXT(order->claim));
	struct record_claim claim;
	TRY(record_get_named(decision->state, &path, &claim, sizeof claim));
	*silent = order->ended_entry == 0 &&
		  (claim.payout == PAYOUT_INSTRUCTED || claim.payout == PAYOUT_REISSUED);
	return *silent ? RECOURSE_OK
		       : refuse_entry(decision, RECOURSE_STATE_WRONG, "batch",
				 order->ended_entry != 0 ? order->ended_entry : claim.last_entry);
}

static enum recourse_error check_all_silent(
	struct decision *decision, const struct record_payment_batch *batch)
{
	slice rail = RECORD_TEXT(batch->rail);
	struct record_path prefix = record_path_of_text(RECORD_RAIL_ORDER, rail);
	struct record_path from = rail_order_path(rail, batch->first);
	struct payment_batch_takers takers;
	struct record_rail_order order;
	bool silent;
	TRY(payment_batch_takers(
		decision->state, decision->arena, rail, batch->first, batch->entry, &takers));
	SCOPED(record_walk_end)
	struct record_walk walk = record_walk_from(decision->state, &prefix, &from, STATE_UP);
	while (record_walk_next(&walk, &order, sizeof order) && walk.key.parts[1].number <= batch->last) {
		if (payment_batch_has(&takers, batch, &order, walk.key.parts[1].number))
			TRY(check_silent(decision, &order, &silent));
	}
	return walk.error;
}

/* Its number and its bytes are free again; of a batch without any file nobody is asked. */
static enum recourse_error take_file(struct decision *decision, slice id, struct record_payment_batch *batch,
	uint64_t number, const struct record_batch_file *file)
{
	struct record_path path = record_path_of_text(RECORD_BATCH_FILE, id);
	struct record_path by_hash = payment_batch_hash_path(RECORD_TEXT(batch->rail), file->hash);
	record_path_number(&path, number);
	TRY(decision_remove(decision, &path));
	TRY(decision_remove(decision, &by_hash));
	batch->files--;
	batch->sent_count -= file->count;
	batch->sent_total -= file->total;
	batch->sent_entry = 0;
	if (batch->files > 0)
		return decision_step(
			decision, LIFE_PAYMENT_BATCH, &batch->state, PAYMENT_BATCH_SENDING, "batch");
	batch->of = 0;
	TRY(unanswered_end(decision, id));
	return decision_step(decision, LIFE_PAYMENT_BATCH, &batch->state, PAYMENT_BATCH_CHECKED, "batch");
}

static enum recourse_error apply_sent_reverse(struct decision *decision, const struct value *values)
{
	slice id = values[REVERSE_BATCH].text;
	uint64_t number = (uint64_t)values[REVERSE_FILE].integer;
	struct record_path path = record_path_of_text(RECORD_BATCH_FILE, id);
	struct record_path of_batch = payment_batch_path(id);
	struct record_payment_batch batch;
	struct record_batch_file file;
	struct record_rail rail;
	TRY(find_batch(decision, id, &batch, &rail));
	record_path_number(&path, number);
	TRY(decision_find(decision, "file", &path, &file, sizeof file));
	TRY(check_all_silent(decision, &batch));
	TRY(take_file(decision, id, &batch, number, &file));
	decision_fact_integer(decision, "corrects", file.entry);
	return decision_put(decision, &of_batch, &batch, sizeof batch);
}

static const struct command rows[] = {
	COMMAND("batch.make", RECOURSE_ROLE_OPERATOR, make_fields, apply_make,
		"put a rail's payments together that no batch has", RECOURSE_EXISTS, RECOURSE_OVERFLOW),
	COMMAND("batch.check", RECOURSE_ROLE_OPERATOR | RECOURSE_ROLE_APPROVER, check_fields, apply_check,
		"another person agrees with a batch, by its count and total", RECOURSE_STATE_WRONG,
		RECOURSE_SAME_PERSON),
	COMMAND_CHECKED("batch.withdraw", RECOURSE_ROLE_OPERATOR, 1, withdraw_fields, apply_withdraw,
		"a batch of which nothing went out is none; its payments wait for another; another person "
		"approves",
		RECOURSE_STATE_WRONG),
	COMMAND("batch.sent", RECOURSE_ROLE_OPERATOR | RECOURSE_ROLE_CUSTODIAN, sent_fields, apply_sent,
		"a file of a batch went to who pays; with the last one the batch is sent",
		RECOURSE_STATE_WRONG, RECOURSE_EXISTS, RECOURSE_AMOUNT_RANGE),
	COMMAND_CHECKED("batch.sent_reverse", RECOURSE_ROLE_OPERATOR | RECOURSE_ROLE_CUSTODIAN, 1,
		reverse_fields, apply_sent_reverse,
		"take back that a file of a batch went out, of whose payments who pays has said nothing; "
		"another person approves",
		RECOURSE_STATE_WRONG),
};
const struct command_group batch_commands = COMMAND_GROUP(rows);
