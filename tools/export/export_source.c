/* SPDX-License-Identifier: Apache-2.0 */
#include "export/export_source.h"

#include "base/try.h"
#include "base/amount.h"
#include "member.h"
#include "base/text.h"

enum { BALANCES = 1000 /* of a page */ };

void export_source_close(struct export_source *source)
{
	buffer_free(&source->units);
	entry_pages_close(&source->pages);
}

static enum recourse_error ask_unit(struct export_source *source, slice code, struct unit *unit)
{
	struct buffer params = {0};
	struct recourse_bytes reply = {0};
	int64_t digits;
	int64_t step;
	item_write_map(&params, 1);
	item_write_pair_text(&params, "unit", code);
	enum recourse_error error = entry_pages_ask(&source->pages, "unit.get", &params, &reply);
	if (error == RECOURSE_OK &&
		(!member_integer(slice_of(reply.data, reply.size), "digits", &digits) ||
			!member_integer(slice_of(reply.data, reply.size), "step", &step) ||
			unit_define(code, digits, step, unit) != RECOURSE_OK))
		error = RECOURSE_MALFORMED;
	if (error == RECOURSE_OK) {
		buffer_append(&source->units, unit, sizeof *unit);
		error = buffer_failed(&source->units) ? RECOURSE_MEMORY : RECOURSE_OK;
	}
	recourse_bytes_free(&reply);
	buffer_free(&params);
	return error;
}

const struct unit *export_source_units(const struct export_source *source, size_t *count)
{
	*count = source->units.size / sizeof(struct unit);
	return (const struct unit *)(const void *)source->units.data;
}

static enum recourse_error find_unit(struct export_source *source, slice code, struct unit *unit)
{
	size_t count;
	const struct unit *units = export_source_units(source, &count);
	for (size_t index = 0; index < count; index++) {
		if (!slice_equal(unit_code(&units[index]), code))
			continue;
		*unit = units[index];
		return RECOURSE_OK;
	}
	return ask_unit(source, code, unit);
}

static enum recourse_error read_lines(
	struct export_source *source, const struct entry *entry, struct export_entry *out)
{
	struct entry_postings walk = entry_postings(entry);
	struct entry_posting posting;
	out->lines = source->lines;
	out->count = 0;
	while (entry_postings_next(&walk, &posting)) {
		if (out->count == ENTRY_POSTINGS_MAX || posting.steps == INT64_MIN)
			return RECOURSE_STORE_CORRUPT;
		struct export_line *line = &source->lines[out->count++];
		*line = (struct export_line){.code = posting.code,
			.party = posting.party,
			.reference = posting.reference,
			.steps = posting.steps};
		enum recourse_error error = find_unit(source, posting.unit, &line->unit);
		if (error != RECOURSE_OK)
			return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_STORE_CORRUPT : error;
	}
	return RECOURSE_OK;
}

enum recourse_error export_source_next(struct export_source *source, struct export_entry *out)
{
	struct entry entry;
	slice bytes;
	TRY(entry_pages_next(&source->pages, &bytes, &entry));
	*out = (struct export_entry){.number = entry.number, .time = entry.time, .kind = entry.kind};
	text_to_hex(source->pages.leaf.bytes, CRYPTO_HASH_SIZE, out->leaf);
	if (entry_body_text(&entry, "reason", &out->reason) != RECOURSE_OK)
		out->reason = slice_of(NULL, 0);
	return read_lines(source, &entry, out);
}

static enum recourse_error read_balance(struct export_source *source, slice row, struct export_line *line)
{
	int64_t code;
	int64_t credit;
	slice unit;
	slice amounts[2];
	if (!member_integer(row, "code", &code) || code < 0 || code > UINT16_MAX ||
		!member_text(row, "party", &line->party) ||
		!member_text(row, "reference", &line->reference) || !member_text(row, "unit", &unit) ||
		!member_text(row, "debit", &amounts[0]) || !member_text(row, "credit", &amounts[1]))
		return RECOURSE_MALFORMED;
	line->code = (uint16_t)code;
	TRY(find_unit(source, unit, &line->unit));
	TRY(amount_parse(&line->unit, amounts[0], &line->steps));
	TRY(amount_parse(&line->unit, amounts[1], &credit));
	if (line->steps < 0 || credit < 0)
		return RECOURSE_MALFORMED;
	line->steps -= credit;
	return RECOURSE_OK;
}

static enum recourse_error read_balances(
	struct export_source *source, slice reply, struct export_balances *balances)
{
	slice rows;
	struct item head;
	enum recourse_error error =
		member_list(reply, "accounts", &rows, &head) ? RECOURSE_OK : RECOURSE_MALFORMED;
	for (uint64_t row = 0; error == RECOURSE_OK && row < head.count; row++) {
		struct export_line line = {0};
		slice whole;
		error = item_read_whole(&rows, &whole);
		if (error == RECOURSE_OK)
			error = read_balance(source, whole, &line);
		buffer_append(&balances->lines, &line, sizeof line);
	}
	return error == RECOURSE_OK && buffer_failed(&balances->lines) ? RECOURSE_MEMORY : error;
}

/* `*from` is empty for the first page, and after the last. */
static enum recourse_error fetch_balances(struct export_source *source, uint64_t entry, bool zeroes,
	slice *from, struct export_balances *balances)
{
	struct buffer params = {0};
	struct recourse_bytes reply = {0};
	slice next = slice_text("");
	item_write_map(&params, from->size > 0 ? 4 : 3);
	item_write_pair_integer(&params, "entry", (int64_t)entry);
	if (from->size > 0)
		item_write_pair_text(&params, "from", *from);
	item_write_pair_integer(&params, "limit", BALANCES);
	item_write_pair_text(&params, "zeroes", slice_text(zeroes ? "yes" : "no"));
	enum recourse_error error = entry_pages_ask(&source->pages, "report.trial_balance", &params, &reply);
	buffer_free(&params);
	if (error != RECOURSE_OK)
		return error;
	buffer_append(&balances->replies, &reply, sizeof reply);
	if (buffer_failed(&balances->replies)) {
		recourse_bytes_free(&reply);
		return RECOURSE_MEMORY;
	}
	slice page = slice_of(reply.data, reply.size);
	if (member_text(page, "next", &next) && slice_equal(next, *from))
		return RECOURSE_MALFORMED;
	*from = next;
	return read_balances(source, page, balances);
}

enum recourse_error export_source_balances(
	struct export_source *source, uint64_t entry, bool zeroes, struct export_balances *balances)
{
	slice from = slice_text("");
	enum recourse_error error;
	do
		error = fetch_balances(source, entry, zeroes, &from, balances);
	while (error == RECOURSE_OK && from.size > 0);
	return error;
}

const struct export_line *export_source_lines(const struct export_balances *balances, size_t *count)
{
	*count = balances->lines.size / sizeof(struct export_line);
	return (const struct export_line *)(const void *)balances->lines.data;
}

void export_source_free(struct export_balances *balances)
{
	for (size_t place = 0; place < balances->replies.size; place += sizeof(struct recourse_bytes)) {
		struct recourse_bytes reply;
		memcpy(&reply, balances->replies.data + place, sizeof reply);
		recourse_bytes_free(&reply);
	}
	buffer_free(&balances->replies);
	buffer_free(&balances->lines);
}
