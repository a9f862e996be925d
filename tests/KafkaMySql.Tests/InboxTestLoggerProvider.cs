using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace KafkaMySql.Tests;

/// <summary>Keeps the lines of a whole service.</summary>
internal sealed class InboxTestLoggerProvider : ILoggerProvider
{
    private readonly ConcurrentDictionary<string, InboxTestLogger<object>> _loggers = [];

    public IReadOnlyList<(string Category, LogLevel Level, string Text)> Lines =>
        [.. _loggers.SelectMany(pair => pair.Value.Lines.Select(line => (pair.Key, line.Level, line.Text)))];

    public ILogger CreateLogger(string categoryName) => _loggers.GetOrAdd(categoryName, _ => new InboxTestLogger<object>());

    public void Dispose() { }
}
