/* SPDX-License-Identifier: Apache-2.0 */
#include "base/transcode.h"
#include "base/crypto.h"
#include "base/item.h"
#include "base/text.h"
#include "base/try.h"

#include <assert.h>
#include <jansson.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdlib.h>

static void problem_set(struct transcode_problem *problem, const char *reason)
{
	*problem = (struct transcode_problem){.reason = reason};
}

static enum recourse_error translate(const json_error_t *error, struct transcode_problem *problem)
{
	static const char *const reasons[] = {
		[json_error_out_of_memory] = "out of memory",
		[json_error_stack_overflow] = "nested too deeply",
		[json_error_invalid_utf8] = "text is not UTF-8",
		[json_error_premature_end_of_input] = "ends too early",
		[json_error_end_of_input_expected] = "trailing bytes",
		[json_error_invalid_syntax] = "not JSON",
		[json_error_null_character] = "NUL in a string",
		[json_error_null_byte_in_key] = "NUL in a member's name",
		[json_error_duplicate_key] = "duplicate member",
		[json_error_numeric_overflow] = "number is too large",
	};
	enum json_error_code code = json_error_code(error);
	bool known = (size_t)code < sizeof reasons / sizeof reasons[0] && reasons[code] != NULL;
	*problem = (struct transcode_problem){
		.reason = known ? reasons[code] : "not JSON",
		.line = error->line > 0 ? error->line : 0,
		.column = error->column > 0 ? error->column : 0,
	};
	if (code == json_error_stack_overflow)
		return RECOURSE_TOO_LARGE;
	return code == json_error_out_of_memory ? RECOURSE_MEMORY : RECOURSE_MALFORMED;
}

static enum recourse_error write_value(
	json_t *value, unsigned depth, struct buffer *out, struct transcode_problem *problem);

struct member {
	slice name;
	json_t *value;
};

/* RFC 8949 §4.2.1: the encoded key begins with its length, so shorter ones come first. */
static int compare_members(const void *a, const void *b)
{
	slice one = ((const struct member *)a)->name;
	slice other = ((const struct member *)b)->name;
	if (one.size != other.size)
		return one.size < other.size ? -1 : 1;
	return slice_compare(one, other);
}

static enum recourse_error write_object(
	json_t *object, unsigned depth, struct buffer *out, struct transcode_problem *problem)
{
	struct member *members = calloc(json_object_size(object) + 1, sizeof *members);
	if (members == NULL)
		return RECOURSE_MEMORY;
	size_t count = 0;
	for (void *at = json_object_iter(object); at != NULL; at = json_object_iter_next(object, at))
		members[count++] =
			(struct member){slice_text(json_object_iter_key(at)), json_object_iter_value(at)};
	qsort(members, count, sizeof *members, compare_members);

	enum recourse_error error = RECOURSE_OK;
	item_write_map(out, count);
	for (size_t index = 0; index < count && error == RECOURSE_OK; index++) {
		item_write_text(out, members[index].name);
		error = write_value(members[index].value, depth, out, problem);
	}
	free(members);
	return error;
}

static enum recourse_error write_array(
	json_t *array, unsigned depth, struct buffer *out, struct transcode_problem *problem)
{
	size_t count = json_array_size(array);
	enum recourse_error error = RECOURSE_OK;
	item_write_array(out, count);
	for (size_t index = 0; index < count && error == RECOURSE_OK; index++)
		error = write_value(json_array_get(array, index), depth, out, problem);
	return error;
}

/* `depth` arrays and objects are open around the value. */
static enum recourse_error write_value(
	json_t *value, unsigned depth, struct buffer *out, struct transcode_problem *problem)
{
	if (depth == ITEM_DEPTH_MAX && (json_is_object(value) || json_is_array(value))) {
		problem_set(problem, "nested too deeply");
		return RECOURSE_TOO_LARGE;
	}
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		return write_object(value, depth + 1, out, problem);
	case JSON_ARRAY:
		return write_array(value, depth + 1, out, problem);
	case JSON_STRING:
		item_write_text(out, slice_of(json_string_value(value), json_string_length(value)));
		return RECOURSE_OK;
	case JSON_INTEGER:
		item_write_integer(out, json_integer_value(value));
		return RECOURSE_OK;
	case JSON_REAL:
		problem_set(problem, "number is not an integer: an amount is a text, \"3.50\"");
		return RECOURSE_MALFORMED;
	case JSON_TRUE:
	case JSON_FALSE:
		item_write_boolean(out, json_is_true(value));
		return RECOURSE_OK;
	case JSON_NULL:
		item_write_null(out);
		return RECOURSE_OK;
	}
	assert(false && "a type of JSON");
	return RECOURSE_INTERNAL;
}

static bool bytes_acceptable(slice json, struct transcode_problem *problem)
{
	static const uint8_t order_mark[] = {0xEF, 0xBB, 0xBF};
	if (json.size >= sizeof order_mark && memcmp(json.data, order_mark, sizeof order_mark) == 0) {
		*problem = (struct transcode_problem){.reason = "byte order mark", .line = 1, .column = 1};
		return false;
	}
	/* jansson stops at a NUL as if the text ended there, whatever follows. */
	if (json.size > 0 && memchr(json.data, 0, json.size) != NULL) {
		problem_set(problem, "NUL byte");
		return false;
	}
	return true;
}

/*
 * Where memory runs out, jansson calls the text wrong, goes on with bytes missing from a string, or aborts over an
 * escape that has lost its end. So it never hears of it: the load is left by a jump, and what it had is freed. jansson
 * hands its functions no context, hence the one variable.
 */
struct block {
	_Alignas(max_align_t) struct block *next;
	struct block *previous;
	size_t size; /* of what follows */
};
_Static_assert(sizeof(struct block) % _Alignof(max_align_t) == 0, "what follows it must be aligned");

struct loading {
	jmp_buf out_of_memory;
	struct block blocks; /* a ring */
};
static _Thread_local struct loading *loading;

static void *allocate(size_t size)
{
	struct block *block = size > SIZE_MAX - sizeof *block ? NULL : malloc(sizeof *block + size);
	if (block == NULL)
		longjmp(loading->out_of_memory, 1);
	struct block *first = &loading->blocks;
	*block = (struct block){.next = first->next, .previous = first, .size = size};
	first->next->previous = block;
	first->next = block;
	return block + 1;
}

static void leave_ring(struct block *block)
{
	block->next->previous = block->previous;
	block->previous->next = block->next;
}

static void release(void *memory)
{
	if (memory == NULL)
		return;
	struct block *block = (struct block *)memory - 1;
	leave_ring(block);
	crypto_wipe(memory, block->size); /* it may be what people said */
	free(block);
}

__attribute__((constructor)) static void watch_allocations(void)
{
	json_set_alloc_funcs(allocate, release);
}

/* False when there was not enough memory. */
static bool try_load(
	struct loading *here, const char *text, size_t size, json_t **value, json_error_t *refused)
{
	here->blocks = (struct block){.next = &here->blocks, .previous = &here->blocks};
	loading = here;
	if (setjmp(here->out_of_memory) != 0) {
		while (here->blocks.next != &here->blocks)
			release(here->blocks.next + 1);
		return false;
	}
	*value = json_loadb(text, size, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, refused);
	/* what is left of it outlives the ring's first, and has all of its memory */
	leave_ring(&here->blocks);
	return true;
}

static enum recourse_error load(slice json, json_t **value, struct transcode_problem *problem)
{
	/* jansson takes no NULL, which is what an empty slice may hold. */
	const char *text = json.size == 0 ? "" : (const char *)json.data;
	struct loading here;
	json_error_t refused;
	bool enough = try_load(&here, text, json.size, value, &refused);
	loading = NULL;
	if (!enough)
		return RECOURSE_MEMORY;
	return *value == NULL ? translate(&refused, problem) : RECOURSE_OK;
}

enum recourse_error transcode_from_json(slice json, struct buffer *out, struct transcode_problem *problem)
{
	problem_set(problem, "");
	if (!bytes_acceptable(json, problem))
		return RECOURSE_MALFORMED;

	json_t *value;
	enum recourse_error error = load(json, &value, problem);
	if (error == RECOURSE_OK) {
		error = write_value(value, 0, out, problem);
		json_decref(value);
	}
	if (error == RECOURSE_OK && buffer_failed(out))
		error = RECOURSE_MEMORY;
	if (error == RECOURSE_MEMORY)
		problem_set(problem, "out of memory");
	return error;
}

struct writer {
	slice reader;
	struct buffer *out;
	enum transcode_style style;
};

/* What must be escaped (RFC 8259 §7) and has a short way to write it. */
static const char short_escapes[] = {
	['"'] = '"',
	['\\'] = '\\',
	['\b'] = 'b',
	['\f'] = 'f',
	['\n'] = 'n',
	['\r'] = 'r',
	['\t'] = 't',
};

/* A character of the first 2^16, in UTF-8. */
static void write_escape(struct buffer *out, slice character)
{
	const uint8_t *bytes = character.data;
	unsigned int number = bytes[0];
	if (number < sizeof short_escapes && short_escapes[number] != 0) {
		buffer_append_format(out, "\\%c", short_escapes[number]);
		return;
	}
	if (character.size == 2)
		number = (bytes[0] & 0x1Fu) << 6 | (bytes[1] & 0x3Fu);
	if (character.size == 3)
		number = (bytes[0] & 0x0Fu) << 12 | (bytes[1] & 0x3Fu) << 6 | (bytes[2] & 0x3Fu);
	buffer_append_format(out, "\\u%04x", number);
}

/* Of what must not stand there as it is: for JSON, or because who looks at it has a terminal (text.h). */
static size_t escaped_size(slice text)
{
	uint8_t byte = text.data[0];
	if (byte == '"' || byte == '\\')
		return 1;
	return byte >= 0x20 && byte < 0x7F ? 0 : text_control(text);
}

static void write_string(struct buffer *out, slice text)
{
	size_t written = 0;
	size_t size;
	buffer_append(out, "\"", 1);
	for (size_t index = 0; index<text.size; index += size> 0 ? size : 1) {
		slice rest = slice_from(text, index);
		size = escaped_size(rest);
		if (size == 0)
			continue;
		buffer_append(out, text.data + written, index - written);
		write_escape(out, slice_of(rest.data, size));
		written = index + size;
	}
	if (written < text.size)
		buffer_append(out, text.data + written, text.size - written);
	buffer_append(out, "\"", 1);
}

static void write_break(const struct writer *writer, unsigned level)
{
	if (writer->style == TRANSCODE_COMPACT)
		return;
	buffer_append(writer->out, "\n", 1);
	for (unsigned index = 0; index < level; index++)
		buffer_append(writer->out, "  ", 2);
}

static struct item next_item(struct writer *writer)
{
	struct item item;
	enum recourse_error error = item_read(&writer->reader, &item);
	assert(error == RECOURSE_OK); /* the whole item was checked before */
	return item;
}

static void write_item(struct writer *writer, unsigned level);

static void write_members(struct writer *writer, const struct item *container, unsigned level)
{
	bool map = container->type == ITEM_MAP;
	buffer_append_text(writer->out, map ? "{" : "[");
	for (uint64_t index = 0; index < container->count; index++) {
		if (index > 0)
			buffer_append(writer->out, ",", 1);
		write_break(writer, level + 1);
		if (map) {
			write_string(writer->out, next_item(writer).string);
			buffer_append_text(writer->out, writer->style == TRANSCODE_COMPACT ? ":" : ": ");
		}
		write_item(writer, level + 1);
	}
	if (container->count > 0)
		write_break(writer, level);
	buffer_append_text(writer->out, map ? "}" : "]");
}

static void write_item(struct writer *writer, unsigned level)
{
	struct item item = next_item(writer);
	switch (item.type) {
	case ITEM_INTEGER:
		buffer_append_format(writer->out, "%lld", (long long)item.integer);
		return;
	case ITEM_BYTES:
		buffer_append(writer->out, "\"", 1);
		crypto_base64_append(item.string, writer->out);
		buffer_append(writer->out, "\"", 1);
		return;
	case ITEM_TEXT:
		write_string(writer->out, item.string);
		return;
	case ITEM_ARRAY:
	case ITEM_MAP:
		write_members(writer, &item, level);
		return;
	case ITEM_FALSE:
		buffer_append_text(writer->out, "false");
		return;
	case ITEM_TRUE:
		buffer_append_text(writer->out, "true");
		return;
	case ITEM_NULL:
		buffer_append_text(writer->out, "null");
		return;
	}
	assert(false && "a type of item.h");
}

enum recourse_error transcode_to_json(slice item, enum transcode_style style, struct buffer *out)
{
	slice reader = item;
	slice whole;
	TRY(item_read_whole(&reader, &whole));
	if (reader.size > 0)
		return RECOURSE_MALFORMED;
	struct writer writer = {
		.reader = item,
		.out = out,
		.style = style,
	};
	write_item(&writer, 0);
	return buffer_failed(out) ? RECOURSE_MEMORY : RECOURSE_OK;
}
