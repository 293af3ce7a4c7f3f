/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/crypto.h"
#include "recourse_ledger.h"

/*
 * A piece of a backup as a file: blocks, each of which says that the ones before it are as they were written, and the last of
 * which says that it is the last. So a file that was not copied whole is told from one that was changed.
 *
 *   0   16 "recourse-backup1"   16 u8 whether it is sealed, seven zeroes
 *   24  24 secretstream's header, or zeroes   48 16 which key sealed it, or zeroes
 *   64  blocks: u32 size, then so many bytes
 *         plain    u8 whether it is the last   bytes   32 SHA-256 of label ‖ that of the block before ‖ these
 *         sealed   the same bytes by XChaCha20-Poly1305 (secretstream), with the tag FINAL on the last
 *
 * Numbers have the most significant byte first. What the bytes mean is backup_piece.h's.
 */
enum { BACKUP_BLOCK_MAX = 64 * 1024, BACKUP_HEADER_SIZE = 64, BACKUP_KEY_SIZE = CRYPTO_FLOW_KEY_SIZE };

/* Says it once: what is found first stays. Always AUDIT_FAILED. */
struct backup_finding {
	enum recourse_backup_fault fault;
	char what[400];
};
enum recourse_error backup_file_find(struct backup_finding *finding, enum recourse_backup_fault fault,
	const char *format, ...) __attribute__((format(printf, 3, 4)));

/* ---- writing ---- */

struct backup_writer {
	int file; /* −1: none */
	bool sealed;
	struct crypto_flow flow;
	struct crypto_hash link; /* of the block before */
	struct buffer bytes;     /* that are in no block yet */
	struct buffer block;
};

/* Into a file that is open to write, and empty; which is the caller's. `key` NULL: plain. IO, MEMORY. */
enum recourse_error backup_file_write_begin(
	struct backup_writer *writer, int file, const uint8_t key[BACKUP_KEY_SIZE]);
enum recourse_error backup_file_write(struct backup_writer *writer, slice bytes);
/* The last block, which may have no bytes. The file is not on the disk yet. */
enum recourse_error backup_file_write_end(struct backup_writer *writer);
void backup_file_write_free(struct backup_writer *writer);

/* ---- reading ---- */

struct backup_reader {
	int file;
	bool sealed;
	bool last; /* the last block was read */
	struct crypto_flow flow;
	struct crypto_hash link; /* of the block read last; after the end: what stands for the whole file */
	uint64_t place;          /* in the file */
	uint64_t size;
	struct buffer stored;
	struct buffer bytes; /* of the block that was read last, */
	size_t taken;        /* and how many of them were taken */
	struct backup_finding *finding;
};

/* AUDIT_FAILED with the finding; IO, MEMORY. */
enum recourse_error backup_file_read_begin(struct backup_reader *reader, int file,
	const uint8_t key[BACKUP_KEY_SIZE], struct backup_finding *finding);
/* All so many bytes. AUDIT_FAILED where there are no more. */
enum recourse_error backup_file_read(struct backup_reader *reader, void *bytes, size_t size);
/* That nothing comes any more, and the last block said so. */
enum recourse_error backup_file_read_end(struct backup_reader *reader);
void backup_file_read_free(struct backup_reader *reader);
