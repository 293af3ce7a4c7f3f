/* SPDX-License-Identifier: Apache-2.0 */
#include "pay/pay_limit.h"

#include "encoding.h"
#include "pay/pay_text.h"

typedef const struct pay_form *form_of;
typedef const struct unit *unit_of;
typedef const struct pay_order *order_of;

bool pay_limit_is_user(slice account)
{
	size_t index = 0;
	while (index < account.size && account.data[index] >= '0' && account.data[index] <= '9')
		index++;
	return account.size == 16 && index == 16 && memcmp(account.data, "2088", 4) == 0;
}

/* Alipay goes by the name where it is given what somebody logs on with. */
static bool no_name(form_of form, unit_of unit, order_of order)
{
	(void)unit;
	if (order->name.size > 0)
		return false;
	return form->kind == PAY_FORM_ALIPAY ? !pay_limit_is_user(order->account)
					     : order->steps >= form->limits->named;
}

static bool long_name(form_of form, unit_of unit, order_of order)
{
	(void)unit;
	return pay_text_characters(order->name) > form->limits->name_most;
}

static bool unclean_name(form_of form, unit_of unit, order_of order)
{
	(void)form;
	(void)unit;
	return !pay_text_is_xml(order->name);
}

static bool foreign_name(form_of form, unit_of unit, order_of order)
{
	(void)unit;
	return form->sepa && !pay_text_is_sepa(order->name);
}

/* Only a file of columns is opened as a table. */
static bool formula(form_of form, unit_of unit, order_of order)
{
	(void)unit;
	return form->kind != PAY_FORM_ISO20022 &&
	       (pay_text_is_formula(order->name) || pay_text_is_formula(order->account) ||
		       pay_text_is_formula(order->bank));
}

static bool unwritten_name(form_of form, unit_of unit, order_of order)
{
	struct buffer out = {0};
	(void)unit;
	bool lacks = form->encoding != NULL &&
		     encoding_to(form->encoding, order->name, &out) == RECOURSE_FIELD_FORMAT;
	buffer_free(&out);
	return lacks;
}

static bool long_account(form_of form, unit_of unit, order_of order)
{
	(void)unit;
	return order->account.size > form->limits->account_most;
}

static bool wide_account(form_of form, unit_of unit, order_of order)
{
	(void)unit;
	for (size_t index = 0; form->limits->wallet && index < order->account.size; index++) {
		if (order->account.data[index] <= ' ' || order->account.data[index] > '~')
			return true;
	}
	return false;
}

static bool wrong_iban(form_of form, unit_of unit, order_of order)
{
	(void)unit;
	return form->kind == PAY_FORM_ISO20022 && pay_text_like_iban(order->account) &&
	       !pay_text_is_iban(order->account);
}

static bool wrong_bank(form_of form, unit_of unit, order_of order)
{
	(void)unit;
	if (form->limits->wallet || order->bank.size == 0)
		return false;
	return !pay_text_is_bic(order->bank) && !pay_text_is_member(order->bank);
}

static bool no_bank(form_of form, unit_of unit, order_of order)
{
	(void)unit;
	bool wanted = form->kind == PAY_FORM_ISO20022
			      ? !pay_text_is_iban(order->account)
			      : pay_columns_find(&form->columns, PAY_COLUMNS_BANK) < form->columns.count;
	return wanted && order->bank.size == 0;
}

static bool long_id(form_of form, unit_of unit, order_of order)
{
	(void)unit;
	return order->payment_id.size == 0 || order->payment_id.size > form->limits->id_most;
}

static bool nothing(form_of form, unit_of unit, order_of order)
{
	(void)form;
	(void)unit;
	return order->steps <= 0;
}

static bool too_little(form_of form, unit_of unit, order_of order)
{
	(void)unit;
	return order->steps > 0 && order->steps < form->limits->least;
}

/* Of 18 digits, which the schemas allow, with those behind the point. */
static bool too_much(form_of form, unit_of unit, order_of order)
{
	(void)unit;
	return order->steps >= INT64_C(1000000000000000000) ||
	       (form->limits->most > 0 && order->steps > form->limits->most);
}

static bool other_unit(form_of form, unit_of unit, order_of order)
{
	(void)order;
	slice code = unit_code(unit);
	if (form->limits->wallet)
		return !slice_is(code, "CNY") || unit->digits != 2 || unit->step != 1;
	if (form->kind != PAY_FORM_ISO20022)
		return false;
	for (size_t index = 0; index < code.size; index++) {
		if (code.data[index] < 'A' || code.data[index] > 'Z')
			return true;
	}
	return code.size != 3 || unit->digits > 5;
}

const struct pay_limit_rule pay_limit_rules[] = {
	{no_name, RECOURSE_FIELD_MISSING, "the rail demands a name"},
	{long_name, RECOURSE_FIELD_LIMIT, "the name is longer than the rail takes"},
	{unclean_name, RECOURSE_FIELD_FORMAT, "the name has control characters in it"},
	{foreign_name, RECOURSE_FIELD_FORMAT, "the name has characters that the SEPA basic set lacks"},
	{formula, RECOURSE_FIELD_FORMAT, "a cell begins with = + - or @, which a spreadsheet would reckon"},
	{unwritten_name, RECOURSE_FIELD_FORMAT, "the name has characters that the file's encoding lacks"},
	{long_account, RECOURSE_FIELD_LIMIT, "the account is longer than the rail takes"},
	{wide_account, RECOURSE_FIELD_FORMAT, "the account has blanks or full-width characters in it"},
	{wrong_iban, RECOURSE_FIELD_FORMAT, "the check digits of this IBAN are wrong"},
	{wrong_bank, RECOURSE_FIELD_FORMAT, "the bank is neither a BIC nor 12 digits"},
	{no_bank, RECOURSE_FIELD_MISSING, "the rail demands the bank's code"},
	{long_id, RECOURSE_FIELD_LIMIT, "the payment's id is longer than the rail takes"},
	{nothing, RECOURSE_AMOUNT_RANGE, "the payment is of nothing"},
	{too_little, RECOURSE_AMOUNT_RANGE, "the payment is less than the rail takes"},
	{too_much, RECOURSE_AMOUNT_RANGE, "the payment is more than the rail takes"},
	{other_unit, RECOURSE_UNIT_MISMATCH, "the rail does not pay in this unit"},
	{NULL, RECOURSE_OK, NULL},
};
