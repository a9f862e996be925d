using TestSupport;

namespace Compose.Tests;

/// <summary>The docker command line.</summary>
internal static class Docker
{
    // Not on every machine: starts a real engine where none runs, and makes the public images where they cannot be pulled.
    private static readonly string Engine = Path.GetFullPath(Path.Combine(Repository.Root, "..", "shared", "bin", "docker-engine"));

    private static readonly Lazy<Task<string?>> Compose = new(InstallAsync);

    private static bool CanHaveEngine => File.Exists(Engine) && Environment.IsPrivilegedProcess;

    /// <summary>Why there is no <c>docker compose</c>, after it was installed where that can be done; null when there is.</summary>
    public static Task<string?> MissingComposeAsync() => Compose.Value;

    /// <summary>Sees to it that an engine runs. <c>Started</c>: it did not before. <c>Missing</c>: why none can be had.</summary>
    public static async Task<(bool Started, string? Missing)> StartAsync()
    {
        if (await MissingComposeAsync() is { } missing)
            return (false, missing);
        if ((await TryAsync("info")).Code == 0)
            return (false, null);
        if (!CanHaveEngine)
            return (false, "no Docker engine answers, and none can be started here");
        foreach (var step in new string[][] { ["start"], ["images", "debian", "dotnet", "kafka", "mysql", "node"] })
        {
            var (code, output) = await Command.RunAsync(Engine, step);
            if (code != 0)
                return (false, $"the Docker engine cannot be had: {step[0]} failed: {Command.LastLine(output)}");
        }
        return (true, null);
    }

    public static Task StopAsync() => Command.SucceedAsync(Engine, "stop");

    /// <summary>Runs a docker command; its output. Fails with the last lines when it does.</summary>
    public static Task<string> RunAsync(params string[] arguments) => Command.SucceedAsync("docker", arguments);

    /// <summary>Runs a docker command; its exit code, and what it wrote to both outputs.</summary>
    public static Task<(int Code, string Output)> TryAsync(params string[] arguments) => Command.RunAsync("docker", arguments);

    private static async Task<string?> InstallAsync()
    {
        var missing = await LookAsync();
        if (missing is null || !CanHaveEngine)
            return missing;
        var (code, output) = await Command.RunAsync(Engine, ["install"]);
        return code == 0 ? await LookAsync() : $"Docker cannot be installed: {Command.LastLine(output)}";

        static async Task<string?> LookAsync()
        {
            if (!Command.IsThere("docker"))
                return "docker is missing";
            var (code, output) = await TryAsync("compose", "version");
            return code == 0 ? null : $"docker compose is missing: {Command.LastLine(output)}";
        }
    }
}
