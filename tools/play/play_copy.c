/* SPDX-License-Identifier: Apache-2.0 */
#include "play/play_copy.h"

#include "base/instant.h"
#include "base/item.h"
#include "base/try.h"
#include "member.h"
#include "output.h"
#include "play/play_embedded.h"
#include "recourse_client.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/file.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- the files ---- */

static enum recourse_error copy_bytes(int from, int to)
{
	struct stat status;
	if (fstat(from, &status) != 0)
		return RECOURSE_IO;
	off_t left = status.st_size;
	while (left > 0) {
		ssize_t size = sendfile(to, from, NULL, (size_t)left);
		if (size <= 0)
			return RECOURSE_IO;
		left -= size;
	}
	return RECOURSE_OK;
}

static enum recourse_error copy_file(const char *from, const char *to)
{
	int source = open(from, O_RDONLY | O_CLOEXEC);
	if (source < 0)
		return RECOURSE_IO;
	int target = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	enum recourse_error error = target < 0 ? RECOURSE_IO : copy_bytes(source, target);
	if (target >= 0 && close(target) != 0)
		error = RECOURSE_IO;
	close(source);
	return error;
}

/* Whoever serves it holds this; nobody begins while it is copied. */
static enum recourse_error hold_still(const char *from, int *lock)
{
	char path[PATH_MAX];
	snprintf(path, sizeof path, "%s/log", from);
	*lock = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (*lock < 0)
		return RECOURSE_IO;
	if (flock(*lock, LOCK_SH | LOCK_NB) == 0)
		return RECOURSE_OK;
	close(*lock);
	return errno == EWOULDBLOCK ? RECOURSE_STORE_LOCKED : RECOURSE_IO;
}

static enum recourse_error copy_of_log(const char *from, const char *directory, const char *name)
{
	char source[PATH_MAX];
	char target[PATH_MAX];
	if (snprintf(source, sizeof source, "%s/log/%s", from, name) >= (int)sizeof source ||
		snprintf(target, sizeof target, "%s/ledger/log/%s", directory, name) >= (int)sizeof target)
		return RECOURSE_IO;
	return copy_file(source, target);
}

static enum recourse_error make_directory(const char *directory, const char *name)
{
	char path[PATH_MAX];
	if (snprintf(path, sizeof path, "%s/%s", directory, name) >= (int)sizeof path)
		return RECOURSE_IO;
	return mkdir(path, 0700) == 0 ? RECOURSE_OK : RECOURSE_IO;
}

/* The log alone, with the latest that it has where there is a file of that: what follows from it is made again. */
static enum recourse_error copy_log(const char *from, const char *directory)
{
	TRY(make_directory(directory, "ledger"));
	TRY(make_directory(directory, "ledger/log"));
	TRY(copy_of_log(from, directory, "data.mdb"));
	errno = 0;
	enum recourse_error error = copy_of_log(from, directory, "latest");
	return errno == ENOENT ? RECOURSE_OK : error;
}

static enum recourse_error copy_ledger(const char *from, const char *directory)
{
	int lock;
	enum recourse_error error = hold_still(from, &lock);
	if (error != RECOURSE_OK)
		return error;
	error = copy_log(from, directory);
	close(lock);
	return error;
}

/* ---- who there is ---- */

static bool names_a_key(slice entry)
{
	static const char *const kinds[] = {"ledger.open", "key.register", "key.rotate"};
	for (size_t index = 0; index < sizeof kinds / sizeof kinds[0]; index++) {
		if (memmem(entry.data, entry.size, kinds[index], strlen(kinds[index])) != NULL)
			return true;
	}
	return false;
}

static void take_key(slice entry, struct play_people *people)
{
	struct recourse_bytes described = {0};
	slice body;
	slice vkey;
	if (recourse_entry_describe(entry, &described) == RECOURSE_OK &&
		member_map(slice_of(described.data, described.size), "body", &body) &&
		(member_text(body, "new", &vkey) || member_text(body, "key", &vkey)))
		play_people_know(people, vkey);
	recourse_bytes_free(&described);
}

static enum recourse_error meet_everybody(
	struct recourse_ledger *ledger, uint64_t entries, struct play_people *people)
{
	enum recourse_error error = RECOURSE_OK;
	for (uint64_t number = 0; error == RECOURSE_OK && number < entries; number++) {
		struct recourse_bytes bytes;
		error = recourse_ledger_entry(ledger, number, &bytes);
		slice entry = slice_of(bytes.data, bytes.size);
		if (error == RECOURSE_OK && names_a_key(entry))
			take_key(entry, people);
		recourse_bytes_free(&bytes);
	}
	return error;
}

static enum recourse_error read_entry(
	struct recourse_ledger *ledger, uint64_t number, struct recourse_bytes *described)
{
	struct recourse_bytes bytes;
	enum recourse_error error = recourse_ledger_entry(ledger, number, &bytes);
	if (error == RECOURSE_OK)
		error = recourse_entry_describe(slice_of(bytes.data, bytes.size), described);
	recourse_bytes_free(&bytes);
	return error;
}

static enum recourse_error read_time(struct recourse_ledger *ledger, uint64_t last, uint64_t *time)
{
	struct recourse_bytes described = {0};
	slice text;
	enum recourse_error error = read_entry(ledger, last, &described);
	if (error == RECOURSE_OK)
		error = member_text(slice_of(described.data, described.size), "time", &text)
				? instant_parse(text, time)
				: RECOURSE_MALFORMED;
	recourse_bytes_free(&described);
	return error;
}

/* ---- its clock ---- */

/* The first administrator's, by the first entry; a stand-in that nobody else can be. */
static void write_clock_key(const struct play_people *people, slice party, struct buffer *out)
{
	char vkey[KEY_TEXT_SIZE];
	play_people_vkey(people, "rehearsal/system", vkey);
	item_write_array(out, 1);
	item_write_map(out, 4);
	item_write_pair_text(out, "command", slice_text("key.register"));
	item_write_pair_text(out, "party", party);
	item_write_pair_text(out, "key", slice_text(vkey));
	item_write_key(out, "roles");
	item_write_array(out, 1);
	item_write_text(out, slice_text("system"));
}

static enum recourse_error register_clock(struct play_ledger *ledger, slice opening)
{
	struct play_reply reply;
	struct buffer commands = {0};
	char admin[KEY_TEXT_SIZE];
	slice body;
	slice party;
	slice key;
	if (!member_map(opening, "body", &body) || !member_text(body, "party", &party) ||
		!member_text(body, "key", &key) || key.size >= sizeof admin)
		return RECOURSE_MALFORMED;
	/* called by the whole name of its key */
	snprintf(admin, sizeof admin, "%.*s", (int)strcspn((const char *)key.data, "+"),
		(const char *)key.data);
	write_clock_key(&ledger->people, party, &commands);
	const struct play_submission submission = {.actor = admin, .commands = buffer_slice(&commands)};
	play_ledger_submit(ledger, &submission, &reply);
	play_ledger_forget(&reply);
	buffer_free(&commands);
	/* without one nothing strikes: a scenario that does not wait can be played all the same */
	return reply.error == RECOURSE_OK ? play_embedded_wind(ledger, "rehearsal/system") : RECOURSE_OK;
}

static enum recourse_error begin(struct play_ledger *ledger)
{
	struct recourse_ledger *within = play_embedded_ledger(ledger);
	struct recourse_standing standing;
	struct recourse_bytes opening = {0};
	enum recourse_error error = recourse_ledger_standing(within, &standing);
	if (error == RECOURSE_OK && standing.entries == 0)
		error = RECOURSE_NOT_FOUND;
	if (error == RECOURSE_OK)
		error = meet_everybody(within, standing.entries, &ledger->people);
	if (error == RECOURSE_OK)
		error = read_time(within, standing.entries - 1, &ledger->now);
	if (error == RECOURSE_OK)
		error = read_entry(within, 0, &opening);
	if (error == RECOURSE_OK)
		error = register_clock(ledger, slice_of(opening.data, opening.size));
	recourse_bytes_free(&opening);
	return error;
}

struct play_ledger *play_copy_open(const char *from, const char *directory)
{
	enum recourse_error error = copy_ledger(from, directory);
	struct play_ledger *ledger = NULL;
	if (error == RECOURSE_OK)
		error = play_embedded_rehearse(directory, &ledger);
	if (error == RECOURSE_OK)
		error = begin(ledger);
	if (error == RECOURSE_OK)
		return ledger;
	output_error(error, NULL, from);
	if (error == RECOURSE_STORE_LOCKED)
		output_next("stop its service, or give a copy that was made of it");
	play_ledger_close(ledger);
	return NULL;
}
