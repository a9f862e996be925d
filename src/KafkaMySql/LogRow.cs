namespace KafkaMySql;

/// <summary>A committed row of the log, as the relay sends it.</summary>
internal sealed record LogRow(ulong Seq, ulong After, string TraceId, byte[] Key, byte[] Value, byte[]? Headers)
{
    /// <summary>About what the record takes on the wire.</summary>
    public int Bytes { get; } = Key.Length + Value.Length + (Headers?.Length ?? 0) + TraceId.Length + 90;
}
