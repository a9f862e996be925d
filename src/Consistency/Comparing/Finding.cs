namespace Consistency.Comparing;

/// <summary>One event that is not as it should be.</summary>
/// <param name="Class">What is wrong.</param>
/// <param name="TraceId">The event's identity; <c>partition/seq</c> where nobody can read it.</param>
/// <param name="Type">The type's number, as far as that is known.</param>
/// <param name="EventId">The number or name a client knows it by, as far as that is known.</param>
/// <param name="Partition">The partition of its coordinate.</param>
/// <param name="Bucket">Its bucket.</param>
/// <param name="Seq">Its number in the log; null for a foreign one.</param>
internal sealed record Finding(
    DifferenceClass Class,
    string TraceId,
    ushort? Type,
    string? EventId,
    int Partition,
    ulong Bucket,
    ulong? Seq
)
{
    public (DifferenceClass, string) Key => (Class, TraceId);
}
