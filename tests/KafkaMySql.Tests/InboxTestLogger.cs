using Microsoft.Extensions.Logging;

namespace KafkaMySql.Tests;

/// <summary>Keeps log lines for a test to look at.</summary>
internal sealed class InboxTestLogger<T> : ILogger<T>
{
    private readonly List<(int Id, LogLevel Level, string Text)> _lines = [];

    public IReadOnlyList<(int Id, LogLevel Level, string Text)> Lines
    {
        get
        {
            lock (_lines)
                return [.. _lines];
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        lock (_lines)
            _lines.Add((eventId.Id, logLevel, formatter(state, exception)));
    }
}
