using KafkaMySql;

namespace Receiver.Tests;

/// <summary>A log that fails as a test says; for what a real one does only when something breaks. It also gives trace ids.</summary>
internal sealed class ScriptedLog : IEventLog, ITraceIdSource
{
    private long _lastTraceId = 1_738_302_360_430_669_700;
    private ulong _seq;

    /// <summary>What appending fails with; null to let it succeed.</summary>
    public Func<LogEvent, EventLogException?> Fails { get; set; } = _ => null;

    /// <summary>What asking for a trace id fails with.</summary>
    public LogUnavailableException? NoTraceIds { get; set; }

    /// <summary>Holds appends back until it is completed.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public List<LogEvent> Appended { get; } = [];

    public async Task<LogReceipt> AppendAsync(LogEvent logEvent, CancellationToken cancellationToken)
    {
        await Gate.WaitAsync(cancellationToken);
        if (Fails(logEvent) is { } failure)
            throw failure;
        lock (Appended)
            Appended.Add(logEvent);
        return new LogReceipt(0, ++_seq, logEvent.TraceId, false);
    }

    public async Task<IReadOnlyList<LogOutcome>> AppendManyAsync(IReadOnlyList<LogEvent> events, CancellationToken cancellationToken)
    {
        var outcomes = new List<LogOutcome>();
        foreach (var logEvent in events)
        {
            try
            {
                outcomes.Add(new LogOutcome(await AppendAsync(logEvent, cancellationToken), null));
            }
            catch (EventLogException failure)
            {
                outcomes.Add(new LogOutcome(null, failure));
            }
        }
        return outcomes;
    }

    public long Next() => NoTraceIds is { } failure ? throw failure : Interlocked.Increment(ref _lastTraceId);
}
