/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/area.h"

extern const struct area rule_area;
extern const struct area custody_area;
extern const struct area bank_file_area;
extern const struct area incident_area;
extern const struct area collateral_area;
extern const struct area deposit_area;
extern const struct area recourse_area;
extern const struct area claims_area;
extern const struct area hearing_area;
extern const struct area desk_area;
extern const struct area payee_area;
extern const struct area rail_area;
extern const struct area payout_area;
extern const struct area ending_area;
extern const struct area merchant_area;
extern const struct area suspense_area;
extern const struct area decide_area;

const struct area *const registry_areas[] = {
	&rule_area,
	&custody_area,
	&bank_file_area,
	&incident_area,
	&collateral_area,
	&deposit_area,
	&recourse_area,
	&claims_area,
	&hearing_area,
	&desk_area,
	&payee_area,
	&rail_area,
	&payout_area,
	&ending_area,
	&merchant_area,
	&suspense_area,
	&decide_area,
	NULL,
};
