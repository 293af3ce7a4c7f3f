/* SPDX-License-Identifier: Apache-2.0 */
#include "state_place.h"

#include "base/slice.h"

int state_place_make(void **state)
{
	static struct state_place place;

	support_directory_make(&place.root);
	support_directory_path(&place.root, "state", place.directory);
	place.opened = NULL;
	*state = &place;
	return 0;
}

int state_place_remove(void **state)
{
	const struct state_place *place = *state;

	if (place->opened != NULL)
		state_discard(state_writer(place->opened));
	state_close(place->opened);
	support_directory_remove(&place->root);
	return 0;
}

int state_place_make_opened(void **state)
{
	state_place_make(state);
	struct state_place *place = *state;
	place->opened = state_place_open(place, NULL);
	return 0;
}

struct state_view *state_place_view(void **state)
{
	const struct state_place *place = *state;

	return state_writer(place->opened);
}

struct state *state_place_open(const struct state_place *place, const char *boot_id)
{
	struct state_options options = {.directory = place->directory, .boot_id = boot_id};
	struct state *opened;

	assert_ok(state_open(&options, &opened));
	return opened;
}

enum recourse_error state_place_open_to_read(
	const struct state_place *place, const char *boot_id, struct state **opened)
{
	struct state_options options = {.directory = place->directory, .boot_id = boot_id, .read_only = true};

	return state_open(&options, opened);
}

void state_place_put(struct state_view *view, const char *key, const char *value)
{
	assert_ok(state_put(view, slice_text(key), slice_text(value)));
}

void state_place_remove_key(struct state_view *view, const char *key)
{
	assert_ok(state_remove(view, slice_text(key)));
}

void state_place_expect(struct state_view *view, const char *key, const char *value)
{
	slice found;

	enum recourse_error error = state_get(view, slice_text(key), &found);
	assert_error(error, value == NULL ? RECOURSE_QUERY_NOT_FOUND : RECOURSE_OK);
	if (value != NULL)
		assert_true(slice_is(found, value));
}

void state_place_commit(struct state_view *view, uint64_t entries)
{
	struct state_position position = {.entries = entries, .requests = entries / 2, .log_id = {7}};

	assert_ok(state_commit(view, &position));
}

uint64_t state_place_entries(const struct state_view *view)
{
	struct state_position position;

	state_position(view, &position);
	return position.entries;
}
