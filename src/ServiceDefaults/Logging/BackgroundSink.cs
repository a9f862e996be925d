using System.Collections.Concurrent;
using Serilog.Core;
using Serilog.Events;

namespace ServiceDefaults;

/// <summary>
/// Hands log events to other sinks on a thread of its own, so that a request never waits for the console or a disk. Everything that
/// was logged is written when the sink is disposed. When the writer cannot keep up, lines below Warning are dropped and counted; others wait.
/// </summary>
internal sealed class BackgroundSink : ILogEventSink, IDisposable
{
    private readonly BlockingCollection<LogEvent> _queue;
    private readonly Logger _target;
    private readonly Thread _writer;
    private long _dropped;

    public BackgroundSink(Logger target, int capacity = 10_000)
    {
        _target = target;
        _queue = new BlockingCollection<LogEvent>(capacity);
        _writer = new Thread(Write) { IsBackground = true, Name = "log writer" };
        _writer.Start();
    }

    public void Emit(LogEvent logEvent)
    {
        try
        {
            if (logEvent.Level >= LogEventLevel.Warning)
                _queue.Add(logEvent);
            else if (!_queue.TryAdd(logEvent))
                Interlocked.Increment(ref _dropped);
        }
        catch (InvalidOperationException)
        {
            // Logged while or after the sink was disposed: written at once, by the caller.
            _target.Write(logEvent);
        }
    }

    public void Dispose()
    {
        if (_queue.IsAddingCompleted)
            return;
        _queue.CompleteAdding();
        // A console that nobody reads must not keep the process alive.
        if (_writer.Join(TimeSpan.FromSeconds(5)))
            _target.Dispose();
    }

    private void Write()
    {
        foreach (var logEvent in _queue.GetConsumingEnumerable())
        {
            _target.Write(logEvent);
            if (Interlocked.Exchange(ref _dropped, 0) is var dropped and > 0)
                _target.ForContext(Constants.SourceContextPropertyName, "Logging").Warning("{Count} lines were dropped", dropped);
        }
    }
}
