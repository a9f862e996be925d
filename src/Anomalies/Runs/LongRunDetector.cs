using Anomalies.Detecting;
using Contracts;

namespace Anomalies.Runs;

/// <summary>Finds runs that go further than anybody runs.</summary>
internal sealed class LongRunDetector()
    : LimitDetector<RunPosted>(
        "LongRun",
        EventCatalog.RunningStats,
        "Run distance",
        "m",
        run => run.Distance,
        limits => limits.RunMaxDistance,
        isMaximum: true
    );
