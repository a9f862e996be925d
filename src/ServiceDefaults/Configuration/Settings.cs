using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace ServiceDefaults;

/// <summary>
/// Every setting the product has, of every service: the one place to look, and what <c>docs/configuration.md</c> is written from.
/// A service reads those that concern it; all of them are checked at the start of each.
/// </summary>
public static partial class Settings
{
    /// <summary>A port that is not listened on.</summary>
    internal const int Off = 0;

    /// <summary>Which systems' routes and reply shapes are on.</summary>
    public static readonly Setting<EnabledSystems> Systems = new(
        "Systems",
        EnabledSystems.SettingKind,
        EnabledSystems.Both,
        "Which systems are offered over HTTP, by every service alike. With one, replies and ports are exactly those of its contract; with both, replies that meet at a path have the keys of both. Every event is stored and indexed, whatever this says."
    );

    /// <summary>Any origin may call from a browser.</summary>
    public static readonly Setting<bool> CorsAllowAll = new(
        "CORS_ALLOW_ALL",
        new("yes or no", ParseYes, allowed => allowed ? "yes" : "no"),
        false,
        "Lets pages of any origin call the service, with any method and header, but never with credentials. Only the word yes switches it on."
    );

    /// <summary>The address listened on.</summary>
    public static readonly Setting<string> ServerAddress = new(
        "Server:Address",
        new("an IP address, or * for every address of the machine", ParseAddress),
        "*",
        "The address the service listens on."
    );

    /// <summary>The port of the service's first listener.</summary>
    public static readonly Setting<int?> ServerPort = new(
        "Server:Port",
        new("a whole number from 0 to 65535 (0: any free port)", ParsePort),
        null,
        "The port the service listens on.",
        "the service's own: Receiver 8080, Storage 8090, Processing 8100, Analyzer 8200, Consistency 8300, Anomalies 8400, Web 8000; with Runify alone Analyzer 8110, Anomalies 8120, Consistency 8130"
    );

    /// <summary>The port of Runify's contract beside the real-estate one.</summary>
    public static readonly Setting<int?> ServerRunifyPort = new(
        "Server:RunifyPort",
        new("a whole number from 1 to 65535, or off", ParseRunifyPort, port => port is Off ? "off" : $"{port}"),
        null,
        "The port of Runify's contract of a service that has another in the real-estate contract. What comes in there is answered as with Runify alone; `off` keeps it closed.",
        "with both systems Analyzer 8110, Anomalies 8120, Consistency 8130; with one system off"
    );

    /// <summary>How the service reaches its database.</summary>
    public static readonly Setting<string?> MySql = new(
        "ConnectionStrings:MySql",
        SettingKinds.OptionalText("a MySqlConnector connection string"),
        null,
        "The database server, as a connection string (MySqlConnector's keys). Without `Database=` every service uses a database of its own: "
            + "Receiver `receiver`, Storage `real_estate`, Processing `processing`, Analyzer `analyzer`, Consistency `consistency`, Anomalies `anomalies`. "
            + "A database that is missing is created if the user may do it.",
        "put together from the datastore settings"
    )
    {
        IsSecret = true,
    };

    /// <summary>The database user, when no connection string is given.</summary>
    public static readonly Setting<string?> DatastoreUser = new(
        "datastore:user",
        SettingKinds.OptionalText("a user name"),
        null,
        "The database user. Needed when there is no connection string."
    );

    /// <summary>The database password, when no connection string is given.</summary>
    public static readonly Setting<string?> DatastorePassword = new(
        "datastore:password",
        SettingKinds.OptionalText("a password"),
        null,
        "The database password. Keep it out of files that are committed: an environment variable, or a file of that name in /run/secrets."
    )
    {
        IsSecret = true,
    };

    /// <summary>The database host, when no connection string is given.</summary>
    public static readonly Setting<string> DatastoreHostname = new(
        "datastore:hostname",
        SettingKinds.Text("a host name"),
        "db",
        "The database host, when there is no connection string."
    );

    /// <summary>The database port, when no connection string is given.</summary>
    public static readonly Setting<int> DatastorePort = new(
        "datastore:port",
        SettingKinds.WholeNumber(1, 65535),
        3306,
        "The database port, when there is no connection string.",
        null,
        "MYSQL_PORT"
    );

    /// <summary>Whose files are read.</summary>
    public static readonly Setting<string?> TargetEnv = new(
        "TARGET_ENV",
        SettingKinds.OptionalText("a word"),
        null,
        "With `test` the files `app_conf.yml` and `log_conf.yml` are looked for in `/config`, else beside the program. They may hold any setting here, and the keys of the original systems.",
        "none"
    );

    /// <summary>The database name, when no connection string is given.</summary>
    public static readonly Setting<string?> DatastoreDb = new(
        "datastore:db",
        SettingKinds.OptionalText("a database name"),
        null,
        "The database name, when there is no connection string.",
        "the service's own: Receiver `receiver`, Storage `real_estate` (`events` with Runify alone), Processing `processing`, Analyzer `analyzer`, "
            + "Consistency `consistency`, Anomalies `anomalies`"
    );

    /// <summary>Kafka's addresses.</summary>
    public static readonly Setting<string?> KafkaBootstrapServers = new(
        "Kafka:BootstrapServers",
        SettingKinds.OptionalText("one or more host:port, with commas between"),
        null,
        "Where to find Kafka.",
        "`events:hostname` and `events:port`",
        "KAFKA_BOOTSTRAP_SERVERS"
    );

    /// <summary>Kafka's host.</summary>
    public static readonly Setting<string> EventsHostname = new(
        "events:hostname",
        SettingKinds.Text("a host name"),
        "kafka",
        "Kafka's host, when `Kafka:BootstrapServers` is not set."
    );

    /// <summary>Kafka's port.</summary>
    public static readonly Setting<int> EventsPort = new(
        "events:port",
        SettingKinds.WholeNumber(1, 65535),
        9092,
        "Kafka's port, when `Kafka:BootstrapServers` is not set."
    );

    /// <summary>The topic of all events.</summary>
    public static readonly Setting<string> KafkaTopic = new(
        "Kafka:Topic",
        new("a topic name: letters, digits, dots, underscores and hyphens, at most 249", ParseTopic),
        "events",
        "The topic that carries the events of both systems.",
        null,
        "events:topic"
    );

    /// <summary>The topic's number of partitions.</summary>
    public static readonly Setting<int> KafkaPartitions = new(
        "Kafka:Partitions",
        SettingKinds.WholeNumber(1, 1024),
        4,
        "The topic's number of partitions. Written down at the first start; another number is refused later, because an event's place depends on it."
    );

    /// <summary>How consumers share partitions.</summary>
    public static readonly Setting<string> KafkaGroupProtocol = new(
        "Kafka:GroupProtocol",
        SettingKinds.OneOf("auto", "consumer", "classic"),
        "auto",
        "How consumers share partitions: `consumer` (KIP-848, Kafka 4), `classic` (cooperative-sticky), or `auto`: the first where the broker has it and gives a killed member up within 10 s (`group.consumer.session.timeout.ms`, 45 s by default), else the second, with a session of 6 s."
    );

    /// <summary>How long a broker holds a fetch that finds nothing.</summary>
    public static readonly Setting<TimeSpan> KafkaFetchWait = new(
        "Kafka:FetchWait",
        SettingKinds.Duration(TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(30)),
        TimeSpan.FromMilliseconds(500),
        "How long the broker may hold a reader's request while there is nothing to read. A real broker answers as soon as there is something; the embedded one does not, and `./run` sets 20ms for it."
    );

    /// <summary>Where log files go.</summary>
    public static readonly Setting<string> LogsFolder = new(
        "Logs:Folder",
        SettingKinds.Text("a folder"),
        "logs",
        "The folder of the log files, one per service (`receiver.log`, `storage.log`). Relative to the current folder."
    );

    /// <summary>Where the log file is.</summary>
    public static readonly Setting<string?> LogsFile = new(
        "Logs:File",
        SettingKinds.OptionalText("a file"),
        null,
        "The log file, when it is not in `Logs:Folder` under the service's name. Relative to the current folder.",
        "the service's own in `Logs:Folder`: `receiver.log` (`app_receiver.log` with Runify alone), and so on",
        "log_conf:handlers:file:filename"
    );

    /// <summary>The least level that is logged.</summary>
    public static readonly Setting<string> LogsLevel = new(
        "Logs:Level",
        new("one of Debug, Information, Warning, Error (INFO and CRITICAL are understood)", ParseLevel),
        "Information",
        "The least level that is logged. Every accepted event is a line of level `Information`.",
        null,
        "log_conf:root:level"
    );

    /// <summary>The least level of the frameworks' own messages.</summary>
    public static readonly Setting<string> LogsFrameworkLevel = new(
        "Logs:FrameworkLevel",
        SettingKinds.OneOf("Debug", "Information", "Warning", "Error"),
        "Warning",
        "The least level that is logged of ASP.NET Core's, Entity Framework's and MassTransit's own messages."
    );

    /// <summary>Largest size of a log file.</summary>
    public static readonly Setting<long> LogsMaxBytes = new(
        "Logs:MaxBytes",
        SettingKinds.LargeNumber(64 * 1024, 10L << 30),
        100 << 20,
        "A log file that reaches this many bytes is followed by a new one; the newest ten are kept."
    );

    /// <summary>Stop when the standard input closes.</summary>
    public static readonly Setting<bool> ExitWithParent = new(
        "EXIT_WITH_PARENT",
        SettingKinds.Switch(),
        false,
        "The service stops when its standard input closes. The process that starts it holds the other end, so it never outlives that process."
    );

    private static readonly Lazy<IReadOnlyList<Setting>> Catalog = new(() =>
        [.. typeof(Settings).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => field.GetValue(null)).OfType<Setting>()]
    );

    /// <summary>All settings in the order of the documentation.</summary>
    public static IReadOnlyList<Setting> All => Catalog.Value;

    /// <summary>Checks the value of every setting.</summary>
    /// <exception cref="SettingException">The first that is wrong.</exception>
    public static void Check(IConfiguration configuration)
    {
        foreach (var setting in All)
            setting.Check(configuration);
    }

    /// <summary>Keys under the product's own sections that no setting has: typing errors, most likely.</summary>
    public static IReadOnlyList<string> Unknown(IConfiguration configuration)
    {
        var names = All.SelectMany(setting => setting.OlderNames.Prepend(setting.Name)).ToList();
        var sections = names
            .Where(name => name.Contains(':', StringComparison.Ordinal))
            .Select(name => name[..name.IndexOf(':', StringComparison.Ordinal)])
            // Other parts of a program may have connection strings of their own.
            .Where(section => section != "ConnectionStrings")
            .Distinct(StringComparer.OrdinalIgnoreCase);
        return
        [
            .. sections
                .SelectMany(section => configuration.GetSection(section).AsEnumerable())
                .Where(pair => pair.Value is not null && !names.Exists(name => Covers(name, pair.Key)))
                // Told with the file's name: see OriginalFiles.
                .Where(pair => !OriginalFiles.FilesOf(configuration).Any(file => file.Has(pair.Key)))
                .Select(pair => pair.Key)
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>Whether a setting has that name, or one of its older names, or is a list that the name is an entry of.</summary>
    internal static bool IsKnown(string name) =>
        All.Any(setting => setting.OlderNames.Prepend(setting.Name).Any(known => Covers(known, name)));

    // A list may be given as one text or as numbered children of the same name.
    private static bool Covers(string name, string key) =>
        key.Equals(name, StringComparison.OrdinalIgnoreCase)
        || (
            key.Length > name.Length + 1
            && key.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)
            && char.IsAsciiDigit(key[name.Length + 1])
        );

    private static bool ParseYes(string text, out bool value)
    {
        value = text == "yes";
        return true;
    }

    private static bool ParseAddress(string text, out string value)
    {
        value = text;
        return text == "*" || System.Net.IPAddress.TryParse(text, out _);
    }

    private static bool ParsePort(string text, out int? value)
    {
        value = ushort.TryParse(text, System.Globalization.NumberStyles.None, null, out var port) ? port : null;
        return value is not null;
    }

    private static bool ParseRunifyPort(string text, out int? value)
    {
        if (text is "off")
            value = Off;
        else if (!ParsePort(text, out value) || value is Off)
            return false;
        return true;
    }

    private static bool ParseLevel(string text, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out string value)
    {
        value = text.ToUpperInvariant() switch
        {
            "DEBUG" => "Debug",
            "INFORMATION" or "INFO" => "Information",
            "WARNING" => "Warning",
            "ERROR" or "CRITICAL" => "Error",
            _ => null,
        };
        return value is not null;
    }

    private static bool ParseTopic(string text, out string value)
    {
        value = text;
        return text.Length <= 249 && text is not "." and not ".." && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
    }
}
