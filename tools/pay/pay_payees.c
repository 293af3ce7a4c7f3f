/* SPDX-License-Identifier: Apache-2.0 */
#include "pay/pay_payees.h"

#include "base/text.h"
#include "base/try.h"
#include "output.h"
#include "pay/pay_limit.h"
#include "pay/payee_mark.h"
#include "rows.h"

#include <inttypes.h>
#include <stdlib.h>

enum { PAYEE, NAME, ACCOUNT, BANK, HEADINGS };
static const char *const headings[HEADINGS] = {"payee", "name", "account", "bank"};

struct match {
	struct pay_batch *batch;
	const struct pay_form *form;
	const uint8_t *key;
	const char *path;
	struct buffer sorted;    /* of struct pay_order *, by payee */
	size_t places[HEADINGS]; /* of each in a row */
	size_t cells;            /* that a row has */
	uint64_t faults;
};

static void fault(struct match *match, uint64_t line, enum recourse_error error, const char *why)
{
	output_problem("%s, line %" PRIu64 ": %s [%s]", match->path, line, why, recourse_error_name(error));
	match->faults++;
}

static int by_payee(const void *a, const void *b)
{
	const struct pay_order *one = *(struct pay_order *const *)a;
	const struct pay_order *other = *(struct pay_order *const *)b;
	int order = slice_compare(one->payee, other->payee);
	return order != 0 ? order : (one->number > other->number) - (one->number < other->number);
}

static enum recourse_error sort_orders(struct match *match)
{
	size_t count = pay_batch_count(match->batch);
	for (size_t index = 0; index < count; index++) {
		struct pay_order *order = &pay_batch_orders(match->batch)[index];
		buffer_append(&match->sorted, &order, sizeof order);
	}
	if (buffer_failed(&match->sorted))
		return RECOURSE_MEMORY;
	if (count > 0)
		qsort(match->sorted.data, count, sizeof(struct pay_order *), by_payee);
	return RECOURSE_OK;
}

/* The first payment to that payee, and how many there are. */
static struct pay_order **find_orders(const struct match *match, slice payee, size_t *count)
{
	struct pay_order **orders = (struct pay_order **)(void *)match->sorted.data;
	size_t all = match->sorted.size / sizeof *orders;
	size_t low = 0;
	size_t high = all;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (slice_compare(orders[middle]->payee, payee) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*count = 0;
	while (low + *count < all && slice_equal(orders[low + *count]->payee, payee))
		++*count;
	return orders + low;
}

static bool take_headings(struct match *match, const struct rows_row *row)
{
	for (size_t heading = 0; heading < HEADINGS; heading++)
		match->places[heading] = row->cell_count;
	match->cells = row->cell_count;
	for (size_t cell = 0; cell < row->cell_count; cell++) {
		size_t heading = 0;
		while (heading < HEADINGS && !slice_is(row->cells[cell], headings[heading]))
			heading++;
		if (heading < HEADINGS && match->places[heading] == row->cell_count) {
			match->places[heading] = cell;
			continue;
		}
		fault(match, row->line,
			heading < HEADINGS ? RECOURSE_FIELD_DUPLICATE : RECOURSE_FIELD_UNKNOWN,
			"the headings are payee, name, account and bank, each once");
		return false;
	}
	if (match->places[PAYEE] < match->cells && match->places[NAME] < match->cells &&
		match->places[ACCOUNT] < match->cells)
		return true;
	fault(match, row->line, RECOURSE_FIELD_MISSING,
		"the first row has the headings payee, name, account and, for a bank, bank");
	return false;
}

static bool ends_with(slice text, const char *end)
{
	size_t size = strlen(end);
	return text.size >= size && slice_is(slice_from(text, text.size - size), end);
}

/* Without the blanks around it, also full-width ones. */
static slice cell_of(const struct match *match, const struct rows_row *row, int heading)
{
	static const char wide[] = "\u3000";
	size_t place = match->places[heading];
	slice text = place < match->cells ? row->cells[place] : slice_of(NULL, 0);
	while (slice_take(&text, " ") || slice_take(&text, wide))
		continue;
	while (ends_with(text, " ") || ends_with(text, wide))
		text.size -= ends_with(text, " ") ? 1 : sizeof wide - 1;
	return text;
}

/* The account in the form that the file will have, and what stands for it. */
static enum recourse_error take_account(struct match *match, uint64_t line, slice account, slice *taken,
	uint8_t mark[static CRYPTO_HASH_SIZE])
{
	SCOPED(buffer_free) struct buffer plain = {.secret = true};
	const char *why = payee_mark_plain(account, &plain);
	if (buffer_failed(&plain))
		return RECOURSE_MEMORY;
	if (why != NULL) {
		fault(match, line, RECOURSE_FIELD_FORMAT, why);
		return RECOURSE_FIELD_FORMAT;
	}
	payee_mark(match->key, buffer_slice(&plain), mark);
	return arena_copy(
		&match->batch->arena, match->form->limits->wallet ? account : buffer_slice(&plain), taken);
}

static void take_payment(struct match *match, struct pay_order *order, const struct pay_order *payee)
{
	order->line = payee->line;
	order->name = payee->name;
	order->account = payee->account;
	order->bank = payee->bank;
	if (memcmp(order->mark, payee->mark, sizeof order->mark) != 0)
		fault(match, payee->line, RECOURSE_NOT_PERMITTED,
			"the account is not the one that the payment was ordered to");
	for (size_t index = 0; pay_limit_rules[index].broken != NULL; index++) {
		const struct pay_limit_rule *rule = &pay_limit_rules[index];
		if (rule->broken(match->form, &match->batch->unit, order))
			fault(match, payee->line, rule->error, rule->why);
	}
}

static enum recourse_error take_row(struct match *match, const struct rows_row *row)
{
	struct pay_order payee = {.line = row->line};
	size_t count;
	if (row->error != RECOURSE_OK) {
		fault(match, row->line, row->error, row->reason);
		return RECOURSE_OK;
	}
	if (row->cell_count != match->cells) {
		fault(match, row->line, RECOURSE_FIELD_MISSING,
			"it has another number of cells than the headings");
		return RECOURSE_OK;
	}
	struct pay_order **orders = find_orders(match, cell_of(match, row, PAYEE), &count);
	if (count == 0)
		return RECOURSE_OK;
	if (orders[0]->line != 0) {
		fault(match, row->line, RECOURSE_EXISTS, "this payee is there already, on a line before");
		return RECOURSE_OK;
	}
	for (size_t index = 0; index < count; index++)
		orders[index]->line = row->line;
	enum recourse_error error =
		take_account(match, row->line, cell_of(match, row, ACCOUNT), &payee.account, payee.mark);
	if (error == RECOURSE_FIELD_FORMAT)
		return RECOURSE_OK;
	if (error == RECOURSE_OK)
		error = arena_copy(&match->batch->arena, cell_of(match, row, NAME), &payee.name);
	if (error == RECOURSE_OK)
		error = arena_copy(&match->batch->arena, cell_of(match, row, BANK), &payee.bank);
	for (size_t index = 0; error == RECOURSE_OK && index < count; index++)
		take_payment(match, orders[index], &payee);
	return error;
}

static void find_missing(struct match *match)
{
	for (size_t index = 0; index < pay_batch_count(match->batch); index++) {
		const struct pay_order *order = &pay_batch_orders(match->batch)[index];
		if (order->line != 0)
			continue;
		output_problem(
			"%s: payee %.*s is not there, to whom payment %.*s of claim %.*s goes [NOT_FOUND]",
			match->path, SLICE_ARGUMENTS(order->payee), SLICE_ARGUMENTS(order->payment_id),
			SLICE_ARGUMENTS(order->claim));
		match->faults++;
	}
}

static enum recourse_error take_rows(struct match *match, slice data)
{
	struct rows rows = {0};
	struct rows_row row;
	bool sound = true;
	enum recourse_error error = rows_start(&rows, data);
	if (error == RECOURSE_OK && !rows_next(&rows, &row)) {
		row = (struct rows_row){.line = 1};
		sound = take_headings(match, &row);
	} else if (error == RECOURSE_OK)
		sound = take_headings(match, &row);
	while (error == RECOURSE_OK && sound && rows_next(&rows, &row))
		error = take_row(match, &row);
	if (rows_failed(&rows))
		error = RECOURSE_MEMORY;
	rows_free(&rows);
	if (error == RECOURSE_OK && sound)
		find_missing(match);
	return error;
}

enum exit_code pay_payees_match(struct pay_batch *batch, const struct pay_form *form,
	const uint8_t key[static CRYPTO_MARK_KEY_SIZE], const char *path, slice data)
{
	struct match match = {.batch = batch, .form = form, .key = key, .path = path};
	enum recourse_error error = sort_orders(&match);
	if (error == RECOURSE_OK)
		error = take_rows(&match, data);
	buffer_free(&match.sorted);
	if (error != RECOURSE_OK)
		return output_error(error, NULL, path);
	if (match.faults == 0)
		return EXIT_CODE_OK;
	output_next("%" PRIu64 " faults; no file was written", match.faults);
	return EXIT_CODE_DATA;
}
