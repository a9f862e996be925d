using System.Globalization;
using TestSupport;

namespace EndToEnd.Tests;

/// <summary>The whole platform as <c>./run</c> starts it, on ports and with a data folder of its own.</summary>
internal sealed class HostProcess(string folder) : IAsyncDisposable
{
    private readonly int _receiver = FreePort.Next();
    private readonly int _storage = FreePort.Next();
    private readonly int _analyzer = FreePort.Next();
    private readonly int _anomalies = FreePort.Next();
    private readonly int _processing = FreePort.Next();
    private readonly int _consistency = FreePort.Next();
    private readonly int[] _runify = [FreePort.Next(), FreePort.Next(), FreePort.Next()];
    private readonly int _web = FreePort.Next();
    private readonly int _mySql = FreePort.Next();
    private GuardedProcess? _process;

    /// <summary>The setting of that name; null for the default, which is both.</summary>
    public string? Systems { get; init; }

    public Uri Receiver => Address(_receiver);

    public Uri Storage => Address(_storage);

    public Uri Analyzer => Address(_analyzer);

    public Uri Anomalies => Address(_anomalies);

    public Uri Processing => Address(_processing);

    public Uri Consistency => Address(_consistency);

    /// <summary>Runify's port of the Analyzer, with both systems on.</summary>
    public Uri RunifyAnalyzer => Address(_runify[0]);

    public Uri RunifyAnomalies => Address(_runify[1]);

    public Uri RunifyCheck => Address(_runify[2]);

    public Uri Web => Address(_web);

    public string Output => _process?.Output ?? "";

    public IEnumerable<int> Ports => [_receiver, _storage, _analyzer, _anomalies, _processing, _consistency, .. _runify, _web, _mySql];

    public string ConnectionString(string database) =>
        $"Server=127.0.0.1;Port={_mySql};User ID=events;Password={File.ReadAllText(Path.Combine(folder, "data", "mysql", "password"))};Database={database};SslMode=None";

    public async Task StartAsync(params string[] arguments)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var host = Path.Combine(Repository.Root, "src", "AppHost", "bin", configuration, "net10.0", "AppHost.dll");
        _process = await GuardedProcess.StartAsync(
            "dotnet",
            [host, "--data", Path.Combine(folder, "data"), .. arguments],
            Path.Combine(folder, $"host-{Guid.NewGuid():N}.out"),
            new Dictionary<string, string?>
            {
                ["Ports__Receiver"] = Text(_receiver),
                ["Ports__Storage"] = Text(_storage),
                ["Ports__Analyzer"] = Text(_analyzer),
                ["Ports__Anomalies"] = Text(_anomalies),
                ["Ports__Processing"] = Text(_processing),
                ["Ports__Consistency"] = Text(_consistency),
                ["Ports__RunifyAnalyzer"] = Text(_runify[0]),
                ["Ports__RunifyAnomalies"] = Text(_runify[1]),
                ["Ports__RunifyCheck"] = Text(_runify[2]),
                ["Ports__Web"] = Text(_web),
                ["Ports__MySql"] = Text(_mySql),
                ["KAFKA_BOOTSTRAP_SERVERS"] = null,
                ["ConnectionStrings__MySql"] = null,
                ["Systems"] = Systems,
            }
        );
    }

    public Task ReadyAsync() =>
        Eventually.HoldsAsync(
            () =>
                _process!.HasExited ? throw new InvalidOperationException($"The host ended with {_process.ExitCode}: {Output}")
                : Output.Contains("Ready in", StringComparison.Ordinal) ? true
                : throw new InvalidOperationException(Output),
            "the host says Ready",
            TimeSpan.FromSeconds(90)
        );

    public Task KillAsync() => _process!.KillAsync();

    public Task StopAsync() => _process!.StopAsync(TimeSpan.FromSeconds(60));

    public int ExitCode => _process!.ExitCode;

    public Task ExitAsync() => _process!.ExitAsync(TimeSpan.FromSeconds(30));

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.StopAsync(TimeSpan.FromSeconds(60));
    }

    private static Uri Address(int port) => new($"http://127.0.0.1:{Text(port)}/");

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
