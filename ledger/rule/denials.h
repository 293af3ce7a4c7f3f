/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books/record_evidence.h"
#include "books/record_ledger.h"
#include "rule/command.h"

/* The rules by which a policy denies a loss that evidence shows (C2): each with the reason code that it is for. */

enum { DENIALS_RULE, DENIALS_REASON, DENIALS_FIELDS };
extern const struct recourse_field denials_fields[DENIALS_FIELDS];

/* Keeps those of that version; `*count` is how many. FIELD_DUPLICATE with field "denials". */
enum recourse_error denials_publish(
	struct decision *decision, const struct value *list, slice policy, uint32_t version, uint64_t *count);

/* Those of it; none where none were published. */
enum recourse_error denials_load(
	struct state_view *view, slice policy, uint32_t version, struct record_denials *denials);

/* Whether that rule is one of them, for that reason. */
bool denials_have(const struct record_denials *denials, slice rule, slice reason);
