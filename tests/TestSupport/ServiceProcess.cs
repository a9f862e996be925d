using System.Globalization;

namespace TestSupport;

/// <summary>One process of a service, built in the same configuration as the tests, started with settings of its own.</summary>
public sealed class ServiceProcess(string project, IReadOnlyDictionary<string, string?> settings, string logFolder, string? source = null)
    : IKillable,
        IAsyncDisposable
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(2) };

    private GuardedProcess? _process;

    /// <summary>The loopback port it listens on; the same over restarts.</summary>
    public int Port { get; } = FreePort.Next();

    /// <summary>The loopback port at which it answers as Runify's contract says, where it has one and both systems are on.</summary>
    public int RunifyPort { get; } = FreePort.Next();

    /// <summary>Its address without a base path.</summary>
    public Uri Address => new($"http://127.0.0.1:{Port.ToString(CultureInfo.InvariantCulture)}/");

    /// <summary>Its address at Runify's port.</summary>
    public Uri RunifyAddress => new($"http://127.0.0.1:{RunifyPort.ToString(CultureInfo.InvariantCulture)}/");

    /// <summary>The running process.</summary>
    public GuardedProcess Process => _process ?? throw new InvalidOperationException($"{project} is not started.");

    /// <summary>Whether it was started and has not ended.</summary>
    public bool IsRunning => _process is { HasExited: false };

    /// <summary>Starts it (again) and returns at once.</summary>
    public async Task StartAsync()
    {
        var environment = new Dictionary<string, string?>(settings)
        {
            ["Server__Port"] = Port.ToString(CultureInfo.InvariantCulture),
            ["Server__RunifyPort"] = RunifyPort.ToString(CultureInfo.InvariantCulture),
            ["Server__Address"] = "127.0.0.1",
            ["Logs__Folder"] = Path.Combine(logFolder, $"{project}-{Port}"),
        };
        var executable = Executable(project, source);
        _process = await GuardedProcess.StartAsync(
            executable,
            [],
            Path.Combine(logFolder, $"{project}-{Port}.out"),
            environment,
            Path.GetDirectoryName(executable)
        );
    }

    /// <summary>Waits until its health page says it is ready.</summary>
    public Task ReadyAsync(TimeSpan? within = null) =>
        Eventually.HoldsAsync(
            async () =>
            {
                if (Process.HasExited)
                    throw new InvalidOperationException($"{project} ended with {Process.ExitCode}: {Process.Output}");
                using var reply = await Http.GetAsync(new Uri(Address, "health/ready"));
                return reply.IsSuccessStatusCode ? true : throw new InvalidOperationException(await reply.Content.ReadAsStringAsync());
            },
            $"{project} on port {Port} is ready",
            within ?? Eventually.Patience
        );

    /// <inheritdoc/>
    public Task KillAsync() => Process.KillAsync();

    /// <summary>Ends it in good order.</summary>
    public Task StopAsync() => Process.StopAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
    }

    /// <summary>Where a service's executable lies, in this repository or in another folder like it.</summary>
    public static string Executable(string project, string? source = null)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        return Path.Combine(source ?? Repository.Root, "src", project, "bin", configuration, "net10.0", project);
    }
}
