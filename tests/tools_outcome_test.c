/* SPDX-License-Identifier: Apache-2.0 */
#include "../tools/outcome.h"
#include "recourse_client.h"
#include "support.h"

static enum recourse_error count_result(void *context, const struct outcome_result *result)
{
	uint64_t *codes = context;
	if (result->refused) {
		codes[0] = codes[0] * 1000 + (uint64_t)result->refusal.error;
		codes[1] = result->index;
		assert_string_equal(result->refusal.field, "hold");
	} else {
		codes[2] = result->entry;
		assert_true(
			result->review_due.size == 0 || slice_is(result->review_due, "2016-05-07T00:00:00Z"));
		codes[3] += result->review_due.size > 0;
		assert_true(result->repeated == 0 || result->repeated == 7);
		codes[3] += result->repeated > 0 ? 10 : 0;
	}
	return RECOURSE_OK;
}

static void read_reply(const char *json, uint64_t codes[static 4])
{
	SCOPED(recourse_bytes_free) struct recourse_bytes item = {0};
	struct recourse_refusal refusal;
	struct outcome outcome;
	assert_ok(recourse_item_from_json(slice_text(json), &item, &refusal));
	assert_ok(outcome_read(slice_of(item.data, item.size), &outcome));
	assert_int_equal(outcome.accepted, 1);
	assert_ok(outcome_each(&outcome, count_result, codes));
}

static void refusals_are_read_in_both_forms(void **state)
{
	uint64_t nested[4] = {0};
	uint64_t flat[4] = {0};
	read_reply("{\"accepted\":1,\"request\":3,\"new\":[],\"results\":[{\"entry\":9,\"balances\":[]},"
		   "{\"error\":{\"code\":208,\"name\":\"INSUFFICIENT\",\"field\":\"hold\",\"entry\":4}}]}",
		nested);
	assert_true(nested[0] == 208 && nested[1] == 1 && nested[2] == 9);
	read_reply("{\"accepted\":1,\"results\":[{\"index\":7,\"error\":205,\"field\":\"hold\"}]}", flat);
	assert_true(flat[0] == 205 && flat[1] == 7);
	assert_true(nested[3] == 0 && flat[3] == 0);
	/* H6: what was carried out without all approvals */
	read_reply("{\"accepted\":1,\"results\":[{\"entry\":9,\"review_due\":\"2016-05-07T00:00:00Z\","
		   "\"balances\":[]}]}",
		flat);
	assert_true(flat[2] == 9 && flat[3] == 1);
	/* D8: a claim that repeats another one */
	read_reply("{\"accepted\":1,\"results\":[{\"entry\":9,\"linked_to\":7,\"balances\":[]}]}", flat);
	assert_true(flat[2] == 9 && flat[3] == 11);
}

static void what_is_no_reply_is_malformed(void **state)
{
	struct outcome outcome;
	assert_error(outcome_read(slice_of("\x01", 1), &outcome), RECOURSE_MALFORMED);
	assert_error(outcome_read(slice_of("\xa1\x68"
					   "accepted\x20",
					  11),
			     &outcome),
		RECOURSE_MALFORMED);
	outcome = (struct outcome){.results = slice_of("\x01", 1)};
	assert_error(outcome_each(&outcome, count_result, NULL), RECOURSE_MALFORMED);
	outcome = (struct outcome){.results = slice_of("\x81\x01", 2)};
	assert_error(outcome_each(&outcome, count_result, NULL), RECOURSE_MALFORMED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refusals_are_read_in_both_forms),
		cmocka_unit_test(what_is_no_reply_is_malformed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
