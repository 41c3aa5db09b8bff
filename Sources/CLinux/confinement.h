#pragma once
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static inline int ks_forbid_new_privileges(void) { return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); }

/* Has the kernel ask such a program about every system call of this thread. New privileges have to be forbidden
   before. 0, or -1. Source: seccomp(2), which the C library does not wrap. */
static inline int ks_filter_calls(const void *program, size_t size) {
    struct sock_fprog filter = { (unsigned short)(size / sizeof(struct sock_filter)), (struct sock_filter *)program };
    return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter);
}

/* Landlock by its system calls: Debian 12's headers are older than its newer kernels. The numbers are those of
   every architecture but Alpha. Source: landlock(7); linux/landlock.h of Linux 6.12. */

enum { KS_LANDLOCK_CREATE = 444, KS_LANDLOCK_ADD = 445, KS_LANDLOCK_RESTRICT = 446 };

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

/* A set of rules that takes all that Landlock can take; its descriptor, or -1. */
static inline int ks_landlock_rules_denying_all(int abi) {
    struct ks_landlock_rules rules = { 0, 0, 0 };
    /* 13 rights of access to files; then REFER, TRUNCATE and, from ABI 5 on, IOCTL_DEV. */
    rules.files = (1ULL << (abi >= 5 ? 16 : abi >= 3 ? 15 : abi >= 2 ? 14 : 13)) - 1;
    rules.net = abi >= 4 ? 3 : 0;    /* binding and connecting by TCP */
    rules.scoped = abi >= 6 ? 3 : 0; /* abstract Unix sockets, signals */
    size_t size = abi >= 6 ? 24 : abi >= 4 ? 16 : 8;
    return (int)syscall(KS_LANDLOCK_CREATE, &rules, size, 0U);
}

/* Leaves files and lists below the folder to be read; nothing where it is not there. */
static inline void ks_landlock_allow_reading(int set, const char *folder) {
    struct { uint64_t access; int32_t parent; } __attribute__((packed)) rule = { 1 << 2 | 1 << 3, -1 };
    rule.parent = open(folder, 010000000 /* O_PATH */ | O_CLOEXEC);
    if (rule.parent < 0) return;
    syscall(KS_LANDLOCK_ADD, set, 1 /* LANDLOCK_RULE_PATH_BENEATH */, &rule, 0U);
    close(rule.parent);
}

/* Puts the rules on for this thread, and closes them. New privileges have to be forbidden before. 0, or -1. */
static inline int ks_landlock_put_on(int set) {
    int result = (int)syscall(KS_LANDLOCK_RESTRICT, set, 0U);
    int error = errno;
    close(set);
    errno = error;
    return result;
}
