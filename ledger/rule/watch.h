/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "books/record_payee.h"
#include "rule/query.h"

/*
 * What is watched for fraud (H4), as published data: command watch.publish, query watch.get. The version in force says how long a
 * changed payee rests, how many holders share an account, and how many claims come from one origin within how many hours, before
 * somebody looks at them. It is the ledger's, as accounts and origins are no incident's.
 */
enum recourse_error watch_read(
	struct state_view *view, struct record_watch *watch); /* presets where none was */
