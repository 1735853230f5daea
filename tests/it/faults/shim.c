/* Preloaded into facture by the tests: a clock that jumps and a disk that is slow or read-only, while it runs. What is
 * wished for is in a file that the test writes: three numbers. Standard output and error are left alone. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

struct wishes {
    int64_t clock_seconds; /* added to what time it is */
    int64_t sync_us;       /* how long the disk takes to keep what was written */
    int64_t write_errno;   /* what every write fails with; 0: none */
};

static const volatile struct wishes *wishes;

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("FAULTS");
    int fd = path ? open(path, O_RDONLY) : -1;
    void *mapped = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof *wishes, PROT_READ, MAP_SHARED, fd, 0);
    if (mapped == MAP_FAILED) abort();
    close(fd);
    wishes = mapped;
}

int clock_gettime(clockid_t clock, struct timespec *at) {
    int failed = (int)syscall(SYS_clock_gettime, clock, at);
    if (!failed && clock == CLOCK_REALTIME && wishes) at->tv_sec += wishes->clock_seconds;
    return failed;
}

static int refused(int fd) {
    struct stat file;
    if (fd <= STDERR_FILENO || !wishes || !wishes->write_errno) return 0;
    if (fstat(fd, &file) || !S_ISREG(file.st_mode)) return 0;
    errno = (int)wishes->write_errno;
    return 1;
}

ssize_t write(int fd, const void *bytes, size_t count) {
    return refused(fd) ? -1 : syscall(SYS_write, fd, bytes, count);
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) {
    return refused(fd) ? -1 : syscall(SYS_pwrite64, fd, bytes, count, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) {
    return refused(fd) ? -1 : syscall(SYS_pwrite64, fd, bytes, count, at);
}

static void wait_for_disk(void) {
    if (wishes && wishes->sync_us) usleep((useconds_t)wishes->sync_us);
}

int fsync(int fd) {
    wait_for_disk();
    return (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd) {
    wait_for_disk();
    return (int)syscall(SYS_fdatasync, fd);
}
