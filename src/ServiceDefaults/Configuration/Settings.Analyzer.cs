namespace ServiceDefaults;

public static partial class Settings
{
    /// <summary>How long the Analyzer waits for another service.</summary>
    public static readonly Setting<TimeSpan> AnalyzerStationTimeout = new(
        "Analyzer:StationTimeout",
        SettingKinds.Duration(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(30)),
        TimeSpan.FromSeconds(1),
        "How long the Analyzer waits for each other service when it is asked where an event has come. One that has not answered by then is shown as unreachable."
    );

    /// <summary>How many may follow the live tail.</summary>
    public static readonly Setting<int> AnalyzerTailClients = new(
        "Analyzer:TailClients",
        SettingKinds.WholeNumber(0, 10_000),
        100,
        "How many clients may follow `GET /analyzer/tail` at once; further ones are answered 503."
    );

    /// <summary>How far a client of the live tail may be behind.</summary>
    public static readonly Setting<int> AnalyzerTailLag = new(
        "Analyzer:TailLag",
        SettingKinds.WholeNumber(1, 1_000_000),
        1_000,
        "How many events a client of the live tail may be behind. One that is further behind goes on with the newest and is told how many it missed."
    );

    /// <summary>How often the live tail gives a sign of life.</summary>
    public static readonly Setting<TimeSpan> AnalyzerTailHeartbeat = new(
        "Analyzer:TailHeartbeat",
        SettingKinds.Duration(TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1)),
        TimeSpan.FromSeconds(15),
        "How long the live tail may be silent: then it sends a `heartbeat`."
    );
}
