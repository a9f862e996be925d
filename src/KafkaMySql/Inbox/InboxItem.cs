using MassTransit.Kafka.Extensions;

namespace KafkaMySql;

/// <summary>A record on its way through the inbox, with what is known about it so far.</summary>
internal sealed class InboxItem(RawRecord record, RecordCoordinate coordinate)
{
    /// <summary>The record as it was read.</summary>
    public RawRecord Record { get; } = record;

    /// <summary>Its place in the log.</summary>
    public RecordCoordinate Coordinate { get; } = coordinate;

    /// <summary>What it holds; null until somebody needs to know.</summary>
    public InboxContent? Content { get; private set; }

    /// <summary>What became of it, as its last transaction had it.</summary>
    public InboxOutcome Outcome { get; set; }

    /// <summary>Whether its row was there already, with a row number of its own.</summary>
    public bool IsAdopted { get; set; }

    /// <summary>Whether nobody was promised anything about it.</summary>
    public bool IsForeign => Coordinate.Origin is RecordOrigin.Foreign;

    /// <summary>The bytes it brings.</summary>
    public int Size => (Record.Value?.Length ?? 0) + (Record.Key?.Length ?? 0);

    /// <summary>What it holds, decoded at most once.</summary>
    public InboxContent Decode(RecordDecoder decoder) => Content ??= decoder.Decode(this);

    /// <summary>The database refused what it holds, and would refuse it for ever.</summary>
    public void Refuse(string reason) =>
        Content = new InboxContent.Undecodable(
            reason,
            Content switch
            {
                InboxContent.Event known => known.TraceId,
                InboxContent.UnknownType unknown => unknown.TraceId,
                InboxContent.Undecodable undecodable => undecodable.TraceId,
                _ => null,
            }
        );
}
