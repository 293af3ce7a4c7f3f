/* SPDX-License-Identifier: Apache-2.0 */
#include "clock_note.h"

#include "base/crypto.h"
#include "base/descriptor.h"
#include "base/instant.h"
#include "base/text.h"
#include "base/try.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#define FIRST_LINE "recourse-clock-v1"
enum { NOTE_FILE_SIZE = 512, SUM_SIZE = 2 * CRYPTO_HASH_SIZE + 1 };

static bool take_text(slice *rest, char *text, size_t size)
{
	slice line;
	if (!note_line(rest, &line) || line.size >= size)
		return false;
	memcpy(text, line.data, line.size);
	text[line.size] = '\0';
	return true;
}

static bool take_number(slice *rest, uint64_t *number)
{
	slice line;
	return note_line(rest, &line) && note_number(line, number) == RECOURSE_OK;
}

/* Of the lines before it, as the last one. */
static void write_sum(slice lines, char sum[static SUM_SIZE])
{
	struct crypto_hash hash;
	crypto_sha256(lines, &hash);
	text_to_hex(hash.bytes, sizeof hash.bytes, sum);
}

static bool take_sum(slice *rest, slice all)
{
	char sum[SUM_SIZE];
	slice line;
	write_sum(slice_before(all, *rest), sum);
	return note_line(rest, &line) && slice_is(line, sum);
}

static bool parse(slice all, struct clock_note *note)
{
	slice rest = all;
	slice line;
	if (!note_line(&rest, &line) || !slice_is(line, FIRST_LINE))
		return false;
	if (!take_text(&rest, note->origin, sizeof note->origin) || !note_line(&rest, &line) ||
		instant_parse(line, &note->time) != RECOURSE_OK)
		return false;
	return take_number(&rest, &note->elapsed) && take_text(&rest, note->boot, sizeof note->boot) &&
	       take_number(&rest, &note->entries) && take_sum(&rest, all) && rest.size == 0;
}

enum recourse_error clock_note_read(const char *path, struct clock_note *note)
{
	/* one byte more than any has, so that a longer file can not pass for its beginning */
	char bytes[NOTE_FILE_SIZE + 1];
	size_t size;
	*note = (struct clock_note){.time = 0};
	SCOPED(descriptor_close)
	const int file = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (file < 0)
		return errno == ENOENT ? RECOURSE_NOT_FOUND : RECOURSE_IO;
	TRY(descriptor_read(file, bytes, sizeof bytes, &size));
	return size <= NOTE_FILE_SIZE && parse(slice_of(bytes, size), note) ? RECOURSE_OK
									    : RECOURSE_STORE_CORRUPT;
}

enum recourse_error clock_note_write(const char *path, const struct clock_note *note)
{
	char text[NOTE_FILE_SIZE];
	char time[INSTANT_TEXT_SIZE];
	const char *slash = strrchr(path, '/');
	instant_format(note->time, time);
	int size = snprintf(text, sizeof text, FIRST_LINE "\n%s\n%s\n%" PRIu64 "\n%s\n%" PRIu64 "\n",
		note->origin, time, note->elapsed, note->boot, note->entries);
	SCOPED(descriptor_close) const int directory = descriptor_directory_of(path);
	if (directory < 0 || size < 0 || (size_t)size + SUM_SIZE >= sizeof text)
		return RECOURSE_IO;
	write_sum(slice_of(text, (size_t)size), text + size);
	size += SUM_SIZE;
	text[size - 1] = '\n';
	TRY(descriptor_replace(directory, slash != NULL ? slash + 1 : path, slice_of(text, (size_t)size)));
	return fsync(directory) == 0 ? RECOURSE_OK : RECOURSE_IO;
}
