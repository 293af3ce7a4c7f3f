/* SPDX-License-Identifier: Apache-2.0 */
#include "pay/pay_sent.h"

#include "base/item.h"
#include "base/try.h"
#include "file.h"
#include "member.h"
#include "output.h"
#include "proof/message_id.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define FILE_SIZE_MAX ((size_t)1 << 30)
enum { FILES_PAGE = 200 };

static enum recourse_error add_file(void *context, slice row)
{
	struct pay_sent *sent = context;
	struct pay_sent_file file = {.number = 0};
	int64_t number;
	int64_t entry;
	slice hash;
	if (!member_integer(row, "file", &number) || !member_integer(row, "entry", &entry) || number < 1 ||
		entry < 1 || !member_text(row, "file_hash", &hash) || hash.size != sizeof file.hash - 1)
		return RECOURSE_MALFORMED;
	file.number = (uint64_t)number;
	file.entry = (uint64_t)entry;
	memcpy(file.hash, hash.data, hash.size);
	buffer_append(&sent->files, &file, sizeof file);
	return buffer_failed(&sent->files) ? RECOURSE_MEMORY : RECOURSE_OK;
}

enum recourse_error pay_sent_read(struct asking *asking, slice batch, struct pay_sent *sent)
{
	const struct asking_list list = {.method = "batch.files",
		.name = "batch",
		.text = batch,
		.rows = "files",
		.limit = FILES_PAGE};
	sent->batch = batch;
	return asking_rows(asking, &list, add_file, sent);
}

void pay_sent_free(struct pay_sent *sent)
{
	buffer_free(&sent->files);
}

static size_t count_files(const struct pay_sent *sent)
{
	return sent->files.size / sizeof(struct pay_sent_file);
}

const struct pay_sent_file *pay_sent_find(const struct pay_sent *sent, uint64_t number)
{
	const struct pay_sent_file *files = (const void *)sent->files.data;
	for (size_t index = 0; index < count_files(sent); index++) {
		if (files[index].number == number)
			return &files[index];
	}
	return NULL;
}

const struct pay_sent_file *pay_sent_find_hash(const struct pay_sent *sent, const char *hash)
{
	const struct pay_sent_file *files = (const void *)sent->files.data;
	for (size_t index = 0; index < count_files(sent); index++) {
		if (strcmp(files[index].hash, hash) == 0)
			return &files[index];
	}
	return NULL;
}

/* ---- one file ---- */

struct check {
	struct asking *asking;
	const struct pay_sent *sent;
	struct buffer item; /* an array's members, or text */
	bool json;
	uint64_t wrong;
};

/* What it says of itself first, where it is a message: what that names is asked, and is believed of nothing. */
static const struct pay_sent_file *called(struct check *check, slice text)
{
	static const char begin[] = "<MsgId>";
	SCOPED(recourse_bytes_free) struct recourse_bytes reply = {0};
	const uint8_t *place = memmem(text.data, text.size, begin, sizeof begin - 1);
	size_t before = place == NULL ? 0 : (size_t)(place - text.data) + sizeof begin - 1;
	slice batch;
	int64_t number;
	if (place == NULL || text.size - before < MESSAGE_ID_SIZE ||
		!text_is_id(slice_of(text.data + before, MESSAGE_ID_SIZE)))
		return NULL;
	slice message = slice_of(text.data + before, MESSAGE_ID_SIZE);
	bool found = asking_of(check->asking, "batch.show", "message_id", message, &reply) == RECOURSE_OK &&
		     member_text(asking_slice(&reply), "batch", &batch) &&
		     slice_equal(batch, check->sent->batch) &&
		     member_integer(asking_slice(&reply), "file", &number);
	return found ? pay_sent_find(check->sent, (uint64_t)number) : NULL;
}

static void say_wrong(struct check *check, const char *path, const char *hash, slice text)
{
	const struct pay_sent_file *file = called(check, text);
	char batch[TEXT_ID_SIZE + 1];
	snprintf(batch, sizeof batch, "%.*s", SLICE_ARGUMENTS(check->sent->batch));
	if (file == NULL)
		output_problem("%s is none of the %zu files of batch %s that went out: its SHA-256 is %s "
			       "[PROOF_WRONG]",
			path, count_files(check->sent), batch, hash);
	else
		output_problem("%s calls itself file %" PRIu64
			       " of batch %s, and is not what went out: its SHA-256 is %s, and %s by entry "
			       "%" PRIu64 " [PROOF_WRONG]",
			path, file->number, batch, hash, file->hash, file->entry);
}

static void write_file(
	struct check *check, const char *path, const char *hash, const struct pay_sent_file *file)
{
	if (!check->json && file != NULL)
		buffer_append_format(&check->item,
			"%s is file %" PRIu64 ", as it went out by entry %" PRIu64 "\n", path, file->number,
			file->entry);
	if (!check->json)
		return;
	struct item_map map = item_map_open(&check->item);
	item_write_pair_text(&check->item, "name", slice_text(path));
	item_write_pair_text(&check->item, "file_hash", slice_text(hash));
	item_write_pair_text(&check->item, "sent", slice_text(file == NULL ? "no" : "yes"));
	if (file != NULL) {
		item_write_pair_integer(&check->item, "file", (int64_t)file->number);
		item_write_pair_integer(&check->item, "entry", (int64_t)file->entry);
	}
	item_map_close(map, &check->item);
}

static enum exit_code check_file(struct check *check, const char *path)
{
	SCOPED(buffer_free) struct buffer text = {.secret = true};
	struct crypto_hash hash;
	char hex[2 * CRYPTO_HASH_SIZE + 1];
	enum recourse_error error = file_read(path, FILE_SIZE_MAX, &text);
	if (error != RECOURSE_OK)
		return output_unread(error, path);
	crypto_sha256(buffer_slice(&text), &hash);
	text_to_hex(hash.bytes, sizeof hash.bytes, hex);
	const struct pay_sent_file *file = pay_sent_find_hash(check->sent, hex);
	if (file == NULL) {
		check->wrong++;
		say_wrong(check, path, hex, buffer_slice(&text));
	}
	write_file(check, path, hex, file);
	return EXIT_CODE_OK;
}

static enum exit_code say(struct check *check)
{
	if (buffer_failed(&check->item))
		return output_error(RECOURSE_MEMORY, NULL, "pay check");
	if (check->json)
		return output_json(buffer_slice(&check->item));
	output_text(stdout, "%.*s", SLICE_ARGUMENTS(buffer_slice(&check->item)));
	return EXIT_CODE_OK;
}

enum exit_code pay_sent_check(
	struct asking *asking, const struct pay_sent *sent, char *const *paths, size_t count, bool json)
{
	struct check check = {.asking = asking, .sent = sent, .json = json};
	enum exit_code code = EXIT_CODE_OK;
	if (json)
		item_write_array(&check.item, count);
	for (size_t index = 0; code == EXIT_CODE_OK && index < count; index++)
		code = check_file(&check, paths[index]);
	if (code == EXIT_CODE_OK)
		code = say(&check);
	buffer_free(&check.item);
	return code == EXIT_CODE_OK && check.wrong > 0 ? EXIT_CODE_REFUSED : code;
}
