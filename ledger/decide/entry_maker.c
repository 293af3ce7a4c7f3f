/* SPDX-License-Identifier: Apache-2.0 */
#include "decide/core.h"

#include "base/endian.h"

#include <assert.h>

static void derive_salt(slice request_salt, const struct crypto_hash *link, uint64_t index,
	uint8_t salt[static ENTRY_SALT_SIZE])
{
	enum { LINK = RECOURSE_SALT_SIZE, INDEX = LINK + CRYPTO_HASH_SIZE };
	uint8_t bytes[INDEX + 8];
	struct crypto_hash hash;
	memcpy(bytes, request_salt.data, RECOURSE_SALT_SIZE);
	memcpy(bytes + LINK, link->bytes, CRYPTO_HASH_SIZE);
	big_endian_write(bytes + INDEX, index, 8);
	crypto_sha256_labelled(slice_text("recourse-salt-v1\n"), slice_of(bytes, sizeof bytes), &hash);
	memcpy(salt, hash.bytes, ENTRY_SALT_SIZE);
}

static void encode_body(
	const struct request_command *command, const struct decision *decision, struct buffer *out)
{
	struct item_map map = item_map_open(out);
	field_encode_pairs(
		command->command->method.fields, command->command->method.field_count, command->values, out);
	buffer_append(out, decision->facts.data, decision->facts.size);
	if (decision->consequence_count > 0) {
		item_write_key(out, "consequences");
		item_write_array(out, decision->consequence_count);
		buffer_append(out, decision->consequences.data, decision->consequences.size);
	}
	item_map_close(map, out);
}

static void encode_postings(const struct decision *decision, struct buffer *out)
{
	item_write_array(out, decision->posting_count);
	for (size_t index = 0; index < decision->posting_count; index++) {
		const struct account_posting *posting = &decision->postings[index];
		struct entry_posting plain = {posting->code, posting->party, posting->reference,
			unit_code(&posting->unit), posting->steps};
		entry_encode_posting(&plain, out);
	}
}

enum recourse_error entry_maker_add(struct core *core, size_t index, uint32_t version)
{
	const struct request_command *command = &core->request->commands[index];
	const struct decision *decision = &core->decision;
	struct buffer *parts = &core->parts;
	struct group *group = core->group;
	const char *name = command->command->method.name;
	char rule[TEXT_ID_SIZE + TEXT_VERSION_SIZE];
	assert(strlen(name) <= TEXT_ID_SIZE);
	text_version(rule, slice_text(name), version);
	buffer_clear(parts);
	encode_body(command, decision, parts);
	size_t postings = parts->size;
	encode_postings(decision, parts);
	size_t approvals = parts->size;
	item_write_array(parts, decision->approval_count);
	buffer_append(parts, decision->approvals.data, decision->approvals.size);
	if (buffer_failed(parts) || buffer_failed(&decision->facts) ||
		buffer_failed(&decision->consequences) || buffer_failed(&decision->approvals))
		return RECOURSE_MEMORY;
	struct entry entry = {
		.number = group->head.entries,
		.time = decision->time,
		.request = core->request->hash,
		.request_index = index,
		.key = decision->actor->handle,
		.approvals = slice_of(parts->data + approvals, parts->size - approvals),
		.rule = slice_text(rule),
		.policy = slice_text(decision->policy),
		.kind = slice_text(name),
		.body = slice_of(parts->data, postings),
		.postings = slice_of(parts->data + postings, approvals - postings),
	};
	assert(entry.key.size > 0 && decision->actor->party.size > 0); /* I12 */
	derive_salt(core->given->salt, &group->link, index, entry.salt);
	size_t start = group->bytes.size;
	size_t previous = entry_encode(&entry, &group->bytes);
	if (group->bytes.size - start > ENTRY_SIZE_MAX)
		return refuse_limit(decision, RECOURSE_ENTRY_TOO_LARGE, NULL, "%d bytes", ENTRY_SIZE_MAX);
	return group_add_entry(group, start, previous, decision->time);
}
