using System.Globalization;

namespace AppHost;

/// <summary>What was asked for on the command line and in the environment.</summary>
internal sealed record HostOptions
{
    public const string Usage = """
        Starts the whole platform on this machine: a private MariaDB, a Kafka broker and every service.

          ./run                    start, print every address, stop with Ctrl-C
          ./run --demo [RATE]      also send sample traffic, RATE events a second (default 4)
          ./run --kafka            start a real Kafka from KAFKA_HOME (needs Java 17) instead of the embedded broker
          ./run --reset            first drop all data of an earlier run
          ./run --data FOLDER      keep data and logs in FOLDER (default .data)
          ./run --help             this text

        Settings (environment):
          ConnectionStrings__MySql   use this MySQL or MariaDB server instead of a private one (no Database= in it)
          KAFKA_BOOTSTRAP_SERVERS    use this Kafka cluster instead of the embedded broker
          Systems                    both    real_estate or runify: offer one system only
          Ports__Web                 8000    the dashboard, and every service under its prefix
          Ports__Receiver            8080    Ports__Storage   8090
          Ports__Analyzer            8200    Ports__Anomalies 8400   (with Runify alone 8110 and 8120)
          Ports__Processing          8100    Ports__Consistency 8300 (with Runify alone 8130)
          Ports__RunifyAnalyzer      8110    Ports__RunifyAnomalies 8120   Ports__RunifyCheck 8130
                                     with both systems: Runify's own ports of these three; off: not listened on
          Ports__MySql               13306   (also MYSQL_PORT)
          Ports__Kafka               19092   (only with --kafka)
          Kafka__Topic               events  Kafka__Partitions  4
        Every other setting of a service (docs/configuration.md) is handed on to it. What the environment does not say may
        stand in a file .env in the current folder.
        """;

    public bool Help { get; init; }
    public bool Reset { get; init; }
    public bool RealKafka { get; init; }
    public double? DemoRate { get; init; }
    public required string DataFolder { get; init; }
    public string? Database { get; init; }
    public string? BootstrapServers { get; init; }
    public required string Topic { get; init; }
    public required int Partitions { get; init; }
    public required int MySqlPort { get; init; }
    public required int KafkaPort { get; init; }
    public required int ReceiverPort { get; init; }
    public required int StoragePort { get; init; }
    public required int AnalyzerPort { get; init; }
    public required int AnomaliesPort { get; init; }
    public required int ProcessingPort { get; init; }
    public required int ConsistencyPort { get; init; }
    public required int WebPort { get; init; }

    /// <summary>Runify's port of the Analyzer beside the real-estate one; null without, as with one system.</summary>
    public int? RunifyAnalyzerPort { get; init; }

    /// <summary>The same of Anomalies.</summary>
    public int? RunifyAnomaliesPort { get; init; }

    /// <summary>The same of Consistency.</summary>
    public int? RunifyCheckPort { get; init; }

    /// <summary>Which systems are offered; the services read the same setting for themselves.</summary>
    public required bool RealEstate { get; init; }

    public required bool Runify { get; init; }

    /// <summary>The same as the services' setting is written.</summary>
    public string Systems =>
        (RealEstate, Runify) switch
        {
            (true, false) => "RealEstate",
            (false, true) => "Runify",
            _ => "both",
        };

    /// <exception cref="UsageException">An argument or a setting is wrong; the message is one sentence.</exception>
    public static HostOptions Parse(IReadOnlyList<string> arguments, Func<string, string?> environment)
    {
        var (realEstate, runify) = ReadSystems(NonEmpty(environment("Systems")));
        var options = new HostOptions
        {
            RealEstate = realEstate,
            Runify = runify,
            DataFolder = Path.GetFullPath(".data"),
            Database = NonEmpty(environment("ConnectionStrings__MySql")),
            BootstrapServers = NonEmpty(environment("KAFKA_BOOTSTRAP_SERVERS")) ?? NonEmpty(environment("Kafka__BootstrapServers")),
            Topic = NonEmpty(environment("Kafka__Topic")) ?? "events",
            Partitions = Number("Kafka__Partitions", 4, 1, 1000),
            MySqlPort = Port("Ports__MySql", Port("MYSQL_PORT", 13306)),
            KafkaPort = Port("Ports__Kafka", 19092),
            ReceiverPort = Port("Ports__Receiver", 8080),
            StoragePort = Port("Ports__Storage", 8090),
            AnalyzerPort = Port("Ports__Analyzer", realEstate ? 8200 : 8110),
            AnomaliesPort = Port("Ports__Anomalies", realEstate ? 8400 : 8120),
            ProcessingPort = Port("Ports__Processing", 8100),
            ConsistencyPort = Port("Ports__Consistency", realEstate ? 8300 : 8130),
            WebPort = Port("Ports__Web", 8000),
            RunifyAnalyzerPort = RunifyPort("Ports__RunifyAnalyzer", 8110),
            RunifyAnomaliesPort = RunifyPort("Ports__RunifyAnomalies", 8120),
            RunifyCheckPort = RunifyPort("Ports__RunifyCheck", 8130),
        };
        for (var i = 0; i < arguments.Count; i++)
        {
            options = arguments[i] switch
            {
                "--help" or "-h" => options with { Help = true },
                "--reset" => options with { Reset = true },
                "--kafka" => options with { RealKafka = true },
                "--demo" => options with { DemoRate = Rate(Following(arguments, i)) },
                "--data" => options with
                {
                    DataFolder = Path.GetFullPath(Following(arguments, i) ?? throw new UsageException("--data needs a folder.")),
                },
                _ => throw new UsageException($"'{arguments[i]}' is not known; ./run --help lists what is."),
            };
            if (arguments[i] is "--demo" or "--data" && Following(arguments, i) is not null)
                i++;
        }
        return options.RealKafka && options.BootstrapServers is not null
            ? throw new UsageException("--kafka starts a broker, but KAFKA_BOOTSTRAP_SERVERS names one already: leave one of them out.")
            : options;

        int Port(string name, int standard) => Number(name, standard, 1, 65535);

        int? RunifyPort(string name, int standard) =>
            !(realEstate && runify) || NonEmpty(environment(name)) is "off" ? null : Port(name, standard);

        int Number(string name, int standard, int least, int most) =>
            NonEmpty(environment(name)) is not { } text ? standard
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
                ? number
            : throw new UsageException($"{name} must be a whole number from {least} to {most}, not '{text}'.");
    }

    // As the services read it.
    private static (bool RealEstate, bool Runify) ReadSystems(string? text)
    {
        var names = (text ?? "both")
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(name => name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToUpperInvariant())
            .ToList();
        return names.Count > 0 && names.TrueForAll(name => name is "REALESTATE" or "RUNIFY" or "BOTH")
            ? (names.Exists(name => name is "REALESTATE" or "BOTH"), names.Exists(name => name is "RUNIFY" or "BOTH"))
            : throw new UsageException($"Systems must be real_estate, runify or both, not '{text}'.");
    }

    private static string? Following(IReadOnlyList<string> arguments, int index) =>
        index + 1 < arguments.Count && !arguments[index + 1].StartsWith("--", StringComparison.Ordinal) ? arguments[index + 1] : null;

    private static double Rate(string? text) =>
        text is null ? 4
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var rate) && rate is > 0 and <= 1000 ? rate
        : throw new UsageException($"--demo takes events a second, more than 0 and at most 1000, not '{text}'.");

    private static string? NonEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
