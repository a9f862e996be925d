using System.Diagnostics;
using System.Globalization;

namespace AppHost;

/// <summary>How one process of the platform is started.</summary>
/// <param name="Name">Its name on the console and of its output file.</param>
/// <param name="Command">The executable.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Environment">Settings on top of this process's own.</param>
/// <param name="WatchesParent">It ends by itself when its standard input closes; otherwise a shell beside it sees to that.</param>
internal sealed record ChildSpec(
    string Name,
    string Command,
    IReadOnlyList<string> Arguments,
    IReadOnlyDictionary<string, string> Environment,
    bool WatchesParent
);

/// <summary>
/// A running process of the platform. Its standard input is a pipe of ours: when this process ends, however it ends, the pipe closes, and
/// the child ends too. It has a session of its own, so that Ctrl-C reaches only this process, which then stops all in order.
/// </summary>
internal sealed class Child : IDisposable
{
    private static readonly bool HasSetsid = File.Exists("/usr/bin/setsid");

    private readonly Process _process;

    private Child(Process process, int pid)
    {
        _process = process;
        Pid = pid;
    }

    /// <summary>The id of the process itself, not of a shell beside it.</summary>
    public int Pid { get; }

    public static async Task<Child> StartAsync(ChildSpec spec, string outputFile, CancellationToken cancellationToken)
    {
        var pidFile = Path.GetTempFileName();
        try
        {
            var process =
                Process.Start(StartInfo(spec, outputFile, pidFile))
                ?? throw new InvalidOperationException($"{spec.Command} did not start.");
            return new Child(process, spec.WatchesParent ? process.Id : await ReadPidAsync(process, pidFile, cancellationToken));
        }
        finally
        {
            File.Delete(pidFile);
        }
    }

    public async Task<int> ExitAsync(CancellationToken cancellationToken = default)
    {
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    public void Dispose() => _process.Dispose();

    private static ProcessStartInfo StartInfo(ChildSpec spec, string outputFile, string pidFile)
    {
        // Output goes to a file of its own; the console is for the table and for what went wrong.
        var script = "exec >>\"$CHILD_OUTPUT\" 2>&1\n" + (spec.WatchesParent ? "exec \"$@\"" : GuardScript.Text);
        string[] shell = ["/bin/sh", "-c", script, spec.Name, spec.Command, .. spec.Arguments];
        string[] command = HasSetsid ? ["/usr/bin/setsid", .. shell] : shell;
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            WorkingDirectory = Path.GetDirectoryName(spec.Command) is { Length: > 0 } folder ? folder : Environment.CurrentDirectory,
        };
        foreach (var (name, value) in spec.Environment)
            start.Environment[name] = value;
        start.Environment["CHILD_OUTPUT"] = outputFile;
        start.Environment[GuardScript.PidVariable] = pidFile;
        return start;
    }

    private static async Task<int> ReadPidAsync(Process shell, string file, CancellationToken cancellationToken)
    {
        while (true)
        {
            var text = await File.ReadAllTextAsync(file, cancellationToken);
            if (text.EndsWith('\n') && int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var pid))
                return pid;
            if (shell.HasExited)
                throw new InvalidOperationException($"{shell.StartInfo.FileName} ended with {shell.ExitCode} before it started anything.");
            await Task.Delay(5, cancellationToken);
        }
    }
}
