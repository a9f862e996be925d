namespace TestSupport;

/// <summary>Compares many trace ids in a blink, where an assertion library would compare each with each.</summary>
public static class Ids
{
    /// <summary>Fails unless every one of <paramref name="ids"/> stands there once.</summary>
    public static void AreUnique(IReadOnlyCollection<string> ids)
    {
        var twice = ids.GroupBy(id => id).Where(group => group.Count() > 1).Take(5).Select(group => group.Key).ToList();
        if (twice.Count > 0)
            throw new InvalidOperationException($"There more than once: {string.Join(", ", twice)} ...");
    }

    /// <summary>Fails unless both hold the same ids, each once.</summary>
    public static void AreTheSame(IReadOnlyCollection<string> found, IReadOnlyCollection<string> expected)
    {
        AreUnique(found);
        Contain(found, expected);
        Contain(expected, found);
    }

    /// <summary>Fails when one of <paramref name="expected"/> is not among <paramref name="found"/>.</summary>
    public static void Contain(IReadOnlyCollection<string> found, IReadOnlyCollection<string> expected)
    {
        var there = found.ToHashSet();
        var lacking = expected.Where(id => !there.Contains(id)).ToList();
        if (lacking.Count > 0)
            throw new InvalidOperationException($"{lacking.Count} of {expected.Count} lack: {string.Join(", ", lacking.Take(5))} ...");
    }
}
