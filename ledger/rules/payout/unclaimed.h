/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rules/claims/undo.h"

/*
 * What nobody claimed is out of its account (2135), and back (2130): an incident that had ended without it goes on. Fine where the
 * claim's payment is none of these. Claim and section are the caller's, who saves them; the payment's state stays.
 */
enum recourse_error unclaimed_take(struct decision *decision, struct undo *undo);
