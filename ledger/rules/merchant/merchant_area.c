/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/rule.h"

extern const struct query_group merchant_view_group;

const struct area merchant_area = {
	.name = "merchant",
	.queries = {&merchant_view_group},
};
