#pragma once
#include <errno.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static inline int ks_forbid_new_privileges(void) { return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); }

/* Landlock by its system calls: Debian 12's headers are older than its newer kernels. The numbers are those of
   every architecture but Alpha. Source: landlock(7); linux/landlock.h of Linux 6.12. */

enum { KS_LANDLOCK_CREATE = 444, KS_LANDLOCK_RESTRICT = 446 };

struct ks_landlock_rules {
    uint64_t files;  /* from ABI 1 on */
    uint64_t net;    /* from ABI 4 on */
    uint64_t scoped; /* from ABI 6 on */
};

/* The kernel's ABI of Landlock; 0 where it has none. */
static inline int ks_landlock_abi(void) {
    long abi = syscall(KS_LANDLOCK_CREATE, 0, 0, 1U /* LANDLOCK_CREATE_RULESET_VERSION */);
    return abi < 0 ? 0 : (int)abi;
}

/* Takes from this thread all that Landlock can take. New privileges have to be forbidden before. 0, or -1. */
static inline int ks_landlock_deny_all(int abi) {
    struct ks_landlock_rules rules = { 0, 0, 0 };
    /* 13 rights of access to files; then REFER, TRUNCATE and, from ABI 5 on, IOCTL_DEV. */
    rules.files = (1ULL << (abi >= 5 ? 16 : abi >= 3 ? 15 : abi >= 2 ? 14 : 13)) - 1;
    rules.net = abi >= 4 ? 3 : 0;    /* binding and connecting by TCP */
    rules.scoped = abi >= 6 ? 3 : 0; /* abstract Unix sockets, signals */
    size_t size = abi >= 6 ? 24 : abi >= 4 ? 16 : 8;
    int set = (int)syscall(KS_LANDLOCK_CREATE, &rules, size, 0U);
    if (set < 0) return -1;
    int result = (int)syscall(KS_LANDLOCK_RESTRICT, set, 0U);
    int error = errno;
    close(set);
    errno = error;
    return result;
}
