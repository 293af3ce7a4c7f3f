/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/slice.h"
#include "recourse_ledger.h"
#include "recourse_schema.h"

/*
 * Whether an answer is what the published description says of its method: each member is described, of its kind and
 * there unless it may be absent; each refusal is among the method's errors. What is not is a mistake of the program.
 * Each returns the name of what is not described, which lasts as long as the answer; empty: all is.
 */
slice described_result(const struct recourse_method *method, slice result);
slice described_error(const struct recourse_method *method, enum recourse_error error);

/* The same of a submit, by its array of commands: its reply, and the refusals in it are those of their commands. */
slice described_submit(slice commands, slice result);
slice described_refusal(slice commands, const struct recourse_refusal *refusal);
