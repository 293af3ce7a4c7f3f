/* SPDX-License-Identifier: Apache-2.0 */
#include "base/refusal.h"

#include "support.h"

#include <stdio.h>

/* Words of refusals: kept as a number and figures, made again when they are shown. */

static uint32_t number_of(const char *wording)
{
	uint32_t number = allowed_number(wording);
	assert_int_not_equal(number, 0);
	return number;
}

static void there_and_back(uint32_t number, const char *text, const char *expected)
{
	char figures[ALLOWED_FIGURES_SIZE];
	char again[128];
	assert_true(allowed_figures(number, text, figures));
	assert_string_equal(figures, expected);
	assert_true(allowed_text(number, slice_text(figures), again, sizeof again));
	assert_string_equal(again, text);
}

static void test_figures(void **state)
{
	there_and_back(number_of("above zero"), "above zero", "");
	there_and_back(number_of("%llu"), "17", "17");
	there_and_back(number_of("at most %d hours ahead"), "at most 24 hours ahead", "24");
	there_and_back(
		number_of("%.*s/ and a name without a slash"), "a/b/ and a name without a slash", "a/b");
	there_and_back(number_of("a decimal with exactly %d digits behind the point, step %u, in %s"),
		"a decimal with exactly 2 digits behind the point, step 1, in CNY", "2|1|CNY");
	there_and_back(number_of("until %s"), "until 2016-05-04T00:00:00Z", "2016-05-04T00:00:00Z");
}

/* What was not made by the wording is not taken for it. */
static void test_strangers(void **state)
{
	char figures[ALLOWED_FIGURES_SIZE];
	char text[16];
	char longer[ALLOWED_FIGURES_SIZE + 20];
	assert_int_equal(allowed_number("a wording that there is not"), 0);
	assert_int_equal(allowed_number(""), 0);
	assert_int_equal(allowed_number(NULL), 0);
	assert_false(allowed_figures(number_of("above zero"), "above one", figures));
	assert_false(allowed_figures(number_of("above zero"), "above zero.", figures));
	assert_false(allowed_figures(number_of("above zero"), "above", figures));
	assert_false(allowed_figures(number_of("at most %d hours ahead"), "at most 24 hours", figures));
	assert_false(allowed_figures(number_of("until %s"), "until a|b", figures));
	snprintf(longer, sizeof longer, "until %0*d", ALLOWED_FIGURES_SIZE, 0);
	assert_false(allowed_figures(number_of("until %s"), longer, figures));
	assert_false(allowed_text(0, slice_text(""), text, sizeof text));
	assert_false(allowed_text(100000, slice_text(""), text, sizeof text));
	assert_false(allowed_text(number_of("above zero"), slice_text("17"), text, sizeof text));
	assert_false(allowed_text(number_of("%llu"), slice_text("17|18"), text, sizeof text));
	/* no room: cut off, and ended */
	assert_true(allowed_text(
		number_of("at most %d hours ahead"), slice_text("12345678901"), text, sizeof text));
	assert_string_equal(text, "at most 1234567");
}

static struct recourse_refusal read_back(const struct buffer *bytes, enum recourse_error expected)
{
	slice reader = buffer_slice(bytes);
	struct recourse_refusal read;
	assert_error(refusal_decode(&reader, &read), expected);
	return read;
}

/* A record has the number; its reader makes the words. For people the words are written, and read as they are. */
static void test_records(void **state)
{
	struct recourse_refusal refusal;
	SCOPED(buffer_free) struct buffer record = {0};
	SCOPED(buffer_free) struct buffer shown = {0};
	refusal_clear(&refusal);
	(void)refusal_limit(&refusal, RECOURSE_FIELD_LIMIT, "item", "%d items", 32);
	refusal_encode(&refusal, &record);
	refusal_show(&refusal, &shown);
	assert_null(memmem(record.data, record.size, "items", 5));
	assert_non_null(memmem(shown.data, shown.size, "32 items", 8));
	assert_string_equal(read_back(&record, RECOURSE_OK).limit, "32 items");
	assert_string_equal(read_back(&shown, RECOURSE_OK).limit, "32 items");
	/* words without a number are kept as they are */
	buffer_clear(&record);
	(void)refusal_field(&refusal, RECOURSE_FIELD_LIMIT, "item", "words of a test");
	refusal_encode(&refusal, &record);
	assert_string_equal(read_back(&record, RECOURSE_OK).limit, "words of a test");
	/* a number that there is not */
	buffer_clear(&record);
	struct item_map map = item_map_open(&record);
	item_write_pair_integer(&record, "error", RECOURSE_FIELD_LIMIT);
	item_write_pair_integer(&record, "allowed", 100000);
	item_map_close(map, &record);
	(void)read_back(&record, RECOURSE_STORE_CORRUPT);
	/* figures of no number */
	buffer_clear(&record);
	map = item_map_open(&record);
	item_write_pair_integer(&record, "error", RECOURSE_FIELD_LIMIT);
	item_write_pair_text(&record, "figures", slice_text("7"));
	item_map_close(map, &record);
	(void)read_back(&record, RECOURSE_STORE_CORRUPT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_figures),
		cmocka_unit_test(test_strangers),
		cmocka_unit_test(test_records),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
