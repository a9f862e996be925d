namespace Contracts;

/// <summary>Names on the broker, in one place.</summary>
public static class Topics
{
    /// <summary>The topic of all events of both systems.</summary>
    public const string Events = "events";
}
