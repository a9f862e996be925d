namespace KafkaMySql;

/// <summary>Where a record came from, as its headers tell.</summary>
internal enum RecordOrigin
{
    /// <summary>From the log that is read: it has a coordinate and moves the reader on.</summary>
    Own,

    /// <summary>From the log that is read, published again to mend something: it moves nobody on.</summary>
    Repair,

    /// <summary>From anybody else; its trace id is all it is known by.</summary>
    Foreign,
}
