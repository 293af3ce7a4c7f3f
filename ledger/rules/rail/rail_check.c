/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/rail/payment_batch.h"

#include "books/record_claim.h"
#include "books/record_report.h"
#include "rule/check.h"
#include "rules/incident/incident.h"
#include "rules/incident/section.h"

/*
 * Nothing here asks the rules which batch has a payment (payment_batch.h), or how far it is: one that they have wrong would be
 * right by itself.
 */

static enum recourse_error of_entry(struct check_context *check, uint64_t entry, bool holds, const char *what)
{
	return holds ? RECOURSE_OK : check_wrong_entry(check, entry, "%s", what);
}

/* ---- I15: count and total of a batch are those of its payments, and no payment is in two ---- */

struct counted {
	struct record_payment_batch record;
	uint64_t count;
	int64_t total;
	uint64_t first;
	uint64_t last;
	uint64_t out;     /* its first file's entry; 0: none went out */
	uint64_t out_all; /* its last one's */
	uint32_t payer;   /* of the last one that was counted */
	bool looked_for;  /* that there is an answer to each */
};
struct rail_count {
	struct check_context *check;
	const struct check_row *row; /* the rail's */
	struct counted *batches;     /* as they were made */
	size_t count;
	size_t next;
	uint64_t time; /* of the order before */
};

static enum recourse_error load_files(struct check_context *check, slice id, struct counted *batch)
{
	struct record_path prefix = record_path_of_text(RECORD_BATCH_FILE, id);
	struct record_path unanswered = record_path_of_text(RECORD_UNANSWERED, id);
	struct record_batch_file file;
	TRY(record_exists(check->state, &unanswered, &batch->looked_for));
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (record_walk_next(&walk, &file, sizeof file)) {
		if (batch->out == 0 || file.entry < batch->out)
			batch->out = file.entry;
		if (file.entry > batch->out_all)
			batch->out_all = file.entry;
	}
	return walk.error;
}

static enum recourse_error load_batches(struct rail_count *rail, slice id)
{
	struct record_path prefix = record_path_of_text(RECORD_PAYMENT_BATCH_RAIL, id);
	for (unsigned pass = 0; pass < 2; pass++) {
		SCOPED(record_walk_end)
		struct record_walk walk = record_walk_over(rail->check->state, &prefix);
		for (rail->count = 0; record_walk_next(&walk, NULL, 0); rail->count++) {
			slice name = walk.key.parts[2].text;
			struct record_path path = payment_batch_path(name);
			struct counted *batch = pass > 0 ? &rail->batches[rail->count] : NULL;
			if (batch == NULL)
				continue;
			*batch = (struct counted){.count = 0};
			TRY(record_get_named(
				rail->check->state, &path, &batch->record, sizeof batch->record));
			TRY(load_files(rail->check, name, batch));
		}
		TRY(walk.error);
		if (pass == 0)
			rail->batches =
				arena_allocate(rail->check->arena, (rail->count + 1) * sizeof *rail->batches);
		if (rail->batches == NULL)
			return RECOURSE_MEMORY;
	}
	return RECOURSE_OK;
}

/* H2: by another person than ordered it. */
static enum recourse_error look_at_checker(
	struct rail_count *rail, struct counted *batch, const struct record_rail_order *order)
{
	const uint32_t keys[] = {order->payer, batch->record.checker};
	bool differ = true;
	if (batch->record.checked_entry == 0 || order->payer == batch->payer)
		return RECOURSE_OK;
	batch->payer = order->payer;
	TRY(check_differ(rail->check, keys, 2, &differ));
	return check_that(rail->check, rail->row, differ,
		"F2: one person ordered a payment and checked the batch that has it");
}

/* F2: whatever became of it but that it was ordered, or was taken back before it left, became of it when it had gone out. */
static enum recourse_error look_at_ended(struct rail_count *rail, const struct record_rail_order *order,
	uint64_t entry, const struct counted *holder)
{
	bool out = holder != NULL && holder->out != 0 && holder->out < order->ended_entry;
	bool fits =
		order->ended == PAYOUT_CANCELLED ? holder == NULL || out : out || order->ended == LIFE_NONE;
	return of_entry(
		rail->check, entry, fits, "F2: a payment ended that is in a batch, or had not gone out");
}

static enum recourse_error look_at_standing(struct rail_count *rail, const struct record_rail_order *order,
	uint64_t entry, const struct counted *holder)
{
	struct record_path path = record_path_of_text(RECORD_CLAIM, RECORD_TEXT(order->claim));
	bool out = holder != NULL && holder->out != 0;
	struct record_report report;
	struct record_claim claim;
	bool there;
	TRY(record_get_optional(rail->check->state, &path, &claim, sizeof claim, &there));
	if (!there) /* look_at_order() says so */
		return RECOURSE_OK;
	if (claim.payout == PAYOUT_INSTRUCTED || claim.payout == PAYOUT_REISSUED)
		return of_entry(rail->check, entry, !out || holder->looked_for,
			"F2: a payment went out, and nobody will ask what became of it");
	TRY(of_entry(rail->check, entry,
		out && (claim.payout != PAYOUT_SETTLED || claim.settled_entry > holder->out),
		"F2: a payment was made that no file had told to make"));
	path = record_path_of_text(RECORD_REPORT, RECORD_TEXT(order->claim));
	TRY(record_get_optional(rail->check->state, &path, &report, sizeof report, NULL));
	return of_entry(rail->check, entry, report.state == LIFE_NONE || report.entry > holder->out,
		"F2: something was said of a payment before it went out");
}

/* One that waits is looked at by the next batch of all incidents, and by the next one of its own. */
static enum recourse_error look_at_waiting(struct rail_count *rail, const struct record_rail_order *order,
	uint64_t entry, const struct counted *holder)
{
	const struct record_rail *record = rail->row->record;
	struct record_path path = record_path_of_text(RECORD_RAIL_WAITING, rail->row->key->parts[0].text);
	struct record_rail_waiting waiting;
	if (holder != NULL || order->ended_entry != 0)
		return RECOURSE_OK;
	record_path_short(&path, order->incident);
	TRY(record_get_optional(rail->check->state, &path, &waiting, sizeof waiting, NULL));
	bool stands = waiting.entry > record->withdrawn_entry;
	return check_that(rail->check, rail->row, entry >= record->from && (!stands || entry >= waiting.from),
		"I15: a payment would be of no batch ever");
}

/* Each batch in its turn takes what is its own and no one has by then. */
static enum recourse_error count_order(
	struct rail_count *rail, const struct record_rail_order *order, uint64_t entry)
{
	struct counted *holder = NULL;
	bool later = order->time > 0 && order->time >= rail->time;
	rail->time = order->time;
	TRY(of_entry(rail->check, entry, later, "F8: a payment was ordered before the one before it"));
	while (rail->next < rail->count && rail->batches[rail->next].record.entry <= entry)
		rail->next++;
	for (size_t index = rail->next; index < rail->count; index++) {
		struct counted *batch = &rail->batches[index];
		const struct record_payment_batch *made = &batch->record;
		if (holder != NULL && holder->record.withdrawn_entry == 0)
			break;
		bool held = holder != NULL && holder->record.withdrawn_entry > made->entry;
		bool gone = order->ended_entry != 0 && order->ended_entry < made->entry;
		bool its = made->incident == 0 || made->incident == order->incident;
		if (held || gone || !its || entry > made->last)
			continue;
		holder = batch;
		batch->first = batch->count++ == 0 ? entry : batch->first;
		batch->last = entry;
		if (__builtin_add_overflow(batch->total, order->amount, &batch->total))
			return check_wrong(rail->check, "I15: a batch comes to more than there is");
		TRY(look_at_checker(rail, batch, order));
	}
	if (holder != NULL && holder->record.withdrawn_entry != 0)
		holder = NULL;
	TRY(look_at_waiting(rail, order, entry, holder));
	return order->ended_entry != 0 ? look_at_ended(rail, order, entry, holder)
				       : look_at_standing(rail, order, entry, holder);
}

static enum recourse_error look_at_rail(struct check_context *check, const struct check_row *row)
{
	slice id = row->key->parts[0].text;
	const struct record_rail *record = row->record;
	struct rail_count rail = {.check = check, .row = row};
	struct record_path prefix = record_path_of_text(RECORD_RAIL_ORDER, id);
	struct record_rail_order order;
	bool sound = record->version > 0 && record->custodian != 0 && record->lines > 0 &&
		     record->id_length >= PAYMENT_ID_MIN && record->id_length <= PAYMENT_ID_MAX &&
		     record->id_alphabet < PAYMENT_ID_ALPHABETS &&
		     record->group_status <= RAIL_GROUP_EXCEPTIONS;
	TRY(check_that(check, row, sound, "F8: a rail is published that nothing can be paid by"));
	TRY(load_batches(&rail, id));
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	while (record_walk_next(&walk, &order, sizeof order))
		TRY(count_order(&rail, &order, walk.key.parts[1].number));
	TRY(walk.error);
	for (size_t index = 0; index < rail.count; index++) {
		const struct counted *batch = &rail.batches[index];
		const struct record_payment_batch *said = &batch->record;
		if (batch->count != said->count || batch->total != said->total)
			return check_wrong_entry(check, said->entry,
				"I15: count or total of a batch are not those of its payments");
		if (batch->first != said->first || batch->last != said->last)
			return check_wrong_entry(check, said->entry,
				"I15: a batch begins or ends with another payment than it has");
		if (said->sent_entry != 0 && said->sent_entry != batch->out_all)
			return check_wrong_entry(check, said->entry,
				"F2: a batch was sent by another entry than that of its last file");
	}
	return RECOURSE_OK;
}

/* ---- a batch, by itself ---- */

static enum recourse_error look_at_files(
	struct check_context *check, const struct check_row *row, const struct record_payment_batch *batch)
{
	struct record_path prefix = record_path_of_text(RECORD_BATCH_FILE, row->key->parts[0].text);
	struct record_batch_file file;
	uint64_t count = 0;
	int64_t total = 0;
	uint32_t files = 0;
	SCOPED(record_walk_end) struct record_walk walk = record_walk_over(check->state, &prefix);
	for (; record_walk_next(&walk, &file, sizeof file); files++) {
		count += file.count;
		bool fits = !__builtin_add_overflow(total, file.total, &total) && file.count > 0 &&
			    file.total > 0 && walk.key.parts[1].number <= batch->of &&
			    file.entry > batch->checked_entry && file.count <= batch->lines;
		TRY(check_that(check, row, fits,
			"I15: a file went out before its batch was checked, is larger than its rail takes, "
			"or none of "
			"it"));
	}
	TRY(walk.error);
	bool sums = count == batch->sent_count && total == batch->sent_total && files == batch->files;
	TRY(check_that(check, row, sums, "I15: what went out of a batch is not what its files come to"));
	bool whole = count == batch->count && total == batch->total && files == batch->of;
	return check_that(check, row,
		count <= batch->count && total <= batch->total &&
			(batch->state != PAYMENT_BATCH_SENT || whole),
		"I15: the files of a batch come to another count or total than it has");
}

static enum recourse_error look_at_batch(struct check_context *check, const struct check_row *row)
{
	const struct record_payment_batch *batch = row->record;
	const uint32_t keys[] = {batch->maker, batch->checker};
	struct record_path of_rail = rail_path(RECORD_TEXT(batch->rail));
	bool there;
	bool differ;
	TRY(record_exists(check->state, &of_rail, &there));
	TRY(check_that(check, row, there, "F8: a batch is of a rail that was not published"));
	TRY(check_that(check, row,
		batch->count > 0 && batch->first <= batch->last && batch->last < batch->entry,
		"I15: a payment of a batch was not ordered by then"));
	bool checked = batch->checked_entry > batch->entry && batch->checker != 0;
	bool unchecked = batch->checked_entry == 0 && batch->checker == 0;
	TRY(check_that(check, row,
		checked || (unchecked && (batch->state == PAYMENT_BATCH_MADE ||
						 batch->state == PAYMENT_BATCH_WITHDRAWN)),
		"F2: a batch went on that nobody had checked"));
	TRY(check_differ(check, keys, 2, &differ));
	TRY(check_that(check, row, differ && batch->maker != 0, "F2: one person made and checked a batch"));
	bool ends = (batch->state == PAYMENT_BATCH_SENT) == (batch->sent_entry != 0) &&
		    (batch->state == PAYMENT_BATCH_WITHDRAWN) == (batch->withdrawn_entry != 0) &&
		    (batch->state >= PAYMENT_BATCH_SENDING && batch->state <= PAYMENT_BATCH_SENT) ==
			    (batch->files > 0);
	TRY(check_that(check, row, ends, "F2: a batch is not how far its files are"));
	return look_at_files(check, row, batch);
}

/* It is of a batch, and its bytes are no other's. */
static enum recourse_error look_at_file(struct check_context *check, const struct check_row *row)
{
	const struct record_batch_file *file = row->record;
	struct record_path path = payment_batch_path(row->key->parts[0].text);
	struct record_payment_batch batch;
	uint64_t entry;
	bool there;
	TRY(record_get_optional(check->state, &path, &batch, sizeof batch, &there));
	TRY(check_that(check, row, there, "F8: a file is of no batch"));
	path = payment_batch_hash_path(RECORD_TEXT(batch.rail), file->hash);
	TRY(record_get_optional(check->state, &path, &entry, sizeof entry, NULL));
	return check_that(
		check, row, entry == file->entry, "I15: a file is not found by its bytes, or another one is");
}

static int64_t one(const void *record)
{
	(void)record;
	return 1;
}
static const struct check_totals hashes = {RECORD_BATCH_FILE, one, RECORD_BATCH_HASH, one,
	"I15: there are not as many files as bytes that went out"};

/* ---- an order ---- */

/* It is the claim's last one: it goes where that says, of that sum. */
static enum recourse_error look_at_last(struct check_context *check, const struct check_row *row,
	const struct record_rail_order *order, const struct record_claim *claim)
{
	slice id = RECORD_TEXT(order->claim);
	struct record_path path = record_path_of_text(RECORD_CLAIM_PAYEE, id);
	struct record_claim_payee to;
	TRY(record_get_optional(check->state, &path, &to, sizeof to, NULL));
	bool same = to.entry == row->key->parts[1].number && to.payer == order->payer &&
		    memcmp(to.account, order->account, sizeof to.account) == 0 &&
		    memcmp(to.payee, order->payee, sizeof to.payee) == 0;
	TRY(of_entry(check, row->key->parts[1].number, same && claim->on_rail == 1,
		"F8: a payment on a rail goes elsewhere than its claim's order"));
	bool underway = claim->payout == PAYOUT_INSTRUCTED || claim->payout == PAYOUT_REISSUED;
	int64_t owed = claim->deposit_part + claim->advance_part;
	path = record_path_of_text(RECORD_FORMER_ORDER, id);
	record_path_number(&path, to.entry);
	struct record_former_order whole;
	if (underway && order->amount > owed) { /* less was owed by then than had been ordered */
		TRY(record_get_optional(check->state, &path, &whole, sizeof whole, NULL));
		owed = whole.deposit_part + whole.advance_part;
	}
	return of_entry(check, row->key->parts[1].number, !underway || order->amount == owed,
		"I8: a payment on a rail is of another amount than its claim's order");
}

/* It is paid by who has the money, in the incident's unit. */
static enum recourse_error look_at_payer(struct check_context *check, const struct check_row *row,
	const struct record_rail_order *order, const struct record_claim *claim)
{
	struct record_path path = rail_path(row->key->parts[0].text);
	struct record_incident incident;
	struct record_section section;
	struct record_rail rail;
	TRY(record_get_named(check->state, &path, &rail, sizeof rail));
	TRY(incident_load(check->state, claim->incident, &incident));
	TRY(section_load(check->state, claim->incident, claim->section, &section));
	return of_entry(check, row->key->parts[1].number,
		order->incident == claim->incident && unit_same(&rail.unit, &incident.unit) &&
			rail.custodian == section.custodian,
		"F8: a payment is of another incident, unit or custodian than its claim");
}

static enum recourse_error look_at_order(struct check_context *check, const struct check_row *row)
{
	const struct record_rail_order *order = row->record;
	struct record_path path = record_path_of_text(RECORD_CLAIM, RECORD_TEXT(order->claim));
	struct record_path of_rail = rail_path(row->key->parts[0].text);
	uint64_t entry = row->key->parts[1].number;
	struct record_claim claim;
	bool published;
	bool there;
	TRY(record_exists(check->state, &of_rail, &published));
	TRY(record_get_optional(check->state, &path, &claim, sizeof claim, &there));
	TRY(of_entry(check, row->key->parts[1].number,
		there && published && order->amount > 0 && claim.filed_entry < entry &&
			order->instalment > 0 && order->instalment <= claim.instalment,
		"F8: a payment on a rail is of no claim, or by no rail"));
	bool ended = order->ended_entry > entry && order->ended != 0;
	TRY(of_entry(check, row->key->parts[1].number,
		ended || (order->ended_entry == 0 && order->ended == 0),
		"F8: a payment on a rail ended before it was ordered"));
	TRY(look_at_payer(check, row, order, &claim));
	path = record_path_of_text(RECORD_FORMER_ORDER, RECORD_TEXT(order->claim));
	record_path_number(&path, entry);
	TRY(record_exists(check->state, &path, &there));
	TRY(of_entry(
		check, entry, there || !ended, "I8: a payment on a rail ended, and nobody knows of what"));
	return ended ? RECOURSE_OK : look_at_last(check, row, order, &claim);
}

/* A claim says whether its last order is on a rail. */
static enum recourse_error look_at_claim(struct check_context *check, const struct check_row *row)
{
	const struct record_claim_payee *to = row->record;
	struct record_path of_payee = record_path_of_text(RECORD_PAYEE, RECORD_TEXT(to->payee));
	struct record_path of_claim = record_path_of_text(RECORD_CLAIM, row->key->parts[0].text);
	struct record_payee payee;
	struct record_claim claim;
	bool there;
	TRY(record_get_optional(check->state, &of_payee, &payee, sizeof payee, NULL));
	TRY(record_get_optional(check->state, &of_claim, &claim, sizeof claim, NULL));
	struct record_path path = rail_order_path(RECORD_TEXT(payee.rail), to->entry);
	TRY(record_exists(check->state, &path, &there));
	path = rail_path(RECORD_TEXT(payee.rail));
	struct record_rail rail;
	TRY(record_get_optional(check->state, &path, &rail, sizeof rail, NULL));
	bool published =
		rail.version == 1 && rail.entry < to->entry; /* a later version says not since when */
	TRY(check_that(check, row, there || !published,
		"F8: a payment to a payee of a published rail is not on it"));
	return check_that(check, row, there == (claim.on_rail == 1),
		"F8: a claim says otherwise whether a rail has its payment");
}

/* The batch is there that found it, and did not look beyond its own entry. */
static enum recourse_error look_at_incident(struct check_context *check, const struct check_row *row)
{
	const struct record_rail_waiting *waiting = row->record;
	slice rail = row->key->parts[0].text;
	struct record_path made = record_path_of_text(RECORD_PAYMENT_BATCH_RAIL, rail);
	bool any;
	record_path_number(&made, waiting->entry);
	TRY(record_any(check->state, &made, &any));
	return check_that(check, row, any && waiting->from <= waiting->entry,
		"I15: it is said of no incident from where on its orders wait");
}

static const struct check rows[] = {
	{.table = RECORD_PAYMENT_BATCH,
		.entry = offsetof(struct record_payment_batch, entry),
		.look = look_at_batch},
	{.table = RECORD_BATCH_FILE,
		.entry = offsetof(struct record_batch_file, entry),
		.look = look_at_file},
	{.table = RECORD_BATCH_FILE, .look = check_totals, .of = &hashes},
	{.table = RECORD_RAIL, .entry = offsetof(struct record_rail, entry), .look = look_at_rail},
	{.table = RECORD_RAIL_ORDER, .look = look_at_order},
	{.table = RECORD_RAIL_WAITING, .look = look_at_incident},
	{.table = RECORD_CLAIM_PAYEE,
		.entry = offsetof(struct record_claim_payee, entry),
		.look = look_at_claim},
};
const struct check_group rail_check_rows = CHECK_GROUP(rows);
