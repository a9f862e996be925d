using System.Diagnostics;

namespace TestSupport;

/// <summary>Runs programs to their end.</summary>
public static class Command
{
    /// <summary>Whether a program of that name lies on the PATH.</summary>
    public static bool IsThere(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));

    /// <summary>
    /// Runs a program in a folder (default: the checkout's) without input; its exit code, and what it wrote to both outputs. One that has not
    /// ended within the time (default 10 min) is killed with all it has started, which fails.
    /// </summary>
    public static async Task<(int Code, string Output)> RunAsync(
        string program,
        IEnumerable<string> arguments,
        string? folder = null,
        TimeSpan? within = null
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder ?? Repository.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        var patience = within ?? TimeSpan.FromMinutes(10);
        using var limit = new CancellationTokenSource(patience);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} did not end within {patience.TotalMinutes:0.#} min: {await output}{await error}");
        }
        return (process.ExitCode, await output + await error);
    }

    /// <summary>As <see cref="RunAsync"/>; an exit code other than 0 fails with the last lines of the output.</summary>
    public static async Task<string> SucceedAsync(string program, params IReadOnlyCollection<string> arguments)
    {
        var (code, output) = await RunAsync(program, arguments);
        return code == 0
            ? output
            : throw new InvalidOperationException(
                $"{program} {string.Join(' ', arguments)} ended with {code}:\n{string.Join('\n', output.Split('\n').TakeLast(30))}"
            );
    }

    /// <summary>The last line of an output: what a program said before it gave up.</summary>
    public static string LastLine(string output) => output.TrimEnd().Split('\n')[^1];
}
