/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/buffer.h"
#include "recourse_client.h"

/*
 * Questions to a service, one after the other, by a tool that reads the answers itself. After an error `method` says what was
 * asked, and `refusal` why not.
 */
struct asking {
	struct recourse_client *client;
	const char *method;
	struct recourse_refusal refusal;
};

/* A query; its params are a CBOR map. MEMORY where they had no room; else as recourse_client_query(). */
enum recourse_error asking_query(
	struct asking *asking, const char *method, const struct buffer *params, struct recourse_bytes *reply);

/* The same in two halves: what is asked, and, with what was done meanwhile, what is answered. Each that was sent is waited for. */
enum recourse_error asking_send(struct asking *asking, const char *method, const struct buffer *params,
	struct recourse_pending **pending);
enum recourse_error asking_wait(struct asking *asking, const char *method, struct recourse_pending *pending,
	struct recourse_bytes *reply);

/* The same with one text as its params. */
enum recourse_error asking_of(struct asking *asking, const char *method, const char *name, slice text,
	struct recourse_bytes *reply);

/* A text that a public method has in its answer, appended. MALFORMED where it has none. */
enum recourse_error asking_text(
	struct asking *asking, const char *method, const char *name, struct buffer *out);

/*
 * All rows of a list, page by page of `limit`; `name` and `text` say of what, NULL: of all. What the visitor does not return OK for
 * ends it. MALFORMED for a page that does not go on.
 */
struct asking_list {
	const char *method;
	const char *name;
	slice text;
	const char *rows; /* the list in the answer */
	int64_t limit;
};
typedef enum recourse_error asking_visitor(void *context, slice row);
enum recourse_error asking_rows(
	struct asking *asking, const struct asking_list *list, asking_visitor *visit, void *context);

static inline slice asking_slice(const struct recourse_bytes *reply)
{
	return slice_of(reply->data, reply->size);
}
