/* SPDX-License-Identifier: Apache-2.0 */
#include "subcommand.h"

#include "import/import_chunk.h"
#include "base/crypto.h"
#include "file.h"
#include "base/item.h"
#include "proof/key.h"
#include "moment.h"
#include "output.h"
#include "progress.h"
#include "service.h"
#include "base/text.h"

#include <inttypes.h>
#include <limits.h>

enum {
	FLIGHT = 4, /* chunks on their way at once */
	ATTEMPTS_MAX = 8,
	PAUSE_MS = 200, /* before the first repetition; doubled each time */
	IMPORT_CHUNK_PRESET = 2000,
};
#define FILE_SIZE_MAX ((size_t)4 << 30)

/* What can be imported, and the command that each row becomes. */
struct import_kind {
	const char *name;
	const char *command;
};

static const struct import_kind kinds[] = {
	{.name = "entitlements", .command = "entitlement.issue"},
};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

struct import {
	const char *path;
	const char *rejects_path;
	const char *chunk_size;
	const char *shown;
	bool json;
	struct service service;
	struct progress progress;
	struct buffer file;
	char digest[2 * CRYPTO_HASH_SIZE + 1];
	char signer[KEY_TEXT_SIZE]; /* public key */
	char preset_path[PATH_MAX];
	struct rows rows;
	struct import_columns columns;
	struct import_rejects rejects;
	struct import_chunk chunks[FLIGHT];
	struct import_chunk_plan plan;
	uint64_t next;    /* chunk to fill */
	uint64_t settled; /* chunks whose reply is there */
	uint64_t lines;   /* in the file */
	bool stopped;     /* something failed: what is in flight is waited for, nothing is sent */
	struct import_chunk_totals totals;
};

static uint64_t count_lines(slice data)
{
	uint64_t lines = 0;
	while (data.size > 0) {
		const uint8_t *newline = memchr(data.data, '\n', data.size);
		size_t size = newline == NULL ? data.size : (size_t)(newline - data.data) + 1;
		data = slice_of(data.data + size, data.size - size);
		lines++;
	}
	return lines;
}

static enum exit_code read_source(struct import *import)
{
	struct crypto_hash hash;
	enum recourse_error error = file_read(import->path, FILE_SIZE_MAX, &import->file);
	if (error != RECOURSE_OK) {
		output_file_error(error, import->path);
		return EXIT_CODE_DATA;
	}
	crypto_sha256(buffer_slice(&import->file), &hash);
	text_to_hex(hash.bytes, sizeof hash.bytes, import->digest);
	import->lines = count_lines(buffer_slice(&import->file));
	error = rows_start(&import->rows, buffer_slice(&import->file));
	return error == RECOURSE_OK ? EXIT_CODE_OK : output_error(error, NULL, import->path);
}

static enum exit_code take_header(struct import *import, const struct recourse_method *method)
{
	struct rows_row header;
	if (!rows_next(&import->rows, &header)) {
		output_problem("%s has no header row", import->path);
		output_next("the first row names the columns; recourse submit %s --help lists the fields",
			method->name);
		return EXIT_CODE_DATA;
	}
	enum exit_code code = import_columns_open(&import->columns, method, &header);
	if (code == EXIT_CODE_OK)
		import_rejects_header(
			&import->rejects, header.cells + import->columns.skipped, import->columns.count);
	return code;
}

/* Made at the start, so that a place that can not be written is known before anything is sent. */
static enum exit_code write_rejects(struct import *import)
{
	enum recourse_error error = import_rejects_write(&import->rejects, import->rejects_path);
	if (error == RECOURSE_OK)
		return EXIT_CODE_OK;
	output_file_error(error, import->rejects_path);
	return EXIT_CODE_CREATE;
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
	slice data = buffer_slice(&import->file);
	for (;;) {
		enum recourse_error error = RECOURSE_OK;
		if (chunk->pending == NULL)
			error = import_chunk_send(chunk, &import->plan);
		if (error == RECOURSE_OK)
			error = import_chunk_settle(chunk, data, &import->totals, &import->rejects, refusal);
		if (error == RECOURSE_OK || import->stopped || !try_again(chunk, error))
			return error;
	}
}

/* An error here is met again, and dealt with, when the chunk is settled. */
static bool launch(struct import *import)
{
	struct import_chunk *chunk = import_chunk_of(import, import->next);
	if (!import_chunk_fill(chunk, &import->plan, &import->rows, import->next))
		return false;
	import->next++;
	enum recourse_error error = import_chunk_send(chunk, &import->plan);
	return error == RECOURSE_OK || recourse_error_retry(error);
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
		progress_update(&import->progress, chunk->last_line, import->lines);
		if (error != RECOURSE_OK && first == RECOURSE_OK) {
			first = error;
			*refusal = reason;
			more = false;
			import->stopped = true;
		}
	}
	if (first == RECOURSE_OK &&
		(rows_failed(&import->rows) || import_chunk_failed(import_chunk_of(import, import->next))))
		first = RECOURSE_MEMORY;
	return first;
}

/* ---- the end ---- */

static enum exit_code say_totals(const struct import *import)
{
	const struct import_chunk_totals *totals = &import->totals;
	struct buffer item = {0};
	if (!import->json) {
		printf("%" PRIu64 " rows = %" PRIu64 " accepted + %" PRIu64 " rejected\n", totals->rows,
			totals->accepted, totals->rejected);
		return EXIT_CODE_OK;
	}
	struct item_map map = item_map_open(&item);
	item_write_pair_integer(&item, "rows", (int64_t)totals->rows);
	item_write_pair_integer(&item, "accepted", (int64_t)totals->accepted);
	item_write_pair_integer(&item, "rejected", (int64_t)totals->rejected);
	item_write_pair_integer(&item, "requests", (int64_t)import->settled);
	item_write_pair_text(&item, "file_hash", slice_text(import->digest));
	item_write_pair_text(&item, "rejects", slice_text(import->rejects_path));
	item_map_close(map, &item);
	enum exit_code code = buffer_failed(&item) ? output_error(RECOURSE_MEMORY, NULL, "import")
						   : output_json(buffer_slice(&item));
	buffer_free(&item);
	return code;
}

static enum exit_code send_rows(struct import *import)
{
	struct recourse_refusal refusal = {.command = -1};
	enum recourse_error error = fly(import, &refusal);
	progress_finish(&import->progress);
	enum exit_code written = write_rejects(import);
	enum exit_code code = say_totals(import);
	if (error != RECOURSE_OK) {
		code = output_error(error, &refusal, "import");
		output_next("once that is mended, the same command again: it goes on where it stopped and "
			    "repeats nothing");
		return code;
	}
	if (import->totals.rejected > 0) {
		output_text(stderr, "rejected rows, with their reasons: %s\n", import->rejects_path);
		output_next("mend what was wrong and import that file: the one you have gets the same "
			    "answers for ever");
	}
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

static enum exit_code run(struct import *import, const struct recourse_method *method)
{
	uint64_t chunk_size = IMPORT_CHUNK_PRESET;
	if (!options_number("chunk", import->chunk_size, 1, RECOURSE_COMMANDS_MAX, &chunk_size))
		return EXIT_CODE_USAGE;
	if (!progress_start(&import->progress, import->shown, "import", "lines"))
		return output_usage("import: --progress is bar, json or none");
	enum exit_code code = name_rejects(import);
	if (code == EXIT_CODE_OK)
		code = read_source(import);
	if (code == EXIT_CODE_OK)
		code = take_header(import, method);
	if (code == EXIT_CODE_OK)
		code = service_open(&import->service, SERVICE_SIGNED);
	if (code == EXIT_CODE_OK)
		code = name_signer(import);
	if (code == EXIT_CODE_OK)
		code = write_rejects(import);
	if (code != EXIT_CODE_OK)
		return code;
	import->plan = (struct import_chunk_plan){
		.columns = &import->columns,
		.file_digest = import->digest,
		.signer = import->signer,
		.row_count_max = chunk_size,
		.client = import->service.client,
	};
	return send_rows(import);
}

static const struct recourse_method *find_kind(const char *name)
{
	for (size_t index = 0; index < KINDS; index++) {
		if (strcmp(name, kinds[index].name) == 0)
			return recourse_method_find(kinds[index].command, strlen(kinds[index].command));
	}
	output_problem("import: there is nothing to import that is called '%s'", name);
	output_next("recourse import entitlements FILE.csv");
	return NULL;
}

static void free_import(struct import *import)
{
	for (size_t index = 0; index < FLIGHT; index++)
		import_chunk_free(&import->chunks[index]);
	rows_free(&import->rows);
	import_rejects_free(&import->rejects);
	buffer_free(&import->file);
	service_close(&import->service);
}

int import_main(int argc, char **argv)
{
	struct import import = {0};
	const struct options_flag flags[] = {
		{.name = "rejects",
			.argument = "FILE",
			.value = &import.rejects_path,
			.help = "rejected rows (FILE.csv.rejects.csv)"},
		{.name = "chunk",
			.argument = "N",
			.value = &import.chunk_size,
			.help = "rows in a request (2000); keep it to resume"},
		{.name = "progress",
			.argument = "bar|json|none",
			.value = &import.shown,
			.help = "on standard error (bar, on a terminal)"},
		{.name = "json", .given = &import.json, .help = "the totals as one JSON object"},
	};
	const struct options options = {
		.name = "import",
		.usage = "entitlements FILE.csv [--rejects FILE] [--chunk N]",
		.about = "Imports a CSV file (RFC 4180, UTF-8), a command for each row; the first row names "
			 "the columns,\n"
			 "which are the fields of entitlement.issue. Rows that are refused do not stop the "
			 "others: they go\n"
			 "to a file of their own, with line, code and reason. Run again after an "
			 "interruption it goes on\n"
			 "where it stopped and repeats nothing. Exits with 1 when rows were rejected.",
		.own = {flags, sizeof flags / sizeof flags[0]},
		.shared = service_flags(&import.service),
	};
	struct options_rest rest;
	enum exit_code code;
	if (options_parse(&options, argc, argv, &rest, &code)) {
		const struct recourse_method *method = rest.count == 2 ? find_kind(rest.arguments[0]) : NULL;
		if (rest.count != 2)
			output_problem("import: say `recourse import entitlements FILE.csv`");
		import.path = method == NULL ? NULL : rest.arguments[1];
		code = method == NULL ? EXIT_CODE_USAGE : run(&import, method);
	}
	free_import(&import);
	return (int)code;
}
