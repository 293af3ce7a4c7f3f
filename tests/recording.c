/* SPDX-License-Identifier: Apache-2.0 */
#include "recording.h"

#include "../tools/file.h"
#include "books/account.h"
#include "entry/submission.h"
#include "ledger.h"
#include "support.h"

#include <errno.h>
#include <stdlib.h>

static const char version[] = "recourse-recording-1";

/* ---- writing ---- */

static enum recourse_error write_request(struct log_snapshot *log, uint64_t number, struct buffer *out)
{
	struct submission submission;
	slice bytes;
	TRY(log_read_request(log, number, &bytes));
	TRY(submission_decode(bytes, &submission));
	item_write_array(out, 1 + submission.accepted);
	item_write_bytes(out, bytes);
	for (uint64_t index = 0; index < submission.accepted; index++) {
		TRY(log_read_entry(log, submission.first_entry + index, &bytes));
		item_write_bytes(out, bytes);
	}
	return RECOURSE_OK;
}

static enum recourse_error write_log(struct log_snapshot *log, struct buffer *out)
{
	struct log_head head;
	TRY(log_read_head(log, &head));
	item_write_text(out, slice_text(version));
	item_write_integer(out, (int64_t)head.time);
	item_write_array(out, head.requests);
	for (uint64_t number = 0; number < head.requests; number++)
		TRY(write_request(log, number, out));
	return RECOURSE_OK;
}

/* They are counted before they are written: a list says first how long it is. */
static enum recourse_error write_balances(struct state_view *view, struct buffer *out)
{
	struct account_walk walk = {.view = view};
	SCOPED(buffer_free) struct buffer rows = {0};
	uint64_t count = 0;
	while (account_walk_next(&walk)) {
		count++;
		item_write_array(&rows, 5);
		item_write_integer(&rows, walk.name.code);
		item_write_text(&rows, walk.name.party);
		item_write_text(&rows, walk.name.reference);
		item_write_text(&rows, walk.name.unit);
		item_write_integer(&rows, walk.account.balance);
	}
	account_walk_end(&walk);
	item_write_array(out, count);
	buffer_append(out, rows.data, rows.size);
	enum recourse_error error = buffer_failed(&rows) ? RECOURSE_MEMORY : walk.error;
	return error;
}

enum recourse_error recording_write(const struct recourse_ledger *ledger, struct buffer *out)
{
	SCOPED(log_read_end) struct log_snapshot *log = NULL;
	SCOPED(state_snapshot_end) struct state_view *view = NULL;
	TRY(log_snapshot_open(ledger->log, &log));
	TRY(state_snapshot_open(ledger->state, &view));
	item_write_array(out, 4);
	TRY(write_log(log, out));
	TRY(write_balances(view, out));
	return buffer_failed(out) ? RECOURSE_MEMORY : RECOURSE_OK;
}

/* ---- reading ---- */

/* An array; of `count` items unless that is 0. */
static enum recourse_error read_array(slice *reader, uint64_t count, size_t *size)
{
	struct item item;
	if (item_read_type(reader, ITEM_ARRAY, &item) != RECOURSE_OK || (count != 0 && item.count != count))
		return RECOURSE_MALFORMED;
	*size = (size_t)item.count;
	return RECOURSE_OK;
}

static enum recourse_error read_string(slice *reader, enum item_type type, slice *string)
{
	struct item item;
	if (item_read_type(reader, type, &item) != RECOURSE_OK)
		return RECOURSE_MALFORMED;
	*string = item.string;
	return RECOURSE_OK;
}

static enum recourse_error read_integer(slice *reader, int64_t least, int64_t *integer)
{
	struct item item;
	if (item_read_type(reader, ITEM_INTEGER, &item) != RECOURSE_OK || item.integer < least)
		return RECOURSE_MALFORMED;
	*integer = item.integer;
	return RECOURSE_OK;
}

/* A list that grows while its end is not known: it doubles at each power of two. */
static enum recourse_error add_entry(struct recording *recording, slice entry)
{
	size_t count = recording->entry_count;
	if ((count & (count - 1)) == 0) {
		slice *more = realloc(recording->entries, (count == 0 ? 1 : 2 * count) * sizeof *more);
		if (more == NULL)
			return RECOURSE_MEMORY;
		recording->entries = more;
	}
	recording->entries[recording->entry_count++] = entry;
	return RECOURSE_OK;
}

static enum recourse_error read_request(
	struct recording *recording, slice *reader, struct recording_request *request)
{
	size_t size;
	slice entry;
	TRY(read_array(reader, 0, &size));
	if (size == 0)
		return RECOURSE_MALFORMED;
	TRY(read_string(reader, ITEM_BYTES, &request->record));
	if (request->record.size > LOG_REQUEST_SIZE_MAX)
		return RECOURSE_MALFORMED;
	request->first = recording->entry_count;
	request->count = size - 1;
	for (size_t index = 0; index < request->count; index++) {
		TRY(read_string(reader, ITEM_BYTES, &entry));
		if (entry.size > LOG_ENTRY_SIZE_MAX)
			return RECOURSE_MALFORMED;
		TRY(add_entry(recording, entry));
	}
	return RECOURSE_OK;
}

static enum recourse_error read_requests(struct recording *recording, slice *reader)
{
	size_t count;
	TRY(read_array(reader, 0, &count));
	recording->requests = calloc(count + 1, sizeof *recording->requests);
	if (recording->requests == NULL)
		return RECOURSE_MEMORY;
	while (recording->request_count < count)
		TRY(read_request(recording, reader, &recording->requests[recording->request_count++]));
	return RECOURSE_OK;
}

static enum recourse_error read_balance(slice *reader, struct recording_balance *balance)
{
	size_t size;
	TRY(read_array(reader, 5, &size));
	TRY(read_integer(reader, 0, &balance->code));
	TRY(read_string(reader, ITEM_TEXT, &balance->party));
	TRY(read_string(reader, ITEM_TEXT, &balance->reference));
	TRY(read_string(reader, ITEM_TEXT, &balance->unit));
	return read_integer(reader, INT64_MIN, &balance->steps);
}

static enum recourse_error read_balances(struct recording *recording, slice *reader)
{
	size_t count;
	TRY(read_array(reader, 0, &count));
	recording->balances = calloc(count + 1, sizeof *recording->balances);
	if (recording->balances == NULL)
		return RECOURSE_MEMORY;
	while (recording->balance_count < count)
		TRY(read_balance(reader, &recording->balances[recording->balance_count++]));
	return RECOURSE_OK;
}

enum recourse_error recording_decode(struct buffer *bytes, struct recording *recording)
{
	memset(recording, 0, sizeof *recording);
	recording->bytes = *bytes;
	memset(bytes, 0, sizeof *bytes);
	slice reader = buffer_slice(&recording->bytes);
	int64_t time;
	size_t size;
	slice text;
	TRY(read_array(&reader, 4, &size));
	TRY(read_string(&reader, ITEM_TEXT, &text));
	if (!slice_is(text, version))
		return RECOURSE_MALFORMED;
	TRY(read_integer(&reader, 0, &time));
	recording->time = (uint64_t)time;
	TRY(read_requests(recording, &reader));
	TRY(read_balances(recording, &reader));
	return reader.size == 0 ? RECOURSE_OK : RECOURSE_MALFORMED;
}

enum recourse_error recording_read(const char *path, struct recording *recording)
{
	SCOPED(buffer_free) struct buffer bytes = {0};
	memset(recording, 0, sizeof *recording);
	enum recourse_error error = file_read(path, SIZE_MAX, &bytes);
	if (error == RECOURSE_OK)
		return recording_decode(&bytes, recording);
	return error;
}

void recording_free(struct recording *recording)
{
	buffer_free(&recording->bytes);
	free(recording->requests);
	free(recording->entries);
	free(recording->balances);
	memset(recording, 0, sizeof *recording);
}

/* ---- keeping ---- */

static bool is_whole(const struct recourse_ledger *ledger)
{
	SCOPED(state_snapshot_end) struct state_view *view = NULL;
	struct state_position position;
	if (state_snapshot_open(ledger->state, &view) != RECOURSE_OK)
		return false;
	state_position(view, &position);
	return position.requests == ledger->head.requests && position.entries == ledger->head.entries;
}

/* A program that forks counts in each process: what is there already is left. */
static FILE *create(const char *directory)
{
	static unsigned number;
	char path[512];
	FILE *file = NULL;
	do {
		snprintf(path, sizeof path, "%s/%s-%03u.recording", directory, program_invocation_short_name,
			++number);
		file = fopen(path, "wbx");
	} while (file == NULL && errno == EEXIST);
	if (file == NULL)
		fail_msg("%s can not be written", path);
	return file;
}

void recording_keep(const struct recourse_ledger *ledger)
{
	const char *directory = getenv("RECORDINGS");
	SCOPED(buffer_free) struct buffer bytes = {0};
	if (directory == NULL || directory[0] == '\0' || ledger == NULL || !is_whole(ledger))
		return;
	assert_ok(recording_write(ledger, &bytes));
	FILE *file = create(directory);
	assert_int_equal(fwrite(bytes.data, 1, bytes.size, file), bytes.size);
	assert_int_equal(fclose(file), 0);
}
