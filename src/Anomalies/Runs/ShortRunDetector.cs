using Anomalies.Detecting;
using Contracts;

namespace Anomalies.Runs;

/// <summary>Finds runs that were over at once.</summary>
internal sealed class ShortRunDetector()
    : LimitDetector<RunPosted>(
        "ShortRun",
        EventCatalog.RunningStats,
        "Run duration",
        "s",
        run => run.Duration,
        limits => limits.RunMinDuration,
        isMaximum: false
    );
