/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "recourse_schema.h"
#include "service.h"

/*
 * A report of all accounts, which the service gives in pages: all of them as of one entry, with the totals, shown as
 * one. With `from` or `limit` it is that one page. Opens the service.
 */
enum exit_code report_book(struct service *service, const struct recourse_method *method, char *const *pairs,
	size_t count, bool json);
