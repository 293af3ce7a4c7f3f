/* SPDX-License-Identifier: Apache-2.0 */
#include "texts.h"

#include "base/item.h"
#include "base/note_text.h"
#include "base/refusal.h"
#include "base/text.h"
#include "base/try.h"

#include <stdio.h>

static bool is_note(const struct recourse_method *method, slice name)
{
	for (size_t index = 0; index < method->field_count; index++) {
		if (slice_is(name, method->fields[index].name))
			return method->fields[index].type == RECOURSE_FIELD_NOTE;
	}
	return false;
}

static enum recourse_error keep(struct texts *texts, slice text, const struct recourse_note *note)
{
	texts->arena.secret = true;
	struct recourse_text *row = &texts->rows[texts->count];
	slice random = slice_of(note->random, sizeof note->random);
	TRY(arena_copy(&texts->arena, random, &row->random));
	TRY(arena_copy(&texts->arena, text, &row->text));
	texts->count++;
	return RECOURSE_OK;
}

static enum recourse_error write_note(
	struct texts *texts, slice name, slice value, struct buffer *out, struct recourse_refusal *refusal)
{
	struct recourse_note note = {
		.commitment = "0000000000000000000000000000000000000000000000000000000000000000"};
	char field[40];
	struct item text;
	snprintf(field, sizeof field, "%.*s", SLICE_ARGUMENTS(name));
	if (item_read_type(&value, ITEM_TEXT, &text) != RECOURSE_OK)
		return refusal_field(refusal, RECOURSE_FIELD_TYPE, field, "text");
	if (text.string.size < 1 || text.string.size > NOTE_TEXT_SIZE_MAX)
		return refusal_field(refusal, RECOURSE_FIELD_LIMIT, field, "1 to 8192 bytes");
	if (!note_text_valid(text.string))
		return refusal_field(refusal, RECOURSE_FIELD_FORMAT, field, NOTE_TEXT_FORM);
	if (texts != NULL && texts->count == RECOURSE_TEXTS_MAX)
		return refusal_limit(
			refusal, RECOURSE_FIELD_LIMIT, field, "%d notes in a request", RECOURSE_TEXTS_MAX);
	if (texts != NULL) {
		TRY(texts->make(texts->context, texts->count, text.string, &note));
		TRY(keep(texts, text.string, &note));
	}
	item_write_text(out, slice_text(note.commitment));
	return RECOURSE_OK;
}

enum recourse_error texts_commit(struct texts *texts, const struct recourse_method *method, slice map,
	struct buffer *out, struct recourse_refusal *refusal)
{
	struct item head;
	TRY(item_read_type(&map, ITEM_MAP, &head));
	item_write_map(out, head.count);
	for (uint64_t pair = 0; pair < head.count; pair++) {
		struct item key;
		slice value;
		TRY(item_read_type(&map, ITEM_TEXT, &key));
		TRY(item_read_unread(&map, &value));
		item_write_text(out, key.string);
		if (is_note(method, key.string))
			TRY(write_note(texts, key.string, value, out, refusal));
		else
			buffer_append(out, value.data, value.size);
	}
	return buffer_failed(out) ? RECOURSE_MEMORY : RECOURSE_OK;
}

void texts_free(struct texts *texts)
{
	arena_free(&texts->arena);
	memset(texts->rows, 0, sizeof texts->rows);
	texts->count = 0;
}
