namespace Hangfire.MySql.Engine;

/// <summary>What a server tells about itself, as JSON in its row.</summary>
internal sealed class ServerData
{
    public int WorkerCount { get; set; }
    public string[]? Queues { get; set; }
    public DateTime? StartedAt { get; set; }
}
