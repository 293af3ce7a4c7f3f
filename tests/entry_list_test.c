/* SPDX-License-Identifier: Apache-2.0 */
#include "kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The bytes of each row of a page of entry.list, against entry.get; returns what comes next, 0 at the end. */
static uint64_t check_page(struct kit *kit, uint64_t from, uint64_t limit)
{
	char params[60];
	SCOPED(support_free) char *page = NULL;
	uint64_t count = 0;
	snprintf(params, sizeof params, "{\"from\":%llu,\"limit\":%llu}", (unsigned long long)from,
		(unsigned long long)limit);
	assert_ok(kit_query(kit, "auditor", "entry.list", params, &page));
	for (const char *row = strstr(page, "\"bytes\":\""); row != NULL;
		row = strstr(row + 1, "\"bytes\":\"")) {
		SCOPED(support_free) char *single = NULL;
		snprintf(params, sizeof params, "{\"entry\":%llu}", (unsigned long long)(from + count++));
		assert_ok(kit_query(kit, "auditor", "entry.get", params, &single));
		const char *bytes = strstr(single, "\"bytes\":\"");
		assert_non_null(bytes);
		assert_memory_equal(row, bytes, strcspn(bytes, "}"));
	}
	const char *next = strstr(page, "\"next\":");
	uint64_t number = next == NULL ? 0 : strtoull(next + strlen("\"next\":"), NULL, 10);
	assert_true(count > 0 && count <= limit);
	assert_true(next == NULL ? from + count == kit->last_entry + 1 : number == from + count);
	return number;
}

/* K: the entries page by page are all entries, by their exact bytes. */
static void test_entry_list(void **state)
{
	struct kit *kit = *state;
	for (uint64_t limit = 1; limit < 5; limit++) {
		uint64_t from = 0;
		do
			from = check_page(kit, from, limit);
		while (from != 0);
	}
	assert_int_equal(check_page(kit, 0, 500), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KIT_TEST(test_entry_list),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
