/* SPDX-License-Identifier: Apache-2.0 */
#include "demo/demo_postings.h"

#include "base/amount.h"
#include "books/chart.h"
#include "member.h"
#include "output.h"
#include "result.h"

#include <inttypes.h>

enum {
	POSTINGS_MAX = 64,
	ACCOUNT_WIDTH = 36,
	AMOUNT_WIDTH = 16,
};

struct posting {
	char account[64];
	enum chart_book book;
	struct unit unit;
	int64_t steps; /* debit positive; what is not shown yet */
};

void demo_postings_heading(void)
{
	printf("    %-*s  %-*s  %*s\n", ACCOUNT_WIDTH, "debit", ACCOUNT_WIDTH, "credit", AMOUNT_WIDTH,
		"amount");
}

/* The golden case counts litres; an entry tells their steps, not their digits. */
static bool read_amount(slice row, struct posting *posting)
{
	slice code;
	slice amount;
	if (!member_text(row, "unit", &code))
		return false;
	if (member_integer(row, "steps", &posting->steps))
		return unit_define(code, 3, 1, &posting->unit) == RECOURSE_OK;
	return member_text(row, "amount", &amount) && unit_currency(code, &posting->unit) == RECOURSE_OK &&
	       amount_parse(&posting->unit, amount, &posting->steps) == RECOURSE_OK;
}

static bool read_posting(slice row, struct posting *posting)
{
	int64_t code;
	slice name;
	slice party;
	if (!member_integer(row, "code", &code) || !member_text(row, "account", &name) ||
		!member_text(row, "party", &party))
		return false;
	const struct chart_row *chart = chart_find(code);
	if (chart == NULL || !read_amount(row, posting))
		return false;
	posting->book = chart->book;
	snprintf(posting->account, sizeof posting->account, "%" PRId64 " %.*s%s%.*s", code,
		SLICE_ARGUMENTS(name), party.size > 0 ? " " : "", SLICE_ARGUMENTS(party));
	return true;
}

static bool read_postings(slice described, struct posting *postings, size_t *count)
{
	slice reader;
	struct item head;
	if (!member_list(described, "postings", &reader, &head) || head.count > POSTINGS_MAX)
		return false;
	for (*count = 0; *count < head.count; ++*count) {
		slice row;
		if (item_read_whole(&reader, &row) != RECOURSE_OK || !read_posting(row, &postings[*count]))
			return false;
	}
	return true;
}

static void show_line(const struct posting *debit, const struct posting *credit, int64_t steps)
{
	char text[AMOUNT_TEXT_SIZE];
	struct buffer grouped = {0};
	amount_format(&debit->unit, steps, text);
	output_grouped(slice_text(text), &grouped);
	buffer_append(&grouped, "", 1);
	printf("    %-*s  %-*s  %*s %s\n", ACCOUNT_WIDTH, debit->account, ACCOUNT_WIDTH, credit->account,
		AMOUNT_WIDTH, buffer_failed(&grouped) ? text : (const char *)grouped.data, debit->unit.code);
	buffer_free(&grouped);
}

/* What is left of a debit against what is left of a credit. */
static void set_against(struct posting *debit, struct posting *credit)
{
	bool fits = debit->steps > 0 && credit->steps < 0 && debit->book == credit->book &&
		    unit_same(&debit->unit, &credit->unit);
	if (!fits)
		return;
	int64_t steps = debit->steps < -credit->steps ? debit->steps : -credit->steps;
	show_line(debit, credit, steps);
	debit->steps -= steps;
	credit->steps += steps;
}

static bool show_postings(struct posting *postings, size_t count)
{
	for (size_t debit = 0; debit < count; debit++) {
		for (size_t credit = 0; credit < count; credit++)
			set_against(&postings[debit], &postings[credit]);
	}
	for (size_t index = 0; index < count; index++) {
		if (postings[index].steps != 0)
			return false;
	}
	return true;
}

static bool show_described(slice described)
{
	struct posting postings[POSTINGS_MAX];
	size_t count;
	return read_postings(described, postings, &count) && show_postings(postings, count);
}

bool demo_postings_show(struct demo_stage *stage, uint64_t entry)
{
	char params[64];
	struct recourse_bytes result = {0};
	struct recourse_bytes described = {0};
	struct buffer bytes = {0};
	snprintf(params, sizeof params, "{\"entry\":%" PRIu64 "}", entry);
	bool good = demo_stage_query(stage, "auditor", "entry.get", params, &result);
	if (good && (!result_bytes(slice_of(result.data, result.size), "bytes", &bytes) ||
			    recourse_entry_describe(buffer_slice(&bytes), &described) != RECOURSE_OK ||
			    !show_described(slice_of(described.data, described.size)))) {
		output_problem("entry %" PRIu64 " can not be understood or does not balance", entry);
		good = false;
	}
	recourse_bytes_free(&described);
	recourse_bytes_free(&result);
	buffer_free(&bytes);
	return good;
}
