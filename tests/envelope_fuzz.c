/* SPDX-License-Identifier: Apache-2.0 */
#include "base/crypto.h"
#include "envelope_signed.h"
#include "base/refusal.h"
#include "fuzz.h"

/* What was read as a signed call must be written so that it is read as the same again. */
static void check_signed(struct envelope_request *request)
{
	struct recourse_signed call;
	struct recourse_refusal refusal;
	refusal_clear(&refusal);
	if (envelope_signed_read(request, &call, &refusal) != RECOURSE_OK) {
		require(refusal.error != RECOURSE_OK);
		return;
	}
	require(call.signature.size == CRYPTO_SIGNATURE_SIZE && call.payload.size > 0);
	SCOPED(buffer_free) struct buffer message = {0};
	SCOPED(envelope_request_free) struct envelope_request again = {0};
	struct recourse_signed copy;
	require(envelope_signed_write(request->codec, &call, &request->id, &message) == RECOURSE_OK);
	require(envelope_read_request(buffer_slice(&message), &again, &refusal) == RECOURSE_OK);
	require(envelope_signed_read(&again, &copy, &refusal) == RECOURSE_OK);
	require(slice_equal(call.key, copy.key) && slice_equal(call.payload, copy.payload));
	require(slice_equal(call.signature, copy.signature));
}

static void check_request(slice message)
{
	SCOPED(envelope_request_free) struct envelope_request request = {0};
	struct recourse_refusal refusal;
	SCOPED(buffer_free) struct buffer reply = {0};
	enum recourse_error error = envelope_read_request(message, &request, &refusal);
	if (error == RECOURSE_OK) {
		require(request.readable && request.method.size > 0 && request.id.size > 0);
		check_signed(&request);
		refusal.error = RECOURSE_BUSY;
	}
	/* Whatever came, there is a reply, and it can be read. */
	SCOPED(envelope_reply_free) struct envelope_reply read = {0};
	require(envelope_write_error(&request, &refusal, &reply) == RECOURSE_OK);
	require(envelope_read_reply(buffer_slice(&reply), &read) == RECOURSE_OK);
	require(read.failed && read.refusal.error == refusal.error);
	require(read.id.size == request.id.size &&
		memcmp(read.id.bytes, request.id.bytes, read.id.size) == 0);
}

static void check_reply(slice message)
{
	SCOPED(envelope_reply_free) struct envelope_reply reply = {0};
	if (envelope_read_reply(message, &reply) == RECOURSE_OK) {
		require(reply.failed == (reply.refusal.error != RECOURSE_OK));
		require(reply.failed || reply.result.size > 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	require(crypto_start() == RECOURSE_OK);
	check_request(slice_of(data, size));
	check_reply(slice_of(data, size));
	return 0;
}
