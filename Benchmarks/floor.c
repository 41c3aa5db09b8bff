/* The least that keeping a file can cost on this machine: its bytes are hashed (SHA-256), sealed (AES-256-GCM, segments
 * of 64 KiB), written, synced and renamed, by libcrypto and the system alone. No index, no protocol, no inspection.
 * What is faster than this here is not possible for anything that keeps the same promises.
 *
 *     floor FOLDER        prints the port that it listens on; PUT anything, as often as wanted on a connection
 *
 * One thread for each connection reads; where a file is large, one more hashes and one more seals and writes. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { HEAD = 16384, SEGMENT = 64 << 10, NONCE = 12, TAG = 16, PIECE = 1 << 20, PIECES = 4 };

static const char answer[] = "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n";
static int folder;
static atomic_long names;

/* A file that is coming in: pieces go round, filled by the reader, emptied by both workers. */
struct file {
    int descriptor;
    off_t end;
    EVP_MD_CTX *digest;
    EVP_CIPHER_CTX *cipher;
    unsigned char key[32];
    unsigned char *pieces[PIECES];
    size_t counts[PIECES];
    size_t total;
    sem_t free, filled[2];
    int failed;
};

static void hash(struct file *file, int piece)
{
    EVP_DigestUpdate(file->digest, file->pieces[piece], file->counts[piece]);
}

static void seal(struct file *file, int piece)
{
    unsigned char sealed[NONCE + SEGMENT + TAG];
    for (size_t start = 0; start < file->counts[piece]; start += SEGMENT) {
        size_t left = file->counts[piece] - start, count = left < SEGMENT ? left : SEGMENT;
        int length;
        RAND_bytes(sealed, NONCE);
        EVP_EncryptInit_ex(file->cipher, NULL, NULL, NULL, sealed);
        EVP_EncryptUpdate(file->cipher, sealed + NONCE, &length, file->pieces[piece] + start, (int)count);
        EVP_EncryptFinal_ex(file->cipher, sealed + NONCE + count, &length);
        EVP_CIPHER_CTX_ctrl(file->cipher, EVP_CTRL_GCM_GET_TAG, TAG, sealed + NONCE + count);
        size_t size = NONCE + count + TAG;
        if (pwrite(file->descriptor, sealed, size, file->end) != (ssize_t)size)
            file->failed = 1;
        file->end += (off_t)size;
    }
}

static void work(struct file *file, int which, void (*act)(struct file *, int))
{
    size_t done = 0;
    for (int piece = 0; done < file->total; piece = (piece + 1) % PIECES) {
        sem_wait(&file->filled[which]);
        size_t count = file->counts[piece];
        act(file, piece);
        done += count;
        sem_post(&file->free);
    }
}

static void *hash_all(void *file)
{
    work(file, 0, hash);
    return NULL;
}

static void *seal_all(void *file)
{
    work(file, 1, seal);
    return NULL;
}

static int fill(int connection, unsigned char *piece, size_t count)
{
    return recv(connection, piece, count, MSG_WAITALL) == (ssize_t)count ? 0 : -1;
}

static int take_small(int connection, struct file *file)
{
    file->counts[0] = file->total;
    if (fill(connection, file->pieces[0], file->total))
        return -1;
    hash(file, 0);
    seal(file, 0);
    return 0;
}

static int take_large(int connection, struct file *file)
{
    pthread_t hasher, sealer;
    int failed = 0;
    sem_init(&file->free, 0, 2 * PIECES);
    sem_init(&file->filled[0], 0, 0);
    sem_init(&file->filled[1], 0, 0);
    pthread_create(&hasher, NULL, hash_all, file);
    pthread_create(&sealer, NULL, seal_all, file);
    size_t done = 0;
    for (int piece = 0; done < file->total; piece = (piece + 1) % PIECES) {
        size_t left = file->total - done, count = left < PIECE ? left : PIECE;
        /* Both workers must have let go of the piece that was there. */
        sem_wait(&file->free);
        sem_wait(&file->free);
        failed |= fill(connection, file->pieces[piece], count);
        file->counts[piece] = count;
        done += count;
        sem_post(&file->filled[0]);
        sem_post(&file->filled[1]);
    }
    pthread_join(hasher, NULL);
    pthread_join(sealer, NULL);
    return failed ? -1 : 0;
}

/* Order: bytes written, file synced, renamed to its digest, folder synced. */
static int keep(int connection, struct file *file, size_t size)
{
    char spool[32], name[2 * 32 + 1];
    unsigned char digest[32];
    file->total = size;
    file->end = file->failed = 0;
    snprintf(spool, sizeof spool, "spool-%ld", atomic_fetch_add(&names, 1));
    file->descriptor = openat(folder, spool, O_CREAT | O_EXCL | O_WRONLY, 0600);
    RAND_bytes(file->key, sizeof file->key);
    EVP_DigestInit_ex(file->digest, EVP_sha256(), NULL);
    EVP_EncryptInit_ex(file->cipher, EVP_aes_256_gcm(), NULL, file->key, NULL);
    if (size <= PIECE ? take_small(connection, file) : take_large(connection, file))
        return -1;
    EVP_DigestFinal_ex(file->digest, digest, NULL);
    for (int i = 0; i < 32; i++)
        sprintf(name + 2 * i, "%02x", digest[i]);
    file->failed |= fdatasync(file->descriptor) | renameat(folder, spool, folder, name) | fsync(folder);
    close(file->descriptor);
    return file->failed ? -1 : 0;
}

/* Answers the size of the body, or -1 at the end. */
static ssize_t take_head(int connection)
{
    char head[HEAD], *end = NULL;
    while (!end) {
        ssize_t count = recv(connection, head, HEAD - 1, MSG_PEEK);
        if (count <= 0)
            return -1;
        head[count] = 0;
        end = strstr(head, "\r\n\r\n");
    }
    end[2] = 0;
    if (recv(connection, NULL, (size_t)(end + 4 - head), MSG_TRUNC) < 0)
        return -1;
    const char *field = strcasestr(head, "\r\ncontent-length:");
    return field ? (ssize_t)strtoull(field + 17, NULL, 10) : 0;
}

static void *serve(void *argument)
{
    int connection = (int)(long)argument;
    struct file file = {.digest = EVP_MD_CTX_new(), .cipher = EVP_CIPHER_CTX_new()};
    for (int piece = 0; piece < PIECES; piece++)
        file.pieces[piece] = malloc(PIECE);
    ssize_t size;
    while ((size = take_head(connection)) >= 0) {
        if (keep(connection, &file, (size_t)size) || send(connection, answer, sizeof answer - 1, 0) < 0)
            break;
    }
    close(connection);
    EVP_MD_CTX_free(file.digest);
    EVP_CIPHER_CTX_free(file.cipher);
    for (int piece = 0; piece < PIECES; piece++)
        free(file.pieces[piece]);
    return NULL;
}

int main(int count, char **arguments)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    signal(SIGPIPE, SIG_IGN);
    folder = count == 2 ? open(arguments[1], O_DIRECTORY | O_RDONLY) : -1;
    if (folder < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 1024)
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
