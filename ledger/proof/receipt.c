/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/receipt.h"

#include "base/try.h"

#include <inttypes.h>

static const char MAGIC[] = "c2sp.org/tlog-proof@v1";
static const char EXTRA[] = "extra ";
static const char INDEX[] = "index ";

/* From behind the magic line to the line after the index. */
static enum recourse_error parse_head(slice *rest, struct receipt *receipt)
{
	slice line;
	if (!note_line(rest, &line))
		return RECOURSE_NOTE_MALFORMED;
	if (slice_take(&line, EXTRA)) {
		/* Empty is written as no line at all: one meaning, one form. */
		if (line.size == 0 || !crypto_base64_valid(line))
			return RECOURSE_NOTE_MALFORMED;
		receipt->extra = line;
		if (!note_line(rest, &line))
			return RECOURSE_NOTE_MALFORMED;
	}
	if (!slice_take(&line, INDEX))
		return RECOURSE_NOTE_MALFORMED;
	TRY(note_number(line, &receipt->index));
	return receipt->index < TREE_SIZE_MAX ? RECOURSE_OK : RECOURSE_NOTE_MALFORMED;
}

static enum recourse_error parse_proof(slice *rest, struct tree_proof *proof)
{
	slice line;
	while (note_line(rest, &line)) {
		if (line.size == 0)
			return RECOURSE_OK;
		if (proof->count == TREE_PROOF_MAX)
			return RECOURSE_NOTE_MALFORMED;
		if (!crypto_base64_exact(line, proof->hashes[proof->count++].bytes, CRYPTO_HASH_SIZE))
			return RECOURSE_NOTE_MALFORMED;
	}
	return RECOURSE_NOTE_MALFORMED;
}

enum recourse_error receipt_parse(slice text, struct receipt *receipt)
{
	if (text.size > RECEIPT_SIZE_MAX)
		return RECOURSE_NOTE_MALFORMED;
	struct receipt parsed = {.index = 0};
	slice rest = text;
	slice line;
	if (!note_line(&rest, &line) || !slice_is(line, MAGIC))
		return RECOURSE_NOTE_MALFORMED;
	TRY(parse_head(&rest, &parsed));
	TRY(parse_proof(&rest, &parsed.proof));

	parsed.checkpoint = rest;
	slice checkpoint_text;
	TRY(note_text(parsed.checkpoint, &checkpoint_text));
	*receipt = parsed;
	return RECOURSE_OK;
}

void receipt_format(
	slice entry, uint64_t index, const struct tree_proof *proof, slice checkpoint, struct buffer *out)
{
	buffer_append_format(out, "%s\n", MAGIC);
	if (entry.size > 0) {
		buffer_append_text(out, EXTRA);
		crypto_base64_append(entry, out);
		buffer_append_text(out, "\n");
	}
	buffer_append_format(out, "%s%" PRIu64 "\n", INDEX, index);
	for (uint32_t i = 0; i < proof->count; i++) {
		crypto_base64_append(slice_of(proof->hashes[i].bytes, CRYPTO_HASH_SIZE), out);
		buffer_append_text(out, "\n");
	}
	buffer_append_text(out, "\n");
	buffer_append(out, checkpoint.data, checkpoint.size);
}

/* The receipt's own entry, decoded to `decoded`, or the one that came beside it. */
static enum recourse_error choose_entry(slice extra, slice held, struct buffer *decoded, slice *entry)
{
	*entry = held;
	if (extra.size == 0)
		return held.size > 0 ? RECOURSE_OK : RECOURSE_PROOF_WRONG;

	size_t size = 0;
	uint8_t *room = buffer_reserve(decoded, extra.size);
	if (room == NULL)
		return RECOURSE_MEMORY;
	if (crypto_base64_decode(extra, room, extra.size, &size) != RECOURSE_OK)
		return RECOURSE_NOTE_MALFORMED;
	decoded->size += size;
	*entry = buffer_slice(decoded);
	bool differ = held.size > 0 && !slice_equal(held, *entry);
	return differ ? RECOURSE_PROOF_WRONG : RECOURSE_OK;
}

enum recourse_error receipt_verify(slice text, const struct key_public *log_key, slice entry,
	struct checkpoint *checkpoint, uint64_t *index, struct buffer *entry_out)
{
	SCOPED(buffer_free) struct buffer decoded = {.data = NULL};
	struct receipt receipt;
	struct checkpoint opened;
	struct crypto_hash leaf;
	slice chosen;
	TRY(receipt_parse(text, &receipt));
	TRY(checkpoint_open(receipt.checkpoint, log_key, &opened));
	TRY(choose_entry(receipt.extra, entry, &decoded, &chosen));
	tree_leaf(chosen, &leaf);
	TRY(tree_check_inclusion(&leaf, receipt.index, opened.size, &receipt.proof, &opened.root));
	if (entry_out != NULL)
		buffer_append(entry_out, chosen.data, chosen.size);
	if (entry_out != NULL && buffer_failed(entry_out))
		return RECOURSE_MEMORY;
	*checkpoint = opened;
	*index = receipt.index;
	return RECOURSE_OK;
}
