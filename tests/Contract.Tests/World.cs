namespace Contract.Tests;

/// <summary>The state of the platform that a row speaks of.</summary>
public enum World
{
    /// <summary>Every service runs, a few events have gone the whole way, jobs run, and any origin may call.</summary>
    Busy,

    /// <summary>The same with both systems on, where Runify's contract is asked at its own ports.</summary>
    Beside,

    /// <summary>Nothing has happened yet: Storage, Kafka and the Receiver's database are away, and no job has run.</summary>
    Fresh,
}
