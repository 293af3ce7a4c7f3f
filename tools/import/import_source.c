/* SPDX-License-Identifier: Apache-2.0 */
#include "import/import_source.h"

#include "base/try.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static enum recourse_error read_piece(struct import_source *source, slice *piece)
{
	ssize_t size;
	do {
		size = read(source->descriptor, source->piece, sizeof source->piece);
	} while (size < 0 && errno == EINTR);
	if (size < 0)
		return RECOURSE_IO;
	*piece = slice_of(source->piece, (size_t)size);
	source->size += (uint64_t)size;
	if (size > 0)
		crypto_stream_add(source->stream, *piece);
	source->ended = size == 0;
	return RECOURSE_OK;
}

static enum recourse_error add(struct import_source *source, slice piece)
{
	if (source->pieces.conversion != NULL)
		return encoding_add(&source->pieces, piece, &source->text);
	buffer_append(&source->text, piece.data, piece.size);
	return buffer_failed(&source->text) ? RECOURSE_MEMORY : RECOURSE_OK;
}

/* The most of what may separate cells in the first line, outside of quotes. */
static void find_separator(struct import_source *source)
{
	static const char separators[] = {',', ';', '\t'};
	size_t counts[sizeof separators] = {0};
	size_t most = 0;
	bool quoted = false;
	slice text = buffer_slice(&source->text);
	for (size_t index = 0; index < text.size && (quoted || text.data[index] != '\n'); index++) {
		quoted ^= text.data[index] == '"';
		for (size_t each = 0; each < sizeof separators; each++)
			counts[each] += !quoted && text.data[index] == (uint8_t)separators[each];
	}
	for (size_t each = 1; each < sizeof separators; each++)
		most = counts[each] > counts[most] ? each : most;
	source->separator = separators[most];
}

/* A pipe hands out as little as it likes. */
static enum recourse_error read_start(struct import_source *source, struct buffer *start)
{
	slice piece = {0};
	do {
		TRY(read_piece(source, &piece));
		buffer_append(start, piece.data, piece.size);
	} while (!source->ended && start->size < IMPORT_SOURCE_PIECE);
	return buffer_failed(start) ? RECOURSE_MEMORY : RECOURSE_OK;
}

static enum recourse_error begin(struct import_source *source, const char *encoding)
{
	size_t mark;
	SCOPED(buffer_free) struct buffer start = {0};
	TRY(read_start(source, &start));
	const char *marked = encoding_marked(buffer_slice(&start), &mark);
	if (encoding != NULL && strcmp(encoding, "utf-16") == 0)
		encoding = marked == NULL || strcmp(marked, "utf-8") == 0 ? "utf-16le" : marked;
	source->encoding = encoding != NULL ? encoding : marked != NULL ? marked : "utf-8";
	source->marked = marked != NULL && strcmp(marked, source->encoding) == 0;
	/* UTF-8 is read as it stands: rows.h says which row is none. */
	if (strcmp(source->encoding, "utf-8") != 0)
		TRY(encoding_open(&source->pieces, source->encoding));
	source->pieces.keep = true;
	if (start.size > 0)
		TRY(add(source, slice_from(buffer_slice(&start), source->marked ? mark : 0)));
	if (source->ended && source->pieces.conversion != NULL)
		TRY(add(source, slice_of(NULL, 0)));
	find_separator(source);
	return RECOURSE_OK;
}

enum recourse_error import_source_open(struct import_source *source, const char *path, const char *encoding)
{
	struct stat status;
	source->descriptor = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	if (source->descriptor < 0 || fstat(source->descriptor, &status) != 0)
		return RECOURSE_IO;
	source->size_max = S_ISREG(status.st_mode) ? (uint64_t)status.st_size : 0;
	TRY(crypto_stream_open(&source->stream));
	return begin(source, encoding);
}

enum recourse_error import_source_next(void *context, slice *piece)
{
	struct import_source *source = context;
	slice bytes = {0};
	if (source->begun)
		buffer_clear(&source->text);
	source->begun = true;
	while (source->text.size == 0 && !source->ended) {
		TRY(read_piece(source, &bytes));
		TRY(add(source, bytes));
	}
	*piece = buffer_slice(&source->text);
	return RECOURSE_OK;
}

enum recourse_error import_source_hash(struct import_source *source, struct crypto_hash *hash)
{
	slice piece;
	while (!source->ended)
		TRY(read_piece(source, &piece));
	crypto_stream_end(source->stream, hash);
	source->stream = NULL;
	return RECOURSE_OK;
}

void import_source_close(struct import_source *source)
{
	crypto_stream_free(source->stream);
	source->stream = NULL;
	if (source->descriptor > STDIN_FILENO)
		close(source->descriptor);
	source->descriptor = -1;
	encoding_close(&source->pieces);
	buffer_free(&source->text);
}
