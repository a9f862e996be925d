using Contracts;
using MassTransit;
using ServiceDefaults;

namespace Receiver.Runs;

internal static class RunEndpoints
{
    public static void MapRuns(this WebApplication app)
    {
        if (!app.Services.GetRequiredService<EnabledSystems>().Has(EventCatalog.RunningStats))
            return;
        app.MapPost("/stats/running", Submit).AcceptsJson().DescribesSubmission(EventCatalog.RunningStats, "Post a run");
    }

    private static Task<IResult> Submit(
        HttpRequest request,
        Submission submission,
        ITopicProducer<string, RunPosted> topic,
        CancellationToken cancellationToken
    ) =>
        submission.RunAsync<RunPosted>(
            request,
            (run, pipe) => topic.Produce(EventCatalog.RunningStats.Key(run), run, pipe, cancellationToken),
            cancellationToken
        );
}
