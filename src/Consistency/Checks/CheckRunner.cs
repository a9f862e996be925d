using System.Text.Json;
using Consistency.Comparing;
using Consistency.Persistence;
using Consistency.Sides;
using KafkaMySql;
using ServiceDefaults;

namespace Consistency.Checks;

/// <summary>One run of the check, from asking the sides to the result. A side that cannot be read makes it fail, and the last result stays.</summary>
internal sealed class CheckRunner(
    Comparison comparison,
    Recomputation recomputation,
    ProcessingCounts processing,
    ILogSide log,
    CheckStore store,
    DocumentFile file,
    EnabledSystems systems,
    TimeProvider clock,
    ILogger<CheckRunner> logger
)
{
    /// <summary>Buckets of the rotation that every recurring run computes from the columns.</summary>
    public const int RotationBuckets = 64;

    private const int ForeignBucketsPerRun = 8;
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(20);

    /// <summary>Everything now; null when another run went on for the whole time.</summary>
    /// <exception cref="SideException">A side could not be read.</exception>
    public Task<CheckRun?> FullAsync(CancellationToken cancellationToken) => RunAsync(full: true, cancellationToken);

    /// <summary>What is new, what is open, and the next of the old; null when another run goes on.</summary>
    /// <exception cref="SideException">A side could not be read.</exception>
    public Task<CheckRun?> RecurringAsync(CancellationToken cancellationToken) => RunAsync(full: false, cancellationToken);

    private async Task<CheckRun?> RunAsync(bool full, CancellationToken cancellationToken)
    {
        await using var alone = await store.LockAsync(full ? Budget : TimeSpan.Zero, cancellationToken);
        if (alone is null)
            return null;
        var started = clock.GetUtcNow();
        var stamp = clock.GetTimestamp();
        CheckRun run;
        try
        {
            var (status, document, detail) = await CompareAsync(full, started, cancellationToken);
            run = Run(status, null, document, detail);
            await store.SaveAsync(run, cancellationToken);
        }
        catch (SideException failure)
        {
            logger.NotChecked(failure.Message);
            await store.SaveAsync(
                Run(RunStatus.Unknown, failure.Message[..Math.Min(1000, failure.Message.Length)], null, null),
                cancellationToken
            );
            throw;
        }
        await file.WriteAsync(System.Text.Encoding.UTF8.GetBytes(run.Document!), cancellationToken);
        return run;

        CheckRun Run(string status, string? error, string? document, string? detail) =>
            new()
            {
                Kind = full ? "full" : "recurring",
                StartedAt = started.UtcDateTime,
                Milliseconds = Math.Max(1, (int)clock.GetElapsedTime(stamp).TotalMilliseconds),
                Status = status,
                Error = error,
                Document = document,
                Detail = detail,
            };
    }

    private async Task<(string Status, string Document, string Detail)> CompareAsync(
        bool full,
        DateTimeOffset started,
        CancellationToken cancellationToken
    )
    {
        var now = started.UtcDateTime;
        // First, so that it is not ahead of what is compared with it.
        var counted = await processing.ReadAsync(cancellationToken);
        var scope = new CheckScope(
            full ? new Dictionary<int, ulong>() : await store.VerifiedAsync(cancellationToken),
            full ? (0, 255) : ForeignOf(started),
            await store.OpenBucketsAsync(cancellationToken),
            started + Budget
        );
        var result = await comparison.RunAsync(scope, cancellationToken);
        await store.EnterBooksAsync(result, scope, now, cancellationToken);
        var compared = clock.GetUtcNow() - started;
        await EnterAsync(result, now, cancellationToken);
        var computed = full
            ? await recomputation.NewestAsync(scope, result, cancellationToken)
            : await recomputation.OldestAsync(scope, result, RotationBuckets, cancellationToken);
        await EnterAsync(result, now, cancellationToken);

        var open = await store.OpenAsync(cancellationToken);
        var status =
            result.Stopped ? RunStatus.Stopped
            : open.Count > 0 || result.NotLooked.Count > 0 ? RunStatus.Differences
            : RunStatus.Consistent;
        logger.Checked(full ? "full" : "recurring", status, open.Count, result.Pending);
        return (
            status,
            ChecksDocument.Write(started, [.. systems.Types], await store.CountsAsync(cancellationToken), counted, open),
            JsonSerializer.Serialize(
                CheckDetail.Of(result, compared, computed, await store.VerifiedAsync(cancellationToken)),
                SideEndpoints.Json
            )
        );
    }

    private async Task EnterAsync(CheckResult result, DateTime now, CancellationToken cancellationToken)
    {
        await store.EnterRecountedAsync(result, now, cancellationToken);
        if (result.Stopped)
            return;
        foreach (var (bucket, findings) in result.Looked.ToList())
        {
            if (!findings.Any(finding => finding.EventId is null && finding.Seq is not null))
                continue;
            var named = new List<Finding>();
            foreach (var finding in findings)
                named.Add(
                    finding is { EventId: null, Seq: { } seq }
                        ? finding with
                        {
                            EventId = await log.EventIdAsync(finding.Partition, seq, cancellationToken),
                        }
                        : finding
                );
            result.Looked[bucket] = named;
        }
        await store.EnterDifferencesAsync(result, now, cancellationToken);
    }

    // The 256 buckets of foreign rows are compared in turn: they hold what nobody was promised, and grow with history.
    private static (int, int) ForeignOf(DateTimeOffset now)
    {
        var turn = (int)(now.ToUnixTimeSeconds() / 30 % ((int)LogBucket.Foreign / ForeignBucketsPerRun));
        return (turn * ForeignBucketsPerRun, turn * ForeignBucketsPerRun + ForeignBucketsPerRun - 1);
    }
}
