/* SPDX-License-Identifier: Apache-2.0 */
#include "fault_shim.h"
#include "kit_child.h"
#include "proof/guard.h"
#include "ledger.h"

/*
 * Disks that are full, slow to say so, or broken: each call that the stores, the guard and the locks make of the
 * system fails in turn, once or from there on, with each error that it may give, in a commit, in a signature and in a
 * start, in a process of its own that then stops as a service would. Whatever was said, the ledger opened again must
 * have all of the request or nothing, and what was said must be true:
 *
 *   OK                  it is there
 *   STORE_FULL, MEMORY  it is not there, and the same request is taken once there is room
 *   any other           the process takes nothing more; opening again and asking with the same id finds out
 *
 * Outside a trial it is a sample of the calls.
 */

enum { BALLAST_SIZE = 1 << 20, FEW = 4, FEWEST = 2 };

/* ---- the ledger, in memory that children share ---- */

struct place {
	struct kit kit; /* its ledger is open in a child only */
	const struct work *work;
	struct fault fault;
	unsigned int passing;
	char payload[KIT_CHILD_PAYLOAD_MAX];
	uint64_t before; /* entries, or what the newest checkpoint covers */
	uint64_t after;
	enum recourse_error result;
	enum recourse_error again;
	unsigned int struck;
	bool at_log;
	bool at_latest;
	bool ballast; /* it was kept */
	unsigned int given_up;
};

/* What is done while the system fails, and what must hold then: in the ledger opened again, and of what was said. */
struct work {
	const char *what;
	void (*act)(void *context);
	void (*look)(void *context);
	void (*check)(const struct place *place);
};

static int setup(void **state)
{
	*state = kit_child_make(sizeof(struct place));
	return 0;
}

static int teardown(void **state)
{
	kit_child_end(*state, sizeof(struct place));
	return 0;
}

static void in_child(struct place *place, void (*act)(void *context))
{
	int status = kit_child_run(place, act);
	if (status != 0)
		print_error("%s %d%s, after %u calls: status %#x\n", calls[place->fault.call].title,
			place->fault.error, place->fault.lasting ? " for good" : "", place->passing,
			(unsigned int)status);
	assert_int_equal(status, 0);
}

static enum recourse_error commit(struct place *place, struct recourse_request *request)
{
	static const uint8_t salts[1][RECOURSE_SALT_SIZE] = {{3}};
	return recourse_ledger_commit(place->kit.ledger, &request, 1, place->kit.now, salts);
}

static enum recourse_error open_ledger(struct place *place, bool rebuild)
{
	const struct recourse_ledger_options options = {
		.directory = place->kit.directory.path,
		.log_key = place->kit.log_key,
		.rebuild = rebuild,
		.ballast_bytes = BALLAST_SIZE,
	};
	return recourse_ledger_open(&options, &place->kit.ledger);
}

/* ---- a commit ---- */

/* A repetition writes nothing: with the next one that does. */
static void make_ballast_again(struct place *place)
{
	kit_play(&place->kit, "deposit M 1.00 ballast-%llu", (unsigned long long)place->kit.requests);
	assert_true(recourse_ledger_ballast(place->kit.ledger));
	place->before++;
}

static void commit_opened(struct place *place)
{
	struct recourse_request *request = NULL;
	assert_true(recourse_ledger_ballast(place->kit.ledger));
	place->before = kit_entries(&place->kit);
	assert_ok(kit_prepare(&place->kit, "bank", place->payload, &request));
	disk_arm(&place->fault, place->passing);
	place->result = commit(place, request);
	disk_disarm();
	place->struck = disk.struck;
	place->at_log = disk.at_log;
	place->at_latest = disk.at_latest;
	place->ballast = recourse_ledger_ballast(place->kit.ledger);
	place->again = commit(place, request);
	if (place->result == RECOURSE_OK && !place->ballast)
		make_ballast_again(place);
}

static void commit_under_fault(void *context)
{
	struct place *place = context;
	assert_ok(open_ledger(place, false));
	commit_opened(place);
}

/* Behind others that were as small: it goes to the file with the latest first, and LMDB waits for nothing. */
static void commit_few_under_fault(void *context)
{
	struct place *place = context;
	assert_ok(open_ledger(place, false));
	for (int few = 0; few < FEW; few++)
		kit_play(&place->kit, "deposit M 1.00 few-%llu", (unsigned long long)place->kit.requests);
	commit_opened(place);
}

static void ask_again(void *context)
{
	struct place *place = context;
	place->after = kit_child_say_again(&place->kit, place->payload, place->before, 1);
}

/* What a commit must say of a call of the log's: nothing was written before the meta page, and then nobody knows. */
static enum recourse_error expected(const struct fault *fault, bool at_latest)
{
	if (at_latest &&
		(fault->error == HALF || fault->error == CUT)) /* it goes on, or the disk takes nothing */
		return fault->lasting ? RECOURSE_OUTCOME_UNKNOWN : RECOURSE_OK;
	if (at_latest)
		return is_full(fault->error) ? RECOURSE_STORE_FULL : RECOURSE_OUTCOME_UNKNOWN;
	if (fault->call == CALL_SPACE)
		return RECOURSE_IO;
	if (fault->call != CALL_META && is_full(fault->error))
		return RECOURSE_STORE_FULL;
	return fault->call == CALL_WRITE && fault->error == ENOMEM ? RECOURSE_MEMORY
								   : RECOURSE_OUTCOME_UNKNOWN;
}

static void check_commit(const struct place *place)
{
	bool there = place->after == place->before + 1;
	assert_true(there || place->after == place->before);
	bool at_state = place->struck > 0 && !place->at_log;
	bool shown = at_state && place->fault.call == CALL_WRITE && is_full(place->fault.error);
	if (place->struck > 0 && place->at_log)
		assert_error(place->result, expected(&place->fault, place->at_latest));
	else if (shown || !at_state)
		assert_ok(place->result);
	assert_true(place->ballast == !shown);
	if (place->result == RECOURSE_OUTCOME_UNKNOWN) {
		assert_true(place->again != RECOURSE_OK && place->again != RECOURSE_STORE_FULL);
		return;
	}
	assert_ok(place->again);
	assert_true(there);
}

/* ---- a signature ---- */

static uint64_t newest_checkpoint(const struct place *place)
{
	SCOPED(log_read_end) struct log_snapshot *log;
	struct checkpoint checkpoint;
	slice text;
	slice note;
	assert_ok(log_snapshot_open(place->kit.ledger->log, &log));
	assert_ok(log_read_checkpoint(log, UINT64_MAX, &note));
	assert_ok(note_text(note, &text));
	assert_ok(checkpoint_parse(text, &checkpoint));
	return checkpoint.size;
}

static void sign_under_fault(void *context)
{
	struct place *place = context;
	kit_reopen(&place->kit, false);
	assert_ok(kit_send(&place->kit, "bank", place->payload, NULL));
	place->before = newest_checkpoint(place);
	disk_arm(&place->fault, place->passing);
	place->result = recourse_ledger_sign(place->kit.ledger);
	disk_disarm();
	place->struck = disk.struck;
}

/* No checkpoint may be there that the guard does not know. */
static void look_and_sign_again(void *context)
{
	struct place *place = context;
	struct checkpoint guard;
	kit_reopen(&place->kit, false);
	uint64_t newest = newest_checkpoint(place);
	uint64_t entries = kit_entries(&place->kit);
	assert_ok(guard_read(place->kit.ledger->guard, &guard));
	assert_true(newest <= guard.size);
	if (place->result == RECOURSE_OK)
		assert_int_equal(newest, entries);
	else if (guard.size < entries)
		assert_int_equal(newest, place->before);
	assert_ok(recourse_ledger_sign(place->kit.ledger));
	assert_int_equal(newest_checkpoint(place), kit_entries(&place->kit));
	kit_audit(&place->kit);
}

/* To write half is no error of write(), which goes on. A full disk only makes it late, unless at the meta page. */
static void check_signature(const struct place *place)
{
	if (place->struck == 0)
		assert_ok(place->result);
	else if (place->fault.error != HALF && place->fault.error != CUT)
		assert_error(place->result, place->result == RECOURSE_OK ? RECOURSE_IO : place->result);
	if (is_full(place->fault.error) && place->fault.call != CALL_META && place->result != RECOURSE_OK)
		assert_error(place->result, RECOURSE_STORE_FULL);
}

static void sign_without_guard(void *context)
{
	struct place *place = context;
	struct recourse_ledger_options options = {
		.directory = place->kit.directory.path,
		.log_key = place->kit.log_key,
		.guard = "/proc/self/nowhere/last-signed",
	};
	assert_ok(recourse_ledger_open(&options, &place->kit.ledger));
	place->before = newest_checkpoint(place);
	kit_play(&place->kit, "deposit M 1.00 no-guard");
	place->result = recourse_ledger_sign(place->kit.ledger);
	assert_error(place->result, RECOURSE_IO);
	assert_int_equal(newest_checkpoint(place), place->before);
}

static void no_guard_no_signature(void **state)
{
	struct place *place = *state;
	in_child(place, sign_without_guard);
	in_child(place, look_and_sign_again);
}

/* ---- a start ---- */

static void start_under_fault(void *context)
{
	struct place *place = context;
	disk_arm(&place->fault, place->passing);
	place->result = open_ledger(place, true);
	disk_disarm();
	place->struck = disk.struck;
}

static void look_after(void *context)
{
	struct place *place = context;
	kit_reopen(&place->kit, false);
	assert_int_equal(kit_entries(&place->kit), place->before);
	kit_audit(&place->kit);
}

/* And is killed when the latest groups are in a file of their own: the next start is to add them again. */
static void look_after_and_be_killed(void *context)
{
	struct place *place = context;
	kit_reopen(&place->kit, false);
	assert_int_equal(kit_entries(&place->kit), place->before);
	for (int few = 0; few < FEWEST; few++)
		kit_play(&place->kit, "deposit M 1.00 few-%llu", (unsigned long long)place->kit.requests);
	place->before = kit_entries(&place->kit);
}

static void count(void *context)
{
	struct place *place = context;
	kit_reopen(&place->kit, false);
	place->before = kit_entries(&place->kit);
}

static void check_start(const struct place *place)
{
	if (place->struck == 0)
		assert_ok(place->result);
}

/* ---- each of them, at each call ---- */

static const struct work works[] = {
	{"commit", commit_under_fault, ask_again, check_commit},
	{"commit among few", commit_few_under_fault, ask_again, check_commit},
	{"signature", sign_under_fault, look_and_sign_again, check_signature},
	{"start", start_under_fault, look_after, check_start},
	{"start after a kill", start_under_fault, look_after_and_be_killed, check_start},
};
enum { WORKS = sizeof works / sizeof works[0], STRIDE_SAMPLE = 6 };

/* Until the fault meets no call any more; how many it met. */
static unsigned int fail_at_each(struct place *place, struct support_random *random, uint64_t stride)
{
	unsigned int met = 0;
	place->passing = 0;
	do {
		kit_child_payload(&place->kit, place->payload);
		in_child(place, place->work->act);
		in_child(place, place->work->look);
		place->work->check(place);
		met += place->struck > 0;
		place->given_up += !place->ballast;
		place->passing++;
		if (stride > 1)
			place->passing += (unsigned int)support_random_below(random, 2 * stride - 1);
	} while (place->struck > 0);
	return met;
}

/* With each of its errors, in a ledger of its own: what earlier faults added would be opened and audited each time. */
static unsigned int fail_with_each(const struct work *work, enum call call, struct support_random *random)
{
	struct place *place = kit_child_make(sizeof *place);
	uint64_t stride = support_times(STRIDE_SAMPLE, 1);
	unsigned int met = 0;
	place->work = work;
	in_child(place, count);
	for (size_t index = 0; index < 2 * ERRORS; index++) {
		int error = calls[call].errors[index / 2];
		bool left_out = (index >= 2 && error == 0) || support_random_below(random, stride) != 0;
		if (index > 0 && left_out)
			continue;
		place->fault = (struct fault){.call = call, .error = error, .lasting = index % 2 == 1};
		met += fail_at_each(place, random, stride);
	}
	kit_child_end(place, sizeof *place);
	return met;
}

static void each_call_fails(void **state)
{
	(void)state;
	struct support_random random = support_random_start();
	unsigned int met[CALL_COUNT] = {0};
	for (size_t work = 0; work < WORKS; work++)
		for (enum call call = CALL_WRITE; call < CALL_COUNT; call++)
			met[call] += fail_with_each(&works[work], call, &random);
	for (enum call call = CALL_WRITE; call < CALL_COUNT; call++) {
		print_message("%s: failed %u times\n", calls[call].title, met[call]);
		assert_true(met[call] > 0);
	}
}

/* However full the disk is from any of its writes on, the state shows what the log has. */
static void what_is_durable_is_shown(void **state)
{
	struct place *place = *state;
	place->work = &works[0];
	place->fault = (struct fault){.call = CALL_WRITE, .error = ENOSPC, .lasting = true};
	assert_true(fail_at_each(place, NULL, 1) > place->given_up);
	assert_true(place->given_up > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_call_fails),
		cmocka_unit_test_setup_teardown(what_is_durable_is_shown, setup, teardown),
		cmocka_unit_test_setup_teardown(no_guard_no_signature, setup, teardown),
	};
	child_prefer_memory();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
