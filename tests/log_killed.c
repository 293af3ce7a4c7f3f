/* SPDX-License-Identifier: Apache-2.0 */
#include "log_killed.h"

#include "child.h"
#include "base/endian.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

enum { ENTRY_SIZE = 40, AT_BOOT = 40 };

int log_killed_set_up(void **state)
{
	static struct log_killed place;

	support_directory_make(&place.root);
	support_directory_path(&place.root, "log", place.directory);
	support_directory_path(&place.root, "log/data.mdb", place.data);
	support_directory_path(&place.root, "kept", place.kept);
	support_directory_path(&place.root, "log/latest", place.latest);
	place.groups = LOG_KILLED_GROUPS;
	place.each = 1;
	*state = &place;
	return log_create(place.directory) == RECOURSE_OK ? 0 : -1;
}

enum recourse_error log_killed_open(const struct log_killed *place, bool read_only, struct log **log)
{
	struct log_options options = {.directory = place->directory, .read_only = read_only};

	return log_open(&options, log);
}

void log_killed_copy(const char *from, const char *to)
{
	static uint8_t bytes[LOG_KILLED_DATA_MAX];
	int source = open(from, O_RDONLY);
	int target = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	ssize_t size = read(source, bytes, sizeof bytes);

	assert_true(source >= 0 && target >= 0 && size > 0 && (size_t)size < sizeof bytes);
	assert_int_equal(write(target, bytes, (size_t)size), size);
	close(source);
	close(target);
}

static void add(struct group *group, const char *text, bool entry)
{
	size_t start = group->bytes.size;

	buffer_append_text(&group->bytes, text);
	if (entry)
		assert_ok(group_add_entry(group, start, GROUP_LINKED, group->head.time + 1));
	else
		assert_ok(group_add_request(group, start, group->head.time + 1, &group->link));
}

struct log_head log_killed_head(struct log *log, struct tree *tree)
{
	SCOPED(log_read_end) struct log_snapshot *snapshot = NULL;
	struct log_head head;

	assert_ok(log_snapshot_open(log, &snapshot));
	assert_ok(log_read_head(snapshot, &head));
	assert_ok(tree_open(log_read_tree(snapshot), head.entries, tree));
	return head;
}

enum recourse_error log_killed_append(struct log *log, size_t entries)
{
	static const struct crypto_hash no_link;
	SCOPED(group_free) struct group group = {.bytes = {0}};
	struct tree tree;
	const struct log_head head = log_killed_head(log, &tree);
	char text[ENTRY_SIZE];

	group_start(&group, &head, &tree, &no_link);
	for (size_t index = 0; index < entries; index++) {
		snprintf(text, sizeof text, "entry %llu", (unsigned long long)group.head.entries);
		add(&group, text, true);
	}
	add(&group, "a request", false);
	assert_ok(group_chain(&group));
	return log_append(log, &group);
}

/* Nothing is closed. The first group is what lies on the disk in LMDB's file before the latest. */
static void be_killed(void *context)
{
	const struct log_killed *place = context;
	struct log *log;

	assert_ok(log_killed_open(place, false, &log));
	for (uint64_t group = 0; group < place->groups; group++) {
		assert_ok(log_killed_append(log, place->each));
		if (group == 0)
			log_killed_copy(place->data, place->kept);
	}
	_exit(0);
}

void log_killed_run(struct log_killed *place)
{
	assert_int_equal(child_run(be_killed, place), 0);
}

void log_killed_expect(const struct log_killed *place, bool read_only, uint64_t entries)
{
	SCOPED(log_read_end) struct log_snapshot *snapshot = NULL;
	struct page_fault fault;
	struct log *log;
	struct log_head head;
	char text[ENTRY_SIZE];
	slice entry;

	assert_ok(log_killed_open(place, read_only, &log));
	assert_ok(log_check_pages(log, &fault));
	assert_ok(log_snapshot_open(log, &snapshot));
	assert_ok(log_read_head(snapshot, &head));
	assert_int_equal(head.entries, entries);
	for (uint64_t number = 0; number < entries; number++) {
		snprintf(text, sizeof text, "entry %llu", (unsigned long long)number);
		assert_ok(log_read_entry(snapshot, number, &entry));
		assert_true(slice_is(entry, text));
	}
	log_read_close(snapshot);
	snapshot = NULL;
	if (!read_only)
		assert_ok(log_killed_append(log, 1));
	log_close(log);
}

enum log_latest_standing log_killed_standing(const struct log_killed *place)
{
	struct log_latest latest = {.file = -1};
	enum log_latest_standing found;

	assert_ok(log_latest_start(&latest, place->directory));
	assert_ok(log_latest_look(&latest, true, &found));
	log_latest_close(&latest);
	return found;
}

/* As another start of the machine would have written them. */
void log_killed_change_boot(const struct log_killed *place)
{
	static uint8_t bytes[LOG_LATEST_SIZE];
	struct crypto_hash hash;
	int file = open(place->latest, O_RDWR);

	assert_int_equal(read(file, bytes, sizeof bytes), sizeof bytes);
	for (size_t at = 0; at < sizeof bytes; at += LOG_LATEST_PAGE) {
		size_t size = (size_t)little_endian_read(bytes + at + 36, 4);
		if (memcmp(bytes + at + 32, "lat1", 4) != 0)
			continue;
		bytes[at + AT_BOOT] ^= 1;
		crypto_sha256(slice_of(bytes + at + 32, size - 32), &hash);
		memcpy(bytes + at, hash.bytes, sizeof hash.bytes);
	}
	assert_int_equal(pwrite(file, bytes, sizeof bytes, 0), sizeof bytes);
	close(file);
}

/* The power went: of LMDB's file nothing but what was brought to the disk is there. */
void log_killed_lose_power(struct log_killed *place)
{
	log_killed_run(place);
	log_killed_copy(place->kept, place->data);
	log_killed_change_boot(place);
	assert_int_equal(log_killed_standing(place), LOG_LATEST_CUT_OFF);
}
