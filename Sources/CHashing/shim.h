#pragma once
/* The functions of one algorithm are deprecated for those that choose it by name; only they show their state. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/aes.h>
#include <openssl/evp.h>
#include <openssl/md5.h>
#include <openssl/rc4.h>
#include <openssl/sha.h>
#include <zlib.h>
