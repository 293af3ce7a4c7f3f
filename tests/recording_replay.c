/* SPDX-License-Identifier: Apache-2.0 */
#include "recording.h"

#include "audit_both.h"
#include "books/account.h"
#include "ledger.h"
#include "audit/replay.h"
#include "base/transcode.h"
#include "decide/request.h"
#include "store/log.h"
#include "support.h"

/* ---- into a new log ---- */

static void add_request(
	const struct recording *recording, const struct recording_request *request, struct group *group)
{
	static const struct crypto_hash link; /* is not kept in a log */
	size_t start;
	for (size_t index = 0; index < request->count; index++) {
		slice entry = recording->entries[request->first + index];
		start = group->bytes.size;
		buffer_append(&group->bytes, entry.data, entry.size);
		assert_ok(group_add_entry(group, start, GROUP_LINKED, recording->time));
	}
	start = group->bytes.size;
	buffer_append(&group->bytes, request->record.data, request->record.size);
	assert_ok(group_add_request(group, start, recording->time, &link));
}

static struct log *load(const struct recording *recording, const struct support_directory *directory)
{
	const struct log_head head = {0};
	const struct tree tree = {0};
	const struct crypto_hash link = {0};
	SCOPED(group_free) struct group group = {0};
	struct log *log = NULL;
	char path[SUPPORT_PATH_MAX];
	support_directory_path(directory, "log", path);
	const struct log_options options = {.directory = path};
	assert_ok(recourse_ledger_create(directory->path));
	assert_ok(log_open(&options, &log));
	group_start(&group, &head, &tree, &link);
	for (size_t index = 0; index < recording->request_count; index++)
		add_request(recording, &recording->requests[index], &group);
	assert_ok(group_chain(&group));
	assert_ok(log_append(log, &group));
	return log;
}

/* ---- what differs, for people ---- */

static bool has_line(slice text, slice line)
{
	for (size_t at = 0; at + line.size <= text.size; at++) {
		if (memcmp(text.data + at, line.data, line.size) == 0)
			return true;
	}
	return false;
}

/* The lines of one text that the other has not. */
static void show_lines(struct buffer *out, const char *sign, slice text, slice other)
{
	for (size_t at = 0; at < text.size;) {
		const uint8_t *end = memchr(text.data + at, '\n', text.size - at);
		size_t size = end == NULL ? text.size - at : (size_t)(end - text.data) + 1 - at;
		slice line = slice_of(text.data + at, size);
		if (!has_line(other, line))
			buffer_append_format(
				out, "%s%.*s%s", sign, SLICE_ARGUMENTS(line), end == NULL ? "\n" : "");
		at += size;
	}
}

/* What a record says became of its commands; the rest of it was given. */
static enum recourse_error describe_record(slice bytes, struct buffer *out)
{
	struct submission submission;
	TRY(submission_decode(bytes, &submission));
	struct item_map map = item_map_open(out);
	item_write_pair_integer(out, "received", (int64_t)submission.received);
	item_write_pair_integer(out, "time", (int64_t)submission.time);
	item_write_pair_integer(out, "first_entry", (int64_t)submission.first_entry);
	item_write_pair_integer(out, "accepted", (int64_t)submission.accepted);
	item_write_pair_text(out, "key", submission.key);
	item_write_key(out, "refusals");
	buffer_append(out, submission.refusals.data, submission.refusals.size);
	item_map_close(map, out);
	return RECOURSE_OK;
}

typedef enum recourse_error description(slice bytes, struct buffer *out);

static void to_lines(description *describe, slice bytes, struct buffer *lines)
{
	SCOPED(buffer_free) struct buffer item = {0};
	enum recourse_error error = bytes.size == 0 ? RECOURSE_OK : describe(bytes, &item);
	if (error == RECOURSE_OK && item.size > 0)
		error = transcode_to_json(buffer_slice(&item), TRANSCODE_INDENTED, lines);
	if (error != RECOURSE_OK)
		buffer_append_format(lines, "%zu bytes: %s", bytes.size, recourse_error_name(error));
	buffer_append_text(lines, "\n");
}

static void show_difference(
	struct buffer *out, const char *what, description *describe, slice recorded, slice made)
{
	SCOPED(buffer_free) struct buffer before = {0};
	SCOPED(buffer_free) struct buffer after = {0};
	to_lines(describe, recorded, &before);
	to_lines(describe, made, &after);
	buffer_append_format(
		out, "%s: %zu bytes were recorded, %zu are made\n", what, recorded.size, made.size);
	show_lines(out, "-", buffer_slice(&before), buffer_slice(&after));
	show_lines(out, "+", buffer_slice(&after), buffer_slice(&before));
}

/* What the group has of that request, as far as deciding came. */
static slice made_entry(const struct group *group, uint64_t number)
{
	return number < group->before.entries || number >= group->head.entries ? slice_of(NULL, 0)
									       : group_entry(group, number);
}

static void find_in_request(
	const struct recording *recording, const struct group *group, struct recording_finding *finding)
{
	const struct recording_request *request = &recording->requests[finding->request];
	if (finding->request >= group->head.requests)
		return; /* it was not decided: why not was said */
	slice made_record = group_request(group, finding->request);
	if (!slice_equal(request->record, made_record))
		show_difference(&finding->text, "record", describe_record, request->record, made_record);
	for (uint64_t number = request->first;
		number < request->first + request->count || made_entry(group, number).size > 0; number++) {
		slice recorded = number < request->first + request->count ? recording->entries[number]
									  : slice_of(NULL, 0);
		slice made = made_entry(group, number);
		if (slice_equal(recorded, made))
			continue;
		finding->entry = number;
		show_difference(&finding->text, "entry", entry_describe, recorded, made);
		return;
	}
}

/* ---- deciding again ---- */

static bool replay_all(
	const struct recording *recording, struct replay *replay, struct recording_finding *finding)
{
	for (size_t number = 0; number < recording->request_count; number++) {
		enum recourse_error error = replay_request(replay);
		if (error != RECOURSE_OK) {
			finding->request = number;
			buffer_append_format(&finding->text, "request %zu: %s: %s\n", number,
				recourse_error_name(error), replay->check.what);
			find_in_request(recording, replay->core.group, finding);
			return false;
		}
		if (replay_group_full(replay))
			assert_ok(replay_commit(replay));
	}
	assert_ok(replay_commit(replay));
	if (replay->core.group->head.entries == recording->entry_count &&
		replay->core.group->head.time == recording->time)
		return true;
	buffer_append_format(&finding->text,
		"the end: %zu entries until %llu were recorded, %llu until %llu are made\n",
		recording->entry_count, (unsigned long long)recording->time,
		(unsigned long long)replay->core.group->head.entries,
		(unsigned long long)replay->core.group->head.time);
	return false;
}

static void format_balance(const struct recording_balance *balance, char *text, size_t size)
{
	snprintf(text, size, "%lld/%.*s/%.*s/%.*s %lld", (long long)balance->code,
		SLICE_ARGUMENTS(balance->party), SLICE_ARGUMENTS(balance->reference),
		SLICE_ARGUMENTS(balance->unit), (long long)balance->steps);
}

/* The accounts come in the order in which they were recorded; the first that does not ends it. */
static bool compare_balances(
	const struct recording *recording, struct state_view *view, struct recording_finding *finding)
{
	struct account_walk walk = {.view = view};
	char recorded[300] = "nothing more";
	char made[300] = "nothing more";
	size_t index = 0;
	bool there = account_walk_next(&walk);
	for (; there || index < recording->balance_count; index++) {
		const struct recording_balance balance = {.code = walk.name.code,
			.party = walk.name.party,
			.reference = walk.name.reference,
			.unit = walk.name.unit,
			.steps = walk.account.balance};
		snprintf(recorded, sizeof recorded, "nothing more");
		snprintf(made, sizeof made, "nothing more");
		if (there)
			format_balance(&balance, made, sizeof made);
		if (index < recording->balance_count)
			format_balance(&recording->balances[index], recorded, sizeof recorded);
		if (!there || strcmp(recorded, made) != 0)
			break;
		there = account_walk_next(&walk);
	}
	account_walk_end(&walk);
	if (strcmp(recorded, made) != 0)
		buffer_append_format(&finding->text, "balance %zu\n-%s\n+%s\n", index, recorded, made);
	return strcmp(recorded, made) == 0;
}

static bool decide_again(const struct recording *recording, struct log *log,
	const struct support_directory *directory, struct recording_finding *finding)
{
	char path[SUPPORT_PATH_MAX];
	struct state *state = NULL;
	struct replay replay;
	support_directory_path(directory, "again", path);
	const struct state_options options = {.directory = path};
	assert_ok(state_open(&options, &state));
	assert_ok(replay_start(&replay, state, log, true));
	bool same = replay_all(recording, &replay, finding) &&
		    compare_balances(recording, state_writer(state), finding);
	replay_end(&replay);
	state_close(state);
	return same;
}

static bool audit(const struct support_directory *directory, struct recording_finding *finding)
{
	const struct recourse_audit_options options = {
		.directory = directory->path, .scratch = directory->path};
	struct recourse_audit report;
	enum recourse_error error = audit_both(&options, &report);
	if (error != RECOURSE_OK)
		buffer_append_format(
			&finding->text, "audit: %s: %s\n", recourse_error_name(error), report.what);
	return error == RECOURSE_OK;
}

bool recording_replay(const struct recording *recording, struct recording_finding *finding)
{
	struct support_directory directory;
	*finding = (struct recording_finding){.request = RECORDING_NOWHERE, .entry = RECORDING_NOWHERE};
	support_directory_make(&directory);
	struct log *log = load(recording, &directory);
	bool same = decide_again(recording, log, &directory, finding);
	log_close(log);
	if (same)
		same = audit(&directory, finding);
	support_directory_remove(&directory);
	return same;
}

/* ---- its beginning ---- */

/* The instant given out to the request's last command. */
static enum recourse_error last_instant(slice record, uint64_t *time)
{
	SCOPED(arena_free) struct arena arena = {0};
	struct recourse_refusal refusal;
	struct request request;
	struct submission submission;
	TRY(submission_decode(record, &submission));
	TRY(request_decode(submission.payload, &arena, &request, &refusal));
	*time = submission.time + request.count - 1;
	return RECOURSE_OK;
}

enum recourse_error recording_cut(const struct recording *recording, size_t requests, struct buffer *out)
{
	struct support_directory directory;
	struct recourse_ledger *ledger = NULL;
	struct recording head = *recording;
	if (requests == 0 || requests > recording->request_count)
		return RECOURSE_MALFORMED;
	const struct recording_request *last = &recording->requests[requests - 1];
	head.request_count = requests;
	head.entry_count = last->first + last->count;
	TRY(last_instant(last->record, &head.time));
	support_directory_make(&directory);
	const struct recourse_ledger_options options = {.directory = directory.path};
	log_close(load(&head, &directory));
	enum recourse_error error = recourse_ledger_open(&options, &ledger);
	if (error == RECOURSE_OK)
		error = recording_write(ledger, out);
	recourse_ledger_close(ledger);
	support_directory_remove(&directory);
	return error;
}
