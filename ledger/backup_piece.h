/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "backup_chain.h"

/*
 * What a piece of a backup says (backup_file.h has how that lies in a file): requests in their order, each with the entries it
 * made, each checkpoint where it belongs, from where the piece before ended. Nothing else of a ledger: no state, which is made
 * again; no texts, and no keys.
 *
 *   item   u8 kind   u32 size   bytes
 *   'b'    begin: u8 version 1, the head before, 32 the piece before (0: none), u64 made, u16 size and origin, u16 size and vkey
 *   'r'    a request's record, as the log has it       'e'   an entry of it       'c'   a checkpoint of all entries so far
 *   'z'    end: the head
 *   head   u64 entries   u64 requests   u64 time   u64 size of the newest checkpoint   32 last leaf   32 link   32 root
 *
 * Source and target of what goes by are each one of a log, a file of that form, and nothing:
 *
 *   backup    log ──> chain ──> file, which is read back:  file ──> chain
 *   check     files ──> chain
 *   restore   files ──> chain ──> log
 *   a copy    log ──> chain ──> log
 */
struct backup_target {
	enum recourse_error (*request)(void *context, slice record);
	enum recourse_error (*entry)(void *context, slice entry);
	enum recourse_error (*checkpoint)(void *context, uint64_t size, slice note);
	enum recourse_error (*end)(void *context, const struct backup_chain *chain);
	void *context;
};

/* Past the chain, and then on to the target, which may be NULL. */
enum recourse_error backup_piece_pass_request(
	struct backup_chain *chain, const struct backup_target *target, slice record);
enum recourse_error backup_piece_pass_entry(
	struct backup_chain *chain, const struct backup_target *target, slice entry);
enum recourse_error backup_piece_pass_checkpoint(
	struct backup_chain *chain, const struct backup_target *target, slice note);

/* A piece's beginning; and what is behind it, to be gone by in order, as a target. `backup` has origin, key, before, made. */
enum recourse_error backup_piece_begin(struct backup_writer *writer, const struct recourse_backup *backup,
	const struct crypto_hash *previous);
struct backup_target backup_piece_target(struct backup_writer *writer);

/*
 * A whole piece: past the chain, which stands where it begins, to the target. `previous`: what stands for the one before, and
 * from then on for this one. `backup` takes what it says.
 */
enum recourse_error backup_piece_pass(struct backup_reader *reader, struct backup_chain *chain,
	const struct backup_target *target, struct crypto_hash *previous, struct recourse_backup *backup);

/* What a whole piece says of itself, without its content looked at; that is as it was written. */
enum recourse_error backup_piece_look(struct backup_reader *reader, struct recourse_backup *backup);
