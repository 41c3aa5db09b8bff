/* Reads HTTP requests and throws their bodies away: what the load generator can do.
 * Prints the port that it listens on. One thread for each connection. */
#define _GNU_SOURCE
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { HEAD = 16384, PIECE = 1 << 20 };

static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

static size_t content_length(const char *head)
{
    const char *field = strcasestr(head, "\r\ncontent-length:");
    return field ? strtoull(field + 17, NULL, 10) : 0;
}

/* Discards without copying: MSG_TRUNC in tcp(7). */
static int discard(int connection, size_t left)
{
    while (left > 0) {
        ssize_t count = recv(connection, NULL, left < PIECE ? left : PIECE, MSG_TRUNC);
        if (count <= 0)
            return -1;
        left -= (size_t)count;
    }
    return 0;
}

/* Takes the head without the bytes after it; answers the size of the body, or -1 at the end. */
static ssize_t take_head(int connection, char *head)
{
    char *end = NULL;
    while (!end) {
        ssize_t count = recv(connection, head, HEAD - 1, MSG_PEEK);
        if (count <= 0)
            return -1;
        head[count] = 0;
        end = strstr(head, "\r\n\r\n");
    }
    end[2] = 0;
    return discard(connection, (size_t)(end + 4 - head)) ? -1 : (ssize_t)content_length(head);
}

static void *serve(void *argument)
{
    int connection = (int)(long)argument;
    char head[HEAD];
    ssize_t size;
    while ((size = take_head(connection, head)) >= 0) {
        if (discard(connection, (size_t)size) || send(connection, answer, sizeof answer - 1, 0) < 0)
            break;
    }
    close(connection);
    return NULL;
}

int main(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    signal(SIGPIPE, SIG_IGN);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 1024)
        || getsockname(listener, (struct sockaddr *)&address, &length))
        return 1;
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    for (;;) {
        pthread_t thread;
        int connection = accept(listener, NULL, NULL), yes = 1;
        if (connection < 0)
            return 1;
        setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        if (pthread_create(&thread, NULL, serve, (void *)(long)connection))
            return 1;
        pthread_detach(thread);
    }
}
