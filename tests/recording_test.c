/* SPDX-License-Identifier: Apache-2.0 */
#include "../tools/file.h"
#include "recording.h"
#include "books/record_ledger.h"

#include "entry/entry.h"
#include "entry/submission.h"
#include "ledger.h"
#include "kit.h"

#include <glob.h>
#include <stdlib.h>

/*
 * What former programs decided, decided again by this one: entries, refusals and balances are the same bytes.
 *
 *   recording_test                   the tests, and with them all below tests/recordings
 *   recording_test FILE...           replays these, says what differs, counts what they have
 *   recording_test --list FILE...    prints what they have, as recording.h says, after each file's name
 *   recording_test --record DIRECTORY FILE       records the ledger in that directory
 *   recording_test --cut REQUESTS FILE NEW       records the first requests of a recording
 */
#define RECORDINGS "tests/recordings/*.recording"

/* ---- those that are kept ---- */

struct sum {
	size_t files;
	size_t different;
	size_t requests;
	size_t entries;
	size_t refusals;
};

static void replay_file(const char *path, struct sum *sum)
{
	struct recording_finding finding = {.text = {0}};
	struct recording recording;
	size_t refusals = 0;
	enum recourse_error error = recording_read(path, &recording);
	bool same = error == RECOURSE_OK && recording_replay(&recording, &finding);
	if (error != RECOURSE_OK)
		fprintf(stderr, "%s: %s\n", path, recourse_error_name(error));
	else if (!same)
		fprintf(stderr, "%s: %.*s", path, (int)finding.text.size, (const char *)finding.text.data);
	else
		assert_ok(recording_refusals(&recording, &refusals));
	sum->files++;
	sum->different += same ? 0 : 1;
	sum->requests += recording.request_count;
	sum->entries += recording.entry_count;
	sum->refusals += refusals;
	buffer_free(&finding.text);
	recording_free(&recording);
}

static void show_sum(const struct sum *sum)
{
	print_message("%zu recordings, %zu differ: %zu requests, %zu entries, %zu refusals\n", sum->files,
		sum->different, sum->requests, sum->entries, sum->refusals);
}

static void test_kept_recordings(void **state)
{
	struct sum sum = {0};
	glob_t found = {0};
	assert_int_equal(glob(RECORDINGS, 0, NULL, &found), 0);
	for (size_t index = 0; index < found.gl_pathc; index++)
		replay_file(found.gl_pathv[index], &sum);
	globfree(&found);
	show_sum(&sum);
	assert_int_equal(sum.different, 0);
}

enum { COMMANDS_MAX = 512 };

/* Which commands made entries; those that an approval carried out as well. */
static void mark_commands(const char *path, bool seen[static COMMANDS_MAX])
{
	struct recording recording;
	assert_ok(recording_read(path, &recording));
	for (size_t number = 0; number < recording.entry_count; number++) {
		struct entry entry;
		slice carried = slice_of(NULL, 0);
		assert_ok(entry_decode(recording.entries[number], &entry));
		if (entry_carried_text(&entry, "command", &carried) != RECOURSE_OK)
			carried = slice_of(NULL, 0);
		for (size_t index = 0; index < COMMANDS_MAX && recourse_method_at(index) != NULL; index++) {
			const char *name = recourse_method_at(index)->name;
			seen[index] |= slice_is(entry.kind, name) || slice_is(carried, name);
		}
	}
	recording_free(&recording);
}

/* The commands that there were when the recordings were made, a line each: what came after is in none of them. */
static bool is_newer(const char *name)
{
	char line[100];
	bool older = false;
	FILE *file = fopen("tests/recordings/commands", "r");
	assert_non_null(file);
	while (!older && fgets(line, sizeof line, file) != NULL)
		older = strncmp(line, name, strlen(name)) == 0 && line[strlen(name)] == '\n';
	fclose(file);
	return !older;
}

static void test_every_command_is_recorded(void **state)
{
	bool seen[COMMANDS_MAX] = {false};
	size_t missing = 0;
	glob_t found = {0};
	assert_int_equal(glob(RECORDINGS, 0, NULL, &found), 0);
	for (size_t index = 0; index < found.gl_pathc; index++)
		mark_commands(found.gl_pathv[index], seen);
	globfree(&found);
	for (size_t index = 0; recourse_method_at(index) != NULL; index++) {
		const struct recourse_method *method = recourse_method_at(index);
		assert_true(index < COMMANDS_MAX);
		if (method->kind != RECOURSE_METHOD_COMMAND || seen[index] || is_newer(method->name))
			continue;
		fprintf(stderr, "%s is in no recording\n", method->name);
		missing++;
	}
	assert_int_equal(missing, 0);
}

/* ---- what is changed is found ---- */

#define NO_SUCH_CLAIM "maker [%s] claim.decide claim=nobody outcome=reject reason=not-the-holder ! NOT_FOUND claim"

/* The golden case with a refusal in it; its last request is one too. */
static int record(void **state)
{
	struct recording *recording = malloc(sizeof *recording);
	struct buffer bytes = {0};
	struct kit kit;
	assert_non_null(recording);
	kit_start(&kit);
	kit_golden(&kit);
	kit_golden_steps(&kit, 1, 4);
	kit_play(&kit, NO_SUCH_CLAIM, "no-1");
	kit_golden_steps(&kit, 5, 20);
	kit_play(&kit, NO_SUCH_CLAIM, "no-2");
	assert_ok(recording_write(kit.ledger, &bytes));
	kit_end(&kit);
	assert_ok(recording_decode(&bytes, recording));
	*state = recording;
	return 0;
}

static int forget(void **state)
{
	recording_free(*state);
	free(*state);
	return 0;
}

static void expect_same(const struct recording *recording)
{
	struct recording_finding finding;
	bool same = recording_replay(recording, &finding);
	if (!same)
		fprintf(stderr, "%.*s", (int)finding.text.size, (const char *)finding.text.data);
	buffer_free(&finding.text);
	assert_true(same);
}

/* It is found at that request and that entry, and said with that text. */
static void expect_found(
	const struct recording *recording, uint64_t request, uint64_t entry, const char *text)
{
	struct recording_finding finding;
	assert_false(recording_replay(recording, &finding));
	buffer_append(&finding.text, "", 1);
	bool says = strstr((const char *)finding.text.data, text) != NULL;
	if (!says || finding.request != request || finding.entry != entry)
		fprintf(stderr, "request %llu, entry %llu: %s", (unsigned long long)finding.request,
			(unsigned long long)finding.entry, (const char *)finding.text.data);
	buffer_free(&finding.text);
	assert_int_equal(finding.request, request);
	assert_int_equal(finding.entry, entry);
	assert_true(says);
}

/* The first request whose entries are that many. */
static size_t find_request(const struct recording *recording, size_t from, size_t entries)
{
	for (size_t index = from; index < recording->request_count; index++) {
		if (recording->requests[index].count == entries)
			return index;
	}
	fail();
	return 0;
}

static void test_unchanged(void **state)
{
	expect_same(*state);
}

/* Any byte of it: whether the entry can still be read or not. */
static void test_entry_changed(void **state)
{
	struct recording *recording = *state;
	size_t request = find_request(recording, 5, 1);
	size_t number = recording->requests[request].first;
	slice entry = recording->entries[number];
	uint8_t *bytes = recording->bytes.data + (entry.data - recording->bytes.data);
	for (size_t at = 0; at < entry.size; at += 1 + entry.size / 16) {
		bytes[at] ^= 1;
		expect_found(recording, request, number, "entry: ");
		bytes[at] ^= 1;
	}
	expect_same(recording);
}

static void test_amount_changed(void **state)
{
	struct recording *recording = *state;
	SCOPED(buffer_free) struct buffer out = {0};
	struct entry entry;
	struct entry_posting posting;
	size_t number = 0;
	do {
		assert_true(number < recording->entry_count);
		assert_ok(entry_decode(recording->entries[number++], &entry));
	} while (!slice_is(entry.kind, "deposit.receive"));
	SCOPED(buffer_free) struct buffer postings = {0};
	item_write_array(&postings, 2);
	struct entry_postings walk = entry_postings(&entry);
	assert_true(entry_postings_next(&walk, &posting));
	posting.steps += 100;
	entry_encode_posting(&posting, &postings);
	assert_true(entry_postings_next(&walk, &posting));
	posting.steps -= 100;
	entry_encode_posting(&posting, &postings);
	entry.postings = buffer_slice(&postings);
	entry_encode(&entry, &out);
	slice kept = recording->entries[number - 1];
	recording->entries[number - 1] = buffer_slice(&out);
	size_t request = 0;
	while (recording->requests[request].first + recording->requests[request].count < number)
		request++;
	expect_found(recording, request, number - 1, "\"amount\": \"100001.00\"");
	expect_found(recording, request, number - 1, "\"amount\": \"-100000.00\"");
	recording->entries[number - 1] = kept;
}

static void expect_refusal_found(
	struct recording *recording, size_t request, const struct recourse_refusal *refusal, const char *text)
{
	SCOPED(buffer_free) struct buffer refusals = {0};
	SCOPED(buffer_free) struct buffer out = {0};
	struct submission submission;
	slice kept = recording->requests[request].record;
	assert_ok(submission_decode(kept, &submission));
	item_write_array(&refusals, refusal == NULL ? 0 : 1);
	if (refusal != NULL)
		refusal_encode(refusal, &refusals);
	submission.refusals = buffer_slice(&refusals);
	submission_encode(&submission, &out);
	recording->requests[request].record = buffer_slice(&out);
	expect_found(recording, request, RECORDING_NOWHERE, text);
	recording->requests[request].record = kept;
}

/* Also in the very last request, after which nothing is linked to it. */
static void test_refusal_changed(void **state)
{
	struct recording *recording = *state;
	struct recourse_refusal refusal = {.error = RECOURSE_EXISTS, .field = "claim"};
	size_t request = find_request(recording, 0, 0);
	size_t last = find_request(recording, request + 1, 0);
	assert_int_equal(last, recording->request_count - 1);
	expect_refusal_found(recording, request, &refusal, "record: ");
	expect_refusal_found(recording, last, &refusal, "record: ");
	expect_refusal_found(recording, request, NULL, "should have been refused: NOT_FOUND claim");
	expect_refusal_found(recording, last, NULL, "should have been refused: NOT_FOUND claim");
	expect_refusal_found(
		recording, find_request(recording, 5, 1), &refusal, "should not have been refused");
	expect_same(recording);
}

static void test_request_dropped(void **state)
{
	struct recording *recording = *state;
	size_t request = find_request(recording, 0, 0);
	memmove(&recording->requests[request], &recording->requests[request + 1],
		(--recording->request_count - request) * sizeof recording->requests[0]);
	expect_found(recording, request, RECORDING_NOWHERE, "does not follow the request before it");
}

static void test_last_request_dropped(void **state)
{
	struct recording *recording = *state;
	recording->request_count--;
	expect_found(recording, RECORDING_NOWHERE, RECORDING_NOWHERE, "the end: ");
}

static void test_entry_dropped(void **state)
{
	struct recording *recording = *state;
	size_t request = find_request(recording, 5, 1);
	size_t first = recording->requests[request].first;
	recording->requests[request].count = 0;
	expect_found(recording, request, first, "entry: 0 bytes were recorded");
}

static void test_balance_changed(void **state)
{
	struct recording *recording = *state;
	struct recording_balance *last = &recording->balances[recording->balance_count - 1];
	last->steps++;
	expect_found(recording, RECORDING_NOWHERE, RECORDING_NOWHERE, "balance ");
	last->steps--;
	last->unit = slice_text("EUR");
	expect_found(recording, RECORDING_NOWHERE, RECORDING_NOWHERE, "/EUR ");
	recording->balance_count--;
	expect_found(recording, RECORDING_NOWHERE, RECORDING_NOWHERE, "-nothing more");
}

static void test_balance_added(void **state)
{
	struct recording *recording = *state;
	struct recording_balance row = {.code = 9999, .unit = slice_text("CNY")};
	struct recording_balance *more =
		realloc(recording->balances, (recording->balance_count + 1) * sizeof row);
	assert_non_null(more);
	recording->balances = more;
	recording->balances[recording->balance_count++] = row;
	expect_found(recording, RECORDING_NOWHERE, RECORDING_NOWHERE, "+nothing more");
}

/* ---- its form ---- */

static void expect_malformed(const uint8_t *data, size_t size)
{
	struct recording recording;
	struct buffer bytes = {0};
	buffer_append(&bytes, data, size);
	assert_error(recording_decode(&bytes, &recording), RECOURSE_MALFORMED);
	recording_free(&recording);
}

/* The beginning is a recording in itself, and the whole is the same bytes. */
static void test_cut(void **state)
{
	const struct recording *recording = *state;
	struct recording head;
	SCOPED(buffer_free) struct buffer bytes = {0};
	size_t requests = find_request(recording, 0, 0) + 2;
	assert_ok(recording_cut(recording, requests, &bytes));
	assert_ok(recording_decode(&bytes, &head));
	assert_int_equal(head.request_count, requests);
	assert_true(head.balance_count < recording->balance_count);
	expect_same(&head);
	recording_free(&head);
	assert_ok(recording_cut(recording, recording->request_count, &bytes));
	assert_true(slice_equal(buffer_slice(&bytes), buffer_slice(&recording->bytes)));
	assert_error(recording_cut(recording, recording->request_count + 1, &bytes), RECOURSE_MALFORMED);
}

/* Nothing is read that is cut off anywhere, goes on, or is of another version. */
static void test_reader_is_strict(void **state)
{
	const struct recording *recording = *state;
	SCOPED(buffer_free) struct buffer bytes = {0};
	buffer_append(&bytes, recording->bytes.data, recording->bytes.size);
	for (size_t size = 0; size < bytes.size; size += size < 300 || size + 300 > bytes.size ? 1 : 97)
		expect_malformed(bytes.data, size);
	bytes.data[21] ^= 3;
	expect_malformed(bytes.data, bytes.size);
	bytes.data[21] ^= 3;
	buffer_append(&bytes, "", 1);
	expect_malformed(bytes.data, bytes.size);
	bytes.data[0] ^= 1;
	expect_malformed(bytes.data, bytes.size);
}

/* The kit leaves its ledgers one by one where it is asked to, and the same ledger as the same bytes. */
static void test_kit_keeps(void **state)
{
	struct support_directory directory;
	struct recording recordings[2];
	char pattern[SUPPORT_PATH_MAX];
	glob_t found = {0};
	struct kit kit;
	support_directory_make(&directory);
	assert_int_equal(setenv("RECORDINGS", directory.path, 1), 0);
	for (int time = 0; time < 2; time++) {
		kit_start(&kit);
		kit_golden(&kit);
		kit_end(&kit);
	}
	assert_int_equal(unsetenv("RECORDINGS"), 0);
	support_directory_path(&directory, "recording_test-*.recording", pattern);
	assert_int_equal(glob(pattern, 0, NULL, &found), 0);
	assert_int_equal(found.gl_pathc, 2);
	for (int time = 0; time < 2; time++)
		assert_ok(recording_read(found.gl_pathv[time], &recordings[time]));
	assert_true(slice_equal(buffer_slice(&recordings[0].bytes), buffer_slice(&recordings[1].bytes)));
	expect_same(&recordings[0]);
	recording_free(&recordings[0]);
	recording_free(&recordings[1]);
	globfree(&found);
	support_directory_remove(&directory);
}

/* ---- as a program ---- */

static int replay_files(int count, char **paths)
{
	struct sum sum = {0};
	for (int index = 0; index < count; index++)
		replay_file(paths[index], &sum);
	show_sum(&sum);
	return sum.different == 0 ? 0 : 1;
}

static int list_files(int count, char **paths)
{
	enum recourse_error error = RECOURSE_OK;
	for (int index = 0; error == RECOURSE_OK && index < count; index++) {
		struct recording recording;
		printf("%s\n", paths[index]);
		error = recording_read(paths[index], &recording);
		if (error == RECOURSE_OK)
			error = recording_list(&recording, stdout);
		recording_free(&recording);
	}
	if (error != RECOURSE_OK)
		fprintf(stderr, "recording_test: %s\n", recourse_error_text(error));
	return error == RECOURSE_OK ? 0 : 1;
}

static int end_program(enum recourse_error error, const struct buffer *bytes, const char *path)
{
	if (error == RECOURSE_OK)
		error = file_replace(path, buffer_slice(bytes));
	if (error != RECOURSE_OK)
		fprintf(stderr, "recording_test: %s can not be made: %s\n", path, recourse_error_text(error));
	return error == RECOURSE_OK ? 0 : 1;
}

static int record_ledger(const char *directory, const char *to)
{
	const struct recourse_ledger_options options = {.directory = directory, .read_only = true};
	struct recourse_ledger *ledger = NULL;
	SCOPED(buffer_free) struct buffer bytes = {0};
	enum recourse_error error = recourse_ledger_open(&options, &ledger);
	if (error == RECOURSE_OK)
		error = recording_write(ledger, &bytes);
	recourse_ledger_close(ledger);
	int status = end_program(error, &bytes, to);
	return status;
}

static int cut_file(const char *requests, const char *from, const char *to)
{
	struct recording recording;
	SCOPED(buffer_free) struct buffer bytes = {0};
	enum recourse_error error = recording_read(from, &recording);
	if (error == RECOURSE_OK)
		error = recording_cut(&recording, strtoul(requests, NULL, 10), &bytes);
	recording_free(&recording);
	int status = end_program(error, &bytes, to);
	return status;
}

#define WITH_RECORDING(test) cmocka_unit_test_setup_teardown(test, record, forget)

int main(int count, char **arguments)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kept_recordings),
		cmocka_unit_test(test_every_command_is_recorded),
		WITH_RECORDING(test_unchanged),
		WITH_RECORDING(test_entry_changed),
		WITH_RECORDING(test_amount_changed),
		WITH_RECORDING(test_refusal_changed),
		WITH_RECORDING(test_request_dropped),
		WITH_RECORDING(test_last_request_dropped),
		WITH_RECORDING(test_entry_dropped),
		WITH_RECORDING(test_balance_changed),
		WITH_RECORDING(test_balance_added),
		WITH_RECORDING(test_cut),
		WITH_RECORDING(test_reader_is_strict),
		cmocka_unit_test(test_kit_keeps),
	};
	if (crypto_start() != RECOURSE_OK)
		return 1;
	if (count == 4 && strcmp(arguments[1], "--record") == 0)
		return record_ledger(arguments[2], arguments[3]);
	if (count == 5 && strcmp(arguments[1], "--cut") == 0)
		return cut_file(arguments[2], arguments[3], arguments[4]);
	if (count > 2 && strcmp(arguments[1], "--list") == 0)
		return list_files(count - 2, arguments + 2);
	if (count > 1)
		return replay_files(count - 1, arguments + 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
