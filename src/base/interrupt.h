/* Signals that ask the program to stop (SIGINT, SIGTERM, SIGHUP), kept until it has come to a place where it can: a
 * chart's files are all written, or none. */
#ifndef BASE_INTERRUPT_H
#define BASE_INTERRUPT_H

/* From now on such a signal is only remembered, the first one of several. One that is ignored (nohup) stays ignored.
 * Call it once, before other threads are started; until interrupt_resume, a read or a write that hangs cannot be ended
 * by these signals. */
void interrupt_install(void);

/* The number of the signal that came, or 0. Any thread may ask at any time. */
int interrupt_pending(void);

/* Ends what interrupt_install began. Where a signal came meanwhile it is raised again, which ends the program with the
 * status that the signal has (128 and its number, in a shell): write out what is buffered before, and have no thread
 * in the middle of something. Without one it returns. */
void interrupt_resume(void);

#endif
