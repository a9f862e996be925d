using System.ComponentModel.DataAnnotations;
using Confluent.Kafka;

namespace KafkaMySql;

/// <summary>Settings of the event log and its relay.</summary>
public sealed class OutboxOptions : IValidatableObject
{
    /// <summary>The section the settings are read from.</summary>
    public const string Section = "Outbox";

    /// <summary>Connection string of the database that holds the log. Required; set by the service.</summary>
    [Required, MinLength(1)]
    public string ConnectionString { get; set; } = "";

    /// <summary>Addresses of the Kafka cluster, comma-separated. Required; set by the service.</summary>
    [Required, MinLength(1)]
    public string BootstrapServers { get; set; } = "";

    /// <summary>The topic the log is sent to. Default: <c>events</c>.</summary>
    [Required, MinLength(1), MaxLength(249)]
    public string Topic { get; set; } = "events";

    /// <summary>The log's name, in every record's header. Two deployments that share a topic need two names. Default: <c>main</c>.</summary>
    [Required, MinLength(1), MaxLength(64)]
    public string Log { get; set; } = "main";

    /// <summary>Partitions of the topic. Written down at the first start; a different number is refused later. Default: 4.</summary>
    [Range(1, 1024)]
    public int Partitions { get; set; } = 4;

    /// <summary>This process's base address as other nodes reach it, such as <c>http://receiver-1:8080/receiver</c>. Empty: it is found by polling only, once a second.</summary>
    [MaxLength(200)]
    public string Url { get; set; } = "";

    /// <summary>The readers whose progress the relay watches. Every process must have the same list. Default: none.</summary>
    public IList<LogReader> Readers { get; } = [];

    /// <summary>Whether this process takes part in relaying. Default: true.</summary>
    public bool Relay { get; set; } = true;

    /// <summary>Events that may wait for the writer; above that appends are refused with "queue full". Default: 8,192.</summary>
    [Range(16, 1_000_000)]
    public int QueueCapacity { get; set; } = 8_192;

    /// <summary>Most rows of one transaction. Default: 500.</summary>
    [Range(1, 2_000)]
    public int BatchRows { get; set; } = 500;

    /// <summary>Most bytes of one transaction; a single larger event goes alone. Default: 1 MiB.</summary>
    [Range(1_024, 8 * 1_024 * 1_024)]
    public int BatchBytes { get; set; } = 1_024 * 1_024;

    /// <summary>Largest event in bytes (key, value and headers); it must fit the broker's <c>message.max.bytes</c>. Default: 900,000.</summary>
    [Range(1_024, 4_000_000)]
    public int MaxRecordBytes { get; set; } = 900_000;

    /// <summary>How long an append waits for the database before it fails; it may take 10 s more to learn what became of a commit in doubt. Default: 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:01:00")]
    public TimeSpan CommitTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Rows Kafka may lack before appends are refused. Default: 20,000,000.</summary>
    [Range(1, long.MaxValue)]
    public long MaxBacklogRows { get; set; } = 20_000_000;

    /// <summary>Bytes Kafka may lack before appends are refused. Default: 16 GiB.</summary>
    [Range(1_024, long.MaxValue)]
    public long MaxBacklogBytes { get; set; } = 16L << 30;

    /// <summary>Age of the oldest row Kafka lacks above which appends are refused. Default: 3 days.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00")]
    public TimeSpan MaxBacklogAge { get; set; } = TimeSpan.FromDays(3);

    /// <summary>How far, in rows of one partition, the relay may be ahead of the slowest healthy reader. 0: off (default). The embedded broker: 8,000.</summary>
    [Range(0, 10_000_000)]
    public int MaxLeadRows { get; set; }

    /// <summary>The same in bytes on the wire. 0: off (default). The embedded broker: 3 MiB.</summary>
    [Range(0, long.MaxValue)]
    public long MaxLeadBytes { get; set; }

    /// <summary>How long events stay in the log after every reader has them. Default: 30 days.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "3650.00:00:00")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long an idempotency key is remembered, at least. Default: 24 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan IdempotencyRetention { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How often old rows are looked for. Default: 60 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan CleanupInterval { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Refuse to accept events while the database's settings may lose a commit (<c>innodb_flush_log_at_trx_commit</c>, <c>sync_binlog</c>). Default: false, a warning.</summary>
    public bool RequireDurability { get; set; }

    /// <summary>Says what a message is, for those that come through <c>ITopicProducer</c>. Required only with <c>UseMySqlOutbox</c>.</summary>
    public Func<object, EventDescription>? Describe { get; set; }

    /// <summary>Last word on the relay's producer, for security settings. Acks, idempotence and order are fixed.</summary>
    public Action<ProducerConfig>? ConfigureProducer { get; set; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Url.Length > 0 && !Uri.TryCreate(Url, UriKind.Absolute, out _))
            yield return new ValidationResult($"{Section}:{nameof(Url)} is not an absolute address: {Url}");
        if (Url.Any(character => character is <= ' ' or > '~' or '#'))
            yield return new ValidationResult($"{Section}:{nameof(Url)} must be plain ASCII without a fragment: {Url}");
        foreach (var reader in Readers)
        {
            var results = new List<ValidationResult>();
            if (!Validator.TryValidateObject(reader, new ValidationContext(reader), results, true))
                yield return new ValidationResult($"{Section}:{nameof(Readers)}: {string.Join(" ", results)}");
        }

        if (Readers.GroupBy(reader => reader.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            yield return new ValidationResult($"{Section}:{nameof(Readers)} names {twice.Key} twice.");
    }
}
