/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "backup_place.h"

/* Backups of the log: pieces in a place, and the copy for an auditor. */
struct backup_online {
	const char *key; /* the file of the one that seals; NULL: none */
	bool for_auditor;
	bool json;
};

enum exit_code backup_online_make(const struct backup_online *log, const char *directory, const char *place);
enum exit_code backup_online_check(const struct backup_online *log, const char *place);

/* Says of one how far it comes. */
void backup_online_say(const char *path, const struct recourse_backup *piece, bool json);
