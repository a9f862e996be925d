using System.Runtime.InteropServices;

namespace AppHost;

/// <summary>Sends signals, which .NET's <c>Process</c> cannot.</summary>
internal static partial class Signals
{
    public const int Terminate = 15;
    public const int Kill = 9;

    /// <returns>False when there is no such process (any more).</returns>
    public static bool Send(int pid, int signal) => kill(pid, signal) == 0;

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int pid, int signal);
}
