/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/rule.h"
#include "rules/collateral/collateral.h"

/*
 * How much a merchant has to lodge (A2): policy data. A fixed sum, or a ratio of the prepaid value that is not
 * performed, by the class of who issued it: the presets are those of the rules for single-purpose prepaid cards,
 * 20 % for an issuer of scale, 30 % for a group, 40 % for a brand. An issuer that nobody classified counts with the
 * highest of the three. Instruments in force stand for a share of it. Each part is rounded up, so that never less is
 * asked for than the ratio says.
 *
 * Commands requirement.publish, requirement.assign, requirement.end, issuer.classify.
 */
extern const char *const requirement_basis_names[];
extern const char *const requirement_class_names[];

/* The version that a merchant is under: all zeroes where its record names none. */
enum recourse_error requirement_of(struct state_view *view, const struct record_collateral *record,
	struct record_requirement *policy) RECOURSE_CHECK;

/* All zeroes where nobody classified the issuer. */
enum recourse_error requirement_class(
	struct state_view *view, slice issuer, struct record_class *record) RECOURSE_CHECK;

/* Adding up what is required of a merchant: what the policy asks for by itself, each issuer, and what is offset. */
enum recourse_error requirement_add(struct state_view *view, const struct record_requirement *policy,
	slice issuer, int64_t exposure, int64_t *gross) RECOURSE_CHECK;

/* Fills in what is `required`, of the record's `gross`. OVERFLOW. */
enum recourse_error requirement_close(
	const struct record_requirement *policy, struct record_collateral *record) RECOURSE_CHECK;
