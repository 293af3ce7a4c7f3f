/* SPDX-License-Identifier: Apache-2.0 */
#include "subcommand.h"

#include "base/try.h"
#include "arguments.h"
#include "batch.h"
#include "file.h"
#include "base/instant.h"
#include "base/refusal.h"
#include "manual.h"
#include "moment.h"
#include "outcome.h"
#include "output.h"
#include "service.h"
#include "table.h"
#include "uuid.h"

#include <inttypes.h>

enum {
	INPUT_SIZE_MAX = 8 * 1024 * 1024,
	EXPIRES_PRESET_S = 300,
};

struct submit {
	const char *mode;
	const char *request;
	const char *expires_in;
	bool brief;
	bool dry_run;
	bool json;
	struct service service;
	struct batch batch;
	struct table table;
	uint64_t refused;
};

static enum exit_code parse_mode(const struct submit *submit, enum recourse_mode *mode)
{
	*mode = submit->mode != NULL && strcmp(submit->mode, "each") == 0 ? RECOURSE_MODE_EACH
									  : RECOURSE_MODE_ALL;
	if (submit->mode == NULL || strcmp(submit->mode, "all") == 0 || strcmp(submit->mode, "each") == 0)
		return EXIT_CODE_OK;
	return output_usage(
		"submit: --mode is all (all or nothing) or each (each for itself), not '%s'", submit->mode);
}

static void say_refused(const struct submit *submit, uint64_t index, const struct recourse_refusal *refusal)
{
	char what[120];
	const char *name = index < submit->batch.count ? batch_name(&submit->batch, index) : "a command";
	if (submit->batch.count > 1)
		snprintf(what, sizeof what, "%s (command %" PRIu64 ")", name, index + 1);
	else
		snprintf(what, sizeof what, "%s", name);
	output_error(refusal->error, refusal, what);
}

static void add_row(struct submit *submit, const struct outcome_result *result, slice account, slice balance)
{
	char entry[24];
	struct buffer grouped = {0};
	snprintf(entry, sizeof entry, "%" PRIu64, result->entry);
	output_grouped(balance, &grouped);
	table_cell(&submit->table,
		slice_text(result->index < submit->batch.count ? batch_name(&submit->batch, result->index)
							       : ""));
	table_cell(&submit->table, slice_text(entry));
	table_cell(&submit->table, account);
	table_cell(&submit->table, buffer_slice(&grouped));
	buffer_free(&grouped);
}

/* One {"account": text, "balance": text}. */
static enum recourse_error read_balance(slice *reader, slice *account, slice *balance)
{
	struct item head;
	enum recourse_error error = item_read_type(reader, ITEM_MAP, &head);
	for (uint64_t pair = 0; error == RECOURSE_OK && pair < head.count; pair++) {
		struct item key;
		slice value;
		struct item text;
		error = item_read_type(reader, ITEM_TEXT, &key);
		if (error == RECOURSE_OK)
			error = item_read_whole(reader, &value);
		if (error != RECOURSE_OK)
			break;
		slice inner = value;
		if (item_read_type(&inner, ITEM_TEXT, &text) != RECOURSE_OK)
			continue;
		if (slice_is(key.string, "account"))
			*account = text.string;
		if (slice_is(key.string, "balance"))
			*balance = text.string;
	}
	return error;
}

static enum recourse_error show_accepted(struct submit *submit, const struct outcome_result *result)
{
	slice reader = result->balances;
	struct item head = {.count = 0};
	if (result->balances.size > 0 && item_read_type(&reader, ITEM_ARRAY, &head) != RECOURSE_OK)
		return RECOURSE_MALFORMED;
	if (head.count == 0)
		add_row(submit, result, slice_text(""), slice_text(""));
	for (uint64_t index = 0; index < head.count; index++) {
		slice account = slice_text("");
		slice balance = slice_text("");
		TRY(read_balance(&reader, &account, &balance));
		add_row(submit, result, account, balance);
	}
	return RECOURSE_OK;
}

/* It took other people as it is: it waits, and an answer without balances looks as if it were done. */
static void say_proposed(const struct submit *submit, const struct outcome_result *result)
{
	if (result->index >= submit->batch.count)
		return;
	const char *name = batch_name(&submit->batch, result->index);
	const struct recourse_method *method = recourse_method_find(name, strlen(name));
	if (method != NULL && method->approvals > 0)
		output_next("it waits until another person agrees: recourse submit proposal.approve "
			    "proposal=%" PRIu64,
			result->entry);
}

/* What was unsealed, for people to read; of what is not there any more, why. */
static void show_note(struct submit *submit, const struct outcome_result *result)
{
	SCOPED(buffer_free) struct buffer shown = {.secret = true};
	slice text;
	slice state = slice_text("");
	if (item_find_text(result->note, "text", &text) == RECOURSE_OK) {
		output_printable(text, "\n\t", &shown);
		if (!submit->json)
			output_text(stdout, "%.*s\n", SLICE_ARGUMENTS(buffer_slice(&shown)));
		return;
	}
	const char *why = "what was said is lost: the service has no text for it that its key opens";
	if (item_find_text(result->note, "state", &state) == RECOURSE_OK && slice_is(state, "erased"))
		why = "what was said was erased meanwhile";
	if (slice_is(state, "repeated"))
		why = "this request read it before, and is told once: read it by another request";
	output_problem("entry %" PRIu64 ": %s", result->entry, why);
	submit->refused++;
}

static enum recourse_error show_result(void *context, const struct outcome_result *result)
{
	struct submit *submit = context;
	if (result->review_due.size > 0)
		output_next("a third person reviews this by %.*s: break_glass.review use=%" PRIu64,
			SLICE_ARGUMENTS(result->review_due), result->entry);
	if (result->repeated > 0)
		output_next(
			"its lot is claimed already, and that claim counts this: recourse query claim.brief "
			"receipt=%" PRIu64,
			result->repeated);
	if (result->note.size > 0)
		show_note(submit, result);
	if (!result->refused) {
		say_proposed(submit, result);
		return submit->json ? RECOURSE_OK : show_accepted(submit, result);
	}
	submit->refused++;
	say_refused(submit, result->index, &result->refusal);
	return RECOURSE_OK;
}

static enum exit_code show(struct submit *submit, slice reply)
{
	struct outcome outcome;
	enum exit_code code = submit->json ? output_json(reply) : EXIT_CODE_OK;
	table_column(&submit->table, slice_text("command"));
	table_number(&submit->table, slice_text("entry"));
	table_column(&submit->table, slice_text("account"));
	table_number(&submit->table, slice_text("balance"));
	enum recourse_error error = outcome_read(reply, &outcome);
	if (error == RECOURSE_OK)
		error = outcome_each(&outcome, show_result, submit);
	if (error == RECOURSE_OK && table_row_count(&submit->table) > 0)
		error = table_print(&submit->table, stdout, table_room(stdout));
	if (error != RECOURSE_OK)
		return output_error(error, NULL, "reading the reply");
	if (!submit->json && submit->dry_run)
		printf("%" PRIu64 " of %zu would be accepted; nothing was done\n", outcome.accepted,
			submit->batch.count);
	else if (!submit->json && (submit->batch.count > 1 || submit->brief))
		printf("accepted %" PRIu64 " of %zu\n", outcome.accepted, submit->batch.count);
	return code == EXIT_CODE_OK && submit->refused > 0 ? EXIT_CODE_REFUSED : code;
}

static enum exit_code refuse(const struct submit *submit, const char *request, enum recourse_error error,
	const struct recourse_refusal *refusal)
{
	enum exit_code code = exit_code_of(error);
	if (refusal->command >= 0)
		say_refused(submit, (uint64_t)refusal->command, refusal);
	else
		code = output_error(error, refusal,
			submit->batch.count == 1 ? batch_name(&submit->batch, 0) : "the request");
	if (recourse_error_retry(error) || error == RECOURSE_REQUEST_EXPIRED)
		output_next("the same command again with --request %s: it never takes effect twice", request);
	return code;
}

/* What notes follow from. */
struct note_source {
	struct recourse_client *client;
	const char *request;
};

static enum recourse_error make_note(void *context, size_t index, slice text, struct recourse_note *note)
{
	const struct note_source *source = context;
	return recourse_client_note(source->client, source->request, index, text, note);
}

static enum exit_code send_commands(struct submit *submit, struct recourse_submission *submission)
{
	struct note_source source = {.client = submit->service.client, .request = submission->request_id};
	SCOPED(texts_free) struct texts texts = {.make = make_note, .context = &source};
	SCOPED(buffer_free) struct buffer commands = {0};
	SCOPED(recourse_bytes_free) struct recourse_bytes reply = {0};
	struct recourse_refusal refusal;
	refusal_clear(&refusal);
	enum recourse_error error = batch_encode(&submit->batch, &texts, &commands, &refusal);
	if (error != RECOURSE_OK)
		return output_error(error, &refusal, "submit");
	submission->commands = buffer_slice(&commands);
	submission->texts = texts.rows;
	submission->text_count = texts.count;
	error = recourse_client_submit(submit->service.client, submission, &reply, &refusal);
	return error == RECOURSE_OK ? show(submit, slice_of(reply.data, reply.size))
				    : refuse(submit, submission->request_id, error, &refusal);
}

static enum exit_code send(struct submit *submit, enum recourse_mode mode, uint64_t expires_in)
{
	char request[UUID_TEXT_SIZE];
	uuid_make(moment_now() / 1000000, request);
	if (submit->request == NULL)
		output_text(stderr, "request %s\n", request);
	struct recourse_submission submission = {
		.request_id = submit->request == NULL ? request : submit->request,
		.mode = mode,
		.brief = submit->brief,
		.dry_run = submit->dry_run,
		.expires = moment_now() + expires_in * INSTANT_SECOND,
	};
	return send_commands(submit, &submission);
}

static enum exit_code gather(struct submit *submit, const struct options_rest *rest)
{
	struct buffer input = {.secret = true};
	if (rest->count == 0)
		return output_usage("submit: which command? `recourse help commands` lists them");
	if (rest->count > 1 || strcmp(rest->arguments[0], "-") != 0)
		return batch_arguments(&submit->batch, rest->arguments, rest->count);
	enum recourse_error error = file_read("-", INPUT_SIZE_MAX, &input);
	slice text = buffer_slice(&input);
	/* Windows puts a byte order mark before it; the service takes none. */
	(void)slice_take(&text, "\xef\xbb\xbf");
	enum exit_code code = error == RECOURSE_OK ? batch_json(&submit->batch, text)
						   : output_error(error, NULL, "standard input");
	buffer_free(&input);
	return code;
}

static enum exit_code help(const struct options_rest *rest)
{
	const struct recourse_method *method = arguments_method(rest->arguments[0], true);
	return method == NULL ? EXIT_CODE_USAGE : manual_method(method, NULL);
}

static enum exit_code run(struct submit *submit, const struct options_rest *rest)
{
	enum recourse_mode mode;
	uint64_t expires_in = EXPIRES_PRESET_S;
	enum exit_code code = parse_mode(submit, &mode);
	if (!options_number(
		    "expires-in", submit->expires_in, 1, RECOURSE_LIFETIME_MAX_HOURS * 3600, &expires_in))
		code = EXIT_CODE_USAGE;
	if (code == EXIT_CODE_OK)
		code = gather(submit, rest);
	if (code == EXIT_CODE_OK && submit->batch.count > RECOURSE_COMMANDS_MAX)
		code = output_error(RECOURSE_TOO_LARGE, NULL, "more than 8,192 commands");
	if (code == EXIT_CODE_OK)
		code = service_open(&submit->service, SERVICE_SIGNED);
	return code == EXIT_CODE_OK ? send(submit, mode, expires_in) : code;
}

int submit_main(int argc, char **argv)
{
	struct submit submit = {0};
	const struct options_flag flags[] = {
		{.name = "mode",
			.argument = "all|each",
			.value = &submit.mode,
			.help = "all or nothing, or each for itself (all)"},
		{.name = "request",
			.argument = "ID",
			.value = &submit.request,
			.help = "name of the request, to send it again (a new one)"},
		{.name = "expires-in",
			.argument = "SECONDS",
			.value = &submit.expires_in,
			.help = "not taken later than that (300)"},
		{.name = "brief", .given = &submit.brief, .help = "reply with refused commands only"},
		{.name = "dry-run",
			.given = &submit.dry_run,
			.help = "say what would be refused; nothing is done"},
		{.name = "json", .given = &submit.json, .help = "the reply as one JSON object"},
	};
	const struct options options = {
		.name = "submit",
		.usage = "COMMAND field=value … [COMMAND field=value …]\n- <commands.json\nCOMMAND --help",
		.about = "Submits commands in one signed request. On standard input: one JSON object\n"
			 "{\"command\": name, field: value …}, an array of them, or one in each line.\n"
			 "`recourse help commands` lists the commands.",
		.own = {flags, sizeof flags / sizeof flags[0]},
		.shared = service_flags(&submit.service),
		.late_help = true,
	};
	struct options_rest rest;
	enum exit_code code;
	if (options_parse(&options, argc, argv, &rest, &code))
		code = rest.help ? help(&rest) : run(&submit, &rest);
	service_close(&submit.service);
	table_free(&submit.table);
	batch_free(&submit.batch);
	return (int)code;
}
