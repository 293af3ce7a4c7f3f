/* SPDX-License-Identifier: Apache-2.0 */
#include "pay/pay_form.h"

#include "base/instant.h"
#include "base/text.h"
#include "output.h"
#include "encoding.h"
#include "pay/pay_text.h"

#include <unistd.h>

static const struct pay_form_limits limits[] = {
	[PAY_FORM_ISO20022] = {"iso20022", .id_most = 35, .name_most = 140, .account_most = 34,
		.remark_most = 140},
	[PAY_FORM_BANK_CSV] = {"bank-csv", .id_most = 35, .name_most = 140, .account_most = 34,
		.remark_most = 140},
	[PAY_FORM_WECHAT] = {"wechat", .id_most = 32, .name_most = 64, .account_most = 64, .remark_most = 32,
		.least = 10, .named = 200000, .wallet = true},
	[PAY_FORM_ALIPAY] = {"alipay", .id_most = 64, .name_most = 128, .account_most = 64,
		.remark_most = 200, .least = 10, .most = INT64_C(10000000000), .wallet = true},
};
enum { KINDS = sizeof limits / sizeof limits[0] };

/* What a provider's own names of its fields are: columns of a file that the caller of its interface reads. */
static const char *const preset_columns[KINDS] = {
	[PAY_FORM_WECHAT] =
		"out_bill_no:payment_id,openid:account,user_name:name,transfer_amount:steps,"
		"transfer_remark:remark,transfer_scene_id:=1011,info_type:=\u8d54\u4ed8\u539f\u56e0,"
		"info_content:remark",
	[PAY_FORM_ALIPAY] = "out_biz_no:payment_id,trans_amount:amount,product_code:=TRANS_ACCOUNT_NO_PWD,"
			    "biz_scene:=DIRECT_TRANSFER,identity:account,identity_type:identity,name:name,"
			    "remark:remark",
};

enum {
	ISO = 1 << PAY_FORM_ISO20022,
	BANK = ISO | 1 << PAY_FORM_BANK_CSV,
	WALLETS = 1 << PAY_FORM_WECHAT | 1 << PAY_FORM_ALIPAY,
	CSV = WALLETS | 1 << PAY_FORM_BANK_CSV,
	ALL = BANK | WALLETS,
};

static const char *const names[] = {"message", "debtor-name", "debtor-account", "debtor-bank", "characters",
	"clearing", "charges", "batch-booking", "remark", "columns", "encoding", "header", NULL};
static const int kinds_of[] = {ISO, ALL, ALL, ALL, ISO, ISO, ISO, ISO, ALL, CSV, CSV, CSV};

static bool refuse(const char *path, const char *name, const char *why)
{
	output_problem("%s: %s: %s [FIELD_FORMAT]", path, name, why);
	return false;
}

static bool choose(const struct pay_form *form, const char *path, const char *name, const char *preset,
	const char *const *choices, size_t *chosen)
{
	const char *value = configuration_value(&form->configuration, name);
	struct buffer why = {0};
	if (value == NULL)
		value = preset;
	for (*chosen = 0; choices[*chosen] != NULL; ++*chosen) {
		if (strcmp(value, choices[*chosen]) == 0)
			return true;
	}
	for (size_t index = 0; choices[index] != NULL; index++)
		buffer_append_format(&why, "%s%s", index == 0 ? "it is " : " or ", choices[index]);
	buffer_append(&why, "", 1);
	if (!buffer_failed(&why))
		refuse(path, name, (const char *)why.data);
	buffer_free(&why);
	return false;
}

static bool are_texts(const struct pay_form *form, const char *path)
{
	for (size_t index = 0; names[index] != NULL; index++) {
		const char *value = configuration_value(&form->configuration, names[index]);
		if (value == NULL)
			continue;
		if ((kinds_of[index] & 1 << form->kind) == 0)
			return refuse(path, names[index], "a rail of this kind has no such setting");
		if (*value == '\0' || !text_is_clean(slice_text(value)))
			return refuse(
				path, names[index], "it is a text in UTF-8, without control characters");
	}
	return true;
}

static bool read_debtor(struct pay_form *form, const char *path)
{
	form->debtor_name = configuration_value(&form->configuration, "debtor-name");
	form->debtor_account = configuration_value(&form->configuration, "debtor-account");
	form->debtor_bank = configuration_value(&form->configuration, "debtor-bank");
	if (form->kind != PAY_FORM_ISO20022)
		return true;
	if (form->debtor_name == NULL || pay_text_characters(slice_text(form->debtor_name)) > 140)
		return refuse(path, "debtor-name", "who pays, in at most 140 characters, is demanded");
	if (form->debtor_account == NULL || strlen(form->debtor_account) > 34 ||
		strspn(form->debtor_account, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") !=
			strlen(form->debtor_account))
		return refuse(path, "debtor-account", "it is 1 to 34 digits and capitals, without blanks");
	if (pay_text_like_iban(slice_text(form->debtor_account)) &&
		!pay_text_is_iban(slice_text(form->debtor_account)))
		return refuse(path, "debtor-account", "the check digits of this IBAN are wrong");
	slice bank = slice_text(form->debtor_bank == NULL ? "" : form->debtor_bank);
	if (!pay_text_is_bic(bank) && !pay_text_is_member(bank))
		return refuse(path, "debtor-bank", "it is a BIC, or the 12 digits of a bank");
	return true;
}

static bool read_iso(struct pay_form *form, const char *path)
{
	static const char *const messages[] = {"pain.001.001.09", "pain.001.001.03", NULL};
	static const char *const characters[] = {"any", "sepa", NULL};
	static const char *const charges[] = {"SLEV", "SHAR", "DEBT", "CRED", NULL};
	static const char *const booking[] = {"false", "true", NULL};
	size_t chosen;
	if (!choose(form, path, "message", messages[0], messages, &chosen))
		return false;
	form->old = chosen == 1;
	if (!choose(form, path, "characters", characters[0], characters, &chosen))
		return false;
	form->sepa = chosen == 1;
	form->charges = configuration_value(&form->configuration, "charges");
	form->batch_booking = configuration_value(&form->configuration, "batch-booking");
	form->clearing = configuration_value(&form->configuration, "clearing");
	if (form->clearing == NULL)
		form->clearing = "CNAPS";
	if (strlen(form->clearing) > 5)
		return refuse(path, "clearing", "a code of a clearing system has at most 5 characters");
	if (form->sepa && (!pay_text_is_sepa(slice_text(form->debtor_name)) ||
				  !pay_text_is_sepa(slice_text(form->remark == NULL ? "" : form->remark))))
		return refuse(path, "characters", "debtor-name or remark has others than the SEPA basic set");
	return choose(form, path, "charges", charges[0], charges, &chosen) &&
	       choose(form, path, "batch-booking", booking[0], booking, &chosen);
}

static bool read_csv(struct pay_form *form, const char *path)
{
	static const char *const headers[] = {"yes", "no", NULL};
	static const struct {
		enum pay_columns_field field;
		const char *name;
	} needs[] = {{PAY_COLUMNS_REMARK, "remark"}, {PAY_COLUMNS_DEBTOR_NAME, "debtor-name"},
		{PAY_COLUMNS_DEBTOR_ACCOUNT, "debtor-account"}, {PAY_COLUMNS_DEBTOR_BANK, "debtor-bank"}};
	const char *columns = configuration_value(&form->configuration, "columns");
	const char *encoding = configuration_value(&form->configuration, "encoding");
	const char *why;
	size_t chosen;
	if (columns == NULL)
		columns = preset_columns[form->kind];
	if (columns == NULL)
		return refuse(path, "columns", "what the bank's file has in it is demanded: HEADING:FIELD,…");
	if (!pay_columns_read(&form->columns, slice_text(columns), &why))
		return refuse(path, "columns", why);
	form->encoding = encoding == NULL ? "utf-8" : encoding;
	if (!encoding_known(form->encoding))
		return refuse(path, "encoding", "it is utf-8, gb18030 or gbk");
	if (!choose(form, path, "header", headers[0], headers, &chosen))
		return false;
	form->header = chosen == 0;
	for (size_t index = 0; index < sizeof needs / sizeof needs[0]; index++) {
		if (pay_columns_find(&form->columns, needs[index].field) < form->columns.count &&
			configuration_value(&form->configuration, needs[index].name) == NULL)
			return refuse(path, needs[index].name, "a column has it, and it is not set");
	}
	return true;
}

static bool read_day(const struct pay_form *form)
{
	char moment[INSTANT_TEXT_SIZE];
	uint64_t instant;
	bool wanted = form->kind == PAY_FORM_ISO20022 ||
		      pay_columns_find(&form->columns, PAY_COLUMNS_DAY) < form->columns.count;
	if (form->day == NULL && !wanted)
		return true;
	if (form->day != NULL && strlen(form->day) == 10) {
		snprintf(moment, sizeof moment, "%sT00:00:00Z", form->day);
		if (instant_parse(slice_text(moment), &instant) == RECOURSE_OK)
			return true;
	}
	output_usage("on which day is it to be paid? --day 2026-11-30");
	return false;
}

static bool read_settings(struct pay_form *form, const char *path)
{
	if (!configuration_read(&form->configuration, path) || !are_texts(form, path))
		return false;
	form->remark = configuration_value(&form->configuration, "remark");
	if (form->remark != NULL && pay_text_characters(slice_text(form->remark)) > form->limits->remark_most)
		return refuse(path, "remark", "it is longer than this kind of rail takes");
	return read_debtor(form, path) &&
	       (form->kind == PAY_FORM_ISO20022 ? read_iso(form, path) : read_csv(form, path));
}

enum exit_code pay_form_read(struct pay_form *form, slice kind, const char *path, const char *day)
{
	size_t index = 0;
	while (index < KINDS && !slice_is(kind, limits[index].name))
		index++;
	*form = (struct pay_form){.configuration = {.names = names}, .day = day};
	if (index == KINDS) {
		output_problem("no file is written for rails of the kind %.*s", SLICE_ARGUMENTS(kind));
		return EXIT_CODE_CONFIGURATION;
	}
	form->kind = (enum pay_form_kind)index;
	form->limits = &limits[index];
	if (access(path, R_OK) != 0)
		return output_unread(RECOURSE_IO, path);
	if (!read_settings(form, path))
		return EXIT_CODE_CONFIGURATION;
	return read_day(form) ? EXIT_CODE_OK : EXIT_CODE_USAGE;
}

void pay_form_free(struct pay_form *form)
{
	if (form->configuration.names != NULL)
		configuration_free(&form->configuration);
}
