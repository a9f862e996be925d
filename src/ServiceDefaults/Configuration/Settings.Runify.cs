using System.Globalization;

namespace ServiceDefaults;

public static partial class Settings
{
    /// <summary>The value of <see cref="ReceiverProbeUser"/> that makes every user an ordinary one.</summary>
    public const string NoProbe = "none";

    /// <summary>Whose events are not recorded.</summary>
    public static readonly Setting<string> ReceiverProbeUser = new(
        "Receiver:ProbeUser",
        SettingKinds.Text("a user id, or none"),
        "health-check",
        "The `user_id` by which a monitor of Runify asks whether events are taken: it is answered 201 and nothing is recorded. `none` makes every user an ordinary one."
    );

    /// <summary>Whether user ids must be UUIDs.</summary>
    public static readonly Setting<bool> ReceiverStrictUserIds = new(
        "Receiver:StrictUserIds",
        SettingKinds.Switch(),
        false,
        "Refuses runs and songs whose `user_id` is not a UUID. The probe's is taken all the same."
    );

    /// <summary>How often Runify's check asks.</summary>
    public static readonly Setting<TimeSpan> CheckPeriod = new(
        "schedule:period_sec",
        Seconds(1, 3600),
        TimeSpan.FromSeconds(10),
        "How often Runify's check asks the four services, in seconds."
    );

    /// <summary>How long Runify's check waits.</summary>
    public static readonly Setting<TimeSpan> CheckTimeout = new(
        "timeout:seconds",
        Seconds(0.05, 60),
        TimeSpan.FromSeconds(2),
        "How long Runify's check waits for each service, in seconds."
    );

    /// <summary>What Runify's check asks of the Receiver.</summary>
    public static readonly Setting<string?> CheckReceiver = Probe("receiver", "/check");

    /// <summary>What Runify's check asks of Storage.</summary>
    public static readonly Setting<string?> CheckStorage = Probe("storage", "/stats");

    /// <summary>What Runify's check asks of Processing.</summary>
    public static readonly Setting<string?> CheckProcessing = Probe("processing", "/stats");

    /// <summary>What Runify's check asks of the Analyzer.</summary>
    public static readonly Setting<string?> CheckAnalyzer = Probe("analyzer", "/stats");

    /// <summary>The file of Runify's check.</summary>
    public static readonly Setting<string?> CheckFilename = new(
        "check:filename",
        SettingKinds.OptionalText("a file"),
        null,
        "The file that Runify's check also writes its document to after each round, with the time of the round. Relative to the current folder.",
        "`data/check/data.json`; with Runify alone what `datastore:filename` says"
    );

    private static Setting<string?> Probe(string service, string path) =>
        new(
            $"services:{service}",
            new("an absolute http address", ParseProbe, url => url ?? "none"),
            null,
            $"The whole address that Runify's check asks of this service.",
            $"`services:{service}:url` and `{path}`"
        );

    private static bool ParseProbe(string text, out string? value)
    {
        value = text;
        return NamedAddresses.IsAddress(text);
    }

    private static SettingKind<TimeSpan> Seconds(double min, double max) =>
        new(
            string.Create(CultureInfo.InvariantCulture, $"a number of seconds from {min} to {max}"),
            (string text, out TimeSpan value) =>
            {
                var isNumber = double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds);
                value = isNumber && seconds <= max ? TimeSpan.FromSeconds(seconds) : TimeSpan.Zero;
                return isNumber && seconds >= min && seconds <= max;
            },
            value => value.TotalSeconds.ToString(CultureInfo.InvariantCulture)
        );
}
