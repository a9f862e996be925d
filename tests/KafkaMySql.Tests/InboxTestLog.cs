using System.Globalization;
using System.Text;
using Confluent.Kafka;
using MassTransit.Kafka.Extensions;

namespace KafkaMySql.Tests;

/// <summary>One partition of a log whose records come as a relay would send them: seq has jumps, after has not.</summary>
internal sealed class InboxTestLog(int partition = 0, string name = "main", ulong first = 1_000_000)
{
    private ulong _last;
    private ulong _next = first;
    private int _sent;

    /// <summary>The partition's end.</summary>
    public long End { get; set; }

    public ulong Last => _last;

    /// <summary>The next event as a record.</summary>
    public RawRecord Next(string type = "a", string? text = null, string? trace = null, int number = 7)
    {
        trace ??= Trace();
        return Next(new InboxTestMessage(type, trace, text ?? trace, number).ToBytes(), trace);
    }

    /// <summary>The next event with this value.</summary>
    public RawRecord Next(byte[]? value, string? trace = null)
    {
        var after = _last;
        _last = _next;
        // Every tenth number is followed by a jump, as after a writer's new connection.
        _next += _next % 10 == 0 ? 1_000UL : 1UL;
        return Own(value, _last, after, trace ?? Trace());
    }

    public RawRecord[] Many(int count, string type = "a") => [.. Enumerable.Range(0, count).Select(_ => Next(type))];

    /// <summary>The record sent once more: the same bytes and headers at the partition's end.</summary>
    public RawRecord Again(RawRecord record, params (string Name, string Value)[] more)
    {
        var headers = new Headers();
        foreach (var header in record.Headers!)
            headers.Add(header.Key, header.GetValueBytes());
        foreach (var (header, value) in more)
        {
            headers.Remove(header);
            headers.Add(header, Encoding.UTF8.GetBytes(value));
        }
        return At(record.Value, record.Key, headers);
    }

    /// <summary>A record of somebody else: no headers.</summary>
    public RawRecord Foreign(byte[]? value, byte[]? key = null) => At(value, key, null);

    public RawRecord Foreign(InboxTestMessage message) => Foreign(message.ToBytes());

    public static ulong SeqOf(RawRecord record) =>
        ulong.Parse(Encoding.UTF8.GetString(record.Headers!.GetLastBytes("seq")), CultureInfo.InvariantCulture);

    private string Trace() => $"{name}-{partition}-{_sent++}";

    private RawRecord Own(byte[]? value, ulong seq, ulong after, string trace)
    {
        var headers = new Headers();
        void Add(string header, string text) => headers.Add(header, Encoding.UTF8.GetBytes(text));
        Add("log", name);
        Add("seq", seq.ToString(CultureInfo.InvariantCulture));
        Add("after", after.ToString(CultureInfo.InvariantCulture));
        Add("trace_id", trace);
        Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        return At(value, "42"u8.ToArray(), headers);
    }

    private RawRecord At(byte[]? value, byte[]? key, Headers? headers) =>
        new()
        {
            Topic = "events",
            Partition = partition,
            Offset = End++,
            Timestamp = DateTime.UtcNow,
            Key = key,
            Value = value,
            Headers = headers,
        };
}
