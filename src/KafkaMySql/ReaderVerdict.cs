namespace KafkaMySql;

/// <summary>What a reader does with a record of the log.</summary>
internal enum ReaderVerdict
{
    /// <summary>The reader has it: drop it.</summary>
    Repeat,

    /// <summary>The next row of the log: apply it, <c>last = seq</c>.</summary>
    Apply,

    /// <summary>Rows between are missing: leave it and read on, the relay will send them all again.</summary>
    Ahead,
}
