/* SPDX-License-Identifier: Apache-2.0 */
#include "subcommand.h"

#include "base/try.h"
#include "csv_cell.h"
#include "entry_pages.h"
#include "local_time.h"
#include "output.h"
#include "service.h"
#include "table.h"

#include <inttypes.h>

enum { PAGE = 500, SHOWN_PRESET = 100, SAID_WIDTH = 72 };

/* The entries of a ledger for people, a line each: those of a period, about somebody or something, by a command. */
struct log {
	struct service service;
	struct entry_pages pages;
	const char *since;
	const char *until;
	const char *about;
	const char *command;
	const char *limit;
	bool utc;
	bool csv;
	bool json;

	uint64_t first;
	uint64_t last;
	uint64_t most;
	uint64_t shown;
	struct table table;
	struct buffer csv_text;
};

/* ---- which ---- */

static bool next_member(slice *reader, slice *name, slice *value)
{
	struct item head;
	if (item_read_type(reader, ITEM_TEXT, &head) != RECOURSE_OK)
		return false;
	*name = head.string;
	return item_read_whole(reader, value) == RECOURSE_OK;
}

/* Whether a text anywhere in it is that id: what was said, to any depth. */
static bool says(slice item, slice id)
{
	slice reader = item;
	struct item head;
	while (reader.size > 0) {
		if (item_read(&reader, &head) != RECOURSE_OK)
			return false;
		if (head.type == ITEM_TEXT && slice_equal(head.string, id))
			return true;
	}
	return false;
}

static bool is_about(const struct entry *entry, slice id)
{
	struct entry_postings walk = entry_postings(entry);
	struct entry_posting posting;
	while (entry_postings_next(&walk, &posting)) {
		if (slice_equal(posting.party, id) || slice_equal(posting.reference, id))
			return true;
	}
	return says(entry->body, id);
}

/* "payout." has all commands of that area. */
static bool is_by(const struct entry *entry, slice command)
{
	const bool area = command.size > 0 && command.data[command.size - 1] == '.';
	return area ? entry->kind.size > command.size &&
			       memcmp(entry->kind.data, command.data, command.size) == 0
		    : slice_equal(entry->kind, command);
}

static bool is_wanted(const struct log *log, const struct entry *entry)
{
	return (log->about == NULL || is_about(entry, slice_text(log->about))) &&
	       (log->command == NULL || is_by(entry, slice_text(log->command)));
}

/* ---- how ---- */

/* "merchant=M amount=5.00 unit=CNY": texts and numbers that were said, or followed; the longest are left out. */
static void append_said(const struct entry *entry, struct buffer *out)
{
	slice reader = entry->body;
	struct item head;
	slice name;
	slice value;
	if (item_read_type(&reader, ITEM_MAP, &head) != RECOURSE_OK)
		return;
	for (uint64_t left = head.count; left > 0 && next_member(&reader, &name, &value); left--) {
		struct item item;
		if (item_read(&value, &item) != RECOURSE_OK ||
			(item.type != ITEM_TEXT && item.type != ITEM_INTEGER) ||
			(item.type == ITEM_TEXT && item.string.size > SAID_WIDTH / 2))
			continue;
		buffer_append_format(out, "%s%.*s=", out->size > 0 ? " " : "", SLICE_ARGUMENTS(name));
		if (item.type == ITEM_TEXT)
			buffer_append(out, item.string.data, item.string.size);
		else
			buffer_append_format(out, "%" PRId64, item.integer);
	}
}

/* As much of it as a line has room for, whole characters, and that it is not all. */
static void cut(struct buffer *text)
{
	size_t at = 0;
	if (table_width(buffer_slice(text)) <= SAID_WIDTH)
		return;
	while (at < text->size && table_width(slice_of(text->data, at)) < SAID_WIDTH - 1) {
		size_t size = output_character_size(slice_of(text->data + at, text->size - at));
		at += size > 0 ? size : 1;
	}
	text->size = at;
	buffer_append_text(text, "…");
}

static void add_row(struct log *log, const struct entry *entry)
{
	SCOPED(buffer_free) struct buffer said = {0};
	char number[24];
	char time[LOCAL_TIME_TEXT_SIZE];
	snprintf(number, sizeof number, "%" PRIu64, entry->number);
	local_time_format(entry->time, time);
	append_said(entry, &said);
	if (!log->csv)
		cut(&said);
	const slice cells[] = {
		slice_text(number), slice_text(time), entry->kind, entry->key, buffer_slice(&said)};
	for (size_t cell = 0; cell < sizeof cells / sizeof cells[0]; cell++) {
		if (!log->csv) {
			table_cell(&log->table, cells[cell]);
			continue;
		}
		buffer_append(&log->csv_text, ",", cell > 0);
		csv_cell_text(&log->csv_text, cells[cell]);
	}
	buffer_append(&log->csv_text, "\r\n", log->csv ? 2 : 0);
}

/* A JSON object a line. */
static enum recourse_error print_json(slice bytes)
{
	SCOPED(buffer_free) struct buffer item = {0};
	enum recourse_error error = entry_describe(bytes, &item);
	if (error == RECOURSE_OK)
		error = buffer_failed(&item) ? RECOURSE_MEMORY : RECOURSE_OK;
	return error == RECOURSE_OK && output_json(buffer_slice(&item)) != EXIT_CODE_OK ? RECOURSE_MALFORMED
											: error;
}

static void begin(struct log *log)
{
	static const char *const headings[] = {"entry", "time", "command", "key", "said"};
	for (size_t column = 0; column < sizeof headings / sizeof headings[0]; column++) {
		if (log->csv)
			buffer_append_format(&log->csv_text, "%s%s", column > 0 ? "," : "", headings[column]);
		else if (column == 0)
			table_number(&log->table, slice_text(headings[column]));
		else
			table_column(&log->table, slice_text(headings[column]));
	}
	buffer_append(&log->csv_text, "\r\n", log->csv ? 2 : 0);
}

static enum recourse_error walk(struct log *log, uint64_t *next)
{
	enum recourse_error error = RECOURSE_OK;
	entry_pages_seek(&log->pages, log->first, PAGE);
	for (*next = log->first; error == RECOURSE_OK && *next <= log->last && log->shown < log->most;
		++*next) {
		struct entry entry;
		slice bytes;
		error = entry_pages_next(&log->pages, &bytes, &entry);
		if (error != RECOURSE_OK || !is_wanted(log, &entry))
			continue;
		log->shown++;
		if (log->json)
			error = print_json(bytes);
		else
			add_row(log, &entry);
	}
	return error;
}

static enum exit_code print(struct log *log, uint64_t next)
{
	enum recourse_error error = buffer_failed(&log->csv_text) ? RECOURSE_MEMORY : RECOURSE_OK;
	if (log->csv && error == RECOURSE_OK)
		fwrite(log->csv_text.data, 1, log->csv_text.size, stdout);
	else if (!log->json && error == RECOURSE_OK)
		error = table_print(&log->table, stdout, table_room(stdout));
	if (error != RECOURSE_OK)
		return output_error(error, NULL, "log");
	if (next <= log->last)
		output_next("there is more: recourse log --since %" PRIu64 " …", next);
	return EXIT_CODE_OK;
}

static enum exit_code run(struct log *log)
{
	uint64_t next;
	log->most = SHOWN_PRESET;
	if (log->csv && log->json)
		return output_usage("log: --csv or --json");
	if (!options_number("limit", log->limit, 1, 1000000, &log->most))
		return EXIT_CODE_USAGE;
	if (!local_time_start(log->utc))
		return local_time_unknown();
	enum exit_code code = service_open(&log->service, SERVICE_SIGNED);
	if (code != EXIT_CODE_OK)
		return code;
	log->pages.client = log->service.client;
	code = entry_pages_period(&log->pages, (const char *const[]){"since", "until"}, log->since,
		log->until, &log->first, &log->last);
	if (code != EXIT_CODE_OK)
		return code;
	begin(log);
	code = entry_pages_say(&log->pages, walk(log, &next));
	return code == EXIT_CODE_OK ? print(log, next) : code;
}

int log_main(int argc, char **argv)
{
	struct log log = {0};
	const struct options_flag flags[] = {
		{.name = "since",
			.argument = "ENTRY|TIME",
			.value = &log.since,
			.help = "the first entry, or the first not before a time (0)"},
		{.name = "until",
			.argument = "ENTRY|TIME",
			.value = &log.until,
			.help = "the last entry, or the last before a time (the newest)"},
		{.name = "about",
			.argument = "ID",
			.value = &log.about,
			.help = "in which that is named: a party, a claim, an incident, a card …"},
		{.name = "command",
			.argument = "NAME",
			.value = &log.command,
			.help = "of that command, or of an area: payout."},
		{.name = "limit", .argument = "N", .value = &log.limit, .help = "at most so many (100)"},
		{.name = "utc", .given = &log.utc, .help = "times in UTC, not in the place that TZ names"},
		{.name = "csv", .given = &log.csv, .help = "as CSV"},
		{.name = "json", .given = &log.json, .help = "each entry whole, a JSON object a line"},
	};
	const struct options options = {
		.name = "log",
		.usage = "[--since ENTRY|TIME] [--until ENTRY|TIME] [--about ID] [--command NAME]",
		.about =
			"Shows the entries of a ledger, the oldest first, a line each; `recourse show ENTRY` "
			"shows "
			"one whole.\n"
			"They are read from the service as their exact bytes, and each has to fit to the one "
			"before.",
		.own = {flags, sizeof flags / sizeof flags[0]},
		.shared = service_flags(&log.service),
	};
	struct options_rest rest;
	enum exit_code code;
	if (options_parse(&options, argc, argv, &rest, &code))
		code = rest.count == 0 ? run(&log)
				       : output_usage("log takes no argument '%s'", rest.arguments[0]);
	entry_pages_close(&log.pages);
	table_free(&log.table);
	buffer_free(&log.csv_text);
	service_close(&log.service);
	return (int)code;
}
