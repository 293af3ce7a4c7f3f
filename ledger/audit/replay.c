/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/replay.h"

#include "base/instant.h"
#include "base/refusal.h"

/* What is kept in memory between commits. Requests that were refused make no entries, but have bytes all the same. */
enum {
	GROUP_ENTRIES = 16384,
	GROUP_REQUESTS = 4096,
	GROUP_BYTES = 64 * 1024 * 1024,
};

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

enum recourse_error replay_start(
	struct replay *replay, struct state_view *state, struct log_snapshot *log, bool verify)
{
	struct state_position position;
	struct log_head head = {0};
	struct crypto_hash link = {0};
	struct tree tree;
	slice entry;
	memset(replay, 0, sizeof *replay);
	replay->log = log;
	replay->verify = verify;
	replay->core.state = state;
	replay->core.group = &replay->group;
	replay->check.state = state;
	replay->check.arena = &replay->arena;
	state_position(state, &position);
	head.entries = position.entries;
	head.requests = position.requests;
	TRY(tree_open(log_tree(log), head.entries, &tree));
	if (head.entries > 0) {
		TRY(log_read_entry(log, head.entries - 1, &entry));
		tree_leaf(entry, &head.last);
	}
	if (head.requests > 0)
		TRY(read_last(replay, head.requests - 1, &head.time, &link));
	group_start(&replay->group, &head, &tree, &link);
	return RECOURSE_OK;
}

/* The key as it stands in the state before this request; the first admin's stands in the request itself. */
static enum recourse_error public_key(
	struct replay *replay, const struct request *request, slice handle, uint8_t bytes[static 32])
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

static enum recourse_error check_signature(
	struct replay *replay, const struct request *request, const struct submission *submission)
{
	uint8_t bytes[CRYPTO_PUBLIC_SIZE];
	uint64_t number = replay->group.head.requests;
	if (replay->rehearsed_from > 0 && submission->first_entry >= replay->rehearsed_from)
		return RECOURSE_OK;
	enum recourse_error error = public_key(replay, request, submission->key, bytes);
	if (error == RECOURSE_KEY_UNKNOWN)
		return check_wrong_entry(&replay->check, submission->first_entry,
			"request %llu is signed by a key that the ledger does not know: %.*s",
			(unsigned long long)number, SLICE_ARGUMENTS(submission->key));
	TRY(error);
	error = crypto_verify(
		bytes, slice_text(REQUEST_LABEL), submission->payload, submission->signature.data);
	if (error == RECOURSE_SIGNATURE_INVALID)
		return check_wrong_entry(&replay->check, submission->first_entry,
			"request %llu: the signature of %.*s does not verify", (unsigned long long)number,
			SLICE_ARGUMENTS(submission->key));
	return error;
}

static enum recourse_error compare_entries(struct replay *replay, uint64_t first)
{
	for (uint64_t number = first; number < replay->group.head.entries; number++) {
		slice stored;
		enum recourse_error error = log_read_entry(replay->log, number, &stored);
		if (error == RECOURSE_QUERY_NOT_FOUND)
			return check_wrong_entry(&replay->check, number, "the entry is missing from the log");
		TRY(error);
		if (!slice_equal(stored, group_entry(&replay->group, number)))
			return check_wrong_entry(&replay->check, number,
				"the stored entry is not what its request, the rules and the entry before it "
				"make");
	}
	return RECOURSE_OK;
}

/* Each stored hash with the last entry below it, which completed it. */
static enum recourse_error compare_hashes(struct replay *replay, size_t start)
{
	for (size_t offset = start; offset < replay->group.hashes.size;
		offset += sizeof(struct tree_stored)) {
		struct tree_stored made;
		struct crypto_hash stored;
		memcpy(&made, replay->group.hashes.data + offset, sizeof made);
		enum recourse_error error = log_read_hash(replay->log, made.level, made.index, &stored);
		if (error == RECOURSE_QUERY_NOT_FOUND || error == RECOURSE_STORE_CORRUPT ||
			(error == RECOURSE_OK && !crypto_hash_equal(&stored, &made.hash)))
			return check_wrong_entry(&replay->check,
				((made.index + 1) << (TREE_STRIDE * made.level)) - 1,
				"the stored tree hash (level %u, index %llu) is not the hash of the entries",
				made.level, (unsigned long long)made.index);
		TRY(error);
	}
	return RECOURSE_OK;
}

static bool same_refusal(const struct submission_refusals *first, const struct submission_refusals *second)
{
	return first->there && second->there && first->next.command == second->next.command &&
	       first->next.error == second->next.error;
}

/* Goes past those that both records have: how many they are. */
static enum recourse_error find_difference(const struct submission *before, const struct submission *after,
	struct submission_refusals *stored, struct submission_refusals *made, uint64_t *same)
{
	TRY(submission_refusals_first(after, made));
	TRY(submission_refusals_first(before, stored));
	for (*same = 0; same_refusal(stored, made); ++*same) {
		TRY(submission_refusals_next(made));
		TRY(submission_refusals_next(stored));
	}
	return RECOURSE_OK;
}

/*
 * Says of the first command whose outcome is another why it should have been refused, or that it should not. Damage is
 * left to who compares the bytes.
 */
static enum recourse_error compare_refusals(
	struct replay *replay, const struct submission *stored, slice made_record, uint64_t number)
{
	struct submission_refusals before;
	struct submission_refusals after;
	struct submission made;
	uint64_t same;
	TRY(submission_decode(made_record, &made));
	enum recourse_error error = find_difference(stored, &made, &before, &after, &same);
	if (error != RECOURSE_OK || (!before.there && !after.there))
		return error == RECOURSE_STORE_CORRUPT ? RECOURSE_OK : error;
	bool missing = after.there && (!before.there || after.next.command <= before.next.command);
	int64_t command = missing ? after.next.command : before.next.command;
	/* in mode `all` nothing or everything is there, and then the first entry is the wrong one */
	bool partly = made.accepted > 0 && stored->accepted > 0;
	uint64_t entry = made.first_entry + (partly ? (uint64_t)command - same : 0);
	if (!missing)
		return check_wrong_entry(&replay->check, entry,
			"the record of request %llu: command %lld should not have been refused",
			(unsigned long long)number, (long long)command);
	return check_wrong_entry(&replay->check, entry,
		"the record of request %llu: command %lld should have been refused: %s %s",
		(unsigned long long)number, (long long)command, recourse_error_name(after.next.error),
		after.next.field);
}

static enum recourse_error run_core(
	struct replay *replay, const struct submission *submission, const struct request *request)
{
	struct recourse_refusal refusal;
	unsigned long long number = replay->group.head.requests;
	uint64_t recorded;
	uint64_t first = replay->group.head.entries;
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

/* What is said is the first thing that differs, by the order of what a reader looks at. */
static enum recourse_error decide_again(struct replay *replay, slice record,
	const struct submission *submission, const struct request *request)
{
	uint64_t number = replay->group.head.requests;
	uint64_t first = replay->group.head.entries;
	size_t hashes = replay->group.hashes.size;
	TRY(run_core(replay, submission, request));
	TRY(group_chain(&replay->group));
	slice made = group_request(&replay->group, number);
	bool same = slice_equal(record, made);
	if (!same)
		TRY(compare_refusals(replay, submission, made, number));
	TRY(compare_entries(replay, first));
	if (replay->verify)
		TRY(compare_hashes(replay, hashes));
	if (!same)
		return check_wrong_entry(&replay->check, first,
			"the record of request %llu is not what deciding it again makes",
			(unsigned long long)number);
	return RECOURSE_OK;
}

/* Expiry is held against the host's clock: where that stood back, what had expired was let in. */
static enum recourse_error note_clock(struct replay *replay, const struct submission *submission)
{
	struct record_ledger ledger;
	TRY(party_ledger(replay->core.state, &ledger));
	uint64_t host = submission->received + ledger.ahead;
	if (submission->time < host + INSTANT_SECOND)
		return RECOURSE_OK;
	uint64_t behind = submission->time - host;
	replay->behind++;
	replay->most_behind = behind > replay->most_behind ? behind : replay->most_behind;
	return RECOURSE_OK;
}

/* What is not there, or not to be read, is wrong with the log and no fault of reading it. */
static enum recourse_error read_submission(
	struct replay *replay, slice *record, struct submission *submission)
{
	const struct log_head *head = &replay->group.head;
	enum recourse_error error = log_read_request(replay->log, head->requests, record);
	if (error == RECOURSE_QUERY_NOT_FOUND || error == RECOURSE_STORE_CORRUPT)
		return check_wrong_entry(&replay->check, head->entries,
			"request %llu is missing from the log", (unsigned long long)head->requests);
	TRY(error);
	error = submission_decode(*record, submission);
	if (error == RECOURSE_STORE_CORRUPT)
		return check_wrong_entry(&replay->check, head->entries,
			"the record of request %llu is damaged", (unsigned long long)head->requests);
	return error;
}

/* It follows the one before it, and its time from when it was received. */
static enum recourse_error check_place(struct replay *replay, const struct submission *submission)
{
	unsigned long long number = replay->group.head.requests;
	uint64_t entry = replay->group.head.entries;
	uint64_t time;
	if (!crypto_hash_equal(&submission->previous, &replay->group.link))
		return check_wrong_entry(
			&replay->check, entry, "request %llu does not follow the request before it", number);
	if (submission->time <= replay->group.head.time)
		return check_wrong_entry(&replay->check, entry, "request %llu: time goes back", number);
	TRY(core_time(&replay->core, submission->received, &time));
	TRY(note_clock(replay, submission));
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
	if (error != RECOURSE_OK || !request->submit)
		return check_wrong_entry(&replay->check, replay->group.head.entries,
			"request %llu: what was signed can not be read: %s %s",
			(unsigned long long)replay->group.head.requests, recourse_error_name(error),
			refusal.field);
	return RECOURSE_OK;
}

enum recourse_error replay_request(struct replay *replay)
{
	struct request request;
	struct submission submission;
	slice record;
	arena_clear(&replay->arena);
	TRY(read_submission(replay, &record, &submission));
	TRY(check_place(replay, &submission));
	TRY(read_request(replay, &submission, &request));
	if (replay->verify)
		TRY(check_signature(replay, &request, &submission));
	return decide_again(replay, record, &submission, &request);
}

bool replay_group_full(const struct replay *replay)
{
	const struct group *group = &replay->group;
	return group->head.entries - group->before.entries >= GROUP_ENTRIES ||
	       group->head.requests - group->before.requests >= GROUP_REQUESTS ||
	       group->bytes.size >= GROUP_BYTES;
}

enum recourse_error replay_commit(struct replay *replay)
{
	if (group_empty(&replay->group))
		return RECOURSE_OK;
	const struct state_position position = core_position(&replay->group);
	TRY(state_commit(replay->core.state, &position));
	struct log_head head = replay->group.head;
	struct tree tree = replay->group.tree;
	struct crypto_hash link = replay->group.link;
	group_start(&replay->group, &head, &tree, &link);
	arena_clear(&replay->core.arena);
	return RECOURSE_OK;
}

void replay_end(struct replay *replay)
{
	if (replay->core.state != NULL)
		state_discard(replay->core.state);
	core_free(&replay->core);
	group_free(&replay->group);
	arena_free(&replay->arena);
}
