#pragma once
#include <linux/fs.h>
#include <linux/memfd.h>
#include <malloc.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/uio.h>

/* prctl is variadic, which Swift does not import. */

static inline int ks_forbid_new_privileges(void) { return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); }

static inline int ks_forbid_dumping(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

static inline int ks_die_with_parent(void) { return prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0); }

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

/* Ancillary data of sockets is reached by macros, which Swift does not import either. */

/* Sends bytes and one open file over a Unix socket; the bytes sent, or -1. Source: unix(7), SCM_RIGHTS. */
static inline ssize_t ks_send_file(int socket, int file, const void *bytes, size_t count) {
    union { struct cmsghdr header; char space[CMSG_SPACE(sizeof(int))]; } control;
    memset(&control, 0, sizeof control);
    struct iovec part = { (void *)bytes, count };
    struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.space,
                              .msg_controllen = sizeof control.space };
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(header), &file, sizeof file);
    return sendmsg(socket, &message, MSG_NOSIGNAL);
}

/* Receives what ks_send_file sent; the bytes received, or -1. *file is -1 where none came along. */
static inline ssize_t ks_receive_file(int socket, int *file, void *bytes, size_t count) {
    union { struct cmsghdr header; char space[CMSG_SPACE(sizeof(int))]; } control;
    memset(&control, 0, sizeof control);
    struct iovec part = { bytes, count };
    struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.space,
                              .msg_controllen = sizeof control.space };
    *file = -1;
    ssize_t received = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    struct cmsghdr *header = received < 0 ? 0 : CMSG_FIRSTHDR(&message);
    if (header && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS
        && header->cmsg_len == CMSG_LEN(sizeof(int)))
        memcpy(file, CMSG_DATA(header), sizeof *file);
    return received;
}
