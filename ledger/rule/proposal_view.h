/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/view.h"

/*
 * Commands that wait for other people, as briefs show them: rows of a walk over RECORD_PROPOSAL_CLAIM of a claim,
 * RECORD_PROPOSAL_INCIDENT of an incident or RECORD_PROPOSAL_PARTY of a party, the first PROPOSAL_VIEW_MAX.
 */
enum { PROPOSAL_VIEW_COLUMNS = 7, PROPOSAL_VIEW_MAX = 50 };
extern const struct recourse_column proposal_view_columns[PROPOSAL_VIEW_COLUMNS];
view_visitor proposal_view_visit;
