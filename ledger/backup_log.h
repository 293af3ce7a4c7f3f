/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "backup_piece.h"
#include "store/log.h"

/* A log as the source, and as the target, of what backup_piece.h has go by. */

/*
 * From where the chain stands to that head of the log, which may be written to meanwhile: it is read some at a time, so that
 * its file does not grow for that.
 */
enum recourse_error backup_log_pass(struct log *log, const struct log_head *end, struct backup_chain *chain,
	const struct backup_target *target);

/* The chain as it stands at that head, of this log: AUDIT_FAILED where the log never was there. */
enum recourse_error backup_log_stand(struct log *log, const struct recourse_backup_head *head,
	const char *log_key, struct backup_chain *chain);

/* What its first entry says. */
enum recourse_error backup_log_name(struct log *log, struct backup_finding *finding, struct key_public *key);

/* Adds what comes to a log, which stands where the chain does, many at a time. */
struct backup_log_writer {
	struct log *log;
	struct group group;
	struct buffer notes;  /* checkpoints that are not added yet, */
	struct buffer places; /* and where they lie in `notes` */
};
void backup_log_begin(struct backup_log_writer *writer, struct log *log);
struct backup_target backup_log_target(struct backup_log_writer *writer);
void backup_log_free(struct backup_log_writer *writer);
