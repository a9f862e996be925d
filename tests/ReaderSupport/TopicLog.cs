using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Contracts;
using KafkaMySql;
using MassTransit.Kafka.Extensions;

namespace ReaderSupport;

/// <summary>Makes records as the relay of one log sends them, for each partition in sequence, and as strangers do.</summary>
public sealed class TopicLog
{
    private readonly Dictionary<int, ulong> _last = [];
    private readonly Dictionary<int, long> _offsets = [];

    /// <summary>The next record of the log in a partition.</summary>
    public RawRecord Next(EventMessage message, int partition = 0)
    {
        var after = _last.GetValueOrDefault(partition);
        var seq = _last[partition] = after + 1;
        return Own(message, partition, seq, after);
    }

    /// <summary>A record of the log with a given place in it.</summary>
    public RawRecord Own(EventMessage message, int partition, ulong seq, ulong after, params (string Name, string Value)[] more) =>
        Record(
            partition,
            Envelope.Write(message),
            [
                (LogHeaders.Log, "main"),
                (LogHeaders.Seq, seq.ToString(CultureInfo.InvariantCulture)),
                (LogHeaders.After, after.ToString(CultureInfo.InvariantCulture)),
                (LogHeaders.TraceId, message.Identity),
                .. more,
            ]
        );

    /// <summary>A record without headers.</summary>
    public RawRecord Foreign(byte[] value, int partition = 0) => Record(partition, value);

    /// <summary>Puts records on a topic, each in its partition.</summary>
    public static async Task ProduceAsync(string bootstrapServers, IEnumerable<RawRecord> records, string topic = "events")
    {
        using var producer = new ProducerBuilder<byte[], byte[]>(
            new ProducerConfig { BootstrapServers = bootstrapServers, LingerMs = 0 }
        ).Build();
        var sent = records
            .Select(record =>
                producer.ProduceAsync(
                    new TopicPartition(topic, record.Partition),
                    new Message<byte[], byte[]> { Value = record.Value!, Headers = record.Headers }
                )
            )
            .ToList();
        await Task.WhenAll(sent);
    }

    private RawRecord Record(int partition, byte[] value, params (string Name, string Value)[] headers)
    {
        var record = new Headers();
        foreach (var (name, text) in headers)
            record.Add(name, Encoding.UTF8.GetBytes(text));
        var offset = _offsets.GetValueOrDefault(partition);
        _offsets[partition] = offset + 1;
        return new RawRecord
        {
            Topic = "events",
            Partition = partition,
            Offset = offset,
            Timestamp = DateTime.UtcNow,
            Value = value,
            Headers = record,
        };
    }
}
