/* Locks of folders, so that two runs that write files in one wait for each other. The folder is locked, not a file in
 * it: a file that is replaced takes its lock with it. */
#ifndef BASE_FOLDER_LOCK_H
#define BASE_FOLDER_LOCK_H

#include "base/arena.h"
#include "base/vec.h"

struct folder_locks VEC(int);

/* Locks the folders of the files at `paths` (links followed), always in the same order, so that nobody waits for
 * somebody who waits. Takes the temporary files away that dead runs left in them. Where a file system has no locks, or
 * a folder cannot be opened, there is none, as before files had them: each write still looks once more at what it
 * replaces. */
void folder_locks_take(struct arena *a, const struct str *paths, uint32_t count, struct folder_locks *locks);

void folder_locks_release(struct folder_locks *locks);

#endif
