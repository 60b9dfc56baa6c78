// SPDX-License-Identifier: Apache-2.0
// The limit: the same sandbox as `caisson run`, by the system calls that it cannot do without and
// nothing else. No options are parsed, no host is probed, no error is explained.
//
//   floor default [-r] [-b N DIR] IMAGE CMD [ARG...]   in place, no child
//   floor private [-r] [-b N DIR] IMAGE CMD [ARG...]   --private all: init is pid 1, this process
//   waits
//
// -b N DIR binds DIR/0 … DIR/N-1 recursively to /mnt/0 … /mnt/N-1. -r replaces the default file
// system by the root alone. CMD is a path inside the image. A failure exits with 125.
//
// Not done, because the kernel does it: closing (everything is O_CLOEXEC), asking for the ids (the
// auxiliary vector has them), making mounts private (a mount namespace of a new user namespace
// starts as a slave of the old one, so nothing propagates out).
#include "floor_sys.h"

#include <linux/if.h>
#include <linux/sockios.h>

struct run {
    const char* image;
    const char* bind_dir;
    long binds;
    long root;   // the image's root mount, once attached
    long tmpfs;  // where the generated files live, or 0
    unsigned uid, gid;
    int private_all, root_only, no_open_tree_attr;
    char** argv;
    char** envp;
};

static __attribute__((noreturn, noinline, cold)) void die(const char* what, const char* subject,
                                                          long error) {
    char text[512];
    char* end = put(text, "floor: ");
    end = put(end, what);
    end = put(end, " \"");
    for (int i = 0; subject[i] != '\0' && i < 256; i++)
        *end++ = subject[i];
    end = put(end, "\": errno ");
    end = put_number(end, (unsigned long)-error);
    end = put(end, "\n");
    sys(__NR_write, 2, text, end - text);
    for (;;)
        sys(__NR_exit_group, 125);
}

static inline long must(long ret, const char* what, const char* subject) {
    if (ret < 0) die(what, subject, ret);
    return ret;
}

// ---- identity
// ------------------------------------------------------------------------------------

static void write_proc(const char* path, const char* text, size_t size) {
    long fd = must(sys(__NR_openat, AT_FDCWD, path, O_WRONLY | O_CLOEXEC), "open", path);
    must(sys(__NR_write, fd, text, size), "write", path);
}

static void map_one(const char* path, unsigned id) {
    char text[64];
    char* end = put_number(text, id);
    *end++ = ' ';
    end = put_number(end, id);
    end = put(end, " 1\n");
    write_proc(path, text, (size_t)(end - text));
}

// Six calls: an unmapped id can neither be kept nor write files, and the kernel refuses a gid_map
// from an ordinary user until setgroups(2) is denied (Linux 3.19, CVE-2014-8989).
static void map_ids(const struct run* run) {
    write_proc("/proc/self/setgroups", "deny", 4);
    map_one("/proc/self/uid_map", run->uid);
    map_one("/proc/self/gid_map", run->gid);
}

// ---- mounts: make, restrict, attach
// ---------------------------------------------------------------

// A private copy of the tree at `path`, restricted before anything can reach it. Linux 6.15 has one
// call for both; before it, two.
static long clone_tree(struct run* run, long dir, const char* path, unsigned flags,
                       struct mount_attr attr) {
    flags |= OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC;
    if (!run->no_open_tree_attr) {
        long fd = sys(nr_open_tree_attr, dir, path, flags, &attr, sizeof attr);
        if (fd != -err_nosys) return fd;
        run->no_open_tree_attr = 1;
    }
    long fd = sys(__NR_open_tree, dir, path, flags);
    if (fd < 0) return fd;
    flags = AT_EMPTY_PATH | (flags & AT_RECURSIVE);
    long ret = sys(__NR_mount_setattr, fd, "", flags, &attr, sizeof attr);
    return ret < 0 ? ret : fd;
}

// The image is not trusted: a symlink in it must not lead the mount outside, so the destination is
// opened by openat2 beneath the root, and mounted on by descriptor. Returns the destination's
// error.
static long attach(const struct run* run, long mount, const char* to, long* opened) {
    struct open_how how = {.flags = O_PATH | O_CLOEXEC,
                           .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS};
    long at = sys(__NR_openat2, run->root, to, &how, sizeof how);
    if (at < 0) return at;
    if (opened != NULL) *opened = at;
    return sys(__NR_move_mount, mount, "", at, "",
               MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH);
}

// Recursive, because a mount inherited from a more privileged namespace is locked to its children.
static void bind_writable(const struct run* run, const char* path) {
    long fd =
        sys(__NR_open_tree, AT_FDCWD, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
    must(fd, "open_tree", path);
    must(attach(run, fd, path, NULL), "attach", path);
}

static void bind_readonly_try(struct run* run, const char* path) {
    long fd = clone_tree(run, AT_FDCWD, path, AT_RECURSIVE,
                         (struct mount_attr){.attr_set = MOUNT_ATTR_RDONLY});
    if (fd == -err_noent) return;
    must(fd, "open_tree", path);
    long ret = attach(run, fd, path, NULL);
    if (ret != -err_noent) must(ret, "attach", path);
}

// Two descriptors are closed for each bind, or 2,000 of them would hit the usual limit of 1,024.
static void bind_many(const struct run* run) {
    char from[512], to[32];
    char* from_end = put(put(from, run->bind_dir), "/");
    char* to_end = put(to, "/mnt/");
    for (long i = 0; i < run->binds; i++) {
        put_number(from_end, (unsigned long)i);
        put_number(to_end, (unsigned long)i);
        long at = -1;
        long fd =
            sys(__NR_open_tree, AT_FDCWD, from, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
        must(fd, "open_tree", from);
        must(attach(run, fd, to, &at), "attach", to);
        sys(__NR_close, at);
        sys(__NR_close, fd);
    }
}

static long new_mount(const char* type) {
    long fs = must(sys(__NR_fsopen, type, FSOPEN_CLOEXEC), "fsopen", type);
    must(sys(__NR_fsconfig, fs, FSCONFIG_CMD_CREATE, 0, 0, 0), "fsconfig", type);
    return must(sys(__NR_fsmount, fs, FSMOUNT_CLOEXEC, 0), "fsmount", type);
}

// ---- /etc/passwd and /etc/group
// -------------------------------------------------------------------

// Copies the first field of the line whose third field is `id`; leaves `name` as it is where there
// is none. A line longer than the buffer is not found, as no real account file has one.
static void name_of(const char* file, unsigned id, char* name, size_t room) {
    char text[4096], want[16];
    size_t kept = 0, digits = (size_t)(put_number(want, id) - want);
    long fd = sys(__NR_openat, AT_FDCWD, file, O_RDONLY | O_CLOEXEC);
    for (long got; (got = sys(__NR_read, fd, text + kept, sizeof text - kept)) > 0;) {
        size_t end = kept + (size_t)got, line = 0;
        for (size_t i = 0; i < end; i++) {
            if (text[i] != '\n') continue;
            size_t at = line, first = 0;
            for (int colons = 0; at < i && colons < 2; at++)
                if (text[at] == ':' && colons++ == 0) first = at - line;
            size_t d = 0;
            while (d < digits && at + d < i && text[at + d] == want[d])
                d++;
            if (d == digits && text[at + d] == ':' && first < room) {
                for (size_t n = 0; n < first; n++)
                    name[n] = text[line + n];
                name[first] = '\0';
                return;
            }
            line = i + 1;
        }
        kept = end - line;
        for (size_t n = 0; n < kept; n++)
            text[n] = text[line + n];
    }
}

// Both files live in a tmpfs that nothing can reach: never a temporary file on the host. Each is
// cloned out of it as a read-only mount of its own, which Linux allows on a detached mount.
static void attach_file(struct run* run, const char* name, const char* text, size_t size) {
    char to[16];
    put(put(to, "/etc/"), name);
    long fd = sys(__NR_openat, run->tmpfs, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    must(fd, "create", name);
    must(sys(__NR_write, fd, text, size), "write", name);
    long mount =
        clone_tree(run, run->tmpfs, name, 0, (struct mount_attr){.attr_set = MOUNT_ATTR_RDONLY});
    must(mount, "open_tree", name);
    must(attach(run, mount, to, NULL), "attach", to);
}

static void accounts(struct run* run) {
    char text[512], name[128];
    run->tmpfs = new_mount("tmpfs");

    put(name, "user");
    name_of("/etc/passwd", run->uid, name, sizeof name);
    char* end = text;
    if (run->uid != 0) end = put(end, "root:x:0:0:root:/root:/bin/sh\n");
    end = put(end, "nobody:x:65534:65534:nobody:/:/bin/false\n");
    end = put(put(end, name), ":x:");
    end = put(put_number(end, run->uid), ":");
    end = put(put_number(end, run->gid), "::/:/bin/sh\n");
    attach_file(run, "passwd", text, (size_t)(end - text));

    put(name, "group");
    name_of("/etc/group", run->gid, name, sizeof name);
    end = text;
    if (run->gid != 0) end = put(end, "root:x:0:\n");
    end = put(end, "nogroup:x:65534:\n");
    end = put(put(end, name), ":x:");
    end = put(put_number(end, run->gid), ":\n");
    attach_file(run, "group", text, (size_t)(end - text));
}

// ---- the sandbox
// ----------------------------------------------------------------------------------

static void root_and_mounts(struct run* run) {
    run->root =
        clone_tree(run, AT_FDCWD, run->image, AT_RECURSIVE,
                   (struct mount_attr){.attr_set = MOUNT_ATTR_RDONLY, .propagation = MS_PRIVATE});
    must(run->root, "open_tree", run->image);
    // Onto the old root, where pivot_root finds it and no path lookup does: lookups start below it.
    must(sys(__NR_move_mount, run->root, "", AT_FDCWD, "/", MOVE_MOUNT_F_EMPTY_PATH), "attach",
         "/");
    if (!run->root_only) {
        bind_writable(run, "/dev");
        if (run->private_all)  // before the old root goes: its /proc is the kernel's licence for
                               // ours
            must(attach(run, new_mount("proc"), "/proc", NULL), "attach", "/proc");
        else
            bind_writable(run, "/proc");
        bind_writable(run, "/sys");
        bind_writable(run, "/tmp");
        accounts(run);
        bind_readonly_try(run, "/etc/hosts");
        bind_readonly_try(run, "/etc/resolv.conf");
        bind_readonly_try(run, "/etc/machine-id");
    }
    if (run->binds > 0) bind_many(run);
    // A detached mount is dissolved when exec closes it, and that waits for an RCU grace period of
    // its own. Under the old root it goes together with it. Last, so that it hides no source; never
    // on
    // "/", where umount2 would find it in place of the old root. Best effort: without, only slower.
    if (run->tmpfs > 0)
        sys(__NR_move_mount, run->tmpfs, "", AT_FDCWD, "/proc", MOVE_MOUNT_F_EMPTY_PATH);
    // pivot_root(".", ".") stacks the old root on the new one, and umount2(".") takes it off again.
    must(sys(__NR_fchdir, run->root), "fchdir", run->image);
    must(sys(__NR_pivot_root, ".", "."), "pivot_root", run->image);
    must(sys(__NR_umount2, ".", mnt_detach), "umount2", "old root");
}

static __attribute__((noreturn)) void execute(const struct run* run) {
    long ret = sys(__NR_execve, run->argv[0], run->argv, run->envp);
    die("execve", run->argv[0], ret);
}

// What is inherited by the command, set as late as possible.
static void restrict_self(void) {
    must(sys(__NR_prctl, 38 /* PR_SET_NO_NEW_PRIVS */, 1, 0, 0, 0), "prctl", "no_new_privs");
    must(sys(__NR_close_range, 3, ~0U, CLOSE_RANGE_CLOEXEC), "close_range", "3-");
}

static void isolate(const struct run* run) {
    if (run->uid != 0) return map_ids(run);
    // root keeps its user namespace, so here mounts would propagate back to the host.
    must(sys(__NR_mount, "none", "/", NULL, MS_REC | MS_PRIVATE, NULL), "make private", "/");
}

static __attribute__((noreturn)) void in_place(struct run* run) {
    long flags = CLONE_NEWNS | (run->uid != 0 ? CLONE_NEWUSER : 0);
    must(sys(__NR_unshare, flags), "unshare", "namespaces");
    isolate(run);
    root_and_mounts(run);
    restrict_self();
    execute(run);
}

// ---- --private all
// --------------------------------------------------------------------------------

// A child on the same memory and the caller's stack: safe because vfork suspends the caller until
// the child execs, and nothing is copied. The command's parent is pid 1 and must not exec itself.
static long spawn_command(const struct run* run) {
    struct clone_args args = {.flags = CLONE_VM | CLONE_VFORK, .exit_signal = 17 /* SIGCHLD */};
    long pid = sys(__NR_clone3, &args, sizeof args);
    if (pid == 0) execute(run);
    return must(pid, "clone3", run->argv[0]);
}

static int exit_status(int status) {
    return (status & 0x7f) != 0 ? 128 + (status & 0x7f) : (status >> 8) & 0xff;
}

// A new network namespace starts with its loopback device down.
static void loopback_up(void) {
    struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
    long fd =
        must(sys(__NR_socket, 2 /* AF_INET */, 2 /* SOCK_DGRAM */ | O_CLOEXEC, 0), "socket", "");
    must(sys(__NR_ioctl, fd, SIOCSIFFLAGS, &request), "ioctl", "lo");
}

// pid 1: sets up, starts the command, reaps until it ends, and reports its death as a shell would.
static __attribute__((noreturn)) void init(struct run* run) {
    isolate(run);
    loopback_up();
    root_and_mounts(run);
    restrict_self();
    long command = spawn_command(run);
    for (;;) {
        int status = 0;
        long pid = must(sys(__NR_wait4, -1, &status, 0, NULL), "wait4", "command");
        if (pid == command) sys(__NR_exit_group, exit_status(status));
    }
}

static __attribute__((noreturn)) void with_init(struct run* run) {
    struct clone_args args = {.flags = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC |
                                       CLONE_NEWUTS | CLONE_NEWCGROUP | CLONE_NEWTIME |
                                       (run->uid != 0 ? CLONE_NEWUSER : 0),
                              .exit_signal = 17 /* SIGCHLD */};
    long pid = sys(__NR_clone3, &args, sizeof args);
    if (pid == 0) init(run);
    must(pid, "clone3", "namespaces");
    int status = 0;
    must(sys(__NR_wait4, pid, &status, 0, NULL), "wait4", "init");
    for (;;)
        sys(__NR_exit_group, exit_status(status));
}

// ---- start
// ----------------------------------------------------------------------------------------

static long number(const char* s) {
    long n = 0;
    for (; *s >= '0' && *s <= '9'; s++)
        n = n * 10 + (*s - '0');
    return n;
}

static void read_ids(struct run* run, char** envp) {
    while (*envp != NULL)
        envp++;
    for (const Elf64_auxv_t* entry = (void*)(envp + 1); entry->a_type != AT_NULL; entry++) {
        if (entry->a_type == AT_EUID) run->uid = (unsigned)entry->a_un.a_val;
        if (entry->a_type == AT_EGID) run->gid = (unsigned)entry->a_un.a_val;
    }
}

__attribute__((noreturn, used)) void start(long* stack) {
    char** args = (char**)(stack + 1);
    struct run run = {.envp = args + stack[0] + 1};
    read_ids(&run, run.envp);
    if (stack[0] < 4) die("usage: floor default|private [-r] [-b N DIR]", "IMAGE CMD", -22);
    run.private_all = same(args[1], "private");
    for (args += 2; args[0] != NULL && args[0][0] == '-'; args++) {
        if (same(args[0], "-r")) run.root_only = 1;
        if (!same(args[0], "-b")) continue;
        run.binds = number(args[1]);
        run.bind_dir = args[2];
        args += 2;
    }
    run.image = args[0];
    run.argv = args + 1;
    if (run.private_all) with_init(&run);
    in_place(&run);
}

// The kernel enters with the stack pointer at argc, which only assembly can hand on.
__asm__(
    ".globl _start\n"
    "_start: xor %ebp, %ebp\n"
    "mov %rsp, %rdi\n"
    "and $-16, %rsp\n"
    "call start\n");
