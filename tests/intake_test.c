/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "entry/submission.h"
#include "support.h"

/* The record of a request: exact inverse of its encoding, or refused; and the links between records. */
static const uint8_t salt[RECOURSE_SALT_SIZE] = {1, 2, 3};
static const uint8_t signature[CRYPTO_SIGNATURE_SIZE] = {9, 8, 7};
static const uint8_t refusals[] = {0x81, 0xa1, 0x65, 'e', 'r', 'r', 'o', 'r', 0x18, 206};

static struct submission sample(void)
{
	struct submission submission = {
		.time = UINT64_C(1462320000000000001),
		.salt = slice_of(salt, sizeof salt),
		.key = slice_text("example.com/ledger/maker+01020304"),
		.payload = slice_text("{\"any\":\"bytes\"}"),
		.signature = slice_of(signature, sizeof signature),
		.first_entry = 1000,
		.accepted = 3,
		.refusals = slice_of(refusals, sizeof refusals),
	};
	memset(submission.previous.bytes, 0x44, CRYPTO_HASH_SIZE);
	return submission;
}

static void encode(const struct submission *submission, struct buffer *out)
{
	buffer_clear(out);
	submission_encode(submission, out);
	assert_false(buffer_failed(out));
}

static void test_round_trip(void **state)
{
	struct submission before = sample();
	struct submission after;
	SCOPED(buffer_free) struct buffer bytes = {0};
	encode(&before, &bytes);
	assert_ok(submission_decode(buffer_slice(&bytes), &after));
	assert_int_equal(after.time, before.time);
	assert_int_equal(after.first_entry, 1000);
	assert_int_equal(after.accepted, 3);
	assert_true(crypto_hash_equal(&after.previous, &before.previous));
	assert_true(slice_equal(after.salt, before.salt));
	assert_true(slice_equal(after.key, before.key));
	assert_true(slice_equal(after.payload, before.payload));
	assert_true(slice_equal(after.signature, before.signature));
	assert_true(slice_equal(after.refusals, before.refusals));
	assert_int_equal(bytes.data[0], 0x80 | SUBMISSION_MEMBERS);
	assert_int_equal(bytes.data[1], SUBMISSION_VERSION);
}

static void test_every_truncation_and_bit(void **state)
{
	struct submission submission = sample();
	SCOPED(buffer_free) struct buffer bytes = {0};
	SCOPED(buffer_free) struct buffer again = {0};
	encode(&submission, &bytes);
	for (size_t size = 0; size < bytes.size; size++) {
		SCOPED(support_free) uint8_t *exact = malloc(size + 1);
		assert_non_null(exact);
		memcpy(exact, bytes.data, size);
		assert_error(submission_decode(slice_of(exact, size), &submission), RECOURSE_STORE_CORRUPT);
	}
	for (size_t bit = 0; bit < bytes.size * 8; bit++) {
		bytes.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
		enum recourse_error error = submission_decode(buffer_slice(&bytes), &submission);
		if (error == RECOURSE_OK) {
			encode(&submission, &again);
			assert_true(slice_equal(buffer_slice(&again), buffer_slice(&bytes)));
		} else {
			assert_true(error == RECOURSE_STORE_CORRUPT || error == RECOURSE_VERSION_UNKNOWN);
		}
		bytes.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	buffer_append(&bytes, "\x01", 1);
	assert_error(submission_decode(buffer_slice(&bytes), &submission), RECOURSE_STORE_CORRUPT);
}

static void refuses(const struct submission *wrong, enum recourse_error expected)
{
	SCOPED(buffer_free) struct buffer bytes = {0};
	struct submission submission;
	encode(wrong, &bytes);
	assert_error(submission_decode(buffer_slice(&bytes), &submission), expected);
}

static void test_sizes(void **state)
{
	static const uint8_t not_an_item[] = {0xff};
	struct submission submission = sample();
	submission.salt.size--;
	refuses(&submission, RECOURSE_STORE_CORRUPT);
	submission = sample();
	submission.signature.size--;
	refuses(&submission, RECOURSE_STORE_CORRUPT);
	submission = sample();
	submission.refusals = slice_of(not_an_item, 1);
	refuses(&submission, RECOURSE_STORE_CORRUPT);
	submission = sample();
	submission.payload.size = 0;
	refuses(&submission, RECOURSE_OK);
}

static void test_version(void **state)
{
	struct submission submission = sample();
	SCOPED(buffer_free) struct buffer bytes = {0};
	encode(&submission, &bytes);
	bytes.data[1] = SUBMISSION_VERSION + 1;
	assert_error(submission_decode(buffer_slice(&bytes), &submission), RECOURSE_VERSION_UNKNOWN);
	bytes.data[1] = 0xf6;
	assert_error(submission_decode(buffer_slice(&bytes), &submission), RECOURSE_STORE_CORRUPT);
}

/* The link by hand, and that it changes with each thing it covers. */
static void test_link(void **state)
{
	struct submission submission = sample();
	struct crypto_hash request;
	struct crypto_hash link;
	struct crypto_hash other;
	struct buffer bytes = {0};
	uint8_t times[16];
	memset(request.bytes, 0x55, sizeof request.bytes);
	for (size_t byte = 0; byte < 8; byte++) {
		times[byte] = (uint8_t)(submission.received >> (8 * (7 - byte)));
		times[8 + byte] = (uint8_t)(submission.time >> (8 * (7 - byte)));
	}
	buffer_append(&bytes, submission.previous.bytes, 32);
	buffer_append(&bytes, times, sizeof times);
	buffer_append(&bytes, salt, 32);
	buffer_append(&bytes, request.bytes, 32);
	buffer_append(&bytes, submission.key.data, submission.key.size);
	crypto_sha256_labelled(slice_text("recourse-record-v1\n"), buffer_slice(&bytes), &other);
	submission_link(&submission, &request, &link);
	assert_true(crypto_hash_equal(&link, &other));
	buffer_free(&bytes);
	struct submission others[] = {sample(), sample(), sample(), sample()};
	others[0].received++;
	others[1].time++;
	others[2].previous.bytes[0] ^= 1;
	others[3].key.size--;
	for (size_t index = 0; index < sizeof others / sizeof others[0]; index++) {
		submission_link(&others[index], &request, &other);
		assert_false(crypto_hash_equal(&link, &other));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_every_truncation_and_bit),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_version),
		cmocka_unit_test(test_link),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
