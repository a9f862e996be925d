namespace AppHost;

/// <summary>A single-node Apache Kafka (KRaft) from the jars of <c>KAFKA_HOME</c>, with its data in the data folder.</summary>
internal sealed class PrivateKafka(string dataFolder, string logFolder, int port)
{
    private readonly string _folder = Path.Combine(dataFolder, "kafka");

    public string BootstrapServers => $"127.0.0.1:{port}";

    /// <summary>Formats the data folder when it is new, and returns how the broker is started.</summary>
    /// <exception cref="UsageException">There is no Kafka or no Java, or the data folder could not be made.</exception>
    public async Task<ChildSpec> PrepareAsync(CancellationToken cancellationToken)
    {
        var home = Home();
        var java = Java();
        Directory.CreateDirectory(_folder);
        var properties = Path.Combine(_folder, "server.properties");
        await File.WriteAllTextAsync(properties, Properties(), cancellationToken);
        string[] classPath = ["-cp", Path.Combine(home, "libs", "*")];
        if (!File.Exists(Path.Combine(_folder, "data", "meta.properties")))
            await FormatAsync(java, classPath, properties, cancellationToken);
        return new ChildSpec(
            "kafka",
            java,
            ["-Xmx1g", .. classPath, "kafka.Kafka", properties],
            new Dictionary<string, string>(),
            WatchesParent: false
        );
    }

    private async Task FormatAsync(string java, string[] classPath, string properties, CancellationToken cancellationToken)
    {
        var spec = new ChildSpec(
            "kafka-format",
            java,
            [
                "-Xmx256m",
                .. classPath,
                "kafka.tools.StorageTool",
                "format",
                "--cluster-id",
                Convert.ToBase64String(Guid.NewGuid().ToByteArray()).TrimEnd('=').Replace('+', '-').Replace('/', '_'),
                "--config",
                properties,
            ],
            new Dictionary<string, string>(),
            WatchesParent: false
        );
        var output = Path.Combine(logFolder, "kafka-format.out");
        using var child = await Child.StartAsync(spec, output, cancellationToken);
        if (await child.ExitAsync(cancellationToken) is not 0 and var code)
            throw new UsageException($"Kafka's storage tool ended with {code}; {output} says why.");
    }

    private string Properties() =>
        $"""
            process.roles=broker,controller
            node.id=1
            controller.quorum.voters=1@127.0.0.1:{port + 1}
            listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{port + 1}
            advertised.listeners=PLAINTEXT://127.0.0.1:{port}
            controller.listener.names=CONTROLLER
            log.dirs={Path.Combine(_folder, "data")}
            offsets.topic.replication.factor=1
            transaction.state.log.replication.factor=1
            transaction.state.log.min.isr=1
            share.coordinator.state.topic.replication.factor=1
            group.initial.rebalance.delay.ms=0
            group.consumer.min.session.timeout.ms=1000
            group.consumer.session.timeout.ms=6000
            group.consumer.min.heartbeat.interval.ms=1000
            group.consumer.heartbeat.interval.ms=1000
            auto.create.topics.enable=false

            """;

    private static string Home()
    {
        string[] places = [Environment.GetEnvironmentVariable("KAFKA_HOME") ?? "", Path.Combine(Checkout.Root, "..", "shared", "kafka")];
        return places.FirstOrDefault(place => place.Length > 0 && Directory.Exists(Path.Combine(place, "libs"))) is { } home
            ? Path.GetFullPath(home)
            : throw new UsageException("--kafka needs Apache Kafka: set KAFKA_HOME to its folder (the one that holds libs/).");
    }

    private static string Java()
    {
        string[] folders =
        [
            .. Environment.GetEnvironmentVariable("JAVA_HOME") is { Length: > 0 } home ? new[] { Path.Combine(home, "bin") } : [],
            .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'),
        ];
        return folders.Select(folder => Path.Combine(folder, "java")).FirstOrDefault(File.Exists)
            ?? throw new UsageException("--kafka needs Java 17: install it (Debian: apt-get install openjdk-17-jre-headless).");
    }
}
