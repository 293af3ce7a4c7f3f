/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/audit.h"

#include "rule/party.h"
#include "rule/clock.h"
#include "proof/guard.h"
#include "base/instant.h"
#include "store/log.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- what the entries say, without any rule ---- */

/* I12: actor, rule and request are there; and the chain, link by link. They are the stored bytes: they were compared. */
static enum recourse_error look_at_entry(void *context, uint64_t number, slice bytes)
{
	struct audit *audit = context;
	struct entry entry;
	TRY(entry_decode(bytes, &entry));
	if (entry.number != number || !crypto_hash_equal(&entry.previous, &audit->previous))
		return audit_wrong_beside(audit, number, "the entry does not follow the one before it");
	if (entry.key.size == 0 || entry.rule.size == 0 || entry.kind.size == 0)
		return audit_wrong_beside(audit, number, "the entry has no actor or no rule");
	if (number == 0)
		audit->report->first_time = entry.time;
	audit->report->last_time = entry.time;
	audit->report->entry_bytes += bytes.size;
	tree_leaf(bytes, &audit->previous);
	TRY(late_clock_entry(audit, &entry));
	return posting_sums_entry(audit, &entry);
}

/* ---- replaying ---- */

static enum recourse_error start_replay(struct audit *audit)
{
	struct replay *replay = &audit->replay;
	TRY(replay_start(replay, audit->state, audit->log, true));
	replay->rehearsed_from = audit->options->rehearsed_from;
	replay->beside = audit->options->beside;
	replay->progress = audit->options->progress;
	replay->progress_context = audit->options->progress_context;
	replay->total = audit->head.entries;
	replay->compare.look = look_at_entry;
	replay->compare.context = audit;
	return RECOURSE_OK;
}

/* I11, of a state that stands there. */
static enum recourse_error compare_state(struct audit *audit)
{
	uint8_t made[32];
	TRY(state_digest(state_writer(audit->state), made));
	return held_state_compare(audit, made);
}

/* With a halt where the state beside the log stands, if that is before the end. */
static enum recourse_error replay_all(struct audit *audit)
{
	struct replay *replay = &audit->replay;
	uint64_t halt = audit->held.position.requests;
	if (audit->held.there && halt < audit->head.requests) {
		TRY(replay_run(replay, halt));
		TRY(compare_state(audit));
	}
	return replay_run(replay, audit->head.requests);
}

static enum recourse_error check_head(struct audit *audit)
{
	const struct log_head *made = &audit->replay.core.group->head;
	if (made->entries != audit->head.entries)
		return audit_wrong_entry(audit, made->entries,
			"the log has %llu entries, its requests make %llu",
			(unsigned long long)audit->head.entries, (unsigned long long)made->entries);
	if (made->time != audit->head.time || !crypto_hash_equal(&made->last, &audit->head.last))
		return audit_wrong(audit, "the log's head is not that of its last entry");
	return RECOURSE_OK;
}

/* ---- checkpoints ---- */

static enum recourse_error read_log_key(struct audit *audit)
{
	struct record_ledger ledger;
	TRY(party_ledger(state_writer(audit->state), &ledger));
	if (ledger.origin[0] == '\0')
		return audit_wrong(audit, "the ledger was never opened");
	snprintf(audit->report->origin, sizeof audit->report->origin, "%.*s",
		SLICE_ARGUMENTS(RECORD_TEXT(ledger.origin)));
	audit->report->test = ledger.test != 0;
	slice own = RECORD_TEXT(ledger.log_key);
	snprintf(audit->report->log_key, sizeof audit->report->log_key, "%.*s", SLICE_ARGUMENTS(own));
	if (audit->options->log_key != NULL && !slice_is(own, audit->options->log_key))
		return audit_wrong_entry(
			audit, 0, "the ledger names another log key than the one it must have");
	return key_parse(own, &audit->key);
}

/* Under a size that is not its own it would be handed out in the place of another, or not at all. */
static enum recourse_error check_filed(
	struct audit *audit, uint64_t at_most, slice note, const struct checkpoint *checkpoint)
{
	slice filed;
	enum recourse_error error = log_read_checkpoint(audit->snapshot, checkpoint->size, &filed);
	if (error != RECOURSE_OK && error != RECOURSE_QUERY_NOT_FOUND)
		return error;
	if (error != RECOURSE_OK || checkpoint->size > at_most || !slice_equal(filed, note))
		return audit_wrong(audit, "the checkpoint of %llu entries is filed under another size",
			(unsigned long long)checkpoint->size);
	return RECOURSE_OK;
}

static enum recourse_error check_checkpoint(
	struct audit *audit, uint64_t at_most, struct checkpoint *checkpoint)
{
	slice note;
	TRY(log_read_checkpoint(audit->snapshot, at_most, &note));
	enum recourse_error error = checkpoint_open(note, &audit->key, checkpoint);
	if (error == RECOURSE_MEMORY)
		return error;
	if (error != RECOURSE_OK)
		return audit_wrong(
			audit, "a stored checkpoint does not verify: %s", recourse_error_name(error));
	if (checkpoint->size > audit->head.entries)
		return audit_wrong(audit, "a checkpoint of %llu entries was signed, the log has %llu",
			(unsigned long long)checkpoint->size, (unsigned long long)audit->head.entries);
	TRY(check_filed(audit, at_most, note, checkpoint));
	return evidence_check_root(audit, "a checkpoint in the log", checkpoint);
}

/* Before the log: a service that signs meanwhile has then signed no more than what the log has. */
static enum recourse_error read_guard(struct audit *audit)
{
	char path[DIRECTORY_PATH_SIZE];
	TRY(directory_path(audit->options->directory, "last-signed", path));
	audit->guard.error = guard_read(path, &audit->guard.last);
	return RECOURSE_OK;
}

/* A guard that is elsewhere is not looked at; one that lags behind was moved away from here, or copied early. */
static enum recourse_error check_guard(struct audit *audit, uint64_t newest)
{
	const struct checkpoint *last = &audit->guard.last;
	if (audit->guard.error == RECOURSE_STORE_CORRUPT)
		return audit_wrong(audit, "the last-signed guard is damaged");
	if (audit->guard.error != RECOURSE_OK || last->origin[0] == '\0')
		return audit->guard.error;
	if (strcmp(last->origin, audit->report->origin) != 0)
		return audit_wrong(audit, "the last-signed guard is that of another ledger");
	if (last->size > newest)
		return audit_wrong(audit,
			"a checkpoint of %llu entries was signed, the log's newest is of %llu: entries or "
			"checkpoints are "
			"missing (after a crash while signing, start the service once)",
			(unsigned long long)last->size, (unsigned long long)newest);
	return evidence_check_root(audit, "the last-signed guard", last);
}

/* From the newest down. */
static enum recourse_error check_each_checkpoint(struct audit *audit)
{
	struct recourse_audit *report = audit->report;
	struct checkpoint checkpoint = {.size = UINT64_MAX};
	uint64_t at_most = UINT64_MAX;
	for (; checkpoint.size > 0; at_most = checkpoint.size - 1) {
		enum recourse_error error = check_checkpoint(audit, at_most, &checkpoint);
		if (error != RECOURSE_OK)
			return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
		if (report->checkpoints++ == 0)
			report->checkpoint_size = checkpoint.size;
	}
	return RECOURSE_OK;
}

static enum recourse_error check_checkpoints(struct audit *audit)
{
	struct recourse_audit *report = audit->report;
	uint64_t count;
	TRY(check_each_checkpoint(audit));
	TRY(log_read_checkpoint_count(audit->snapshot, &count));
	/* one that is there and that nobody finds is not served either */
	if (count != report->checkpoints)
		return audit_wrong(audit, "the log has %llu checkpoints, of which %llu can be found",
			(unsigned long long)count, (unsigned long long)report->checkpoints);
	return check_guard(audit, report->checkpoint_size);
}

/*
 * E3: what should have happened because time passed, and did not, since nobody let the clocks strike. It is said, and
 * not held against the log: a service that stood still for a night has not forged anything.
 */
static enum recourse_error count_overdue(struct audit *audit)
{
	enum { COUNTED_MAX = 64 };
	const uint64_t grace = 60 * INSTANT_SECOND;
	struct recourse_audit *report = audit->report;
	struct clock list[COUNTED_MAX];
	char due[INSTANT_TEXT_SIZE];
	size_t count = 0;
	uint64_t next;
	if (report->last_time < grace)
		return RECOURSE_OK;
	TRY(clock_list(
		state_writer(audit->state), report->last_time - grace, list, COUNTED_MAX, &count, &next));
	if (count == 0)
		return RECOURSE_OK;
	report->overdue = count;
	instant_format(list[0].due, due);
	snprintf(report->overdue_first, sizeof report->overdue_first, "%s of %.*s, since %s",
		clock_name_kinds[list[0].kind], SLICE_ARGUMENTS(RECORD_TEXT(list[0].subject)), due);
	return RECOURSE_OK;
}

static enum recourse_error count_rows(
	struct audit *audit, enum record_table table, uint64_t *count, uint64_t *first)
{
	struct record_path prefix = record_path_of(table);
	SCOPED(record_walk_end)
	struct record_walk walk = record_walk_over(state_writer(audit->state), &prefix);
	for (*count = 0; record_walk_next(&walk, NULL, 0); ++*count) {
		if (*count == 0)
			*first = walk.key.parts[0].number;
	}
	return walk.error;
}

/* E3: a host's clock that jumped is nobody's fault; that nothing struck meanwhile is said. */
static enum recourse_error count_clock_holds(struct audit *audit)
{
	struct recourse_audit *report = audit->report;
	struct record_path prefix = record_path_of(RECORD_CLOCK_HOLD);
	struct record_clock_hold hold;
	SCOPED(record_walk_end)
	struct record_walk walk = record_walk_over(state_writer(audit->state), &prefix);
	while (record_walk_next(&walk, &hold, sizeof hold)) {
		uint64_t entry = walk.key.parts[0].number;
		if (report->clock_holds++ == 0)
			report->clock_hold_first = entry;
		if (hold.ending == CLOCK_HOLD_OPEN)
			report->clock_hold_open = entry;
		report->clocks_waited += hold.struck;
	}
	return walk.error;
}

/* H6: what was carried out without all approvals is allowed, and never silent. */
static enum recourse_error count_break_glass(struct audit *audit)
{
	struct recourse_audit *report = audit->report;
	uint64_t first;
	TRY(count_rows(audit, RECORD_BREAK_GLASS, &report->break_glass, &first));
	return count_rows(
		audit, RECORD_BREAK_GLASS_OPEN, &report->break_glass_open, &report->break_glass_first_open);
}

/* H1: who decides for others about what is its own as well is told of, too. */
static enum recourse_error look_at_own(struct audit *audit)
{
	struct recourse_audit *report = audit->report;
	struct record_party own;
	if (audit->head.entries == 0)
		return RECOURSE_OK;
	TRY(party_own(state_writer(audit->state), audit->replay.check.arena, &own));
	report->own_merchant = (own.concerned & PARTY_MERCHANT) != 0;
	report->own_issuer = (own.concerned & PARTY_ISSUER) != 0;
	report->own_liable = (own.concerned & PARTY_LIABLE) != 0;
	return RECOURSE_OK;
}

/* ---- the frame ---- */

static enum recourse_error open_log(struct audit *audit)
{
	char path[DIRECTORY_PATH_SIZE];
	struct page_fault fault = {.page = 0};
	struct log_options options = {.directory = path, .read_only = true, .fault = &fault};
	TRY(directory_path(audit->options->directory, "log", path));
	enum recourse_error error = log_open(&options, &audit->log);
	if (error == RECOURSE_OK)
		error = log_check_pages(audit->log, &fault);
	if (error == RECOURSE_OK)
		error = log_snapshot_open(audit->log, &audit->snapshot);
	if (error == RECOURSE_OK)
		error = log_read_head(audit->snapshot, &audit->head);
	if (error == RECOURSE_IO && fault.what != NULL)
		snprintf(audit->report->what, sizeof audit->report->what, "%s", fault.what);
	if (error == RECOURSE_STORE_CORRUPT && fault.what != NULL)
		return audit_wrong(audit, "the log's store is damaged: page %llu: %s",
			(unsigned long long)fault.page, fault.what);
	if (error == RECOURSE_STORE_CORRUPT)
		return audit_wrong(audit,
			"the log's store is damaged: it has rows that no entry explains, or lacks some");
	return error;
}

/* Nothing is left of it however this ends. */
static enum recourse_error open_scratch(struct audit *audit)
{
	const char *parent = audit->options->scratch != NULL ? audit->options->scratch : getenv("TMPDIR");
	struct state_options options = {
		.directory = parent == NULL ? "/tmp" : parent,
		.nameless = true,
		.format = tables_shape_format(),
	};
	return state_open(&options, &audit->state);
}

/* The digest of the state that was made; and I11, of a state that stands at the end. */
static enum recourse_error digest_state(struct audit *audit)
{
	SCOPED(state_snapshot_end) struct state_view *view = NULL;
	TRY(state_snapshot_open(audit->state, &view));
	TRY(state_digest(view, audit->digest));
	return held_state_is_level(audit) ? held_state_compare(audit, audit->digest) : RECOURSE_OK;
}

static void digest_beside(void *of)
{
	struct audit *audit = of;
	audit->digested = digest_state(audit);
}

/* What must hold of what came out, and what is to be told of it. */
static enum recourse_error look_at_end(struct audit *audit)
{
	TRY(check_head(audit));
	TRY(read_log_key(audit));
	TRY(check_checkpoints(audit));
	TRY(evidence_check(audit));
	audit->replay.check.entries = audit->head.entries;
	audit->replay.check.log = audit->snapshot;
	TRY(checks_run(&audit->replay.check));
	TRY(count_overdue(audit));
	TRY(count_clock_holds(audit));
	TRY(count_break_glass(audit));
	return look_at_own(audit);
}

static enum recourse_error end_with_digest(struct audit *audit)
{
	const struct recourse_beside *beside = audit->options->beside;
	if (beside != NULL)
		beside->begin(beside->context, digest_beside, audit);
	else
		digest_beside(audit);
	enum recourse_error error = look_at_end(audit);
	if (beside != NULL)
		beside->wait(beside->context);
	TRY(error);
	TRY(audit->digested);
	memcpy(audit->report->state_digest, audit->digest, sizeof audit->digest);
	if (audit->state_wrong[0] != '\0')
		return audit_wrong(audit, "%s", audit->state_wrong);
	return RECOURSE_OK;
}

static enum recourse_error check_everything(struct audit *audit)
{
	TRY(crypto_start());
	TRY(held_state_look(audit));
	TRY(read_guard(audit));
	TRY(open_log(audit));
	TRY(open_scratch(audit));
	TRY(start_replay(audit));
	TRY(held_state_check(audit));
	TRY(replay_all(audit));
	return end_with_digest(audit);
}

static void end_audit(struct audit *audit)
{
	replay_end(&audit->replay);
	state_close(audit->state);
	log_read_close(audit->snapshot);
	log_close(audit->log);
}

static void write_report(const struct audit *audit, enum recourse_error error)
{
	static const struct tree empty;
	const struct compare *compare = &audit->replay.compare;
	const struct tree *tree = compare->group == NULL ? &empty : &compare->group->tree;
	struct recourse_audit *report = audit->report;
	struct crypto_hash root;
	report->entries = compare->entries;
	report->requests = compare->requests;
	report->behind = compare->behind;
	report->most_behind = compare->most_behind;
	report->tree_size = tree->size;
	tree_root(tree, &root);
	memcpy(report->root, root.bytes, sizeof report->root);
	report->failed = error == RECOURSE_AUDIT_FAILED;
	report->entry_known = report->failed && audit->replay.check.entry_known;
	report->first_wrong = audit->replay.check.wrong_entry;
	if (report->failed)
		memcpy(report->what, audit->replay.check.what, sizeof report->what);
}

enum recourse_error recourse_ledger_audit(
	const struct recourse_audit_options *options, struct recourse_audit *report)
{
	SCOPED(end_audit) struct audit audit = {.options = options, .report = report};
	memset(report, 0, sizeof *report);
	enum recourse_error error = check_everything(&audit);
	if (error == RECOURSE_STORE_CORRUPT)
		error = check_wrong_entry(
			&audit.replay.check, audit.replay.compare.entries, "the log's store is damaged");
	write_report(&audit, error);
	return error;
}
