/* SPDX-License-Identifier: Apache-2.0 */
#include "recording.h"

#include "books/account_walk.h"
#include "entry/submission.h"
#include "ledger.h"
#include "support.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

static const char version[] = "recourse-recording-1";

/* ---- writing ---- */

static enum recourse_error write_request(struct log_snapshot *log, uint64_t number, struct buffer *out)
{
	struct submission submission;
	slice bytes;
	enum recourse_error error = log_read_request(log, number, &bytes);
	if (error == RECOURSE_OK)
		error = submission_decode(bytes, &submission);
	if (error != RECOURSE_OK)
		return error;
	item_write_array(out, 1 + submission.accepted);
	item_write_bytes(out, bytes);
	for (uint64_t index = 0; error == RECOURSE_OK && index < submission.accepted; index++) {
		error = log_read_entry(log, submission.first_entry + index, &bytes);
		if (error == RECOURSE_OK)
			item_write_bytes(out, bytes);
	}
	return error;
}

static enum recourse_error write_log(struct log_snapshot *log, struct buffer *out)
{
	struct log_head head;
	enum recourse_error error = log_read_head(log, &head);
	if (error != RECOURSE_OK)
		return error;
	item_write_text(out, slice_text(version));
	item_write_integer(out, (int64_t)head.time);
	item_write_array(out, head.requests);
	for (uint64_t number = 0; error == RECOURSE_OK && number < head.requests; number++)
		error = write_request(log, number, out);
	return error;
}

/* They are counted before they are written: a list says first how long it is. */
static enum recourse_error write_balances(struct state_view *view, struct buffer *out)
{
	struct account_walk walk = {.view = view};
	struct buffer rows = {0};
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
	buffer_free(&rows);
	return error;
}

enum recourse_error recording_write(const struct recourse_ledger *ledger, struct buffer *out)
{
	struct log_snapshot *log = NULL;
	struct state_view *view = NULL;
	enum recourse_error error = log_snapshot_open(ledger->log, &log);
	if (error == RECOURSE_OK)
		error = state_snapshot_open(ledger->state, &view);
	item_write_array(out, 4);
	if (error == RECOURSE_OK)
		error = write_log(log, out);
	if (error == RECOURSE_OK)
		error = write_balances(view, out);
	if (view != NULL)
		state_snapshot_close(view);
	log_snapshot_close(log);
	return error == RECOURSE_OK && buffer_failed(out) ? RECOURSE_MEMORY : error;
}

/* ---- reading ---- */

/* An array; of `count` items unless that is 0. */
static enum recourse_error read_array(struct item_reader *reader, uint64_t count, size_t *size)
{
	struct item item;
	if (item_read_type(reader, ITEM_ARRAY, &item) != RECOURSE_OK || (count != 0 && item.count != count))
		return RECOURSE_MALFORMED;
	*size = (size_t)item.count;
	return RECOURSE_OK;
}

static enum recourse_error read_string(struct item_reader *reader, enum item_type type, slice *string)
{
	struct item item;
	enum recourse_error error = item_read_type(reader, type, &item);
	*string = error == RECOURSE_OK ? item.string : slice_of(NULL, 0);
	return error == RECOURSE_OK ? RECOURSE_OK : RECOURSE_MALFORMED;
}

static enum recourse_error read_integer(struct item_reader *reader, int64_t least, int64_t *integer)
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

static enum recourse_error read_entries(
	struct recording *recording, struct item_reader *reader, struct recording_request *request)
{
	enum recourse_error error = RECOURSE_OK;
	for (size_t index = 0; error == RECOURSE_OK && index < request->count; index++) {
		slice entry;
		error = read_string(reader, ITEM_BYTES, &entry);
		if (error == RECOURSE_OK)
			error = entry.size > LOG_ENTRY_SIZE_MAX ? RECOURSE_MALFORMED
								: add_entry(recording, entry);
	}
	return error;
}

static enum recourse_error read_request(
	struct recording *recording, struct item_reader *reader, struct recording_request *request)
{
	size_t size;
	if (read_array(reader, 0, &size) != RECOURSE_OK || size == 0 ||
		read_string(reader, ITEM_BYTES, &request->record) != RECOURSE_OK ||
		request->record.size > LOG_REQUEST_SIZE_MAX)
		return RECOURSE_MALFORMED;
	request->first = recording->entry_count;
	request->count = size - 1;
	return read_entries(recording, reader, request);
}

static enum recourse_error read_requests(struct recording *recording, struct item_reader *reader)
{
	size_t count = 0;
	enum recourse_error error = read_array(reader, 0, &count);
	recording->requests = calloc(count + 1, sizeof *recording->requests);
	if (error == RECOURSE_OK && recording->requests == NULL)
		error = RECOURSE_MEMORY;
	while (error == RECOURSE_OK && recording->request_count < count)
		error = read_request(recording, reader, &recording->requests[recording->request_count++]);
	return error;
}

static enum recourse_error read_balance(struct item_reader *reader, struct recording_balance *balance)
{
	size_t size;
	enum recourse_error error = read_array(reader, 5, &size);
	if (error == RECOURSE_OK)
		error = read_integer(reader, 0, &balance->code);
	if (error == RECOURSE_OK)
		error = read_string(reader, ITEM_TEXT, &balance->party);
	if (error == RECOURSE_OK)
		error = read_string(reader, ITEM_TEXT, &balance->reference);
	if (error == RECOURSE_OK)
		error = read_string(reader, ITEM_TEXT, &balance->unit);
	if (error == RECOURSE_OK)
		error = read_integer(reader, INT64_MIN, &balance->steps);
	return error;
}

static enum recourse_error read_balances(struct recording *recording, struct item_reader *reader)
{
	size_t count = 0;
	enum recourse_error error = read_array(reader, 0, &count);
	recording->balances = calloc(count + 1, sizeof *recording->balances);
	if (error == RECOURSE_OK && recording->balances == NULL)
		error = RECOURSE_MEMORY;
	while (error == RECOURSE_OK && recording->balance_count < count)
		error = read_balance(reader, &recording->balances[recording->balance_count++]);
	return error;
}

enum recourse_error recording_decode(struct buffer *bytes, struct recording *recording)
{
	memset(recording, 0, sizeof *recording);
	recording->bytes = *bytes;
	memset(bytes, 0, sizeof *bytes);
	struct item_reader reader = {.data = recording->bytes.data, .size = recording->bytes.size};
	int64_t time = 0;
	size_t size;
	slice text;
	enum recourse_error error = read_array(&reader, 4, &size);
	if (error == RECOURSE_OK)
		error = read_string(&reader, ITEM_TEXT, &text);
	if (error == RECOURSE_OK && !slice_is(text, version))
		error = RECOURSE_MALFORMED;
	if (error == RECOURSE_OK)
		error = read_integer(&reader, 0, &time);
	recording->time = (uint64_t)time;
	if (error == RECOURSE_OK)
		error = read_requests(recording, &reader);
	if (error == RECOURSE_OK)
		error = read_balances(recording, &reader);
	return error == RECOURSE_OK && !item_at_end(&reader) ? RECOURSE_MALFORMED : error;
}

enum recourse_error recording_read(const char *path, struct recording *recording)
{
	struct buffer bytes = {0};
	char block[65536];
	size_t size;
	memset(recording, 0, sizeof *recording);
	FILE *file = fopen(path, "rb");
	if (file == NULL)
		return RECOURSE_IO;
	while ((size = fread(block, 1, sizeof block, file)) > 0)
		buffer_append(&bytes, block, size);
	bool failed = ferror(file) != 0 || buffer_failed(&bytes);
	fclose(file);
	enum recourse_error error = recording_decode(&bytes, recording);
	return failed ? RECOURSE_IO : error;
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
	struct state_position position;
	struct state_view *view = NULL;
	if (state_snapshot_open(ledger->state, &view) != RECOURSE_OK)
		return false;
	state_position(view, &position);
	state_snapshot_close(view);
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
	struct buffer bytes = {0};
	if (directory == NULL || directory[0] == '\0' || ledger == NULL || !is_whole(ledger))
		return;
	assert_ok(recording_write(ledger, &bytes));
	FILE *file = create(directory);
	assert_int_equal(fwrite(bytes.data, 1, bytes.size, file), bytes.size);
	assert_int_equal(fclose(file), 0);
	buffer_free(&bytes);
}
