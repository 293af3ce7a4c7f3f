/* SPDX-License-Identifier: Apache-2.0 */
#include "play/play_argument.h"

#include "arguments.h"
#include "base/item.h"
#include "play/play_memory.h"
#include "play/play_pair.h"

enum { HASH_DIGITS = 64 };

struct writer {
	const struct play_people *people;
	const struct recourse_method *method;
	const struct play_word *words;
	size_t count;
	struct arena *arena;
	struct buffer *out;
};

static const struct recourse_field *field_of(const struct recourse_method *method, const char *name)
{
	for (size_t index = 0; method != NULL && index < method->field_count; index++) {
		if (strcmp(method->fields[index].name, name) == 0)
			return &method->fields[index];
	}
	return NULL;
}

bool play_argument_is(const struct recourse_method *method, const char *word, struct arena *arena)
{
	struct play_pair pair;
	if (!play_pair_read(word, arena, &pair))
		return false;
	return pair.sign == PLAY_SIGN_JSON ||
	       (pair.sign == PLAY_SIGN_IS && field_of(method, pair.name) != NULL);
}

/* ---- values ---- */

static void find_person(
	const struct writer *writer, bool whole, const char *name, char text[static KEY_TEXT_SIZE])
{
	if (whole)
		play_people_vkey(writer->people, name, text);
	else
		play_people_handle(writer->people, name, text);
}

static void write_person(struct writer *writer, bool whole, const char *name)
{
	char text[KEY_TEXT_SIZE];
	find_person(writer, whole, name, text);
	item_write_text(writer->out, slice_text(text));
}

static bool is_person(const struct recourse_field *field)
{
	return field->type == RECOURSE_FIELD_KEY || field->type == RECOURSE_FIELD_HANDLE;
}

static const struct recourse_field *member_of(const struct recourse_field *list, slice name)
{
	for (size_t index = 0; index < list->member_count; index++) {
		if (slice_is(name, list->members[index].name))
			return &list->members[index];
	}
	return NULL;
}

/* "ab*": these digits until there are enough. */
static void write_hash(struct writer *writer, const char *text)
{
	char digits[HASH_DIGITS + 1] = "";
	size_t size = strlen(text);
	if (size < 2 || size > HASH_DIGITS || text[size - 1] != '*') {
		item_write_text(writer->out, slice_text(text));
		return;
	}
	for (size_t index = 0; index < HASH_DIGITS; index++)
		digits[index] = text[index % (size - 1)];
	item_write_text(writer->out, slice_text(digits));
}

/* What the field can not even be given as is given as a text, for the ledger to refuse. */
static void write_scalar(struct writer *writer, const struct recourse_field *field, const char *text)
{
	struct recourse_refusal refusal;
	size_t start = writer->out->size;
	if (arguments_value(field, slice_text(text), writer->out, &refusal) == RECOURSE_OK)
		return;
	writer->out->size = start;
	item_write_text(writer->out, slice_text(text));
}

static void write_typed(struct writer *writer, const struct recourse_field *field, const char *text)
{
	bool key = field != NULL && field->type == RECOURSE_FIELD_KEY;
	bool handle = field != NULL && field->type == RECOURSE_FIELD_HANDLE;
	if ((key || handle) && *text == '@')
		write_person(writer, key, text + 1);
	else if (field == NULL || key || field->type == RECOURSE_FIELD_LIST)
		item_write_text(writer->out, slice_text(text));
	else if (field->type == RECOURSE_FIELD_HASH)
		write_hash(writer, text);
	else
		write_scalar(writer, field, text);
}

/* "key:@maker" among the members of a row, as it would be a field's. */
static const char *expand_row(struct writer *writer, const struct recourse_field *list, const char *text)
{
	struct buffer out = {0};
	for (const char *rest = text; *rest != '\0';) {
		size_t size = strcspn(rest, ",");
		size_t name = strcspn(rest, ":");
		const struct recourse_field *member = member_of(list, slice_of((const uint8_t *)rest, name));
		char person[KEY_TEXT_SIZE];
		if (name < size && rest[name + 1] == '@' && member != NULL && is_person(member)) {
			find_person(writer, member->type == RECOURSE_FIELD_KEY,
				play_memory_format(
					writer->arena, "%.*s", (int)(size - name - 2), rest + name + 2),
				person);
			buffer_append(&out, rest, name + 1);
			buffer_append(&out, person, strlen(person));
		} else {
			buffer_append(&out, rest, size);
		}
		rest += size;
		if (*rest == ',')
			buffer_append(&out, rest++, 1);
	}
	const char *expanded = play_memory_format(writer->arena, "%.*s", (int)out.size, out.data);
	buffer_free(&out);
	return expanded;
}

/* Each time that the list is named is a row. */
static const char *write_rows(struct writer *writer, const struct recourse_field *field)
{
	struct recourse_refusal refusal;
	struct buffer rows = {0};
	const char *wrong = NULL;
	uint64_t count = 0;
	for (size_t index = 0; wrong == NULL && index < writer->count; index++) {
		struct play_pair pair;
		if (!play_pair_read(writer->words[index].text, writer->arena, &pair) ||
			strcmp(pair.name, field->name) != 0)
			continue;
		const char *text = play_pair_text(pair.value, writer->arena);
		if (text != NULL)
			text = expand_row(writer, field, text);
		if (text == NULL || arguments_row(field, slice_text(text), &rows, &refusal) != RECOURSE_OK)
			wrong = play_memory_format(
				writer->arena, "%s: a row, member:value,member:value", pair.name);
		count++;
	}
	item_write_array(writer->out, count);
	buffer_append(writer->out, rows.data, rows.size);
	buffer_free(&rows);
	return wrong;
}

static const char *write_value(struct writer *writer, const struct play_pair *pair)
{
	const struct recourse_field *field = field_of(writer->method, pair->name);
	slice item;
	if (pair->sign == PLAY_SIGN_JSON || play_pair_is_json(pair->value)) {
		if (!play_pair_item(pair->value, writer->arena, &item))
			return play_memory_format(writer->arena, "%s: JSON", pair->name);
		buffer_append(writer->out, item.data, item.size);
		return NULL;
	}
	if (field != NULL && field->type == RECOURSE_FIELD_LIST)
		return write_rows(writer, field);
	const char *text = play_pair_text(pair->value, writer->arena);
	if (text == NULL)
		return play_memory_format(writer->arena, "%s: a text that ends with its quote", pair->name);
	write_typed(writer, field, text);
	return NULL;
}

/* ---- the map ---- */

static bool named_before(const struct writer *writer, size_t count, const char *name)
{
	for (size_t index = 0; index < count; index++) {
		struct play_pair pair;
		if (play_pair_read(writer->words[index].text, writer->arena, &pair) &&
			strcmp(pair.name, name) == 0)
			return true;
	}
	return false;
}

static const char *write_pair(struct writer *writer, size_t index)
{
	const char *word = writer->words[index].text;
	struct play_pair pair;
	if (!play_pair_read(word, writer->arena, &pair) ||
		(pair.sign != PLAY_SIGN_IS && pair.sign != PLAY_SIGN_JSON) || *pair.name == '\0')
		return play_memory_format(writer->arena, "field=value, and not %s", word);
	const struct recourse_field *field = field_of(writer->method, pair.name);
	bool list = field != NULL && field->type == RECOURSE_FIELD_LIST;
	if (named_before(writer, index, pair.name) || strcmp(pair.name, "command") == 0)
		return list ? NULL : play_memory_format(writer->arena, "%s once", pair.name);
	item_write_key(writer->out, pair.name);
	return write_value(writer, &pair);
}

const char *play_argument_write(const struct play_people *people, const char *name,
	const struct recourse_method *method, const struct play_word *words, size_t count,
	struct arena *arena, struct buffer *out)
{
	struct writer writer = {people, method, words, count, arena, out};
	struct item_map map = item_map_open(out);
	if (name != NULL)
		item_write_pair_text(out, "command", slice_text(name));
	for (size_t index = 0; index < count; index++) {
		const char *wrong = write_pair(&writer, index);
		if (wrong != NULL)
			return wrong;
	}
	item_map_close(map, out);
	return NULL;
}
