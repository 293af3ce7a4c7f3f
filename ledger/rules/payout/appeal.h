/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"

/*
 * A merchant's appeals of deductions (D7): lodged within the policy's window, once for a deduction; may stay payment;
 * decided by somebody who had no hand in it. An appeal is named by the entry that lodged it, and so are its accounts.
 * Commands appeal.lodge, appeal.stay, appeal.decide, appeal.fund.
 *
 *   deduction  entry                   ->  record_deduction
 *   about      deduction merchant entry    the merchant's deductions in their order
 *   appeal     entry                   ->  record_appeal
 *   about      appeal merchant entry       the merchant's appeals in their order
 *   stay       incident entry              those that stay payment
 */

/* NOT_PERMITTED with the first appeal that stays payment in the incident. */
enum recourse_error appeal_check_stays(
	struct decision *decision, const char *field, const struct record_incident *incident);

/* The clock: nobody has decided in time. The subject is the appeal's number. Nothing else happens by itself. */
enum recourse_error appeal_overdue(struct decision *decision, slice subject);
