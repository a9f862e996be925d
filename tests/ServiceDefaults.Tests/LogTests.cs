using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace ServiceDefaults.Tests;

public sealed class LogTests
{
    [Fact]
    public void A_line_has_time_logger_level_and_message()
    {
        Line(log =>
                log.ForContext(Constants.SourceContextPropertyName, "Receiver.Intake")
                    .Information("Accepted {TraceId} of {Type}", 17L, "bids")
            )
            .Should()
            .MatchRegex(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} - Receiver\.Intake - INFO - Accepted 17 of bids\n$");
    }

    [Theory]
    [InlineData("a\nb", "a\\nb")]
    [InlineData("a\r\n2026-01-01 00:00:00,000 - root - INFO - forged", "a\\r\\n2026")]
    [InlineData("tab\there", "tab\\there")]
    [InlineData("bell\u0007 next\u0085line\u2028separator", "bell\\u0007 next\\u0085line\\u2028separator")]
    public void What_a_client_sends_cannot_make_a_line_of_its_own(string text, string shown)
    {
        var line = Line(log => log.Warning("Refused {Text}", text));

        line.Should().Contain(shown);
        line.TrimEnd('\n').Should().NotContainAny("\n", "\r", "\u0085", "\u2028");
    }

    [Fact]
    public void An_exception_follows_on_indented_lines()
    {
        var lines = Line(log => log.Error(new InvalidOperationException("first\nsecond"), "It failed")).TrimEnd('\n').Split('\n');

        lines[0].Should().EndWith(" - root - ERROR - It failed");
        lines.Skip(1).Should().NotBeEmpty().And.OnlyContain(line => line.StartsWith("    "));
    }

    [Fact]
    public void Everything_logged_is_written_when_the_log_is_closed()
    {
        var written = new List<LogEvent>();
        using (var log = new LoggerConfiguration().WriteTo.Sink(new BackgroundSink(Collecting(written))).CreateLogger())
        {
            for (var i = 0; i < 5000; i++)
                log.Information("line {Number}", i);
        }

        written.Should().HaveCount(5000);
    }

    [Fact]
    public void When_the_writer_cannot_keep_up_small_lines_are_dropped_and_counted_and_warnings_are_not()
    {
        var written = new List<LogEvent>();
        using var gate = new ManualResetEventSlim();
        using (var log = new LoggerConfiguration().WriteTo.Sink(new BackgroundSink(Collecting(written, gate), capacity: 10)).CreateLogger())
        {
            for (var i = 0; i < 100; i++)
                log.Information("line {Number}", i);
            gate.Set();
            log.Warning("careful");
        }

        written.Should().Contain(line => line.MessageTemplate.Text == "careful");
        written.Should().Contain(line => line.MessageTemplate.Text.Contains("were dropped"));
        written.Count(line => line.MessageTemplate.Text.StartsWith("line")).Should().BeLessThan(100);
    }

    private static string Line(Action<ILogger> write)
    {
        var written = new List<LogEvent>();
        using var log = Collecting(written);
        write(log);
        using var text = new StringWriter();
        new LineFormatter().Format(written.Single(), text);
        return text.ToString();
    }

    private static Logger Collecting(List<LogEvent> written, ManualResetEventSlim? gate = null) =>
        new LoggerConfiguration().MinimumLevel.Verbose().WriteTo.Sink(new Collector(written, gate)).CreateLogger();

    private sealed class Collector(List<LogEvent> written, ManualResetEventSlim? gate) : ILogEventSink
    {
        public void Emit(LogEvent logEvent)
        {
            gate?.Wait();
            written.Add(logEvent);
        }
    }
}
