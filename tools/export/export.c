/* SPDX-License-Identifier: Apache-2.0 */
#include "subcommand.h"

#include "base/try.h"
#include "export/export_source.h"
#include "file.h"
#include "base/instant.h"
#include "output.h"
#include "service.h"

#include <inttypes.h>

enum {
	PAGE_ENTRIES = 500,
	PIECE_SIZE = 256 * 1024, /* written at once */
};

struct exporter {
	const char *format_name;
	const char *from;
	const char *to;
	const char *output;
	struct service service;
	const struct export_format *format;
	struct export_source source;
	struct export_period period;
	struct export_balances opening;
	struct export_balances closing;
	struct file_new file;
	struct buffer text;
};

static enum exit_code say(const struct exporter *export, enum recourse_error error)
{
	if (error == RECOURSE_OK)
		return EXIT_CODE_OK;
	if (error == RECOURSE_IO)
		return output_unwritten(error, export->file.path);
	return entry_pages_say(&export->source.pages, error);
}

static enum recourse_error time_of(struct exporter *export, uint64_t number, uint64_t *time)
{
	struct export_entry entry;
	entry_pages_seek(&export->source.pages, number, 1);
	TRY(export_source_next(&export->source, &entry));
	*time = entry.time;
	return RECOURSE_OK;
}

static enum exit_code find_period(struct exporter *export)
{
	struct export_period *period = &export->period;
	enum exit_code code = entry_pages_period(&export->source.pages, (const char *const[]){"from", "to"},
		export->from, export->to, &period->first, &period->last);
	if (code == EXIT_CODE_OK && period->first > period->last)
		return output_usage("there is no entry in that period");
	return code;
}

static enum recourse_error prepare(struct exporter *export)
{
	struct export_period *period = &export->period;
	uint64_t before = period->first == 0 ? 0 : period->first - 1;
	enum recourse_error error = time_of(export, period->last, &period->ends);
	if (error == RECOURSE_OK)
		error = time_of(export, before, &period->begins);
	if (error == RECOURSE_OK)
		error = export_source_balances(&export->source, period->last, true, &export->closing);
	if (error == RECOURSE_OK && period->first > 0)
		error = export_source_balances(&export->source, before, false, &export->opening);
	period->units = export_source_units(&export->source, &period->unit_count);
	period->closing = export_source_lines(&export->closing, &period->closing_count);
	return error;
}

static enum recourse_error flush(struct exporter *export, size_t size_min)
{
	if (buffer_failed(&export->text))
		return RECOURSE_MEMORY;
	if (export->text.size < size_min)
		return RECOURSE_OK;
	enum recourse_error error = file_new_write(&export->file, buffer_slice(&export->text));
	buffer_clear(&export->text);
	return error;
}

/* What stood in the accounts before, under the entry before, whose hash the period goes on from. */
static enum recourse_error write_opening(struct exporter *export)
{
	struct export_entry entry;
	char reason[64];
	entry_pages_seek(&export->source.pages, export->period.first, PAGE_ENTRIES);
	if (export->period.first == 0)
		return RECOURSE_OK;
	entry_pages_seek(&export->source.pages, export->period.first - 1, PAGE_ENTRIES);
	TRY(export_source_next(&export->source, &entry));
	snprintf(reason, sizeof reason, "balances as of entry %" PRIu64, entry.number);
	entry.kind = slice_text("opening");
	entry.reason = slice_text(reason);
	entry.lines = export_source_lines(&export->opening, &entry.count);
	if (entry.count > 0)
		export->format->entry(&entry, &export->text);
	return RECOURSE_OK;
}

static enum recourse_error write_entries(struct exporter *export)
{
	export->format->begin(&export->period, &export->text);
	TRY(write_opening(export));
	for (uint64_t number = export->period.first; number <= export->period.last; number++) {
		struct export_entry entry;
		TRY(export_source_next(&export->source, &entry));
		if (entry.count > 0)
			export->format->entry(&entry, &export->text);
		TRY(flush(export, PIECE_SIZE));
	}
	export->format->end(&export->period, &export->text);
	return flush(export, 0);
}

static enum exit_code write_file(struct exporter *export)
{
	enum recourse_error error =
		file_new_open(export->output == NULL ? "-" : export->output, &export->file);
	if (error == RECOURSE_OK) {
		error = write_entries(export);
		if (error == RECOURSE_OK)
			error = file_new_keep(&export->file);
		else
			file_new_drop(&export->file);
	}
	enum exit_code code = say(export, error);
	if (code != EXIT_CODE_OK)
		return error == RECOURSE_IO ? EXIT_CODE_CREATE : code;
	fprintf(stderr, "exported entries %" PRIu64 " to %" PRIu64 "\n", export->period.first,
		export->period.last);
	return EXIT_CODE_OK;
}

static enum exit_code run(struct exporter *export)
{
	if (export->format_name == NULL)
		return output_usage("export: for which tool? --format hledger|beancount|csv");
	export->format = export_format_find(export->format_name);
	if (export->format == NULL)
		return output_usage("--format is hledger, beancount or csv, not '%s'", export->format_name);
	enum exit_code code = service_open(&export->service, SERVICE_SIGNED);
	if (code != EXIT_CODE_OK)
		return code;
	export->source.pages.client = export->service.client;
	code = find_period(export);
	if (code == EXIT_CODE_OK)
		code = say(export, prepare(export));
	return code == EXIT_CODE_OK ? write_file(export) : code;
}

int export_main(int argc, char **argv)
{
	struct exporter export = {0};
	const struct options_flag flags[] = {
		{.name = "format",
			.argument = "NAME",
			.value = &export.format_name,
			.help = "hledger, beancount or csv"},
		{.name = "from",
			.argument = "ENTRY|TIME",
			.value = &export.from,
			.help = "the first entry, or the first not before a time (0)"},
		{.name = "to",
			.argument = "ENTRY|TIME",
			.value = &export.to,
			.help = "the last entry, or the last before a time (the newest)"},
		{.name = "output",
			.letter = 'o',
			.argument = "FILE",
			.value = &export.output,
			.help = "write it there"},
	};
	const struct options options = {
		.name = "export",
		.usage = "--format hledger|beancount|csv [--from ENTRY|TIME] [--to ENTRY|TIME] [-o FILE]",
		.about = "Writes the postings of a period for other tools: each entry with its number and "
			 "leaf hash, the\n"
			 "balances of before in front, and the ledger's own balances behind as assertions.",
		.own = {flags, sizeof flags / sizeof flags[0]},
		.shared = service_flags(&export.service),
	};
	struct options_rest rest;
	enum exit_code code;
	if (options_parse(&options, argc, argv, &rest, &code))
		code = rest.count > 0 ? output_usage("export takes no arguments but its options")
				      : run(&export);
	buffer_free(&export.text);
	export_source_free(&export.closing);
	export_source_free(&export.opening);
	export_source_close(&export.source);
	service_close(&export.service);
	return (int)code;
}
