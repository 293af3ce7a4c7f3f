/* SPDX-License-Identifier: Apache-2.0 */
#include "base/note_text.h"

#include "base/text.h"

#include <assert.h>

static bool may_stand(slice rest)
{
	return text_control(rest) == 0 || memchr("\t\n\r", rest.data[0], 3) != NULL;
}

bool note_text_valid(slice text)
{
	if (text.size < 1 || text.size > NOTE_TEXT_SIZE_MAX || !text_is_utf8(text))
		return false;
	for (size_t index = 0; index < text.size; index++)
		if (!may_stand(slice_from(text, index)))
			return false;
	return true;
}

void note_text_commit(
	const uint8_t random[static NOTE_TEXT_RANDOM_SIZE], slice text, struct crypto_hash *commitment)
{
	uint8_t both[NOTE_TEXT_RANDOM_SIZE + NOTE_TEXT_SIZE_MAX];
	assert(text.size <= NOTE_TEXT_SIZE_MAX);
	memcpy(both, random, NOTE_TEXT_RANDOM_SIZE);
	memcpy(both + NOTE_TEXT_RANDOM_SIZE, text.data, text.size);
	slice said = slice_of(both, NOTE_TEXT_RANDOM_SIZE + text.size);
	crypto_sha256_labelled(slice_text("recourse-note-v1\n"), said, commitment);
	crypto_wipe(both, said.size);
}
