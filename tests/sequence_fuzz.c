/* SPDX-License-Identifier: Apache-2.0 */
#include "sequence.h"

#include "base/instant.h"
#include "base/transcode.h"
#include "entry/entry.h"
#include "fuzz.h"
#include "kit.h"
#include "ledger.h"
#include "rule/rule.h"
#include "sequence_world.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/*
 * A sequence of requests, well said or not, by whoever, in a world of some (sequence.h says how bytes are one). Whatever
 * comes, the service must hold:
 *
 *   an answer is as it is published, a refusal is one, and leaves no trace
 *   the same request gets the same answer, however much later, and does nothing
 *   a question changes nothing, and is answered the same twice
 *   at the end the audit finds nothing, and the state made anew from the log is the one that stands
 *
 *   SEQUENCE_SEEDS=DIR    writes seeds from the scenarios there, and ends
 *   SEQUENCE_SHOW=1       prints what is said, and what came
 *   SEQUENCE_COUNTS=1     prints at the end how often each command was said, and how often it did something
 */
enum { STEPS_MAX = 120, SENT_MAX = 64, COMMANDS_MAX = 8 };

struct sent {
	char id[24];
	char actor[SEQUENCE_NAME_SIZE];
	char *params;
	bool decided; /* it came as far as the rules, and has its answer for ever */
	enum recourse_error error;
	struct recourse_refusal refusal;
	char *reply; /* NULL: it was refused */
};

static struct {
	struct kit kit;
	struct sent sent[SENT_MAX]; /* the last of them */
	size_t sent_count;
	uint64_t ids;
	uint64_t counted; /* entries before this one are */
	uint64_t hold;    /* of the clocks; 0: they strike */
} run;

static struct {
	uint64_t said;
	uint64_t done;
	uint64_t asked;
	uint64_t answered;
} counts[SEQUENCE_METHODS_MAX];

/* What the fuzzer calls, and what it gives. */
int LLVMFuzzerInitialize(int *count, char ***arguments);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *first, size_t first_size, const uint8_t *second,
	size_t second_size, uint8_t *out, size_t most, unsigned seed);

static size_t row_of(slice name)
{
	size_t row = 0;
	while (!slice_is(name, sequence_methods()[row].method->name))
		row++;
	return row;
}

/* ---- what was done ---- */

static void count_entries(void)
{
	SCOPED(log_read_end) struct log_snapshot *log = NULL;
	assert_ok(log_snapshot_open(run.kit.ledger->log, &log));
	for (; run.counted < kit_entries(&run.kit); run.counted++) {
		struct entry entry;
		slice bytes;
		assert_ok(log_read_entry(log, run.counted, &bytes));
		assert_ok(entry_decode(bytes, &entry));
		counts[row_of(entry.kind)].done++;
	}
}

static void show_counts(void)
{
	for (size_t row = 0; sequence_methods()[row].method != NULL; row++) {
		const struct recourse_method *method = sequence_methods()[row].method;
		bool command = method->kind == RECOURSE_METHOD_COMMAND;
		fprintf(stderr, "%-28s %10llu %10llu\n", method->name,
			(unsigned long long)(command ? counts[row].said : counts[row].asked),
			(unsigned long long)(command ? counts[row].done : counts[row].answered));
	}
}

/* ---- requests ---- */

static bool is_refusal(enum recourse_error error)
{
	return error == RECOURSE_BUSY || (error >= RECOURSE_MALFORMED && error < RECOURSE_NOTE_MALFORMED);
}

/* For whoever wants to see what an input says. */
static void show(const char *actor, const char *what, const char *params, enum recourse_error error)
{
	if (getenv("SEQUENCE_SHOW") != NULL)
		fprintf(stderr, "%s %s %s: %s %s %s\n", actor, what, params, recourse_error_name(error),
			error == RECOURSE_OK ? "" : run.kit.refusal.field,
			error == RECOURSE_OK ? "" : run.kit.refusal.limit);
}

static void submit(struct sent *sent)
{
	struct recourse_standing before;
	struct recourse_standing after;
	struct recourse_text texts[RECOURSE_TEXTS_MAX];
	uint64_t requests = run.kit.ledger->head.requests;
	assert_ok(recourse_ledger_standing(run.kit.ledger, &before));
	run.kit.texts = texts;
	run.kit.text_count = sequence_texts(sent->params, texts);
	sent->error = kit_request(&run.kit, sent->actor, sent->id, sent->params, &sent->reply);
	run.kit.texts = NULL;
	run.kit.text_count = 0;
	show(sent->actor, sent->id, sent->params, sent->error);
	sent->refusal = run.kit.refusal;
	sent->decided = run.kit.ledger->head.requests > requests;
	require(sent->error == RECOURSE_OK || is_refusal(sent->error));
	assert_ok(recourse_ledger_standing(run.kit.ledger, &after));
	if (sent->error != RECOURSE_OK || after.entries == before.entries)
		require(memcmp(&before, &after, sizeof before) == 0);
	count_entries();
}

static void forget(struct sent *sent)
{
	free(sent->params);
	free(sent->reply);
	*sent = (struct sent){0};
}

/* The place of the next one, which the oldest gives up. */
static struct sent *next_sent(void)
{
	struct sent *sent = &run.sent[run.sent_count++ % SENT_MAX];
	forget(sent);
	return sent;
}

static struct sent *sent_before(uint64_t ago)
{
	size_t kept = run.sent_count < SENT_MAX ? run.sent_count : SENT_MAX;
	return kept == 0 ? NULL : &run.sent[(run.sent_count - 1 - ago % kept) % SENT_MAX];
}

static struct sequence_place here(void)
{
	return (struct sequence_place){run.kit.origin, run.kit.now, kit_entries(&run.kit)};
}

static char *read_params(slice *step, uint64_t flags)
{
	const struct sequence_place place = here();
	struct buffer params = {0};
	buffer_append_format(&params, "{\"mode\":\"%s\",\"detail\":\"%s\",\"commands\":[",
		(flags & 1) != 0 ? "each" : "all", (flags & 2) != 0 ? "brief" : "full");
	for (size_t count = 0; step->size > 0 && count < COMMANDS_MAX; count++) {
		const struct recourse_method *method = sequence_method(step, RECOURSE_METHOD_COMMAND);
		buffer_append_format(&params, "%s{\"command\":\"%s\"", count == 0 ? "" : ",", method->name);
		sequence_fields(step, &place, method->fields, method->field_count, ",", &params);
		buffer_append_text(&params, "}");
		counts[row_of(slice_text(method->name))].said++;
	}
	buffer_append(&params, "]}", 3);
	require(!buffer_failed(&params));
	return (char *)params.data;
}

static void say(slice *step)
{
	struct sent *sent = next_sent();
	uint64_t flags = sequence_number(step);
	sequence_actor(step, sent->actor);
	sent->params = read_params(step, flags);
	snprintf(sent->id, sizeof sent->id, "s-%llu", (unsigned long long)++run.ids);
	submit(sent);
}

/* Whether a key may speak is no part of an answer. */
static bool is_about_the_key(enum recourse_error error)
{
	return error == RECOURSE_BUSY || error == RECOURSE_KEY_UNKNOWN || error == RECOURSE_KEY_REVOKED;
}

static void require_same(const struct sent *first, const struct sent *again)
{
	require(again->error == first->error);
	require(strcmp(again->refusal.field, first->refusal.field) == 0 || first->reply != NULL);
	require(strcmp(again->refusal.limit, first->refusal.limit) == 0 || first->reply != NULL);
	require((again->reply == NULL) == (first->reply == NULL));
	/* what was unsealed is told once */
	require(again->reply == NULL || strcmp(again->reply, first->reply) == 0 ||
		strstr(again->reply, "\"state\":\"repeated\"") != NULL);
}

static void say_again(slice *step)
{
	const struct sent *first = sent_before(sequence_number(step));
	struct sent again = {0};
	if (first == NULL)
		return;
	memcpy(again.id, first->id, sizeof again.id);
	memcpy(again.actor, first->actor, sizeof again.actor);
	again.params = strdup(first->params);
	bool other = sequence_number(step) != 0;
	if (other)
		sequence_actor(step, again.actor);
	uint64_t entries = kit_entries(&run.kit);
	submit(&again);
	if (!other && first->decided && !is_about_the_key(again.error)) {
		require(!again.decided && kit_entries(&run.kit) == entries);
		require_same(first, &again);
	}
	forget(&again);
}

static void conflict(slice *step)
{
	const struct sent *first = sent_before(sequence_number(step));
	const struct sent *second = sent_before(sequence_number(step));
	struct sent both = {0};
	if (first == NULL || strcmp(first->params, second->params) == 0)
		return;
	memcpy(both.id, first->id, sizeof both.id);
	memcpy(both.actor, first->actor, sizeof both.actor);
	both.params = strdup(second->params);
	submit(&both);
	if (first->decided)
		require(!both.decided && is_refusal(both.error));
	forget(&both);
}

/* ---- questions ---- */

static void ask(slice *step)
{
	const struct sequence_place place = here();
	struct recourse_standing before;
	struct recourse_standing after;
	SCOPED(buffer_free) struct buffer params = {0};
	SCOPED(support_free) char *first = NULL;
	SCOPED(support_free) char *second = NULL;
	char actor[SEQUENCE_NAME_SIZE];
	sequence_actor(step, actor);
	const struct recourse_method *method = sequence_method(step, RECOURSE_METHOD_QUERY);
	buffer_append_text(&params, "{");
	sequence_fields(step, &place, method->fields, method->field_count, "", &params);
	buffer_append(&params, "}", 2);
	assert_ok(recourse_ledger_standing(run.kit.ledger, &before));
	enum recourse_error error =
		kit_query(&run.kit, actor, method->name, (const char *)params.data, &first);
	show(actor, method->name, (const char *)params.data, error);
	require(error == RECOURSE_OK || is_refusal(error));
	require(kit_query(&run.kit, actor, method->name, (const char *)params.data, &second) == error);
	require(error != RECOURSE_OK || strcmp(first, second) == 0);
	assert_ok(recourse_ledger_standing(run.kit.ledger, &after));
	require(memcmp(&before, &after, sizeof before) == 0);
	counts[row_of(slice_text(method->name))].asked++;
	counts[row_of(slice_text(method->name))].answered += error == RECOURSE_OK;
}

static void ask_publicly(slice *step)
{
	const struct sequence_place place = here();
	const struct recourse_method *method = sequence_method(step, RECOURSE_METHOD_PUBLIC);
	struct recourse_bytes result = {0};
	struct recourse_refusal refusal;
	struct transcode_problem problem;
	SCOPED(buffer_free) struct buffer params = {0};
	SCOPED(buffer_free) struct buffer item = {0};
	buffer_append_text(&params, "{");
	sequence_fields(step, &place, method->fields, method->field_count, "", &params);
	buffer_append_text(&params, "}");
	if (transcode_from_json(buffer_slice(&params), &item, &problem) != RECOURSE_OK)
		return;
	enum recourse_error error = recourse_ledger_public(
		run.kit.ledger, slice_text(method->name), buffer_slice(&item), &result, &refusal);
	require(error == RECOURSE_OK || is_refusal(error));
	counts[row_of(slice_text(method->name))].asked++;
	counts[row_of(slice_text(method->name))].answered += error == RECOURSE_OK;
	recourse_bytes_free(&result);
}

/* ---- time, and the ledger's life ---- */

/* The system's key may have been revoked by somebody. */
static bool is_silent(enum recourse_error error)
{
	return error == RECOURSE_NOT_PERMITTED || error == RECOURSE_KEY_REVOKED ||
	       error == RECOURSE_KEY_UNKNOWN;
}

static void strike(void)
{
	static const uint8_t salt[RECOURSE_SALT_SIZE] = {1};
	uint64_t fired = 0;
	uint64_t next = 0;
	do {
		enum recourse_error error =
			recourse_ledger_tick(run.kit.ledger, run.kit.now, salt, &fired, &next);
		require(error == RECOURSE_OK || is_silent(error));
		if (error != RECOURSE_OK)
			break;
	} while (fired > 0 && next <= run.kit.now);
	count_entries();
}

static void pass(slice *step, bool clocks)
{
	run.kit.now += sequence_number(step) % (400 * 86400) * INSTANT_SECOND;
	if (clocks)
		strike();
}

static void hold(slice *step)
{
	static const uint8_t salt[RECOURSE_SALT_SIZE] = {2};
	uint64_t away = sequence_number(step) % (400 * 86400) * INSTANT_SECOND;
	const struct recourse_doubt doubt = {.host = run.kit.now + away, .counted = run.kit.now};
	enum recourse_error error = RECOURSE_OK;
	if (away > 0)
		error = recourse_ledger_hold(run.kit.ledger, &doubt, salt, &run.hold);
	else if (run.hold > 0)
		error = recourse_ledger_release(run.kit.ledger, run.hold, run.kit.now, salt, &(uint64_t){0});
	require(error == RECOURSE_OK || is_silent(error));
	if (away == 0)
		run.hold = 0;
	count_entries();
}

static void restart(bool rebuild)
{
	struct recourse_standing before;
	struct recourse_standing after;
	assert_ok(recourse_ledger_standing(run.kit.ledger, &before));
	kit_reopen(&run.kit, rebuild);
	assert_ok(recourse_ledger_standing(run.kit.ledger, &after));
	require(memcmp(&before, &after, sizeof before) == 0);
}

/* ---- the sequence ---- */

static void take_step(slice step)
{
	switch ((enum sequence_kind)(sequence_number(&step) % SEQUENCE_KINDS)) {
	case SEQUENCE_SUBMIT:
		say(&step);
		return;
	case SEQUENCE_QUERY:
		ask(&step);
		return;
	case SEQUENCE_PUBLIC:
		ask_publicly(&step);
		return;
	case SEQUENCE_AGAIN:
		say_again(&step);
		return;
	case SEQUENCE_CONFLICT:
		conflict(&step);
		return;
	case SEQUENCE_WAIT:
		pass(&step, true);
		return;
	case SEQUENCE_PAUSE:
		pass(&step, false);
		return;
	case SEQUENCE_RESTART:
		restart(sequence_number(&step) % 2 == 1);
		return;
	case SEQUENCE_HOLD:
		hold(&step);
		return;
	case SEQUENCE_SIGN:
		assert_ok(recourse_ledger_sign(run.kit.ledger));
		return;
	case SEQUENCE_KINDS:
		return;
	}
}

static void begin(unsigned world)
{
	world_take(world, &run.kit);
	run.counted = kit_entries(&run.kit);
	run.sent_count = 0;
	run.ids = 0;
	run.hold = 0;
}

static void finish(void)
{
	for (size_t index = 0; index < SENT_MAX; index++)
		forget(&run.sent[index]);
	kit_close(&run.kit);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	slice rest = slice_of(data + 1, size - 1);
	begin(data[0]);
	for (unsigned count = 0; rest.size > 0 && count < STEPS_MAX; count++)
		take_step(sequence_step(&rest));
	kit_audit(&run.kit); /* which makes the state anew, and compares */
	finish();
	return 0;
}

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
	const char *seeds = getenv("SEQUENCE_SEEDS");
	require(setenv("CMOCKA_TEST_ABORT", "1", 1) == 0);
	if (access("/dev/shm", W_OK) == 0)
		require(setenv("TMPDIR", "/dev/shm", 0) == 0);
	assert_ok(crypto_start());
	if (seeds != NULL) {
		sequence_write_seeds(seeds, world_files, world_file_count);
		exit(EXIT_SUCCESS);
	}
	world_start();
	if (getenv("SEQUENCE_COUNTS") != NULL)
		atexit(show_counts);
	return 0;
}

/* ---- mutations ---- */

/* One step is changed, left out, said twice or elsewhere, more often than bytes are changed wherever they are. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed)
{
	struct support_random random = {seed};
	if (size < 2 || support_random_below(&random, 8) == 0)
		return LLVMFuzzerMutate(data, size, most);
	return sequence_mutate(&random, data, size, most, LLVMFuzzerMutate);
}

size_t LLVMFuzzerCustomCrossOver(const uint8_t *first, size_t first_size, const uint8_t *second,
	size_t second_size, uint8_t *out, size_t most, unsigned seed)
{
	struct support_random random = {seed};
	return sequence_cross(&random, slice_of(first, first_size), slice_of(second, second_size), out, most);
}
