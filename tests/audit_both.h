/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "support.h"

#include "recourse_ledger.h"

/*
 * The audit as a program makes it, on two threads, and as one thread does: with what is done beside done at once, and as
 * late as it can be. The test fails where the three do not report the same, to the byte.
 */
enum recourse_error audit_both(const struct recourse_audit_options *options, struct recourse_audit *report);
