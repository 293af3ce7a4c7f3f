/* SPDX-License-Identifier: Apache-2.0 */
#include "notes_place.h"

#include "ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 * Each call that is made of the files of sealed texts fails in turn, once or from there on, as by a disk that is full or
 * broken: as something is said, erased or read, and as a ledger is opened beside an older file of keys (I2).
 *
 *   said    OK: it can be read. STORE_FULL: it is taken once there is room. Any other: opened again it is there and can be
 *           read, or it is not there and is taken
 *   erased  OK, or the entry is there when it is opened again: the key is nowhere
 *   read    the text, or lost; the entry stands
 *   opened  always; what was erased has no key that is used, and the next start that can erases it
 *
 * Outside a trial it is a sample of the calls.
 */

/* ---- a system that fails, for files of that name alone ---- */

enum call { CALL_READ, CALL_WRITE, CALL_SYNC, CALL_OPEN, CALL_TRUNCATE, CALL_COUNT };

static struct {
	bool armed;
	bool lasting;
	enum call call;
	int error;
	unsigned int passing;
	unsigned int struck;
} disk;

static bool is_notes(int file)
{
	char link[64];
	char path[SUPPORT_PATH_MAX] = {0};
	snprintf(link, sizeof link, "/proc/self/fd/%d", file);
	return readlink(link, path, sizeof path - 1) > 0 && strstr(path, "/notes.") != NULL;
}

static bool strikes(enum call call, bool notes)
{
	if (!disk.armed || call != disk.call || !notes)
		return false;
	if (disk.passing > 0) {
		disk.passing--;
		return false;
	}
	disk.struck++;
	disk.armed = disk.lasting;
	errno = disk.error;
	return true;
}

ssize_t pread(int file, void *bytes, size_t size, off_t offset)
{
	return strikes(CALL_READ, disk.armed && is_notes(file))
		       ? -1
		       : syscall(SYS_pread64, file, bytes, size, offset);
}

/* Half of it is there. */
ssize_t pwrite(int file, const void *bytes, size_t size, off_t offset)
{
	if (!strikes(CALL_WRITE, disk.armed && is_notes(file)))
		return syscall(SYS_pwrite64, file, bytes, size, offset);
	(void)syscall(SYS_pwrite64, file, bytes, size / 2, offset);
	errno = disk.error;
	return -1;
}

int fdatasync(int file)
{
	return strikes(CALL_SYNC, disk.armed && is_notes(file)) ? -1 : (int)syscall(SYS_fdatasync, file);
}

int ftruncate(int file, off_t size)
{
	return strikes(CALL_TRUNCATE, disk.armed && is_notes(file)) ? -1
								    : (int)syscall(SYS_ftruncate, file, size);
}

int open(const char *path, int flags, ...)
{
	va_list rest;
	va_start(rest, flags);
	int mode = (flags & O_CREAT) != 0 ? va_arg(rest, int) : 0;
	va_end(rest);
	bool struck = strikes(CALL_OPEN, strstr(path, "/notes.") != NULL);
	return struck ? -1 : (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

/* ---- what is done meanwhile ---- */

struct place {
	struct kit *kit;
	unsigned int round;
	char claim[16];
	char id[16];
};

static void disarm(void)
{
	disk.armed = false;
}

static void arm(unsigned int passing)
{
	disk.passing = passing;
	disk.struck = 0;
	disk.armed = true;
}

/* A claim of which nothing was said yet. */
static void begin(struct place *place)
{
	place->round++;
	snprintf(place->claim, sizeof place->claim, "n-%u", place->round);
	snprintf(place->id, sizeof place->id, "try-%u", place->round);
	kit_play(place->kit, "card k-%s 0.01\nfile %s i k-%s", place->claim, place->claim, place->claim);
}

static void reopen(struct kit *kit)
{
	kit_close(kit);
	kit_reopen(kit, false);
	assert_false(kit->ledger->notes.lost);
}

static void reads(struct kit *kit, uint64_t entry, const char *text)
{
	kit_play(kit, "agent note.unseal note=%llu reason=r : results[0].note.text=\"%s\"",
		(unsigned long long)entry, text);
}

static void say(struct place *place, unsigned int passing)
{
	struct kit *kit = place->kit;
	char words[NOTES_PLACE_WORDS];
	const struct recourse_text text = notes_place_text(0, SAID);
	begin(place);
	notes_place_words(place->claim, &text, words);
	uint64_t entry = kit_entries(kit);
	arm(passing);
	enum recourse_error error = notes_place_try(kit, "agent", place->id, words, &text);
	disarm();
	if (error != RECOURSE_OK && error != RECOURSE_STORE_FULL)
		reopen(kit);
	/* it was not taken, or it was, and this is the same request */
	assert_ok(notes_place_try(kit, "agent", place->id, words, &text));
	assert_int_equal(kit_entries(kit), entry + 1);
	reads(kit, entry, SAID);
}

static void erase(struct place *place, unsigned int passing)
{
	struct kit *kit = place->kit;
	char words[NOTES_PLACE_WORDS];
	uint8_t key[32];
	begin(place);
	kit_play(kit, "agent contact.record claim=%s channel=phone direction=in note=\"" SAID "\"",
		place->claim);
	notes_place_key(kit, (uint64_t)notes_place_size(kit, "notes.keys") / 32 - 1, key);
	kit_play(kit, "maker note.erase claim=%s reason=asked-for", place->claim);
	snprintf(words, sizeof words, "proposal.approve proposal=%llu", (unsigned long long)kit->last_entry);
	uint64_t entry = kit_entries(kit);
	arm(passing);
	enum recourse_error error = notes_place_try(kit, "checker", place->id, words, NULL);
	disarm();
	if (error == RECOURSE_OK)
		assert_int_equal(notes_place_find(kit->directory.path, slice_of(key, sizeof key)), 0);
	else if (error != RECOURSE_STORE_FULL)
		reopen(kit);
	assert_ok(notes_place_try(kit, "checker", place->id, words, NULL));
	assert_int_equal(kit_entries(kit), entry + 1);
	assert_int_equal(notes_place_find(kit->directory.path, slice_of(key, sizeof key)), 0);
}

static void read_note(struct place *place, unsigned int passing)
{
	struct kit *kit = place->kit;
	begin(place);
	kit_play(kit, "agent contact.record claim=%s channel=phone direction=in note=\"" SAID "\"",
		place->claim);
	uint64_t entry = kit->last_entry;
	arm(passing);
	kit->once = true;
	kit_play(kit, "agent note.unseal note=%llu reason=r : results[0].note.state%s",
		(unsigned long long)entry, disk.call == CALL_READ || disk.call == CALL_OPEN ? "~" : "=read");
	kit->once = false;
	disarm();
	reads(kit, entry, SAID);
}

static void start(struct place *place, unsigned int passing)
{
	struct kit *kit = place->kit;
	char older[SUPPORT_PATH_MAX];
	uint8_t key[32];
	begin(place);
	kit_play(kit, "agent contact.record claim=%s channel=phone direction=in note=\"" SAID "\"",
		place->claim);
	uint64_t said = kit->last_entry;
	notes_place_key(kit, (uint64_t)notes_place_size(kit, "notes.keys") / 32 - 1, key);
	notes_place_copy(kit, "notes.keys", "older");
	kit_play(kit, "maker note.erase claim=%s reason=asked-for\nchecker proposal.approve proposal=$last",
		place->claim);
	uint64_t erased = kit->last_entry;
	kit_close(kit);
	notes_place_copy(kit, "older", "notes.keys");
	support_directory_path(&kit->directory, "older", older);
	assert_int_equal(unlink(older), 0);
	arm(passing);
	kit_reopen(kit, false);
	disarm();
	kit_play(kit, "agent note.unseal note=%llu reason=r ! STATE_WRONG note entry=%llu",
		(unsigned long long)said, (unsigned long long)erased);
	if (!kit->ledger->notes.lost)
		assert_int_equal(notes_place_find(kit->directory.path, slice_of(key, sizeof key)), 0);
	reopen(kit);
	assert_int_equal(notes_place_find(kit->directory.path, slice_of(key, sizeof key)), 0);
}

/* ---- each call, each error ---- */

static const struct {
	const char *what;
	void (*act)(struct place *place, unsigned int passing);
	enum call calls[CALL_COUNT]; /* that it makes */
	size_t count;
} works[] = {
	{"said", say, {CALL_READ, CALL_WRITE, CALL_SYNC}, 3},
	{"erased", erase, {CALL_READ, CALL_WRITE, CALL_SYNC}, 3},
	{"read", read_note, {CALL_READ, CALL_OPEN}, 2},
	{"opened", start, {CALL_READ, CALL_WRITE, CALL_SYNC, CALL_OPEN}, 4},
};
enum { WORKS = sizeof works / sizeof works[0], STRIDE_SAMPLE = 4, CALLS_MOST = 150 };

static unsigned int fail_at_each(struct place *place, struct support_random *random, size_t work)
{
	unsigned int met = 0;
	unsigned int passing = 0;
	uint64_t stride = support_times(STRIDE_SAMPLE, 1);
	do {
		works[work].act(place, passing);
		met += disk.struck > 0;
		passing += 1 + (unsigned int)support_random_below(random, stride);
	} while (disk.struck > 0 &&
		 passing < CALLS_MOST); /* a start has one more to do for each key that was erased */
	return met;
}

static void each_call_fails(void **state)
{
	struct place place = {.kit = *state};
	struct support_random random = support_random_start();
	static const int errors[] = {EIO, ENOSPC};
	for (size_t work = 0; work < WORKS; work++) {
		unsigned int met = 0;
		for (unsigned int way = 0; way < 4 * works[work].count; way++) {
			disk.call = works[work].calls[way / 4];
			disk.error = errors[way % 2];
			disk.lasting = way % 4 >= 2;
			met += fail_at_each(&place, &random, work);
		}
		print_message("%s: %u calls failed\n", works[work].what, met);
		assert_true(met > 0);
	}
	kit_audit(place.kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {NOTES_TEST(each_call_fails)};
	return cmocka_run_group_tests(tests, support_crypto, NULL);
}
