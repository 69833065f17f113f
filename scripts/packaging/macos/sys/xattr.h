/* What valuelint uses of macOS's extended attributes: zig's headers for macOS do not have this one. */
#ifndef PACKAGING_SYS_XATTR_H
#define PACKAGING_SYS_XATTR_H

#include <stdint.h>
#include <sys/types.h>

#define XATTR_NOFOLLOW 1

ssize_t listxattr(const char *path, char *names, size_t size, int options);
ssize_t getxattr(const char *path, const char *name, void *value, size_t size, uint32_t position, int options);
int fsetxattr(int file, const char *name, const void *value, size_t size, uint32_t position, int options);

#endif
