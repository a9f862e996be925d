using System.Diagnostics;
using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace TestSupport;

/// <summary>
/// A real Apache Kafka (KRaft) from <c>KAFKA_HOME</c> or <c>../shared/kafka</c>, on free ports, with its data in a temporary folder. It is
/// started by that folder's <c>bin/kafka</c> and ends with <see cref="DisposeAsync"/>.
/// </summary>
public sealed class KafkaServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly int _port;
    private readonly int _nodes;
    private readonly string[] _settings;

    /// <summary>Prepares a cluster of <paramref name="nodes"/> nodes with broker <paramref name="settings"/> such as <c>num.partitions=4</c>.</summary>
    public KafkaServer(int nodes = 1, params string[] settings)
    {
        _nodes = nodes;
        _settings = settings;
        _port = FreeRange();
        BootstrapServers = string.Join(',', Enumerable.Range(0, nodes).Select(node => $"127.0.0.1:{_port + 10 * node}"));
        AppDomain.CurrentDomain.ProcessExit += EndWithThisProcess;
    }

    /// <summary>The tool that starts it; null where there is none.</summary>
    public static string? Tool { get; } =
        new[] { Environment.GetEnvironmentVariable("KAFKA_HOME"), Path.Combine(Repository.Root, "..", "shared", "kafka") }
            .OfType<string>()
            .Select(home => Path.GetFullPath(Path.Combine(home, "bin", "kafka")))
            .FirstOrDefault(File.Exists);

    /// <summary>Why Kafka cannot be had; null when it can.</summary>
    public static string? Missing =>
        Tool is null ? "no Kafka: neither KAFKA_HOME nor ../shared/kafka has bin/kafka"
        : !JavaThere() ? "Kafka needs Java 17 on the PATH (Debian: openjdk-17-jre-headless)"
        : null;

    /// <summary>The addresses clients connect to.</summary>
    public string BootstrapServers { get; }

    /// <summary>Starts every node that does not run and waits until the cluster answers.</summary>
    public Task StartAsync() =>
        RunAsync([
            "start",
            .. Where,
            "--port",
            Text(_port),
            "--nodes",
            Text(_nodes),
            .. _settings.SelectMany(setting => new[] { "--set", setting }),
        ]);

    /// <summary>Stops all nodes in good order.</summary>
    public Task StopAsync() => RunAsync(["stop", .. Where]);

    /// <summary>Ends all nodes, or one (from 1), with SIGKILL.</summary>
    public Task KillAsync(int? node = null) =>
        RunAsync(["stop", .. Where, "--kill", .. node is { } one ? new[] { "--node", Text(one) } : []]);

    /// <summary>Removes what the brokers kept; only while they are stopped.</summary>
    public void Forget() => Directory.Delete(_folder.Path, recursive: true);

    /// <summary>The folder in which node <paramref name="node"/> (from 1) keeps its partitions.</summary>
    public string DataFolder(int node = 1) => Path.Combine(_folder.Path, $"node{node}", "data");

    /// <summary>Runs one of the tool's commands, such as <c>topics --create ...</c>; the bootstrap server is added.</summary>
    public Task<string> CommandAsync(string command, params string[] arguments) =>
        RunAsync([command, "--bootstrap-server", BootstrapServers, .. arguments]);

    /// <summary>Sends a consumer group without members back to the beginning of a topic.</summary>
    public async Task RewindAsync(string group, string topic, int partitions = 4)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = BootstrapServers }).Build();
        // A member that has just left may still be known for a moment.
        await Eventually.HoldsAsync(
            async () =>
            {
                await admin.AlterConsumerGroupOffsetsAsync([
                    new ConsumerGroupTopicPartitionOffsets(
                        group,
                        [.. Enumerable.Range(0, partitions).Select(partition => new TopicPartitionOffset(topic, partition, new Offset(0)))]
                    ),
                ]);
                return true;
            },
            $"group {group} is sent back"
        );
    }

    /// <summary>The process of a node that runs.</summary>
    public int ProcessId(int node = 1) =>
        int.Parse(File.ReadAllText(Path.Combine(_folder.Path, $"node{node}", "pid")), CultureInfo.InvariantCulture);

    /// <summary>Sends a signal such as <c>STOP</c> or <c>CONT</c> to a node.</summary>
    public void Signal(string name, int node = 1)
    {
        using var kill = Process.Start("kill", [$"-{name}", Text(ProcessId(node))]);
        kill.WaitForExit();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= EndWithThisProcess;
        await KillAsync();
        _folder.Dispose();
    }

    private string[] Where => ["--dir", _folder.Path];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private async Task<string> RunAsync(string[] arguments)
    {
        Directory.CreateDirectory(_folder.Path);
        var output = Path.Combine(_folder.Path, "command.log");
        var start = new ProcessStartInfo("/bin/sh") { ArgumentList = { "-c", "exec \"$@\" >\"$OUTPUT\" 2>&1 </dev/null", "kafka", Tool! } };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment["OUTPUT"] = output;
        start.Environment["KAFKA_HEAP"] = "512m";
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{Tool} did not start.");
        await process.WaitForExitAsync();
        var text = await File.ReadAllTextAsync(output);
        return process.ExitCode == 0
            ? text
            : throw new InvalidOperationException($"kafka {string.Join(' ', arguments)} ended with {process.ExitCode}: {text}");
    }

    // The tool puts its nodes into the background, so they would stay when the test run is ended early.
    private void EndWithThisProcess(object? sender, EventArgs arguments)
    {
        for (var node = 1; node <= _nodes; node++)
        {
            if (File.Exists(Path.Combine(_folder.Path, $"node{node}", "pid")))
                Signal("KILL", node);
        }
    }

    // Node i listens on port + 10 * (i - 1) and on the one after it.
    private int FreeRange()
    {
        while (true)
        {
            var port = FreePort.Next();
            var wanted = Enumerable.Range(0, _nodes).SelectMany(node => new[] { port + 10 * node, port + 10 * node + 1 });
            if (wanted.All(FreePort.IsFree))
                return port;
        }
    }

    private static bool JavaThere() => Environment.GetEnvironmentVariable("JAVA_HOME") is { Length: > 0 } || Command.IsThere("java");
}
