/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "recourse_schema.h"
#include "service.h"

/* Asks a query or a public method with field=value pairs, and shows the answer. Opens the service. */
enum exit_code ask_method(struct service *service, const struct recourse_method *method, char *const *pairs,
	size_t count, bool json);
