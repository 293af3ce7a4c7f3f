/* SPDX-License-Identifier: Apache-2.0 */
#include "backup_file.h"

#include "base/descriptor.h"
#include "base/endian.h"
#include "base/try.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAGIC "recourse-backup1"
#define LABEL "recourse-backup-v1\n"

enum {
	MAGIC_SIZE = sizeof MAGIC - 1,
	AT_SEALED = MAGIC_SIZE,
	AT_FLOW = 24,
	AT_KEY = AT_FLOW + CRYPTO_FLOW_HEADER_SIZE,
	KEY_MARK_SIZE = BACKUP_HEADER_SIZE - AT_KEY,
	COUNT_SIZE = 4,
	PLAIN_EXTRA = 1 + CRYPTO_HASH_SIZE,
	ZEROES_MIN =
		16, /* so many at the end of a file were never written: a copy that was given its size first */
};

enum recourse_error backup_file_find(
	struct backup_finding *finding, enum recourse_backup_fault fault, const char *format, ...)
{
	va_list arguments;
	if (finding->fault != RECOURSE_BACKUP_SOUND)
		return RECOURSE_AUDIT_FAILED;
	finding->fault = fault;
	va_start(arguments, format);
	(void)vsnprintf(finding->what, sizeof finding->what, format, arguments);
	va_end(arguments);
	return RECOURSE_AUDIT_FAILED;
}

static enum recourse_error failed_by_system(void)
{
	return descriptor_full(errno) ? RECOURSE_STORE_FULL : RECOURSE_IO;
}

/* By it a wrong key is told from a file that was changed. */
static void mark_key(const uint8_t *key, const uint8_t *header, uint8_t mark[static KEY_MARK_SIZE])
{
	uint8_t whole[CRYPTO_HASH_SIZE];
	crypto_mark(key, slice_text(LABEL), slice_of(header + AT_FLOW, CRYPTO_FLOW_HEADER_SIZE), whole);
	memcpy(mark, whole, KEY_MARK_SIZE);
}

/* Of what a block says, which comes after that link. */
static void link_block(
	const struct crypto_hash *before, slice said, struct buffer *room, struct crypto_hash *link)
{
	buffer_clear(room);
	buffer_append(room, before->bytes, sizeof before->bytes);
	buffer_append(room, said.data, said.size);
	crypto_sha256_labelled(slice_text(LABEL), buffer_slice(room), link);
}

/* ---- writing ---- */

enum recourse_error backup_file_write_begin(
	struct backup_writer *writer, int file, const uint8_t key[BACKUP_KEY_SIZE])
{
	uint8_t header[BACKUP_HEADER_SIZE] = {0};
	*writer = (struct backup_writer){.file = file, .sealed = key != NULL};
	memcpy(header, MAGIC, MAGIC_SIZE);
	header[AT_SEALED] = writer->sealed;
	if (key != NULL) {
		crypto_flow_begin(&writer->flow, key, header + AT_FLOW);
		mark_key(key, header, header + AT_KEY);
	}
	crypto_sha256_labelled(slice_text(LABEL), slice_of(header, sizeof header), &writer->link);
	return descriptor_write(file, slice_of(header, sizeof header)) == RECOURSE_OK ? RECOURSE_OK
										      : failed_by_system();
}

/* A block is linked also where it is sealed: the last link stands for the whole, by whichever key. */
static enum recourse_error write_block(struct backup_writer *writer, slice bytes, bool last)
{
	struct buffer *block = &writer->block;
	SCOPED(buffer_free) struct buffer said = {0};
	SCOPED(buffer_free) struct buffer room = {0};
	const uint8_t tag = last;
	buffer_append(&said, &tag, 1);
	buffer_append(&said, bytes.data, bytes.size);
	link_block(&writer->link, buffer_slice(&said), &room, &writer->link);
	size_t size = writer->sealed ? bytes.size + CRYPTO_FLOW_EXTRA : bytes.size + PLAIN_EXTRA;
	buffer_clear(block);
	uint8_t *to = buffer_reserve(block, COUNT_SIZE + size);
	if (to == NULL || buffer_failed(&said) || buffer_failed(&room))
		return RECOURSE_MEMORY;
	big_endian_write(to, size, COUNT_SIZE);
	if (writer->sealed) {
		crypto_flow_seal(&writer->flow, last, bytes, to + COUNT_SIZE);
	} else {
		memcpy(to + COUNT_SIZE, said.data, said.size);
		memcpy(to + COUNT_SIZE + said.size, writer->link.bytes, CRYPTO_HASH_SIZE);
	}
	slice whole = slice_of(to, COUNT_SIZE + size);
	return descriptor_write(writer->file, whole) == RECOURSE_OK ? RECOURSE_OK : failed_by_system();
}

enum recourse_error backup_file_write(struct backup_writer *writer, slice bytes)
{
	struct buffer *waiting = &writer->bytes;
	buffer_append(waiting, bytes.data, bytes.size);
	if (buffer_failed(waiting))
		return RECOURSE_MEMORY;
	size_t done = 0;
	for (; waiting->size - done >= BACKUP_BLOCK_MAX; done += BACKUP_BLOCK_MAX)
		TRY(write_block(writer, slice_of(waiting->data + done, BACKUP_BLOCK_MAX), false));
	if (done > 0) {
		memmove(waiting->data, waiting->data + done, waiting->size - done);
		buffer_cut(waiting, waiting->size - done);
	}
	return RECOURSE_OK;
}

enum recourse_error backup_file_write_end(struct backup_writer *writer)
{
	return write_block(writer, buffer_slice(&writer->bytes), true);
}

void backup_file_write_free(struct backup_writer *writer)
{
	crypto_wipe(&writer->flow, sizeof writer->flow);
	buffer_free(&writer->bytes);
	buffer_free(&writer->block);
}

/* ---- reading ---- */

static enum recourse_error cut(struct backup_reader *reader)
{
	return backup_file_find(reader->finding, RECOURSE_BACKUP_CUT,
		"it was not copied or written whole: it ends at byte %llu, in the middle",
		(unsigned long long)reader->size);
}

/* Where the zeroes begin with which the file ends. */
static enum recourse_error find_zeroes(const struct backup_reader *reader, uint64_t *from)
{
	uint8_t bytes[4096];
	size_t size;
	*from = reader->size;
	while (*from > 0) {
		size_t wanted = *from < sizeof bytes ? (size_t)*from : sizeof bytes;
		TRY(descriptor_read_at(reader->file, bytes, wanted, *from - wanted, &size));
		if (size != wanted)
			return RECOURSE_IO;
		while (size > 0 && bytes[size - 1] == 0)
			size--;
		*from -= wanted - size;
		if (size > 0)
			break;
	}
	return RECOURSE_OK;
}

/* A block that is not as it was written: was it never, or is it another? */
static enum recourse_error changed(struct backup_reader *reader, uint64_t begin, uint64_t end)
{
	uint64_t zeroes;
	TRY(find_zeroes(reader, &zeroes));
	if (zeroes < end && reader->size - zeroes >= ZEROES_MIN)
		return backup_file_find(reader->finding, RECOURSE_BACKUP_CUT,
			"it was not copied whole: it has nothing but zeroes from byte %llu on",
			(unsigned long long)zeroes);
	return backup_file_find(reader->finding, RECOURSE_BACKUP_CHANGED,
		"it was changed since it was written: the block at byte %llu is not what was written there",
		(unsigned long long)begin);
}

static enum recourse_error check_key(struct backup_reader *reader, const uint8_t *header, const uint8_t *key)
{
	uint8_t mark[KEY_MARK_SIZE];
	if (!reader->sealed && key == NULL)
		return RECOURSE_OK;
	if (!reader->sealed)
		return backup_file_find(reader->finding, RECOURSE_BACKUP_KEY,
			"it is not sealed, and a key was given: is it the one that was written?");
	if (key == NULL)
		return backup_file_find(
			reader->finding, RECOURSE_BACKUP_KEY, "it is sealed, and no key was given");
	mark_key(key, header, mark);
	if (memcmp(mark, header + AT_KEY, sizeof mark) != 0)
		return backup_file_find(reader->finding, RECOURSE_BACKUP_KEY,
			"it was sealed with another key (or its first 64 bytes were changed)");
	if (!crypto_flow_resume(&reader->flow, key, header + AT_FLOW))
		return changed(reader, 0, BACKUP_HEADER_SIZE);
	return RECOURSE_OK;
}

static bool known_header(const uint8_t *header)
{
	static const uint8_t none[BACKUP_HEADER_SIZE];
	bool plain = header[AT_SEALED] == 0;
	return memcmp(header, MAGIC, MAGIC_SIZE) == 0 && header[AT_SEALED] <= 1 &&
	       memcmp(header + AT_SEALED + 1, none, AT_FLOW - AT_SEALED - 1) == 0 &&
	       (!plain || memcmp(header + AT_FLOW, none, BACKUP_HEADER_SIZE - AT_FLOW) == 0);
}

enum recourse_error backup_file_read_begin(struct backup_reader *reader, int file,
	const uint8_t key[BACKUP_KEY_SIZE], struct backup_finding *finding)
{
	struct stat status;
	uint8_t header[BACKUP_HEADER_SIZE];
	size_t size;
	*reader = (struct backup_reader){.file = file, .finding = finding};
	if (fstat(file, &status) != 0)
		return RECOURSE_IO;
	if (!S_ISREG(status.st_mode))
		return backup_file_find(finding, RECOURSE_BACKUP_STRANGE, "it is not a file");
	reader->size = (uint64_t)status.st_size;
	TRY(descriptor_read_at(file, header, sizeof header, 0, &size));
	if (size < sizeof header)
		return cut(reader);
	if (!known_header(header)) {
		uint64_t zeroes;
		TRY(find_zeroes(reader, &zeroes));
		return zeroes == 0 ? changed(reader, 0, BACKUP_HEADER_SIZE)
				   : backup_file_find(finding, RECOURSE_BACKUP_STRANGE,
					     "it is no piece of a backup, or of a later version, or its "
					     "first 64 bytes were changed");
	}
	reader->sealed = header[AT_SEALED] == 1;
	reader->place = sizeof header;
	crypto_sha256_labelled(slice_text(LABEL), slice_of(header, sizeof header), &reader->link);
	return check_key(reader, header, key);
}

/* From what is stored to what it says, with the tag in front. */
static bool open_block(struct backup_reader *reader, slice stored, struct buffer *said)
{
	SCOPED(buffer_free) struct buffer room = {0};
	bool last = false;
	if (reader->sealed) {
		uint8_t *to = buffer_reserve(said, stored.size);
		if (to == NULL || !crypto_flow_open(&reader->flow, stored, to + 1, &last))
			return false;
		to[0] = last;
		said->size += stored.size - CRYPTO_FLOW_EXTRA + 1;
	} else {
		buffer_append(said, stored.data, stored.size - CRYPTO_HASH_SIZE);
	}
	link_block(&reader->link, buffer_slice(said), &room, &reader->link);
	if (buffer_failed(said) || buffer_failed(&room) || said->data[0] > 1)
		return false;
	reader->last = said->data[0] == 1;
	return reader->sealed || memcmp(reader->link.bytes, stored.data + stored.size - CRYPTO_HASH_SIZE,
					 CRYPTO_HASH_SIZE) == 0;
}

static enum recourse_error read_block(struct backup_reader *reader)
{
	uint8_t count[COUNT_SIZE];
	size_t read;
	const uint64_t begin = reader->place;
	const size_t extra = reader->sealed ? CRYPTO_FLOW_EXTRA : PLAIN_EXTRA;
	TRY(descriptor_read_at(reader->file, count, sizeof count, begin, &read));
	if (read < sizeof count)
		return cut(reader);
	const size_t size = (size_t)big_endian_read(count, sizeof count);
	if (size < extra || size > BACKUP_BLOCK_MAX + extra)
		return changed(reader, begin, begin + COUNT_SIZE);
	buffer_clear(&reader->stored);
	buffer_clear(&reader->bytes);
	uint8_t *stored = buffer_reserve(&reader->stored, size);
	if (stored == NULL)
		return RECOURSE_MEMORY;
	TRY(descriptor_read_at(reader->file, stored, size, begin + COUNT_SIZE, &read));
	if (read < size)
		return cut(reader);
	reader->place = begin + COUNT_SIZE + size;
	reader->taken = 1;
	if (!open_block(reader, slice_of(stored, size), &reader->bytes))
		return buffer_failed(&reader->bytes) ? RECOURSE_MEMORY
						     : changed(reader, begin, reader->place);
	return RECOURSE_OK;
}

enum recourse_error backup_file_read(struct backup_reader *reader, void *bytes, size_t size)
{
	uint8_t *to = bytes;
	while (size > 0) {
		size_t left = reader->bytes.size - reader->taken;
		if (left == 0 && reader->last)
			return backup_file_find(reader->finding, RECOURSE_BACKUP_CHANGED,
				"its last block comes before its content ends");
		if (left == 0) {
			TRY(read_block(reader));
			continue;
		}
		size_t some = left < size ? left : size;
		memcpy(to, reader->bytes.data + reader->taken, some);
		reader->taken += some;
		to += some;
		size -= some;
	}
	return RECOURSE_OK;
}

enum recourse_error backup_file_read_end(struct backup_reader *reader)
{
	if (reader->taken == reader->bytes.size && !reader->last)
		TRY(read_block(reader));
	if (reader->taken < reader->bytes.size || !reader->last)
		return backup_file_find(
			reader->finding, RECOURSE_BACKUP_CHANGED, "it has content behind its end");
	if (reader->place != reader->size)
		return backup_file_find(reader->finding, RECOURSE_BACKUP_CHANGED,
			"it was changed since it was written: it goes on behind its end at byte %llu",
			(unsigned long long)reader->place);
	return RECOURSE_OK;
}

void backup_file_read_free(struct backup_reader *reader)
{
	crypto_wipe(&reader->flow, sizeof reader->flow);
	buffer_free(&reader->stored);
	buffer_free(&reader->bytes);
}
