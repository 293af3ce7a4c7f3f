/* SPDX-License-Identifier: Apache-2.0 */
#include "message_id.h"

#include "base/buffer.h"
#include "base/crypto.h"
#include "base/text.h"
#include "base/try.h"

#include <ctype.h>
#include <inttypes.h>

void message_id_make(
	slice origin, slice rail, slice batch, uint64_t number, char text[static MESSAGE_ID_SIZE + 1])
{
	SCOPED(buffer_free) struct buffer said = {0};
	struct crypto_hash hash;
	char hex[2 * CRYPTO_HASH_SIZE + 1];
	buffer_append_format(&said, "%.*s\n%.*s\n%.*s\n%" PRIu64 "\n", SLICE_ARGUMENTS(origin),
		SLICE_ARGUMENTS(rail), SLICE_ARGUMENTS(batch), number);
	crypto_sha256_labelled(slice_text("recourse-message-id-v1\n"), buffer_slice(&said), &hash);
	text_to_hex(hash.bytes, sizeof hash.bytes, hex);
	for (size_t index = 0; index < MESSAGE_ID_SIZE; index++)
		text[index] = (char)toupper((unsigned char)hex[index]);
	text[MESSAGE_ID_SIZE] = '\0';
}
