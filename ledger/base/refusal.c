/* SPDX-License-Identifier: Apache-2.0 */
#include "base/refusal.h"

#include "base/amount.h"
#include "base/text.h"
#include "base/try.h"

#include <stdarg.h>
#include <stdio.h>

void refusal_clear(struct recourse_refusal *refusal)
{
	memset(refusal, 0, sizeof *refusal);
	refusal->command = -1;
}

static void copy_text(char *to, size_t size, const char *from)
{
	slice text = text_cut(slice_text(from == NULL ? "" : from), size - 1);
	snprintf(to, size, "%.*s", SLICE_ARGUMENTS(text));
}

enum recourse_error refusal_field(
	struct recourse_refusal *refusal, enum recourse_error error, const char *field, const char *limit)
{
	refusal->error = error;
	copy_text(refusal->field, sizeof refusal->field, field);
	copy_text(refusal->limit, sizeof refusal->limit, limit);
	refusal->allowed = allowed_number(limit);
	return error;
}

enum recourse_error refusal_limit(struct recourse_refusal *refusal, enum recourse_error error,
	const char *field, const char *format, ...)
{
	char limit[sizeof refusal->limit];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(limit, sizeof limit, format, arguments);
	va_end(arguments);
	(void)refusal_field(refusal, error, field, limit);
	refusal->allowed = allowed_number(format);
	return error;
}

enum recourse_error refusal_amount(struct recourse_refusal *refusal, enum recourse_error error,
	const char *field, const struct unit *unit, int64_t needed, int64_t available)
{
	amount_format(unit, needed, refusal->needed);
	amount_format(unit, available, refusal->available);
	return refusal_field(refusal, error, field, NULL);
}

enum recourse_error refusal_state(struct recourse_refusal *refusal, const char *field, const char *state)
{
	copy_text(refusal->state, sizeof refusal->state, state);
	return refusal_field(refusal, RECOURSE_STATE_WRONG, field, NULL);
}

enum recourse_error refusal_absent(struct recourse_refusal *refusal, enum recourse_error error,
	enum recourse_error why, const char *field, const char *limit)
{
	return error == RECOURSE_QUERY_NOT_FOUND ? refusal_field(refusal, why, field, limit) : error;
}

enum recourse_error refusal_entry(
	struct recourse_refusal *refusal, enum recourse_error error, const char *field, uint64_t entry)
{
	refusal->entry_known = true;
	refusal->entry = entry;
	return refusal_field(refusal, error, field, NULL);
}

/* The members that are text, by name: one table serves both directions. */
struct text_member {
	const char *name;
	size_t offset;
	size_t size;
};
#define TEXT_MEMBER(member)                                                                                  \
	{                                                                                                    \
#member, offsetof(struct recourse_refusal, member),                                          \
			sizeof((struct recourse_refusal *)0)->member                                         \
	}
static const struct text_member text_members[] = {
	TEXT_MEMBER(field),
	TEXT_MEMBER(limit),
	TEXT_MEMBER(account),
	TEXT_MEMBER(needed),
	TEXT_MEMBER(available),
	TEXT_MEMBER(state),
};
enum { TEXT_MEMBERS = sizeof text_members / sizeof text_members[0] };

static void write_map(const struct recourse_refusal *refusal, const char *figures, struct buffer *out)
{
	struct item_map map = item_map_open(out);
	item_write_pair_integer(out, "error", refusal->error);
	if (refusal->command >= 0)
		item_write_pair_integer(out, "command", refusal->command);
	if (refusal->entry_known)
		item_write_pair_integer(out, "entry", (int64_t)refusal->entry);
	for (size_t index = 0; index < TEXT_MEMBERS; index++) {
		const char *text = (const char *)refusal + text_members[index].offset;
		bool words = figures == NULL || text != refusal->limit;
		if (*text != '\0' && words)
			item_write_pair_text(out, text_members[index].name, slice_text(text));
	}
	if (figures != NULL)
		item_write_pair_integer(out, "allowed", refusal->allowed);
	if (figures != NULL && *figures != '\0')
		item_write_pair_text(out, "figures", slice_text(figures));
	item_map_close(map, out);
}

void refusal_show(const struct recourse_refusal *refusal, struct buffer *out)
{
	write_map(refusal, NULL, out);
}

void refusal_encode(const struct recourse_refusal *refusal, struct buffer *out)
{
	char figures[ALLOWED_FIGURES_SIZE];
	bool numbered = refusal->allowed != 0 && allowed_figures(refusal->allowed, refusal->limit, figures);
	write_map(refusal, numbered ? figures : NULL, out);
}

static enum recourse_error decode_text(struct recourse_refusal *refusal, slice key, slice text)
{
	for (size_t index = 0; index < TEXT_MEMBERS; index++) {
		const struct text_member *member = &text_members[index];
		if (!slice_is(key, member->name))
			continue;
		if (text.size >= member->size)
			return RECOURSE_STORE_CORRUPT;
		if (text.size > 0)
			memcpy((char *)refusal + member->offset, text.data, text.size);
		return RECOURSE_OK;
	}
	return RECOURSE_STORE_CORRUPT;
}

static enum recourse_error decode_integer(struct recourse_refusal *refusal, slice key, int64_t value)
{
	if (slice_is(key, "error")) {
		refusal->error = (enum recourse_error)value;
	} else if (slice_is(key, "command")) {
		refusal->command = value;
	} else if (slice_is(key, "allowed") && value > 0 && value <= UINT32_MAX) {
		refusal->allowed = (uint32_t)value;
	} else if (slice_is(key, "entry") && value >= 0) {
		refusal->entry_known = true;
		refusal->entry = (uint64_t)value;
	} else {
		return RECOURSE_STORE_CORRUPT;
	}
	return RECOURSE_OK;
}

static enum recourse_error decode_pair(slice *reader, struct recourse_refusal *refusal, slice *figures)
{
	struct item key;
	struct item value;
	TRY(item_read_type(reader, ITEM_TEXT, &key));
	TRY(item_read(reader, &value));
	if (value.type == ITEM_INTEGER)
		return decode_integer(refusal, key.string, value.integer);
	if (value.type != ITEM_TEXT)
		return RECOURSE_STORE_CORRUPT;
	if (!slice_is(key.string, "figures"))
		return decode_text(refusal, key.string, value.string);
	*figures = value.string;
	return RECOURSE_OK;
}

enum recourse_error refusal_decode(slice *reader, struct recourse_refusal *refusal)
{
	slice figures = slice_text("");
	struct item map;
	refusal_clear(refusal);
	TRY(item_read_type(reader, ITEM_MAP, &map));
	for (uint64_t pair = 0; pair < map.count; pair++)
		TRY(decode_pair(reader, refusal, &figures));
	bool worded = refusal->allowed == 0 ? figures.size == 0
					    : allowed_text(refusal->allowed, figures, refusal->limit,
						      sizeof refusal->limit);
	return worded ? RECOURSE_OK : RECOURSE_STORE_CORRUPT;
}
