#pragma once
#include <linux/fs.h>
#include <linux/memfd.h>
#include <malloc.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <unistd.h>

/* Allocations below `largest` bytes come from the heap, and the heap keeps `kept` free bytes at its end.
   Source: mallopt(3), which Swift's Glibc does not have. */
static inline void ks_keep_freed_memory(int largest, int kept) {
    mallopt(M_MMAP_THRESHOLD, largest);
    mallopt(M_TRIM_THRESHOLD, kept);
}

/* Readies the heap of a process that is to be forked often, by a child that allocates and soon ends. What is
   allocated from now on comes from new memory, side by side, and no longer from the holes that are all over the heap:
   each page with a hole in it would be copied for each child. The first `small` bytes come in small pages, more in
   huge ones, where the kernel has them: they are zeroed in a fifth of the time. Nothing is used up yet.
   Source: mallopt(3), mallinfo2(3), madvise(2); Linux's admin-guide/mm/transhuge.rst. */
static inline void ks_ready_heap(size_t small) {
    const size_t huge = 2 << 20, ready = 4 * huge;
    ks_keep_freed_memory(2 * ready, 4 * ready);
    const char *top = (const char *)sbrk(0) - mallinfo2().keepcost;
    for (size_t hole = huge / 2; hole >= 24; hole = hole > 2048 ? hole / 2 : hole - 16) {
        void *filler;
        while ((filler = malloc(hole)) && (const char *)filler < top);
        free(filler);
    }
    char *rest = (char *)malloc(ready);
    if (!rest) return;
    /* Beyond what was tried for holes: a huge page comes only where there is no page yet. */
    char *first = (char *)(((uintptr_t)rest + 2 * huge - 1) / huge * huge);
    madvise(first, huge, MADV_HUGEPAGE);
    free(rest);
    /* So that what follows begins just so far before the huge page; volatile, or the compiler would leave it out. */
    void *volatile untouched = malloc((size_t)(first - rest) - small);
    (void)untouched;
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
