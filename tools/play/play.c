/* SPDX-License-Identifier: Apache-2.0 */
#include "subcommand.h"

#include "work_directory.h"
#include "file.h"
#include "options.h"
#include "output.h"
#include "play/play_copy.h"
#include "play/play_run.h"
#include "play/play_service.h"
#include "service.h"

#include <limits.h>
#include <sys/stat.h>

struct play {
	const char *keep;
	const char *on;
	const char *url;
	const char *keys;
	const char *log_key;
	const char *examples;
	bool json;
	bool verbose;
	uint64_t number; /* of the case, for the directories that are kept */
	struct buffer vkey;
	struct play_ledger *service; /* all cases are played on it; NULL: each on its own ledger */
	struct play_report report;
};

/* The directory of one case: below TMPDIR, or DIR/1, DIR/2 … where they are kept. */
static bool make_directory(struct play *play, char path[static PATH_MAX])
{
	char wanted[PATH_MAX];
	snprintf(wanted, sizeof wanted, "%s/%llu", play->keep, (unsigned long long)++play->number);
	if (work_directory_make(play->keep == NULL ? NULL : wanted, path, PATH_MAX))
		return true;
	work_directory_problem(play->keep == NULL ? NULL : wanted);
	return false;
}

static enum exit_code play_case(struct play *play, const struct play_script *script, size_t index)
{
	char directory[PATH_MAX];
	struct play_place place = {.directory = directory, .ledger = play->service};
	if (play->service == NULL && !make_directory(play, directory))
		return EXIT_CODE_CREATE;
	if (play->on != NULL)
		place.ledger = play_copy_open(play->on, directory);
	if (play->on == NULL || place.ledger != NULL)
		play_run_case(script, index, &place, &play->report);
	if (play->on != NULL)
		play_ledger_close(place.ledger);
	if (play->service == NULL && play->keep == NULL)
		work_directory_remove(directory);
	return play->on == NULL || place.ledger != NULL ? EXIT_CODE_OK : EXIT_CODE_UNAVAILABLE;
}

static enum exit_code play_file(struct play *play, const char *file)
{
	struct play_script script;
	enum exit_code code = play_script_read(file, &script);
	for (size_t index = 0; code == EXIT_CODE_OK && index < play_script_case_count(&script); index++) {
		play_report_begin(&play->report, file, play_script_case(&script, index).name);
		code = play_case(play, &script, index);
		if (code == EXIT_CODE_OK)
			play_report_end(&play->report);
	}
	play_script_free(&script);
	return code;
}

/* What is tried stays in a ledger for ever: in one that was opened for that. */
static enum exit_code open_service(struct play *play)
{
	if (play->url == NULL)
		return play->keys == NULL ? EXIT_CODE_OK : output_usage("play: --keys belongs to --url");
	if (play->keys == NULL || play->on != NULL || play->keep != NULL)
		return output_usage("play: with --url there is --keys DIR, and neither --on nor --keep");
	if (play->log_key != NULL && service_log_key(play->log_key, &play->vkey) != EXIT_CODE_OK)
		return EXIT_CODE_CONFIGURATION;
	const struct play_service_options options = {
		.url = play->url,
		.keys = play->keys,
		.log_key = play->log_key == NULL ? NULL : (const char *)play->vkey.data,
	};
	play->service = play_service_open(&options);
	if (play->service == NULL)
		return EXIT_CODE_UNAVAILABLE;
	if (play_service_is_test(play->service))
		return EXIT_CODE_OK;
	output_problem("%s serves no ledger that was opened for tests, or %s/admin is not its administrator",
		play->url, play->keys);
	output_next("recourse init --test makes one; of any other, play on a copy: --on DIR");
	return EXIT_CODE_DENIED;
}

static enum exit_code run(struct play *play, const struct options_rest *rest)
{
	enum exit_code worst = EXIT_CODE_OK;
	if (play->keep != NULL && mkdir(play->keep, 0700) != 0) {
		work_directory_problem(play->keep);
		return EXIT_CODE_CREATE;
	}
	enum exit_code opened = open_service(play);
	if (opened != EXIT_CODE_OK)
		return opened;
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
		{.name = "on",
			.argument = "DIR",
			.value = &play.on,
			.help = "on a private copy of that ledger, in its people's names"},
		{.name = "url",
			.argument = "URL",
			.value = &play.url,
			.help = "on a service, of a ledger that was opened for tests"},
		{.name = "keys",
			.argument = "DIR",
			.value = &play.keys,
			.help = "with it: DIR/admin and others' keys, made where missing"},
		{.name = "log-key",
			.argument = "VKEY|@FILE",
			.value = &play.log_key,
			.help = "with it: the log's public key"},
		{.name = "keep",
			.argument = "DIR",
			.value = &play.keep,
			.help = "a new directory for the ledgers, which stay"},
		{.name = "examples",
			.argument = "FILE",
			.value = &play.examples,
			.help = "write there how each method was said first, and answered"},
		{.name = "verbose", .letter = 'v', .given = &play.verbose, .help = "a line for each case"},
		{.name = "json", .given = &play.json, .help = "a JSON object for each case"},
	};
	const struct options options = {
		.name = "play",
		.usage = "FILE… [--on DIR | --url URL --keys DIR] [--verbose]",
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
	struct buffer examples = {0};
	play.report.examples = play.examples == NULL ? NULL : &examples;
	code = run(&play, &rest);
	if (play.examples != NULL && file_replace(play.examples, buffer_slice(&examples)) != RECOURSE_OK)
		code = output_unwritten(RECOURSE_IO, play.examples);
	buffer_free(&examples);
	play_ledger_close(play.service);
	buffer_free(&play.vkey);
	return (int)code;
}
