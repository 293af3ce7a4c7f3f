/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/compare.h"

#include "decide/request.h"

enum recourse_error compare_signature(struct check_context *check, uint64_t number,
	const struct submission *submission, const uint8_t signer[static CRYPTO_PUBLIC_SIZE])
{
	enum recourse_error error = crypto_verify(
		signer, slice_text(REQUEST_LABEL), submission->payload, submission->signature.data);
	if (error == RECOURSE_SIGNATURE_INVALID)
		return check_wrong_entry(check, submission->first_entry,
			"request %llu: the signature of %.*s does not verify", (unsigned long long)number,
			SLICE_ARGUMENTS(submission->key));
	return error;
}

static enum recourse_error compare_entries(struct compare *compare, const struct group *group, uint64_t first)
{
	for (uint64_t number = first; number < compare->entries; number++) {
		slice stored;
		enum recourse_error error = log_read_entry(compare->log, number, &stored);
		if (error == RECOURSE_QUERY_NOT_FOUND)
			return check_wrong_entry(
				&compare->check, number, "the entry is missing from the log");
		TRY(error);
		if (!slice_equal(stored, group_entry(group, number)))
			return check_wrong_entry(&compare->check, number,
				"the stored entry is not what its request, the rules and the entry before it "
				"make");
	}
	return RECOURSE_OK;
}

/* Each stored hash with the last entry below it, which completed it. */
static enum recourse_error compare_hashes(struct compare *compare, const struct group *group, size_t start)
{
	for (size_t offset = start; offset < group->hashes.size; offset += sizeof(struct tree_stored)) {
		struct tree_stored made;
		struct crypto_hash stored;
		memcpy(&made, group->hashes.data + offset, sizeof made);
		enum recourse_error error = log_read_hash(compare->log, made.level, made.index, &stored);
		if (error == RECOURSE_QUERY_NOT_FOUND || error == RECOURSE_STORE_CORRUPT ||
			(error == RECOURSE_OK && !crypto_hash_equal(&stored, &made.hash)))
			return check_wrong_entry(&compare->check,
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
	struct compare *compare, const struct submission *stored, slice made_record, uint64_t number)
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
		return check_wrong_entry(&compare->check, entry,
			"the record of request %llu: command %lld should not have been refused",
			(unsigned long long)number, (long long)command);
	return check_wrong_entry(&compare->check, entry,
		"the record of request %llu: command %lld should have been refused: %s %s",
		(unsigned long long)number, (long long)command, recourse_error_name(after.next.error),
		after.next.field);
}

/* What is said is the first thing that differs, by the order of what a reader looks at. */
static enum recourse_error compare_decided(struct compare *compare, struct group *group, slice record,
	const struct submission *submission, uint64_t first)
{
	uint64_t number = compare->requests - 1;
	size_t hashes = group->hashes.size;
	TRY(group_chain_to(group, compare->entries));
	slice made = group_request(group, number);
	bool same = slice_equal(record, made);
	if (!same)
		TRY(compare_refusals(compare, submission, made, number));
	TRY(compare_entries(compare, group, first));
	if (compare->verify)
		TRY(compare_hashes(compare, group, hashes));
	if (!same)
		return check_wrong_entry(&compare->check, first,
			"the record of request %llu is not what deciding it again makes",
			(unsigned long long)number);
	return RECOURSE_OK;
}

static enum recourse_error look_at_each(struct compare *compare, const struct group *group, uint64_t first)
{
	for (uint64_t number = first; compare->look != NULL && number < compare->entries; number++)
		TRY(compare->look(compare->context, number, group_entry(group, number)));
	return RECOURSE_OK;
}

static void note_behind(struct compare *compare, uint64_t behind)
{
	compare->behind += behind > 0;
	compare->most_behind = behind > compare->most_behind ? behind : compare->most_behind;
}

enum recourse_error compare_request(
	struct compare *compare, struct group *group, const struct compare_note *note)
{
	struct submission submission;
	uint64_t first = compare->entries;
	slice record;
	compare->group = group;
	note_behind(compare, note->behind);
	if (!note->is_signed && !note->decided)
		return RECOURSE_OK;
	TRY(log_read_request(compare->log, compare->requests, &record));
	TRY(submission_decode(record, &submission));
	if (note->is_signed)
		TRY(compare_signature(&compare->check, compare->requests, &submission, note->signer));
	if (!note->decided)
		return RECOURSE_OK;
	compare->requests++;
	compare->entries = note->entries;
	TRY(compare_decided(compare, group, record, &submission, first));
	return look_at_each(compare, group, first);
}
