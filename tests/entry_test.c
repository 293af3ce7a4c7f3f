/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "entry/entry.h"
#include "support.h"
#include "base/text.h"
#include "base/transcode.h"

/* J1: an entry is its bytes. What decodes, encodes to the same; anything else is refused. */

static const struct entry_posting sample_postings[] = {
	{1010, {(const uint8_t *)"bank", 4}, {NULL, 0}, {(const uint8_t *)"CNY", 3}, 300000},
	{2010, {(const uint8_t *)"M", 1}, {(const uint8_t *)"", 0}, {(const uint8_t *)"CNY", 3}, -300000},
	{8010, {(const uint8_t *)"Y", 1}, {(const uint8_t *)"i", 1}, {(const uint8_t *)"L", 1}, INT64_MIN},
};
enum { POSTINGS = sizeof sample_postings / sizeof sample_postings[0] };

struct sample {
	struct buffer body;
	struct buffer postings;
	struct buffer approvals;
	struct buffer bytes;
	struct entry entry;
};

static void encode(struct sample *sample)
{
	sample->entry.body = buffer_slice(&sample->body);
	sample->entry.postings = buffer_slice(&sample->postings);
	sample->entry.approvals = buffer_slice(&sample->approvals);
	buffer_clear(&sample->bytes);
	entry_encode(&sample->entry, &sample->bytes);
	assert_false(buffer_failed(&sample->bytes));
}

static int setup(void **state)
{
	static struct sample fresh;
	struct sample *sample = &fresh;
	struct item_map map = item_map_open(&sample->body);
	item_write_pair_text(&sample->body, "reason", slice_text("AC04"));
	item_write_pair_integer(&sample->body, "n", -7);
	item_write_key(&sample->body, "inner");
	struct item_map inner = item_map_open(&sample->body);
	item_write_pair_text(&sample->body, "bb", slice_text("x"));
	item_write_pair_text(&sample->body, "a", slice_text("y"));
	item_map_close(inner, &sample->body);
	item_map_close(map, &sample->body);
	item_write_array(&sample->postings, POSTINGS);
	for (size_t index = 0; index < POSTINGS; index++)
		entry_encode_posting(&sample_postings[index], &sample->postings);
	item_write_array(&sample->approvals, 1);
	item_write_text(&sample->approvals, slice_text("example.com/ledger/checker+01020304"));
	sample->entry = (struct entry){
		.number = 77,
		.time = UINT64_C(1462320000123456789),
		.request_index = 8191,
		.key = slice_text("example.com/ledger/maker+0a0b0c0d"),
		.rule = slice_text("payout.return/1"),
		.policy = slice_text("fuel-card/1"),
		.kind = slice_text("payout.return"),
	};
	memset(sample->entry.previous.bytes, 0x11, CRYPTO_HASH_SIZE);
	memset(sample->entry.request.bytes, 0x22, CRYPTO_HASH_SIZE);
	memset(sample->entry.salt, 0x33, ENTRY_SALT_SIZE);
	encode(sample);
	*state = sample;
	return 0;
}

static int teardown(void **state)
{
	struct sample *sample = *state;
	buffer_free(&sample->body);
	buffer_free(&sample->postings);
	buffer_free(&sample->approvals);
	buffer_free(&sample->bytes);
	memset(sample, 0, sizeof *sample);
	return 0;
}
#define ENTRY_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

static void assert_slice(slice actual, slice expected)
{
	assert_true(slice_equal(actual, expected));
}

static void test_round_trip(void **state)
{
	struct sample *sample = *state;
	struct entry entry;
	assert_ok(entry_decode(buffer_slice(&sample->bytes), &entry));
	assert_int_equal(entry.number, 77);
	assert_int_equal(entry.time, UINT64_C(1462320000123456789));
	assert_int_equal(entry.request_index, 8191);
	assert_memory_equal(&entry.previous, &sample->entry.previous, CRYPTO_HASH_SIZE);
	assert_memory_equal(&entry.request, &sample->entry.request, CRYPTO_HASH_SIZE);
	assert_memory_equal(entry.salt, sample->entry.salt, ENTRY_SALT_SIZE);
	assert_slice(entry.key, sample->entry.key);
	assert_slice(entry.rule, sample->entry.rule);
	assert_slice(entry.policy, sample->entry.policy);
	assert_slice(entry.kind, sample->entry.kind);
	assert_slice(entry.body, sample->entry.body);
	assert_slice(entry.postings, sample->entry.postings);
	assert_slice(entry.approvals, sample->entry.approvals);
}

/* The first bytes by hand: array of fourteen, version 1, number 77, an eight-byte time, two hashes. */
static void test_vector(void **state)
{
	static const uint8_t head[] = {0x8e, 0x01, 0x18, 77, 0x1b};
	static const uint8_t hash[] = {0x58, 0x20, 0x11};
	struct sample *sample = *state;
	uint64_t time = 0;
	for (size_t byte = 5; byte < 13; byte++)
		time = time << 8 | sample->bytes.data[byte];
	assert_int_equal(time, UINT64_C(1462320000123456789));
	assert_memory_equal(sample->bytes.data, head, sizeof head);
	assert_memory_equal(sample->bytes.data + 13, hash, sizeof hash);
	assert_int_equal(sample->bytes.data[sample->bytes.size - ENTRY_SALT_SIZE - 1], 0x50);
}

static void test_every_truncation(void **state)
{
	struct sample *sample = *state;
	struct entry entry;
	for (size_t size = 0; size < sample->bytes.size; size++) {
		SCOPED(support_free) uint8_t *exact = malloc(size + 1);
		assert_non_null(exact);
		memcpy(exact, sample->bytes.data, size);
		assert_error(entry_decode(slice_of(exact, size), &entry), RECOURSE_STORE_CORRUPT);
	}
	buffer_append(&sample->bytes, "\0", 1);
	assert_error(entry_decode(buffer_slice(&sample->bytes), &entry), RECOURSE_STORE_CORRUPT);
}

/* No second form: whatever one flipped bit makes of it is refused, or is exactly its own encoding. */
static void test_every_bit(void **state)
{
	struct sample *sample = *state;
	SCOPED(buffer_free) struct buffer again = {0};
	size_t accepted = 0;
	for (size_t bit = 0; bit < sample->bytes.size * 8; bit++) {
		struct entry entry;
		sample->bytes.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
		enum recourse_error error = entry_decode(buffer_slice(&sample->bytes), &entry);
		if (error == RECOURSE_OK) {
			buffer_clear(&again);
			entry_encode(&entry, &again);
			assert_slice(buffer_slice(&again), buffer_slice(&sample->bytes));
			accepted++;
		} else {
			assert_true(error == RECOURSE_STORE_CORRUPT || error == RECOURSE_VERSION_UNKNOWN);
		}
		sample->bytes.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	assert_true(accepted > CRYPTO_HASH_SIZE * 8);
	assert_true(accepted < sample->bytes.size * 8);
}

static void test_version(void **state)
{
	struct sample *sample = *state;
	struct entry entry;
	sample->bytes.data[1] = 2;
	assert_error(entry_decode(buffer_slice(&sample->bytes), &entry), RECOURSE_VERSION_UNKNOWN);
	sample->bytes.data[1] = 0;
	assert_error(entry_decode(buffer_slice(&sample->bytes), &entry), RECOURSE_VERSION_UNKNOWN);
	/* a version is a number */
	sample->bytes.data[1] = 0x60;
	assert_error(entry_decode(buffer_slice(&sample->bytes), &entry), RECOURSE_STORE_CORRUPT);
}

static void put_hex(struct buffer *buffer, const char *hex)
{
	size_t size = strlen(hex) / 2;
	buffer_clear(buffer);
	assert_ok(text_from_hex(slice_text(hex), buffer_reserve(buffer, size), size));
	buffer->size = size;
}

static void test_body_keys(void **state)
{
	static const struct {
		const char *hex;
		enum recourse_error error;
	} bodies[] = {
		{"a0", RECOURSE_OK},
		{"a2616101616202", RECOURSE_OK},
		{"a2616201616102", RECOURSE_STORE_CORRUPT},
		{"a2616101616102", RECOURSE_STORE_CORRUPT},
		/* by length first, then by bytes */
		{"a261620162616102", RECOURSE_OK},
		{"a262616101616202", RECOURSE_STORE_CORRUPT},
		/* at every depth */
		{"a16178a2616201616102", RECOURSE_STORE_CORRUPT},
		{"a1617881a2616201616102", RECOURSE_STORE_CORRUPT},
		{"a10101", RECOURSE_STORE_CORRUPT},
		{"80", RECOURSE_STORE_CORRUPT},
		{"01", RECOURSE_STORE_CORRUPT},
	};
	struct sample *sample = *state;
	struct entry entry;
	for (size_t index = 0; index < sizeof bodies / sizeof bodies[0]; index++) {
		put_hex(&sample->body, bodies[index].hex);
		encode(sample);
		assert_error(entry_decode(buffer_slice(&sample->bytes), &entry), bodies[index].error);
	}
}

static void encode_with_text(struct sample *sample, const struct buffer *text)
{
	buffer_clear(&sample->body);
	item_write_map(&sample->body, 1);
	item_write_pair_text(&sample->body, "t", buffer_slice(text));
	encode(sample);
}

/* Around the limit, which a text is lengthened to reach. */
static void test_size(void **state)
{
	struct sample *sample = *state;
	struct entry entry;
	SCOPED(buffer_free) struct buffer text = {0};
	while (sample->bytes.size <= ENTRY_SIZE_MAX) {
		size_t missing = ENTRY_SIZE_MAX - sample->bytes.size;
		for (size_t byte = 0; byte <= missing / 2; byte++)
			buffer_append(&text, "x", 1);
		encode_with_text(sample, &text);
	}
	assert_int_equal(sample->bytes.size, ENTRY_SIZE_MAX + 1);
	assert_error(entry_decode(buffer_slice(&sample->bytes), &entry), RECOURSE_STORE_CORRUPT);
	text.size--;
	encode_with_text(sample, &text);
	assert_ok(entry_decode(buffer_slice(&sample->bytes), &entry));
}

/* ---- postings ---- */

static void test_postings(void **state)
{
	struct sample *sample = *state;
	struct entry entry;
	struct entry_posting posting;
	assert_ok(entry_decode(buffer_slice(&sample->bytes), &entry));
	struct entry_postings walk = entry_postings(&entry);
	for (size_t index = 0; index < POSTINGS; index++) {
		assert_true(entry_postings_next(&walk, &posting));
		assert_int_equal(posting.code, sample_postings[index].code);
		assert_slice(posting.party, sample_postings[index].party);
		assert_slice(posting.reference, sample_postings[index].reference);
		assert_slice(posting.unit, sample_postings[index].unit);
		assert_int_equal(posting.steps, sample_postings[index].steps);
	}
	assert_false(entry_postings_next(&walk, &posting));
	buffer_clear(&sample->postings);
	item_write_array(&sample->postings, 0);
	encode(sample);
	assert_ok(entry_decode(buffer_slice(&sample->bytes), &entry));
	walk = entry_postings(&entry);
	assert_false(entry_postings_next(&walk, &posting));
}

static void test_postings_malformed(void **state)
{
	static const char *const wrong[] = {
		"a0",
		"8101",
		"818401606060",
		"8186016060600101",
		"81851a0001000060606001",
		"81852060606001",
		"81850140606001",
		"81850160606060",
	};
	struct sample *sample = *state;
	struct entry entry;
	for (size_t index = 0; index < sizeof wrong / sizeof wrong[0]; index++) {
		put_hex(&sample->postings, wrong[index]);
		encode(sample);
		assert_error(entry_decode(buffer_slice(&sample->bytes), &entry), RECOURSE_STORE_CORRUPT);
	}
}

static void test_body_text(void **state)
{
	struct sample *sample = *state;
	struct entry entry;
	slice text;
	assert_ok(entry_decode(buffer_slice(&sample->bytes), &entry));
	assert_ok(entry_body_text(&entry, "reason", &text));
	assert_true(slice_is(text, "AC04"));
	assert_error(entry_body_text(&entry, "n", &text), RECOURSE_QUERY_NOT_FOUND);
	assert_error(entry_body_text(&entry, "bb", &text), RECOURSE_QUERY_NOT_FOUND);
	assert_error(entry_body_text(&entry, "reaso", &text), RECOURSE_QUERY_NOT_FOUND);
}

/* For people: amounts in the unit where it is a currency, in steps where the unit is the ledger's own. */
static void test_describe(void **state)
{
	static const char *const texts[] = {"\"entry\":77", "\"version\":1",
		"\"time\":\"2016-05-04T00:00:00.123456789Z\"", "\"rule\":\"payout.return/1\"",
		"\"policy\":\"fuel-card/1\"", "\"amount\":\"3000.00\"", "\"amount\":\"-3000.00\"",
		"\"steps\":-9223372036854775808", "\"account\":\"custodian cash\"",
		"\"salt\":\"33333333333333333333333333333333\"", "\"previous\":\"1111", "\"request\":\"2222",
		"\"approvals\":[\"example.com/ledger/checker+01020304\"]", "\"reason\":\"AC04\""};
	struct sample *sample = *state;
	struct buffer item = {0};
	SCOPED(buffer_free) struct buffer json = {0};
	assert_ok(entry_describe(buffer_slice(&sample->bytes), &item));
	assert_ok(transcode_to_json(buffer_slice(&item), TRANSCODE_COMPACT, &json));
	buffer_append(&json, "", 1);
	for (size_t index = 0; index < sizeof texts / sizeof texts[0]; index++) {
		if (strstr((const char *)json.data, texts[index]) == NULL)
			print_message("no %s in %s\n", texts[index], (const char *)json.data);
		assert_non_null(strstr((const char *)json.data, texts[index]));
	}
	buffer_free(&item);
	sample->bytes.size--;
	assert_error(entry_describe(buffer_slice(&sample->bytes), &item), RECOURSE_STORE_CORRUPT);
	buffer_free(&item);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ENTRY_TEST(test_round_trip),
		ENTRY_TEST(test_vector),
		ENTRY_TEST(test_every_truncation),
		ENTRY_TEST(test_every_bit),
		ENTRY_TEST(test_version),
		ENTRY_TEST(test_body_keys),
		ENTRY_TEST(test_size),
		ENTRY_TEST(test_postings),
		ENTRY_TEST(test_postings_malformed),
		ENTRY_TEST(test_body_text),
		ENTRY_TEST(test_describe),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
