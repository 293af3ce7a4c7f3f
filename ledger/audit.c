/* SPDX-License-Identifier: Apache-2.0 */
#include "account.h"
#include "checkpoint.h"
#include "distribution.h"
#include "guard.h"
#include "incident.h"
#include "ledger.h"
#include "liability.h"
#include "log_lmdb.h"
#include "replay.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/*
 * The offline audit (J4). It trusts nothing but the log's bytes and the rules: every request is verified and
 * decided again into a scratch state, every stored byte compared with what comes out; then what the entries say is
 * added up once more, without the rules, and the invariants are looked at in the state that came out.
 */
struct audit {
	const struct recourse_audit_options *options;
	struct recourse_audit *report;
	struct log *log;
	struct log_snapshot *snapshot;
	struct state *state; /* scratch */
	struct log_head head;
	struct replay replay;
	char scratch[LEDGER_PATH_SIZE];
	bool scratch_made;
};

static enum recourse_error wrong(struct audit *audit, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
static enum recourse_error wrong(struct audit *audit, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(audit->replay.what, sizeof audit->replay.what, format, arguments);
	va_end(arguments);
	return RECOURSE_AUDIT_FAILED;
}

/* ---- what the stored postings say, without any rule ---- */

/* I1, I2, I3, I9: each entry balances in every book and unit (see chart.h). */
static enum recourse_error check_books(struct audit *audit, uint64_t number, const struct entry *entry)
{
	struct entry_posting postings[ENTRY_POSTINGS_MAX];
	struct entry_postings walk;
	size_t count = 0;
	enum recourse_error error = entry_postings_first(entry, &walk, &postings[0]);
	while (error == RECOURSE_OK) {
		if (chart_find(postings[count].code) == NULL || ++count == ENTRY_POSTINGS_MAX)
			return replay_wrong_entry(
				&audit->replay, number, "a posting to an account that is not in the chart");
		error = entry_postings_next(&walk, &postings[count]);
	}
	for (size_t first = 0; first < count; first++) {
		enum chart_book book = chart_find(postings[first].code)->book;
		__int128 sum = 0;
		for (size_t other = 0; other < count; other++) {
			if (chart_find(postings[other].code)->book == book &&
				slice_equal(postings[other].unit, postings[first].unit))
				sum += postings[other].steps;
		}
		if (sum != 0)
			return replay_wrong_entry(&audit->replay, number,
				"the %s book does not balance in %.*s", chart_book_name(book),
				SLICE_ARGUMENTS(postings[first].unit));
	}
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
}

/* I12: actor, rule and request are there; and the chain, link by link. */
static enum recourse_error check_entry(struct audit *audit, uint64_t number, struct crypto_hash *previous)
{
	struct entry entry;
	slice bytes;
	enum recourse_error error = log_read_entry(audit->snapshot, number, &bytes);
	if (error == RECOURSE_OK)
		error = entry_decode(bytes, &entry);
	if (error != RECOURSE_OK)
		return replay_wrong_entry(
			&audit->replay, number, "the entry can not be read: %s", recourse_error_name(error));
	if (entry.number != number || !crypto_hash_equal(&entry.previous, previous))
		return replay_wrong_entry(
			&audit->replay, number, "the entry does not follow the one before it");
	if (entry.key.size == 0 || entry.rule.size == 0 || entry.kind.size == 0)
		return replay_wrong_entry(&audit->replay, number, "the entry has no actor or no rule");
	tree_leaf(bytes, previous);
	return check_books(audit, number, &entry);
}

/* ---- replaying ---- */

static void show_progress(const struct audit *audit)
{
	if (audit->options->progress != NULL)
		audit->options->progress(audit->options->progress_context, audit->replay.group.head.entries,
			audit->head.entries);
}

static enum recourse_error replay_all(struct audit *audit)
{
	enum { GROUP_ENTRIES = 16384, GROUP_REQUESTS = 1024 };
	struct replay *replay = &audit->replay;
	struct crypto_hash previous = {0};
	uint64_t checked = 0;
	enum recourse_error error = RECOURSE_OK;
	while (error == RECOURSE_OK && replay->group.head.requests < audit->head.requests) {
		error = replay_request(replay);
		for (; error == RECOURSE_OK && checked < replay->group.head.entries; checked++)
			error = check_entry(audit, checked, &previous);
		if (error == RECOURSE_OK && (group_entry_count(&replay->group) >= GROUP_ENTRIES ||
						    group_request_count(&replay->group) >= GROUP_REQUESTS)) {
			error = replay_commit(replay);
			show_progress(audit);
		}
	}
	if (error == RECOURSE_OK && group_request_count(&replay->group) > 0)
		error = replay_commit(replay);
	show_progress(audit);
	return error;
}

static enum recourse_error check_head(struct audit *audit)
{
	const struct log_head *made = &audit->replay.group.head;
	if (made->entries != audit->head.entries)
		return replay_wrong_entry(&audit->replay, made->entries,
			"the log has %llu entries, its requests make %llu",
			(unsigned long long)audit->head.entries, (unsigned long long)made->entries);
	if (made->time != audit->head.time || !crypto_hash_equal(&made->last, &audit->head.last))
		return wrong(audit, "the log's head is not that of its last entry");
	return RECOURSE_OK;
}

/* ---- checkpoints ---- */

static enum recourse_error log_key(struct audit *audit, struct key_public *key)
{
	struct record_ledger ledger;
	enum recourse_error error = core_ledger(state_writer(audit->state), &ledger);
	if (error != RECOURSE_OK)
		return error == RECOURSE_QUERY_NOT_FOUND ? wrong(audit, "the ledger was never opened")
							 : error;
	snprintf(audit->report->origin, sizeof audit->report->origin, "%.*s",
		SLICE_ARGUMENTS(RECORD_TEXT(ledger.origin)));
	slice own = RECORD_TEXT(ledger.log_key);
	if (audit->options->log_key != NULL && !slice_is(own, audit->options->log_key))
		return replay_wrong_entry(
			&audit->replay, 0, "the ledger names another log key than the one it must have");
	return key_parse(own, key);
}

static enum recourse_error check_checkpoint(
	struct audit *audit, slice note, const struct key_public *key, struct checkpoint *checkpoint)
{
	struct tree_source source = log_tree(audit->snapshot);
	struct crypto_hash root;
	struct tree tree;
	enum recourse_error error = checkpoint_open(note, key, checkpoint);
	if (error != RECOURSE_OK)
		return wrong(audit, "a stored checkpoint does not verify: %s", recourse_error_name(error));
	if (checkpoint->size > audit->head.entries)
		return wrong(audit, "a checkpoint of %llu entries was signed, the log has %llu",
			(unsigned long long)checkpoint->size, (unsigned long long)audit->head.entries);
	error = tree_open(&source, checkpoint->size, &tree);
	if (error != RECOURSE_OK)
		return error;
	tree_root(&tree, &root);
	if (!crypto_hash_equal(&root, &checkpoint->root))
		return wrong(audit, "the checkpoint of %llu entries was signed over another history",
			(unsigned long long)checkpoint->size);
	return RECOURSE_OK;
}

static enum recourse_error check_guard(struct audit *audit, uint64_t newest)
{
	char path[LEDGER_PATH_SIZE];
	struct checkpoint last;
	enum recourse_error error = ledger_path(audit->options->directory, "last-signed", path);
	if (error == RECOURSE_OK)
		error = guard_read(path, &last);
	if (error == RECOURSE_STORE_CORRUPT)
		return wrong(audit, "the last-signed guard is damaged");
	if (error == RECOURSE_OK && last.size > newest)
		return wrong(audit,
			"a checkpoint of %llu entries was signed, the log's newest is of %llu: entries or "
			"checkpoints are "
			"missing (after a crash while signing, start the service once)",
			(unsigned long long)last.size, (unsigned long long)newest);
	return error;
}

static enum recourse_error check_checkpoints(struct audit *audit)
{
	struct checkpoint checkpoint = {0};
	struct key_public key;
	uint64_t at_most = UINT64_MAX;
	uint64_t newest = 0;
	slice note;
	enum recourse_error error = log_key(audit, &key);
	while (error == RECOURSE_OK) {
		error = log_read_checkpoint(audit->snapshot, at_most, &note);
		if (error == RECOURSE_OK)
			error = check_checkpoint(audit, note, &key, &checkpoint);
		if (error != RECOURSE_OK)
			break;
		audit->report->checkpoints++;
		newest = newest > checkpoint.size ? newest : checkpoint.size;
		if (checkpoint.size == 0)
			break;
		at_most = checkpoint.size - 1;
	}
	if (error == RECOURSE_OK || error == RECOURSE_QUERY_NOT_FOUND)
		error = check_guard(audit, newest);
	return error;
}

/* ---- invariants in the state that came out ---- */

typedef enum recourse_error check_record(struct audit *audit, slice key, slice value, void *context);

static enum recourse_error walk_table(
	struct audit *audit, enum record_table table, check_record *check, void *context)
{
	uint8_t letter = (uint8_t)table;
	struct state_walk walk;
	enum recourse_error error = state_walk_first(
		&walk, state_writer(audit->state), slice_of(&letter, 1), slice_of(NULL, 0), STATE_UP);
	while (error == RECOURSE_OK) {
		error = check(audit, walk.key, walk.value, context);
		if (error == RECOURSE_OK)
			error = state_walk_next(&walk);
	}
	state_walk_end(&walk);
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
}

static void read_record(slice value, void *record, size_t size)
{
	memset(record, 0, size);
	memcpy(record, value.data, value.size < size ? value.size : size);
}

/* Sums of all balances, by book and unit. */
enum { AUDIT_UNITS_MAX = 64 };
struct book_sums {
	size_t count;
	struct {
		enum chart_book book;
		char unit[UNIT_CODE_SIZE + 1];
		__int128 sum;
	} rows[AUDIT_UNITS_MAX];
};

static enum recourse_error check_account(struct audit *audit, slice key, slice value, void *context)
{
	struct book_sums *sums = context;
	struct record_account account;
	struct account_name name;
	char unit[UNIT_CODE_SIZE + 1] = "";
	enum recourse_error error = account_name_decode(key, &name);
	if (error != RECOURSE_OK || name.unit.size > UNIT_CODE_SIZE)
		return RECOURSE_STORE_CORRUPT;
	read_record(value, &account, sizeof account);
	const struct chart_row *row = chart_find(name.code);
	if (row->side == CHART_DEBIT ? account.balance < 0 : account.balance > 0)
		return wrong(audit, "I4: account %u/%.*s/%.*s is on the wrong side of zero", name.code,
			SLICE_ARGUMENTS(name.party), SLICE_ARGUMENTS(name.reference));
	memcpy(unit, name.unit.data, name.unit.size);
	size_t index = 0;
	while (index < sums->count &&
		(sums->rows[index].book != row->book || strcmp(sums->rows[index].unit, unit) != 0))
		index++;
	if (index == AUDIT_UNITS_MAX)
		return RECOURSE_OK;
	if (index == sums->count) {
		sums->rows[index].book = row->book;
		memcpy(sums->rows[index].unit, unit, sizeof unit);
		sums->count++;
	}
	sums->rows[index].sum += account.balance;
	return RECOURSE_OK;
}

static enum recourse_error check_accounts(struct audit *audit)
{
	struct book_sums sums = {0};
	enum recourse_error error = walk_table(audit, RECORD_ACCOUNT, check_account, &sums);
	for (size_t index = 0; error == RECOURSE_OK && index < sums.count; index++) {
		if (sums.rows[index].sum != 0)
			error = wrong(audit, "I1 I2 I3 I9: the %s book does not sum up to zero in %s",
				chart_book_name(sums.rows[index].book), sums.rows[index].unit);
	}
	return error;
}

/* I5: what a claim received is within its loss; I8: a settled payout and a paid claim go together. */
static enum recourse_error check_claim(struct audit *audit, slice key, slice value, void *context)
{
	struct record_claim claim;
	(void)context;
	read_record(value, &claim, sizeof claim);
	if (claim.paid < 0 || claim.paid + claim.received > claim.loss + claim.received ||
		claim.paid > claim.loss)
		return replay_wrong_entry(&audit->replay, claim.last_entry,
			"I5: claim %.*s received more than its loss", (int)key.size - 2,
			(const char *)key.data + 1);
	if ((claim.state == CLAIM_PAID) != (claim.payout == PAYOUT_SETTLED))
		return replay_wrong_entry(&audit->replay, claim.last_entry,
			"I8: claim %.*s and its payout contradict each other", (int)key.size - 2,
			(const char *)key.data + 1);
	return RECOURSE_OK;
}

/* I6: per liable party, nothing above what it owes. */
static enum recourse_error check_liability(struct audit *audit, slice key, slice value, void *context)
{
	struct record_liability liability;
	(void)context;
	read_record(value, &liability, sizeof liability);
	if (liability.received_recourse > liability.recourse ||
		liability.received_uncovered > liability.uncovered ||
		liability.received_interest > liability.interest ||
		liability.written_off > liability.recourse)
		return wrong(audit,
			"I6: liable party %.*s paid more than it owes, and the excess is not in 2150",
			(int)key.size - 6, (const char *)key.data + 5);
	return RECOURSE_OK;
}

/* I7 and I10 for one incident: sums over its decided claims. */
struct incident_sums {
	const struct record_incident *incident;
	int64_t advances_settled;
	int64_t deposit_parts;
};

static enum recourse_error add_claim(struct audit *audit, slice id, struct incident_sums *sums)
{
	struct state_view *view = state_writer(audit->state);
	struct record_path path = record_path_of_text(RECORD_CLAIM, id);
	struct record_claim claim;
	int64_t part;
	bool covered;
	enum recourse_error error = record_get(view, &path, &claim, sizeof claim);
	if (error == RECOURSE_OK)
		error = distribution_part(view, sums->incident, id, &claim, ROUND_DEPOSIT, &part, &covered);
	if (error != RECOURSE_OK)
		return error;
	sums->deposit_parts += part;
	if (claim.payout == PAYOUT_SETTLED)
		sums->advances_settled += claim.advance_part;
	return RECOURSE_OK;
}

/* What still is, or once was, receivable in 1110 of this incident: what went in less what was un-perfected. */
static enum recourse_error perfected(
	struct audit *audit, const struct record_incident *incident, int64_t *steps)
{
	struct state_view *view = state_writer(audit->state);
	struct liability_row rows[LIABILITY_PARTIES_MAX];
	struct record_account account;
	size_t count;
	*steps = 0;
	enum recourse_error error =
		liability_list(view, &audit->replay.arena, incident->number, rows, &count);
	for (size_t row = 0; error == RECOURSE_OK && row < count; row++)
		*steps += rows[row].record.recourse;
	if (error == RECOURSE_OK)
		error = account_get(view, CHART_RECOURSE, slice_text(CHART_UNAPPORTIONED),
			RECORD_TEXT(incident->id), unit_code(&incident->unit), &account);
	if (error == RECOURSE_OK)
		*steps += account.balance;
	return error == RECOURSE_QUERY_NOT_FOUND ? RECOURSE_OK : error;
}

static enum recourse_error check_incident(struct audit *audit, slice key, slice value, void *context)
{
	struct record_incident incident;
	struct incident_sums sums = {.incident = &incident};
	struct record_path prefix;
	struct state_walk walk;
	int64_t recourse;
	(void)key;
	(void)context;
	read_record(value, &incident, sizeof incident);
	prefix = record_path_of_short(RECORD_DECIDED, incident.number);
	enum recourse_error error = state_walk_first(
		&walk, state_writer(audit->state), record_path_slice(&prefix), slice_of(NULL, 0), STATE_UP);
	while (error == RECOURSE_OK) {
		error = add_claim(
			audit, slice_of(walk.key.data + prefix.size, walk.key.size - prefix.size - 1), &sums);
		if (error == RECOURSE_OK)
			error = state_walk_next(&walk);
	}
	state_walk_end(&walk);
	if (error != RECOURSE_QUERY_NOT_FOUND)
		return error;
	error = perfected(audit, &incident, &recourse);
	if (error == RECOURSE_OK && sums.deposit_parts != incident.pooled)
		error = replay_wrong_entry(&audit->replay, incident.last_round_entry,
			"I10: the parts of a distribution do not sum up to what was shared out");
	if (error == RECOURSE_OK && recourse > sums.advances_settled)
		error = wrong(audit, "I7: incident %.*s has more recourse than settled advances",
			SLICE_ARGUMENTS(RECORD_TEXT(incident.id)));
	return error;
}

static enum recourse_error check_invariants(struct audit *audit)
{
	enum recourse_error error = check_accounts(audit);
	if (error == RECOURSE_OK)
		error = walk_table(audit, RECORD_CLAIM, check_claim, NULL);
	if (error == RECOURSE_OK)
		error = walk_table(audit, RECORD_LIABILITY, check_liability, NULL);
	if (error == RECOURSE_OK)
		error = walk_table(audit, RECORD_INCIDENT, check_incident, NULL);
	return error;
}

/* ---- I11: the state beside the log is the state that came out ---- */

static enum recourse_error compare_state(struct audit *audit)
{
	char path[LEDGER_PATH_SIZE];
	uint8_t digest[32];
	struct state *beside = NULL;
	struct state_view *view = NULL;
	struct state_position position;
	enum recourse_error error = ledger_path(audit->options->directory, "state", path);
	struct state_options options = {.directory = path, .read_only = true};
	if (error == RECOURSE_OK)
		error = state_open(&options, &beside);
	if (error == RECOURSE_OK)
		error = state_snapshot_open(beside, &view);
	if (error == RECOURSE_OK) {
		state_position(view, &position);
		if (position.entries == audit->head.entries && position.requests == audit->head.requests) {
			error = state_digest(view, digest);
			audit->report->state_compared = error == RECOURSE_OK;
		}
		state_snapshot_close(view);
	}
	state_close(beside);
	if (audit->report->state_compared && memcmp(digest, audit->report->state_digest, sizeof digest) != 0)
		return wrong(audit, "I11: the state beside the log is not the state that the log makes");
	/* a state that is absent, torn or behind is no fault: it is derived */
	return RECOURSE_OK;
}

/* ---- the frame ---- */

static enum recourse_error open_log(struct audit *audit)
{
	char path[LEDGER_PATH_SIZE];
	enum recourse_error error = ledger_path(audit->options->directory, "log", path);
	struct log_lmdb_options options = {.directory = path, .read_only = true};
	if (error == RECOURSE_OK)
		error = log_lmdb_open(&options, &audit->log);
	if (error == RECOURSE_OK)
		error = log_snapshot_open(audit->log, &audit->snapshot);
	if (error == RECOURSE_OK)
		error = log_read_head(audit->snapshot, &audit->head);
	if (error == RECOURSE_STORE_CORRUPT)
		return wrong(audit, "the log's store is damaged and can not be opened");
	return error;
}

static enum recourse_error open_scratch(struct audit *audit)
{
	const char *parent = getenv("TMPDIR");
	if (audit->options->scratch != NULL) {
		snprintf(audit->scratch, sizeof audit->scratch, "%s", audit->options->scratch);
	} else {
		snprintf(audit->scratch, sizeof audit->scratch, "%s/recourse-audit-XXXXXX",
			parent == NULL ? "/tmp" : parent);
		if (mkdtemp(audit->scratch) == NULL)
			return RECOURSE_IO;
		audit->scratch_made = true;
	}
	struct state_options options = {.directory = audit->scratch};
	enum recourse_error error = state_open(&options, &audit->state);
	return error == RECOURSE_OK ? state_reset(audit->state) : error;
}

static void remove_scratch(struct audit *audit)
{
	static const char *const files[] = {"data.mdb", "lock.mdb", "writer.lock"};
	char path[LEDGER_PATH_SIZE];
	if (!audit->scratch_made)
		return;
	for (size_t index = 0; index < sizeof files / sizeof files[0]; index++) {
		if (ledger_path(audit->scratch, files[index], path) == RECOURSE_OK)
			unlink(path);
	}
	rmdir(audit->scratch);
}

static enum recourse_error check_everything(struct audit *audit)
{
	enum recourse_error error =
		replay_start(&audit->replay, state_writer(audit->state), audit->snapshot, true);
	if (error == RECOURSE_OK)
		error = replay_all(audit);
	if (error == RECOURSE_OK)
		error = check_head(audit);
	if (error == RECOURSE_OK)
		error = check_checkpoints(audit);
	if (error == RECOURSE_OK)
		error = check_invariants(audit);
	if (error == RECOURSE_OK)
		error = state_digest(state_writer(audit->state), audit->report->state_digest);
	if (error == RECOURSE_OK)
		error = compare_state(audit);
	return error;
}

static void write_report(const struct audit *audit, enum recourse_error error)
{
	struct recourse_audit *report = audit->report;
	struct crypto_hash root;
	report->entries = audit->replay.group.head.entries;
	report->requests = audit->replay.group.head.requests;
	report->tree_size = audit->replay.group.tree.size;
	tree_root(&audit->replay.group.tree, &root);
	memcpy(report->root, root.bytes, sizeof report->root);
	report->failed = error == RECOURSE_AUDIT_FAILED;
	report->entry_known = report->failed && audit->replay.entry_known;
	report->first_wrong = audit->replay.wrong_entry;
	if (report->failed)
		memcpy(report->what, audit->replay.what, sizeof report->what);
}

enum recourse_error recourse_ledger_audit(
	const struct recourse_audit_options *options, struct recourse_audit *report)
{
	struct audit audit = {.options = options, .report = report};
	memset(report, 0, sizeof *report);
	enum recourse_error error = crypto_start();
	if (error == RECOURSE_OK)
		error = open_log(&audit);
	if (error == RECOURSE_OK)
		error = open_scratch(&audit);
	if (error == RECOURSE_OK)
		error = check_everything(&audit);
	if (error == RECOURSE_STORE_CORRUPT)
		error = replay_wrong_entry(
			&audit.replay, audit.replay.group.head.entries, "the log's store is damaged");
	write_report(&audit, error);
	if (audit.state != NULL)
		replay_end(&audit.replay);
	state_close(audit.state);
	log_snapshot_close(audit.snapshot);
	log_close(audit.log);
	remove_scratch(&audit);
	return error;
}
