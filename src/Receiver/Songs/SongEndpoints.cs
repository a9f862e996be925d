using Contracts;
using MassTransit;
using ServiceDefaults;

namespace Receiver.Songs;

internal static class SongEndpoints
{
    public static void MapSongs(this WebApplication app)
    {
        if (!app.Services.GetRequiredService<EnabledSystems>().Has(EventCatalog.MusicInfo))
            return;
        app.MapPost("/stats/music", Submit).AcceptsJson().DescribesSubmission(EventCatalog.MusicInfo, "Post a song");
    }

    private static Task<IResult> Submit(
        HttpRequest request,
        Submission submission,
        ITopicProducer<string, SongPosted> topic,
        CancellationToken cancellationToken
    ) =>
        submission.RunAsync<SongPosted>(
            request,
            (song, pipe) => topic.Produce(EventCatalog.MusicInfo.Key(song), song, pipe, cancellationToken),
            cancellationToken
        );
}
