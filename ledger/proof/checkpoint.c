/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/checkpoint.h"

#include "base/try.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

size_t checkpoint_format(const struct checkpoint *checkpoint, char text[static CHECKPOINT_TEXT_SIZE])
{
	char root[44 + 1];
	assert(crypto_base64_size(sizeof checkpoint->root.bytes) == sizeof root);
	crypto_base64_encode(slice_of(checkpoint->root.bytes, sizeof checkpoint->root.bytes), root);
	int size = snprintf(text, CHECKPOINT_TEXT_SIZE, "%s\n%" PRIu64 "\n%s\n", checkpoint->origin,
		checkpoint->size, root);
	assert(size > 0 && size < CHECKPOINT_TEXT_SIZE);
	return (size_t)size;
}

enum recourse_error checkpoint_parse(slice text, struct checkpoint *checkpoint)
{
	slice origin;
	slice size;
	slice root;
	if (!note_line(&text, &origin) || !note_line(&text, &size) || !note_line(&text, &root) ||
		text.size != 0 || !key_name_valid(origin))
		return RECOURSE_NOTE_MALFORMED;

	struct checkpoint parsed = {.size = 0};
	memcpy(parsed.origin, origin.data, origin.size);
	TRY(note_number(size, &parsed.size));
	if (!crypto_base64_exact(root, parsed.root.bytes, CRYPTO_HASH_SIZE))
		return RECOURSE_NOTE_MALFORMED;
	*checkpoint = parsed;
	return RECOURSE_OK;
}

enum recourse_error checkpoint_open(
	slice note, const struct key_public *log_key, struct checkpoint *checkpoint)
{
	slice text;
	TRY(note_text(note, &text));
	/* A witness's cosignature does not make it the log. */
	if (log_key->type != KEY_TYPE_ED25519)
		return RECOURSE_NOTE_UNSIGNED;
	TRY(note_verify(note, log_key, NULL));

	struct checkpoint parsed;
	TRY(checkpoint_parse(text, &parsed));
	if (strcmp(parsed.origin, log_key->name) != 0)
		return RECOURSE_NOTE_MALFORMED;
	*checkpoint = parsed;
	return RECOURSE_OK;
}
