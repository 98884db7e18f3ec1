import Foundation

/// Starting a process and learning how it ended, as POSIX has it.
enum Spawn {
    struct Refused: Error, CustomStringConvertible {
        var program: String
        var code: Int32
        var description: String { "\(program) could not be started: \(String(cString: strerror(code)))" }
    }

    /// Starts a program: a path, or a name that is looked for in `PATH`. Returns the process's number.
    static func start(
        _ arguments: [String], environment: [String: String], folder: String, out: String, err: String
    ) throws -> Int32 {
        #if canImport(Glibc)
            var actions = posix_spawn_file_actions_t()
            var attributes = posix_spawnattr_t()
        #else
            var actions: posix_spawn_file_actions_t?
            var attributes: posix_spawnattr_t?
        #endif
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, out, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, err, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        // The threads that tests run on block signals; a child must not inherit that.
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        // The shell changes the folder and then becomes the program: the call that does so is not everywhere.
        let line = ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", folder] + arguments
        let words = line.map { strdup($0) } + [nil]
        let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in words + variables { free(text) } }
        var identifier: pid_t = 0
        let code = posix_spawn(&identifier, line[0], &actions, &attributes, words, variables)
        guard code == 0 else { throw Refused(program: line[0], code: code) }
        return identifier
    }

    /// Waits until the process has ended, and leaves its number taken.
    static func wait(for identifier: Int32) {
        var information = siginfo_t()
        while waitid(P_PID, id_t(identifier), &information, WEXITED | WNOWAIT) == -1 && errno == EINTR {}
    }

    /// The exit status of a process that has ended, or minus the signal that ended it. Gives its number back.
    static func reap(_ identifier: Int32) -> Int32 {
        var status: Int32 = 0
        while waitpid(identifier, &status, 0) == -1 && errno == EINTR {}
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : -signal
    }
}
