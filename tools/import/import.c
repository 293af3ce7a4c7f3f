/* SPDX-License-Identifier: Apache-2.0 */
#include "subcommand.h"

#include "base/crypto.h"
#include "base/item.h"
#include "base/try.h"
#include "import/import_chunk.h"
#include "import/import_manner.h"
#include "import/import_source.h"
#include "import/import_type.h"
#include "proof/key.h"
#include "moment.h"
#include "output.h"
#include "progress.h"
#include "service.h"
#include "suggest.h"
#include "base/text.h"

#include <inttypes.h>
#include <limits.h>

enum {
	FLIGHT = 4, /* chunks on their way at once */
	ATTEMPTS_MAX = 8,
	PAUSE_MS = 200, /* before the first repetition; doubled each time */
	IMPORT_CHUNK_PRESET = 2000,
};

struct import {
	const char *path;
	const char *rejects_path;
	const char *chunk_size;
	const char *shown;
	bool json;
	struct service service;
	struct progress progress;
	const struct import_type *type;
	const struct recourse_method *method;
	struct import_manner manner;
	struct import_source source;
	char signer[KEY_TEXT_SIZE]; /* public key */
	char preset_path[PATH_MAX];
	struct rows rows;
	struct import_columns columns;
	struct import_rejects rejects;
	struct import_chunk chunks[FLIGHT];
	struct import_chunk_plan plan;
	uint64_t next;    /* chunk to fill */
	uint64_t settled; /* chunks whose reply is there */
	uint64_t ended;   /* the line of a row that is too long, behind which nothing is read; 0: none is */
	bool stopped;     /* something failed: what is in flight is waited for, nothing is sent */
	struct import_chunk_totals totals;
};

static enum exit_code open_source(struct import *import)
{
	const char *encoding = import_manner_encoding(&import->manner);
	enum recourse_error error = import_source_open(&import->source, import->path, encoding);
	if (error == RECOURSE_FIELD_UNKNOWN) {
		output_problem("import: this system has no encoding '%s'", import->source.encoding);
		return EXIT_CODE_DATA;
	}
	if (error != RECOURSE_OK)
		return output_unread(error, import->path);
	import->rejects.encoding = import->source.encoding;
	import->rejects.marked = import->source.marked;
	import->rejects.separator = import_manner_separator(&import->manner, import->source.separator);
	error = rows_start_pieces(
		&import->rows, (struct rows_source){.next = import_source_next, .context = &import->source});
	if (error != RECOURSE_OK)
		return output_error(error, NULL, import->path);
	rows_separate(&import->rows, import->rejects.separator);
	return EXIT_CODE_OK;
}

/* A line "sep=;" in front, from which some spreadsheets take what is between cells, is none of the rows. */
static bool next_header(struct rows *rows, struct rows_row *header)
{
	bool more = rows_next(rows, header);
	bool said = more && header->cell_count == 2 && slice_is(header->cells[0], "sep=") &&
		    header->cells[1].size == 0;
	return said ? rows_next(rows, header) : more;
}

static enum exit_code take_header(struct import *import)
{
	struct rows_row header;
	struct import_columns_manner manner;
	if (!next_header(&import->rows, &header)) {
		if (rows_failed(&import->rows))
			return output_unread(import->rows.fault, import->path);
		output_problem("%s has no header row", import->path);
		output_next("the first row names the columns: recourse import %s --help shows a file",
			import->type->name);
		return EXIT_CODE_DATA;
	}
	import_manner_columns(&import->manner, import->type, import->rejects.separator, &manner);
	manner.encoding = import->source.encoding;
	enum exit_code code = import_columns_open(&import->columns, import->method, &manner, &header);
	if (code == EXIT_CODE_OK)
		import_rejects_header(&import->rejects, header.cells + import->columns.skipped,
			import->columns.cell_count - import->columns.skipped);
	return code;
}

static enum exit_code open_rejects(struct import *import)
{
	enum recourse_error error = import_rejects_open(&import->rejects, import->rejects_path);
	if (error == RECOURSE_OK)
		return EXIT_CODE_OK;
	return output_unwritten(error, import->rejects_path);
}

static enum exit_code close_rejects(struct import *import)
{
	enum recourse_error error = import_rejects_close(&import->rejects);
	if (error == RECOURSE_OK)
		return EXIT_CODE_OK;
	return output_unwritten(error, import->rejects_path);
}

static enum exit_code name_rejects(struct import *import)
{
	if (import->rejects_path != NULL)
		return EXIT_CODE_OK;
	if (strcmp(import->path, "-") == 0)
		return output_usage(
			"import: standard input has no name: say where rejected rows go with --rejects FILE");
	int size = snprintf(import->preset_path, sizeof import->preset_path, "%s.rejects.csv", import->path);
	import->rejects_path = import->preset_path;
	return size < (int)sizeof import->preset_path ? EXIT_CODE_OK
						      : output_usage("import: the file's name is too long");
}

/* ---- the flight ---- */

static struct import_chunk *import_chunk_of(struct import *import, uint64_t number)
{
	return &import->chunks[number % FLIGHT];
}

/* Whether to send again after that error, having waited. */
static bool try_again(const struct import_chunk *chunk, enum recourse_error error)
{
	if (!recourse_error_retry(error) || chunk->attempts >= ATTEMPTS_MAX)
		return false;
	moment_sleep((uint64_t)PAUSE_MS << (chunk->attempts - 1));
	return true;
}

static enum recourse_error settle(
	struct import *import, struct import_chunk *chunk, struct recourse_refusal *refusal)
{
	for (;;) {
		enum recourse_error error = RECOURSE_OK;
		if (chunk->pending == NULL)
			error = import_chunk_send(chunk, &import->plan);
		if (error == RECOURSE_OK)
			error = import_chunk_settle(
				chunk, &import->plan, &import->totals, &import->rejects, refusal);
		if (error == RECOURSE_OK || import->stopped || !try_again(chunk, error))
			return error;
	}
}

/* An error here is met again, and dealt with, when the chunk is settled. */
static bool launch(struct import *import)
{
	struct import_chunk *chunk = import_chunk_of(import, import->next);
	bool filled = import_chunk_fill(chunk, &import->plan, &import->rows, import->next);
	import->ended = chunk->ended;
	chunk->size = import->source.size;
	if (!filled)
		return false;
	import->next++;
	enum recourse_error error = import_chunk_send(chunk, &import->plan);
	return import->ended == 0 && (error == RECOURSE_OK || recourse_error_retry(error));
}

static enum recourse_error fly(struct import *import, struct recourse_refusal *refusal)
{
	enum recourse_error first = RECOURSE_OK;
	bool more = true;
	while (more || import->settled < import->next) {
		while (more && import->next - import->settled < FLIGHT)
			more = launch(import);
		if (import->settled == import->next)
			break;
		struct recourse_refusal reason;
		struct import_chunk *chunk = import_chunk_of(import, import->settled++);
		enum recourse_error error = settle(import, chunk, &reason);
		progress_update(&import->progress, chunk->size,
			import->source.size_max > 0 ? import->source.size_max : import->source.size);
		if (error != RECOURSE_OK && first == RECOURSE_OK) {
			first = error;
			*refusal = reason;
			more = false;
			import->stopped = true;
		}
	}
	if (first == RECOURSE_OK &&
		(rows_failed(&import->rows) || import_chunk_failed(import_chunk_of(import, import->next))))
		first = import->rows.fault != RECOURSE_OK ? import->rows.fault : RECOURSE_MEMORY;
	return first;
}

/* ---- the end ---- */

static enum exit_code say_json(struct import *import)
{
	const struct import_chunk_totals *totals = &import->totals;
	SCOPED(buffer_free) struct buffer item = {0};
	struct crypto_hash hash;
	char digest[2 * CRYPTO_HASH_SIZE + 1];
	enum recourse_error error = import_source_hash(&import->source, &hash);
	if (error != RECOURSE_OK)
		return output_unread(error, import->path);
	text_to_hex(hash.bytes, sizeof hash.bytes, digest);
	struct item_map map = item_map_open(&item);
	item_write_pair_integer(&item, "rows", (int64_t)totals->rows);
	item_write_pair_integer(&item, "accepted", (int64_t)totals->accepted);
	item_write_pair_integer(&item, "already_in", (int64_t)totals->known);
	item_write_pair_integer(&item, "rejected", (int64_t)totals->rejected);
	item_write_pair_integer(&item, "requests", (int64_t)import->settled);
	item_write_pair_text(&item, "file_hash", slice_text(digest));
	if (totals->rejected > 0)
		item_write_pair_text(&item, "rejects", slice_text(import->rejects_path));
	item_map_close(map, &item);
	return buffer_failed(&item) ? output_error(RECOURSE_MEMORY, NULL, "import")
				    : output_json(buffer_slice(&item));
}

static enum exit_code say_totals(struct import *import)
{
	const struct import_chunk_totals *totals = &import->totals;
	if (import->json)
		return say_json(import);
	printf("%" PRIu64 " rows = %" PRIu64 " accepted", totals->rows, totals->accepted);
	if (totals->known > 0)
		printf(" + %" PRIu64 " already in", totals->known);
	printf(" + %" PRIu64 " rejected\n", totals->rejected);
	return EXIT_CODE_OK;
}

static enum exit_code say_ended(const struct import *import)
{
	output_problem("%s, line %" PRIu64
		       ": a row of at most 64 KiB; nothing from there on was read [FIELD_LIMIT]",
		import->path, import->ended);
	output_next("mend that line (often a quote that does not end) and import the file again: what is in "
		    "is not "
		    "repeated");
	return EXIT_CODE_DATA;
}

static enum exit_code send_rows(struct import *import)
{
	struct recourse_refusal refusal = {.command = -1};
	enum recourse_error error = fly(import, &refusal);
	progress_finish(&import->progress);
	enum exit_code written = close_rejects(import);
	enum exit_code code = say_totals(import);
	if (error != RECOURSE_OK) {
		code = output_error(error, &refusal, "import");
		output_next("once that is mended, the same command again: it goes on where it stopped and "
			    "repeats nothing");
		return code;
	}
	if (import->totals.rejected > 0 && written == EXIT_CODE_OK) {
		output_text(stderr, "rejected rows, with their reasons: %s\n", import->rejects_path);
		output_next("mend what was wrong and import that file: the one you have gets the same "
			    "answers for ever");
	}
	if (import->ended != 0)
		return say_ended(import);
	if (written != EXIT_CODE_OK)
		return written;
	return code == EXIT_CODE_OK && import->totals.rejected > 0 ? EXIT_CODE_REFUSED : code;
}

static enum exit_code name_signer(struct import *import)
{
	struct recourse_bytes vkey = {0};
	enum recourse_error error = recourse_key_vkey(import->service.key, &vkey);
	if (error != RECOURSE_OK)
		return output_error(error, NULL, import->service.key);
	snprintf(import->signer, sizeof import->signer, "%.*s", (int)vkey.size, (const char *)vkey.data);
	recourse_bytes_free(&vkey);
	return EXIT_CODE_OK;
}

static enum exit_code open_all(struct import *import)
{
	enum exit_code code = name_rejects(import);
	if (code == EXIT_CODE_OK)
		code = import_manner_read(&import->manner, import->method);
	if (code == EXIT_CODE_OK)
		code = open_source(import);
	if (code == EXIT_CODE_OK)
		code = take_header(import);
	if (code == EXIT_CODE_OK)
		code = service_open(&import->service, SERVICE_SIGNED);
	if (code == EXIT_CODE_OK)
		code = name_signer(import);
	return code == EXIT_CODE_OK ? open_rejects(import) : code;
}

static enum exit_code run(struct import *import)
{
	uint64_t chunk_size = IMPORT_CHUNK_PRESET;
	if (!options_number("chunk", import->chunk_size, 1, RECOURSE_COMMANDS_MAX, &chunk_size))
		return EXIT_CODE_USAGE;
	if (!progress_start(&import->progress, import->shown, "import", "bytes"))
		return output_usage("import: --progress is bar, json or none");
	enum exit_code code = open_all(import);
	if (code != EXIT_CODE_OK)
		return code;
	import->manner.client = import->service.client;
	import->plan = (struct import_chunk_plan){
		.columns = &import->columns,
		.known = {.client = import->service.client, .type = import->type, .method = import->method},
		.signer = import->signer,
		.separator = import->rejects.separator,
		.row_count_max = chunk_size,
		.client = import->service.client,
	};
	return send_rows(import);
}

static bool find_type(struct import *import, const char *name)
{
	struct suggest suggest = {.word = slice_text(name)};
	import->type = import_type_find(name);
	if (import->type != NULL) {
		const char *command = import->type->command;
		import->method = recourse_method_find(command, strlen(command));
		return true;
	}
	for (size_t index = 0; import_type_at(index) != NULL; index++)
		suggest_consider(&suggest, import_type_at(index)->name);
	output_problem("import: there is nothing to import that is called '%s'", name);
	if (suggest_best(&suggest) != NULL)
		output_next("did you mean %s?", suggest_best(&suggest));
	else
		output_next("recourse import --help lists what there is");
	return false;
}

static void show_types(void)
{
	printf("\nWhat can be imported (recourse import TYPE --help shows a file of it):\n");
	for (size_t index = 0; import_type_at(index) != NULL; index++) {
		const struct import_type *type = import_type_at(index);
		printf("  %-14s %-20s %s\n", type->name, type->command, type->help);
	}
}

static void show_type(const struct import_type *type)
{
	slice rest = slice_text(type->sample);
	slice line;
	printf("\n%s: %s; a row is %s (recourse submit %s --help).\nA file of them, to which columns may be "
	       "added:\n\n",
		type->name, type->help, type->command, type->command);
	while (slice_take_part(&rest, '\n', &line))
		printf("  %.*s\n", SLICE_ARGUMENTS(line));
}

static void free_import(struct import *import)
{
	for (size_t index = 0; index < FLIGHT; index++)
		import_chunk_free(&import->chunks[index]);
	import_known_free(&import->plan.known);
	rows_free(&import->rows);
	import_rejects_free(&import->rejects);
	import_source_close(&import->source);
	import_manner_free(&import->manner);
	service_close(&import->service);
}

static enum exit_code begin(
	struct import *import, const struct options *options, const struct options_rest *rest)
{
	if (rest->help) {
		if (rest->count > 0 && !find_type(import, rest->arguments[0]))
			return EXIT_CODE_USAGE;
		options_help(options, stdout);
		if (import->type != NULL)
			show_type(import->type);
		else
			show_types();
		return EXIT_CODE_OK;
	}
	if (rest->count != 2) {
		output_problem("import: say `recourse import TYPE FILE.csv`");
		output_next("recourse import --help lists what can be imported");
		return EXIT_CODE_USAGE;
	}
	import->path = rest->arguments[1];
	return find_type(import, rest->arguments[0]) ? run(import) : EXIT_CODE_USAGE;
}

static const char about[] =
	"Imports a CSV file, a command for each row; the first row names the columns by the\n"
	"command's fields, or by words that offices use for them (recourse import TYPE --help).\n"
	"Full-width digits and signs, 1,000.00, 1000, 2026/5/4 10:00, a byte order mark, commas\n"
	"at the ends of rows and empty rows are read as they are meant; numbers that a spreadsheet\n"
	"shortened (6.2E+18) are refused. Rows that are refused do not stop the others: they go to a file\n"
	"of their own, with line, code and all reasons, in the encoding of the file they are from,\n"
	"to be mended and imported. Rows that are in the ledger already, as they are, are counted\n"
	"and no mistake. Run again after an interruption it goes on where it stopped and repeats\n"
	"nothing. Exits with 1 when rows were rejected.";

int import_main(int argc, char **argv)
{
	struct import import = {.source.descriptor = -1};
	const struct options_flag flags[] = {
		{.name = "encoding",
			.argument = "NAME",
			.value = &import.manner.encoding,
			.help = "utf-8, gb18030 (gbk), utf-16 (by its byte order mark, or utf-8)"},
		{.name = "separator",
			.argument = "WORD",
			.value = &import.manner.separator,
			.help = "comma, semicolon or tab (by the first line)"},
		{.name = "map",
			.argument = "FILE",
			.value = &import.manner.map_path,
			.help = "which column is which field: lines `field = heading`"},
		{.name = "ignore",
			.argument = "COLUMN",
			.repeat = &import.manner.ignored,
			.help = "a column that is passed over; may be repeated"},
		{.name = "zone",
			.argument = "PLACE",
			.value = &import.manner.zone,
			.help = "of times without an offset: Asia/Shanghai, +08:00"},
		{.name = "unit",
			.argument = "CODE",
			.value = &import.manner.unit,
			.help = "of amounts of money of which the file says none"},
		{.name = "rejects",
			.argument = "FILE",
			.value = &import.rejects_path,
			.help = "rejected rows (FILE.csv.rejects.csv); none is made for none"},
		{.name = "chunk",
			.argument = "N",
			.value = &import.chunk_size,
			.help = "rows in a request (2000)"},
		{.name = "progress",
			.argument = "bar|json|none",
			.value = &import.shown,
			.help = "on standard error (bar, on a terminal)"},
		{.name = "json", .given = &import.json, .help = "the totals as one JSON object"},
	};
	const struct options options = {
		.name = "import",
		.usage = "TYPE FILE.csv [--encoding NAME] [--zone PLACE] [--map FILE] …",
		.about = about,
		.own = {flags, sizeof flags / sizeof flags[0]},
		.shared = service_flags(&import.service),
		.late_help = true,
	};
	struct options_rest rest;
	enum exit_code code;
	if (argc == 2 && options_is_help(argv[1]))
		code = begin(&import, &options, &(struct options_rest){.help = true});
	else if (options_parse(&options, argc, argv, &rest, &code))
		code = begin(&import, &options, &rest);
	free_import(&import);
	return (int)code;
}
