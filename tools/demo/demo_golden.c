/* SPDX-License-Identifier: Apache-2.0 */
#include "demo/demo_golden.h"

#include "member.h"
#include "demo/demo_postings.h"
#include "demo/demo_voice.h"
#include "file.h"
#include "base/item.h"
#include "outcome.h"
#include "output.h"
#include "play/play_run.h"
#include "play/play_service.h"
#include "table.h"

#include <errno.h>
#include <inttypes.h>
#include <sys/stat.h>

/* A service on which the case is played, and the people who watch. */
struct shown {
	struct play_ledger base;
	struct play_ledger *service;
	struct demo_stage *stage;
	const char *title; /* of the step; NULL before the first one */
	bool good;
};

static struct shown *shown_of(struct play_ledger *ledger)
{
	return (struct shown *)ledger;
}

static void tell(struct play_ledger *ledger, const char *title)
{
	shown_of(ledger)->title = title;
}

static enum recourse_error show_entry(void *context, const struct outcome_result *result)
{
	struct shown *shown = context;
	shown->good = shown->good && demo_postings_show(shown->stage, result->entry);
	return RECOURSE_OK;
}

static void submit(
	struct play_ledger *ledger, const struct play_submission *submission, struct play_reply *reply)
{
	struct shown *shown = shown_of(ledger);
	struct outcome outcome;
	if (shown->title != NULL)
		demo_voice_step(shown->title, submission->actor);
	play_ledger_submit(shown->service, submission, reply);
	if (reply->error != RECOURSE_OK || shown->title == NULL)
		return;
	reply->error = outcome_read(slice_of(reply->item.data, reply->item.size), &outcome);
	if (reply->error == RECOURSE_OK)
		reply->error = outcome_each(&outcome, show_entry, shown);
}

static const struct play_ledger_kind kind = {.submit = submit, .tell = tell};

/* Those whom the demonstration asks again later: their keys stand in their files now. */
static bool meet(struct demo_stage *stage)
{
	static const char *const names[] = {
		"agent", "maker", "payer", "checker", "bank", "merchant", "auditor"};
	bool good = true;
	for (size_t index = 0; good && index < sizeof names / sizeof names[0]; index++)
		good = demo_stage_meet(stage, names[index]);
	return good;
}

static bool play_script(struct shown *shown, const struct play_script *script)
{
	struct play_report report = {0};
	size_t end = play_script_case(script, 0).end;
	const struct play_place place = {.ledger = &shown->base, .blind = true};
	play_report_begin(&report, "golden", "");
	play_run_steps(script, 0, script->preamble, &place, &report);
	shown->good = report.case_failures == 0 && meet(shown->stage);
	demo_postings_heading();
	if (shown->good)
		play_run_steps(script, script->preamble, end, &place, &report);
	return shown->good && report.case_failures == 0;
}

bool demo_golden_play(struct demo_stage *stage)
{
	char people[DEMO_STAGE_PATH_SIZE];
	struct play_script script = {0};
	struct shown shown = {.base = {.kind = &kind}, .stage = stage};
	demo_voice_part("A fuel card issuer collapses: every step signed by the one whose step it is");
	if (!demo_stage_path(stage, "people", people) ||
		play_script_read("<golden>", &script) != EXIT_CODE_OK)
		return false;
	const struct play_service_options options = {
		.url = stage->url, .log_key = stage->log_key, .keys = people};
	shown.service = play_service_open(&options);
	if (shown.service != NULL)
		shown.base.people = shown.service->people;
	bool good = shown.service != NULL && play_script(&shown, &script);
	play_ledger_close(shown.service);
	play_script_free(&script);
	return good;
}

/* ---- the trial balance ---- */

static const char *const columns[] = {"code", "account", "party", "unit", "debit", "credit"};
enum { COLUMNS = sizeof columns / sizeof columns[0], DEBIT = 4, CREDIT = 5 };

static bool is_zero(slice decimal)
{
	for (size_t index = 0; index < decimal.size; index++) {
		if (strchr("0.", decimal.data[index]) == NULL)
			return false;
	}
	return true;
}

static bool read_cells(slice row, slice cells[static COLUMNS], char code[static 24])
{
	int64_t number;
	if (!member_integer(row, "code", &number))
		return false;
	snprintf(code, 24, "%" PRId64, number);
	cells[0] = slice_text(code);
	for (size_t column = 1; column < COLUMNS; column++) {
		if (!member_text(row, columns[column], &cells[column]))
			return false;
	}
	return true;
}

/* Counts in `left` the accounts of money that do not stand at zero. */
static bool add_row(slice row, struct table *table, size_t *left)
{
	slice cells[COLUMNS];
	char code[24];
	if (!read_cells(row, cells, code))
		return false;
	if (!slice_is(cells[3], "CNY"))
		return true;
	*left += !is_zero(cells[DEBIT]) || !is_zero(cells[CREDIT]);
	for (size_t column = 0; column < COLUMNS; column++)
		table_cell(table, cells[column]);
	return true;
}

static bool fill_table(slice result, struct table *table, size_t *left)
{
	slice reader;
	struct item head;
	bool good = member_list(result, "accounts", &reader, &head);
	for (size_t column = 0; column < COLUMNS; column++)
		(column == DEBIT || column == CREDIT ? table_number : table_column)(
			table, slice_text(columns[column]));
	for (uint64_t index = 0; good && index < head.count; index++) {
		slice row;
		good = item_read_whole(&reader, &row) == RECOURSE_OK && add_row(row, table, left);
	}
	return good;
}

bool demo_golden_balance(struct demo_stage *stage)
{
	struct recourse_bytes result = {0};
	struct table table = {0};
	size_t left = 0;
	demo_voice_part("The trial balance of money, as the auditor asks for it");
	if (!demo_stage_query(stage, "auditor", "report.trial_balance", "{\"zeroes\":\"yes\"}", &result))
		return false;
	/* the case has some thirty accounts: one page */
	slice next;
	bool good = !member_text(slice_of(result.data, result.size), "next", &next) &&
		    fill_table(slice_of(result.data, result.size), &table, &left) &&
		    table_print(&table, stdout, 0) == RECOURSE_OK && table_row_count(&table) > 0;
	size_t count = table_row_count(&table);
	table_free(&table);
	recourse_bytes_free(&result);
	if (!good)
		output_problem("the trial balance can not be understood");
	else if (left > 0)
		output_problem("%zu accounts of money are not at zero", left);
	else
		demo_voice_good("\nall %zu accounts of money are at zero", count);
	return good && left == 0;
}

/* ---- the receipt ---- */

static bool write_file(const struct demo_stage *stage, const char *name, slice content)
{
	char path[DEMO_STAGE_PATH_SIZE];
	if (!demo_stage_path(stage, name, path))
		return false;
	enum recourse_error error = file_replace(path, content);
	if (error != RECOURSE_OK)
		(void)output_unwritten(error, path);
	return error == RECOURSE_OK;
}

/* The number of the entry that a claim was filed by: what its consumer was told. */
static bool find_filing(struct demo_stage *stage, uint64_t *entry)
{
	struct recourse_bytes brief = {0};
	int64_t number = -1;
	if (!demo_stage_query(stage, "agent", "claim.brief", "{\"claim\":\"claim-B\"}", &brief))
		return false;
	bool good = member_integer(slice_of(brief.data, brief.size), "receipt", &number) && number >= 0;
	recourse_bytes_free(&brief);
	*entry = (uint64_t)number;
	if (!good)
		output_problem("claim.brief names no receipt");
	return good;
}

static bool keep_receipt(struct demo_stage *stage, const char *directory, uint64_t entry)
{
	struct recourse_bytes receipt = {0};
	struct recourse_refusal refusal;
	enum recourse_error error =
		recourse_client_receipt(demo_stage_client(stage, "agent"), entry, &receipt, &refusal);
	if (error != RECOURSE_OK) {
		output_error(error, &refusal, "B's receipt");
		return false;
	}
	struct buffer key = {0};
	buffer_append_format(&key, "%s\n", stage->log_key);
	bool good = mkdir(directory, 0700) == 0;
	if (!good)
		output_problem("%s: %s", directory, strerror(errno));
	good = good &&
	       write_file(stage, "consumer-B/claim-B.receipt", slice_of(receipt.data, receipt.size)) &&
	       write_file(stage, "consumer-B/log.pub", buffer_slice(&key));
	buffer_free(&key);
	recourse_bytes_free(&receipt);
	return good;
}

bool demo_golden_receipt(struct demo_stage *stage)
{
	static const char *const arguments[] = {
		"receipt",
		"verify",
		"claim-B.receipt",
		"--log-key",
		"@log.pub",
		NULL,
	};
	char directory[DEMO_STAGE_PATH_SIZE];
	uint64_t entry;
	demo_voice_part("B's receipt for its claim: a file, and the log's public key; no service is asked");
	if (!find_filing(stage, &entry) || !demo_stage_path(stage, "consumer-B", directory) ||
		!keep_receipt(stage, directory, entry))
		return false;
	demo_voice_command("receipt verify claim-B.receipt --log-key @log.pub");
	const struct demo_child_options options = {.arguments = arguments, .directory = directory};
	int code = demo_child_run(&options);
	if (code != 0)
		output_problem("recourse receipt verify ended with %d", code);
	return code == 0;
}
