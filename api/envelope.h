/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/item.h"
#include "recourse_ledger.h"

/*
 * The outer message of requests and replies: JSON-RPC 2.0 members, as one JSON text or one CBOR item.
 *
 *   {"jsonrpc": "2.0", "method": M, "params": {…}, "id": ID}
 *   {"jsonrpc": "2.0", "result": …, "id": ID}
 *   {"jsonrpc": "2.0", "error": {"code": N, "message": text, "data": {…}}, "id": ID}
 *
 * JSON is turned into a CBOR item at once, so that everything behind this file sees CBOR only. The reply is
 * in the codec of its request.
 */
enum envelope_codec { ENVELOPE_JSON, ENVELOPE_CBOR };

enum {
	ENVELOPE_ID_SIZE_MAX = 64,
	ENVELOPE_SIZE_MAX = 2 * 1024 * 1024, /* what the sockets let in */
	ENVELOPE_ITEMS_MAX = 128, /* in a request, outside its payload: a dozen, and three for each text */
};

/* An id, kept as its encoded CBOR item: an integer, a text of at most 64 bytes, or null. */
struct envelope_id {
	uint8_t bytes[ENVELOPE_ID_SIZE_MAX + 2];
	size_t size;
};

struct envelope_id envelope_id_integer(int64_t value);

/* Start with all zeroes; envelope_request_free(). Slices borrow from the message or from `item`. */
struct envelope_request {
	enum envelope_codec codec;
	bool readable;         /* it was JSON or CBOR of the accepted form, whatever it said */
	struct envelope_id id; /* null where it could not be read */
	slice method;
	slice params;                                   /* a map, or of size 0 when absent */
	struct buffer item;                             /* the item that JSON was turned into */
	struct buffer bytes;                            /* what envelope_signed_read() decoded from base64 */
	struct recourse_text texts[RECOURSE_TEXTS_MAX]; /* what it read of them */
};

/* Looks at its codec alone, for a reply to a request that is not read. */
void envelope_begin_request(slice message, struct envelope_request *request);

/*
 * MALFORMED, TOO_LARGE (size or depth), MEMORY. After an error `codec`, `id` and `readable` are what could be
 * found out, so that the error can be replied.
 */
enum recourse_error envelope_read_request(
	slice message, struct envelope_request *request, struct recourse_refusal *refusal);
void envelope_request_free(struct envelope_request *request);

/* Append a reply. `result` is one CBOR item. MEMORY; INTERNAL when it is not an item. */
enum recourse_error envelope_write_result(
	const struct envelope_request *request, slice result, struct buffer *out);

/* The same for a result that is at hand in both codecs. MEMORY. */
enum recourse_error envelope_write_kept(
	const struct envelope_request *request, slice item, slice json, struct buffer *out);

/* The `code` of an error: the number that JSON-RPC reserves for its kind, where there is one. */
int64_t envelope_error_code(enum recourse_error error);

/* `refusal->error` is the error to report. MEMORY. */
enum recourse_error envelope_write_error(
	const struct envelope_request *request, const struct recourse_refusal *refusal, struct buffer *out);

/* The client's side. `params` is a map or of size 0: the member is then left out. MALFORMED, MEMORY. */
enum recourse_error envelope_write_request(enum envelope_codec codec, slice method, slice params,
	const struct envelope_id *id, struct buffer *out);

/* Start with all zeroes; envelope_reply_free(). */
struct envelope_reply {
	struct envelope_id id;
	bool failed;
	slice result;                    /* a CBOR item; borrowed from the message or from `item` */
	struct recourse_refusal refusal; /* when failed: `error` is never OK */
	struct buffer item;
};

/* MALFORMED when it is not a reply; MEMORY. A reply that reports an error is read with OK. */
enum recourse_error envelope_read_reply(slice message, struct envelope_reply *reply);
void envelope_reply_free(struct envelope_reply *reply);
