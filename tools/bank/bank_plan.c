/* SPDX-License-Identifier: Apache-2.0 */
#include "bank/bank_plan.h"

#include "base/item.h"
#include "base/text.h"
#include "base/try.h"

#include <stdio.h>

/* A line of an account, and what is said of it. */
struct line {
	const struct bank_item *items;
	size_t count;
	uint64_t at; /* of the file */
	const char *reference;
	bool credit;
	int64_t steps;
	amount_sum named; /* by commands */
	bool booked;      /* before this file was */
	bool done;        /* all of it is in pieces that are in */
};

/* ---- commands, in pieces ---- */

static struct bank_plan_piece *open_piece(struct bank_plan *plan)
{
	size_t count = plan->pieces.size / sizeof(struct bank_plan_piece);
	struct bank_plan_piece *pieces = (void *)plan->pieces.data;
	if (count > 0 && pieces[count - 1].items < BANK_PLAN_ITEMS)
		return &pieces[count - 1];
	struct bank_plan_piece piece = {.offset = plan->commands.size};
	buffer_append(&plan->pieces, &piece, sizeof piece);
	if (buffer_failed(&plan->pieces))
		return NULL;
	pieces = (void *)plan->pieces.data;
	return &pieces[count];
}

/* The n-th item of the file belongs to one piece, whether or not a command follows from it. */
static struct bank_plan_piece *count_item(struct bank_plan *plan)
{
	struct bank_plan_piece *piece = open_piece(plan);
	if (piece == NULL)
		plan->fault = RECOURSE_MEMORY;
	else
		piece->items++;
	return piece;
}

static struct item_map begin(struct bank_plan *plan, const char *name)
{
	struct item_map map = item_map_open(&plan->commands);
	item_write_pair_text(&plan->commands, "command", slice_text(name));
	return map;
}

static void end(struct bank_plan *plan, struct bank_plan_piece *piece, struct item_map map)
{
	item_map_close(map, &plan->commands);
	piece->size = plan->commands.size - piece->offset;
	piece->commands++;
}

static void text(struct bank_plan *plan, const char *name, const char *value)
{
	item_write_pair_text(&plan->commands, name, slice_text(value));
}

/* So many items from there on are in pieces that are in. */
static bool is_done(const struct bank_plan *plan, const struct bank_plan_piece *piece, size_t items)
{
	const struct bank_plan_piece *pieces = (const void *)plan->pieces.data;
	uint64_t before = (uint64_t)(piece - pieces) * BANK_PLAN_ITEMS + piece->items;
	return before + items <= plan->done * BANK_PLAN_ITEMS;
}

/* ---- a payment ---- */

static bool is_state(const struct bank_ledger_payment *payment, const char *state)
{
	return strcmp(payment->state, state) == 0;
}

/* What the ledger calls a payment of which that was said: two words are its own. */
static const char *state_of(enum bank_status status)
{
	return status == BANK_STATUS_AWAITING_PAYEE ? "awaiting payee"
	       : status == BANK_STATUS_CANCELLED    ? "stopped"
						    : bank_status_name(status);
}

static bool is_under_way(const struct bank_ledger_payment *payment)
{
	static const char *const states[] = {"instructed", "accepted", "awaiting payee", "unknown"};
	bool is = false;
	for (size_t index = 0; index < sizeof states / sizeof states[0]; index++)
		is |= is_state(payment, states[index]);
	return is && !payment->ended;
}

static bool find(struct bank_plan *plan, const struct bank_item *item, struct bank_ledger_payment *payment)
{
	payment->found = false;
	if (item->payment_id[0] == '\0' || plan->fault != RECOURSE_OK)
		return false;
	plan->fault = bank_ledger_payment(plan->ledger, item->payment_id, payment);
	if (plan->fault != RECOURSE_OK || payment->found)
		return plan->fault == RECOURSE_OK;
	enum bank_ledger_whose whose = bank_ledger_whose(plan->ledger, item->payment_id);
	if (whose == BANK_LEDGER_FOREIGN)
		bank_problem_add(&plan->differences, item->line, "", RECOURSE_SIGNATURE_INVALID,
			"payment %s is of another ledger or rail, or written wrong", item->payment_id);
	if (whose == BANK_LEDGER_OWN)
		bank_problem_add(&plan->differences, item->line, "", RECOURSE_CUSTODIAN_WRONG,
			"payment %s was not given to this custodian to pay", item->payment_id);
	return false;
}

/* False: the ledger ordered another amount. `most`: less than that may have come. */
static bool fits(struct bank_plan *plan, const struct bank_item *item,
	const struct bank_ledger_payment *payment, bool most, int64_t *ordered)
{
	char said[AMOUNT_TEXT_SIZE];
	bool same_unit = slice_is(unit_code(&item->unit), payment->unit);
	bool known =
		same_unit && amount_parse(&item->unit, slice_text(payment->amount), ordered) == RECOURSE_OK;
	if (known && (item->steps == *ordered || (most && item->steps < *ordered)))
		return true;
	amount_format(&item->unit, item->steps, said);
	bank_problem_add(&plan->differences, item->line, "",
		same_unit ? RECOURSE_AMOUNT_RANGE : RECOURSE_UNIT_MISMATCH,
		"payment %s is %s %.*s in the file, and %s %s was ordered by entry %llu", item->payment_id,
		said, SLICE_ARGUMENTS(unit_code(&item->unit)), payment->amount, payment->unit,
		(unsigned long long)payment->order);
	return false;
}

static void wrong_state(struct bank_plan *plan, const struct bank_item *item,
	const struct bank_ledger_payment *payment, const char *what)
{
	bank_problem_add(&plan->differences, item->line, "", RECOURSE_STATE_WRONG,
		"payment %s is %s in the file, and %s in the ledger", item->payment_id, what, payment->state);
}

/* ---- what is said of a line ---- */

/* Whether this file said it before. */
static bool add_to(struct bank_plan *plan, struct bank_seen *seen, const struct bank_item *item)
{
	uint64_t line = 0;
	enum recourse_error error = bank_seen_add(seen, slice_text(item->payment_id), item->line, &line);
	if (error != RECOURSE_OK)
		plan->fault = error;
	return line != 0;
}

/* Which way its bank moves a payment: out, or back. What undoes its being back is for people. */
static bool is_of_payment(const struct bank_item *item)
{
	bool undoes = item->returned || item->reversal;
	return item->kind == BANK_ITEM_BOOKED && item->credit == undoes;
}

static void settle(struct bank_plan *plan, struct line *line, const struct bank_item *item,
	const struct bank_ledger_payment *payment, struct bank_plan_piece *piece)
{
	int64_t ordered;
	if (!fits(plan, item, payment, false, &ordered))
		return;
	(void)add_to(plan, &plan->paid, item);
	line->named += item->steps;
	/* A line that is booked whole is of payments that were made; any other is of those that are under way. */
	if (line->booked == is_under_way(payment))
		wrong_state(plan, item, payment, "paid");
	if (line->booked || !is_under_way(payment))
		return;
	struct item_map map = begin(plan, "payout.settle");
	text(plan, "claim", payment->claim);
	item_write_pair_integer(&plan->commands, "order", (int64_t)payment->order);
	text(plan, "bank_reference", line->reference);
	end(plan, piece, map);
	plan->settled++;
}

/* What was kept of it on the way is the rest of its entry. */
static int64_t kept(const struct line *line)
{
	amount_sum charges = 0;
	size_t others = 0;
	for (size_t index = 0; index < line->count; index++) {
		const struct bank_item *item = &line->items[index];
		bool charge = item->kind == BANK_ITEM_CHARGE && !item->credit;
		charges += charge ? item->steps : 0;
		others += !charge;
	}
	return others == 1 && charges <= INT64_MAX ? (int64_t)charges : 0;
}

static void take_back(struct bank_plan *plan, struct line *line, const struct bank_item *item,
	const struct bank_ledger_payment *payment, struct bank_plan_piece *piece)
{
	int64_t ordered;
	int64_t came = item->steps - kept(line);
	bool reason = text_is_id(slice_text(item->reason));
	if (!fits(plan, item, payment, true, &ordered))
		return;
	line->named += came;
	if (line->booked)
		return;
	/* what is said to have come back is a claim's last payment */
	if (payment->ended) {
		bank_problem_add(&plan->differences, item->line, "", RECOURSE_STATE_WRONG,
			"payment %s is back in the file, and claim %s was ordered anew or taken back since",
			item->payment_id, payment->claim);
		return;
	}
	bool paid = is_state(payment, "settled") ||
		    (is_under_way(payment) && bank_seen_find(&plan->paid, slice_text(item->payment_id)) != 0);
	if (add_to(plan, &plan->back, item) || !paid) {
		wrong_state(plan, item, payment, paid ? "back twice" : "back");
		return;
	}
	struct item_map map = begin(plan, "payout.return");
	text(plan, "claim", payment->claim);
	item_write_pair_integer(&plan->commands, "order", (int64_t)payment->order);
	text(plan, "reason", reason ? item->reason : item->reversal ? "reversal" : "NARR");
	text(plan, "bank_reference", line->reference);
	if (came != ordered)
		item_write_pair_amount(&plan->commands, "amount", &item->unit, came);
	end(plan, piece, map);
	plan->returned++;
}

/* Charges of what came in are less of it; those beside what went out are the bank's own. */
static void charge(struct bank_plan *plan, struct line *line, const struct bank_item *item,
	struct bank_plan_piece *piece)
{
	if (line->credit || item->credit)
		return;
	line->named += item->steps;
	if (line->booked)
		return;
	struct item_map map = begin(plan, "bank.fee");
	item_write_pair_amount(&plan->commands, "amount", &item->unit, item->steps);
	text(plan, "unit", plan->unit.code);
	text(plan, "bank_reference", line->reference);
	text(plan, "reason", "charges");
	end(plan, piece, map);
	plan->fees++;
}

static void explain(struct bank_plan *plan, struct line *line, const struct bank_item *item)
{
	struct bank_ledger_payment payment;
	struct bank_plan_piece *piece = count_item(plan);
	if (piece == NULL)
		return;
	if (is_done(plan, piece, 0))
		return;
	if (item->kind == BANK_ITEM_CHARGE) {
		charge(plan, line, item, piece);
		return;
	}
	if (!is_of_payment(item) || item->credit != line->credit || !find(plan, item, &payment))
		return;
	if (item->credit)
		take_back(plan, line, item, &payment, piece);
	else
		settle(plan, line, item, &payment, piece);
}

/* ---- a line ---- */

static const char *find_mistake(const struct line *line)
{
	const struct bank_item *first = &line->items[0];
	if (!text_is_id(slice_text(line->reference)))
		return "an entry without a reference (AcctSvcrRef) that can name its line";
	return first->day[0] == '\0' ? "an entry that is booked, and no day of it" : NULL;
}

static void state_line(struct bank_plan *plan, struct line *line, struct bank_plan_piece *piece)
{
	struct item_map map = begin(plan, "bank.line");
	text(plan, "line", line->reference);
	item_write_pair_amount(&plan->commands, "amount", &plan->unit, line->steps);
	text(plan, "unit", plan->unit.code);
	text(plan, "direction", line->credit ? "credit" : "debit");
	text(plan, "day", line->items[0].day);
	end(plan, piece, map);
	piece->lines++;
	*(line->credit ? &piece->credit : &piece->debit) += line->steps;
	*(line->credit ? &plan->credit : &plan->debit) += line->steps;
	plan->lines++;
}

/* What was said of it before is said again in the same words; what commands named of it is a part of it. */
static bool is_same(const struct line *line, const struct bank_ledger_line *known, int64_t steps)
{
	if (!known->stated)
		return steps <= line->steps;
	return steps == line->steps && strcmp(known->day, line->items[0].day) == 0;
}

/* One that is booked whole was, by hand or of another file: nothing follows from it any more. */
static void compare_line(struct bank_plan *plan, struct line *line, const struct bank_ledger_line *known)
{
	int64_t steps;
	bool like = slice_is(unit_code(&plan->unit), known->unit) && line->credit == known->credit &&
		    amount_parse(&plan->unit, slice_text(known->amount), &steps) == RECOURSE_OK;
	line->booked = like && known->booked && steps == line->steps;
	if (!like || !is_same(line, known, steps))
		bank_problem_add(&plan->differences, line->at, "", RECOURSE_EXISTS,
			"line %s is %s of %s %s in the ledger%s%s", line->reference,
			known->credit ? "a credit" : "a debit", known->amount, known->unit,
			known->stated ? ", booked on " : "", known->day);
}

/* Whether this is a statement or a notice is known at its end. */
struct standing {
	char reference[BANK_ITEM_TEXT_SIZE];
	uint64_t at;
	uint64_t statement;
	uint64_t notice;
};

static void keep_standing(
	struct bank_plan *plan, const struct line *line, const struct bank_ledger_line *known)
{
	struct standing standing = {.at = line->at, .statement = known->statement, .notice = known->notice};
	if (known->statement == plan->entry)
		standing.statement = 0;
	if (known->notice == plan->entry)
		standing.notice = 0;
	if (standing.statement == 0 && standing.notice == 0)
		return;
	snprintf(standing.reference, sizeof standing.reference, "%s", line->reference);
	buffer_append(&plan->standing, &standing, sizeof standing);
	if (buffer_failed(&plan->standing))
		plan->fault = RECOURSE_MEMORY;
}

/* A line stands in one statement, and in one notice. */
static void check_standing(struct bank_plan *plan, const struct bank_statement *statement)
{
	bool closes = statement->has_opening && statement->has_closing;
	size_t count = plan->standing.size / sizeof(struct standing);
	const struct standing *rows = (const void *)plan->standing.data;
	for (size_t index = 0; index < count; index++) {
		uint64_t entry = closes ? rows[index].statement : rows[index].notice;
		if (entry != 0)
			bank_problem_add(&plan->differences, rows[index].at, "", RECOURSE_EXISTS,
				"line %s stands already in what entry %llu began", rows[index].reference,
				(unsigned long long)entry);
	}
	buffer_clear(&plan->standing);
}

static void check_line(struct bank_plan *plan, struct line *line)
{
	struct bank_ledger_line known = {.found = false};
	uint64_t before = 0;
	if (plan->fault == RECOURSE_OK)
		plan->fault = bank_seen_add(&plan->names, slice_text(line->reference), line->at, &before);
	if (plan->fault == RECOURSE_OK && !line->done)
		plan->fault = bank_ledger_line(plan->ledger, line->reference, &known);
	if (plan->fault != RECOURSE_OK)
		return;
	if (before != 0)
		bank_problem_add(&plan->differences, line->at, "", RECOURSE_EXISTS,
			"line %s is the entry that ends on line %llu, too", line->reference,
			(unsigned long long)before);
	if (!known.found)
		return;
	compare_line(plan, line, &known);
	keep_standing(plan, line, &known);
}

static bool look_at_line(struct bank_plan *plan, struct line *line)
{
	const char *mistake = find_mistake(line);
	if (mistake != NULL) {
		bank_problem_add(&plan->differences, line->at, "", RECOURSE_FIELD_FORMAT, "%s", mistake);
		return false;
	}
	check_line(plan, line);
	return plan->fault == RECOURSE_OK;
}

static void end_line(struct bank_plan *plan)
{
	struct line line = {.items = (const void *)plan->items.data,
		.count = plan->items.size / sizeof(struct bank_item)};
	amount_sum net = 0;
	if (line.count == 0 || plan->fault != RECOURSE_OK)
		return;
	for (size_t index = 0; index < line.count; index++)
		net += line.items[index].credit ? line.items[index].steps
						: -(amount_sum)line.items[index].steps;
	line.at = line.items[0].line;
	line.reference = line.items[0].entry_reference;
	line.credit = net > 0;
	line.steps = (int64_t)(net < 0 ? -net : net);
	plan->unit = line.items[0].unit;
	struct bank_plan_piece *piece = open_piece(plan);
	if (piece == NULL)
		plan->fault = RECOURSE_MEMORY;
	else
		line.done = is_done(plan, piece, line.count);
	if (plan->fault == RECOURSE_OK && look_at_line(plan, &line)) {
		state_line(plan, &line, piece);
		for (size_t index = 0; index < line.count; index++)
			explain(plan, &line, &line.items[index]);
		if (line.named > line.steps)
			bank_problem_add(&plan->differences, line.at, "", RECOURSE_AMOUNT_RANGE,
				"what line %s is of is more than it: it has to be booked by hand",
				line.reference);
		plan->left += line.named < line.steps && !line.booked && !line.done;
	}
	buffer_clear(&plan->items);
}

/* ---- a status ---- */

/* One like it may have been paid: that is asked, and nothing is sent again. */
static enum bank_status status_of(const struct bank_item *item)
{
	bool paid_before = strcmp(item->reason, "AM05") == 0 || strcmp(item->reason, "DUPL") == 0;
	return item->status == BANK_STATUS_REJECTED && paid_before ? BANK_STATUS_UNKNOWN : item->status;
}

static bool is_final(enum bank_status status)
{
	return status == BANK_STATUS_REJECTED || status == BANK_STATUS_EXPIRED ||
	       status == BANK_STATUS_CANCELLED;
}

/* It says what the ledger knows, or less than that. */
static bool is_known(const struct bank_ledger_payment *payment, enum bank_status status)
{
	bool over = is_state(payment, "settled") || is_state(payment, "returned");
	bool taken_back = is_state(payment, "cancelled"); /* since it never left */
	return status == BANK_STATUS_INSTRUCTED || is_state(payment, state_of(status)) ||
	       (over && !is_final(status)) || (taken_back && is_final(status));
}

static void report(struct bank_plan *plan, const struct bank_item *item)
{
	struct bank_ledger_payment payment;
	struct bank_plan_piece *piece = count_item(plan);
	enum bank_status status = status_of(item);
	int64_t ordered;
	if (piece == NULL || plan->fault != RECOURSE_OK)
		return;
	piece->lines += plan->quiet;
	plan->lines += plan->quiet;
	if (item->amount_known)
		plan->unit = item->unit;
	if (is_done(plan, piece, 0))
		return;
	uint64_t before = plan->differences.count;
	if (!find(plan, item, &payment)) {
		if (plan->fault == RECOURSE_OK && plan->differences.count == before)
			bank_problem_add(&plan->differences, item->line, "", RECOURSE_NOT_FOUND,
				"payment %s was never ordered", item->payment_id);
		return;
	}
	if (plan->unit.code[0] == '\0')
		(void)unit_currency(slice_text(payment.unit), &plan->unit);
	if ((item->amount_known && !fits(plan, item, &payment, false, &ordered)) ||
		is_known(&payment, status))
		return;
	if (!is_under_way(&payment)) {
		wrong_state(plan, item, &payment, bank_status_name(status));
		return;
	}
	struct item_map map = begin(plan, "payout.report");
	text(plan, "claim", payment.claim);
	text(plan, "status", bank_status_name(status));
	item_write_pair_integer(&plan->commands, "order", (int64_t)payment.order);
	if (text_is_id(slice_text(item->reason)))
		text(plan, "code", item->reason);
	end(plan, piece, map);
	plan->reported++;
}

/* ---- the visit ---- */

static void take_item(void *context, const struct bank_item *item)
{
	struct bank_plan *plan = context;
	const struct bank_item *first = (const void *)plan->items.data;
	if (plan->fault != RECOURSE_OK)
		return;
	if (plan->items.size > 0 && first->entry != item->entry)
		end_line(plan);
	if (item->kind == BANK_ITEM_STATUS)
		report(plan, item);
	else if (item->kind == BANK_ITEM_GROUP)
		plan->groups++;
	else if (item->kind != BANK_ITEM_PENDING)
		buffer_append(&plan->items, item, sizeof *item);
	if (buffer_failed(&plan->items) || buffer_failed(&plan->commands))
		plan->fault = RECOURSE_MEMORY;
}

static void take_statement(void *context, const struct bank_statement *statement)
{
	struct bank_plan *plan = context;
	end_line(plan);
	check_standing(plan, statement);
	if (plan->unit.code[0] == '\0')
		plan->unit = statement->unit;
	if (statement->page[0] != '\0')
		bank_problem_add(&plan->differences, statement->line, "", RECOURSE_NOT_PERMITTED,
			"page %s of a statement: ask the bank for all of it in one", statement->page);
	if (plan->account != NULL && !plan->quiet && strcmp(statement->account, plan->account) != 0)
		bank_problem_add(&plan->differences, statement->line, "", RECOURSE_CUSTODIAN_WRONG,
			"it is of account '%s', and not of %s", statement->account, plan->account);
	if (plan->statements++ == 1)
		bank_problem_add(&plan->differences, statement->line, "", RECOURSE_NOT_PERMITTED,
			"a second statement: ask the bank for a file of each");
	plan->statement = *statement;
}

struct bank_visit bank_plan_visit(struct bank_plan *plan)
{
	return (struct bank_visit){.item = take_item, .statement = take_statement, .context = plan};
}

const struct bank_plan_piece *bank_plan_pieces(const struct bank_plan *plan, size_t *count)
{
	*count = plan->pieces.size / sizeof(struct bank_plan_piece);
	return (const void *)plan->pieces.data;
}

void bank_plan_free(struct bank_plan *plan)
{
	bank_problem_free(&plan->differences);
	buffer_free(&plan->commands);
	buffer_free(&plan->pieces);
	buffer_free(&plan->items);
	buffer_free(&plan->standing);
	bank_seen_free(&plan->names);
	bank_seen_free(&plan->paid);
	bank_seen_free(&plan->back);
}
