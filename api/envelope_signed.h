/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "envelope.h"

/*
 * A signed call in an envelope: the params of the method `signed` are key, payload, sig, and texts, which may be absent, rows
 * of random and text. Byte strings in CBOR, canonical base64 in JSON.
 */

/* The call borrows from the request. FIELD_*, TOO_LARGE, MEMORY. */
enum recourse_error envelope_signed_read(
	struct envelope_request *request, struct recourse_signed *call, struct recourse_refusal *refusal);

/* Appends the whole message, in the form that codec has for bytes. MEMORY. */
enum recourse_error envelope_signed_write(enum envelope_codec codec, const struct recourse_signed *call,
	const struct envelope_id *id, struct buffer *out);
