namespace KafkaMySql;

/// <summary>What a failure of the database means for whoever asked.</summary>
internal enum SqlFault
{
    /// <summary>Deadlock, lock wait, interrupted statement: the transaction is rolled back, the same work is tried again.</summary>
    Contention,

    /// <summary>A unique key has the value already (error 1062).</summary>
    Duplicate,

    /// <summary>Only the content of the record makes the statement impossible; trying again cannot help.</summary>
    Content,

    /// <summary>The connection is gone, or the server cannot be reached: what the last statement did is not known.</summary>
    ConnectionLost,

    /// <summary>The server refuses for a reason of its own (disk full, missing column, read-only, rights): wait, it is not the record's fault.</summary>
    Server,
}
