namespace KafkaMySql;

/// <summary>Names of the record headers that relay and readers exchange. Values are UTF-8 text, numbers in decimal.</summary>
public static class LogHeaders
{
    /// <summary>The log's name; a record without it, or with another name, is foreign.</summary>
    public const string Log = "log";

    /// <summary>The row's number in its partition of the log.</summary>
    public const string Seq = "seq";

    /// <summary>The number of the row before it in the log; 0 for the first.</summary>
    public const string After = "after";

    /// <summary>The event's identity.</summary>
    public const string TraceId = "trace_id";

    /// <summary>Stands, with value 1, on a record that was published again to mend a reader.</summary>
    public const string Repair = "repair";

    /// <summary>
    /// Stands on a record whose <see cref="After"/> was lowered because the rows between are gone from the log; its value is the original
    /// <c>after</c>. A reader whose last seq is below that value lost what lies between.
    /// </summary>
    public const string Expired = "expired";

    internal static bool IsReserved(string name) => name is Log or Seq or After or TraceId or Repair or Expired;
}
