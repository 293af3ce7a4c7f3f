/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What can be promised to a claimant, as record_promise says it; NULL at the end. */
enum promise_kind { PROMISE_CALLBACK, PROMISE_ANSWER, PROMISE_PAYMENT, PROMISE_OTHER };
extern const char *const promise_kinds[];
