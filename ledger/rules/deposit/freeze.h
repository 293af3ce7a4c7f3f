/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/*
 * What an incident freezes (B1): what the merchant has in its currency now, available, held by an exit or set apart for
 * a withdrawal; what comes while the incident lasts is frozen when it comes (deposit.c). A follower: see area.h.
 */
enum recourse_error freeze_deposit(struct decision *decision, const struct record_incident *incident,
	slice id, slice merchant) RECOURSE_CHECK;
