/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

/*
 * Memory that runs out: all libraries of the one test program that includes this call these in place of the C
 * library's. Not under a sanitizer, which has its own: nothing ever fails there.
 */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define ALLOCATION_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define ALLOCATION_SANITIZED 1
#endif
#endif

/* It changes, since a function that stands in for malloc() has no other way to be told. */
static struct {
	atomic_bool armed;
	bool lasting;
	atomic_int passing;  /* allocations that go well before one fails; below 0 when one has */
	atomic_uint *struck; /* how often; of whoever armed it, who may share it with another process */
} memory;

#ifndef ALLOCATION_SANITIZED
static bool strikes(void)
{
	if (!memory.armed)
		return false;
	int left = atomic_fetch_sub(&memory.passing, 1);
	if (left > 0 || (left < 0 && !memory.lasting))
		return false;
	atomic_fetch_add(memory.struck, 1);
	errno = ENOMEM;
	return true;
}

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *bytes, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

void *malloc(size_t size)
{
	return strikes() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return strikes() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *bytes, size_t size)
{
	return strikes() ? NULL : __libc_realloc(bytes, size);
}

int posix_memalign(void **bytes, size_t alignment, size_t size)
{
	if (strikes())
		return ENOMEM;
	*bytes = __libc_memalign(alignment, size);
	return *bytes == NULL ? ENOMEM : 0;
}
#endif

static void memory_arm(unsigned int passing, bool lasting, atomic_uint *struck)
{
	memory.passing = (int)passing;
	memory.lasting = lasting;
	memory.struck = struck;
	atomic_store(struck, 0);
	memory.armed = true;
}

static void memory_disarm(void)
{
	memory.armed = false;
}
