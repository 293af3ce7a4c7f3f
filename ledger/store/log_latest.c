/* SPDX-License-Identifier: Apache-2.0 */
#include "store/log_latest.h"

#include "base/crypto.h"
#include "base/descriptor.h"
#include "base/endian.h"
#include "base/try.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	KIND = 0x3174616c, /* "lat1" */
	AT_KIND = 32,
	AT_SIZE = 36,
	AT_BOOT = 40,
	AT_PAGES = 80,
	AT_BEFORE = AT_PAGES + 2 * LOG_LATEST_META_SIZE,
	HEAD_SIZE = 56,
	AT_AFTER = AT_BEFORE + HEAD_SIZE,
	AT_ITEMS = AT_AFTER + HEAD_SIZE,
	LENGTH_SIZE = 4,
	ITEMS_MAX = 64,
	SIZE_MAX_OF_ONE = AT_ITEMS + LOG_LATEST_GROUP_MAX + ITEMS_MAX * LENGTH_SIZE,
	META_PAGE_SIZE_AT = 40, /* page_meta.h */
	META_TRANSACTION_AT = 144,
	META_PAGE_SIZE_MAX = 64 * 1024,
};

static const uint8_t zeroes[LOG_LATEST_PAGE];

static uint64_t on_pages(uint64_t size)
{
	return (size + LOG_LATEST_PAGE - 1) / LOG_LATEST_PAGE * LOG_LATEST_PAGE;
}

/* ---- its file ---- */

enum recourse_error log_latest_start(struct log_latest *latest, const char *directory)
{
	latest->file = -1;
	latest->place = 0;
	boot_id_read(&latest->boot);
	return directory_path(directory, "latest", latest->path);
}

void log_latest_close(struct log_latest *latest)
{
	descriptor_close(&latest->file);
	latest->file = -1;
	buffer_free(&latest->bytes);
}

static enum recourse_error open_file(struct log_latest *latest, int flags)
{
	struct stat status;
	if (latest->file < 0)
		latest->file =
			open(latest->path, O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | flags, 0600);
	if (latest->file < 0)
		return errno == ENOENT ? RECOURSE_NOT_FOUND : RECOURSE_IO;
	return fstat(latest->file, &status) == 0 && S_ISREG(status.st_mode) ? RECOURSE_OK : RECOURSE_IO;
}

/* Each write is through to the disk when it returns. */
enum { TO_WRITE = O_RDWR | O_DSYNC };

static enum recourse_error look_for_file(struct log_latest *latest, bool read_only)
{
	return open_file(latest, read_only ? O_RDONLY : TO_WRITE);
}

enum recourse_error log_latest_hold(struct log_latest *latest, bool read_only)
{
	int code;
	enum recourse_error error = look_for_file(latest, read_only);

	if (error != RECOURSE_OK)
		return error == RECOURSE_NOT_FOUND ? RECOURSE_OK : error;
	do
		code = flock(latest->file, read_only ? LOCK_SH : LOCK_EX);
	while (code != 0 && errno == EINTR);
	return code == 0 ? RECOURSE_OK : RECOURSE_IO;
}

void log_latest_let_go(struct log_latest *latest)
{
	if (latest->file >= 0)
		(void)flock(latest->file, LOCK_UN);
}

/* All of it is written, so that no later write has to find room, or to say where it lies. */
static enum recourse_error make_file(struct log_latest *latest)
{
	struct stat status;
	TRY(open_file(latest, TO_WRITE | O_CREAT));
	if (fstat(latest->file, &status) == 0 && status.st_size == LOG_LATEST_SIZE)
		return RECOURSE_OK;
	buffer_clear(&latest->bytes);
	uint8_t *all = buffer_reserve(&latest->bytes, LOG_LATEST_SIZE);
	if (all == NULL)
		return RECOURSE_MEMORY;
	memset(all, 0, LOG_LATEST_SIZE);
	TRY(descriptor_write_at(latest->file, slice_of(all, LOG_LATEST_SIZE), 0));
	if (fsync(latest->file) != 0)
		return RECOURSE_IO;
	return descriptor_sync_directory_of(latest->path);
}

/* ---- one of them, as bytes ---- */

static void write_head(uint8_t *bytes, const struct log_head *head)
{
	little_endian_write(bytes, head->entries, 8);
	little_endian_write(bytes + 8, head->requests, 8);
	little_endian_write(bytes + 16, head->time, 8);
	memcpy(bytes + 24, head->last.bytes, CRYPTO_HASH_SIZE);
}

static struct log_head read_head(const uint8_t *bytes)
{
	struct log_head head = {
		.entries = little_endian_read(bytes, 8),
		.requests = little_endian_read(bytes + 8, 8),
		.time = little_endian_read(bytes + 16, 8),
	};
	memcpy(head.last.bytes, bytes + 24, CRYPTO_HASH_SIZE);
	return head;
}

static void append_item(struct buffer *bytes, slice item)
{
	uint8_t length[LENGTH_SIZE];
	little_endian_write(length, item.size, sizeof length);
	buffer_append(bytes, length, sizeof length);
	buffer_append(bytes, item.data, item.size);
}

static void append_items(struct buffer *bytes, const struct group *group)
{
	for (uint64_t number = group->before.entries; number < group->head.entries; number++)
		append_item(bytes, group_entry(group, number));
	for (uint64_t number = group->before.requests; number < group->head.requests; number++)
		append_item(bytes, group_request(group, number));
}

/* With the pages to their ends: what was there before is gone. */
static enum recourse_error encode(struct log_latest *latest, const struct group *group)
{
	struct buffer *bytes = &latest->bytes;
	uint8_t front[AT_ITEMS] = {0};
	struct crypto_hash hash;
	memcpy(front + AT_BOOT, latest->boot.text, BOOT_ID_SIZE);
	memcpy(front + AT_PAGES, latest->pages.bytes, sizeof latest->pages.bytes);
	write_head(front + AT_BEFORE, &group->before);
	write_head(front + AT_AFTER, &group->head);
	little_endian_write(front + AT_KIND, KIND, 4);
	buffer_clear(bytes);
	buffer_append(bytes, front, sizeof front);
	append_items(bytes, group);
	size_t size = bytes->size;
	buffer_append(bytes, zeroes, (size_t)on_pages(size) - size);
	if (buffer_failed(bytes))
		return RECOURSE_MEMORY;
	little_endian_write(bytes->data + AT_SIZE, size, 4);
	crypto_sha256(slice_of(bytes->data + AT_KIND, size - AT_KIND), &hash);
	memcpy(bytes->data, hash.bytes, sizeof hash.bytes);
	return RECOURSE_OK;
}

/* Reads what stands there. QUERY_NOT_FOUND: none was written whole. */
static enum recourse_error fetch(struct log_latest *latest, uint64_t place, slice *one)
{
	struct crypto_hash hash;
	size_t there;
	if (latest->file < 0 || place >= LOG_LATEST_SIZE)
		return RECOURSE_QUERY_NOT_FOUND;
	buffer_clear(&latest->bytes);
	uint8_t *bytes = buffer_reserve(&latest->bytes, SIZE_MAX_OF_ONE);
	if (bytes == NULL)
		return RECOURSE_MEMORY;
	TRY(descriptor_read_at(latest->file, bytes, SIZE_MAX_OF_ONE, place, &there));
	if (there < AT_ITEMS || little_endian_read(bytes + AT_KIND, 4) != KIND)
		return RECOURSE_QUERY_NOT_FOUND;
	size_t size = (size_t)little_endian_read(bytes + AT_SIZE, 4);
	if (size < AT_ITEMS || size > there)
		return RECOURSE_QUERY_NOT_FOUND;
	crypto_sha256(slice_of(bytes + AT_KIND, size - AT_KIND), &hash);
	*one = slice_of(bytes, size);
	return memcmp(hash.bytes, bytes, sizeof hash.bytes) == 0 ? RECOURSE_OK : RECOURSE_QUERY_NOT_FOUND;
}

/* ---- who finds it ---- */

enum recourse_error log_latest_look(
	struct log_latest *latest, bool read_only, enum log_latest_standing *standing)
{
	slice first;
	*standing = LOG_LATEST_NONE;
	enum recourse_error error = look_for_file(latest, read_only);
	if (error == RECOURSE_OK)
		error = fetch(latest, 0, &first);
	if (error == RECOURSE_NOT_FOUND || error == RECOURSE_QUERY_NOT_FOUND)
		return RECOURSE_OK;
	TRY(error);
	memcpy(latest->pages.bytes, first.data + AT_PAGES, sizeof latest->pages.bytes);
	bool here = boot_id_known(&latest->boot) &&
		    memcmp(first.data + AT_BOOT, latest->boot.text, BOOT_ID_SIZE) == 0;
	*standing = here ? LOG_LATEST_HERE : LOG_LATEST_CUT_OFF;
	return RECOURSE_OK;
}

static uint64_t second_page(const struct log_latest_pages *pages)
{
	return little_endian_read(pages->bytes[0] + META_PAGE_SIZE_AT, 4);
}

static uint64_t last_transaction(const struct log_latest_pages *pages)
{
	uint64_t first = little_endian_read(pages->bytes[0] + META_TRANSACTION_AT, 8);
	uint64_t second = little_endian_read(pages->bytes[1] + META_TRANSACTION_AT, 8);
	return first > second ? first : second;
}

/* The first one says how long pages are. */
static enum recourse_error read_pages(int data, struct log_latest_pages *pages)
{
	uint64_t place = 0;
	size_t size;
	for (size_t page = 0; page < 2; page++) {
		TRY(descriptor_read_at(data, pages->bytes[page], LOG_LATEST_META_SIZE, place, &size));
		place = second_page(pages);
		if (size != LOG_LATEST_META_SIZE || place == 0 || place > META_PAGE_SIZE_MAX)
			return RECOURSE_IO;
	}
	return RECOURSE_OK;
}

static enum recourse_error write_pages(int data, const struct log_latest_pages *pages)
{
	for (uint64_t page = 0; page < 2; page++)
		TRY(descriptor_write_at(
			data, slice_of(pages->bytes[page], LOG_LATEST_META_SIZE), page * second_page(pages)));
	return fdatasync(data) == 0 ? RECOURSE_OK : RECOURSE_IO;
}

static enum recourse_error open_data(const char *directory, int *data)
{
	char path[DIRECTORY_PATH_SIZE];
	TRY(directory_path(directory, "data.mdb", path));
	*data = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	return *data < 0 ? RECOURSE_IO : RECOURSE_OK;
}

enum recourse_error log_latest_restore(struct log_latest *latest, const char *directory)
{
	SCOPED(descriptor_close) int data = -1;
	TRY(open_data(directory, &data));
	TRY(read_pages(data, &latest->found));
	if (second_page(&latest->found) != second_page(&latest->pages))
		return RECOURSE_STORE_CORRUPT;
	if (last_transaction(&latest->found) < last_transaction(&latest->pages))
		return RECOURSE_QUERY_NOT_FOUND;
	return write_pages(data, &latest->pages);
}

bool log_latest_led(const struct log_latest *latest, uint64_t groups)
{
	return last_transaction(&latest->found) - last_transaction(&latest->pages) <= groups;
}

enum recourse_error log_latest_give_back(const struct log_latest *latest, const char *directory)
{
	SCOPED(descriptor_close) int data = -1;
	TRY(open_data(directory, &data));
	return write_pages(data, &latest->found);
}

/* Takes the next one. False: it is not whole. */
static bool take_item(slice *rest, slice *item)
{
	if (rest->size < LENGTH_SIZE)
		return false;
	size_t size = (size_t)little_endian_read(rest->data, LENGTH_SIZE);
	if (size > rest->size - LENGTH_SIZE)
		return false;
	*item = slice_of(rest->data + LENGTH_SIZE, size);
	*rest = slice_from(*rest, LENGTH_SIZE + size);
	return true;
}

static enum recourse_error add(struct group *group, slice item, bool entry, uint64_t time)
{
	size_t start = group->bytes.size;
	buffer_append(&group->bytes, item.data, item.size);
	return entry ? group_add_entry(group, start, GROUP_LINKED, time)
		     : group_add_request(group, start, time, &group->link);
}

static bool goes_on(const struct log_head *before, const struct log_head *head, const struct log_head *after)
{
	return group_head_equal(before, head) && after->entries >= head->entries &&
	       after->requests > head->requests &&
	       after->entries - head->entries + after->requests - head->requests <= ITEMS_MAX;
}

enum recourse_error log_latest_read(struct log_latest *latest, uint64_t *place, const struct log_head *head,
	const struct tree *tree, struct group *group, struct log_head *after)
{
	static const struct crypto_hash no_link;
	slice one;
	slice item;
	TRY(fetch(latest, *place, &one));
	const struct log_head before = read_head(one.data + AT_BEFORE);
	*after = read_head(one.data + AT_AFTER);
	if (!goes_on(&before, head, after))
		return RECOURSE_QUERY_NOT_FOUND;
	*place += on_pages(one.size);
	group_start(group, head, tree, &no_link);
	slice rest = slice_from(one, AT_ITEMS);
	while (group->head.requests < after->requests) {
		if (!take_item(&rest, &item))
			return RECOURSE_STORE_CORRUPT;
		TRY(add(group, item, group->head.entries < after->entries, after->time));
	}
	return RECOURSE_OK;
}

bool log_latest_beyond(struct log_latest *latest, const struct log_head *head, uint64_t *place)
{
	slice one;
	struct log_head last = {0};

	for (*place = 0; fetch(latest, *place, &one) == RECOURSE_OK; *place += on_pages(one.size)) {
		const struct log_head before = read_head(one.data + AT_BEFORE);
		if (*place > 0 && !group_head_equal(&before, &last))
			return false;
		last = read_head(one.data + AT_AFTER);
		if (last.requests > head->requests)
			return true;
	}
	return false;
}

/* ---- who writes it ---- */

bool log_latest_takes(struct log_latest *latest, const struct group *group)
{
	uint64_t items =
		group->head.entries - group->before.entries + group->head.requests - group->before.requests;
	uint64_t size = AT_ITEMS + group->bytes.size + items * LENGTH_SIZE;
	if (!boot_id_known(&latest->boot) || group->bytes.size > LOG_LATEST_GROUP_MAX || items > ITEMS_MAX ||
		latest->place + on_pages(size) > LOG_LATEST_SIZE)
		return false;
	latest->failed = latest->failed || (latest->place == 0 && make_file(latest) != RECOURSE_OK);
	return !latest->failed;
}

enum recourse_error log_latest_begin(struct log_latest *latest, int data)
{
	assert(latest->place == 0);
	return read_pages(data, &latest->pages);
}

enum recourse_error log_latest_write(struct log_latest *latest, const struct group *group)
{
	TRY(encode(latest, group));
	const slice all = buffer_slice(&latest->bytes);
	const uint64_t place = latest->place;
	assert(place + all.size <= LOG_LATEST_SIZE);
	latest->place = place + all.size; /* whatever comes of it there may be one */
	return descriptor_write_at(latest->file, all, place);
}

enum recourse_error log_latest_clear(struct log_latest *latest)
{
	TRY(descriptor_write_at(latest->file, slice_of(zeroes, sizeof zeroes), 0));
	latest->place = 0;
	return RECOURSE_OK;
}
