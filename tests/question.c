/* SPDX-License-Identifier: Apache-2.0 */
#include "twins.h"

#include "base/instant.h"

#include <string.h>

static unsigned pick(struct twins *twins, uint64_t limit)
{
	return (unsigned)support_random_below(&twins->random, limit);
}

static const char *const ids[] = {"M", "M", "M", "N", "B", "C", "b-shop", "M-2", "M/x", "M2", "Z", "bank",
	"P", "Y", "nobody", "consumers", "U", "M-h1", "M-h2", "M-i", "M/1", "M/1", "M/2", "M/x/1", "M-2/1",
	"B/1", "C/1", "e-0", "e-1", "e-3", "e-5", "M-s", "M-s", "s-1", "s-2", "s-5", "V", "cn", "required",
	"slow-required", "h-1", "h-2", "h-7", "i-B", "i-C", "i-M/x", "i-Z", "card-1", "card-5", "x-1", "x-2",
	"x-4", "fuel-card", "fuel-card", "slow", "m-1", "o-1", "M-r", "D-r", "r-1", "r-3", "r-6", "D"};
static const char *const units[] = {"CNY", "CNY", "CNY", "JPY", "L", "XYZ"};
static const char *const keys[] = {"merchant", "maker", "bank", "n", "B", "C", "M/x", "nobody"};
/* Public keys, for commands that take one. */
static const char *const new_keys[] = {"merchant", "maker", "bank", "n"};
static const int codes[] = {1010, 1100, 1110, 2010, 2010, 2020, 2030, 2110, 2140, 2150, 8010, 9030};
static const int64_t numbers[] = {0, 1, 2, 3, 5, 100, 1000000, INT64_MAX};

/* Of what the twins are asked about. */
static const char *pick_name(struct twins *twins)
{
	if (twins->names != NULL)
		return twins->names[pick(twins, twins->name_count)];
	return ids[pick(twins, sizeof ids / sizeof ids[0])];
}

static bool names_party(const struct recourse_field *field)
{
	return strcmp(field->name, "merchant") == 0 || strcmp(field->name, "party") == 0;
}

#define ONE_OF(twins, list) (list)[pick(twins, sizeof(list) / sizeof(list)[0])]

static void write_integer(struct twins *twins, const struct recourse_field *field, struct buffer *out)
{
	int64_t value = pick(twins, kit_entries(twins->sides[0].kit) + 3);
	if (strcmp(field->name, "code") == 0)
		value = ONE_OF(twins, codes);
	else if (strcmp(field->name, "version") == 0)
		value = 1 + pick(twins, 2);
	else if (strcmp(field->name, "limit") == 0)
		value = 1 + pick(twins, 5);
	else if (pick(twins, 10) == 0)
		value = ONE_OF(twins, numbers);
	buffer_append_format(out, "%lld", (long long)value);
}

static void write_time(struct twins *twins, struct buffer *out)
{
	const struct kit *kit = twins->sides[0].kit;
	uint64_t start = UINT64_C(1462320000) * INSTANT_SECOND;
	char text[INSTANT_TEXT_SIZE];
	instant_format(start + support_random_below(&twins->random, kit->now - start + INSTANT_DAY), text);
	buffer_append_format(out, "\"%s\"", text);
}

static void write_handle(struct twins *twins, bool whole, struct buffer *out)
{
	char vkey[256];
	kit_vkey(twins->sides[0].kit->origin, whole ? ONE_OF(twins, new_keys) : ONE_OF(twins, keys), vkey);
	if (!whole)
		*strchr(strchr(vkey, '+') + 1, '+') = '\0';
	buffer_append_format(out, "\"%s\"", vkey);
}

static void write_choice(struct twins *twins, const struct recourse_field *field, struct buffer *out)
{
	unsigned count = 0;
	while (field->choices[count] != NULL)
		count++;
	bool set = field->type == RECOURSE_FIELD_SET;
	buffer_append_format(
		out, "%s\"%s\"%s", set ? "[" : "", field->choices[pick(twins, count)], set ? "]" : "");
}

static void write_map(struct twins *twins, const struct recourse_field *fields, size_t count,
	const char *separator, struct buffer *out);

static void write_list(struct twins *twins, const struct recourse_field *field, struct buffer *out)
{
	buffer_append_text(out, "[");
	for (int64_t row = 0; row < (field->minimum > 1 ? field->minimum : 1); row++) {
		buffer_append_text(out, row == 0 ? "{" : ",{");
		write_map(twins, field->members, field->member_count, "", out);
		buffer_append_text(out, "}");
	}
	buffer_append_text(out, "]");
}

static void write_value(struct twins *twins, const struct recourse_field *field, struct buffer *out)
{
	if (twins->about != NULL && names_party(field)) {
		buffer_append_format(out, "\"%s\"", twins->about);
		return;
	}
	switch (field->type) {
	case RECOURSE_FIELD_ID:
	case RECOURSE_FIELD_TEXT:
		buffer_append_format(out, "\"%s\"",
			strcmp(field->name, "merchant") == 0 && pick(twins, 2) == 0 ? "M" : pick_name(twins));
		return;
	case RECOURSE_FIELD_UNIT:
		buffer_append_format(out, "\"%s\"", ONE_OF(twins, units));
		return;
	case RECOURSE_FIELD_AMOUNT:
	case RECOURSE_FIELD_PERCENT:
		buffer_append_format(out, "\"%u.%02u\"", pick(twins, 100), pick(twins, 100));
		return;
	case RECOURSE_FIELD_INTEGER:
		write_integer(twins, field, out);
		return;
	case RECOURSE_FIELD_HASH:
	case RECOURSE_FIELD_NOTE:
		buffer_append_text(
			out, "\"abababababababababababababababababababababababababababababababab\"");
		return;
	case RECOURSE_FIELD_TIME:
		write_time(twins, out);
		return;
	case RECOURSE_FIELD_CHOICE:
	case RECOURSE_FIELD_SET:
		write_choice(twins, field, out);
		return;
	case RECOURSE_FIELD_KEY:
	case RECOURSE_FIELD_HANDLE:
		write_handle(twins, field->type == RECOURSE_FIELD_KEY, out);
		return;
	case RECOURSE_FIELD_LIST:
		write_list(twins, field, out);
		return;
	}
}

static void write_map(struct twins *twins, const struct recourse_field *fields, size_t count,
	const char *separator, struct buffer *out)
{
	for (size_t index = 0; index < count; index++) {
		bool wanted = twins->about != NULL ? names_party(&fields[index]) : pick(twins, 2) == 0;
		if (fields[index].optional && !wanted)
			continue;
		buffer_append_format(out, "%s\"%s\":", separator, fields[index].name);
		write_value(twins, &fields[index], out);
		separator = ",";
	}
}

void question_command(struct twins *twins, const struct recourse_method *method, struct buffer *out)
{
	buffer_append_format(out, "{\"mode\":\"%s\",\"detail\":\"%s\",\"commands\":[{\"command\":\"%s\"",
		pick(twins, 2) == 0 ? "all" : "each", pick(twins, 2) == 0 ? "full" : "brief", method->name);
	write_map(twins, method->fields, method->field_count, ",", out);
	buffer_append_text(out, "}]}");
}

void question_query(struct twins *twins, const struct recourse_method *method, struct buffer *out)
{
	buffer_append_text(out, "{");
	write_map(twins, method->fields, method->field_count, "", out);
	buffer_append_text(out, "}");
}
