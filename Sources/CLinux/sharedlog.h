#pragma once
#include <stdint.h>

/* What every commit to a database with a write-ahead log changes: the 48 bytes that the log's index in shared memory
   begins with, where they stand twice. 0 where they are just being written.
   Source: SQLite, "WAL-mode File Format", section 2.1: a writer writes the second copy first; a reader reads it last. */
static inline int ks_log_version(const void *index, uint64_t version[6]) {
    const uint64_t *words = (const uint64_t *)index;
    for (int i = 0; i < 6; i++) version[i] = __atomic_load_n(words + i, __ATOMIC_RELAXED);
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    for (int i = 0; i < 6; i++)
        if (__atomic_load_n(words + 6 + i, __ATOMIC_RELAXED) != version[i]) return 0;
    return 1;
}
