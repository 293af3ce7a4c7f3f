/* SPDX-License-Identifier: Apache-2.0 */
#include "../tools/export/export_source.h"
#include "../tools/member.h"
#include "support.h"
#include "proof/tree.h"

#include <stdio.h>
#include <stdlib.h>

/*
 * K: what an export makes of a service that does not say the truth. The client is stood in for: its functions
 * are defined here, and answer from what a test has laid down.
 */
enum { ENTRIES = 5, PAGE = 2 };

static struct {
	struct buffer entries[ENTRIES];
	const char *debit; /* in the trial balance */
	const char *unit;  /* unit.get knows this one */
	int64_t digits;
	bool silent; /* answers with an empty map */
	int pages;   /* of the trial balance that are still to come */
	bool circle; /* the next page is always the same one */
} service;

static void write_page(int64_t from, int64_t limit, struct buffer *out)
{
	int64_t count = ENTRIES - from < limit ? ENTRIES - from : limit;
	item_write_map(out, 1);
	item_write_key(out, "entries");
	item_write_array(out, (uint64_t)count);
	for (int64_t index = 0; index < count; index++) {
		item_write_map(out, 2);
		item_write_key(out, "bytes");
		item_write_bytes(out, buffer_slice(&service.entries[from + index]));
		item_write_pair_integer(out, "entry", from + index);
	}
}

static void write_trial(struct buffer *out)
{
	char next[20];
	bool more = service.pages-- > 1;
	item_write_map(out, more ? 2 : 1);
	snprintf(next, sizeof next, "page-%d", service.circle ? 0 : service.pages);
	if (more)
		item_write_pair_text(out, "next", slice_text(next));
	item_write_key(out, "accounts");
	item_write_array(out, 1);
	struct item_map row = item_map_open(out);
	item_write_pair_integer(out, "code", 1010);
	item_write_pair_text(out, "party", slice_text("bank"));
	item_write_pair_text(out, "reference", slice_text(""));
	item_write_pair_text(out, "unit", slice_text("L"));
	item_write_pair_text(out, "debit", slice_text(service.debit));
	item_write_pair_text(out, "credit", slice_text("0.000"));
	item_map_close(row, out);
}

static int64_t integer_of(slice params, const char *name)
{
	int64_t integer;
	assert_true(member_integer(params, name, &integer));
	return integer;
}

enum recourse_error recourse_client_query(struct recourse_client *client, const char *method,
	struct recourse_slice params, struct recourse_bytes *result, struct recourse_refusal *refusal)
{
	struct buffer out = {0};
	if (service.silent) {
		item_write_map(&out, 0);
	} else if (strcmp(method, "entry.list") == 0) {
		int64_t from = integer_of(params, "from");
		if (from >= ENTRIES)
			return RECOURSE_QUERY_NOT_FOUND;
		write_page(from, integer_of(params, "limit"), &out);
	} else if (strcmp(method, "unit.get") == 0) {
		if (service.unit == NULL)
			return RECOURSE_QUERY_NOT_FOUND;
		item_write_map(&out, 2);
		item_write_pair_integer(&out, "digits", service.digits);
		item_write_pair_integer(&out, "step", 1);
	} else {
		assert_string_equal(method, "report.trial_balance");
		write_trial(&out);
	}
	*result = (struct recourse_bytes){out.data, out.size};
	return RECOURSE_OK;
}

enum recourse_error recourse_client_call(struct recourse_client *client, const char *method,
	struct recourse_slice params, struct recourse_bytes *result, struct recourse_refusal *refusal)
{
	struct buffer out = {0};
	assert_string_equal(method, "service.info");
	item_write_map(&out, 1);
	item_write_pair_integer(&out, "entries", service.silent ? -1 : ENTRIES);
	*result = (struct recourse_bytes){out.data, out.size};
	return RECOURSE_OK;
}

void recourse_bytes_free(struct recourse_bytes *bytes)
{
	free(bytes->data);
	*bytes = (struct recourse_bytes){0};
}

static void write_entry(
	uint64_t number, const struct crypto_hash *previous, int64_t steps, struct buffer *out)
{
	SCOPED(buffer_free) struct buffer approvals = {0};
	SCOPED(buffer_free) struct buffer body = {0};
	SCOPED(buffer_free) struct buffer postings = {0};
	struct entry_posting debit = {1010, slice_text("bank"), slice_text(""), slice_text("L"), steps};
	struct entry_posting credit = {2010, slice_text("M"), slice_text(""), slice_text("L"), -steps};
	item_write_array(&approvals, 0);
	item_write_map(&body, 1);
	item_write_pair_text(&body, "reason", slice_text("why"));
	item_write_array(&postings, 2);
	entry_encode_posting(&debit, &postings);
	entry_encode_posting(&credit, &postings);
	struct entry entry = {.number = number,
		.time = 1000 + number,
		.previous = *previous,
		.key = slice_text("example.com/a+01234567"),
		.approvals = buffer_slice(&approvals),
		.rule = slice_text("deposit.receive/1"),
		.kind = slice_text("deposit.receive"),
		.body = buffer_slice(&body),
		.postings = buffer_slice(&postings)};
	entry_encode(&entry, out);
}

/* A chain, in which entry `broken` does not name the one before it. */
static void lay(uint64_t broken, int64_t steps)
{
	struct crypto_hash leaf = {0};
	for (uint64_t number = 0; number < ENTRIES; number++) {
		if (number == broken)
			leaf.bytes[0] ^= 1;
		buffer_free(&service.entries[number]);
		write_entry(number, &leaf, steps, &service.entries[number]);
		tree_leaf(buffer_slice(&service.entries[number]), &leaf);
	}
	service.debit = "1.500";
	service.unit = "L";
	service.digits = 3;
	service.silent = false;
}

/* Reads from there to the end or the first error, which comes with how many were read. */
static enum recourse_error read_from(uint64_t number, size_t *count)
{
	SCOPED(export_source_close) struct export_source source = {0};
	struct export_entry entry;
	*count = 0;
	entry_pages_seek(&source.pages, number, PAGE);
	enum recourse_error error = export_source_next(&source, &entry);
	while (error == RECOURSE_OK) {
		assert_int_equal(entry.number, number + *count);
		assert_int_equal(entry.time, 1000 + entry.number);
		assert_int_equal(entry.count, 2);
		assert_int_equal(entry.lines[0].unit.digits, 3);
		assert_true(slice_is(entry.reason, "why"));
		++*count;
		error = export_source_next(&source, &entry);
	}
	return error;
}

static void test_chain(void **state)
{
	size_t count;
	for (uint64_t from = 0; from < ENTRIES; from++) {
		lay(ENTRIES, 7);
		assert_error(read_from(from, &count), RECOURSE_QUERY_NOT_FOUND);
		assert_int_equal(count, ENTRIES - from);
		for (uint64_t broken = 0; broken < ENTRIES; broken++) {
			lay(broken, 7);
			bool seen = from == 0 || broken > from;
			assert_error(read_from(from, &count),
				seen ? RECOURSE_PROOF_WRONG : RECOURSE_QUERY_NOT_FOUND);
			assert_int_equal(count, seen && broken >= from ? broken - from : ENTRIES - from);
		}
	}
}

static void test_another_entry(void **state)
{
	struct buffer kept;
	size_t count;
	lay(ENTRIES, 7);
	kept = service.entries[2];
	service.entries[2] = service.entries[3];
	assert_error(read_from(2, &count), RECOURSE_PROOF_WRONG);
	service.entries[2] = kept;
	service.entries[3].size = 0;
	assert_error(read_from(0, &count), RECOURSE_STORE_CORRUPT);
	assert_int_equal(count, 3);
}

static void test_nonsense(void **state)
{
	SCOPED(export_source_close) struct export_source source = {0};
	uint64_t entries;
	size_t count;
	lay(ENTRIES, INT64_MAX);
	assert_error(read_from(0, &count), RECOURSE_QUERY_NOT_FOUND);
	lay(ENTRIES, 7);
	service.unit = NULL;
	assert_error(read_from(0, &count), RECOURSE_STORE_CORRUPT);
	lay(ENTRIES, 7);
	service.digits = 40;
	assert_error(read_from(0, &count), RECOURSE_MALFORMED);
	lay(ENTRIES, 7);
	assert_ok(entry_pages_count(&source.pages, &entries));
	assert_int_equal(entries, ENTRIES);
	service.silent = true;
	assert_error(read_from(0, &count), RECOURSE_MALFORMED);
	assert_error(entry_pages_count(&source.pages, &entries), RECOURSE_MALFORMED);
}

static void balances_are(enum recourse_error expected, const char *debit, int64_t steps)
{
	SCOPED(export_source_close) struct export_source source = {0};
	SCOPED(export_source_free) struct export_balances balances = {0};
	size_t count;
	lay(ENTRIES, 7);
	service.debit = debit;
	service.silent = debit == NULL;
	assert_error(export_source_balances(&source, 4, true, &balances), expected);
	const struct export_line *lines = export_source_lines(&balances, &count);
	if (expected == RECOURSE_OK) {
		assert_int_equal(count, 1);
		assert_int_equal(lines[0].steps, steps);
		assert_true(slice_is(lines[0].party, "bank"));
	}
}

/* All pages are read, each once; a service that sends in circles is found out. */
static void test_balances_in_pages(void **state)
{
	for (int pages = 1; pages <= 4; pages++) {
		SCOPED(export_source_close) struct export_source source = {0};
		SCOPED(export_source_free) struct export_balances balances = {0};
		size_t count;
		lay(ENTRIES, 7);
		service.pages = pages;
		assert_ok(export_source_balances(&source, 4, true, &balances));
		assert_int_equal(service.pages, 0);
		const struct export_line *lines = export_source_lines(&balances, &count);
		assert_int_equal(count, pages);
		for (size_t index = 0; index < count; index++)
			assert_true(lines[index].steps == 1500 && slice_is(lines[index].party, "bank"));
		service.pages = 100;
		service.circle = true;
		assert_error(export_source_balances(&source, 4, true, &balances), RECOURSE_MALFORMED);
		service.pages = 0;
		service.circle = false;
	}
}

static void test_balances(void **state)
{
	balances_are(RECOURSE_OK, "1.500", 1500);
	balances_are(RECOURSE_AMOUNT_DIGITS, "1.50", 0);
	balances_are(RECOURSE_FIELD_FORMAT, "1.500 = 2", 0);
	balances_are(RECOURSE_MALFORMED, "-1.500", 0);
	balances_are(RECOURSE_MALFORMED, NULL, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_chain),
		cmocka_unit_test(test_another_entry),
		cmocka_unit_test(test_nonsense),
		cmocka_unit_test(test_balances),
		cmocka_unit_test(test_balances_in_pages),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	for (size_t index = 0; index < ENTRIES; index++)
		buffer_free(&service.entries[index]);
	return failed;
}
