using Contracts;

namespace Receiver.Runs;

internal static class RunEndpoints
{
    public static void MapRuns(this WebApplication app) =>
        app.MapSubmission<string, RunPosted>(EventCatalog.RunningStats, "/stats/running", "Post a run", EventCatalog.RunningStats.Key);
}
