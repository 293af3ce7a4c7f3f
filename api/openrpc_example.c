/* SPDX-License-Identifier: Apache-2.0 */
#include "openrpc_example.h"

#include "base/item.h"
#include "base/transcode.h"

#include <stdio.h>

/* The assembler puts the file here; its path is relative to where the compiler runs. */
__asm__(".pushsection .rodata\n"
	"openrpc_example_lines: .incbin \"api/examples.json\"\n"
	"openrpc_example_end:\n"
	".popsection\n");
extern const char openrpc_example_lines[];
extern const char openrpc_example_end[];

/* The line of a method; of size 0 where it has none. */
static slice find_line(const char *method)
{
	char begin[100];
	int size = snprintf(begin, sizeof begin, "{\"method\":\"%s\",", method);
	size_t left = (size_t)(openrpc_example_end - openrpc_example_lines);
	const char *line = memmem(openrpc_example_lines, left, begin, (size_t)size);
	const char *end = line == NULL ? NULL : memchr(line, '\n', (size_t)(openrpc_example_end - line));
	return end == NULL ? slice_of(NULL, 0) : slice_of(line, (size_t)(end - line));
}

/* An example object is a name and a value. */
static void write_value(slice name, slice value, struct buffer *out)
{
	struct item_map map = item_map_open(out);
	item_write_pair_text(out, "name", name);
	item_write_key(out, "value");
	buffer_append(out, value.data, value.size);
	item_map_close(map, out);
}

static void write_params(slice params, struct buffer *out)
{
	slice reader = params;
	struct item head;
	if (item_read_type(&reader, ITEM_MAP, &head) != RECOURSE_OK)
		return;
	item_write_array(out, head.count);
	for (uint64_t pair = 0; pair < head.count; pair++) {
		struct item key;
		slice value;
		if (item_read_type(&reader, ITEM_TEXT, &key) == RECOURSE_OK &&
			item_read_whole(&reader, &value) == RECOURSE_OK)
			write_value(key.string, value, out);
	}
}

/* The line's members are in their order: method, params, result. */
static void write_pairing(const struct recourse_method *method, slice line, struct buffer *out)
{
	slice reader = line;
	struct item head;
	slice members[6];
	bool good = item_read_type(&reader, ITEM_MAP, &head) == RECOURSE_OK && head.count == 3;
	for (size_t index = 0; good && index < 6; index++)
		good = item_read_whole(&reader, &members[index]) == RECOURSE_OK;
	if (!good)
		return;
	struct item_map map = item_map_open(out);
	item_write_pair_text(out, "name", slice_text(method->name));
	item_write_key(out, "params");
	write_params(members[3], out);
	item_write_key(out, "result");
	write_value(
		slice_text(method->kind == RECOURSE_METHOD_COMMAND ? "outcome" : "result"), members[5], out);
	item_map_close(map, out);
}

void openrpc_example_write(const struct recourse_method *method, struct buffer *out)
{
	struct transcode_problem problem;
	struct buffer item = {0};
	slice line = find_line(method->name);
	if (line.size == 0)
		return;
	if (transcode_from_json(line, &item, &problem) == RECOURSE_OK) {
		item_write_key(out, "examples");
		item_write_array(out, 1);
		write_pairing(method, buffer_slice(&item), out);
	}
	out->failed |= buffer_failed(&item);
	buffer_free(&item);
}
