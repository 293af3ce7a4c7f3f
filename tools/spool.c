/* SPDX-License-Identifier: Apache-2.0 */
#include "spool.h"

#include "base/try.h"
#include "output.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char *place(void)
{
	const char *said = getenv("TMPDIR");
	return said == NULL || *said == '\0' ? "/tmp" : said;
}

static enum recourse_error open_file(struct spool *spool)
{
	char path[4096];
	int size = snprintf(path, sizeof path, "%s/recourse-XXXXXX", place());
	if (size >= (int)sizeof path) {
		errno = ENAMETOOLONG;
		return RECOURSE_IO;
	}
	spool->descriptor = mkostemp(path, O_CLOEXEC);
	if (spool->descriptor < 0)
		return RECOURSE_IO;
	spool->is_open = true;
	return unlink(path) == 0 ? RECOURSE_OK : RECOURSE_IO;
}

static enum recourse_error write_out(struct spool *spool)
{
	uint64_t offset = spool->size - spool->memory.size;
	size_t done = 0;
	if (!spool->is_open)
		TRY(open_file(spool));
	while (done < spool->memory.size) {
		ssize_t size = pwrite(spool->descriptor, spool->memory.data + done, spool->memory.size - done,
			(off_t)(offset + done));
		if (size < 0 && errno != EINTR)
			return RECOURSE_IO;
		done += size < 0 ? 0 : (size_t)size;
	}
	buffer_clear(&spool->memory);
	return RECOURSE_OK;
}

enum recourse_error spool_append(struct spool *spool, const void *data, size_t size)
{
	if (spool->memory.size > 0 && spool->memory.size + size > SPOOL_MEMORY)
		TRY(write_out(spool));
	buffer_append(&spool->memory, data, size);
	if (buffer_failed(&spool->memory))
		return RECOURSE_MEMORY;
	spool->size += size;
	return RECOURSE_OK;
}

static enum recourse_error read_file(const struct spool *spool, uint64_t offset, uint8_t *data, size_t size)
{
	size_t done = 0;
	while (done < size) {
		ssize_t got = pread(spool->descriptor, data + done, size - done, (off_t)(offset + done));
		if (got == 0)
			errno = EIO;
		if (got == 0 || (got < 0 && errno != EINTR))
			return RECOURSE_IO;
		done += got < 0 ? 0 : (size_t)got;
	}
	return RECOURSE_OK;
}

enum recourse_error spool_read(const struct spool *spool, uint64_t offset, void *data, size_t size)
{
	uint64_t written = spool->size - spool->memory.size;
	size_t in_file = offset >= written ? 0 : written - offset < size ? (size_t)(written - offset) : size;
	assert(offset <= spool->size && size <= spool->size - offset);
	TRY(read_file(spool, offset, data, in_file));
	if (in_file < size)
		memcpy((uint8_t *)data + in_file, spool->memory.data + (offset + in_file - written),
			size - in_file);
	return RECOURSE_OK;
}

enum exit_code spool_say(const char *of)
{
	output_problem("%s: what is kept of it meanwhile has no place below %s: %s [IO]", of, place(),
		strerror(errno));
	output_next("with TMPDIR a folder that has room: a few hundred bytes for each of its lines");
	return EXIT_CODE_UNAVAILABLE;
}

void spool_free(struct spool *spool)
{
	buffer_free(&spool->memory);
	if (spool->is_open)
		close(spool->descriptor);
	*spool = (struct spool){.size = 0};
}
