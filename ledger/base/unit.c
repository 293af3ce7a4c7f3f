/* SPDX-License-Identifier: Apache-2.0 */
#include "base/unit.h"

#include <stdlib.h>

enum {
	CURRENCY_CODE_SIZE = 3,
	CURRENCY_STRIDE = 4, /* a code and the blank behind it */
};

static bool is_code_letter(uint8_t byte)
{
	return byte >= 'A' && byte <= 'Z';
}

bool unit_code_valid(slice code)
{
	if (code.size == 0 || code.size > UNIT_CODE_SIZE || !is_code_letter(code.data[0]))
		return false;
	for (size_t index = 1; index < code.size; index++) {
		uint8_t byte = code.data[index];
		if (!is_code_letter(byte) && !(byte >= '0' && byte <= '9') && byte != '-')
			return false;
	}
	return true;
}

enum recourse_error unit_define(slice code, int64_t digits, int64_t step, struct unit *unit)
{
	if (!unit_code_valid(code))
		return RECOURSE_UNIT_UNKNOWN;
	if (digits < 0 || digits > UNIT_DIGITS_MAX || step < 1 || step > UNIT_STEP_MAX)
		return RECOURSE_AMOUNT_RANGE;
	struct unit defined = {.step = (uint32_t)step, .digits = (uint8_t)digits};
	memcpy(defined.code, code.data, code.size);
	*unit = defined;
	return RECOURSE_OK;
}

struct currencies {
	const char *codes; /* in alphabetical order, for the search */
	uint8_t digits;
};

static const struct currencies currency_table[] = {
	{.digits = 2,
		.codes = "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN "
			 "BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD "
			 "FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR "
			 "KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN "
			 "MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD "
			 "SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD "
			 "TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG "},
	{.digits = 0, .codes = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF "},
	{.digits = 3, .codes = "BHD IQD JOD KWD LYD OMR TND "},
};

static int compare_codes(const void *code, const void *listed)
{
	return memcmp(code, listed, CURRENCY_CODE_SIZE);
}

enum recourse_error unit_currency(slice code, struct unit *unit)
{
	if (code.size != CURRENCY_CODE_SIZE)
		return RECOURSE_UNIT_UNKNOWN;
	for (size_t index = 0; index < sizeof currency_table / sizeof currency_table[0]; index++) {
		const char *codes = currency_table[index].codes;
		size_t count = strlen(codes) / CURRENCY_STRIDE;
		if (bsearch(code.data, codes, count, CURRENCY_STRIDE, compare_codes) != NULL)
			return unit_define(code, currency_table[index].digits, 1, unit);
	}
	return RECOURSE_UNIT_UNKNOWN;
}
