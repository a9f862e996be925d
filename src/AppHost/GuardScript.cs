namespace AppHost;

/// <summary>A line of shell that ends a server with whoever started it. The tests use the same file.</summary>
internal static class GuardScript
{
    /// <summary>
    /// Runs its arguments, writes the process's id to the file that <see cref="PidVariable"/> names, and sends SIGTERM when the shell's own
    /// standard input closes. The shell passes that pipe to nobody but the reader.
    /// </summary>
    public const string Text = """
        exec 3<&0
        "$@" <&- 3<&- & child=$!
        echo $child > "$GUARDED_PID"
        ( cat <&3 & reader=$!; trap 'kill $reader' TERM; wait $reader; kill -TERM $child ) >/dev/null 2>&1 & watcher=$!
        wait $child; status=$?
        kill $watcher 2>/dev/null
        exit $status
        """;

    /// <summary>The environment variable with the path of the file for the id.</summary>
    public const string PidVariable = "GUARDED_PID";
}
