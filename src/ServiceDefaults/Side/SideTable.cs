using System.Globalization;
using System.Text;
using Contracts;
using MySqlConnector;

namespace ServiceDefaults;

/// <summary>A reader's table as the consistency check looks at it: coordinates, digests, and how a digest follows from the columns.</summary>
public sealed class SideTable
{
    private readonly Func<EventType, string, object?[], ulong?> _digest;

    private SideTable(string name, EventType? type, string eventId, string[] columns, Func<EventType, string, object?[], ulong?> digest)
    {
        Name = name;
        Type = type;
        EventId = eventId;
        Columns = columns;
        _digest = digest;
    }

    internal string Name { get; }

    /// <summary>The type of all rows; null when the column <c>type_id</c> says it.</summary>
    internal EventType? Type { get; }

    internal string EventId { get; }

    internal string[] Columns { get; }

    internal string TypeColumn => Type is { } type ? type.Id.ToString(CultureInfo.InvariantCulture) : "type_id";

    /// <summary>A table of one type whose columns are the type's typed fields.</summary>
    /// <param name="type">The type of every row.</param>
    /// <param name="table">The table's name.</param>
    /// <param name="eventId">The column of the event's id.</param>
    public static SideTable OfColumns(EventType type, string table, string eventId)
    {
        ArgumentNullException.ThrowIfNull(type);
        return new SideTable(
            table,
            type,
            eventId,
            [.. type.Fields.Select(field => field.Name)],
            (of, traceId, values) => of.Digest(traceId, values)
        );
    }

    /// <summary>A table of all types, told apart by <c>type_id</c>, that keeps the message as it was published.</summary>
    /// <param name="table">The table's name.</param>
    /// <param name="eventId">The column of the event's id.</param>
    /// <param name="payload">The column of the message's JSON.</param>
    public static SideTable OfPayloads(string table, string eventId, string payload) =>
        new(table, null, eventId, [payload], (type, traceId, values) => values[0] is byte[] bytes ? DigestOf(type, traceId, bytes) : null);

    /// <summary>The digest that the row's columns give; null when they give no event of that type and trace id at all.</summary>
    internal ulong? Digest(MySqlDataReader row, int firstColumn, ushort typeId, string traceId)
    {
        if (EventCatalog.Find(typeId) is not { } type)
            return null;
        var values = new object?[Columns.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = row.IsDBNull(firstColumn + i) ? null : row.GetValue(firstColumn + i);
        return _digest(type, traceId, values);
    }

    /// <summary>The trace id as the column compares it; null when no row of this table can have it.</summary>
    internal object? Key(string traceId) =>
        Type is not { TraceIdKind: TraceIdKind.Nanoseconds } ? traceId
        : long.TryParse(traceId, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : null;

    private static ulong? DigestOf(EventType type, string traceId, byte[] payload)
    {
        var envelope = Encoding.UTF8.GetBytes(
            $$"""{"type":"{{type.Name}}","datetime":"{{DateTime.UnixEpoch.ToString(type.DateTimeShape, CultureInfo.InvariantCulture)}}","payload":"""
        );
        return
            Envelope.Read((byte[])[.. envelope, .. payload, (byte)'}']) is EnvelopeContent.Event(_, var message)
            && message.Identity == traceId
            ? type.Digest(message)
            : null;
    }
}
