/* SPDX-License-Identifier: Apache-2.0 */
#include "bank/bank_source.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum recourse_error bank_source_of(struct bank_source *source, slice memory, uint64_t size_max)
{
	source->descriptor = -1;
	source->memory = memory;
	source->size_max = size_max;
	source->size = 0;
	return crypto_stream_open(&source->stream);
}

enum recourse_error bank_source_open(struct bank_source *source, const char *path, uint64_t size_max)
{
	struct stat status;
	enum recourse_error error = bank_source_of(source, slice_of(NULL, 0), size_max);
	if (error != RECOURSE_OK)
		return error;
	/* Not to wait for who opens the other end of what is no file. */
	source->descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (source->descriptor < 0 || fstat(source->descriptor, &status) != 0)
		return RECOURSE_IO;
	if (!S_ISREG(status.st_mode))
		return RECOURSE_FIELD_FORMAT;
	return (uint64_t)status.st_size <= size_max ? RECOURSE_OK : RECOURSE_TOO_LARGE;
}

static enum recourse_error read_piece(struct bank_source *source, slice *piece)
{
	ssize_t size;
	do {
		size = read(source->descriptor, source->piece, sizeof source->piece);
	} while (size < 0 && errno == EINTR);
	*piece = slice_of(source->piece, size < 0 ? 0 : (size_t)size);
	return size < 0 ? RECOURSE_IO : RECOURSE_OK;
}

enum recourse_error bank_source_next(struct bank_source *source, slice *piece)
{
	enum recourse_error error = RECOURSE_OK;
	if (source->descriptor >= 0) {
		error = read_piece(source, piece);
	} else {
		size_t size = source->memory.size;
		*piece = slice_of(source->memory.data, size < BANK_SOURCE_PIECE ? size : BANK_SOURCE_PIECE);
		source->memory =
			slice_of(size == 0 ? NULL : source->memory.data + piece->size, size - piece->size);
	}
	if (error != RECOURSE_OK)
		return error;
	source->size += piece->size;
	if (source->size > source->size_max)
		return RECOURSE_TOO_LARGE;
	if (piece->size > 0)
		crypto_stream_add(source->stream, *piece);
	return RECOURSE_OK;
}

void bank_source_hash(struct bank_source *source, struct crypto_hash *hash)
{
	crypto_stream_end(source->stream, hash);
	source->stream = NULL;
}

void bank_source_close(struct bank_source *source)
{
	crypto_stream_free(source->stream);
	source->stream = NULL;
	if (source->descriptor >= 0)
		close(source->descriptor);
	source->descriptor = -1;
}
