namespace KafkaMySql;

/// <summary>What became of a record.</summary>
public enum InboxOutcome
{
    /// <summary>Not decided: its transaction did not come to its end.</summary>
    None,

    /// <summary>The event stands in its table because of this record.</summary>
    Stored,

    /// <summary>The event stood there already.</summary>
    Repeated,

    /// <summary>A record it stands behind has not come yet; it will come again.</summary>
    Ahead,

    /// <summary>It cannot be decoded, or its content does not fit the table.</summary>
    Refused,

    /// <summary>Its trace id is stored with another content.</summary>
    Conflict,

    /// <summary>Of a type that is not known here: kept for later when it is the log's own, skipped when it is not.</summary>
    UnknownType,
}
