using System.Globalization;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Display;

namespace ServiceDefaults;

/// <summary>
/// One line per event: <c>time - logger - LEVEL - message</c>, the time in UTC. Control characters in a message are shown escaped, so that
/// nothing a client sends can look like a line of its own; an exception follows on indented lines.
/// </summary>
internal sealed class LineFormatter : ITextFormatter
{
    private static readonly System.Buffers.SearchValues<char> Unprintable = System.Buffers.SearchValues.Create("\u007f\u0085\u2028\u2029");

    // Strings without quotes, as a sentence is read.
    private static readonly MessageTemplateTextFormatter Message = new("{Message:lj}", CultureInfo.InvariantCulture);

    // Console and file get each event one right after the other, and its text is made once.
    private Line? _last;

    public void Format(LogEvent logEvent, TextWriter output)
    {
        if (_last is not { } line || !ReferenceEquals(line.Event, logEvent))
            _last = line = new Line(logEvent, Text(logEvent));
        output.Write(line.Text);
    }

    private static string Text(LogEvent logEvent)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        Write(logEvent, output);
        return output.ToString();
    }

    private static void Write(LogEvent logEvent, StringWriter output)
    {
        output.Write(logEvent.Timestamp.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss,fff", CultureInfo.InvariantCulture));
        output.Write(" - ");
        output.Write(Logger(logEvent));
        output.Write(" - ");
        output.Write(Level(logEvent.Level));
        output.Write(" - ");
        using var message = new StringWriter();
        Message.Format(logEvent, message);
        WriteEscaped(message.ToString(), output);
        output.Write('\n');
        if (logEvent.Exception is not { } exception)
            return;
        foreach (var line in exception.ToString().AsSpan().EnumerateLines())
        {
            output.Write("    ");
            output.Write(line);
            output.Write('\n');
        }
    }

    private static string Logger(LogEvent logEvent) =>
        logEvent.Properties.TryGetValue("SourceContext", out var context) && context is ScalarValue { Value: string name } ? name : "root";

    private static string Level(LogEventLevel level) =>
        level switch
        {
            LogEventLevel.Verbose or LogEventLevel.Debug => "DEBUG",
            LogEventLevel.Information => "INFO",
            LogEventLevel.Warning => "WARNING",
            LogEventLevel.Error => "ERROR",
            _ => "CRITICAL",
        };

    private sealed record Line(LogEvent Event, string Text);

    private static void WriteEscaped(string message, TextWriter output)
    {
        if (!message.AsSpan().ContainsAnyInRange('\0', '\x1f') && message.AsSpan().IndexOfAny(Unprintable) < 0)
        {
            output.Write(message);
            return;
        }
        foreach (var c in message)
        {
            if (char.IsControl(c) || c is '\u2028' or '\u2029')
                output.Write(
                    c switch
                    {
                        '\n' => "\\n",
                        '\r' => "\\r",
                        '\t' => "\\t",
                        _ => $"\\u{(int)c:x4}",
                    }
                );
            else
                output.Write(c);
        }
    }
}
