/* SPDX-License-Identifier: Apache-2.0 */
#include "subcommand.h"

#include "item.h"
#include "output.h"
#include "progress.h"
#include "recourse_ledger.h"
#include "service.h"
#include "text.h"

#include <inttypes.h>

static void write_hash(struct buffer *out, const char *name, const uint8_t hash[static 32])
{
	char hex[65];
	text_to_hex(hash, 32, hex);
	item_write_pair_text(out, name, slice_text(hex));
}

/* In the order in which people read it. */
static void write_audit(const struct recourse_audit *audit, struct buffer *out)
{
	bool explained = audit->what[0] != '\0';
	item_write_map(out, (uint64_t)9 + audit->entry_known + explained);
	item_write_key(out, "verified");
	item_write_boolean(out, !audit->failed);
	item_write_pair_text(out, "origin", slice_text(audit->origin));
	item_write_pair_integer(out, "entries", (int64_t)audit->entries);
	item_write_pair_integer(out, "requests", (int64_t)audit->requests);
	item_write_pair_integer(out, "checkpoints", (int64_t)audit->checkpoints);
	item_write_pair_integer(out, "size", (int64_t)audit->tree_size);
	write_hash(out, "root", audit->root);
	write_hash(out, "state_digest", audit->state_digest);
	item_write_key(out, "state_compared");
	item_write_boolean(out, audit->state_compared);
	if (audit->entry_known)
		item_write_pair_integer(out, "first_wrong", (int64_t)audit->first_wrong);
	if (explained)
		item_write_pair_text(out, "what", slice_text(audit->what));
}

static void say_verdict(const struct recourse_audit *audit)
{
	if (!audit->failed && audit->state_compared)
		printf("\nverified: every entry follows from the signed requests, and the state beside the "
		       "log is the same\n");
	else if (!audit->failed)
		printf("\nverified: every entry follows from the signed requests (there was no state to "
		       "compare)\n");
	else if (audit->entry_known)
		printf("\nNOT verified: entry %" PRIu64 " is the first that is wrong: %s\n",
			audit->first_wrong, audit->what);
	else
		printf("\nNOT verified: %s\n", audit->what);
}

static enum exit_code show(const struct recourse_audit *audit, bool json)
{
	struct buffer item = {0};
	write_audit(audit, &item);
	enum exit_code code = buffer_failed(&item) ? output_error(RECOURSE_MEMORY, NULL, "verify")
						   : output_item(buffer_slice(&item), json);
	buffer_free(&item);
	if (!json)
		say_verdict(audit);
	return code == EXIT_CODE_OK && audit->failed ? EXIT_CODE_REFUSED : code;
}

static enum exit_code audit_directory(
	const char *directory, const char *log_key, struct progress *progress, bool json)
{
	struct recourse_audit audit = {0};
	const struct recourse_audit_options options = {
		.directory = directory,
		.log_key = log_key,
		.progress = progress_update,
		.progress_context = progress,
	};
	enum recourse_error error = recourse_ledger_audit(&options, &audit);
	progress_finish(progress);
	if (error == RECOURSE_OK || (error == RECOURSE_AUDIT_FAILED && audit.failed))
		return show(&audit, json);
	char what[300];
	snprintf(what, sizeof what, "verify %.250s", directory);
	return output_error(error, NULL, what);
}

int verify_main(int argc, char **argv)
{
	const char *given_key = NULL;
	const char *shown = NULL;
	bool json = false;
	struct progress progress;
	struct buffer vkey = {0};
	const struct options_flag flags[] = {
		{.name = "log-key",
			.argument = "VKEY|@FILE",
			.value = &given_key,
			.help = "the log's key as you know it (the one its first entry names)"},
		{.name = "progress",
			.argument = "bar|json|none",
			.value = &shown,
			.help = "on standard error (bar, on a terminal)"},
		{.name = "json", .given = &json, .help = "the verdict as one JSON object"},
	};
	const struct options options = {
		.name = "verify",
		.usage = "DIR [--log-key VKEY|@FILE]",
		.about = "Audits a ledger, or a copy of one, without any service: chain, tree, checkpoints, "
			 "signatures,\n"
			 "authorisation, and every command decided and every posting derived again.\n"
			 "Exits with 1 when something is wrong.",
		.own = {flags, sizeof flags / sizeof flags[0]},
	};
	struct options_rest rest;
	enum exit_code code;
	if (!options_parse(&options, argc, argv, &rest, &code))
		return (int)code;
	if (rest.count != 1)
		return (int)output_usage("verify: name one directory");
	if (!progress_start(&progress, shown, "verify", "entries"))
		return (int)output_usage("verify: --progress is bar, json or none");
	if (given_key != NULL)
		code = service_log_key(given_key, &vkey);
	else
		code = EXIT_CODE_OK;
	if (code == EXIT_CODE_OK)
		code = audit_directory(rest.arguments[0], given_key == NULL ? NULL : (const char *)vkey.data,
			&progress, json);
	buffer_free(&vkey);
	return (int)code;
}
