#pragma once
#include <linux/fs.h>
#include <linux/memfd.h>
#include <malloc.h>
#include <sys/resource.h>
#include <sys/uio.h>

/* Allocations below `largest` bytes come from the heap, and the heap keeps `kept` free bytes at its end.
   Source: mallopt(3), which Swift's Glibc does not have. */
static inline void ks_keep_freed_memory(int largest, int kept) {
    mallopt(M_MMAP_THRESHOLD, largest);
    mallopt(M_TRIM_THRESHOLD, kept);
}

/* Reads bytes that the system has in memory; fewer, or -1, where it would have to wait for the disk.
   Source: preadv2(2), RWF_NOWAIT. Declared here, because _GNU_SOURCE would give this module other system types
   than the rest of the program has. */
extern ssize_t preadv2(int file, const struct iovec *parts, int count, off_t position, int flags);

static inline ssize_t ks_read_cached(int file, void *bytes, size_t count, off_t position) {
    struct iovec part = { bytes, count };
    return preadv2(file, &part, 1, position, RWF_NOWAIT);
}

/* Lets this process have as many files open as it may: each upload takes three. Source: getrlimit(2). */
static inline void ks_raise_open_files(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

/* A file that is in memory alone; its number, or -1. Source: memfd_create(2). */
extern int memfd_create(const char *name, unsigned flags);

static inline int ks_memory_file(const char *name) { return memfd_create(name, MFD_CLOEXEC); }
