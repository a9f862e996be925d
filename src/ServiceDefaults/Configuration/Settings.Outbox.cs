namespace ServiceDefaults;

public static partial class Settings
{
    /// <summary>The log's name.</summary>
    public static readonly Setting<string> OutboxLog = new(
        "Outbox:Log",
        new("a name of 1 to 64 characters", ParseLogName),
        "main",
        "The event log's name, which every record on the topic carries. Two deployments that share a topic need two names."
    );

    /// <summary>Where other Receivers reach this one.</summary>
    public static readonly Setting<string?> OutboxUrl = new(
        "Outbox:Url",
        new("an absolute http address", ParseUrl, url => url ?? "none"),
        null,
        "Where other Receivers reach this one, such as `http://receiver-1:8080/receiver`; each needs its own, and `{host}` stands for the name of "
            + "its machine or container. Without it new events of "
            + "another Receiver's partitions are found by looking once a second."
    );

    /// <summary>The readers of the log.</summary>
    public static readonly NamedAddresses OutboxReaders = new(
        "Outbox:Readers",
        "Who reads the topic and must have every event: `Outbox:Readers:0:Name` and `Outbox:Readers:0:Url` (the base address of its "
            + "`/progress`), then `1` and so on. The same list for every Receiver. Events leave the log only when each of them has them."
    );

    /// <summary>Whether this Receiver relays.</summary>
    public static readonly Setting<bool> OutboxRelay = new(
        "Outbox:Relay",
        SettingKinds.Switch(),
        true,
        "Whether this Receiver sends events to Kafka. One at least must."
    );

    /// <summary>Events that may wait for the writer.</summary>
    public static readonly Setting<int> OutboxQueueCapacity = new(
        "Outbox:QueueCapacity",
        SettingKinds.WholeNumber(16, 1_000_000),
        8_192,
        "Events that may wait to be written; beyond that a request is answered 429."
    );

    /// <summary>How long an event waits for the database.</summary>
    public static readonly Setting<TimeSpan> OutboxCommitTimeout = new(
        "Outbox:CommitTimeout",
        SettingKinds.Duration(TimeSpan.FromMilliseconds(500), TimeSpan.FromMinutes(1)),
        TimeSpan.FromSeconds(5),
        "How long an event waits for the database before its request is answered 503."
    );

    /// <summary>Rows that Kafka may lack.</summary>
    public static readonly Setting<long> OutboxMaxBacklogRows = new(
        "Outbox:MaxBacklogRows",
        SettingKinds.LargeNumber(1, long.MaxValue),
        20_000_000,
        "Events that Kafka may lack before new ones are answered 503."
    );

    /// <summary>Bytes that Kafka may lack.</summary>
    public static readonly Setting<long> OutboxMaxBacklogBytes = new(
        "Outbox:MaxBacklogBytes",
        SettingKinds.LargeNumber(1_024, long.MaxValue),
        16L << 30,
        "Bytes that Kafka may lack before new events are answered 503."
    );

    /// <summary>How old what Kafka lacks may be.</summary>
    public static readonly Setting<TimeSpan> OutboxMaxBacklogAge = new(
        "Outbox:MaxBacklogAge",
        SettingKinds.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(365)),
        TimeSpan.FromDays(3),
        "How old the oldest event that Kafka lacks may be before new ones are answered 503."
    );

    /// <summary>How far the relay may be ahead of its readers, in rows.</summary>
    public static readonly Setting<int> OutboxMaxLeadRows = new(
        "Outbox:MaxLeadRows",
        SettingKinds.WholeNumber(0, 10_000_000),
        0,
        "How many events of a partition may be on the topic and not yet with its slowest healthy reader; 0 is no limit. The embedded broker needs 8000."
    );

    /// <summary>How far the relay may be ahead of its readers, in bytes.</summary>
    public static readonly Setting<long> OutboxMaxLeadBytes = new(
        "Outbox:MaxLeadBytes",
        SettingKinds.LargeNumber(0, long.MaxValue),
        0,
        "The same in bytes; 0 is no limit. The embedded broker needs 3145728."
    );

    /// <summary>How long events stay in the log.</summary>
    public static readonly Setting<TimeSpan> OutboxRetention = new(
        "Outbox:Retention",
        SettingKinds.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(3650)),
        TimeSpan.FromDays(30),
        "How long events stay in the log after every reader has them."
    );

    /// <summary>How long idempotency keys are remembered.</summary>
    public static readonly Setting<TimeSpan> OutboxIdempotencyRetention = new(
        "Outbox:IdempotencyRetention",
        SettingKinds.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(30)),
        TimeSpan.FromHours(24),
        "How long an Idempotency-Key is remembered, at least."
    );

    /// <summary>Whether a database that may lose commits is refused.</summary>
    public static readonly Setting<bool> OutboxRequireDurability = new(
        "Outbox:RequireDurability",
        SettingKinds.Switch(),
        false,
        "Accept no event while the database's own settings may lose a commit (`innodb_flush_log_at_trx_commit`, `sync_binlog`). Otherwise health warns of it."
    );

    private static bool ParseLogName(string text, out string value)
    {
        value = text;
        return text.Length <= 64;
    }

    private static bool ParseUrl(string text, out string? value)
    {
        value = text.Replace("{host}", Environment.MachineName, StringComparison.OrdinalIgnoreCase);
        return value.Length <= 200 && NamedAddresses.IsAddress(value);
    }
}
