using Contracts;
using KafkaMySql;
using ServiceDefaults;

namespace Receiver.Batches;

/// <summary>The way of a request that holds one event per line.</summary>
internal sealed class BatchSubmission(
    BatchLines reader,
    UserRules users,
    EventIntake intake,
    IEventLog log,
    ILogger<BatchSubmission> logger
)
{
    public const int MaxLines = 1_000;

    public const int MaxBytes = 8 * 1024 * 1024;

    /// <exception cref="ProblemException">The request as a whole is wrong: empty, too large, too many lines.</exception>
    public async Task<IResult> RunAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var body = await RequestBody.ReadAsync(request, MaxBytes, cancellationToken);
        var lines = Split(body);
        var results = new BatchResult[lines.Count];
        var events = new List<LogEvent>(lines.Count);
        var positions = new List<int>(lines.Count);
        for (var at = 0; at < lines.Count; at++)
        {
            var line = reader.Read(lines[at]);
            if (line.Draft is null)
                results[at] = new BatchResult(line.Status, null, line.Error, null);
            else if (users.IsProbe(line.Draft))
                results[at] = new BatchResult(StatusCodes.Status201Created, null, "This user only asks: nothing was recorded.", null);
            else if (TryAccept(line, out var logEvent, out results[at]))
            {
                events.Add(logEvent);
                positions.Add(at);
            }
        }

        if (events.Count > 0)
        {
            var outcomes = await log.AppendManyAsync(events, cancellationToken);
            for (var at = 0; at < outcomes.Count; at++)
                results[positions[at]] = Result(outcomes[at], EventCatalog.Find(events[at].TypeId)!);
        }
        Report(results);
        return new BatchReply(results);
    }

    // The end of the last line is not a line of its own.
    private static List<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> body)
    {
        var lines = new List<ReadOnlyMemory<byte>>();
        while (!body.IsEmpty)
        {
            if (lines.Count == MaxLines)
                throw new ProblemException(StatusCodes.Status413PayloadTooLarge, $"The body has more than {MaxLines} lines.");
            var end = body.Span.IndexOf((byte)'\n');
            lines.Add(end < 0 ? body : body[..end]);
            body = end < 0 ? default : body[(end + 1)..];
        }
        return lines.Count > 0
            ? lines
            : throw new ProblemException(StatusCodes.Status400BadRequest, "The body is empty: one JSON object per line is expected.");
    }

    private bool TryAccept(BatchLine line, out LogEvent logEvent, out BatchResult failed)
    {
        try
        {
            logEvent = EventIntake.ToLogEvent(intake.Accept(line.Draft!), line.Key);
            failed = default;
            return true;
        }
        catch (LogUnavailableException failure)
        {
            logEvent = null!;
            failed = Result(new LogOutcome(null, failure), line.Draft!.Type);
            return false;
        }
    }

    private static BatchResult Result(LogOutcome outcome, EventType type)
    {
        if (outcome.Receipt is { } receipt)
            return new BatchResult(StatusCodes.Status201Created, type.TraceIdJson(receipt.TraceId), null, null);
        var failure = outcome.Error!;
        // Within a batch a full queue is one more reason for the same: this line is not durable.
        var status = failure.RetryAfter is null ? NotAccepted.Status(failure) : StatusCodes.Status503ServiceUnavailable;
        return new BatchResult(status, null, NotAccepted.Message(failure), failure.RetryAfter);
    }

    private void Report(BatchResult[] results)
    {
        if (!logger.IsEnabled(LogLevel.Information))
            return;
        var accepted = results.Where(result => result.TraceId is not null).Select(result => result.TraceId!).ToList();
        if (accepted.Count > 0)
            logger.BatchAccepted(accepted.Count, results.Length, accepted[0], accepted[^1]);
        else
            logger.BatchNotAccepted(results.Length, results[0].Detail!);
    }
}
