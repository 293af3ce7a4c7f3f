/* SPDX-License-Identifier: Apache-2.0 */
#include "arguments.h"

#include "entry/field.h"
#include "file.h"
#include "base/item.h"
#include "output.h"
#include "base/refusal.h"
#include "base/text.h"
#include "suggest.h"
#include "texts.h"

#include <errno.h>
#include <stdlib.h>

/* One field=value. */
struct pair {
	slice name;
	const char *value; /* "" where there is no '=' */
	bool given;
};

static struct pair pair_of(const char *text)
{
	size_t size = strcspn(text, "=");
	bool given = text[size] == '=';
	return (struct pair){
		.name = slice_of(text, size),
		.value = text + size + given,
		.given = given,
	};
}

static void refuse_name(
	struct recourse_refusal *refusal, enum recourse_error error, slice name, const char *limit)
{
	char text[sizeof refusal->field];
	snprintf(text, sizeof text, "%.*s", name.size < sizeof text ? (int)name.size : (int)sizeof text - 1,
		(const char *)name.data);
	refusal_clear(refusal);
	(void)refusal_field(refusal, error, text, limit);
}

const struct recourse_field *arguments_field(
	const struct recourse_field *fields, size_t count, slice name, struct recourse_refusal *refusal)
{
	struct suggest suggest = {.word = name};
	char limit[sizeof refusal->limit] = "";
	for (size_t index = 0; index < count; index++) {
		if (slice_is(name, fields[index].name))
			return &fields[index];
		suggest_consider(&suggest, fields[index].name);
	}
	if (suggest_best(&suggest) != NULL) {
		snprintf(limit, sizeof limit, "did you mean %s?", suggest_best(&suggest));
	} else {
		size_t length = (size_t)snprintf(limit, sizeof limit, "there are");
		for (size_t index = 0; index < count && length < sizeof limit; index++)
			length += (size_t)snprintf(
				limit + length, sizeof limit - length, " %s", fields[index].name);
	}
	refuse_name(refusal, RECOURSE_FIELD_UNKNOWN, name, limit);
	return NULL;
}

static enum recourse_error refuse_bytes(const struct recourse_field *field, struct recourse_refusal *refusal)
{
	return refusal_field(refusal, RECOURSE_FIELD_FORMAT, field->name, "UTF-8");
}

static enum recourse_error write_integer(
	const struct recourse_field *field, slice text, struct buffer *out, struct recourse_refusal *refusal)
{
	char digits[24];
	char *end = digits;
	if (text.size > 0 && text.size < sizeof digits) {
		memcpy(digits, text.data, text.size);
		digits[text.size] = '\0';
		bool digit = digits[0] == '-' || (digits[0] >= '0' && digits[0] <= '9');
		errno = 0;
		long long value = strtoll(digits, &end, 10);
		if (digit && errno == 0 && end == digits + text.size) {
			item_write_integer(out, value);
			return RECOURSE_OK;
		}
	}
	return refusal_limit(refusal, RECOURSE_FIELD_TYPE, field->name, "a whole number, %lld to %lld",
		(long long)field->minimum, (long long)field->maximum);
}

static slice take_until(slice *rest, char separator)
{
	const uint8_t *found = rest->size == 0 ? NULL : memchr(rest->data, separator, rest->size);
	size_t size = found == NULL ? rest->size : (size_t)(found - rest->data);
	slice part = slice_of(rest->data, size);
	size += found != NULL;
	*rest = slice_of(rest->data + size, rest->size - size);
	return part;
}

static void write_set(slice text, struct buffer *out)
{
	uint64_t count = text.size > 0;
	for (size_t index = 0; index < text.size; index++)
		count += text.data[index] == ',';
	item_write_array(out, count);
	for (uint64_t index = 0; index < count; index++)
		item_write_text(out, take_until(&text, ','));
}

static enum recourse_error write_key(
	const struct recourse_field *field, slice text, struct buffer *out, struct recourse_refusal *refusal)
{
	struct buffer path = {0};
	struct buffer vkey = {0};
	buffer_append(&path, text.data, text.size);
	buffer_append(&path, "", 1);
	enum recourse_error error =
		buffer_failed(&path) ? RECOURSE_MEMORY : file_value((char *)path.data, &vkey);
	if (error == RECOURSE_OK && text_is_utf8(buffer_slice(&vkey)))
		item_write_text(out, buffer_slice(&vkey));
	else if (error == RECOURSE_OK)
		error = refuse_bytes(field, refusal);
	else
		error = refusal_field(refusal, error, field->name, "a file that can be read");
	buffer_free(&path);
	buffer_free(&vkey);
	return error;
}

/* All lines of a file; not the newline that ends the last one. */
static enum recourse_error write_note(const struct recourse_field *field, const char *path,
	struct buffer *out, struct recourse_refusal *refusal)
{
	struct buffer text = {.secret = true};
	enum recourse_error error = file_read(path, RECOURSE_TEXT_SIZE_MAX + 1, &text);
	if (error == RECOURSE_OK && text.size > 0 && text.data[text.size - 1] == '\n')
		text.size--;
	if (error == RECOURSE_OK && text_is_utf8(buffer_slice(&text)))
		item_write_text(out, buffer_slice(&text));
	else if (error == RECOURSE_OK)
		error = refuse_bytes(field, refusal);
	else
		error = refusal_field(
			refusal, error, field->name, "a file that can be read, of 8192 bytes at most");
	buffer_free(&text);
	return error;
}

enum recourse_error arguments_value(
	const struct recourse_field *field, slice text, struct buffer *out, struct recourse_refusal *refusal)
{
	if (!text_is_utf8(text))
		return refuse_bytes(field, refusal);
	switch (field->type) {
	case RECOURSE_FIELD_INTEGER:
		return write_integer(field, text, out, refusal);
	case RECOURSE_FIELD_SET:
		write_set(text, out);
		return RECOURSE_OK;
	case RECOURSE_FIELD_LIST:
		return refusal_field(
			refusal, RECOURSE_FIELD_TYPE, field->name, "rows, member:value,member:value");
	case RECOURSE_FIELD_ID:
	case RECOURSE_FIELD_TEXT:
	case RECOURSE_FIELD_UNIT:
	case RECOURSE_FIELD_AMOUNT:
	case RECOURSE_FIELD_PERCENT:
	case RECOURSE_FIELD_HASH:
	case RECOURSE_FIELD_NOTE:
	case RECOURSE_FIELD_TIME:
	case RECOURSE_FIELD_CHOICE:
	case RECOURSE_FIELD_KEY:
	case RECOURSE_FIELD_HANDLE:
		break;
	}
	item_write_text(out, text);
	return RECOURSE_OK;
}

/* The next member of a row, its commas freed of their backslashes. */
static void take_member(slice *rest, struct buffer *member)
{
	buffer_clear(member);
	while (rest->size > 0) {
		uint8_t byte = rest->data[0];
		bool escaped = byte == '\\' && rest->size > 1 && rest->data[1] == ',';
		size_t used = escaped ? 2 : 1;
		*rest = slice_of(rest->data + used, rest->size - used);
		if (byte == ',')
			return;
		buffer_append(member, escaped ? (const uint8_t *)"," : &byte, 1);
	}
}

static enum recourse_error write_member(
	const struct recourse_field *list, slice member, struct buffer *out, struct recourse_refusal *refusal)
{
	slice name = take_until(&member, ':');
	const struct recourse_field *field =
		arguments_field(list->members, list->member_count, name, refusal);
	if (field == NULL)
		return RECOURSE_FIELD_UNKNOWN;
	item_write_key(out, field->name);
	return arguments_value(field, member, out, refusal);
}

static bool given_twice(const struct recourse_field *list, const struct buffer *row, size_t start)
{
	slice reader = {.data = row->data + start, .size = row->size - start};
	uint64_t seen = 0;
	while (reader.size > 0) {
		struct item key;
		slice value;
		if (item_read_type(&reader, ITEM_TEXT, &key) != RECOURSE_OK ||
			item_read_whole(&reader, &value) != RECOURSE_OK)
			return false;
		for (size_t index = 0; index < list->member_count; index++) {
			if (!slice_is(key.string, list->members[index].name))
				continue;
			if ((seen >> index & 1) != 0)
				return true;
			seen |= UINT64_C(1) << index;
		}
	}
	return false;
}

enum recourse_error arguments_row(
	const struct recourse_field *field, slice text, struct buffer *out, struct recourse_refusal *refusal)
{
	enum recourse_error error = RECOURSE_OK;
	struct buffer member = {0};
	struct item_map map = item_map_open(out);
	size_t start = out->size;
	while (error == RECOURSE_OK && text.size > 0) {
		take_member(&text, &member);
		error = buffer_failed(&member) ? RECOURSE_MEMORY
					       : write_member(field, buffer_slice(&member), out, refusal);
	}
	if (error == RECOURSE_OK && given_twice(field, out, start))
		error = refusal_field(
			refusal, RECOURSE_FIELD_DUPLICATE, field->name, "each member once in a row");
	if (error == RECOURSE_OK)
		item_map_close(map, out);
	buffer_free(&member);
	return error;
}

static enum recourse_error write_list(const struct recourse_field *field, char *const *pairs, size_t count,
	struct buffer *out, struct recourse_refusal *refusal)
{
	uint64_t rows = 0;
	for (size_t index = 0; index < count; index++)
		rows += slice_is(pair_of(pairs[index]).name, field->name);
	item_write_array(out, rows);
	enum recourse_error error = RECOURSE_OK;
	for (size_t index = 0; error == RECOURSE_OK && index < count; index++) {
		struct pair pair = pair_of(pairs[index]);
		if (slice_is(pair.name, field->name))
			error = arguments_row(field, slice_text(pair.value), out, refusal);
	}
	return error;
}

static enum recourse_error check_names(const struct recourse_method *method, char *const *pairs, size_t count,
	struct recourse_refusal *refusal)
{
	for (size_t index = 0; index < count; index++) {
		struct pair pair = pair_of(pairs[index]);
		const struct recourse_field *field =
			arguments_field(method->fields, method->field_count, pair.name, refusal);
		if (field == NULL)
			return RECOURSE_FIELD_UNKNOWN;
		if (!pair.given)
			return refusal_field(
				refusal, RECOURSE_FIELD_MISSING, field->name, "a value: field=value");
		for (size_t earlier = 0; earlier < index && field->type != RECOURSE_FIELD_LIST; earlier++) {
			if (slice_equal(pair_of(pairs[earlier]).name, pair.name))
				return refusal_field(refusal, RECOURSE_FIELD_DUPLICATE, field->name, "once");
		}
	}
	return RECOURSE_OK;
}

static enum recourse_error write_field(const struct recourse_field *field, char *const *pairs, size_t count,
	struct buffer *out, struct recourse_refusal *refusal)
{
	for (size_t index = 0; index < count; index++) {
		struct pair pair = pair_of(pairs[index]);
		if (!slice_is(pair.name, field->name))
			continue;
		item_write_key(out, field->name);
		if (field->type == RECOURSE_FIELD_LIST)
			return write_list(field, pairs, count, out, refusal);
		if (field->type == RECOURSE_FIELD_NOTE && pair.value[0] == '@')
			return write_note(field, pair.value + 1, out, refusal);
		if (field->type == RECOURSE_FIELD_KEY)
			return write_key(field, slice_text(pair.value), out, refusal);
		return arguments_value(field, slice_text(pair.value), out, refusal);
	}
	return RECOURSE_OK;
}

enum recourse_error arguments_encode(const struct recourse_method *method, char *const *pairs, size_t count,
	struct buffer *out, struct recourse_refusal *refusal)
{
	refusal_clear(refusal);
	enum recourse_error error = check_names(method, pairs, count, refusal);
	if (error != RECOURSE_OK)
		return error;
	size_t start = out->size;
	struct item_map map = item_map_open(out);
	if (method->kind == RECOURSE_METHOD_COMMAND)
		item_write_pair_text(out, "command", slice_text(method->name));
	for (size_t index = 0; error == RECOURSE_OK && index < method->field_count; index++)
		error = write_field(&method->fields[index], pairs, count, out, refusal);
	if (error != RECOURSE_OK)
		return error;
	item_map_close(map, out);
	if (buffer_failed(out))
		return RECOURSE_MEMORY;
	return arguments_check(method, slice_of(out->data + start, out->size - start), refusal);
}

enum recourse_error arguments_check(
	const struct recourse_method *method, slice map, struct recourse_refusal *refusal)
{
	struct arena arena = {0};
	struct buffer signed_map = {0};
	const char *skip = method->kind == RECOURSE_METHOD_COMMAND ? "command" : NULL;
	refusal_clear(refusal);
	enum recourse_error error = texts_commit(NULL, method, map, &signed_map, refusal);
	slice reader = error == RECOURSE_OK ? buffer_slice(&signed_map) : map;
	struct value *values = arena_allocate(&arena, (method->field_count + 1) * sizeof *values);
	if (values == NULL)
		error = RECOURSE_MEMORY;
	/* what is no map is for the decoder to name */
	if (error == RECOURSE_OK || (error != RECOURSE_MEMORY && refusal->field[0] == '\0'))
		error = field_decode(
			method->fields, method->field_count, skip, &reader, &arena, values, refusal);
	arena_free(&arena);
	buffer_free(&signed_map);
	return error;
}

const struct recourse_method *arguments_method(const char *name, bool command)
{
	struct suggest suggest = {.word = slice_text(name)};
	const struct recourse_method *method = recourse_method_find(name, strlen(name));
	if (method != NULL && (method->kind == RECOURSE_METHOD_COMMAND) == command)
		return method;
	for (size_t index = 0; recourse_method_at(index) != NULL; index++) {
		const struct recourse_method *other = recourse_method_at(index);
		if ((other->kind == RECOURSE_METHOD_COMMAND) == command)
			suggest_consider(&suggest, other->name);
	}
	output_problem("there is no %s '%s' [METHOD_UNKNOWN]", command ? "command" : "query", name);
	if (method != NULL)
		output_next("it is a %s: recourse %s %s", command ? "query" : "command",
			command ? "query" : "submit", name);
	else if (suggest_best(&suggest) != NULL)
		output_next("did you mean %s?", suggest_best(&suggest));
	else
		output_next("recourse help %s", command ? "commands" : "queries");
	return NULL;
}
