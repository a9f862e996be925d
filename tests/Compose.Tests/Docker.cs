using System.Diagnostics;
using TestSupport;

namespace Compose.Tests;

/// <summary>The docker command line.</summary>
internal static class Docker
{
    // Not on every machine: starts a real engine where none runs, and makes the public images where they cannot be pulled.
    private static readonly string Engine = Path.GetFullPath(Path.Combine(Repository.Root, "..", "shared", "bin", "docker-engine"));

    /// <summary>Why there is no <c>docker compose</c>; null when there is.</summary>
    public static async Task<string?> MissingComposeAsync()
    {
        try
        {
            var (code, output) = await TryAsync("docker", ["compose", "version"]);
            return code == 0 ? null : $"docker compose is missing: {LastLine(output)}";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "docker is missing";
        }
    }

    /// <summary>Sees to it that an engine runs. <c>Started</c>: it did not before. <c>Missing</c>: why none can be had.</summary>
    public static async Task<(bool Started, string? Missing)> StartAsync()
    {
        if (await MissingComposeAsync() is null && (await TryAsync("docker", ["info"])).Code == 0)
            return (false, null);
        if (!File.Exists(Engine) || !Environment.IsPrivilegedProcess)
            return (false, "no Docker engine with Compose v2 answers, and none can be started here");
        foreach (var step in new string[][] { ["install"], ["start"], ["images", "debian", "dotnet", "kafka", "mysql", "node"] })
        {
            var (code, output) = await TryAsync(Engine, step);
            if (code != 0)
                return (false, $"the Docker engine cannot be had: {step[0]} failed: {LastLine(output)}");
        }
        return (true, null);
    }

    public static Task StopAsync() => RunAsync(Engine, ["stop"]);

    /// <summary>Runs a docker command; its output. Fails with the last lines when it does.</summary>
    public static Task<string> RunAsync(params string[] arguments) => RunAsync("docker", arguments);

    /// <summary>Runs a command; its exit code, and what it wrote to both outputs.</summary>
    public static async Task<(int Code, string Output)> TryAsync(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program)
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }

    private static async Task<string> RunAsync(string program, string[] arguments)
    {
        var (code, output) = await TryAsync(program, arguments);
        return code == 0
            ? output
            : throw new InvalidOperationException(
                $"{program} {string.Join(' ', arguments)} ended with {code}:\n{string.Join('\n', output.Split('\n').TakeLast(30))}"
            );
    }

    private static string LastLine(string output) => output.TrimEnd().Split('\n')[^1];
}
