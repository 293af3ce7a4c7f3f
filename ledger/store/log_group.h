/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "store/log_tables.h"

/*
 * Writes what a group adds into the tables, and the head behind it, which must be the group's `before` as yet: FORK. As the
 * tables' errors; the caller commits.
 */
enum recourse_error log_group_put(
	const struct log_tables *tables, MDB_txn *transaction, const struct group *group);
