using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Contracts;
using KafkaMySql;
using MassTransit.Kafka.Extensions;

namespace Storage.Tests;

/// <summary>Makes records as the relay of one log sends them, for each partition in sequence, and as strangers do.</summary>
internal sealed class TestLog
{
    private readonly Dictionary<int, ulong> _last = [];
    private long _offset;

    /// <summary>The next record of the log in a partition.</summary>
    public RawRecord Next(EventMessage message, int partition = 0)
    {
        var after = _last.GetValueOrDefault(partition);
        var seq = _last[partition] = after + 1;
        return Record(
            partition,
            Envelope.Write(message),
            (LogHeaders.Log, "main"),
            (LogHeaders.Seq, seq.ToString(CultureInfo.InvariantCulture)),
            (LogHeaders.After, after.ToString(CultureInfo.InvariantCulture)),
            (LogHeaders.TraceId, message.Identity)
        );
    }

    /// <summary>A record without headers.</summary>
    public RawRecord Foreign(byte[] value, int partition = 0) => Record(partition, value);

    private RawRecord Record(int partition, byte[] value, params (string Name, string Value)[] headers)
    {
        var record = new Headers();
        foreach (var (name, text) in headers)
            record.Add(name, Encoding.UTF8.GetBytes(text));
        return new RawRecord
        {
            Topic = "events",
            Partition = partition,
            Offset = _offset++,
            Timestamp = DateTime.UtcNow,
            Value = value,
            Headers = record,
        };
    }
}
