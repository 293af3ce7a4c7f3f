/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/guard.h"
#include "image.h"
#include "ledger.h"
#include "served.h"
#include "audit_both.h"

#include <stdlib.h>
#include <unistd.h>

/*
 * J6: somebody puts an old copy of the log in the place of the log, the guard remembers what was signed since, and
 * the service must not sign on, however the old copy goes on.
 *
 *   old    ── entries ──┤ signed
 *   log    ── entries ──┤─ three deposits ──┤ signed: what the guard knows
 */
struct place {
	struct kit kit;
	struct image old;
	struct image log;
	uint64_t old_entries;
	uint64_t log_entries;
	struct checkpoint guard;
};

static void path_of(const struct place *place, const char *name, char path[static SUPPORT_PATH_MAX])
{
	support_directory_path(&place->kit.directory, name, path);
}

static void replace(struct place *place, const struct image *copy)
{
	kit_close(&place->kit);
	image_restore(copy);
	kit_reopen(&place->kit, false);
}

static void read_guard(const struct place *place, struct checkpoint *guard)
{
	char path[SUPPORT_PATH_MAX];
	path_of(place, "last-signed", path);
	assert_ok(guard_read(path, guard));
}

static uint64_t checkpoint_count(const struct place *place)
{
	SCOPED(log_read_end) struct log_snapshot *log;
	uint64_t count;
	assert_ok(log_snapshot_open(place->kit.ledger->log, &log));
	assert_ok(log_read_checkpoint_count(log, &count));
	return count;
}

/* And nothing is changed by the attempt. */
static void refuses_to_sign(struct place *place, enum recourse_error error)
{
	struct checkpoint guard;
	uint64_t count = checkpoint_count(place);
	assert_error(recourse_ledger_sign(place->kit.ledger), error);
	assert_int_equal(checkpoint_count(place), count);
	read_guard(place, &guard);
	assert_int_equal(guard.size, place->guard.size);
	assert_true(crypto_hash_equal(&guard.root, &place->guard.root));
}

static void deposits(struct place *place, const char *name, int count)
{
	for (int index = 0; index < count; index++)
		kit_play(&place->kit, "deposit M 10.00 %s-%d", name, index);
}

static int setup(void **state)
{
	struct place *place = calloc(1, sizeof *place);
	struct kit *kit = &place->kit;
	kit_start(kit);
	kit_golden(kit);
	assert_ok(recourse_ledger_sign(kit->ledger));
	place->old_entries = kit_entries(kit);
	kit_close(&place->kit);
	image_load(&place->old, kit, "log/data.mdb");
	kit_reopen(kit, false);
	deposits(place, "true", 3);
	assert_ok(recourse_ledger_sign(kit->ledger));
	place->log_entries = kit_entries(kit);
	kit_close(&place->kit);
	image_load(&place->log, kit, "log/data.mdb");
	read_guard(place, &place->guard);
	assert_int_equal(place->guard.size, place->log_entries);
	kit_reopen(kit, false);
	*state = place;
	return 0;
}

static int teardown(void **state)
{
	struct place *place = *state;
	kit_end(&place->kit);
	image_free(&place->old);
	image_free(&place->log);
	free(place);
	return 0;
}

static void audit_finds_it(struct place *place)
{
	struct recourse_audit_options options = {.directory = place->kit.directory.path};
	struct recourse_audit report;
	kit_close(&place->kit);
	assert_error(audit_both(&options, &report), RECOURSE_AUDIT_FAILED);
	print_message("%s\n", report.what);
	assert_non_null(strstr(report.what, "missing"));
	kit_reopen(&place->kit, false);
}

/* Also before anything is added, though every entry of the old copy has its checkpoint. */
static void an_old_copy(void **state)
{
	struct place *place = *state;
	kit_play(&place->kit, "= 2010 M 30.00");
	replace(place, &place->old);
	assert_int_equal(kit_entries(&place->kit), place->old_entries);
	kit_play(&place->kit, "= 2010 M 0");
	refuses_to_sign(place, RECOURSE_ROLLBACK);
	deposits(place, "other", 1);
	refuses_to_sign(place, RECOURSE_ROLLBACK);
	audit_finds_it(place);
}

static void an_empty_log(void **state)
{
	struct place *place = *state;
	static const char *const files[] = {"log/data.mdb", "log/latest", "log/lock.mdb", "log/writer.lock"};
	char path[SUPPORT_PATH_MAX];
	kit_close(&place->kit);
	for (size_t index = 0; index < sizeof files / sizeof files[0]; index++) {
		path_of(place, files[index], path);
		assert_int_equal(unlink(path), 0);
	}
	assert_ok(recourse_ledger_create(place->kit.directory.path));
	kit_reopen(&place->kit, false);
	refuses_to_sign(place, RECOURSE_ROLLBACK);
}

static void forked_of_the_same_size(void **state)
{
	struct place *place = *state;
	replace(place, &place->old);
	deposits(place, "other", 3);
	assert_int_equal(kit_entries(&place->kit), place->log_entries);
	refuses_to_sign(place, RECOURSE_FORK);
	audit_finds_it(place);
}

static void forked_and_longer(void **state)
{
	struct place *place = *state;
	replace(place, &place->old);
	deposits(place, "other", 7);
	refuses_to_sign(place, RECOURSE_FORK);
	kit_reopen(&place->kit, true);
	refuses_to_sign(place, RECOURSE_FORK);
	audit_finds_it(place);
}

static void the_log_is_put_back(void **state)
{
	struct place *place = *state;
	replace(place, &place->old);
	refuses_to_sign(place, RECOURSE_ROLLBACK);
	replace(place, &place->log);
	assert_ok(recourse_ledger_sign(place->kit.ledger));
	kit_play(&place->kit, "= 2010 M 30.00");
	deposits(place, "more", 1);
	assert_ok(recourse_ledger_sign(place->kit.ledger));
	kit_audit(&place->kit);
}

static void a_damaged_guard(void **state)
{
	struct place *place = *state;
	char path[SUPPORT_PATH_MAX];
	path_of(place, "last-signed", path);
	assert_int_equal(truncate(path, 5), 0);
	assert_error(recourse_ledger_sign(place->kit.ledger), RECOURSE_STORE_CORRUPT);
	deposits(place, "more", 1);
	assert_error(recourse_ledger_sign(place->kit.ledger), RECOURSE_STORE_CORRUPT);
	assert_int_equal(checkpoint_count(place), 2);
}

/* ---- the service ---- */

/* Nobody tells it to stop. */
static enum recourse_error serve(struct place *place)
{
	struct served served;
	served_prepare(&served, place->kit.ledger);
	served_begin(&served);
	return served_end(&served);
}

static void the_service_stops(void **state)
{
	struct place *place = *state;
	replace(place, &place->old);
	assert_error(serve(place), RECOURSE_ROLLBACK);
	deposits(place, "other", 4);
	assert_error(serve(place), RECOURSE_FORK);
	assert_int_equal(checkpoint_count(place), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(an_old_copy, setup, teardown),
		cmocka_unit_test_setup_teardown(an_empty_log, setup, teardown),
		cmocka_unit_test_setup_teardown(forked_of_the_same_size, setup, teardown),
		cmocka_unit_test_setup_teardown(forked_and_longer, setup, teardown),
		cmocka_unit_test_setup_teardown(the_log_is_put_back, setup, teardown),
		cmocka_unit_test_setup_teardown(a_damaged_guard, setup, teardown),
		cmocka_unit_test_setup_teardown(the_service_stops, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
