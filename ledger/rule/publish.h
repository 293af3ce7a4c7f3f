/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "rule/decision.h"

/*
 * Publishing data: versions are numbered from 1 without a gap, and what was published stays as it is. Whatever is
 * wrong is the field "version".
 */

/* Of what has one version in force, whose number was `last`; 0: none was published yet. POLICY_WRONG. */
enum recourse_error publish_next(struct decision *decision, uint64_t version, uint64_t last);

/* Of what keeps all versions, each by its id and number. EXISTS, POLICY_WRONG. */
enum recourse_error publish_version(
	struct decision *decision, enum record_table table, slice id, uint32_t version);

/* Where such a version is. */
struct record_path publish_path(enum record_table table, slice id, uint32_t version);
