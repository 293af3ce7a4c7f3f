/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What can be promised to a claimant, as record_promise says it; NULL at the end. */
extern const char *const promise_kinds[];
