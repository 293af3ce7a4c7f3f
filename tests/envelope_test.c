/* SPDX-License-Identifier: Apache-2.0 */
#include "base/crypto.h"
#include "envelope_signed.h"
#include "proof/key.h"
#include "base/refusal.h"
#include "support.h"
#include "worked.h"
#include "base/text.h"
#include "base/transcode.h"

#include <stdio.h>

static enum recourse_error read_text(
	const char *text, struct envelope_request *request, struct recourse_refusal *refusal)
{
	*request = (struct envelope_request){0};
	return envelope_read_request(slice_text(text), request, refusal);
}

static struct buffer cbor_of(const char *json)
{
	struct buffer item = {0};
	struct transcode_problem problem;
	assert_ok(transcode_from_json(slice_text(json), &item, &problem));
	return item;
}

static void assert_json(struct buffer *text, const char *expected)
{
	buffer_append(text, "", 1);
	assert_string_equal((const char *)text->data, expected);
	buffer_free(text);
}

static const char request_json[] =
	"{\"jsonrpc\":\"2.0\",\"method\":\"service.info\",\"params\":{\"a\":1},\"id\":\"x\"}";

static void reads_json(void **state)
{
	SCOPED(envelope_request_free) struct envelope_request request = {0};
	struct recourse_refusal refusal;
	assert_ok(read_text(request_json, &request, &refusal));
	assert_int_equal(request.codec, ENVELOPE_JSON);
	assert_true(request.readable);
	assert_true(slice_is(request.method, "service.info"));
	assert_int_equal(request.id.size, 2);
	assert_memory_equal(request.id.bytes, "\x61x", 2);
	assert_int_equal(request.params.size, 4);
	assert_memory_equal(request.params.data, "\xa1\x61\x61\x01", 4);
}

static void reads_cbor(void **state)
{
	SCOPED(buffer_free) struct buffer message = cbor_of(request_json);
	SCOPED(envelope_request_free) struct envelope_request request = {0};
	struct recourse_refusal refusal;
	assert_ok(envelope_read_request(buffer_slice(&message), &request, &refusal));
	assert_int_equal(request.codec, ENVELOPE_CBOR);
	assert_true(slice_is(request.method, "service.info"));
	assert_int_equal(request.params.size, 4);
}

static void params_are_optional(void **state)
{
	SCOPED(envelope_request_free) struct envelope_request request = {0};
	struct recourse_refusal refusal;
	assert_ok(read_text(" \n{\"jsonrpc\":\"2.0\",\"method\":\"m\",\"id\":null}", &request, &refusal));
	assert_int_equal(request.params.size, 0);
	assert_int_equal(request.id.size, 1);
}

struct bad {
	const char *text;
	enum recourse_error error;
	bool readable;
	const char *field;
};

static const struct bad bad_requests[] = {
	{"", RECOURSE_MALFORMED, false, ""},
	{"{", RECOURSE_MALFORMED, false, ""},
	{"nonsense", RECOURSE_MALFORMED, false, ""},
	{"{\"id\":1,\"id\":1,\"method\":\"m\",\"jsonrpc\":\"2.0\"}", RECOURSE_MALFORMED, false, ""},
	{"{\"id\":1.5,\"method\":\"m\",\"jsonrpc\":\"2.0\"}", RECOURSE_MALFORMED, false, ""},
	{"[{\"jsonrpc\":\"2.0\",\"method\":\"m\",\"id\":1}]", RECOURSE_MALFORMED, true, ""},
	{"1", RECOURSE_MALFORMED, true, ""},
	{"{}", RECOURSE_MALFORMED, true, ""},
	{"{\"method\":\"m\",\"jsonrpc\":\"2.0\"}", RECOURSE_MALFORMED, true, ""},
	{"{\"id\":1,\"jsonrpc\":\"2.0\"}", RECOURSE_MALFORMED, true, ""},
	{"{\"id\":1,\"method\":\"m\"}", RECOURSE_MALFORMED, true, ""},
	{"{\"id\":1,\"method\":\"m\",\"jsonrpc\":\"1.0\"}", RECOURSE_MALFORMED, true, "jsonrpc"},
	{"{\"id\":1,\"method\":\"m\",\"jsonrpc\":2}", RECOURSE_MALFORMED, true, "jsonrpc"},
	{"{\"id\":1,\"method\":\"\",\"jsonrpc\":\"2.0\"}", RECOURSE_MALFORMED, true, "method"},
	{"{\"id\":1,\"method\":7,\"jsonrpc\":\"2.0\"}", RECOURSE_MALFORMED, true, "method"},
	{"{\"id\":1,\"method\":\"m\",\"jsonrpc\":\"2.0\",\"params\":[]}", RECOURSE_MALFORMED, true, "params"},
	{"{\"id\":1,\"method\":\"m\",\"jsonrpc\":\"2.0\",\"params\":null}", RECOURSE_MALFORMED, true,
		"params"},
	{"{\"id\":1,\"method\":\"m\",\"jsonrpc\":\"2.0\",\"extra\":1}", RECOURSE_MALFORMED, true, ""},
	{"{\"id\":true,\"method\":\"m\",\"jsonrpc\":\"2.0\"}", RECOURSE_MALFORMED, true, "id"},
	{"{\"id\":{},\"method\":\"m\",\"jsonrpc\":\"2.0\"}", RECOURSE_MALFORMED, true, "id"},
	{"[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]", RECOURSE_TOO_LARGE, false, ""},
};

static void refuses(slice message, const struct bad *expected)
{
	SCOPED(envelope_request_free) struct envelope_request request = {0};
	struct recourse_refusal refusal;
	assert_error(envelope_read_request(message, &request, &refusal), expected->error);
	assert_int_equal(refusal.error, expected->error);
	assert_int_equal(request.readable, expected->readable);
	assert_string_equal(refusal.field, expected->field);
}

static void refuses_bad_envelopes(void **state)
{
	for (size_t index = 0; index < sizeof bad_requests / sizeof bad_requests[0]; index++) {
		print_message("%s\n", bad_requests[index].text);
		refuses(slice_text(bad_requests[index].text), &bad_requests[index]);
	}
}

static void id_is_kept_beside_errors(void **state)
{
	SCOPED(envelope_request_free) struct envelope_request request = {0};
	struct recourse_refusal refusal;
	assert_error(read_text("{\"extra\":1,\"id\":42,\"jsonrpc\":\"2.0\"}", &request, &refusal),
		RECOURSE_MALFORMED);
	SCOPED(buffer_free) struct buffer reply = {0};
	assert_ok(envelope_write_error(&request, &refusal, &reply));
	buffer_append(&reply, "", 1);
	assert_non_null(strstr((const char *)reply.data, "\"id\":42"));
	assert_non_null(strstr((const char *)reply.data, "\"code\":-32600"));
}

static void id_limits(void **state)
{
	char text[256];
	for (int length = 63; length <= 65; length++) {
		SCOPED(envelope_request_free) struct envelope_request request = {0};
		struct recourse_refusal refusal;
		snprintf(text, sizeof text, "{\"jsonrpc\":\"2.0\",\"method\":\"m\",\"id\":\"%0*d\"}", length,
			7);
		assert_error(
			read_text(text, &request, &refusal), length <= 64 ? RECOURSE_OK : RECOURSE_MALFORMED);
	}
}

static void too_large_a_message(void **state)
{
	static const struct bad too_large = {.error = RECOURSE_TOO_LARGE, .field = ""};
	static char message[ENVELOPE_SIZE_MAX + 1];
	memset(message, ' ', sizeof message);
	refuses(slice_of(message, sizeof message), &too_large);
}

static void every_truncation_is_refused(void **state)
{
	static const struct bad malformed = {.error = RECOURSE_MALFORMED, .field = ""};
	SCOPED(buffer_free) struct buffer message = cbor_of(request_json);
	for (size_t size = 0; size < message.size; size++) {
		refuses(slice_of(message.data, size), &malformed);
		refuses(slice_of(request_json, size), &malformed);
	}
	uint8_t more = 0;
	buffer_append(&message, &more, 1);
	refuses(buffer_slice(&message), &malformed);
}

static void round_trip_signed(enum envelope_codec codec, size_t text_count)
{
	uint8_t signature[CRYPTO_SIGNATURE_SIZE];
	struct recourse_text texts[RECOURSE_TEXTS_MAX];
	memset(signature, 0xa5, sizeof signature);
	for (size_t index = 0; index < RECOURSE_TEXTS_MAX; index++)
		texts[index] = (struct recourse_text){
			.random = slice_of(signature + index, 32), .text = slice_text("她说, \"[{no}]\"\n")};
	const struct recourse_signed call = {
		.key = slice_text("alice+01234567"),
		.payload = slice_text("any bytes \xff here"),
		.signature = slice_of(signature, sizeof signature),
		.texts = texts,
		.text_count = text_count,
	};
	struct envelope_id id = envelope_id_integer(-7);
	SCOPED(buffer_free) struct buffer message = {0};
	assert_ok(envelope_signed_write(codec, &call, &id, &message));
	SCOPED(envelope_request_free) struct envelope_request request = {0};
	struct recourse_refusal refusal;
	assert_ok(envelope_read_request(buffer_slice(&message), &request, &refusal));
	assert_int_equal(request.codec, codec);
	assert_true(slice_is(request.method, "signed"));
	struct recourse_signed read;
	assert_ok(envelope_signed_read(&request, &read, &refusal));
	assert_true(slice_equal(read.key, call.key));
	assert_true(slice_equal(read.payload, call.payload));
	assert_true(slice_equal(read.signature, call.signature));
	assert_int_equal(read.text_count, text_count);
	for (size_t index = 0; index < text_count; index++) {
		assert_true(slice_equal(read.texts[index].random, texts[index].random));
		assert_true(slice_equal(read.texts[index].text, texts[index].text));
	}
}

static void signed_round_trip(void **state)
{
	static const size_t text_counts[] = {0, 1, RECOURSE_TEXTS_MAX};
	for (size_t index = 0; index < 3; index++) {
		round_trip_signed(ENVELOPE_JSON, text_counts[index]);
		round_trip_signed(ENVELOPE_CBOR, text_counts[index]);
	}
}

#define SIG64 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="

#define WITH_TEXTS(texts) "{\"key\":\"k\",\"payload\":\"eA==\",\"sig\":\"" SIG64 "\",\"texts\":" texts "}"

static const struct bad bad_signed[] = {
	{WITH_TEXTS("7"), RECOURSE_FIELD_TYPE, true, "texts"},
	{WITH_TEXTS("{}"), RECOURSE_FIELD_TYPE, true, "texts"},
	{WITH_TEXTS("[1]"), RECOURSE_FIELD_TYPE, true, "texts[0]"},
	{WITH_TEXTS("[{}]"), RECOURSE_FIELD_MISSING, true, "texts[0]"},
	{WITH_TEXTS("[{\"text\":\"a\"}]"), RECOURSE_FIELD_MISSING, true, "texts[0]"},
	{WITH_TEXTS("[{\"random\":\"eA==\"}]"), RECOURSE_FIELD_MISSING, true, "texts[0]"},
	{WITH_TEXTS("[{\"text\":7,\"random\":\"eA==\"}]"), RECOURSE_FIELD_TYPE, true, "texts[0]"},
	{WITH_TEXTS("[{\"text\":\"a\",\"random\":7}]"), RECOURSE_FIELD_TYPE, true, "texts[0]"},
	{WITH_TEXTS("[{\"text\":\"a\",\"random\":\"eA\"}]"), RECOURSE_FIELD_FORMAT, true, "texts[0]"},
	{WITH_TEXTS("[{\"text\":\"a\",\"random\":\"eA==\",\"x\":1}]"), RECOURSE_FIELD_UNKNOWN, true,
		"texts[0]"},
	{WITH_TEXTS("[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]"),
		RECOURSE_FIELD_LIMIT, true, "texts"},
	{"{}", RECOURSE_FIELD_MISSING, true, "key"},
	{"{\"key\":\"k\",\"sig\":\"" SIG64 "\"}", RECOURSE_FIELD_MISSING, true, "payload"},
	{"{\"key\":\"k\",\"payload\":\"eA==\"}", RECOURSE_FIELD_MISSING, true, "sig"},
	{"{\"key\":1,\"payload\":\"eA==\",\"sig\":\"" SIG64 "\"}", RECOURSE_FIELD_TYPE, true, "key"},
	{"{\"key\":\"\",\"payload\":\"eA==\",\"sig\":\"" SIG64 "\"}", RECOURSE_FIELD_LIMIT, true, "key"},
	{"{\"key\":\"k\",\"payload\":7,\"sig\":\"" SIG64 "\"}", RECOURSE_FIELD_TYPE, true, "payload"},
	{"{\"key\":\"k\",\"payload\":\"eB==\",\"sig\":\"" SIG64 "\"}", RECOURSE_FIELD_FORMAT, true,
		"payload"},
	{"{\"key\":\"k\",\"payload\":\"eA\",\"sig\":\"" SIG64 "\"}", RECOURSE_FIELD_FORMAT, true, "payload"},
	{"{\"key\":\"k\",\"payload\":\"\",\"sig\":\"" SIG64 "\"}", RECOURSE_TOO_LARGE, true, "payload"},
	{"{\"key\":\"k\",\"payload\":\"eA==\",\"sig\":\"eA==\"}", RECOURSE_FIELD_LIMIT, true, "sig"},
	{"{\"key\":\"k\",\"payload\":\"eA==\",\"sig\":\"" SIG64 "\",\"x\":1}", RECOURSE_FIELD_UNKNOWN, true,
		""},
};

static void refuses_bad_signed_params(void **state)
{
	for (size_t index = 0; index < sizeof bad_signed / sizeof bad_signed[0]; index++) {
		const struct bad *bad = &bad_signed[index];
		char text[512];
		print_message("%s\n", bad->text);
		snprintf(text, sizeof text,
			"{\"jsonrpc\":\"2.0\",\"method\":\"signed\",\"id\":1,\"params\":%s}", bad->text);
		SCOPED(envelope_request_free) struct envelope_request request = {0};
		struct recourse_refusal refusal;
		struct recourse_signed call;
		assert_ok(read_text(text, &request, &refusal));
		assert_error(envelope_signed_read(&request, &call, &refusal), bad->error);
		assert_string_equal(refusal.field, bad->field);
	}
}

/* One form for each codec: base64 text in CBOR is no way to write bytes. */
static void cbor_takes_no_base64(void **state)
{
	SCOPED(buffer_free)
	struct buffer message = cbor_of("{\"jsonrpc\":\"2.0\",\"method\":\"signed\",\"id\":1,\"params\":"
					"{\"key\":\"k\",\"payload\":\"eA==\",\"sig\":\"" SIG64 "\"}}");
	SCOPED(envelope_request_free) struct envelope_request request = {0};
	struct recourse_refusal refusal;
	struct recourse_signed call;
	assert_ok(envelope_read_request(buffer_slice(&message), &request, &refusal));
	assert_error(envelope_signed_read(&request, &call, &refusal), RECOURSE_FIELD_TYPE);
}

static void writes_results(void **state)
{
	SCOPED(envelope_request_free) struct envelope_request request = {0};
	struct recourse_refusal refusal;
	SCOPED(buffer_free) struct buffer reply = {0};
	assert_ok(read_text(request_json, &request, &refusal));
	SCOPED(buffer_free) struct buffer result = cbor_of("{\"entries\":3}");
	assert_ok(envelope_write_result(&request, buffer_slice(&result), &reply));
	assert_json(&reply, "{\"id\":\"x\",\"result\":{\"entries\":3},\"jsonrpc\":\"2.0\"}");

	request.codec = ENVELOPE_CBOR;
	SCOPED(buffer_free)
	struct buffer expected = cbor_of("{\"id\":\"x\",\"result\":{\"entries\":3},\"jsonrpc\":\"2.0\"}");
	assert_ok(envelope_write_result(&request, buffer_slice(&result), &reply));
	assert_true(slice_equal(buffer_slice(&reply), buffer_slice(&expected)));
}

static struct recourse_refusal full_refusal(void)
{
	struct recourse_refusal refusal;
	refusal_clear(&refusal);
	(void)refusal_field(&refusal, RECOURSE_INSUFFICIENT, "amount", "what is available");
	refusal.command = 2;
	snprintf(refusal.account, sizeof refusal.account, "2010/m/r/CNY");
	snprintf(refusal.needed, sizeof refusal.needed, "3.00");
	snprintf(refusal.available, sizeof refusal.available, "1.00");
	snprintf(refusal.state, sizeof refusal.state, "open");
	refusal.entry_known = true;
	refusal.entry = 17;
	return refusal;
}

static void writes_errors(void **state)
{
	SCOPED(envelope_request_free) struct envelope_request request = {0};
	struct recourse_refusal refusal;
	struct buffer reply = {0};
	assert_ok(read_text(request_json, &request, &refusal));
	refusal = full_refusal();
	assert_ok(envelope_write_error(&request, &refusal, &reply));
	assert_json(&reply,
		"{\"id\":\"x\",\"error\":{\"code\":208,\"data\":{\"code\":208,\"name\":\"INSUFFICIENT\","
		"\"entry\":17,\"field\":\"amount\",\"limit\":\"what is available\",\"retry\":false,"
		"\"state\":\"open\",\"needed\":\"3.00\",\"account\":\"2010/m/r/CNY\",\"command\":2,"
		"\"available\":\"1.00\"},\"message\":\"Less is available than is "
		"needed.\"},\"jsonrpc\":\"2.0\"}");
}

static void error_codes(void **state)
{
	static const struct {
		enum recourse_error error;
		bool readable;
		const char *code;
	} cases[] = {
		{RECOURSE_MALFORMED, false, "{\"code\":-32700,"},
		{RECOURSE_MALFORMED, true, "{\"code\":-32600,"},
		{RECOURSE_METHOD_UNKNOWN, true, "{\"code\":-32601,"},
		{RECOURSE_FIELD_UNKNOWN, true, "{\"code\":-32602,"},
		{RECOURSE_FIELD_FORMAT, true, "{\"code\":-32602,"},
		{RECOURSE_TOO_LARGE, true, "{\"code\":-32602,"},
		{RECOURSE_SIGNATURE_REQUIRED, true, "{\"code\":110,"},
		{RECOURSE_BUSY, true, "{\"code\":900,"},
	};
	for (size_t index = 0; index < sizeof cases / sizeof cases[0]; index++) {
		struct envelope_request request = {.readable = cases[index].readable};
		struct recourse_refusal refusal;
		SCOPED(buffer_free) struct buffer reply = {0};
		refusal_clear(&refusal);
		refusal.error = cases[index].error;
		assert_ok(envelope_write_error(&request, &refusal, &reply));
		buffer_append(&reply, "", 1);
		assert_non_null(strstr((const char *)reply.data, cases[index].code));
		assert_non_null(strstr((const char *)reply.data, "\"id\":null"));
	}
}

static void replies_come_back(void **state)
{
	for (int codec = ENVELOPE_JSON; codec <= ENVELOPE_CBOR; codec++) {
		struct envelope_request request = {.codec = (enum envelope_codec)codec, .readable = true};
		request.id = envelope_id_integer(300);
		struct recourse_refusal refusal = full_refusal();
		SCOPED(buffer_free) struct buffer message = {0};
		struct envelope_reply reply = {0};
		assert_ok(envelope_write_error(&request, &refusal, &message));
		assert_ok(envelope_read_reply(buffer_slice(&message), &reply));
		assert_true(reply.failed);
		assert_memory_equal(&reply.refusal, &refusal, sizeof refusal);
		assert_int_equal(reply.id.size, request.id.size);
		assert_memory_equal(reply.id.bytes, request.id.bytes, request.id.size);
		envelope_reply_free(&reply);

		buffer_clear(&message);
		assert_ok(envelope_write_result(&request, slice_of("\x01", 1), &message));
		for (size_t size = 0; size < message.size; size++) {
			assert_error(envelope_read_reply(slice_of(message.data, size), &reply),
				RECOURSE_MALFORMED);
			envelope_reply_free(&reply);
		}
		assert_ok(envelope_read_reply(buffer_slice(&message), &reply));
		assert_false(reply.failed);
		assert_int_equal(reply.result.size, 1);
		envelope_reply_free(&reply);
	}
}

static void refuses_bad_replies(void **state)
{
	static const char *const bad[] = {
		"[]",
		"{\"id\":1,\"jsonrpc\":\"2.0\"}",
		"{\"id\":1,\"result\":1}",
		"{\"id\":1,\"jsonrpc\":\"2.0\",\"result\":1,\"error\":{}}",
		"{\"id\":1,\"jsonrpc\":\"1.0\",\"result\":1}",
		"{\"id\":[],\"jsonrpc\":\"2.0\",\"result\":1}",
		"{\"id\":1,\"jsonrpc\":\"2.0\",\"error\":{\"code\":1,\"message\":\"x\"}}",
		"{\"id\":1,\"jsonrpc\":\"2.0\",\"error\":{\"code\":1,\"data\":{\"code\":0}}}",
		"{\"id\":1,\"error\":{\"data\":{\"code\":208}},\"result\":1}",
	};
	for (size_t index = 0; index < sizeof bad / sizeof bad[0]; index++) {
		SCOPED(envelope_reply_free) struct envelope_reply reply = {0};
		assert_error(envelope_read_reply(slice_text(bad[index]), &reply), RECOURSE_MALFORMED);
	}
}

/* The worked example of PROTOCOL.md: whoever changes these bytes breaks every client. */
static const char example_payload[] =
	"{\"method\":\"submit\",\"params\":{\"mode\":\"all\",\"commands\":[{\"command\":\"party.reg"
	"ister\",\"party\":\"shop-1\",\"kinds\":[\"merchant\"]}]},\"origin\":\"example.com/ledger\""
	",\"request\":\"01JDA8W3Q0000000000000000\",\"expires\":\"2026-11-22T12:00:00Z\"}";
static const char example_json[] =
	"{\"id\":1,\"method\":\"signed\",\"params\":{\"key\":\"example.com/alice+c9c65c51\",\"sig\""
	":\"cL1afF9AADDRUUE+0Dw15ZbFTUwceyiPUrltkHvu89r1u5PiwcTrYVwYNYCevgqiQm/1Es/N44qh8t4tNgUkAQ="
	"=\",\"payload\":\"eyJtZXRob2QiOiJzdWJtaXQiLCJwYXJhbXMiOnsibW9kZSI6ImFsbCIsImNvbW1hbmRzIjpb"
	"eyJjb21tYW5kIjoicGFydHkucmVnaXN0ZXIiLCJwYXJ0eSI6InNob3AtMSIsImtpbmRzIjpbIm1lcmNoYW50Il19XX"
	"0sIm9yaWdpbiI6ImV4YW1wbGUuY29tL2xlZGdlciIsInJlcXVlc3QiOiIwMUpEQThXM1EwMDAwMDAwMDAwMDAwMDAw"
	"IiwiZXhwaXJlcyI6IjIwMjYtMTEtMjJUMTI6MDA6MDBaIn0=\"},\"jsonrpc\":\"2.0\"}";
static const char example_cbor[] =
	"a462696401666d6574686f64667369676e656466706172616d73a3636b6579781a6578616d706c652e636f6d2f"
	"616c6963652b633963363563353163736967584070bd5a7c5f400030d151413ed03c35e596c54d4c1c7b288f52"
	"b96d907beef3daf5bb93e2c1c4eb615c1835809ebe0aa2426ff512cfcde38aa1f2de2d36052401677061796c6f"
	"616458e07b226d6574686f64223a227375626d6974222c22706172616d73223a7b226d6f6465223a22616c6c22"
	"2c22636f6d6d616e6473223a5b7b22636f6d6d616e64223a2270617274792e7265676973746572222c22706172"
	"7479223a2273686f702d31222c226b696e6473223a5b226d65726368616e74225d7d5d7d2c226f726967696e22"
	"3a226578616d706c652e636f6d2f6c6564676572222c2272657175657374223a2230314a444138573351303030"
	"30303030303030303030303030222c2265787069726573223a22323032362d31312d32325431323a30303a3030"
	"5a227d676a736f6e72706363322e30";

static void write_example(enum envelope_codec codec, struct buffer *message)
{
	uint8_t seed[CRYPTO_SEED_SIZE];
	uint8_t signature[CRYPTO_SIGNATURE_SIZE];
	char handle[KEY_HANDLE_SIZE + 1];
	SCOPED(key_close) struct key_secret key;
	worked_seed(0, seed);
	assert_ok(key_open_seed(slice_text("example.com/alice"), seed, &key));
	assert_ok(crypto_key_sign(
		key.signer, slice_text("recourse-request-v1\n"), slice_text(example_payload), signature));
	const struct recourse_signed call = {
		.key = slice_of(handle, key_handle(&key.public_key, handle)),
		.payload = slice_text(example_payload),
		.signature = slice_of(signature, sizeof signature),
	};
	struct envelope_id id = envelope_id_integer(1);
	assert_ok(envelope_signed_write(codec, &call, &id, message));
}

static void worked_example(void **state)
{
	struct buffer json = {0};
	SCOPED(buffer_free) struct buffer cbor = {0};
	uint8_t expected[sizeof example_cbor / 2];
	write_example(ENVELOPE_JSON, &json);
	assert_json(&json, example_json);
	write_example(ENVELOPE_CBOR, &cbor);
	assert_ok(text_from_hex(slice_text(example_cbor), expected, sizeof expected));
	assert_true(slice_equal(buffer_slice(&cbor), slice_of(expected, sizeof expected)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_json),
		cmocka_unit_test(reads_cbor),
		cmocka_unit_test(params_are_optional),
		cmocka_unit_test(refuses_bad_envelopes),
		cmocka_unit_test(id_is_kept_beside_errors),
		cmocka_unit_test(id_limits),
		cmocka_unit_test(too_large_a_message),
		cmocka_unit_test(every_truncation_is_refused),
		cmocka_unit_test(signed_round_trip),
		cmocka_unit_test(refuses_bad_signed_params),
		cmocka_unit_test(cbor_takes_no_base64),
		cmocka_unit_test(writes_results),
		cmocka_unit_test(writes_errors),
		cmocka_unit_test(error_codes),
		cmocka_unit_test(replies_come_back),
		cmocka_unit_test(refuses_bad_replies),
		cmocka_unit_test(worked_example),
	};
	return cmocka_run_group_tests(tests, support_crypto, NULL);
}
