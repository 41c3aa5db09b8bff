import CLinux
import Glibc

/// What a process might do that was taken over by the file it reads.
enum Act: String {
    case read, open, create, connect, execute, forkBomb, allocate, spin, trace, mapExecutable, makeExecutable
    case duplicate, signalParent, becomeRoot, startThread, spawn, writeMemoryFile, openFonts

    /// Tries it; 0, or the error.
    func attempt() -> Int32 {
        switch self {
        case .read: error(of: Glibc.read(STDIN_FILENO, map(PROT_READ | PROT_WRITE), 1))
        case .open: error(of: Glibc.open("/etc/passwd", O_RDONLY))
        case .create: error(of: Glibc.open("/tmp/keepsake-confinement", O_CREAT | O_WRONLY, 0o600))
        case .connect: connect()
        case .execute: execute()
        case .forkBomb: forkBomb()
        case .allocate: map(PROT_READ | PROT_WRITE, size: 8 << 30) == MAP_FAILED ? errno : 0
        case .spin: spin()
        case .trace: trace()
        case .mapExecutable: map(PROT_READ | PROT_EXEC) == MAP_FAILED ? errno : 0
        case .makeExecutable: error(of: mprotect(map(PROT_READ | PROT_WRITE), 4096, PROT_READ | PROT_EXEC))
        case .duplicate: error(of: dup(STDIN_FILENO))
        case .signalParent: error(of: kill(getppid(), 0))
        case .becomeRoot: error(of: setuid(0))
        case .startThread: startThread()
        case .spawn: spawn()
        case .writeMemoryFile: writeMemoryFile()
        case .openFonts: error(of: Glibc.open("/usr/share/fonts", O_RDONLY | O_DIRECTORY))
        }
    }

    private func error(of result: some BinaryInteger) -> Int32 { result < 0 ? errno : 0 }

    private func map(_ protection: Int32, size: Int = 4096) -> UnsafeMutableRawPointer? {
        mmap(nil, size, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    }

    /// To a port of this machine that refuses, where it is allowed at all.
    private func connect() -> Int32 {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard socket >= 0 else { return errno }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(1).bigEndian
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        return withUnsafeBytes(of: &address) {
            error(of: Glibc.connect(socket, $0.baseAddress?.assumingMemoryBound(to: sockaddr.self), UInt32($0.count)))
        }
    }

    private func execute() -> Int32 {
        var words: [UnsafeMutablePointer<CChar>?] = [strdup("/bin/true"), nil]
        return error(of: execv("/bin/true", &words))
    }

    /// Until it is hindered, but not so long as to hurt the machine.
    private func forkBomb() -> Int32 {
        for _ in 0..<16 {
            let process = ks_fork()
            if process < 0 { return errno }
            if process == 0 { _exit(0) }
        }
        return 0
    }

    private func startThread() -> Int32 {
        var thread = pthread_t()
        let result = pthread_create(&thread, nil, { _ in nil }, nil)
        return result == 0 ? pthread_join(thread, nil) : result
    }

    /// Shares memory until the program is there, and so is nearly a thread.
    private func spawn() -> Int32 {
        var process: pid_t = 0
        var words: [UnsafeMutablePointer<CChar>?] = [strdup("/bin/true"), nil]
        return posix_spawn(&process, "/bin/true", nil, nil, &words, nil)
    }

    private func writeMemoryFile() -> Int32 {
        let file = ks_memory_file("probe")
        return file < 0 ? errno : error(of: pwrite(file, "x", 1, 1 << 20))
    }

    private func spin() -> Int32 {
        var number: UInt64 = 1
        while number != 0 { number = number &* 3 }
        return 0
    }

    /// Swift does not import ptrace, which is variadic; 16 is PTRACE_ATTACH.
    private func trace() -> Int32 {
        typealias Trace = @convention(c) (Int, pid_t, UnsafeRawPointer?, UnsafeRawPointer?) -> Int
        let trace = unsafeBitCast(dlsym(nil, "ptrace"), to: Trace.self)
        return error(of: trace(16, getppid(), nil, nil))
    }
}
