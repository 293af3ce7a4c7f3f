/* SPDX-License-Identifier: Apache-2.0 */
#include "demo_golden.h"

#include "member.h"
#include "demo_postings.h"
#include "demo_voice.h"
#include "file.h"
#include "golden.h"
#include "base/item.h"
#include "output.h"
#include "table.h"

#include <errno.h>
#include <inttypes.h>
#include <sys/stat.h>

static bool hire_everybody(struct demo_stage *stage)
{
	bool good = demo_stage_submit(stage, "admin", golden_parties, NULL, NULL);
	for (size_t index = 0; good && index < golden_key_count; index++) {
		const struct golden_key *key = &golden_keys[index];
		good = demo_stage_hire(stage, key->name, key->party, key->roles);
	}
	return good && demo_stage_submit(stage, "admin", golden_terms, NULL, NULL);
}

/* What a step says, with the number of the last entry where it asks for it. */
static void write_commands(const struct golden_step *step, uint64_t last_entry, struct buffer *out)
{
	static const char mark[] = "$LAST";
	const char *rest = step->commands;
	const char *found = strstr(rest, mark);
	if (found != NULL) {
		buffer_append_format(out, "%.*s%" PRIu64, (int)(found - rest), rest, last_entry);
		rest = found + sizeof mark - 1;
	}
	buffer_append(out, rest, strlen(rest) + 1);
}

static bool play_step(struct demo_stage *stage, const struct golden_step *step, uint64_t *last)
{
	struct buffer commands = {0};
	uint64_t first = 0;
	write_commands(step, *last, &commands);
	demo_voice_step(step->step, step->title, step->actor);
	bool good = !buffer_failed(&commands) &&
		    demo_stage_submit(stage, step->actor, (const char *)commands.data, &first, last);
	buffer_free(&commands);
	for (uint64_t entry = first; good && entry <= *last; entry++)
		good = demo_postings_show(stage, entry);
	return good;
}

bool demo_golden_play(struct demo_stage *stage)
{
	uint64_t last = 0;
	demo_voice_part("A fuel card issuer collapses: every step signed by the one whose step it is");
	bool good = hire_everybody(stage);
	demo_postings_heading();
	for (size_t index = 0; good && index < golden_step_count; index++)
		good = play_step(stage, &golden_steps[index], &last);
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
	struct item_reader reader;
	struct item head;
	bool good = member_list(result, "accounts", &reader, &head);
	for (size_t column = 0; column < COLUMNS; column++)
		table_column(table, slice_text(columns[column]));
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
		output_file_error(error, path);
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
