/* SPDX-License-Identifier: Apache-2.0 */
#include "subcommand.h"

#include "bank_print.h"
#include "bank_read.h"
#include "base/try.h"
#include "options.h"
#include "output.h"

enum { MEBIBYTE = 1024 * 1024, SIZE_PRESET = 256, SIZE_MOST = 16 * 1024 };

struct bank_file {
	const char *path;
	const char *kind;
	const char *columns_path;
	const char *size;
	uint64_t size_max;
	bool json;
	struct bank_columns columns;
};

static enum exit_code say_failure(const struct bank_file *file, enum recourse_error error)
{
	if (error == RECOURSE_FIELD_FORMAT) {
		output_problem("%s is no file: it is read twice, and has to stay [FIELD_FORMAT]", file->path);
		return EXIT_CODE_DATA;
	}
	output_file_error(error, file->path);
	if (error == RECOURSE_TOO_LARGE)
		output_next("--size-max MIB where the bank says that it is so large (%d)", SIZE_PRESET);
	return error == RECOURSE_MEMORY ? EXIT_CODE_UNAVAILABLE : EXIT_CODE_DATA;
}

static enum exit_code read_once(struct bank_file *file, struct bank_reading *reading)
{
	struct bank_columns *columns = file->columns_path == NULL ? NULL : &file->columns;
	enum recourse_error error = bank_read_file(file->path, file->size_max, columns, reading);
	if (error != RECOURSE_OK)
		return say_failure(file, error);
	if (reading->problems.count > 0) {
		bank_problem_say(&reading->problems, file->path);
		output_next("nothing of it is taken: ask the bank for a file that is right%s",
			columns == NULL ? "; for CSV say --columns FILE" : ", or mend the settings");
		return EXIT_CODE_DATA;
	}
	if (file->kind == NULL || strcmp(file->kind, bank_item_kind_of_file(reading->kind)) == 0)
		return EXIT_CODE_OK;
	output_problem("%s is %s, and not %s [FIELD_FORMAT]", file->path,
		bank_item_kind_of_file(reading->kind), file->kind);
	return EXIT_CODE_DATA;
}

/* What is not sound is not shown: it is read once to know, and once more to show. */
static enum exit_code read_file(struct bank_file *file)
{
	SCOPED(bank_reading_free) struct bank_reading first = {0};
	SCOPED(bank_reading_free) struct bank_reading second = {0};
	SCOPED(bank_print_free) struct bank_print print = {.json = file->json};
	second.visit = bank_print_visit(&print);
	enum exit_code code = read_once(file, &first);
	bank_reading_free(&first);
	if (code == EXIT_CODE_OK)
		code = read_once(file, &second);
	if (code != EXIT_CODE_OK)
		return code;
	if (!crypto_hash_equal(&first.hash, &second.hash)) {
		output_problem("%s changed while it was read [FIELD_FORMAT]", file->path);
		return EXIT_CODE_DATA;
	}
	return bank_print_end(&print, &second);
}

static enum exit_code run(struct bank_file *file)
{
	uint64_t size = SIZE_PRESET;
	if (file->kind != NULL && bank_item_find_kind(file->kind) == BANK_KIND_NONE)
		return output_usage("bank-file: --kind is camt053, camt054, pain002, csv, wechat or alipay");
	if (!options_number("size-max", file->size, 1, SIZE_MOST, &size))
		return EXIT_CODE_USAGE;
	file->size_max = size * MEBIBYTE;
	if (file->columns_path != NULL) {
		enum exit_code code = bank_columns_read(&file->columns, file->columns_path);
		if (code != EXIT_CODE_OK)
			return code;
	}
	return read_file(file);
}

int bank_file_main(int argc, char **argv)
{
	struct bank_file file = {0};
	const struct options_flag flags[] = {
		{.name = "kind",
			.argument = "KIND",
			.value = &file.kind,
			.help = "what it has to be: camt053, camt054, pain002, csv, wechat, alipay"},
		{.name = "columns",
			.argument = "FILE",
			.value = &file.columns_path,
			.help = "settings that say what a CSV file looks like"},
		{.name = "size-max",
			.argument = "MIB",
			.value = &file.size,
			.help = "what is larger is refused (256)"},
		{.name = "json", .given = &file.json, .help = "an object a line, the last of the file"},
	};
	const struct options options = {
		.name = "bank-file",
		.usage = "read FILE [--kind KIND] [--columns FILE]",
		.about =
			"Reads what a bank or wallet says, and books nothing: statements and notifications "
			"of an "
			"account\n"
			"(camt.053, camt.054), reports on payments (pain.002), and CSV whose columns are "
			"settings. "
			"Whatever\n"
			"the file can be asked by itself is asked: amounts exact, ids once, counts, sums and "
			"balances as it\n"
			"says them. All that is wrong is told with its line, nothing of such a file is "
			"shown, and "
			"it exits\n"
			"with 65.",
		.own = {flags, sizeof flags / sizeof flags[0]},
	};
	struct options_rest rest;
	enum exit_code code;
	if (options_parse(&options, argc, argv, &rest, &code)) {
		bool sound = rest.count == 2 && strcmp(rest.arguments[0], "read") == 0;
		file.path = sound ? rest.arguments[1] : NULL;
		code = sound ? run(&file) : output_usage("bank-file: say `recourse bank-file read FILE`");
	}
	bank_columns_free(&file.columns);
	return (int)code;
}
