internal import CLinux
internal import Glibc
internal import InspectionWire
package import Sandboxing

extension ForkServer where Work: ~Copyable {
    /// Bytes that looking at a small file takes, about.
    private static var smallMemory: Int { 256 << 10 }

    /// The whole of such a program: reads its arguments, has the work made, and
    /// serves the socket on its standard input until the daemon has closed its end.
    ///
    /// - Parameters:
    ///   - confinement: what each process gives up; made before the work.
    ///   - work: loads what confined processes will need.
    /// - Returns: the program's exit status.
    package static func serve(
        in confinement: () throws -> Confinement, _ work: () throws -> Work
    ) -> Int32 {
        guard let arguments = InspectorArguments(words: CommandLine.arguments.dropFirst()) else {
            complain("is started by keepsake, not by people")
            return 64
        }
        // Its end is the daemon's, which may have files to look at after it was told to
        // stop: a service manager tells both.
        signal(SIGTERM, SIG_IGN)
        signal(SIGINT, SIG_IGN)
        _ = ks_die_with_parent()
        // Keys pass through its memory.
        _ = ks_forbid_dumping()
        if !Landlock.isPresent { complain("this kernel has no Landlock; files are read behind seccomp alone") }
        do {
            let confinement = try confinement()
            let work = try work()
            guard ks_thread_count() <= 1 else {
                complain("has threads, which a fork does not copy")
                return EXIT_FAILURE
            }
            ks_ready_heap(Self.smallMemory)
            var server = ForkServer(work, in: confinement, arguments: arguments, control: STDIN_FILENO)
            server.run()
            return EXIT_SUCCESS
        } catch {
            complain("\(error)")
            return EXIT_FAILURE
        }
    }
}
