/* SPDX-License-Identifier: Apache-2.0 */
#include "subcommand.h"

#include "demo_directory.h"
#include "options.h"
#include "output.h"
#include "play_run.h"

#include <errno.h>
#include <limits.h>
#include <sys/stat.h>

struct play {
	const char *keep;
	bool json;
	bool verbose;
	uint64_t number; /* of the case, for the directories that are kept */
	struct play_report report;
};

/* The directory of one case: below TMPDIR, or DIR/1, DIR/2 … where they are kept. */
static bool make_directory(struct play *play, char path[static PATH_MAX])
{
	char wanted[PATH_MAX];
	snprintf(wanted, sizeof wanted, "%s/%llu", play->keep, (unsigned long long)++play->number);
	if (demo_directory_make(play->keep == NULL ? NULL : wanted, path, PATH_MAX))
		return true;
	output_problem("%s: %s", play->keep == NULL ? "a directory below TMPDIR" : wanted, strerror(errno));
	return false;
}

static enum exit_code play_file(struct play *play, const char *file)
{
	struct play_script script;
	char directory[PATH_MAX];
	enum exit_code code = play_script_read(file, &script);
	for (size_t index = 0; code == EXIT_CODE_OK && index < play_script_case_count(&script); index++) {
		if (!make_directory(play, directory)) {
			code = EXIT_CODE_CREATE;
			break;
		}
		play_report_begin(&play->report, file, play_script_case(&script, index).name);
		play_run_case(&script, index, &(struct play_place){.directory = directory}, &play->report);
		play_report_end(&play->report);
		if (play->keep == NULL)
			demo_directory_remove(directory);
	}
	play_script_free(&script);
	return code;
}

static enum exit_code run(struct play *play, const struct options_rest *rest)
{
	enum exit_code worst = EXIT_CODE_OK;
	if (play->keep != NULL && mkdir(play->keep, 0700) != 0) {
		output_problem("%s: %s", play->keep, strerror(errno));
		return EXIT_CODE_CREATE;
	}
	for (size_t index = 0; index < rest->count; index++) {
		enum exit_code code = play_file(play, rest->arguments[index]);
		worst = code == EXIT_CODE_OK ? worst : code;
		play->report.failed += code != EXIT_CODE_OK;
	}
	enum exit_code code = play_report_sum(&play->report);
	return worst == EXIT_CODE_OK ? code : worst;
}

int play_main(int argc, char **argv)
{
	struct play play = {0};
	const struct options_flag flags[] = {
		{.name = "keep",
			.argument = "DIR",
			.value = &play.keep,
			.help = "a new directory for the ledgers, which stay"},
		{.name = "verbose", .letter = 'v', .given = &play.verbose, .help = "a line for each case"},
		{.name = "json", .given = &play.json, .help = "a JSON object for each case"},
	};
	const struct options options = {
		.name = "play",
		.usage = "FILE… [--verbose] [--keep DIR]",
		.about = "Plays scenarios: who says what, what must be accepted or refused, what must then "
			 "stand\n"
			 "where. Each case has a throw-away ledger of its own, with a key for each person; "
			 "at its\n"
			 "end the ledger is audited, made anew from its log, and audited again.\n\n"
			 "  bank    deposit.receive merchant=M amount=1000.00 unit=CNY bank_reference=l-1\n"
			 "  maker   deposit.hold hold=h merchant=M amount=1000.01 unit=CNY reason=signal\n"
			 "            ! INSUFFICIENT account=2010/M//CNY available=1000.00\n"
			 "  = 2010 M 1000.00 CNY\n"
			 "  wait 7 days\n"
			 "  ? auditor report.exits merchant=M  state=notice next_step=tail\n\n"
			 "A line that does not come as it says is shown with what came, and the exit code is "
			 "1.",
		.own = {flags, sizeof flags / sizeof flags[0]},
	};
	struct options_rest rest;
	enum exit_code code;
	if (!options_parse(&options, argc, argv, &rest, &code))
		return (int)code;
	if (rest.count == 0)
		return (int)output_usage("play: which file?");
	play.report.form = play.json      ? PLAY_REPORT_JSON
			   : play.verbose ? PLAY_REPORT_CASES
					  : PLAY_REPORT_FAILURES;
	return (int)run(&play, &rest);
}
