/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/bench_machine.h"

#include "bench/bench_commit.h"
#include "host_clock.h"
#include "base/crypto.h"
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum {
	FLUSHES = 150,
	FLUSH_SIZE = 4096,
	BLOCK_SIZE = 64 * 1024,
	ENTRY_SIZE = 300,
	HASH_BYTES = 64 * 1024 * 1024,
	SIGNATURES = 3000,
};

static const char label[] = "recourse-bench-v1\n";

static double per_second(double count, uint64_t started)
{
	return count * (double)HOST_CLOCK_SECOND / (double)(host_clock_monotonic() - started);
}

static int compare(const void *a, const void *b)
{
	const uint64_t *first = a;
	const uint64_t *second = b;
	return (*first > *second) - (*first < *second);
}

static bool flush_many(int file, struct bench_figures *figures)
{
	uint8_t page[FLUSH_SIZE] = {0};
	uint64_t times[FLUSHES];
	for (size_t index = 0; index < FLUSHES; index++) {
		uint64_t started = host_clock_monotonic();
		if (write(file, page, sizeof page) != sizeof page || fdatasync(file) != 0)
			return false;
		times[index] = host_clock_monotonic() - started;
	}
	qsort(times, FLUSHES, sizeof times[0], compare);
	bench_figure_add(figures, "machine", "flush p50", "us", (double)times[FLUSHES / 2] / 1000);
	bench_figure_add(figures, "machine", "flush p99", "us", (double)times[FLUSHES * 99 / 100] / 1000);
	return true;
}

static bool measure_flush(const char *directory, struct bench_figures *figures)
{
	char path[PATH_MAX];
	snprintf(path, sizeof path, "%s/flush", directory);
	int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
	bool good = file >= 0 && flush_many(file, figures);
	if (!good)
		output_problem("%s: %s", path, strerror(errno));
	if (file >= 0)
		close(file);
	unlink(path);
	return good;
}

static void measure_hash(const uint8_t *block, size_t size, const char *name, struct bench_figures *figures)
{
	struct crypto_hash hash;
	size_t count = HASH_BYTES / size;
	uint64_t started = host_clock_monotonic();
	for (size_t index = 0; index < count; index++)
		crypto_sha256(slice_of(block, size), &hash);
	bench_figure_add(figures, "machine", name, "MB/s", per_second((double)(count * size) / 1e6, started));
}

static bool measure_signatures(struct bench_figures *figures)
{
	uint8_t seed[CRYPTO_SEED_SIZE] = {0};
	uint8_t message[ENTRY_SIZE] = {0};
	uint8_t public_key[CRYPTO_PUBLIC_SIZE];
	uint8_t signature[CRYPTO_SIGNATURE_SIZE];
	struct crypto_key *key;
	if (crypto_key_open(seed, &key) != RECOURSE_OK)
		return false;
	crypto_key_public(key, public_key);
	slice bytes = slice_of(message, sizeof message);
	enum recourse_error error = RECOURSE_OK;
	uint64_t started = host_clock_monotonic();
	for (int index = 0; error == RECOURSE_OK && index < SIGNATURES; index++)
		error = crypto_key_sign(key, slice_text(label), bytes, signature);
	bench_figure_add(figures, "machine", "Ed25519 sign", "/s", per_second(SIGNATURES, started));
	started = host_clock_monotonic();
	for (int index = 0; error == RECOURSE_OK && index < SIGNATURES; index++)
		error = crypto_verify(public_key, slice_text(label), bytes, signature);
	bench_figure_add(figures, "machine", "Ed25519 verify", "/s", per_second(SIGNATURES, started));
	crypto_key_free(key);
	return error == RECOURSE_OK;
}

bool bench_machine_run(const char *directory, struct bench_figures *figures)
{
	uint8_t *block = calloc(1, BLOCK_SIZE);
	if (block == NULL)
		return false;
	bool good = measure_flush(directory, figures) && bench_commit_run(directory, figures);
	measure_hash(block, BLOCK_SIZE, "SHA-256, 64 KiB", figures);
	measure_hash(block, ENTRY_SIZE, "SHA-256, 300 B", figures);
	free(block);
	return good && measure_signatures(figures);
}
