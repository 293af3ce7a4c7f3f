/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "store/state.h"
#include "support.h"

/* What the tests of the state share: a place to keep one, and its calls with texts for keys and values. */
struct state_place {
	struct support_directory root;
	char directory[SUPPORT_PATH_MAX]; /* does not exist yet */
	struct state *opened;             /* NULL in a STATE_PLACE_TEST */
};

#define STATE_PLACE_BOOT_ONE "11111111-1111-1111-1111-111111111111"
#define STATE_PLACE_BOOT_TWO "22222222-2222-2222-2222-222222222222"

/* Set-up and tear-down of a cmocka test, whose state is then a struct state_place. */
int state_place_make(void **state);
int state_place_remove(void **state);
#define STATE_PLACE_TEST(test) cmocka_unit_test_setup_teardown(test, state_place_make, state_place_remove)

/* The same with a state open in it, whose writer the test gets from state_place_view(). */
int state_place_make_opened(void **state);
#define STATE_OPENED_TEST(test)                                                                              \
	cmocka_unit_test_setup_teardown(test, state_place_make_opened, state_place_remove)
struct state_view *state_place_view(void **state);

/* `boot_id` NULL: the kernel's. */
struct state *state_place_open(const struct state_place *place, const char *boot_id);
enum recourse_error state_place_open_to_read(
	const struct state_place *place, const char *boot_id, struct state **opened);

void state_place_put(struct state_view *view, const char *key, const char *value);
void state_place_remove_key(struct state_view *view, const char *key);

/* `value` NULL: the key must be absent. */
void state_place_expect(struct state_view *view, const char *key, const char *value);

/* Commits at that number of entries, half as many requests, and a log id that begins with 7. */
void state_place_commit(struct state_view *view, uint64_t entries);
uint64_t state_place_entries(const struct state_view *view);
