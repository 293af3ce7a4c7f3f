/* SPDX-License-Identifier: Apache-2.0 */
#include "subcommand.h"

#include "base/try.h"
#include "file.h"
#include "output.h"
#include "pay/pay_export.h"
#include "pay/pay_payees.h"
#include "pay/pay_source.h"
#include "pay/payee_key.h"
#include "service.h"

#define PAYEES_SIZE_MAX ((size_t)1 << 30)

struct pay {
	const char *id;
	const char *payees;
	const char *key_of_accounts;
	const char *form_path;
	const char *directory;
	const char *day;
	bool json;
	struct service service;
	struct pay_batch batch;
	struct pay_form form;
	struct pay_sent sent;
};

static enum exit_code say_source(const struct asking *asking, enum recourse_error error)
{
	if (error == RECOURSE_STATE_WRONG && asking->refusal.command == -1) {
		output_problem("only a batch that another person checked, and nobody withdrew, is written "
			       "[STATE_WRONG]");
		output_next("recourse query batch.show, recourse submit batch.check");
		return EXIT_CODE_REFUSED;
	}
	if (error == RECOURSE_PROOF_WRONG) {
		output_problem("the payments are not what the batch says of itself, or are not called what "
			       "this ledger calls them [PROOF_WRONG]");
		return EXIT_CODE_REFUSED;
	}
	return output_error(error, &asking->refusal, asking->method);
}

static enum exit_code match_payees(struct pay *pay)
{
	SCOPED(buffer_free) struct buffer data = {.secret = true};
	uint8_t key[CRYPTO_MARK_KEY_SIZE];
	enum exit_code code = payee_key_read(pay->key_of_accounts, key);
	if (code != EXIT_CODE_OK)
		return code;
	enum recourse_error error = file_read(pay->payees, PAYEES_SIZE_MAX, &data);
	if (error != RECOURSE_OK)
		code = output_unread(error, pay->payees);
	else
		code = pay_payees_match(&pay->batch, &pay->form, key, pay->payees, buffer_slice(&data));
	crypto_wipe(key, sizeof key);
	return code;
}

static enum exit_code export(struct pay *pay, struct asking *asking) {
	enum recourse_error error = pay_source_read(asking, slice_text(pay->id), &pay->batch);
	if (error == RECOURSE_OK) error = pay_sent_read(asking, slice_text(pay->id), &pay->sent);
	if (error != RECOURSE_OK) return say_source(asking, error);
	enum exit_code code = pay_form_read(&pay->form, pay->batch.kind, pay->form_path, pay->day);
	if (code == EXIT_CODE_OK) code = match_payees(pay);
	return code == EXIT_CODE_OK
		       ? pay_export_write(&pay->batch, &pay->form, &pay->sent, pay->directory, pay->json)
		       : code;
}

static enum exit_code check(struct pay *pay, struct asking *asking, const struct options_rest *rest)
{
	enum recourse_error error = pay_sent_read(asking, slice_text(pay->id), &pay->sent);
	return error == RECOURSE_OK
		       ? pay_sent_check(asking, &pay->sent, rest->arguments + 2, rest->count - 2, pay->json)
		       : say_source(asking, error);
}

static enum exit_code run(struct pay *pay, const struct options_rest *rest)
{
	enum exit_code code = service_open(&pay->service, SERVICE_SIGNED);
	if (code != EXIT_CODE_OK)
		return code;
	struct asking asking = {.client = pay->service.client};
	return strcmp(rest->arguments[0], "check") == 0 ? check(pay, &asking, rest) : export(pay, &asking);
}

static enum exit_code take_arguments(struct pay *pay, const struct options_rest *rest)
{
	const struct {
		const char *value;
		const char *why;
	} needed[] = {
		{pay->payees, "whose accounts are they? --payees FILE"},
		{pay->key_of_accounts, "under which key are accounts told as equal? --account-key FILE"},
		{pay->form_path, "how does the rail want its files? --form FILE"},
		{pay->directory, "where shall the files be? --to DIRECTORY, which is made"},
	};
	bool checks = rest->count > 2 && strcmp(rest->arguments[0], "check") == 0;
	if (!checks && (rest->count != 2 || strcmp(rest->arguments[0], "export") != 0))
		return output_usage("pay: say `recourse pay export BATCH …` or `… check BATCH FILE…`");
	pay->id = rest->arguments[1];
	if (checks)
		return EXIT_CODE_OK;
	for (size_t index = 0; index < sizeof needed / sizeof needed[0]; index++) {
		if (needed[index].value == NULL)
			return output_usage("pay export: %s", needed[index].why);
	}
	return EXIT_CODE_OK;
}

int pay_main(int argc, char **argv)
{
	struct pay pay = {0};
	const struct options_flag flags[] = {
		{.name = "payees",
			.argument = "FILE",
			.value = &pay.payees,
			.help = "CSV: payee,name,account,bank"},
		{.name = "account-key",
			.argument = "FILE",
			.value = &pay.key_of_accounts,
			.help = "what recourse payee key made"},
		{.name = "form",
			.argument = "FILE",
			.value = &pay.form_path,
			.help = "how the rail wants its files"},
		{.name = "day", .argument = "DAY", .value = &pay.day, .help = "on which to pay: 2026-11-30"},
		{.name = "to",
			.argument = "DIRECTORY",
			.value = &pay.directory,
			.help = "that is made for the files"},
		{.name = "json", .given = &pay.json, .help = "what was written as one JSON object"},
	};
	const struct options options = {
		.name = "pay",
		.usage = "export BATCH --payees FILE --account-key FILE --form FILE --to DIRECTORY [--day "
			 "DAY]\n"
			 "check BATCH FILE…",
		.about = "Writes a batch of payments that was checked as the files that its rail takes: ISO "
			 "20022,\n"
			 "CSV of a bank, WeChat or Alipay. Names and accounts come from a file of the "
			 "platform's, and\n"
			 "each account must be the one that the payment was ordered to. All that is wrong is "
			 "said, by its\n"
			 "line, and then nothing is written. The same batch, settings and day give the same "
			 "files.\n"
			 "`check` tells of each file whether it is one that went out, to the byte; it exits "
			 "with 1 "
			 "where\n"
			 "one was changed since.",
		.own = {flags, sizeof flags / sizeof flags[0]},
		.shared = service_flags(&pay.service),
	};
	struct options_rest rest;
	enum exit_code code;
	if (options_parse(&options, argc, argv, &rest, &code)) {
		code = take_arguments(&pay, &rest);
		if (code == EXIT_CODE_OK)
			code = run(&pay, &rest);
	}
	pay_form_free(&pay.form);
	pay_batch_free(&pay.batch);
	pay_sent_free(&pay.sent);
	service_close(&pay.service);
	return (int)code;
}
