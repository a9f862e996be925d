using System.Globalization;

namespace AppHost;

/// <summary>One type of sample event: where it is posted, where its count is read and what a body looks like.</summary>
/// <param name="Route">Its path below the Receiver.</param>
/// <param name="CountRoute">The path below Storage that has its count.</param>
/// <param name="CountKey">The key of its count.</param>
/// <param name="Plural">What several of it are called.</param>
/// <param name="Body">Makes a body about the thing of a number.</param>
internal sealed record DemoType(string Route, string CountRoute, string CountKey, string Plural, Func<long, Random, string> Body)
{
    private static readonly string[] Songs = ["Run Boy Run", "Born to Run", "Running Up That Hill", "Keep on Running", "Runaway"];
    private static readonly string[] Artists = ["Woodkid", "Bruce Springsteen", "Kate Bush", "The Spencer Davis Group", "Del Shannon"];

    /// <summary>The types of the systems that are offered, in the order they are sent.</summary>
    public static IReadOnlyList<DemoType> Of(HostOptions options) =>
        [
            .. options.RealEstate
                ? new DemoType[]
                {
                    new("site/listings", "site/events/count", "listings", "listings", DemoEvents.Listing),
                    new("site/bids", "site/events/count", "bids", "bids", DemoEvents.Bid),
                }
                : [],
            .. options.Runify
                ? new DemoType[]
                {
                    new("stats/running", "stats", "num_running_stats", "runs", Run),
                    new("stats/music", "stats", "num_music_info", "songs", Song),
                }
                : [],
        ];

    // One in fifty is out of the ordinary.
    private static string Run(long id, Random random) =>
        $$"""
            {"user_id":"{{User(id)}}","duration":{{(random.Next(50) == 0 ? random.Next(1, 300) : random.Next(1800, 6001))}},"distance":{{(
                random.Next(50) == 0 ? random.Next(42_001, 60_001) : random.Next(1000, 10_001)
            )}},"timestamp":"{{Milliseconds()}}"}
            """;

    private static string Song(long id, Random random)
    {
        var song = random.Next(Songs.Length);
        return $$"""
            {"user_id":"{{User(id)}}","song_name":"{{Songs[song]}}","artist":"{{Artists[song]}}","song_duration":{{(
                random.Next(50) == 0 ? random.Next(901, 1501) : random.Next(120, 421)
            )}},"timestamp":"{{Milliseconds()}}"}
            """;
    }

    // The same user for the same number, so that a run and its song belong together.
    private static string User(long id) => new Guid((int)id, 0x6c54, 0x4b01, 0x90, 0xe6, 0xd7, 0x01, 0x74, 0x8f, 0x08, 0x51).ToString("D");

    private static string Milliseconds() => DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
