/* SPDX-License-Identifier: Apache-2.0 */
#include "backup_piece.h"

#include "base/endian.h"
#include "base/try.h"
#include "store/log_read.h"

#include <stdio.h>

enum {
	VERSION = 1,
	ITEM_HEAD_SIZE = 5,
	HEAD_SIZE = 4 * 8 + 3 * CRYPTO_HASH_SIZE,
	BEGIN_MAX = 1024,
};

/* ---- past the chain ---- */

enum recourse_error backup_piece_pass_request(
	struct backup_chain *chain, const struct backup_target *target, slice record)
{
	TRY(backup_chain_request(chain, record));
	return target == NULL ? RECOURSE_OK : target->request(target->context, record);
}

enum recourse_error backup_piece_pass_entry(
	struct backup_chain *chain, const struct backup_target *target, slice entry)
{
	TRY(backup_chain_entry(chain, entry));
	return target == NULL ? RECOURSE_OK : target->entry(target->context, entry);
}

enum recourse_error backup_piece_pass_checkpoint(
	struct backup_chain *chain, const struct backup_target *target, slice note)
{
	TRY(backup_chain_checkpoint(chain, note));
	return target == NULL ? RECOURSE_OK : target->checkpoint(target->context, chain->signed_size, note);
}

/* ---- writing ---- */

static enum recourse_error write_item(struct backup_writer *writer, char kind, slice bytes)
{
	uint8_t head[ITEM_HEAD_SIZE] = {(uint8_t)kind};
	big_endian_write(head + 1, bytes.size, ITEM_HEAD_SIZE - 1);
	TRY(backup_file_write(writer, slice_of(head, sizeof head)));
	return backup_file_write(writer, bytes);
}

static void append_number(struct buffer *out, uint64_t number, size_t size)
{
	uint8_t bytes[8];
	big_endian_write(bytes, number, size);
	buffer_append(out, bytes, size);
}

static void append_head(struct buffer *out, const struct recourse_backup_head *head)
{
	append_number(out, head->entries, 8);
	append_number(out, head->requests, 8);
	append_number(out, head->time, 8);
	append_number(out, head->signed_size, 8);
	buffer_append(out, head->last, sizeof head->last);
	buffer_append(out, head->link, sizeof head->link);
	buffer_append(out, head->root, sizeof head->root);
}

static void append_text(struct buffer *out, const char *text)
{
	append_number(out, strlen(text), 2);
	buffer_append_text(out, text);
}

static enum recourse_error write_buffer(struct backup_writer *writer, char kind, const struct buffer *bytes)
{
	return buffer_failed(bytes) ? RECOURSE_MEMORY : write_item(writer, kind, buffer_slice(bytes));
}

enum recourse_error backup_piece_begin(struct backup_writer *writer, const struct recourse_backup *backup,
	const struct crypto_hash *previous)
{
	SCOPED(buffer_free) struct buffer begin = {0};
	append_number(&begin, VERSION, 1);
	append_head(&begin, &backup->before);
	buffer_append(&begin, previous->bytes, sizeof previous->bytes);
	append_number(&begin, backup->made, 8);
	append_text(&begin, backup->origin);
	append_text(&begin, backup->log_key);
	return write_buffer(writer, 'b', &begin);
}

static enum recourse_error write_request(void *context, slice record)
{
	return write_item(context, 'r', record);
}

static enum recourse_error write_entry(void *context, slice entry)
{
	return write_item(context, 'e', entry);
}

static enum recourse_error write_checkpoint(void *context, uint64_t size, slice note)
{
	(void)size;
	return write_item(context, 'c', note);
}

static enum recourse_error write_end(void *context, const struct backup_chain *chain)
{
	SCOPED(buffer_free) struct buffer end = {0};
	struct recourse_backup_head head;
	backup_chain_head(chain, &head);
	append_head(&end, &head);
	TRY(write_buffer(context, 'z', &end));
	return backup_file_write_end(context);
}

struct backup_target backup_piece_target(struct backup_writer *writer)
{
	return (struct backup_target){
		.request = write_request,
		.entry = write_entry,
		.checkpoint = write_checkpoint,
		.end = write_end,
		.context = writer,
	};
}

/* ---- reading ---- */

static enum recourse_error malformed(struct backup_reader *reader)
{
	return backup_file_find(reader->finding, RECOURSE_BACKUP_CHANGED,
		"its content before byte %llu has another form", (unsigned long long)reader->place);
}

static size_t size_max(char kind)
{
	switch (kind) {
	case 'b':
		return BEGIN_MAX;
	case 'r':
		return LOG_REQUEST_SIZE_MAX;
	case 'e':
		return LOG_ENTRY_SIZE_MAX;
	case 'c':
		return LOG_NOTE_SIZE_MAX;
	case 'z':
		return HEAD_SIZE;
	default:
		return 0;
	}
}

static enum recourse_error read_item(struct backup_reader *reader, char *kind, struct buffer *bytes)
{
	uint8_t head[ITEM_HEAD_SIZE];
	TRY(backup_file_read(reader, head, sizeof head));
	const size_t size = (size_t)big_endian_read(head + 1, ITEM_HEAD_SIZE - 1);
	*kind = (char)head[0];
	buffer_clear(bytes);
	if (size == 0 || size > size_max(*kind))
		return malformed(reader);
	uint8_t *to = buffer_reserve(bytes, size);
	if (to == NULL)
		return RECOURSE_MEMORY;
	bytes->size += size;
	return backup_file_read(reader, to, size);
}

static const uint8_t *take(slice *rest, size_t size)
{
	const uint8_t *taken = rest->data;
	if (rest->size < size)
		return NULL;
	*rest = slice_from(*rest, size);
	return taken;
}

static bool take_number(slice *rest, size_t size, uint64_t *number)
{
	const uint8_t *bytes = take(rest, size);
	if (bytes != NULL)
		*number = big_endian_read(bytes, size);
	return bytes != NULL;
}

static bool take_bytes(slice *rest, void *to, size_t size)
{
	const uint8_t *bytes = take(rest, size);
	if (bytes != NULL)
		memcpy(to, bytes, size);
	return bytes != NULL;
}

static bool take_text(slice *rest, char *text, size_t capacity)
{
	uint64_t size;
	if (!take_number(rest, 2, &size) || size >= capacity)
		return false;
	memset(text, 0, capacity);
	return take_bytes(rest, text, size) && strlen(text) == size;
}

static bool take_head(slice *rest, struct recourse_backup_head *head)
{
	return take_number(rest, 8, &head->entries) && take_number(rest, 8, &head->requests) &&
	       take_number(rest, 8, &head->time) && take_number(rest, 8, &head->signed_size) &&
	       take_bytes(rest, head->last, sizeof head->last) &&
	       take_bytes(rest, head->link, sizeof head->link) &&
	       take_bytes(rest, head->root, sizeof head->root);
}

static enum recourse_error read_begin(struct backup_reader *reader, struct buffer *bytes,
	struct recourse_backup *backup, struct crypto_hash *previous)
{
	char kind;
	uint64_t version;
	TRY(read_item(reader, &kind, bytes));
	slice rest = buffer_slice(bytes);
	if (kind != 'b' || !take_number(&rest, 1, &version))
		return malformed(reader);
	if (version != VERSION)
		return backup_file_find(
			reader->finding, RECOURSE_BACKUP_STRANGE, "it is of a later version of recourse");
	if (!take_head(&rest, &backup->before) ||
		!take_bytes(&rest, previous->bytes, sizeof previous->bytes) ||
		!take_number(&rest, 8, &backup->made) ||
		!take_text(&rest, backup->origin, sizeof backup->origin) ||
		!take_text(&rest, backup->log_key, sizeof backup->log_key) || rest.size > 0)
		return malformed(reader);
	backup->sealed = reader->sealed;
	return RECOURSE_OK;
}

static enum recourse_error read_end(
	struct backup_reader *reader, const struct buffer *bytes, struct recourse_backup *backup)
{
	slice rest = buffer_slice(bytes);
	if (!take_head(&rest, &backup->end) || rest.size > 0)
		return malformed(reader);
	TRY(backup_file_read_end(reader));
	memcpy(backup->id, reader->link.bytes, sizeof backup->id);
	return RECOURSE_OK;
}

/* It goes on from where the chain stands, of the same ledger. */
static enum recourse_error check_begin(const struct backup_chain *chain, const struct crypto_hash *given,
	const struct crypto_hash *previous, const struct recourse_backup *backup)
{
	struct recourse_backup_head here;
	char vkey[KEY_TEXT_SIZE] = "";
	backup_chain_head(chain, &here);
	if (chain->key.name[0] != '\0')
		(void)key_format(&chain->key, vkey);
	if (vkey[0] != '\0' && strcmp(vkey, backup->log_key) != 0)
		return backup_file_find(chain->finding, RECOURSE_BACKUP_STRANGE,
			"it is of another ledger, %.100s, whose log has another key", backup->origin);
	if (backup_chain_head_equal(&here, &backup->before) && crypto_hash_equal(given, previous))
		return RECOURSE_OK;
	if (here.requests != backup->before.requests)
		return backup_file_find(chain->finding, RECOURSE_BACKUP_STRANGE,
			"it goes on from request %llu, and what comes before it ends at %llu: a piece is "
			"missing",
			(unsigned long long)backup->before.requests, (unsigned long long)here.requests);
	return backup_file_find(chain->finding, RECOURSE_BACKUP_STRANGE,
		"it goes on from another piece than the one before it: they are of two histories");
}

static enum recourse_error pass_item(
	struct backup_chain *chain, const struct backup_target *target, char kind, slice bytes)
{
	switch (kind) {
	case 'r':
		return backup_piece_pass_request(chain, target, bytes);
	case 'e':
		return backup_piece_pass_entry(chain, target, bytes);
	case 'c':
		return backup_piece_pass_checkpoint(chain, target, bytes);
	default:
		return backup_file_find(chain->finding, RECOURSE_BACKUP_CHANGED, "it begins twice");
	}
}

/* The ledger that it says it is of is the one that its first entry opens. */
static enum recourse_error check_named(const struct backup_chain *chain, const struct recourse_backup *backup)
{
	char vkey[KEY_TEXT_SIZE];
	(void)key_format(&chain->key, vkey);
	if (strcmp(vkey, backup->log_key) == 0 && strcmp(chain->key.name, backup->origin) == 0)
		return RECOURSE_OK;
	return backup_file_find(
		chain->finding, RECOURSE_BACKUP_CHANGED, "it says that it is of another ledger than it is");
}

enum recourse_error backup_piece_pass(struct backup_reader *reader, struct backup_chain *chain,
	const struct backup_target *target, struct crypto_hash *previous, struct recourse_backup *backup)
{
	SCOPED(buffer_free) struct buffer bytes = {0};
	struct crypto_hash given;
	char kind = 'b';
	TRY(read_begin(reader, &bytes, backup, &given));
	TRY(check_begin(chain, &given, previous, backup));
	for (;;) {
		TRY(read_item(reader, &kind, &bytes));
		if (kind == 'z')
			break;
		TRY(pass_item(chain, target, kind, buffer_slice(&bytes)));
	}
	TRY(read_end(reader, &bytes, backup));
	TRY(backup_chain_end(chain, &backup->end));
	TRY(check_named(chain, backup));
	*previous = reader->link;
	return target == NULL ? RECOURSE_OK : target->end(target->context, chain);
}

enum recourse_error backup_piece_look(struct backup_reader *reader, struct recourse_backup *backup)
{
	SCOPED(buffer_free) struct buffer bytes = {0};
	struct crypto_hash previous;
	char kind = 'b';
	TRY(read_begin(reader, &bytes, backup, &previous));
	while (kind != 'z')
		TRY(read_item(reader, &kind, &bytes));
	return read_end(reader, &bytes, backup);
}
