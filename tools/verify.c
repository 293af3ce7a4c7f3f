/* SPDX-License-Identifier: Apache-2.0 */
#include "subcommand.h"

#include "base/amount.h"
#include "beside.h"
#include "file.h"
#include "base/instant.h"
#include "base/item.h"
#include "output.h"
#include "progress.h"
#include "recourse_ledger.h"
#include "service.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdlib.h>

enum { EVIDENCE_SIZE_MAX = 1 << 20 };

/* Files that others kept, read whole. */
struct evidence {
	size_t count;
	struct recourse_evidence *pieces;
	struct buffer *texts;
};

/* ---- the report ---- */

static void write_flag(struct buffer *out, const char *name, bool value)
{
	item_write_key(out, name);
	item_write_boolean(out, value);
}

static void write_hash(struct buffer *out, const char *name, const uint8_t hash[static 32])
{
	char hex[65];
	text_to_hex(hash, 32, hex);
	item_write_pair_text(out, name, slice_text(hex));
}

static void write_time(struct buffer *out, const char *name, uint64_t time)
{
	char text[INSTANT_TEXT_SIZE];
	instant_format(time, text);
	item_write_pair_text(out, name, slice_text(text));
}

static void write_amount(struct buffer *out, const char *name, const char *unit_text, recourse_sum steps)
{
	char text[AMOUNT_SUM_TEXT_SIZE + 8];
	struct unit unit = {.step = 1};
	bool currency = unit_currency(slice_text(unit_text), &unit) == RECOURSE_OK;
	size_t size = amount_format_sum(&unit, steps, text);
	if (!currency)
		snprintf(text + size, sizeof text - size, " steps");
	item_write_pair_text(out, name, slice_text(text));
}

static void write_cash(const struct recourse_audit *audit, struct buffer *out)
{
	item_write_key(out, "cash");
	item_write_array(out, audit->cash_count);
	for (size_t row = 0; row < audit->cash_count; row++) {
		const struct recourse_audit_cash *cash = &audit->cash[row];
		item_write_map(out, 6);
		item_write_pair_text(out, "party", slice_text(cash->party));
		item_write_pair_text(out, "key", slice_text(cash->key));
		item_write_pair_text(out, "unit", slice_text(cash->unit));
		item_write_pair_integer(out, "entries", (int64_t)cash->entries);
		write_amount(out, "in", cash->unit, cash->in);
		write_amount(out, "out", cash->unit, cash->out);
	}
}

static void write_checked(const struct recourse_audit *audit, struct buffer *out)
{
	write_flag(out, "verified", !audit->failed);
	item_write_pair_text(out, "rules", slice_text("recourse " RECOURSE_VERSION));
	item_write_pair_text(out, "origin", slice_text(audit->origin));
	item_write_pair_text(out, "log_key", slice_text(audit->log_key));
	item_write_pair_integer(out, "entries", (int64_t)audit->entries);
	item_write_pair_integer(out, "requests", (int64_t)audit->requests);
	item_write_pair_integer(out, "postings", (int64_t)audit->postings);
	write_time(out, "first_time", audit->first_time);
	write_time(out, "last_time", audit->last_time);
	item_write_pair_integer(out, "clock_behind", (int64_t)audit->behind);
	item_write_pair_integer(out, "clock_behind_seconds", (int64_t)(audit->most_behind / INSTANT_SECOND));
	write_flag(out, "test", audit->test);
	item_write_pair_integer(out, "clocks_overdue", (int64_t)audit->overdue);
	item_write_pair_integer(out, "clocks_late", (int64_t)audit->late);
	item_write_pair_integer(out, "clocks_late_seconds", (int64_t)(audit->most_late / INSTANT_SECOND));
	item_write_pair_integer(out, "clock_holds", (int64_t)audit->clock_holds);
	write_flag(out, "clocks_held", audit->clock_hold_open != 0);
	item_write_pair_integer(out, "clocks_waited", (int64_t)audit->clocks_waited);
	item_write_pair_integer(out, "break_glass", (int64_t)audit->break_glass);
	item_write_pair_integer(out, "break_glass_open", (int64_t)audit->break_glass_open);
	write_flag(out, "own_merchant", audit->own_merchant);
	write_flag(out, "own_issuer", audit->own_issuer);
	write_flag(out, "own_liable", audit->own_liable);
	item_write_pair_integer(out, "checkpoints", (int64_t)audit->checkpoints);
	item_write_pair_integer(out, "signed_entries", (int64_t)audit->checkpoint_size);
	item_write_pair_integer(out, "evidence", (int64_t)audit->evidence);
	item_write_pair_integer(out, "evidence_entries", (int64_t)audit->evidence_size);
	item_write_pair_integer(out, "size", (int64_t)audit->tree_size);
	write_hash(out, "root", audit->root);
	write_hash(out, "state_digest", audit->state_digest);
	write_flag(out, "state_compared", audit->state_compared);
	item_write_pair_integer(out, "state_entries", (int64_t)audit->state_entries);
	item_write_pair_integer(out, "cash_left_out", (int64_t)audit->cash_left_out);
}

/* In the order in which people read it. */
static void write_audit(const struct recourse_audit *audit, struct buffer *out)
{
	enum { CHECKED = 33 };
	bool explained = audit->what[0] != '\0';
	item_write_map(out, (uint64_t)CHECKED + 1 + audit->entry_known + explained);
	write_checked(audit, out);
	write_cash(audit, out);
	if (audit->entry_known)
		item_write_pair_integer(out, "first_wrong", (int64_t)audit->first_wrong);
	if (explained)
		item_write_pair_text(out, "what", slice_text(audit->what));
}

static void say_state(const struct recourse_audit *audit)
{
	if (!audit->state_compared)
		printf("  state: none was compared: there is none, it is not to be believed, or it ran on "
		       "meanwhile; it is\n    derived, so nothing is lost by that\n");
	else if (audit->state_entries == audit->entries)
		printf("  state: the one beside the log is the same, byte for byte\n");
	else
		printf("  state: the one beside the log is the same, as far as it has followed: %" PRIu64
		       " entries\n",
			audit->state_entries);
}

static void say_late(const struct recourse_audit *audit)
{
	if (audit->late == 0)
		return;
	output_text(stdout,
		"  clocks: %" PRIu64 " struck late, by up to %" PRIu64
		" s, while other things were decided; the first:\n"
		"    entry %" PRIu64 ", %s\n",
		audit->late, audit->most_late / INSTANT_SECOND, audit->late_entry, audit->late_first);
}

static void say_clock_holds(const struct recourse_audit *audit)
{
	if (audit->clock_holds == 0)
		return;
	printf("  clocks: times that all were held, since the host's clock had jumped: %" PRIu64
	       "; the first by entry %" PRIu64 ";\n    %" PRIu64 " waited and struck then; ",
		audit->clock_holds, audit->clock_hold_first, audit->clocks_waited);
	if (audit->clock_hold_open == 0)
		printf("none is held now\n");
	else
		printf("they are held still, by entry %" PRIu64 "\n", audit->clock_hold_open);
}

static void say_break_glass(const struct recourse_audit *audit)
{
	if (audit->break_glass == 0)
		return;
	printf("  break-glass: %" PRIu64 " carried out without all approvals; ", audit->break_glass);
	if (audit->break_glass_open == 0)
		printf("each was reviewed\n");
	else
		printf("%" PRIu64 " not reviewed, the first: entry %" PRIu64 "\n", audit->break_glass_open,
			audit->break_glass_first_open);
}

static void say_own(const struct recourse_audit *audit)
{
	if (!audit->own_merchant && !audit->own_issuer && !audit->own_liable)
		return;
	printf("  platform: who runs the ledger is itself%s%s%s; its keys decided in its own matters\n",
		audit->own_merchant ? " a merchant" : "", audit->own_issuer ? " an issuer" : "",
		audit->own_liable ? " liable" : "");
}

/* What an audit from inside can not know, and where to ask. */
static void say_limits(const struct recourse_audit *audit, bool key_given)
{
	if (audit->checkpoint_size < audit->entries)
		printf("  signed: the last %" PRIu64 " entries are not under a checkpoint yet\n",
			audit->entries - audit->checkpoint_size);
	if (!key_given)
		printf("  key: it is the one that the ledger names itself; give the one you know with "
		       "--log-key\n");
	if (audit->test)
		printf("  time: this ledger is for tests, its time may have been advanced\n");
	if (audit->behind > 0)
		printf("  time: %" PRIu64
		       " requests came while the host's clock stood back, by up to %" PRIu64
		       " s: what had expired\n"
		       "    may have been let in\n",
			audit->behind, audit->most_behind / INSTANT_SECOND);
	if (audit->overdue > 0)
		output_text(stdout, "  clocks: %" PRIu64 " should have struck and have not; the first: %s\n",
			audit->overdue, audit->overdue_first);
	say_late(audit);
	say_clock_holds(audit);
	say_break_glass(audit);
	say_own(audit);
	if (audit->evidence > 0)
		printf("  outside: %zu kept by others agree; they vouch for the first %" PRIu64 " of %" PRIu64
		       " entries\n",
			audit->evidence, audit->evidence_size, audit->entries);
	else
		printf("  outside: nothing was compared; whoever has the log's key can write a history anew. "
		       "Name\n"
		       "    checkpoints and receipts that others kept: recourse verify DIR FILE ...\n");
	if (audit->cash_count > 0)
		printf("  cash: it moved on the word of the keys above; ask each custodian whether key and "
		       "sums are his\n");
}

static void say_verdict(const struct recourse_audit *audit, bool key_given)
{
	if (audit->failed && audit->entry_known) {
		output_text(stdout, "\nNOT verified: entry %" PRIu64 " is the first that is wrong: %s\n",
			audit->first_wrong, audit->what);
	} else if (audit->failed) {
		output_text(stdout, "\nNOT verified: %s\n", audit->what);
	} else {
		printf("\nverified: every entry follows from the signed requests\n");
		say_state(audit);
		say_limits(audit, key_given);
	}
}

static enum exit_code show(const struct recourse_audit *audit, bool key_given, bool json)
{
	struct buffer item = {0};
	write_audit(audit, &item);
	enum exit_code code = buffer_failed(&item) ? output_error(RECOURSE_MEMORY, NULL, "verify")
						   : output_item(buffer_slice(&item), json);
	buffer_free(&item);
	if (!json)
		say_verdict(audit, key_given);
	return code == EXIT_CODE_OK && audit->failed ? EXIT_CODE_REFUSED : code;
}

/* ---- what others kept ---- */

static void evidence_free(struct evidence *evidence)
{
	for (size_t index = 0; index < evidence->count; index++)
		buffer_free(&evidence->texts[index]);
	free(evidence->texts);
	free(evidence->pieces);
}

static enum exit_code evidence_read(char **paths, size_t count, struct evidence *evidence)
{
	*evidence = (struct evidence){
		.pieces = calloc(count + 1, sizeof *evidence->pieces),
		.texts = calloc(count + 1, sizeof *evidence->texts),
	};
	if (evidence->pieces == NULL || evidence->texts == NULL)
		return output_error(RECOURSE_MEMORY, NULL, "verify");
	for (size_t index = 0; index < count; index++) {
		evidence->count++;
		enum recourse_error error =
			file_read(paths[index], EVIDENCE_SIZE_MAX, &evidence->texts[index]);
		if (error != RECOURSE_OK)
			return output_unread(error, paths[index]);
		evidence->pieces[index] = (struct recourse_evidence){
			.name = paths[index], .text = buffer_slice(&evidence->texts[index])};
	}
	return EXIT_CODE_OK;
}

static enum exit_code audit_directory(const char *directory, const char *log_key,
	const struct evidence *evidence, struct progress *progress, bool json)
{
	struct recourse_audit audit = {0};
	struct beside thread;
	const struct recourse_beside beside = beside_place(&thread);
	const struct recourse_audit_options options = {
		.directory = directory,
		.log_key = log_key,
		.evidence = evidence->pieces,
		.evidence_count = evidence->count,
		.progress = progress_update,
		.progress_context = progress,
		.beside = &beside,
	};
	enum recourse_error error = recourse_ledger_audit(&options, &audit);
	progress_finish(progress);
	if (error == RECOURSE_OK || (error == RECOURSE_AUDIT_FAILED && audit.failed))
		return show(&audit, log_key != NULL, json);
	char what[700];
	snprintf(what, sizeof what, "verify %.250s%s%s%s", directory, audit.what[0] == '\0' ? "" : " (",
		audit.what, audit.what[0] == '\0' ? "" : ")");
	return output_unopened(error, what, directory);
}

int verify_main(int argc, char **argv)
{
	const char *given_key = NULL;
	const char *shown = NULL;
	bool json = false;
	struct progress progress;
	struct buffer vkey = {0};
	struct evidence evidence = {0};
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
		.usage = "DIR [--log-key VKEY|@FILE] [CHECKPOINT|RECEIPT|GUARD ...]",
		.about = "Audits a ledger, or a copy of one, without any service: chain, tree, checkpoints, "
			 "signatures,\n"
			 "authorisation, and every command decided and every posting derived again. Files "
			 "that others\n"
			 "kept (checkpoints, receipts, a guard from another disk) must agree with it: "
			 "nothing else shows\n"
			 "a history that was written anew with the log's own key.\n"
			 "Exits with 1 when something is wrong. The scratch state goes to TMPDIR.",
		.own = {flags, sizeof flags / sizeof flags[0]},
	};
	struct options_rest rest;
	enum exit_code code;
	if (!options_parse(&options, argc, argv, &rest, &code))
		return (int)code;
	if (rest.count < 1)
		return (int)output_usage(
			"verify: name a directory, and files to compare it with if you have some");
	if (!progress_start(&progress, shown, "verify", "entries"))
		return (int)output_usage("verify: --progress is bar, json or none");
	code = given_key != NULL ? service_log_key(given_key, &vkey) : EXIT_CODE_OK;
	if (code == EXIT_CODE_OK)
		code = evidence_read(rest.arguments + 1, rest.count - 1, &evidence);
	if (code == EXIT_CODE_OK)
		code = audit_directory(rest.arguments[0], given_key == NULL ? NULL : (const char *)vkey.data,
			&evidence, &progress, json);
	evidence_free(&evidence);
	buffer_free(&vkey);
	return (int)code;
}
