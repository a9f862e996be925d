using System.Collections.Concurrent;
using MassTransit;

namespace KafkaRider.Tests;

/// <summary>What consumers of a test saw, and what they shall do.</summary>
public sealed class Received<T>
    where T : class
{
    private readonly ConcurrentQueue<(T Message, int Partition, long Offset)> _all = new();

    public IReadOnlyList<(T Message, int Partition, long Offset)> All => [.. _all];

    public int Count => _all.Count;

    /// <summary>Runs before a message is noted; may fail or wait.</summary>
    public Func<ConsumeContext<T>, Task> Before { get; set; } = _ => Task.CompletedTask;

    internal async Task NoteAsync(ConsumeContext<T> context)
    {
        await Before(context);
        _all.Enqueue((context.Message, context.Partition() ?? -1, context.Offset() ?? -1));
    }
}

public sealed class Recorder<T>(Received<T> received) : IConsumer<T>
    where T : class
{
    public Task Consume(ConsumeContext<T> context) => received.NoteAsync(context);
}
