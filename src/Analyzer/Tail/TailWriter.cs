using System.Buffers;
using System.Text;
using System.Text.Json;
using Analyzer.Reading;
using Contracts;

namespace Analyzer.Tail;

/// <summary>Writes server-sent events. By hand, since what the framework has sends neither ids with the data as it is nor comments.</summary>
internal sealed class TailWriter(HttpResponse response)
{
    private readonly ArrayBufferWriter<byte> _buffer = new(4 * 1024);

    /// <summary>Begins the stream: how long to wait before coming back, and the id to come back with.</summary>
    public void Start(TailPosition position)
    {
        _buffer.Write("retry: 2000\n"u8);
        Named("start", position, json => json.WriteString("id"u8, position.ToString()));
    }

    /// <summary>An event of the index, as an unnamed event of the stream.</summary>
    public void Event(IndexRow row, TailPosition position)
    {
        Line("id: ", position.ToString());
        _buffer.Write("data: "u8);
        using (var json = new Utf8JsonWriter(_buffer))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, row.Type.Name);
            json.WriteNumber("index"u8, row.Position);
            json.WriteString("trace_id"u8, row.TraceId);
            json.WriteString("event_id"u8, row.EventId);
            json.WriteNumber("partition"u8, row.Partition);
            if (row.Seq is { } seq)
                json.WriteNumber("seq"u8, seq);
            else
                json.WriteNull("seq"u8);
            json.WriteNumber("offset"u8, row.Offset);
            json.WriteString("indexed_at"u8, row.IndexedAt);
            json.WritePropertyName("payload"u8);
            json.WriteRawValue(OnOneLine(row.Payload), skipInputValidation: true);
            json.WriteEndObject();
        }
        _buffer.Write("\n\n"u8);
    }

    /// <summary>So many events were left out because the client was too far behind.</summary>
    public void Dropped(IReadOnlyDictionary<EventType, long> dropped, TailPosition position) =>
        Named(
            "dropped",
            position,
            json =>
            {
                json.WriteNumber("dropped"u8, dropped.Values.Sum());
                json.WriteStartObject("types"u8);
                foreach (var (type, count) in dropped)
                    json.WriteNumber(type.Name, count);
                json.WriteEndObject();
            }
        );

    /// <summary>The stream goes on from now, because what the client had is not there any more.</summary>
    public void Reset(TailPosition position) =>
        Named("reset", position, json => json.WriteString("message"u8, "The index was restored or reset; the stream goes on from now."));

    /// <summary>Nothing can be told just now.</summary>
    public void Trouble(string message) => Named("trouble", null, json => json.WriteString("message"u8, message));

    /// <summary>The stream lives, though nothing happens.</summary>
    public void Heartbeat(DateTimeOffset now) => Named("heartbeat", null, json => json.WriteString("at"u8, now));

    /// <summary>Sends what was written.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await response.Body.WriteAsync(_buffer.WrittenMemory, cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
        _buffer.ResetWrittenCount();
    }

    private void Named(string name, TailPosition? position, Action<Utf8JsonWriter> write)
    {
        Line("event: ", name);
        if (position is not null)
            Line("id: ", position.ToString());
        _buffer.Write("data: "u8);
        using (var json = new Utf8JsonWriter(_buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        _buffer.Write("\n\n"u8);
    }

    private void Line(string name, string value) => _buffer.Write(Encoding.UTF8.GetBytes($"{name}{value}\n"));

    // A line break inside a payload is white space between its tokens, and would end the event.
    private static byte[] OnOneLine(byte[] payload)
    {
        if (payload.AsSpan().IndexOfAny((byte)'\r', (byte)'\n') < 0)
            return payload;
        var line = payload.ToArray();
        line.AsSpan().Replace((byte)'\r', (byte)' ');
        line.AsSpan().Replace((byte)'\n', (byte)' ');
        return line;
    }
}
