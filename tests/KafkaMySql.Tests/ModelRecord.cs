namespace KafkaMySql.Tests;

internal enum ModelKind
{
    Event,

    /// <summary>The reader cannot read it, or does not know its type: a dead letter, or parked. Either way it is accounted for.</summary>
    Poison,
    Repair,
    Foreign,
}

/// <summary>A record on the topic; of a log's row or of nobody's. Expired: rows before it were gone from the log when it was sent.</summary>
internal sealed record ModelRecord(ulong Seq, ulong After, int Trace, ModelKind Kind, bool Expired = false);

/// <summary>A row of the log.</summary>
internal sealed record ModelRow(ulong Seq, ulong After, int Trace, ModelKind Kind);
