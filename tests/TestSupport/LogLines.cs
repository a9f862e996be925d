using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace TestSupport;

/// <summary>Keeps everything that is logged, for a test to look at.</summary>
public sealed class LogLines : ILoggerProvider
{
    private readonly ConcurrentQueue<Line> _lines = new();

    /// <summary>Every line so far, oldest first.</summary>
    public IReadOnlyList<Line> All => [.. _lines];

    /// <summary>How many lines of a level contain a text.</summary>
    public int Count(LogLevel level, string part) =>
        All.Count(line => line.Level == level && line.Text.Contains(part, StringComparison.Ordinal));

    /// <summary>How many lines have a number.</summary>
    public int Count(int id) => All.Count(line => line.Id == id);

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Logger<object>(_lines, categoryName);

    /// <summary>The logger of one class.</summary>
    public ILogger<T> For<T>() => new Logger<T>(_lines, typeof(T).Name);

    /// <inheritdoc/>
    public void Dispose() { }

    /// <summary>One line.</summary>
    public sealed record Line(int Id, LogLevel Level, string Category, string Message, Exception? Exception)
    {
        /// <summary>The message between the logger's name and the exception, if there is one.</summary>
        public string Text => $"{Category}: {Message}{(Exception is null ? "" : $" [{Exception.GetType().Name}: {Exception.Message}]")}";
    }

    private sealed class Logger<T>(ConcurrentQueue<Line> lines, string category) : ILogger<T>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => lines.Enqueue(new Line(eventId.Id, logLevel, category, formatter(state, exception), exception));
    }
}
