namespace ServiceDefaults;

public static partial class Settings
{
    /// <summary>How often a service's recurring job runs.</summary>
    public static readonly Setting<TimeSpan?> SchedulerInterval = new(
        "scheduler:interval",
        new(
            "a number of seconds that divides 60 (such as 10s) or whole minutes up to 60 (such as 5m), or 0 for only when asked",
            ParseInterval,
            interval => interval?.ToString() ?? "none"
        ),
        null,
        "How often the service's recurring job runs: the counting of Processing, the check of Consistency. A bare number means seconds.",
        "the service's own: Processing 10s (30s with Runify alone), Consistency 30s",
        "scheduler:period_sec"
    );

    /// <summary>How often due jobs are looked for.</summary>
    public static readonly Setting<TimeSpan> SchedulerPolling = new(
        "scheduler:polling",
        SettingKinds.Duration(TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1)),
        TimeSpan.FromSeconds(5),
        "How often recurring jobs that are due are looked for."
    );

    /// <summary>Who sees the page of the jobs.</summary>
    public static readonly Setting<bool> HangfireRemote = new(
        "Hangfire:AllowRemote",
        SettingKinds.Switch(),
        false,
        "Shows the pages of the jobs (`/processing/hangfire`, `/consistency_check/hangfire`) to other machines as well, without their buttons."
    );

    /// <summary>Opens the page of the jobs from elsewhere.</summary>
    public static readonly Setting<string?> HangfirePassword = new(
        "Hangfire:Password",
        SettingKinds.OptionalText("a text"),
        null,
        "Who gives this password (HTTP Basic, any user name) may use the pages of the jobs with their buttons from other machines. Only over TLS."
    )
    {
        IsSecret = true,
    };

    /// <summary>How long a dead process keeps its jobs.</summary>
    public static readonly Setting<TimeSpan> HangfireLease = new(
        "Hangfire:Lease",
        SettingKinds.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
        TimeSpan.FromMinutes(1),
        "How long a job stays with a process that gives no sign of life; then another process of the service runs it again. A living process keeps its jobs however long they run."
    );

    /// <summary>The file that a job writes its result to.</summary>
    public static readonly Setting<string?> DatastoreFilename = new(
        "datastore:filename",
        SettingKinds.OptionalText("a file"),
        null,
        "The file that the service also writes its document to after each run; the database is the truth. Relative to the current folder.",
        "`data/{service}/data.json`"
    );

    // The same rule as for the cron expression it becomes: an interval that does not divide its unit would limp.
    private static bool ParseInterval(string text, out TimeSpan? interval)
    {
        interval = null;
        var unit = text.Length > 0 ? text[^1] : ' ';
        var digits = unit is 's' or 'm' ? text[..^1] : text;
        if (!int.TryParse(digits, System.Globalization.NumberStyles.None, null, out var number))
            return false;
        var seconds = unit == 'm' ? number * 60L : number;
        if (seconds > 3600 || seconds != 0 && 60 % seconds != 0 && seconds % 60 != 0)
            return false;
        interval = TimeSpan.FromSeconds(seconds);
        return true;
    }
}
