/* SPDX-License-Identifier: Apache-2.0 */
#include "pay_file.h"

#include "../tools/pay/pay_check.h"
#include "../tools/pay/pay_csv.h"
#include "../tools/pay/pay_pain.h"
#include "../tools/pay/pay_payees.h"
#include "../tools/pay/payee_mark.h"
#include "../tools/file.h"
#include "base/instant.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const uint8_t key[CRYPTO_MARK_KEY_SIZE];
static int kept_error = -1;

static slice kept(struct pay_file *file, const char *text)
{
	slice copy;
	assert_int_equal(arena_copy(&file->batch.arena, slice_text(text), &copy), RECOURSE_OK);
	return copy;
}

void pay_file_make(
	struct pay_file *file, const char *unit, uint64_t line_max, const struct pay_file_payee *payees)
{
	*file = (struct pay_file){.batch = {.line_max = line_max}};
	support_directory_make(&file->directory);
	file->batch.origin = slice_text("example.com/ledger");
	file->batch.id = slice_text("2026-11/1");
	file->batch.rail = slice_text("bank");
	assert_int_equal(instant_parse(slice_text("2026-11-29T09:30:00.5Z"), &file->batch.time), RECOURSE_OK);
	assert_int_equal(unit_currency(slice_text(unit), &file->batch.unit), RECOURSE_OK);
	for (size_t index = 0; payees[index].payee != NULL; index++) {
		struct buffer plain = {0};
		struct pay_order order = {.number = 100 + index, .steps = payees[index].steps};
		char id[48];
		snprintf(id, sizeof id, "%08zu9ZQ4T0X83M5B1C6VYAHD", 100 + index);
		order.payment_id = kept(file, id);
		order.claim = slice_text("c-1");
		order.payee = kept(file, payees[index].payee);
		assert_null(payee_mark_plain(slice_text(payees[index].account), &plain));
		payee_mark(key, buffer_slice(&plain), order.mark);
		buffer_free(&plain);
		file->batch.total += order.steps;
		buffer_append(&file->batch.orders, &order, sizeof order);
	}
}

void pay_file_free(struct pay_file *file)
{
	pay_form_free(&file->form);
	pay_batch_free(&file->batch);
	buffer_free(&file->said);
	support_directory_remove(&file->directory);
}

void pay_file_listen(struct pay_file *file)
{
	char path[SUPPORT_PATH_MAX];
	support_directory_path(&file->directory, "said", path);
	fflush(stderr);
	kept_error = dup(STDERR_FILENO);
	int said = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_true(kept_error >= 0 && said >= 0 && dup2(said, STDERR_FILENO) >= 0);
	close(said);
}

void pay_file_listened(struct pay_file *file)
{
	char path[SUPPORT_PATH_MAX];
	support_directory_path(&file->directory, "said", path);
	fflush(stderr);
	assert_true(dup2(kept_error, STDERR_FILENO) >= 0);
	close(kept_error);
	buffer_clear(&file->said);
	assert_int_equal(file_read(path, 1 << 20, &file->said), RECOURSE_OK);
	buffer_append(&file->said, "", 1);
}

void pay_file_says(const struct pay_file *file, const char *text)
{
	if (strstr((const char *)file->said.data, text) == NULL)
		fail_msg("not said: %s\nbut: %s", text, (const char *)file->said.data);
}

enum exit_code pay_file_form(struct pay_file *file, const char *kind, const char *settings)
{
	char path[SUPPORT_PATH_MAX];
	support_directory_path(&file->directory, "form", path);
	support_write_file(path, slice_text(settings));
	pay_form_free(&file->form);
	pay_file_listen(file);
	enum exit_code code = pay_form_read(&file->form, slice_text(kind), path, "2026-11-30");
	pay_file_listened(file);
	return code;
}

static void append_row(const struct pay_file_payee *payee, struct buffer *out)
{
	buffer_append_format(out, "%s,\"", payee->payee);
	for (const char *name = payee->name; *name != '\0'; name++)
		buffer_append(out, *name == '"' ? "\"\"" : name, *name == '"' ? 2 : 1);
	buffer_append_format(out, "\",%s,%s\r\n", payee->account, payee->bank);
}

void pay_file_rows(const struct pay_file_payee *payees, struct buffer *out)
{
	buffer_append_text(out, "payee,name,account,bank\r\n");
	for (size_t index = 0; payees[index].payee != NULL; index++)
		append_row(&payees[index], out);
}

enum exit_code pay_file_match(struct pay_file *file, slice rows)
{
	for (size_t index = 0; index < pay_batch_count(&file->batch); index++)
		pay_batch_orders(&file->batch)[index].line = 0;
	pay_file_listen(file);
	enum exit_code code = pay_payees_match(&file->batch, &file->form, key, "payees.csv", rows);
	pay_file_listened(file);
	return code;
}

void pay_file_write(const struct pay_file *file, struct buffer *out)
{
	struct pay_part part;
	pay_batch_part(&file->batch, 1, &part);
	assert_int_equal(file->form.kind == PAY_FORM_ISO20022
				 ? pay_pain_write(&file->batch, &file->form, &part, out)
				 : pay_csv_write(&file->batch, &file->form, &part, out),
		RECOURSE_OK);
}

void pay_file_hand_out(const char *name, slice text)
{
	char path[4096];
	const char *directory = getenv("PAY_FILES");
	if (directory == NULL)
		return;
	snprintf(path, sizeof path, "%s/%s", directory, name);
	support_write_file(path, text);
}

enum recourse_error pay_file_check(const struct pay_file *file, slice text, struct buffer *why)
{
	struct pay_part part;
	pay_batch_part(&file->batch, 1, &part);
	buffer_clear(why);
	enum recourse_error error = pay_check_file(&file->batch, &file->form, &part, text, why);
	buffer_append(why, "", 1);
	return error;
}
