/* SPDX-License-Identifier: Apache-2.0 */
#include "subcommand.h"

#include "base/crypto.h"
#include "base/descriptor.h"
#include "base/text.h"
#include "damage.h"
#include "manual.h"
#include "options.h"
#include "output.h"
#include "scenario.h"
#include "suggest.h"
#include "table.h"

#include <locale.h>
#include <signal.h>
#include <stdlib.h>

struct subcommand {
	const char *name;
	int (*function)(int argc, char **argv);
	const char *help;
};

static const struct subcommand subcommands[] = {
	{"init", init_main, "make a ledger, with its keys"},
	{"serve", serve_main, "serve a ledger"},
	{"key", key_main, "make or show a key"},
	{"payee", payee_main, "make what stands for an account in the ledger"},
	{"pay", pay_main, "write a batch of payments as the files that its rail takes"},
	{"submit", submit_main, "submit commands"},
	{"query", query_main, "ask the ledger"},
	{"report", report_main, "show a report as tables"},
	{"log", log_main, "list entries: of a period, about somebody or something, of a command"},
	{"show", show_main, "show one entry, whole"},
	{"import", import_main, "import a CSV file in bulk"},
	{"bank-file", bank_file_main, "read a bank's or wallet's file"},
	{"export", export_main, "write a period for hledger, Beancount or spreadsheets"},
	{"checkpoint", checkpoint_main, "fetch, verify and remember the newest checkpoint"},
	{"receipt", receipt_main, "fetch or verify the receipt of an entry"},
	{"verify", verify_main, "audit a ledger without any service"},
	{"backup", backup_main, "back up a ledger, or copy it for an auditor"},
	{"restore", restore_main, "make a ledger again from its backups"},
	{"bench", bench_main, "measure a service on this machine"},
	{"play", play_main, "play scenarios: try the rules on a throw-away ledger"},
	{"demo", demo_main, "play a whole case on a throw-away ledger"},
};
enum { SUBCOMMANDS = sizeof subcommands / sizeof subcommands[0] };

static enum exit_code print_overview(void)
{
	struct table table = {.plain = true};
	printf("usage: recourse SUBCOMMAND …\n\nAn escrow-backed compensation ledger.\n\n");
	table_column(&table, slice_text(""));
	table_column(&table, slice_text(""));
	for (size_t index = 0; index < SUBCOMMANDS; index++) {
		char name[32];
		snprintf(name, sizeof name, "  %s", subcommands[index].name);
		table_cell(&table, slice_text(name));
		table_cell(&table, slice_text(subcommands[index].help));
	}
	enum recourse_error error = table_print(&table, stdout, 0);
	table_free(&table);
	printf("\nrecourse SUBCOMMAND --help   what one of them takes\n"
	       "recourse help commands       what can be submitted\n"
	       "recourse help queries        what can be asked\n"
	       "recourse help tables, limits, errors, codes\n"
	       "recourse help scenarios      the language of play, and what it brings along\n"
	       "recourse --version\n"
	       "\nBegin with: recourse init x && recourse serve x\n");
	return error == RECOURSE_OK ? EXIT_CODE_OK : EXIT_CODE_UNAVAILABLE;
}

static const struct subcommand *find(const char *name)
{
	for (size_t index = 0; index < SUBCOMMANDS; index++) {
		if (strcmp(name, subcommands[index].name) == 0)
			return &subcommands[index];
	}
	return NULL;
}

static enum exit_code refuse(const char *name)
{
	struct suggest suggest = {.word = slice_text(name)};
	for (size_t index = 0; index < SUBCOMMANDS; index++)
		suggest_consider(&suggest, subcommands[index].name);
	output_problem("there is no sub-command '%s'", name);
	if (suggest_best(&suggest) != NULL)
		output_next("did you mean recourse %s?", suggest_best(&suggest));
	else
		output_next("recourse --help");
	return EXIT_CODE_USAGE;
}

/* recourse help NAME: lists that the code makes of itself. */
static const struct {
	const char *name;
	enum exit_code (*print)(void);
} lists[] = {
	{"commands", manual_commands},
	{"queries", manual_queries},
	{"tables", manual_tables},
	{"limits", manual_limits},
	{"errors", manual_errors},
	{"codes", manual_codes},
	{"scenarios", manual_scenarios},
};
enum { LISTS = sizeof lists / sizeof lists[0] };

static int help(int argc, char **argv)
{
	if (argc < 2 || options_is_help(argv[1]))
		return (int)print_overview();
	for (size_t list = 0; list < LISTS; list++) {
		if (strcmp(argv[1], lists[list].name) == 0)
			return (int)lists[list].print();
	}
	const struct recourse_method *method = recourse_method_find(argv[1], strlen(argv[1]));
	if (method != NULL)
		return (int)manual_method(method, NULL);
	slice text;
	if (scenario_find(slice_text(argv[1]), &text))
		return fwrite(text.data, 1, text.size, stdout) == text.size ? EXIT_CODE_OK : EXIT_CODE_CREATE;
	const struct subcommand *subcommand = find(argv[1]);
	if (subcommand == NULL)
		return (int)refuse(argv[1]);
	char flag[] = "--help";
	char *arguments[] = {argv[1], flag, NULL};
	return subcommand->function(2, arguments);
}

static int run(int argc, char **argv)
{
	if (argc < 2) {
		print_overview();
		return EXIT_CODE_USAGE;
	}
	if (strcmp(argv[1], "help") == 0)
		return help(argc - 1, argv + 1);
	if (options_is_help(argv[1]))
		return (int)print_overview();
	if (strcmp(argv[1], "--version") == 0) {
		printf("recourse %s\n", RECOURSE_VERSION);
		return EXIT_CODE_OK;
	}
	const struct subcommand *subcommand = find(argv[1]);
	return subcommand == NULL ? (int)refuse(argv[1]) : subcommand->function(argc - 1, argv + 1);
}

/* All that is said and sent is UTF-8; so is what is named in it. */
static bool are_texts(int argc, char **argv)
{
	for (int index = 1; index < argc; index++) {
		if (text_is_utf8(slice_text(argv[index])))
			continue;
		output_problem("argument %d is not UTF-8: %s", index, argv[index]);
		return false;
	}
	return true;
}

/* Every sub-command that has --json says its problems so, too, also those that are found before it reads its options. */
static bool wants_json(int argc, char **argv)
{
	int index = 1;
	while (index < argc && strcmp(argv[index], "--") != 0 && strcmp(argv[index], "--json") != 0)
		index++;
	return index < argc && strcmp(argv[index], "--json") == 0;
}

int main(int argc, char **argv)
{
	if (!descriptor_keep_standard())
		return EXIT_CODE_UNAVAILABLE;
	/* A file that may not grow is an error of the write, and no reason to be killed. */
	signal(SIGXFSZ, SIG_IGN);
	/* Only for the width of characters: numbers and messages stay as they are. */
	if (setlocale(LC_CTYPE, "") == NULL || MB_CUR_MAX == 1)
		setlocale(LC_CTYPE, "C.UTF-8");
	if (crypto_start() != RECOURSE_OK) {
		output_problem("the cryptographic library does not start");
		return EXIT_CODE_UNAVAILABLE;
	}
	damage_watch();
	if (!are_texts(argc, argv))
		return EXIT_CODE_USAGE;
	if (wants_json(argc, argv))
		output_problems_as_json();
	int code = run(argc, argv);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		output_problem("standard output can not be written [IO]");
		return code == EXIT_CODE_OK ? EXIT_CODE_CREATE : code;
	}
	return code;
}
