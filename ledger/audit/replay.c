/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/replay.h"

#include "base/instant.h"
#include "base/refusal.h"

/* What is kept in memory of a group. Requests that were refused make no entries, but have bytes all the same. */
enum {
	GROUP_ENTRIES = 8192,
	GROUP_REQUESTS = 4096,
	GROUP_BYTES = 16 * 1024 * 1024,
};

/* What it takes to verify a signature, in commands that are decided: so many, and one for so many bytes that were signed. */
enum { SIGNATURE_COMMANDS = 7, SIGNATURE_BYTES = 4096 };

/* What goes on from a request's record: the instant given out to its last command, and the link. */
static enum recourse_error read_last(
	struct replay *replay, uint64_t number, uint64_t *time, struct crypto_hash *link)
{
	struct recourse_refusal refusal;
	struct request request;
	struct submission submission;
	slice record;
	TRY(log_read_request(replay->log, number, &record));
	TRY(submission_decode(record, &submission));
	if (request_decode(submission.payload, &replay->arena, &request, &refusal) != RECOURSE_OK)
		return RECOURSE_STORE_CORRUPT;
	*time = submission.time + request.count - 1;
	submission_link(&submission, &request.hash, link);
	return RECOURSE_OK;
}

enum recourse_error replay_start(struct replay *replay, struct state *state, struct log *log, bool verify)
{
	struct state_position position;
	struct log_head head = {0};
	struct crypto_hash link = {0};
	struct group *group = &replay->parts[0].group;
	struct tree tree;
	slice entry;
	*replay = (struct replay){.state = state, .verify = verify, .pace = 1, .compare = {.verify = verify}};
	replay->core.state = state_writer(state);
	replay->core.group = group;
	replay->check.state = replay->core.state;
	replay->check.arena = &replay->arena;
	TRY(log_snapshot_open(log, &replay->log));
	TRY(log_snapshot_open(log, &replay->compare.log));
	state_position(replay->core.state, &position);
	head.entries = position.entries;
	head.requests = position.requests;
	TRY(tree_open(log_read_tree(replay->log), head.entries, &tree));
	if (head.entries > 0) {
		TRY(log_read_entry(replay->log, head.entries - 1, &entry));
		tree_leaf(entry, &head.last);
	}
	if (head.requests > 0)
		TRY(read_last(replay, head.requests - 1, &head.time, &link));
	group_start(group, &head, &tree, &link);
	replay->compare.group = group;
	replay->compare.entries = head.entries;
	replay->compare.requests = head.requests;
	return RECOURSE_OK;
}

/* The key as it stands in the state before this request; the first admin's stands in the request itself. */
static enum recourse_error public_key(struct replay *replay, const struct request *request, slice handle,
	uint8_t bytes[static CRYPTO_PUBLIC_SIZE])
{
	struct record_ledger ledger;
	struct record_key record;
	struct decision_actor actor;
	struct recourse_refusal refusal;
	struct key_public key;
	TRY(party_ledger(replay->core.state, &ledger));
	if (ledger.origin[0] == '\0') {
		TRY(request_first_actor(request, handle, &actor, &key, &refusal));
		memcpy(bytes, key.bytes, sizeof key.bytes);
		return RECOURSE_OK;
	}
	struct record_path path = record_path_of_text(RECORD_KEY, handle);
	bool known;
	TRY(record_get_optional(replay->core.state, &path, &record, sizeof record, &known));
	memcpy(bytes, record.bytes, sizeof record.bytes);
	return known ? RECOURSE_OK : RECOURSE_KEY_UNKNOWN;
}

static struct replay_part *part_decided(struct replay *replay)
{
	return &replay->parts[replay->deciding];
}

static struct replay_part *part_handed_over(struct replay *replay)
{
	return &replay->parts[1 - replay->deciding];
}

static enum recourse_error find_signer(struct replay *replay, const struct request *request,
	const struct submission *submission, struct compare_note *note)
{
	enum recourse_error error = public_key(replay, request, submission->key, note->signer);
	if (error == RECOURSE_KEY_UNKNOWN)
		return check_wrong_entry(&replay->check, submission->first_entry,
			"request %llu is signed by a key that the ledger does not know: %.*s",
			(unsigned long long)replay->core.group->head.requests,
			SLICE_ARGUMENTS(submission->key));
	return error;
}

/*
 * The signature is looked at where less was done of the group so far: beside, where commands came in bulk, and in turn where
 * each came by itself and its signature takes more than all else.
 */
static enum recourse_error check_signature(struct replay *replay, const struct request *request,
	const struct submission *submission, struct compare_note *note)
{
	struct replay_part *part = part_decided(replay);
	uint64_t takes = SIGNATURE_COMMANDS + submission->payload.size / SIGNATURE_BYTES;
	if (replay->rehearsed_from > 0 && submission->first_entry >= replay->rehearsed_from)
		return RECOURSE_OK;
	TRY(find_signer(replay, request, submission, note));
	note->is_signed = part->beside <= part->here;
	*(note->is_signed ? &part->beside : &part->here) += takes;
	part->beside += request->count;
	part->here += request->count;
	if (note->is_signed)
		return RECOURSE_OK;
	return compare_signature(&replay->check, replay->core.group->head.requests, submission, note->signer);
}

static enum recourse_error run_core(
	struct replay *replay, const struct submission *submission, const struct request *request)
{
	struct recourse_refusal refusal;
	unsigned long long number = replay->core.group->head.requests;
	uint64_t recorded;
	uint64_t first = replay->core.group->head.entries;
	refusal_clear(&refusal);
	enum recourse_error error = core_decide(&replay->core, request, submission, &recorded, &refusal);
	if (error != RECOURSE_OK && error < RECOURSE_BUSY)
		return check_wrong_entry(&replay->check, first,
			"request %llu should have been refused: %s (%s)", number, recourse_error_text(error),
			recourse_error_name(error));
	TRY(error);
	if (recorded < number)
		return check_wrong_entry(&replay->check, first,
			"request %llu repeats request %llu and should not have been recorded", number,
			(unsigned long long)recorded);
	return RECOURSE_OK;
}

/* Expiry is held against the host's clock: where that stood back, what had expired was let in. */
static enum recourse_error note_clock(
	struct replay *replay, const struct submission *submission, struct compare_note *note)
{
	struct record_ledger ledger;
	TRY(party_ledger(replay->core.state, &ledger));
	uint64_t host = submission->received + ledger.ahead;
	if (submission->time >= host + INSTANT_SECOND)
		note->behind = submission->time - host;
	return RECOURSE_OK;
}

/* What is not there, or not to be read, is wrong with the log and no fault of reading it. */
static enum recourse_error read_submission(struct replay *replay, struct submission *submission)
{
	const struct log_head *head = &replay->core.group->head;
	slice record;
	enum recourse_error error = log_read_request(replay->log, head->requests, &record);
	if (error == RECOURSE_QUERY_NOT_FOUND || error == RECOURSE_STORE_CORRUPT)
		return check_wrong_entry(&replay->check, head->entries,
			"request %llu is missing from the log", (unsigned long long)head->requests);
	TRY(error);
	error = submission_decode(record, submission);
	if (error == RECOURSE_STORE_CORRUPT)
		return check_wrong_entry(&replay->check, head->entries,
			"the record of request %llu is damaged", (unsigned long long)head->requests);
	return error;
}

/* It follows the one before it, and its time from when it was received. */
static enum recourse_error check_place(
	struct replay *replay, const struct submission *submission, struct compare_note *note)
{
	unsigned long long number = replay->core.group->head.requests;
	uint64_t entry = replay->core.group->head.entries;
	uint64_t time;
	if (!crypto_hash_equal(&submission->previous, &replay->core.group->link))
		return check_wrong_entry(
			&replay->check, entry, "request %llu does not follow the request before it", number);
	if (submission->time <= replay->core.group->head.time)
		return check_wrong_entry(&replay->check, entry, "request %llu: time goes back", number);
	TRY(core_time(&replay->core, submission->received, &time));
	TRY(note_clock(replay, submission, note));
	if (time != submission->time)
		return check_wrong_entry(&replay->check, entry,
			"request %llu: its time does not follow from when it was received", number);
	return RECOURSE_OK;
}

static enum recourse_error read_request(
	struct replay *replay, const struct submission *submission, struct request *request)
{
	struct recourse_refusal refusal;
	refusal_clear(&refusal);
	enum recourse_error error = request_decode(submission->payload, &replay->arena, request, &refusal);
	if (error == RECOURSE_MEMORY)
		return error;
	if (error != RECOURSE_OK || !request->submit || request->dry)
		return check_wrong_entry(&replay->check, replay->core.group->head.entries,
			request->dry ? "request %llu: what was signed is a dry run: %s %s"
				     : "request %llu: what was signed can not be read: %s %s",
			(unsigned long long)replay->core.group->head.requests, recourse_error_name(error),
			refusal.field);
	return RECOURSE_OK;
}

static enum recourse_error decide_again(struct replay *replay, struct compare_note *note)
{
	struct request request;
	struct submission submission;
	arena_clear(&replay->arena);
	TRY(read_submission(replay, &submission));
	TRY(check_place(replay, &submission, note));
	TRY(read_request(replay, &submission, &request));
	if (replay->verify)
		TRY(check_signature(replay, &request, &submission, note));
	return run_core(replay, &submission, &request);
}

static enum recourse_error decide_next(struct replay *replay, struct compare_note *note)
{
	struct buffer *notes = &part_decided(replay)->notes;
	*note = (struct compare_note){.decided = false};
	enum recourse_error error = decide_again(replay, note);
	note->decided = error == RECOURSE_OK;
	note->entries = replay->core.group->head.entries;
	buffer_append(notes, note, sizeof *note);
	return error == RECOURSE_OK && buffer_failed(notes) ? RECOURSE_MEMORY : error;
}

/* ---- one request after the other ---- */

/* What was found beside is said as the replay's own. */
static enum recourse_error say(struct replay *replay, enum recourse_error error)
{
	const struct check_context *found = &replay->compare.check;
	if (error != RECOURSE_AUDIT_FAILED)
		return error;
	replay->check.entry_known = found->entry_known;
	replay->check.wrong_entry = found->wrong_entry;
	memcpy(replay->check.what, found->what, sizeof found->what);
	return error;
}

enum recourse_error replay_request(struct replay *replay)
{
	struct compare_note note;
	enum recourse_error error = decide_next(replay, &note);
	TRY(say(replay, compare_request(&replay->compare, replay->core.group, &note)));
	return error;
}

bool replay_group_full(const struct replay *replay)
{
	const struct group *group = replay->core.group;
	return group->head.entries - group->before.entries >= GROUP_ENTRIES ||
	       group->head.requests - group->before.requests >= GROUP_REQUESTS ||
	       group->bytes.size >= GROUP_BYTES;
}

enum recourse_error replay_commit(struct replay *replay)
{
	struct group *group = replay->core.group;
	if (group_empty(group))
		return RECOURSE_OK;
	const struct state_position position = core_position(group);
	TRY(state_commit(replay->core.state, &position));
	const struct log_head head = group->head;
	const struct tree tree = group->tree;
	const struct crypto_hash link = group->link;
	group_start(group, &head, &tree, &link);
	buffer_clear(&part_decided(replay)->notes);
	arena_clear(&replay->core.arena);
	return RECOURSE_OK;
}

/* ---- a group beside the other ---- */

static enum recourse_error compare_part(struct replay *replay, struct replay_part *part)
{
	struct compare_note note;
	for (size_t offset = 0; offset < part->notes.size; offset += sizeof note) {
		memcpy(&note, part->notes.data + offset, sizeof note);
		TRY(compare_request(&replay->compare, &part->group, &note));
	}
	return RECOURSE_OK;
}

/* What is beside: of the replay it touches what was handed over, the comparing, and nothing else. */
static void keep(void *of)
{
	struct replay *replay = of;
	struct replay_part *part = part_handed_over(replay);
	replay->kept = compare_part(replay, part);
	if (replay->kept != RECOURSE_OK)
		return;
	const struct state_position position = core_position(&part->group);
	replay->kept = state_write(replay->state, &position);
}

static void hand_over(struct replay *replay)
{
	static const struct tree unknown;
	const struct group *decided = replay->core.group;
	struct replay_part *next = part_handed_over(replay);
	state_set_apart(replay->core.state);
	group_start(&next->group, &decided->head, &unknown, &decided->link);
	buffer_clear(&next->notes);
	next->here = 0;
	next->beside = 0;
	arena_clear(&replay->core.arena);
	replay->core.group = &next->group;
	replay->deciding = 1 - replay->deciding;
	replay->handed_over = true;
	if (replay->beside != NULL)
		replay->beside->begin(replay->beside->context, keep, replay);
	else
		keep(replay);
}

static enum recourse_error settle(struct replay *replay)
{
	const struct group *before = &part_handed_over(replay)->group;
	if (!replay->handed_over)
		return RECOURSE_OK;
	if (replay->beside != NULL)
		replay->beside->wait(replay->beside->context);
	replay->handed_over = false;
	TRY(say(replay, replay->kept));
	TRY(state_settle(replay->core.state));
	group_follow(replay->core.group, &before->head.last, &before->tree);
	if (replay->progress != NULL)
		replay->progress(replay->progress_context, replay->compare.entries, replay->total);
	return RECOURSE_OK;
}

/* Small ones first, so that there is soon something to do beside, and what is wrong early is found early. */
static enum recourse_error decide_group(struct replay *replay, uint64_t requests)
{
	struct compare_note note;
	const struct group *group = replay->core.group;
	uint64_t entries = group->head.entries + replay->pace;
	uint64_t until = group->head.requests + replay->pace;
	until = until < requests ? until : requests;
	while (group->head.requests < until && group->head.entries < entries && !replay_group_full(replay))
		TRY(decide_next(replay, &note));
	replay->pace = replay->pace < GROUP_ENTRIES ? 2 * replay->pace : replay->pace;
	return RECOURSE_OK;
}

enum recourse_error replay_run(struct replay *replay, uint64_t requests)
{
	while (replay->core.group->head.requests < requests) {
		enum recourse_error error = decide_group(replay, requests);
		TRY(settle(replay));
		/* what comes before it in the log may be wrong as well, and is then said */
		if (error != RECOURSE_OK)
			TRY(say(replay, compare_part(replay, part_decided(replay))));
		TRY(error);
		hand_over(replay);
	}
	return settle(replay);
}

void replay_end(struct replay *replay)
{
	if (replay->core.state != NULL)
		state_discard(replay->core.state);
	core_free(&replay->core);
	for (size_t index = 0; index < 2; index++) {
		group_free(&replay->parts[index].group);
		buffer_free(&replay->parts[index].notes);
	}
	arena_free(&replay->arena);
	log_read_close(replay->log);
	log_read_close(replay->compare.log);
}
