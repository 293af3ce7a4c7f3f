/* SPDX-License-Identifier: Apache-2.0 */
#include "../tools/bank/bank_seen.h"
#include "support.h"

#include <stdio.h>
#include <stdlib.h>

/*
 * Texts of more parts than one, in an order that is none, each once, twice or thrice; each as often as it was added, in the
 * order of texts, and the first of them is told.
 */
enum { DIFFERENT = 100003, TIMES = 3 };

static bool comes_at(uint64_t text, unsigned time)
{
	return text % (time + 1) == 0;
}

static size_t write_text(uint64_t text, char out[static 64])
{
	return (size_t)snprintf(
		out, 64, "%s%06llu", text % 2 == 0 ? "0000000000-" : "B", (unsigned long long)text);
}

struct visited {
	uint64_t count;
	uint64_t again;
	uint8_t tag; /* of the one before */
	char before[64];
};

static void visit(void *context, const struct bank_seen_text *seen)
{
	struct visited *visited = context;
	char text[64];
	snprintf(text, sizeof text, "%.*s", SLICE_ARGUMENTS(seen->text));
	uint64_t number = strtoull(text + (text[0] == 'B' ? 1 : 11), NULL, 10);
	int order = strcmp(visited->before, text);
	assert_true(order <= 0);
	assert_int_equal(seen->again, order == 0);
	assert_int_equal(seen->first, number + 1);
	assert_int_equal(seen->line, seen->tag * DIFFERENT + number + 1);
	assert_true(comes_at(number, seen->tag));
	assert_true(!seen->again || seen->tag > visited->tag);
	visited->count++;
	visited->again += seen->again;
	visited->tag = seen->tag;
	memcpy(visited->before, text, sizeof text);
}

static void test_parts(void **state)
{
	(void)state;
	SCOPED(bank_seen_free) struct bank_seen seen = {.ends = {0}};
	struct visited visited = {.count = 0};
	char text[64];
	uint64_t added = 0;
	for (unsigned time = 0; time < TIMES; time++) {
		for (uint64_t step = 0; step < DIFFERENT; step++) {
			uint64_t number = step * 7919 % DIFFERENT;
			if (!comes_at(number, time))
				continue;
			size_t size = write_text(number, text);
			assert_ok(bank_seen_add(
				&seen, slice_of(text, size), (uint8_t)time, time * DIFFERENT + number + 1));
			added++;
		}
	}
	assert_true(added > 2 * BANK_SEEN_PART);
	assert_true(seen.parts.is_open);
	assert_ok(bank_seen_visit(&seen, visit, &visited));
	assert_int_equal(visited.count, added);
	assert_int_equal(visited.again, added - DIFFERENT);
}

static void refuse_any(void *context, const struct bank_seen_text *seen)
{
	(void)context;
	(void)seen;
	fail();
}

/* What is short stays in memory; of nothing nothing is told. */
static void test_short(void **state)
{
	(void)state;
	SCOPED(bank_seen_free) struct bank_seen none = {.ends = {0}};
	SCOPED(bank_seen_free) struct bank_seen seen = {.ends = {0}};
	struct visited visited = {.count = 0};
	assert_ok(bank_seen_visit(&none, refuse_any, NULL));
	assert_ok(bank_seen_add(&seen, slice_text("B000005"), 0, 6));
	assert_ok(bank_seen_add(&seen, slice_text("0000000000-000004"), 0, 5));
	assert_ok(bank_seen_visit(&seen, visit, &visited));
	assert_int_equal(visited.count, 2);
	assert_false(seen.parts.is_open);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_short),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
