/* SPDX-License-Identifier: Apache-2.0 */
#include "subcommand.h"

#include "bank/bank_ahead.h"
#include "bank/bank_book.h"
#include "bank/bank_print.h"
#include "base/item.h"
#include "base/try.h"
#include "options.h"
#include "output.h"
#include "service.h"

#include <inttypes.h>

enum { MEBIBYTE = 1024 * 1024, SIZE_PRESET = 256, SIZE_MOST = 16 * 1024 };

struct bank_file {
	const char *path;
	const char *kind;
	const char *columns_path;
	const char *size;
	const char *account;
	uint64_t size_max;
	bool json;
	bool dry;
	bool summary;
	struct bank_columns columns;
	struct service service;
};

static enum exit_code say_failure(const struct bank_file *file, enum recourse_error error)
{
	if (error == RECOURSE_FIELD_FORMAT) {
		output_problem("%s is no file: it is read twice, and has to stay [FIELD_FORMAT]", file->path);
		return EXIT_CODE_DATA;
	}
	enum exit_code code = output_unread(error, file->path);
	if (error == RECOURSE_TOO_LARGE)
		output_next("--size-max MIB where the bank says that it is so large (%d)", SIZE_PRESET);
	return code;
}

static struct bank_columns *columns_of(struct bank_file *file)
{
	return file->columns_path == NULL ? NULL : &file->columns;
}

/* What it was read with. */
static enum exit_code judge(
	const struct bank_file *file, struct bank_reading *reading, enum recourse_error error)
{
	if (error == RECOURSE_IO && reading->fault == error)
		return spool_say(file->path);
	if (error != RECOURSE_OK)
		return say_failure(file, error);
	if (reading->problems.count > 0) {
		bank_problem_say(&reading->problems, file->path);
		output_next("nothing of it is taken: ask the bank for a file that is right%s",
			file->columns_path == NULL ? "; for CSV say --columns FILE"
						   : ", or mend the settings");
		return EXIT_CODE_DATA;
	}
	if (file->kind == NULL || strcmp(file->kind, bank_item_kind_of_file(reading->kind)) == 0)
		return EXIT_CODE_OK;
	output_problem("%s is %s, and not %s [FIELD_FORMAT]", file->path,
		bank_item_kind_of_file(reading->kind), file->kind);
	return EXIT_CODE_DATA;
}

static enum exit_code read_once(struct bank_file *file, struct bank_reading *reading)
{
	return judge(file, reading, bank_read_file(file->path, file->size_max, columns_of(file), reading));
}

static enum exit_code is_still(
	const struct bank_file *file, const struct crypto_hash *hash, const struct bank_reading *reading)
{
	if (crypto_hash_equal(hash, &reading->hash))
		return EXIT_CODE_OK;
	output_problem("%s changed while it was read [FIELD_FORMAT]", file->path);
	return EXIT_CODE_DATA;
}

static enum exit_code read_again(
	struct bank_file *file, const struct bank_reading *first, struct bank_reading *second)
{
	second->again = true;
	enum exit_code code = read_once(file, second);
	return code == EXIT_CODE_OK ? is_still(file, &first->hash, second) : code;
}

/* What is not sound is not shown: it is read once to know, and once more to show. */
static enum exit_code read_file(struct bank_file *file)
{
	SCOPED(bank_reading_free) struct bank_reading first = {0};
	SCOPED(bank_reading_free) struct bank_reading second = {0};
	SCOPED(bank_print_free) struct bank_print print = {.json = file->json, .summary = file->summary};
	bool held = file->summary && !file->json; /* few, and shown behind the reading */
	(held ? &first : &second)->visit = bank_print_visit(&print);
	enum exit_code code = read_once(file, &first);
	if (held)
		return code == EXIT_CODE_OK ? bank_print_end(&print, &first) : code;
	bank_reading_free(&first);
	if (code == EXIT_CODE_OK)
		code = read_again(file, &first, &second);
	return code == EXIT_CODE_OK ? bank_print_end(&print, &second) : code;
}

/* ---- book ---- */

static enum exit_code show_plan(const struct bank_plan *plan, bool dry)
{
	SCOPED(buffer_free) struct buffer out = {0};
	const struct {
		const char *name;
		uint64_t count;
	} counts[] = {{"lines", plan->lines}, {"pieces", plan->pieces.count}, {"settled", plan->settled},
		{"returned", plan->returned}, {"charges", plan->fees}, {"reported", plan->reported},
		{"left", plan->left}, {"groups", plan->groups}, {"told", plan->told},
		{"unnamed", plan->statement.unnamed}};
	struct item_map map = item_map_open(&out);
	item_write_pair_text(&out, "kind", slice_text(dry ? "agrees" : "booked"));
	for (size_t index = 0; index < sizeof counts / sizeof counts[0]; index++)
		item_write_pair_integer(&out, counts[index].name, (int64_t)counts[index].count);
	item_map_close(map, &out);
	return buffer_failed(&out) ? output_error(RECOURSE_MEMORY, NULL, "bank-file book")
				   : output_json(buffer_slice(&out));
}

/* What is said of all of a message is said of those that it names: what became of the others nobody has said. */
static void say_unnamed(const struct bank_plan *plan)
{
	if (plan->statement.unnamed > 0)
		output_text(stderr,
			"%" PRIu64 " payments of its message are not named: of them it is not said what "
			"became of them\n",
			plan->statement.unnamed);
}

static enum exit_code say_plan(const struct bank_file *file, const struct bank_plan *plan)
{
	if (file->json)
		return show_plan(plan, file->dry);
	printf("%" PRIu64 " lines in %" PRIu64 " pieces: %" PRIu64 " payments were made, %" PRIu64
	       " came back, %" PRIu64 " charges; %" PRIu64 " reports\n"
	       "%" PRIu64 " lines are left for people to say what they are of\n",
		plan->lines, plan->pieces.count, plan->settled, plan->returned, plan->fees, plan->reported,
		plan->left);
	if (plan->groups > 0)
		output_text(stderr,
			"%" PRIu64 " statuses are of a message or a batch: they are put upon no payment\n",
			plan->groups);
	if (plan->told > 0)
		printf("%" PRIu64 " payments are not named: what is said of their message is said of them\n",
			plan->told);
	say_unnamed(plan);
	if (file->dry)
		puts("nothing differs from the ledger, and nothing was booked: it was only tried");
	return EXIT_CODE_OK;
}

/* It is asked for while it is read: where it is not sound, that alone is said. */
static enum exit_code hold_against(struct bank_file *file, const struct crypto_hash *hash,
	struct bank_reading *reading, struct bank_plan *plan)
{
	enum recourse_error error = bank_ahead_read(file->path, file->size_max, columns_of(file), reading);
	enum exit_code code = judge(file, reading, error);
	if (code == EXIT_CODE_OK)
		code = is_still(file, hash, reading);
	if (code != EXIT_CODE_OK)
		return code;
	bank_plan_end(plan);
	if (plan->fault == RECOURSE_IO)
		return spool_say(file->path);
	if (plan->fault != RECOURSE_OK)
		return output_error(plan->fault, &plan->ledger->asking.refusal, plan->ledger->asking.method);
	return plan->differences.count == 0 ? EXIT_CODE_OK : EXIT_CODE_REFUSED;
}

static void say_differences(const struct bank_file *file, struct bank_plan *plan)
{
	if (file->json)
		(void)bank_problem_show(&plan->differences);
	else
		bank_problem_say(&plan->differences, file->path);
	output_next("nothing of it was booked: each of these is settled with the bank, or in the ledger, "
		    "first");
}

/*
 * Whether more of the file is in than was known: a request of a run that was cut off was decided only since then, or another
 * run is at it. What was planned or sent meanwhile was of what is no more so, and its being refused says nothing.
 */
static enum recourse_error has_moved(struct bank_ledger *ledger, const struct crypto_hash *hash,
	const struct bank_ledger_file *known, bool *moved)
{
	struct bank_ledger_file now;
	TRY(bank_ledger_file(ledger, hash, &now));
	*moved = now.found != known->found ||
		 (now.found && (now.pieces != known->pieces || strcmp(now.state, known->state) != 0));
	return RECOURSE_OK;
}

static enum exit_code send_plan(const struct bank_file *file, struct bank_book *book)
{
	if (book->plan->differences.count > 0)
		return EXIT_CODE_REFUSED;
	if (book->plan->unit.code[0] == '\0') {
		output_problem(
			"%s names no payment: nothing of it can be booked [FIELD_MISSING]", file->path);
		say_unnamed(book->plan);
		return EXIT_CODE_REFUSED;
	}
	return file->dry ? EXIT_CODE_OK : bank_book_send(book);
}

/* `*again`: it is to be asked what is in, and all of this done anew; nothing was said. */
static enum exit_code book_rest(struct bank_file *file, const struct crypto_hash *hash,
	struct bank_ledger *ledger, const struct bank_ledger_file *before, bool *again)
{
	SCOPED(bank_reading_free) struct bank_reading reading = {0};
	bool open = bank_ledger_is_open(before);
	SCOPED(bank_plan_free)
	struct bank_plan plan = {.ledger = ledger,
		.differences.every = true,
		.account = file->account,
		.reading = &reading,
		.pieces.done = open ? before->pieces : 0,
		.standing.entry = open ? before->entry : 0};
	struct bank_book book = {.client = file->service.client,
		.path = file->path,
		.reading = &reading,
		.plan = &plan,
		.stands = *before};
	reading.visit = bank_plan_visit(&plan);
	enum exit_code code = hold_against(file, hash, &reading, &plan);
	if (code == EXIT_CODE_OK)
		code = send_plan(file, &book);
	if (code == EXIT_CODE_OK)
		return say_plan(file, &plan);
	bool differs = plan.fault == RECOURSE_OK && plan.differences.count > 0;
	if (code != EXIT_CODE_REFUSED || !(differs || book.refused))
		return code;
	enum recourse_error error = has_moved(ledger, hash, &book.stands, again);
	if (error != RECOURSE_OK)
		return output_error(error, &ledger->asking.refusal, ledger->asking.method);
	if (!*again && differs)
		say_differences(file, &plan);
	else if (!*again)
		bank_book_say(&book);
	return code;
}

static enum exit_code say_whole(const struct bank_file *file, const struct bank_ledger_file *before)
{
	SCOPED(buffer_free) struct buffer out = {0};
	if (!file->json) {
		printf("all of it is booked: it was begun by entry %" PRIu64 "\n", before->entry);
		return EXIT_CODE_OK;
	}
	struct item_map map = item_map_open(&out);
	item_write_pair_text(&out, "kind", slice_text("whole"));
	item_write_pair_integer(&out, "entry", (int64_t)before->entry);
	item_map_close(map, &out);
	return buffer_failed(&out) ? output_error(RECOURSE_MEMORY, NULL, "bank-file book")
				   : output_json(buffer_slice(&out));
}

/* Each time that it begins anew more of the file is in, until all of it is. */
static enum exit_code book_all(
	struct bank_file *file, const struct crypto_hash *hash, struct bank_ledger *ledger)
{
	struct bank_ledger_file before;
	bool again = true;
	enum exit_code code = EXIT_CODE_OK;
	while (again) {
		again = false;
		enum recourse_error error = bank_ledger_file(ledger, hash, &before);
		if (error != RECOURSE_OK)
			return output_error(error, &ledger->asking.refusal, ledger->asking.method);
		if (before.found && strcmp(before.state, "whole") == 0)
			return say_whole(file, &before);
		code = book_rest(file, hash, ledger, &before, &again);
	}
	return code;
}

static enum exit_code book_file(struct bank_file *file)
{
	SCOPED(bank_ledger_close) struct bank_ledger ledger = {0};
	struct crypto_hash hash;
	enum recourse_error error = bank_read_hash(file->path, file->size_max, &hash);
	if (error != RECOURSE_OK)
		return say_failure(file, error);
	enum exit_code code = service_open(&file->service, SERVICE_SIGNED);
	if (code != EXIT_CODE_OK)
		return code;
	error = bank_ledger_open(&ledger, file->service.client);
	if (error != RECOURSE_OK)
		return output_error(error, &ledger.asking.refusal, ledger.asking.method);
	return book_all(file, &hash, &ledger);
}

static enum exit_code run(struct bank_file *file, bool book)
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
	return book ? book_file(file) : read_file(file);
}

static const char about[] =
	"Reads what a bank or a wallet says: statements and notifications of an account (camt.053,\n"
	"camt.054), reports on payments (pain.002), and CSV whose columns are settings. Whatever the file\n"
	"can be asked by itself is asked: amounts exact, ids once, counts, sums and balances as it says\n"
	"them. All that is wrong is told with its line, nothing of such a file is shown, and it exits with\n"
	"65. `book` holds all of it against the ledger, and books it in pieces where nothing differs; it\n"
	"exits with 1 where something does. Cut off, the same command goes on.";

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
		{.name = "account",
			.argument = "NUMBER",
			.value = &file.account,
			.help = "of book: the account's number or IBAN; another's file is refused"},
		{.name = "json",
			.given = &file.json,
			.help = "an object a line; of read the last is of the file, of book each is a "
				"difference"},
		{.name = "summary",
			.given = &file.summary,
			.help = "of read: its statements alone, and no items"},
		{.name = "dry-run",
			.given = &file.dry,
			.help = "of book: hold it against the ledger, and book nothing"},
	};
	const struct options options = {
		.name = "bank-file",
		.usage = "read FILE [--kind KIND] [--columns FILE] [--summary] [--json]\n"
			 "book FILE [--kind KIND] [--columns FILE] [--account NUMBER] [--dry-run] [--json]",
		.about = about,
		.own = {flags, sizeof flags / sizeof flags[0]},
		.shared = service_flags(&file.service),
	};
	struct options_rest rest;
	enum exit_code code;
	if (options_parse(&options, argc, argv, &rest, &code)) {
		bool book = rest.count == 2 && strcmp(rest.arguments[0], "book") == 0;
		bool sound = book || (rest.count == 2 && strcmp(rest.arguments[0], "read") == 0);
		file.path = sound ? rest.arguments[1] : NULL;
		code = sound ? run(&file, book)
			     : output_usage("bank-file: say `recourse bank-file read FILE` or `… book FILE`");
	}
	service_close(&file.service);
	bank_columns_free(&file.columns);
	return (int)code;
}
