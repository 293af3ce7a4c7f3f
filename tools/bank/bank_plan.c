/* SPDX-License-Identifier: Apache-2.0 */
#include "bank/bank_plan.h"

#include "base/item.h"
#include "base/text.h"
#include "base/try.h"

#include <stdio.h>

/* A line of an account, and what is said of it. */
struct line {
	const struct bank_item *items;
	const struct bank_ledger_payment *payments; /* of each, what the ledger has */
	size_t count;
	uint64_t at; /* of the file */
	const char *reference;
	bool credit;
	int64_t steps;
	amount_sum named; /* by commands */
	bool booked;      /* before this file was */
	bool done;        /* all of it is in pieces that are in */
	bool whole;       /* it is one payment that is made by it: one command says both */
};

/* ---- commands ---- */

/* The n-th item of the file belongs to one piece, whether or not a command follows from it. */
static struct bank_piece *count_item(struct bank_plan *plan)
{
	struct bank_piece *piece = bank_pieces_open(&plan->pieces);
	piece->items++;
	return piece;
}

static void text(struct bank_plan *plan, const char *name, const char *value)
{
	item_write_pair_text(&plan->pieces.commands, name, slice_text(value));
}

static void number(struct bank_plan *plan, const char *name, uint64_t value)
{
	item_write_pair_integer(&plan->pieces.commands, name, (int64_t)value);
}

static void amount(struct bank_plan *plan, const char *name, const struct unit *unit, int64_t steps)
{
	item_write_pair_amount(&plan->pieces.commands, name, unit, steps);
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

static const char *const under_way[] = {"instructed", "accepted", "awaiting payee", "unknown"};
enum { UNDER_WAY = sizeof under_way / sizeof under_way[0] };

/* Which of them it is; UNDER_WAY: none. */
static size_t find_under_way(const struct bank_ledger_payment *payment)
{
	size_t index = 0;
	while (index < UNDER_WAY && !is_state(payment, under_way[index]))
		index++;
	return index;
}

/* It was given up, as its rail had said that it never left, and another one was sent, or none: it may have left all the same. */
static bool is_given_up(const struct bank_ledger_payment *payment)
{
	return payment->ended && (is_state(payment, "rejected") || is_state(payment, "expired") ||
					 is_state(payment, "stopped") || is_state(payment, "cancelled"));
}

static bool is_under_way(const struct bank_ledger_payment *payment)
{
	return find_under_way(payment) < UNDER_WAY;
}

/* Whether the ledger has it for this custodian; one that it should have is a difference. */
static bool is_found(
	struct bank_plan *plan, const struct bank_item *item, const struct bank_ledger_payment *payment)
{
	if (item->payment_id[0] == '\0' || payment->found)
		return payment->found;
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

/*
 * What of lines and payments only all of the file says: a line's name comes once; a payment that is under way can be back
 * where this file says before that it was made, and is back once. Tags from SEEN_BACK on say where the ledger has it.
 */
enum seen_tag { SEEN_LINE, SEEN_PAID, SEEN_BACK_SETTLED, SEEN_BACK };
#define LINE_KIND    'L'
#define PAYMENT_KIND 'P'

static void see(struct bank_plan *plan, char kind, const char *name, size_t tag, uint64_t line)
{
	char key[BANK_ITEM_TEXT_SIZE + 1] = {kind};
	size_t size = strlen(name);
	memcpy(key + 1, name, size);
	enum recourse_error error = bank_seen_add(&plan->seen, slice_of(key, size + 1), (uint8_t)tag, line);
	if (error != RECOURSE_OK)
		plan->fault = error;
}

/* Which way its bank moves a payment: out, or back. What undoes its being back is for people. */
static bool is_of_payment(const struct bank_item *item)
{
	bool undoes = item->returned || item->reversal;
	return item->kind == BANK_ITEM_BOOKED && item->credit == undoes;
}

static void settle(struct bank_plan *plan, struct line *line, const struct bank_item *item,
	const struct bank_ledger_payment *payment)
{
	int64_t ordered;
	if (!fits(plan, item, payment, false, &ordered))
		return;
	see(plan, PAYMENT_KIND, item->payment_id, SEEN_PAID, item->line);
	line->named += item->steps;
	/* A line that is booked whole is of payments that were made; any other is of those that are under way. */
	bool open = is_under_way(payment) || is_given_up(payment);
	if (line->booked == open)
		wrong_state(plan, item, payment, "paid");
	if (line->booked || !open)
		return;
	struct item_map map = bank_pieces_begin(&plan->pieces, "payout.settle");
	text(plan, "claim", payment->claim);
	number(plan, "order", payment->order);
	text(plan, "bank_reference", line->reference);
	if (line->whole)
		text(plan, "day", item->day);
	bank_pieces_end(&plan->pieces, map);
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
	const struct bank_ledger_payment *payment)
{
	int64_t ordered;
	int64_t came = item->steps - kept(line);
	bool reason = text_is_id(slice_text(item->reason));
	if (!fits(plan, item, payment, true, &ordered))
		return;
	line->named += came;
	if (line->booked)
		return;
	bool paid = is_state(payment, "settled");
	if (!paid && !is_under_way(payment)) {
		wrong_state(plan, item, payment, "back");
		return;
	}
	see(plan, PAYMENT_KIND, item->payment_id,
		paid ? SEEN_BACK_SETTLED : SEEN_BACK + find_under_way(payment), item->line);
	struct item_map map = bank_pieces_begin(&plan->pieces, "payout.return");
	text(plan, "claim", payment->claim);
	number(plan, "order", payment->order);
	text(plan, "reason", reason ? item->reason : item->reversal ? "reversal" : "NARR");
	text(plan, "bank_reference", line->reference);
	if (came != ordered)
		amount(plan, "amount", &item->unit, came);
	bank_pieces_end(&plan->pieces, map);
	plan->returned++;
}

/* Charges of what came in are less of it; those beside what went out are the bank's own. */
static void charge(struct bank_plan *plan, struct line *line, const struct bank_item *item)
{
	if (line->credit || item->credit)
		return;
	line->named += item->steps;
	if (line->booked)
		return;
	struct item_map map = bank_pieces_begin(&plan->pieces, "bank.fee");
	amount(plan, "amount", &item->unit, item->steps);
	text(plan, "unit", plan->unit.code);
	text(plan, "bank_reference", line->reference);
	text(plan, "reason", "charges");
	bank_pieces_end(&plan->pieces, map);
	plan->fees++;
}

static void explain(struct bank_plan *plan, struct line *line, size_t index)
{
	const struct bank_item *item = &line->items[index];
	const struct bank_ledger_payment *payment = &line->payments[index];
	(void)count_item(plan);
	if (bank_pieces_done(&plan->pieces, 0))
		return;
	if (item->kind == BANK_ITEM_CHARGE) {
		charge(plan, line, item);
		return;
	}
	if (!is_of_payment(item) || item->credit != line->credit || !is_found(plan, item, payment))
		return;
	if (item->credit)
		take_back(plan, line, item, payment);
	else
		settle(plan, line, item, payment);
}

/* ---- a line ---- */

static const char *find_mistake(const struct line *line)
{
	const struct bank_item *first = &line->items[0];
	if (!text_is_id(slice_text(line->reference)))
		return "an entry without a reference (AcctSvcrRef) that can name its line";
	return first->day[0] == '\0' ? "an entry that is booked, and no day of it" : NULL;
}

static void say_line(struct bank_plan *plan, const struct line *line)
{
	struct item_map map = bank_pieces_begin(&plan->pieces, "bank.line");
	text(plan, "line", line->reference);
	amount(plan, "amount", &plan->unit, line->steps);
	text(plan, "unit", plan->unit.code);
	text(plan, "direction", line->credit ? "credit" : "debit");
	text(plan, "day", line->items[0].day);
	bank_pieces_end(&plan->pieces, map);
}

/* Most lines are: nothing is left of them for others, and nobody has named them. What is not as it was ordered is told by settle(). */
static bool is_whole(const struct line *line, const struct bank_ledger_line *known)
{
	const struct bank_item *item = &line->items[0];
	return line->count == 1 && !known->found && !item->credit && is_of_payment(item) &&
	       line->payments[0].found && is_under_way(&line->payments[0]);
}

static void state_line(struct bank_plan *plan, const struct line *line, struct bank_piece *piece)
{
	if (!line->whole)
		say_line(plan, line);
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

static bool look_at_line(struct bank_plan *plan, struct line *line, const struct bank_ledger_line *known)
{
	const char *mistake = find_mistake(line);
	if (mistake != NULL) {
		bank_problem_add(&plan->differences, line->at, "", RECOURSE_FIELD_FORMAT, "%s", mistake);
		return false;
	}
	see(plan, LINE_KIND, line->reference, SEEN_LINE, line->at);
	if (plan->fault == RECOURSE_OK && known->found) {
		compare_line(plan, line, known);
		plan->fault = bank_standing_add(&plan->standing, line->reference, line->at, known);
	}
	return plan->fault == RECOURSE_OK;
}

static void take_line(struct bank_plan *plan, const struct bank_page_part *part)
{
	struct line line = {.items = part->items, .payments = part->payments, .count = part->count};
	amount_sum net = 0;
	for (size_t index = 0; index < line.count; index++)
		net += line.items[index].credit ? line.items[index].steps
						: -(amount_sum)line.items[index].steps;
	line.at = line.items[0].line;
	line.reference = line.items[0].entry_reference;
	line.credit = net > 0;
	line.steps = (int64_t)(net < 0 ? -net : net);
	plan->unit = line.items[0].unit;
	struct bank_piece *piece = bank_pieces_open(&plan->pieces);
	line.done = bank_pieces_done(&plan->pieces, line.count);
	if (!look_at_line(plan, &line, part->line))
		return;
	line.whole = is_whole(&line, part->line);
	state_line(plan, &line, piece);
	for (size_t index = 0; index < line.count; index++)
		explain(plan, &line, index);
	if (line.named > line.steps)
		bank_problem_add(&plan->differences, line.at, "", RECOURSE_AMOUNT_RANGE,
			"what line %s is of is more than it: it has to be booked by hand", line.reference);
	plan->left += line.named < line.steps && !line.booked && !line.done;
}

/* ---- a status ---- */

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

static void report(
	struct bank_plan *plan, const struct bank_item *item, const struct bank_ledger_payment *payment)
{
	struct bank_piece *piece = count_item(plan);
	enum bank_status status = bank_ledger_status(plan->ledger, item);
	int64_t ordered;
	piece->lines += bank_item_is_word(plan->reading->kind);
	plan->lines += bank_item_is_word(plan->reading->kind);
	if (item->amount_known)
		plan->unit = item->unit;
	if (bank_pieces_done(&plan->pieces, 0))
		return;
	uint64_t before = plan->differences.count;
	if (!is_found(plan, item, payment)) {
		if (plan->differences.count == before)
			bank_problem_add(&plan->differences, item->line, "", RECOURSE_NOT_FOUND,
				"payment %s was never ordered", item->payment_id);
		return;
	}
	if (plan->unit.code[0] == '\0')
		(void)unit_currency(slice_text(payment->unit), &plan->unit);
	if ((item->amount_known && !fits(plan, item, payment, false, &ordered)) || is_known(payment, status))
		return;
	if (!is_under_way(payment)) {
		wrong_state(plan, item, payment, bank_status_name(status));
		return;
	}
	struct item_map map = bank_pieces_begin(&plan->pieces, "payout.report");
	text(plan, "claim", payment->claim);
	text(plan, "status", bank_status_name(status));
	number(plan, "order", payment->order);
	if (text_is_id(slice_text(item->reason)))
		text(plan, "code", item->reason);
	bank_pieces_end(&plan->pieces, map);
	plan->reported++;
}

/* ---- a page ---- */

static void take_asked(struct bank_plan *plan)
{
	struct bank_page_part part = {.items = NULL};
	uint64_t done = plan->pieces.done * BANK_PIECE_ITEMS;
	if (plan->fault == RECOURSE_OK)
		plan->fault = bank_page_answer(&plan->asked, plan->ledger, done);
	while (plan->fault == RECOURSE_OK && bank_page_next(&plan->asked, &part)) {
		if (part.items[0].kind == BANK_ITEM_STATUS)
			report(plan, part.items, part.payments);
		else
			take_line(plan, &part);
	}
	bank_page_clear(&plan->asked);
}

/* It is asked, and the one before it taken meanwhile. */
static void end_page(struct bank_plan *plan)
{
	if (plan->fault == RECOURSE_OK)
		plan->fault = bank_page_ask(&plan->page, plan->ledger, plan->pieces.done * BANK_PIECE_ITEMS);
	take_asked(plan);
	const struct bank_page taken = plan->asked;
	plan->asked = plan->page;
	plan->page = taken;
	plan->page.before = plan->asked.before + bank_page_count(&plan->asked);
}

static void end_pages(struct bank_plan *plan)
{
	end_page(plan);
	take_asked(plan);
}

/* ---- all of it ---- */

struct visit {
	struct bank_plan *plan;
	bool paid; /* what was said before of the payment that is visited */
	bool back;
};

static void visit_back(struct visit *visit, const struct bank_seen_text *seen)
{
	bool settled = seen->tag == SEEN_BACK_SETTLED;
	if (visit->back || !(visit->paid || settled))
		bank_problem_add(&visit->plan->differences, seen->line, "", RECOURSE_STATE_WRONG,
			"payment %.*s is %s in the file, and %s in the ledger", (int)seen->text.size - 1,
			(const char *)seen->text.data + 1, visit->back ? "back twice" : "back",
			settled ? "settled" : under_way[seen->tag - SEEN_BACK]);
	visit->back = true;
}

static void visit_seen(void *context, const struct bank_seen_text *seen)
{
	struct visit *visit = context;
	if (!seen->again)
		visit->paid = visit->back = false;
	if (seen->tag >= SEEN_BACK_SETTLED)
		visit_back(visit, seen);
	else if (seen->tag == SEEN_PAID)
		visit->paid = true;
	else if (seen->again)
		bank_problem_add(&visit->plan->differences, seen->line, "", RECOURSE_EXISTS,
			"line %.*s is the entry that ends on line %llu, too", (int)seen->text.size - 1,
			(const char *)seen->text.data + 1, (unsigned long long)seen->first);
}

void bank_plan_end(struct bank_plan *plan)
{
	struct visit visit = {.plan = plan};
	end_pages(plan);
	bank_pieces_close(&plan->pieces);
	if (plan->fault == RECOURSE_OK)
		plan->fault = plan->pieces.fault;
	if (plan->fault == RECOURSE_OK)
		plan->fault = bank_seen_visit(&plan->seen, visit_seen, &visit);
	bank_seen_free(&plan->seen);
}

/* ---- the visit ---- */

/* Said once, of the line that it is: what is behind that is not held. */
static void take_too_many(struct bank_plan *plan, const struct bank_item *item)
{
	if (plan->over != item->entry)
		bank_problem_add(&plan->differences, item->line, "", RECOURSE_FIELD_LIMIT,
			"an entry of more than %d transactions: ask the bank to book them in smaller ones",
			BANK_PAGE_LINE_MAX);
	plan->over = item->entry;
}

static void add_item(struct bank_plan *plan, const struct bank_item *item)
{
	if (plan->fault == RECOURSE_OK && bank_page_full(&plan->page, item))
		end_page(plan);
	if (plan->fault != RECOURSE_OK)
		return;
	if (item->kind == BANK_ITEM_GROUP)
		plan->groups++;
	else if (bank_page_over(&plan->page, item))
		take_too_many(plan, item);
	else if (item->kind != BANK_ITEM_PENDING)
		plan->fault = bank_page_add(&plan->page, item);
}

static void take_item(void *context, const struct bank_item *item)
{
	struct bank_plan *plan = context;
	if (!bank_reading_sound(plan->reading))
		return;
	if (plan->fault == RECOURSE_OK && plan->reading->kind == BANK_KIND_PAIN002)
		plan->fault = bank_unnamed_add(&plan->unnamed, item);
	add_item(plan, item);
}

static enum recourse_error add_unnamed(void *context, const struct bank_item *item)
{
	struct bank_plan *plan = context;
	add_item(plan, item);
	return plan->fault;
}

/* Where that is so of payments that it does not name, nothing is left that it says of all alone. */
static void take_unnamed(struct bank_plan *plan, const struct bank_statement *statement)
{
	uint64_t told = 0;
	if (plan->fault == RECOURSE_OK && plan->reading->kind == BANK_KIND_PAIN002)
		plan->fault = bank_unnamed_visit(&plan->unnamed, plan->ledger, statement, &plan->differences,
			add_unnamed, plan, &told);
	plan->told = told;
	plan->groups = told > 0 ? 0 : plan->groups;
}

static void take_statement(void *context, const struct bank_statement *statement)
{
	struct bank_plan *plan = context;
	if (!bank_reading_sound(plan->reading))
		return;
	end_pages(plan);
	take_unnamed(plan, statement);
	end_pages(plan);
	if (plan->fault == RECOURSE_OK)
		plan->fault = bank_standing_check(&plan->standing, statement, &plan->differences);
	if (plan->unit.code[0] == '\0')
		plan->unit = statement->unit;
	if (statement->page[0] != '\0')
		bank_problem_add(&plan->differences, statement->line, "", RECOURSE_NOT_PERMITTED,
			"page %s of a statement: ask the bank for all of it in one", statement->page);
	if (plan->account != NULL && !bank_item_is_word(plan->reading->kind) &&
		strcmp(statement->account, plan->account) != 0)
		bank_problem_add(&plan->differences, statement->line, "", RECOURSE_CUSTODIAN_WRONG,
			"it is of account '%s', and not of %s", statement->account, plan->account);
	if (plan->statements++ == 1)
		bank_problem_add(&plan->differences, statement->line, "", RECOURSE_NOT_PERMITTED,
			"a second statement: ask the bank for a file of each");
	plan->statement = *statement;
	plan->statement.unnamed -= plan->told;
}

struct bank_visit bank_plan_visit(struct bank_plan *plan)
{
	return (struct bank_visit){.item = take_item, .statement = take_statement, .context = plan};
}

void bank_plan_free(struct bank_plan *plan)
{
	bank_problem_free(&plan->differences);
	bank_pieces_free(&plan->pieces);
	bank_seen_free(&plan->seen);
	bank_standing_free(&plan->standing);
	bank_unnamed_free(&plan->unnamed);
	bank_page_free(&plan->page);
	bank_page_free(&plan->asked);
}
