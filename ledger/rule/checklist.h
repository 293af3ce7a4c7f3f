/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books/record_evidence.h"
#include "books/record_ledger.h"
#include "rule/command.h"

/* The evidence that a policy lists (D3): kinds that are data, who has each, and whether a claim is approved without it. */

/* The fields of a kind, in the policy's list and where one is added to a claim's. */
enum { CHECKLIST_KIND, CHECKLIST_FROM, CHECKLIST_NEEDED, CHECKLIST_FIELDS };
extern const struct recourse_field checklist_fields[CHECKLIST_FIELDS];

extern const char *const checklist_from_names[]; /* by enum evidence_from */

/* Keeps the list of that version; `*count` is how many kinds it has. FIELD_DUPLICATE with field "checklist". */
enum recourse_error checklist_publish(
	struct decision *decision, const struct value *list, slice policy, uint32_t version, uint64_t *count);

/* That list; STORE_CORRUPT where none was published. */
enum recourse_error checklist_load(
	struct state_view *view, slice policy, uint32_t version, struct record_checklist *checklist);
