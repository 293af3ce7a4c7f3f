/* SPDX-License-Identifier: Apache-2.0 */
#include "pay/pay_export.h"

#include "base/item.h"
#include "base/text.h"
#include "base/try.h"
#include "output.h"
#include "pay/pay_check.h"
#include "pay/pay_csv.h"
#include "pay/pay_pain.h"
#include "pay/pay_place.h"

#include <inttypes.h>
#include <stdlib.h>

/* What is said of a file. */
struct file {
	struct pay_part part;
	char name[2 * TEXT_ID_SIZE];
	char hash[2 * CRYPTO_HASH_SIZE + 1];
	char total[AMOUNT_SUM_TEXT_SIZE];
};

struct export
{
	const struct pay_batch *batch;
	const struct pay_form *form;
	const struct pay_sent *sent;
	const char *directory;
	struct pay_place place;
	struct buffer files; /* of struct file */
	struct buffer why;
};

static const struct file *files_of(const struct export *export, size_t *count)
{
	*count = export->files.size / sizeof(struct file);
	return (const struct file *)(const void *)export->files.data;
}

/* The batch's id, with what has another meaning in a path as '_'. */
static void name_file(const struct export *export, struct file *file)
{
	char id[TEXT_ID_SIZE + 1];
	snprintf(id, sizeof id, "%.*s", SLICE_ARGUMENTS(export->batch->id));
	for (char *place = id; *place != '\0'; place++) {
		if (strchr("/:@", *place) != NULL)
			*place = '_';
	}
	snprintf(file->name, sizeof file->name, "%s-%" PRIu64 "-of-%" PRIu64 ".%s", id, file->part.number,
		file->part.of, export->form->kind == PAY_FORM_ISO20022 ? "xml" : "csv");
}

static enum recourse_error write_part(struct export *export, uint64_t number)
{
	SCOPED(buffer_free) struct buffer text = {0};
	SCOPED(buffer_free) struct buffer back = {0};
	struct file file;
	struct crypto_hash hash;
	memset(&file, 0, sizeof file);
	pay_batch_part(export->batch, number, &file.part);
	name_file(export, &file);
	amount_format_sum(&export->batch->unit, file.part.total, file.total);
	if (export->form->kind == PAY_FORM_ISO20022)
		TRY(pay_pain_write(export->batch, export->form, &file.part, &text));
	else
		TRY(pay_csv_write(export->batch, export->form, &file.part, &text));
	TRY(pay_place_write(&export->place, file.name, buffer_slice(&text), &back));
	enum recourse_error error =
		pay_check_file(export->batch, export->form, &file.part, buffer_slice(&back), &export->why);
	if (error == RECOURSE_PROOF_WRONG) {
		buffer_append(&export->why, "", 1);
		output_problem("%s as it was read back: %s [PROOF_WRONG]", file.name,
			buffer_failed(&export->why) ? "" : (const char *)export->why.data);
	}
	TRY(error);
	crypto_sha256(buffer_slice(&back), &hash);
	text_to_hex(hash.bytes, sizeof hash.bytes, file.hash);
	buffer_append(&export->files, &file, sizeof file);
	return buffer_failed(&export->files) ? RECOURSE_MEMORY : RECOURSE_OK;
}

static enum recourse_error write_parts(struct export *export)
{
	uint64_t parts = pay_batch_parts(export->batch);
	TRY(pay_place_open(&export->place, export->directory));
	for (uint64_t number = 1; number <= parts; number++) {
		enum recourse_error error = write_part(export, number);
		if (error != RECOURSE_OK) {
			pay_place_drop(&export->place);
			return error;
		}
	}
	return pay_place_keep(&export->place);
}

static void say_command(const struct export *export, const struct file *file, struct buffer *out)
{
	buffer_append_format(out,
		"batch.sent batch=%.*s file=%" PRIu64 " of=%" PRIu64 " file_hash=%s count=%zu total=%s",
		SLICE_ARGUMENTS(export->batch->id), file->part.number, file->part.of, file->hash,
		file->part.count, file->total);
}

static void say_for_people(const struct export *export, struct buffer *out)
{
	size_t count;
	const struct file *files = files_of(export, &count);
	for (size_t index = 0; index < count; index++)
		buffer_append_format(out, "%s/%s\n  sha-256   %s\n  payments  %zu\n  total     %s %.*s\n",
			export->directory, files[index].name, files[index].hash, files[index].part.count,
			files[index].total, SLICE_ARGUMENTS(unit_code(&export->batch->unit)));
	buffer_append_text(out, "\nOnce they are with who pays, each:\n");
	for (size_t index = 0; index < count; index++) {
		buffer_append_text(out, "  recourse submit ");
		say_command(export, &files[index], out);
		buffer_append_text(out, "\n");
	}
}

static void write_file(const struct export *export, const struct file *file, struct buffer *item)
{
	SCOPED(buffer_free) struct buffer command = {0};
	struct item_map map = item_map_open(item);
	say_command(export, file, &command);
	item_write_pair_text(item, "name", slice_text(file->name));
	item_write_pair_text(item, "message", slice_text(file->part.message));
	item_write_pair_text(item, "file_hash", slice_text(file->hash));
	item_write_pair_integer(item, "file", (int64_t)file->part.number);
	item_write_pair_integer(item, "of", (int64_t)file->part.of);
	item_write_pair_integer(item, "count", (int64_t)file->part.count);
	item_write_pair_text(item, "total", slice_text(file->total));
	item_write_pair_text(item, "command", buffer_slice(&command));
	item_map_close(map, item);
}

static void write_item(const struct export *export, struct buffer *item)
{
	size_t count;
	const struct file *files = files_of(export, &count);
	struct item_map map = item_map_open(item);
	item_write_pair_text(item, "batch", export->batch->id);
	item_write_pair_text(item, "rail", export->batch->rail);
	item_write_pair_text(item, "unit", unit_code(&export->batch->unit));
	item_write_pair_text(item, "directory", slice_text(export->directory));
	item_write_key(item, "files");
	item_write_array(item, count);
	for (size_t index = 0; index < count; index++)
		write_file(export, &files[index], item);
	item_map_close(map, item);
}

/* Who pays has it under the same name already: it is written, so that both can be held against each other, and not to be sent. */
static void say_changed(const struct export *export)
{
	size_t count;
	const struct file *files = files_of(export, &count);
	uint64_t changed = 0;
	for (size_t index = 0; index < count; index++) {
		const struct pay_sent_file *sent = pay_sent_find(export->sent, files[index].part.number);
		if (sent == NULL || strcmp(sent->hash, files[index].hash) == 0)
			continue;
		changed++;
		output_problem("%s/%s is not what went out as file %" PRIu64
			       ": its SHA-256 is %s, and %s by entry "
			       "%" PRIu64,
			export->directory, files[index].name, sent->number, files[index].hash, sent->hash,
			sent->entry);
	}
	if (changed > 0)
		output_next(
			"payees, settings or the day are others than they were: nothing of it is sent again");
}

static enum exit_code say_files(const struct export *export, bool json)
{
	SCOPED(buffer_free) struct buffer out = {0};
	say_changed(export);
	if (json)
		write_item(export, &out);
	else
		say_for_people(export, &out);
	if (buffer_failed(&out))
		return output_error(RECOURSE_MEMORY, NULL, "pay export");
	if (json)
		return output_json(buffer_slice(&out));
	output_text(stdout, "%.*s", SLICE_ARGUMENTS(buffer_slice(&out)));
	return EXIT_CODE_OK;
}

static enum exit_code say_error(const struct export *export, enum recourse_error error)
{
	if (error == RECOURSE_PROOF_WRONG)
		return EXIT_CODE_DATA;
	if (error == RECOURSE_EXISTS) {
		output_problem("%s is there already, and nothing is overwritten [EXISTS]", export->directory);
		output_next("choose another directory: it is made anew");
		return EXIT_CODE_CREATE;
	}
	if (error == RECOURSE_FIELD_FORMAT) {
		output_problem("the settings have characters that the file's encoding lacks [FIELD_FORMAT]");
		return EXIT_CODE_CONFIGURATION;
	}
	return output_unwritten(error, export->directory);
}

enum exit_code pay_export_write(const struct pay_batch *batch, const struct pay_form *form,
	const struct pay_sent *sent, const char *directory, bool json)
{
	struct export *export = calloc(1, sizeof *export);
	if (export == NULL)
		return output_error(RECOURSE_MEMORY, NULL, directory);
	*export = (struct export){.batch = batch, .form = form, .sent = sent, .directory = directory};
	enum recourse_error error = write_parts(export);
	enum exit_code code = error == RECOURSE_OK ? say_files(export, json) : say_error(export, error);
	buffer_free(&export->files);
	buffer_free(&export->why);
	free(export);
	return code;
}
