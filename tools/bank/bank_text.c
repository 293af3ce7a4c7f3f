/* SPDX-License-Identifier: Apache-2.0 */
#include "bank/bank_text.h"

#include "base/try.h"

enum recourse_error bank_text_open(
	struct bank_text *text, struct bank_source *source, const char *encoding, uint64_t skip)
{
	*text = (struct bank_text){.source = source, .skip = skip, .line = 1};
	return encoding == NULL ? RECOURSE_OK : encoding_open(&text->encoding, encoding);
}

/* Where there is nothing whole in a piece there is more behind it, or the end. */
static enum recourse_error convert_next(struct bank_text *text, slice *piece)
{
	slice bytes;
	enum recourse_error error;
	buffer_clear(&text->piece);
	do {
		TRY(bank_source_next(text->source, &bytes));
		error = encoding_add(&text->encoding, bytes, &text->piece);
	} while (error == RECOURSE_OK && bytes.size > 0 && text->piece.size == 0);
	*piece = buffer_slice(&text->piece);
	for (size_t index = 0; index < piece->size; index++)
		text->line += piece->data[index] == '\n';
	text->foreign = error == RECOURSE_FIELD_FORMAT;
	return error;
}

static void skip_lines(struct bank_text *text, slice *piece)
{
	while (text->skip > 0 && piece->size > 0) {
		const uint8_t *newline = memchr(piece->data, '\n', piece->size);
		size_t size = newline == NULL ? piece->size : (size_t)(newline - piece->data) + 1;
		*piece = slice_from(*piece, size);
		text->skip -= newline != NULL;
	}
}

enum recourse_error bank_text_next(void *context, slice *piece)
{
	struct bank_text *text = context;
	bool over;
	if (text->foreign)
		return RECOURSE_FIELD_FORMAT;
	do {
		if (text->encoding.conversion != NULL)
			TRY(convert_next(text, piece));
		else
			TRY(bank_source_next(text->source, piece));
		over = piece->size == 0;
		skip_lines(text, piece);
	} while (!over && piece->size == 0);
	return RECOURSE_OK;
}

void bank_text_close(struct bank_text *text)
{
	encoding_close(&text->encoding);
	buffer_free(&text->piece);
}
