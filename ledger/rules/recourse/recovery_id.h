/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rules/incident/incident.h"

/*
 * A receipt is called what the custodian called it that got it: another one may call its own the same, and learns of none
 * but its own. Its custodian is its incident's.
 */
struct record_path recovery_id_path(slice id, uint32_t custodian);

/*
 * That of somebody who is no custodian: with `custodian`, or the only one of that id, where `payer` is not 0 of that payer's.
 * NOT_FOUND "recovery", FIELD_MISSING "custodian" where several have one.
 */
#define RECOVERY_CUSTODIAN                                                                                   \
	FIELD_OPTIONAL(ID, "custodian", "whose receipt it is, where several custodians have one of that id")
enum recourse_error recovery_id_find(struct decision *decision, slice id, const struct value *custodian,
	uint32_t payer, struct record_path *path, struct record_recovery *recovery);
