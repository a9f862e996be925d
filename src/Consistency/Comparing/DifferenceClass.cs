namespace Consistency.Comparing;

/// <summary>What is wrong with an event. The names on the wire and in the database follow from these.</summary>
internal enum DifferenceClass
{
    /// <summary>The topic's reader has it, Storage has not.</summary>
    MissingInDb,

    /// <summary>Storage has it, the topic's reader has not.</summary>
    MissingInQueue,

    /// <summary>Only the log has it.</summary>
    MissingInBoth,

    /// <summary>Both readers have it, the log that should still keep it has not: the log is older than its readers.</summary>
    MissingInLog,

    /// <summary>Contents differ between the sides, or a row's columns do not give its digest.</summary>
    Different,

    /// <summary>Its trace id was stored before with another content.</summary>
    Conflict,

    /// <summary>It could not be stored and is kept aside.</summary>
    DeadLettered,

    /// <summary>Its type is not known yet; it is kept aside.</summary>
    Parked,

    /// <summary>The log had dropped it before the reader could take it.</summary>
    Expired,
}

internal static class DifferenceClassNames
{
    private static readonly Dictionary<DifferenceClass, string> Names = Enum.GetValues<DifferenceClass>()
        .ToDictionary(
            value => value,
            value =>
                string.Concat(
                    value
                        .ToString()
                        .Select((c, at) => at > 0 && char.IsUpper(c) ? $"_{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}")
                )
        );

    public static string Name(this DifferenceClass value) => Names[value];

    public static bool IsName(string name) => Names.ContainsValue(name);

    public static IEnumerable<string> All => Names.Values;
}
