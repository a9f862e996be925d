using System.Diagnostics;
using System.Globalization;
using AppHost;

namespace TestSupport;

/// <summary>
/// A process that does not outlive this one: a shell beside it waits on a pipe that closes when this process ends, however it ends, and
/// then sends SIGTERM.
/// </summary>
public sealed class GuardedProcess : IAsyncDisposable
{
    private readonly Process _shell;
    private readonly string _output;

    private GuardedProcess(Process shell, int pid, string output)
    {
        _shell = shell;
        Id = pid;
        _output = output;
    }

    /// <summary>The process's id (not the shell's).</summary>
    public int Id { get; }

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _shell.HasExited;

    /// <summary>What it has written to standard output and standard error so far.</summary>
    public string Output => File.Exists(_output) ? ReadShared(_output) : "";

    /// <summary>The exit code of an ended process; 128 and the signal's number when a signal ended it.</summary>
    public int ExitCode => _shell.ExitCode;

    /// <summary>Starts <paramref name="command"/>; what it prints goes to <paramref name="outputFile"/>.</summary>
    public static async Task<GuardedProcess> StartAsync(
        string command,
        IEnumerable<string> arguments,
        string outputFile,
        IReadOnlyDictionary<string, string?>? environment = null,
        string? workingDirectory = null
    )
    {
        var pidFile = Path.GetTempFileName();
        var start = new ProcessStartInfo("/bin/sh")
        {
            RedirectStandardInput = true,
            WorkingDirectory = workingDirectory ?? Path.GetTempPath(),
            ArgumentList = { "-c", $"exec >>\"$OUTPUT\" 2>&1\n{GuardScript.Text}", "guard", command },
        };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
            start.Environment[name] = value;
        start.Environment[GuardScript.PidVariable] = pidFile;
        start.Environment["OUTPUT"] = outputFile;

        var shell = Process.Start(start) ?? throw new InvalidOperationException($"{command} did not start.");
        var pid = 0;
        await Eventually.HoldsAsync(
            () => int.TryParse(File.ReadAllText(pidFile), NumberStyles.Integer, CultureInfo.InvariantCulture, out pid),
            $"{command} has a process id"
        );
        File.Delete(pidFile);
        return new GuardedProcess(shell, pid, outputFile);
    }

    /// <summary>Sends a signal by name, such as <c>KILL</c>, <c>STOP</c>, <c>CONT</c> or <c>TERM</c>.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Waits for the end; fails when it does not come within <paramref name="within"/>.</summary>
    public async Task ExitAsync(TimeSpan within)
    {
        using var limit = new CancellationTokenSource(within);
        await _shell.WaitForExitAsync(limit.Token);
    }

    /// <summary>Sends SIGTERM and waits; sends SIGKILL when it is not gone within <paramref name="grace"/> (default 20 s).</summary>
    public async Task StopAsync(TimeSpan? grace = null)
    {
        if (_shell.HasExited)
            return;
        // A frozen process takes SIGTERM only when it goes on.
        Signal("CONT");
        Signal("TERM");
        try
        {
            await ExitAsync(grace ?? TimeSpan.FromSeconds(20));
        }
        catch (OperationCanceledException)
        {
            await KillAsync();
        }
    }

    /// <summary>Sends SIGKILL and waits until the process is gone.</summary>
    public async Task KillAsync()
    {
        if (_shell.HasExited)
            return;
        Signal("KILL");
        await ExitAsync(TimeSpan.FromSeconds(20));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _shell.Dispose();
    }

    private static string ReadShared(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
