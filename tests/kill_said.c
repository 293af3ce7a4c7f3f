/* SPDX-License-Identifier: Apache-2.0 */
#include "kill_said.h"

#include "kill_server.h"
#include "kill_work.h"

#include "base/note_text.h"
#include "base/text.h"
#include "store/notes.h"
#include "store/notes_keys.h"

#include <stdio.h>
#include <sys/stat.h>

/* ---- what is asked for ---- */

void kill_said_note(struct kill_said *said, uint32_t worker, const char *id, struct buffer *json)
{
	struct crypto_hash commitment;
	struct crypto_hash random;
	char hex[2 * CRYPTO_HASH_SIZE + 1];
	said->step = KILL_SAID_NOTE;
	snprintf(said->text, sizeof said->text, "what was said with %s", id);
	crypto_sha256(slice_text(said->text), &random);
	memcpy(said->random, random.bytes, sizeof said->random);
	note_text_commit(said->random, slice_text(said->text), &commitment);
	text_to_hex(commitment.bytes, sizeof commitment.bytes, hex);
	buffer_append_format(json,
		"{\"command\":\"contact.record\",\"claim\":\"c-%u\",\"channel\":\"phone\",\"direction\":"
		"\"in\","
		"\"note\":\"%s\"}",
		worker, hex);
}

void kill_said_wish(struct kill_said *said, uint32_t worker, struct buffer *json)
{
	said->step = KILL_SAID_WISH;
	buffer_append_format(
		json, "{\"command\":\"note.erase\",\"claim\":\"c-%u\",\"reason\":\"asked-for\"}", worker);
}

void kill_said_approve(struct kill_said *said, uint64_t wish, struct buffer *json)
{
	said->step = KILL_SAID_ERASED;
	buffer_append_format(
		json, "{\"command\":\"proposal.approve\",\"proposal\":%llu}", (unsigned long long)wish);
}

/* ---- what is left of it ---- */

enum erasure { ERASED_NOT, ERASED_PERHAPS, ERASED };

/* By what was answered; what nobody has heard of may have been done. */
static enum erasure erasure_of(const struct kill_work_worker *worker, const struct kill_said *note)
{
	enum erasure erasure = ERASED_NOT;
	for (size_t index = 0; index < worker->count; index++) {
		const struct kill_work_request *request = &worker->requests[index];
		if (request->said.step != KILL_SAID_ERASED)
			continue;
		if (request->said.entry > note->entry)
			return ERASED;
		if (!request->answered)
			erasure = ERASED_PERHAPS;
	}
	return erasure;
}

static uint64_t keys_in(const char *directory)
{
	char path[SUPPORT_PATH_MAX + 32];
	struct stat status;
	snprintf(path, sizeof path, "%s/notes.keys", directory);
	return stat(path, &status) == 0 ? (uint64_t)status.st_size / NOTES_KEYS_PLACE : 0;
}

static bool opens(const char *directory, const struct kill_said *note)
{
	uint64_t keys = keys_in(directory);
	for (uint64_t key = 1; key <= keys; key++) {
		struct notes_text text = {.entry = note->entry, .key = key};
		SCOPED(buffer_free) struct buffer out = {0};
		note_text_commit(note->random, slice_text(note->text), &text.commitment);
		if (notes_read(directory, KILL_SERVER_ORIGIN, &text, &out) != RECOURSE_OK)
			continue;
		assert_true(slice_equal(buffer_slice(&out), slice_text(note->text)));
		return true;
	}
	return false;
}

static void check_note(const struct kill_work_worker *worker, const struct kill_work_request *request,
	const char *directory, struct kill_said_count *count)
{
	enum erasure erasure = erasure_of(worker, &request->said);
	if (erasure == ERASED_PERHAPS)
		return;
	bool there = opens(directory, &request->said);
	if (there != (erasure == ERASED_NOT))
		print_error("%s, entry %llu: what was said is %s\n", request->id,
			(unsigned long long)request->said.entry, there ? "not erased" : "lost");
	assert_true(there == (erasure == ERASED_NOT));
	count->there += there;
	count->erased += !there;
}

struct kill_said_count kill_said_check(const struct kill_work *work, const char *directory)
{
	struct kill_said_count count = {0};
	for (size_t index = 0; index < KILL_WORK_WORKERS; index++) {
		const struct kill_work_worker *worker = &work->workers[index];
		for (size_t row = 0; row < worker->count; row++) {
			const struct kill_work_request *request = &worker->requests[row];
			if (request->said.step == KILL_SAID_NOTE && request->said.entry != 0)
				check_note(worker, request, directory, &count);
		}
	}
	return count;
}
