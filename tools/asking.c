/* SPDX-License-Identifier: Apache-2.0 */
#include "asking.h"

#include "base/item.h"
#include "base/try.h"
#include "member.h"

enum recourse_error asking_query(
	struct asking *asking, const char *method, const struct buffer *params, struct recourse_bytes *reply)
{
	asking->method = method;
	asking->refusal = (struct recourse_refusal){.command = -1};
	if (buffer_failed(params))
		return RECOURSE_MEMORY;
	return recourse_client_query(asking->client, method, buffer_slice(params), reply, &asking->refusal);
}

enum recourse_error asking_send(struct asking *asking, const char *method, const struct buffer *params,
	struct recourse_pending **pending)
{
	SCOPED(recourse_bytes_free) struct recourse_bytes message = {0};
	asking->method = method;
	asking->refusal = (struct recourse_refusal){.command = -1};
	if (buffer_failed(params))
		return RECOURSE_MEMORY;
	TRY(recourse_client_sign_query(asking->client, method, buffer_slice(params), &message));
	return recourse_client_send(asking->client, asking_slice(&message), pending);
}

enum recourse_error asking_wait(struct asking *asking, const char *method, struct recourse_pending *pending,
	struct recourse_bytes *reply)
{
	asking->method = method;
	return recourse_client_wait(pending, reply, &asking->refusal);
}

enum recourse_error asking_of(
	struct asking *asking, const char *method, const char *name, slice text, struct recourse_bytes *reply)
{
	SCOPED(buffer_free) struct buffer params = {0};
	item_write_map(&params, 1);
	item_write_pair_text(&params, name, text);
	return asking_query(asking, method, &params, reply);
}

enum recourse_error asking_text(
	struct asking *asking, const char *method, const char *name, struct buffer *out)
{
	SCOPED(recourse_bytes_free) struct recourse_bytes reply = {0};
	slice text;
	asking->method = method;
	asking->refusal = (struct recourse_refusal){.command = -1};
	TRY(recourse_client_call(asking->client, method, slice_of(NULL, 0), &reply, &asking->refusal));
	if (!member_text(asking_slice(&reply), name, &text))
		return RECOURSE_MALFORMED;
	buffer_append(out, text.data, text.size);
	return buffer_failed(out) ? RECOURSE_MEMORY : RECOURSE_OK;
}

/* `from` is what `next` of the page before was, whichever type it has. */
static enum recourse_error ask_page(struct asking *asking, const struct asking_list *list,
	const struct buffer *from, struct recourse_bytes *reply)
{
	SCOPED(buffer_free) struct buffer params = {0};
	struct item_map map = item_map_open(&params);
	if (list->name != NULL)
		item_write_pair_text(&params, list->name, list->text);
	item_write_pair_integer(&params, "limit", list->limit);
	if (from->size > 0) {
		item_write_key(&params, "from");
		buffer_append(&params, from->data, from->size);
	}
	item_map_close(map, &params);
	return asking_query(asking, list->method, &params, reply);
}

static enum recourse_error visit_page(slice page, const char *name, asking_visitor *visit, void *context)
{
	struct item head;
	slice rows;
	slice row;
	if (!member_list(page, name, &rows, &head))
		return RECOURSE_MALFORMED;
	for (uint64_t index = 0; index < head.count; index++) {
		TRY(item_read_whole(&rows, &row));
		TRY(visit(context, row));
	}
	return RECOURSE_OK;
}

/* False at the end. A page that says that it is the next one itself would be asked for for ever. */
static bool take_next(slice page, struct buffer *from, enum recourse_error *error)
{
	slice next;
	if (item_find(page, "next", &next) != RECOURSE_OK)
		return false;
	if (slice_equal(next, buffer_slice(from)))
		*error = RECOURSE_MALFORMED;
	buffer_clear(from);
	buffer_append(from, next.data, next.size);
	if (buffer_failed(from))
		*error = RECOURSE_MEMORY;
	return *error == RECOURSE_OK;
}

enum recourse_error asking_rows(
	struct asking *asking, const struct asking_list *list, asking_visitor *visit, void *context)
{
	SCOPED(buffer_free) struct buffer from = {0};
	enum recourse_error error = RECOURSE_OK;
	bool more = true;
	while (more) {
		SCOPED(recourse_bytes_free) struct recourse_bytes reply = {0};
		TRY(ask_page(asking, list, &from, &reply));
		TRY(visit_page(asking_slice(&reply), list->rows, visit, context));
		more = take_next(asking_slice(&reply), &from, &error);
	}
	return error;
}
