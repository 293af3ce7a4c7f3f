/* SPDX-License-Identifier: Apache-2.0 */
#include "import/import_type.h"

#include <string.h>

static const struct import_type types[] = {
	{
		.name = "entitlements",
		.command = "entitlement.issue",
		.help = "cards and orders that were sold",
		.amounts = {{"quantity", "unit"}, {"cost", "currency"}, {"consumed", "unit"}},
		.sample = "entitlement,holder,issuer,merchant,channel,unit,quantity,cost,currency,issued\n"
			  "card-1,holder-1,Y,M,app,L,600.000,3000.00,CNY,2016-05-04T10:00:00+08:00\n"
			  "card-2,holder-2,Y,M,app,L,\"1,000\",\"5,000.00\",CNY,2016/5/4 10:00 +08:00\n",
	},
	{
		.name = "uses",
		.command = "entitlement.consume",
		.help = "records of use, or that there are none",
		.sample = "entitlement,evidence,consumed,reference,source,evidence_hash\n"
			  "card-1,confirmed,400.000,use-1,Y,"
			  "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881\n"
			  "card-2,absent,,,Y,"
			  "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881\n",
	},
	{
		.name = "claims",
		.command = "claim.file",
		.help = "claims that were taken elsewhere",
		.amounts = {{"amount", NULL}},
		.history = {"claim.brief", "claim", "claim", "entries"},
		.filled = "incident",
		.sample = "claim,incident,entitlement,channel\n"
			  "claim-1,i1,card-1,phone\n"
			  "claim-2,i1,card-2,counter\n",
	},
	{
		.name = "decisions",
		.command = "claim.decide",
		.help = "rulings on claims",
		.amounts = {{"amount", NULL}},
		.history = {"claim.brief", "claim", "claim", "entries"},
		.sample = "claim,outcome\n"
			  "claim-1,approve\n"
			  "claim-2,approve\n",
	},
	{
		.name = "payouts",
		.command = "payout.instruct",
		.help = "payments to order, of approved claims",
		.history = {"claim.brief", "claim", "claim", "entries"},
		.sample = "claim\n"
			  "claim-1\n"
			  "claim-2\n",
	},
	{
		.name = "settlements",
		.command = "payout.settle",
		.help = "the custodian's word that payments were made",
		.history = {"report.bank_lines", "bank_reference", "line", "lines"},
		.sample = "claim,bank_reference\n"
			  "claim-1,line-1\n"
			  "claim-2,line-2\n",
	},
	{
		.name = "attestations",
		.command = "custody.attest",
		.help = "what the custodian's account held at the ends of days",
		.amounts = {{"balance", "unit"}},
		.sample = "day,unit,balance,statement_hash\n"
			  "2016-05-03,CNY,0.00,"
			  "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881\n"
			  "2016-05-04,CNY,0.00,"
			  "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881\n",
	},
	{
		.name = "deposits",
		.command = "deposit.receive",
		.help = "the custodian's word that deposits came in",
		.amounts = {{"amount", "unit"}},
		.sample = "merchant,amount,unit,bank_reference\n"
			  "M,\"100,000.00\",CNY,line-3\n"
			  "M,500,CNY,line-4\n",
	},
};
enum { TYPES = sizeof types / sizeof types[0] };

const struct import_type *import_type_at(size_t index)
{
	return index < TYPES ? &types[index] : NULL;
}

const struct import_type *import_type_find(const char *name)
{
	for (size_t index = 0; index < TYPES; index++) {
		if (strcmp(types[index].name, name) == 0)
			return &types[index];
	}
	return NULL;
}

bool import_type_unit(const struct import_type *type, const char *amount, const char **unit)
{
	for (size_t index = 0; index < IMPORT_TYPE_AMOUNTS && type->amounts[index].amount != NULL; index++) {
		*unit = type->amounts[index].unit;
		if (strcmp(type->amounts[index].amount, amount) == 0)
			return true;
	}
	return false;
}
