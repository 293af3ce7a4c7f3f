/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "store/group.h"
#include "store/log.h"
#include "support.h"

/* A group as it grows, is taken back in part, and is appended; against a tree and heads kept by hand. */
static const struct crypto_hash no_link;

static void add_entry(struct group *group, const char *text, uint64_t time)
{
	size_t start = group->bytes.size;
	buffer_append_text(&group->bytes, text);
	assert_ok(group_add_entry(group, start, GROUP_LINKED, time));
}

/* One that has room for the hash of the one before, three bytes in. */
static void add_linked(struct group *group, uint64_t number)
{
	static const uint8_t room[CRYPTO_HASH_SIZE];
	size_t start = group->bytes.size;
	buffer_append_format(&group->bytes, "%03u", (unsigned)number);
	buffer_append(&group->bytes, room, sizeof room);
	buffer_append_text(&group->bytes, "the rest");
	assert_ok(group_add_entry(group, start, start + 3, number + 1));
}

static void add_request(struct group *group, const char *text, uint64_t time, const struct crypto_hash *link)
{
	size_t start = group->bytes.size;
	buffer_append_text(&group->bytes, text);
	assert_ok(group_add_request(group, start, time, link));
}

static void test_grows(void **state)
{
	SCOPED(group_free) struct group group = {0};
	struct log_head head = {.entries = 0, .requests = 5, .time = 100};
	struct tree tree = {0};
	struct tree_stored stored[TREE_STORED_MAX];
	struct crypto_hash leaf;
	struct crypto_hash link = {{7}};
	group_start(&group, &head, &tree, &no_link);
	assert_true(group_empty(&group));
	add_entry(&group, "first", 101);
	add_entry(&group, "second", 102);
	add_request(&group, "request", 103, &link);
	assert_false(group_empty(&group));
	assert_true(slice_is(group_entry(&group, 0), "first"));
	assert_true(slice_is(group_entry(&group, 1), "second"));
	assert_true(slice_is(group_request(&group, 5), "request"));
	assert_int_equal(group.head.entries, 2);
	assert_int_equal(group.head.requests, 6);
	assert_int_equal(group.head.time, 103);
	assert_int_equal(group.before.requests, 5);
	assert_true(crypto_hash_equal(&group.link, &link));
	assert_ok(group_chain(&group));
	tree_leaf(slice_text("first"), &leaf);
	tree_append(&tree, &leaf, stored);
	tree_leaf(slice_text("second"), &leaf);
	tree_append(&tree, &leaf, stored);
	assert_true(crypto_hash_equal(&group.head.last, &leaf));
	assert_memory_equal(&group.tree, &tree, sizeof tree);
}

/* What was taken back was never there: the same bytes come out as without it. */
static void test_rollback(void **state)
{
	SCOPED(group_free) struct group group = {0};
	SCOPED(group_free) struct group plain = {0};
	struct log_head head = {0};
	struct tree tree = {0};
	group_start(&group, &head, &tree, &no_link);
	group_start(&plain, &head, &tree, &no_link);
	for (int number = 0; number < 70; number++) {
		char text[20];
		snprintf(text, sizeof text, "entry %d", number);
		struct group_mark mark = group_mark(&group);
		add_entry(&group, "taken back", 1000);
		add_entry(&group, "this too", 1001);
		buffer_reserve(&group.bytes, SIZE_MAX); /* there is no memory for so much */
		assert_error(group_add_entry(&group, 0, GROUP_LINKED, 1002), RECOURSE_MEMORY);
		group_rollback(&group, &mark);
		add_entry(&group, text, (uint64_t)number + 1);
		add_entry(&plain, text, (uint64_t)number + 1);
	}
	assert_ok(group_chain(&group));
	assert_ok(group_chain(&plain));
	assert_int_equal(group.head.entries, 70);
	assert_memory_equal(&group.head, &plain.head, sizeof plain.head);
	assert_memory_equal(&group.tree, &plain.tree, sizeof plain.tree);
	assert_true(slice_equal(buffer_slice(&group.bytes), buffer_slice(&plain.bytes)));
	assert_true(slice_equal(buffer_slice(&group.entries), buffer_slice(&plain.entries)));
	assert_int_equal(group.hashes.size, plain.hashes.size);
}

/* Whenever they are chained, each entry gets the leaf hash of the one before in its place, and what it says is hashed with it. */
static void test_chain(void **state)
{
	SCOPED(group_free) struct group once = {0};
	SCOPED(group_free) struct group often = {0};
	struct log_head head = {.last = {{9}}};
	struct tree tree = {0};
	group_start(&once, &head, &tree, &no_link);
	group_start(&often, &head, &tree, &no_link);
	for (uint64_t number = 0; number < 40; number++) {
		add_linked(&once, number);
		add_linked(&often, number);
		if (number % 3 == 0)
			assert_ok(number % 2 == 0 ? group_chain(&often) : group_chain_to(&often, number));
	}
	assert_ok(group_chain(&once));
	assert_ok(group_chain(&often));
	struct crypto_hash last = head.last;
	for (uint64_t number = 0; number < 40; number++) {
		slice entry = group_entry(&once, number);
		assert_true(slice_equal(entry, group_entry(&often, number)));
		assert_memory_equal(entry.data + 3, last.bytes, CRYPTO_HASH_SIZE);
		tree_leaf(entry, &last);
	}
	assert_true(crypto_hash_equal(&last, &once.head.last));
	assert_memory_equal(&once.head, &often.head, sizeof once.head);
	assert_memory_equal(&once.tree, &often.tree, sizeof once.tree);
	assert_int_equal(once.hashes.size, often.hashes.size);
}

static void expect_stored(struct log *log, const struct group *group)
{
	SCOPED(log_read_end) struct log_snapshot *snapshot = NULL;
	struct log_head head;
	slice bytes;
	assert_ok(log_snapshot_open(log, &snapshot));
	assert_ok(log_read_head(snapshot, &head));
	assert_memory_equal(&head, &group->head, sizeof head);
	for (uint64_t number = group->before.entries; number < group->head.entries; number++) {
		assert_ok(log_read_entry(snapshot, number, &bytes));
		assert_true(slice_equal(bytes, group_entry(group, number)));
	}
	for (uint64_t number = group->before.requests; number < group->head.requests; number++) {
		assert_ok(log_read_request(snapshot, number, &bytes));
		assert_true(slice_equal(bytes, group_request(group, number)));
	}
	struct tree_source source = log_read_tree(snapshot);
	struct tree tree;
	assert_ok(tree_open(source, head.entries, &tree));
	struct crypto_hash stored;
	struct crypto_hash grown;
	tree_root(&tree, &stored);
	tree_root(&group->tree, &grown);
	assert_true(crypto_hash_equal(&stored, &grown));
}

/* Group after group, with entries and without, into a log; and one that is based on a head of yesterday. */
static void test_appends(void **state)
{
	char path[SUPPORT_PATH_MAX];
	struct log *log = NULL;
	SCOPED(group_free) struct group group = {0};
	struct log_head head = {0};
	struct tree tree = {0};
	support_directory_path(*state, "log", path);
	assert_ok(log_create(path));
	struct log_options options = {.directory = path};
	assert_ok(log_open(&options, &log));
	for (unsigned turn = 0; turn < 12; turn++) {
		group_start(&group, &head, &tree, &no_link);
		for (unsigned entry = 0; entry < turn * 3 % 40; entry++)
			add_entry(&group, "some entry", head.time + entry + 1);
		add_request(&group, "its request", group.head.time + 1, &no_link);
		assert_ok(group_chain(&group));
		assert_ok(log_append(log, &group));
		expect_stored(log, &group);
		head = group.head;
		tree = group.tree;
	}
	head.requests--;
	group_start(&group, &head, &tree, &no_link);
	add_request(&group, "too late", group.head.time + 1, &no_link);
	assert_error(log_append(log, &group), RECOURSE_FORK);
	log_close(log);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_grows),
		cmocka_unit_test(test_rollback),
		cmocka_unit_test(test_chain),
		DIRECTORY_TEST(test_appends),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
