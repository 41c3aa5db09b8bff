#pragma once
#include <linux/sockios.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* Ancillary data of sockets is reached by macros, which Swift does not import. */

/* Sends bytes and two open files over a Unix socket, without waiting; the bytes sent, or -1.
   Source: unix(7), SCM_RIGHTS. */
static inline ssize_t ks_send_files(int socket, int first, int second, const void *bytes, size_t count) {
    const int files[2] = { first, second };
    union { struct cmsghdr header; char space[CMSG_SPACE(sizeof files)]; } control;
    memset(&control, 0, sizeof control);
    struct iovec part = { (void *)bytes, count };
    struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.space,
                              .msg_controllen = sizeof control.space };
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof files);
    memcpy(CMSG_DATA(header), files, sizeof files);
    return sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* Receives what ks_send_files sent; the bytes received, or -1. Both files are -1 where not two came along. */
static inline ssize_t ks_receive_files(int socket, int *first, int *second, void *bytes, size_t count) {
    int files[2] = { -1, -1 };
    union { struct cmsghdr header; char space[CMSG_SPACE(sizeof files)]; } control;
    memset(&control, 0, sizeof control);
    struct iovec part = { bytes, count };
    struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.space,
                              .msg_controllen = sizeof control.space };
    ssize_t received = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    struct cmsghdr *header = received < 0 ? 0 : CMSG_FIRSTHDR(&message);
    if (header && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS
        && header->cmsg_len == CMSG_LEN(sizeof files))
        memcpy(files, CMSG_DATA(header), sizeof files);
    *first = files[0];
    *second = files[1];
    return received;
}

/* Whether something that was sent has not been received yet. Source: unix(7), SIOCOUTQ. */
static inline int ks_has_unreceived(int socket) {
    int count = 0;
    return ioctl(socket, SIOCOUTQ, &count) == 0 && count > 0;
}

/* Connects to a Unix socket, without waiting; a descriptor that does not wait either, or -1. Source: unix(7). */
static inline int ks_connect(const char *path) {
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    if (strlen(path) >= sizeof address.sun_path) return -1;
    strcpy(address.sun_path, path);
    int client = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (client < 0) return -1;
    if (connect(client, (const struct sockaddr *)&address, sizeof address) == 0) return client;
    close(client);
    return -1;
}
