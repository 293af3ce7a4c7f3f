/* SPDX-License-Identifier: Apache-2.0 */
#include "state_place.h"

#include "base/crypto.h"

/* What the header says, for a state that fits one link: H(0³² ‖ position ‖ sizes, keys and values). */
static void test_digest_of_a_small_state(void **state)
{
	static const uint8_t position[48] = {[0] = 5, [8] = 2, [16] = 7};
	static const uint8_t pairs[] = {2, 0, 0, 0, 'a', 'b', 1, 0, 0, 0, 'c', 1, 0, 0, 0, 'b', 0, 0, 0, 0};
	uint8_t content[sizeof position + sizeof pairs];
	static const uint8_t before[32];
	struct state_view *view = state_place_view(state);
	struct crypto_hash expected;
	uint8_t digest[32];

	memcpy(content, position, sizeof position);
	memcpy(content + sizeof position, pairs, sizeof pairs);
	state_place_put(view, "b", "");
	state_place_put(view, "ab", "c");
	state_place_commit(view, 5);
	assert_ok(state_digest(view, digest));
	crypto_sha256_labelled(slice_of(before, sizeof before), slice_of(content, sizeof content), &expected);
	assert_memory_equal(digest, expected.bytes, sizeof digest);
}

/* Several links long: the same in the overlay, in the store and in a snapshot, and one byte makes another. */
static void test_digest_is_of_the_content_wherever_it_lies(void **state)
{
	const struct state_place *place = *state;
	struct state_view *view = state_place_view(state);
	SCOPED(state_snapshot_end) struct state_view *snapshot = NULL;
	uint8_t value[STATE_VALUE_MAX] = {0};
	uint8_t first[32];
	uint8_t second[32];

	state_place_commit(view, 5);
	for (uint32_t index = 1; index < 100; index++) {
		uint8_t key = (uint8_t)index;
		assert_ok(state_put(view, slice_of(&key, 1), slice_of(value, sizeof value)));
	}
	assert_ok(state_digest(view, first));
	state_place_commit(view, 5);
	assert_ok(state_digest(view, second));
	assert_memory_equal(first, second, sizeof first);
	assert_ok(state_snapshot_open(place->opened, &snapshot));
	value[STATE_VALUE_MAX - 1] = 1;
	assert_ok(state_put(view, slice_text("c"), slice_of(value, sizeof value)));
	assert_ok(state_digest(view, second));
	assert_memory_not_equal(first, second, sizeof first);
	assert_ok(state_digest(snapshot, second));
	assert_memory_equal(first, second, sizeof first);
}

static void test_digest_covers_content_and_position(void **state)
{
	uint8_t first[32];
	uint8_t second[32];

	struct state *opened = state_place_open(*state, STATE_PLACE_BOOT_ONE);
	state_place_put(state_writer(opened), "ab", "c");
	state_place_commit(state_writer(opened), 5);
	assert_ok(state_digest(state_writer(opened), first));
	state_close(opened);

	opened = state_place_open(*state, STATE_PLACE_BOOT_TWO);
	assert_ok(state_digest(state_writer(opened), second));
	assert_memory_equal(first, second, sizeof first);
	state_place_commit(state_writer(opened), 6);
	assert_ok(state_digest(state_writer(opened), second));
	assert_memory_not_equal(first, second, sizeof first);
	state_place_commit(state_writer(opened), 5);
	state_place_remove_key(state_writer(opened), "ab");
	state_place_put(state_writer(opened), "a", "bc");
	assert_ok(state_digest(state_writer(opened), second));
	assert_memory_not_equal(first, second, sizeof first);
	state_discard(state_writer(opened));
	state_close(opened);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STATE_OPENED_TEST(test_digest_of_a_small_state),
		STATE_OPENED_TEST(test_digest_is_of_the_content_wherever_it_lies),
		STATE_PLACE_TEST(test_digest_covers_content_and_position),
	};
	return cmocka_run_group_tests(tests, support_crypto, NULL);
}
