/* SPDX-License-Identifier: Apache-2.0 */
#include "said.h"

#include "store/notes.h"

#include <stdio.h>

static enum recourse_error refuse_text(struct recourse_refusal *refusal, enum recourse_error error,
	size_t index, const char *member, const char *limit)
{
	char field[40];
	snprintf(field, sizeof field, "texts[%zu]%s", index, member);
	return refusal_field(refusal, error, field, limit);
}

static enum recourse_error take_one(const struct recourse_text *from, struct arena *arena, size_t index,
	struct said_text *text, struct recourse_refusal *refusal)
{
	if (from->random.size != NOTE_TEXT_RANDOM_SIZE)
		return refuse_text(refusal, RECOURSE_FIELD_LIMIT, index, ".random", "32 bytes");
	if (from->text.size < 1 || from->text.size > NOTE_TEXT_SIZE_MAX)
		return refuse_text(refusal, RECOURSE_FIELD_LIMIT, index, ".text", "1 to 8192 bytes");
	if (!note_text_valid(from->text))
		return refuse_text(refusal, RECOURSE_FIELD_FORMAT, index, ".text", NOTE_TEXT_FORM);
	memcpy(text->random, from->random.data, sizeof text->random);
	text->used = false;
	note_text_commit(text->random, from->text, &text->commitment);
	return arena_copy(arena, from->text, &text->text);
}

static enum recourse_error take_all(
	struct said *said, const struct recourse_signed *from, struct recourse_refusal *refusal)
{
	*said = (struct said){.arena = {.secret = true}};
	if (from->text_count > RECOURSE_TEXTS_MAX)
		return refusal_limit(
			refusal, RECOURSE_FIELD_LIMIT, "texts", "at most %d", RECOURSE_TEXTS_MAX);
	if (from->text_count == 0)
		return RECOURSE_OK;
	said->texts = arena_allocate(&said->arena, from->text_count * sizeof *said->texts);
	if (said->texts == NULL)
		return RECOURSE_MEMORY;
	for (size_t index = 0; index < from->text_count; index++) {
		TRY(take_one(&from->texts[index], &said->arena, index, &said->texts[index], refusal));
		said->count++;
	}
	return RECOURSE_OK;
}

static struct said_text *find(const struct said *said, const uint8_t *commitment, bool used)
{
	for (size_t index = 0; index < said->count; index++) {
		struct said_text *text = &said->texts[index];
		if (text->used == used && memcmp(text->commitment.bytes, commitment, CRYPTO_HASH_SIZE) == 0)
			return text;
	}
	return NULL;
}

/* Which field of the method is a note; its count where none is. */
static size_t note_field(const struct recourse_method *method)
{
	size_t index = 0;
	while (index < method->field_count && method->fields[index].type != RECOURSE_FIELD_NOTE)
		index++;
	return index;
}

/* What a request says and reads. */
struct notes_found {
	size_t untold; /* notes that have no text of their own; `first` is the command that has the first of them */
	size_t first;
	size_t read; /* by commands whose reply has the text */
};

static struct notes_found find_notes(struct said *said, const struct request *request)
{
	const struct command *command = NULL;
	size_t field = 0;
	bool reads = false;
	struct notes_found found = {.untold = 0};
	for (size_t index = 0; index < request->count; index++) {
		const struct request_command *given = &request->commands[index];
		if (given->command != command) {
			field = note_field(&given->command->method);
			reads = strcmp(given->command->method.name, COMMAND_UNSEAL) == 0;
		}
		command = given->command;
		found.read += reads;
		if (field == command->method.field_count || !given->values[field].present)
			continue;
		struct said_text *text = find(said, given->values[field].text.data, false);
		if (text != NULL)
			text->used = true;
		else if (found.untold++ == 0)
			found.first = index;
	}
	return found;
}

static enum recourse_error match(
	struct said *said, const struct request *request, struct recourse_refusal *refusal)
{
	const struct notes_found found = find_notes(said, request);
	size_t unused = 0;
	if (found.read > RECOURSE_TEXTS_MAX) /* what a reply may have to hold */
		return refusal_limit(refusal, RECOURSE_FIELD_LIMIT, "commands", "at most %d that read a note",
			RECOURSE_TEXTS_MAX);
	while (unused < said->count && said->texts[unused].used)
		unused++;
	if (unused < said->count && found.untold == 0)
		return refusal_field(refusal, RECOURSE_FIELD_LIMIT, "texts", "one for each note");
	if (unused < said->count)
		return refuse_text(
			refusal, RECOURSE_FIELD_FORMAT, unused, "", "what a note of the request commits to");
	if (found.untold == 0)
		return RECOURSE_OK;
	refusal->command = (int64_t)found.first;
	return refusal_field(refusal, RECOURSE_FIELD_MISSING, "texts", "random and text of each note");
}

enum recourse_error said_take(struct said *said, const struct recourse_signed *from,
	const struct request *request, struct recourse_refusal *refusal)
{
	TRY(take_all(said, from, refusal));
	return match(said, request, refusal);
}

void said_free(struct said *said)
{
	arena_free(&said->arena);
	*said = (struct said){.count = 0};
}

enum recourse_error said_note(
	const struct said *said, struct state_view *state, uint64_t first, uint64_t end, struct buffer *out)
{
	for (uint64_t entry = first; entry < end && said->count > 0; entry++) {
		struct record_path path = record_path_of_number(RECORD_NOTED, entry);
		struct record_note record;
		bool there;
		TRY(record_get_optional(state, &path, &record, sizeof record, &there));
		const struct said_text *text = there ? find(said, record.commitment, true) : NULL;
		if (text == NULL)
			continue;
		struct notes_text note = {.entry = entry,
			.key = record.key,
			.commitment = text->commitment,
			.text = text->text};
		memcpy(note.random, text->random, sizeof note.random);
		buffer_append(out, &note, sizeof note);
	}
	return buffer_failed(out) ? RECOURSE_MEMORY : RECOURSE_OK;
}
