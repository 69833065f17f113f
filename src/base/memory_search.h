/* The C library's functions that memory_search.c puts in place of slow ones; they are called by <string.h>. */
#ifndef BASE_MEMORY_SEARCH_H
#define BASE_MEMORY_SEARCH_H

#include <stddef.h>

/* As C and POSIX have them. */
void *memchr(const void *bytes, int c, size_t len);
int memcmp(const void *left, const void *right, size_t len);
int bcmp(const void *left, const void *right, size_t len);

#endif
