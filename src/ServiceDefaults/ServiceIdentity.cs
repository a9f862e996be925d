namespace ServiceDefaults;

/// <summary>What tells one service from another: its name, where it listens and which database is its own.</summary>
public sealed record ServiceIdentity
{
    /// <summary>The service's name, lower case.</summary>
    public required string Name { get; init; }

    /// <summary>The name of its log file, without <c>.log</c>: the service's own unless the contract has another.</summary>
    public string LogName
    {
        get => field ?? Name;
        init;
    }

    /// <summary>Where the service listens; the first is the main one, whose port is <c>Server:Port</c>.</summary>
    public required IReadOnlyList<ServiceListener> Listeners { get; init; }

    /// <summary>The database it uses unless told otherwise; null for a service without one.</summary>
    public string? Database { get; init; }

    /// <summary>The database it uses with Runify alone; null when it is the same.</summary>
    public string? RunifyDatabase { get; init; }

    /// <summary>The path under which the main listener's routes also stand.</summary>
    public string BasePath => Listeners[0].BasePath;

    /// <summary>The same in Runify's contract, where it has another name for the service; null when it is the same.</summary>
    public string? RunifyBasePath { get; init; }

    /// <summary>Takes events over HTTP.</summary>
    public static ServiceIdentity Receiver { get; } =
        new()
        {
            Name = "receiver",
            Listeners = [new ServiceListener(ServiceListener.Main, "/receiver", 8080)],
            Database = "receiver",
        };

    /// <summary>Keeps events in tables.</summary>
    public static ServiceIdentity Storage { get; } =
        new()
        {
            Name = "storage",
            Listeners = [new ServiceListener(ServiceListener.Main, "/storage", 8090)],
            Database = "real_estate",
            RunifyDatabase = "events",
        };

    /// <summary>Keeps an index of the topic.</summary>
    public static ServiceIdentity Analyzer { get; } =
        new()
        {
            Name = "analyzer",
            Listeners = ServiceListener.OfBoth("/analyzer", 8200, "/analyzer", 8110),
            Database = "analyzer",
        };

    /// <summary>Looks for events that are out of the ordinary.</summary>
    public static ServiceIdentity Anomalies { get; } =
        new()
        {
            Name = "anomalies",
            LogName = "anomaly",
            Listeners = ServiceListener.OfBoth("/anomaly_detector", 8400, "/anomaly", 8120),
            RunifyBasePath = "/anomaly",
            Database = "anomalies",
        };

    /// <summary>Counts what is stored.</summary>
    public static ServiceIdentity Processing { get; } =
        new()
        {
            Name = "processing",
            Listeners = [new ServiceListener(ServiceListener.Main, "/processing", 8100)],
            Database = "processing",
        };

    /// <summary>Compares log, topic and tables.</summary>
    public static ServiceIdentity Consistency { get; } =
        new()
        {
            Name = "consistency",
            Listeners = ServiceListener.OfBoth("/consistency_check", 8300, "/check", 8130),
            RunifyBasePath = "/check",
            Database = "consistency",
        };

    /// <summary>The one address for everything: passes requests on to the other services and serves the dashboard.</summary>
    public static ServiceIdentity Web { get; } = new() { Name = "web", Listeners = [new ServiceListener(ServiceListener.Main, "", 8000)] };

    /// <summary>The path clients know the service by: Runify's name for it with Runify alone.</summary>
    internal string BasePathOf(EnabledSystems systems) => systems.RealEstate ? BasePath : RunifyBasePath ?? BasePath;

    internal string DefaultDatabase(EnabledSystems systems) =>
        (systems.RealEstate ? Database : RunifyDatabase ?? Database)
        ?? throw new InvalidOperationException($"{Name} has no database of its own.");
}
