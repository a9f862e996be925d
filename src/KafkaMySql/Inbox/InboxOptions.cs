using Confluent.Kafka;

namespace KafkaMySql;

/// <summary>How one reader of the log takes its records: settings of the section <c>Inbox</c>, and the service's decoder and tables.</summary>
public sealed class InboxOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Inbox";

    /// <summary>The partition number under which a service writes events that came over no topic.</summary>
    public const int DirectPartition = 65535;

    /// <summary>The reader's own database.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>The reader's name, the key of its progress: 1 to 64 ASCII characters. Two readers of one name share their work.</summary>
    public string Consumer { get; set; } = "";

    /// <summary>The log's name (<c>Outbox:Log</c> of the writer); records of another name are foreign. Written down at the first start.</summary>
    public string Log { get; set; } = "main";

    /// <summary>The topic. Default: <c>events</c>.</summary>
    public string Topic { get; set; } = "events";

    /// <summary>The Kafka consumer group. Default: the consumer's name.</summary>
    public string Group { get; set; } = "";

    /// <summary>
    /// How the group shares its partitions: <c>Consumer</c> is KIP-848, which Kafka 4 and the embedded broker have; <c>Classic</c>, for older
    /// brokers, is cooperative-sticky with a session of 6 s. Default: <c>Consumer</c>.
    /// </summary>
    public GroupProtocol GroupProtocol { get; set; } = GroupProtocol.Consumer;

    /// <summary>How many partitions the topic has. Written down at the first start; another number is refused. Default: 4.</summary>
    public int Partitions { get; set; } = 4;

    /// <summary>At most so many records in one transaction. Default: 500.</summary>
    public int BatchSize { get; set; } = 500;

    /// <summary>At most so many bytes of records in one transaction, unless a single record is larger. Default: 2 MiB, far below any server's packet limit.</summary>
    public int BatchBytes { get; set; } = 2 * 1024 * 1024;

    /// <summary>More dead letters of the log's own records than this in a minute stop their partition. Default: 20.</summary>
    public int MaxDeadLettersPerMinute { get; set; } = 20;

    /// <summary>The raw bytes of so many foreign dead letters are kept a day; of those above, only that they came. Default: 1,000.</summary>
    public int MaxForeignRawPerDay { get; set; } = 1000;

    /// <summary>
    /// How long a reader's progress may stay unwritten over batches of which no table takes anything, from zero to one second: for readers
    /// that leave most events alone. What was not written is read again after a crash. Default: zero, every batch writes it.
    /// </summary>
    public TimeSpan ProgressInterval { get; set; }

    /// <summary>Turns records into events; set by the service.</summary>
    public InboxDecoder? Decoder { get; set; }

    /// <summary>Where each type's events go, by type id; set by the service.</summary>
    public IDictionary<ushort, IInboxTable> Tables { get; } = new Dictionary<ushort, IInboxTable>();

    internal string GroupOrConsumer => Group.Length > 0 ? Group : Consumer;
}
