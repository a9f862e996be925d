using CsCheck;
using TestSupport.Events;
using static Contracts.Tests.Bodies;

namespace Contracts.Tests;

public sealed class DigestTests
{
    // Digests are stored beside every row: a change here makes every row of every installation look damaged.
    [Fact]
    public void Digests_never_change()
    {
        ulong[] digests =
        [
            Digest(EventCatalog.Listings, Listing),
            Digest(EventCatalog.Bids, Bid),
            Digest(EventCatalog.RunningStats, Run),
            Digest(EventCatalog.MusicInfo, Song),
        ];
        digests.Should().Equal(2645785591728436569, 2955090802369621820, 10713454029816269962, 10261344394124952424);
    }

    [Fact]
    public void A_row_has_the_digest_of_the_message_it_was_made_from() =>
        EventGenerator.Message.Sample(
            message =>
            {
                var type = EventCatalog.Of(message);
                var columns = type.Fields.Select(field => field.ColumnValue(message)).ToArray();
                type.Digest(message.Identity, columns).Should().Be(type.Digest(message));
            },
            iter: 5_000
        );

    [Theory]
    [InlineData("600000.00", "600000", true)]
    [InlineData("600000.00", "6e5", true)]
    [InlineData("600000.00", "600000.004", true)]
    [InlineData("600000.00", "600000.005", false)]
    [InlineData("600000.00", "600000.01", false)]
    [InlineData("2025-01-07T12:47:00Z", "2025-01-07 14:47:00.0000009+02:00", true)]
    [InlineData("2025-01-07T12:47:00Z", "2025-01-07T12:47:00.000001Z", false)]
    [InlineData("Apartment", "Apartmen\\u0074", true)]
    [InlineData("Apartment", "apartment", false)]
    [InlineData("{", "{\"x\":1,", true)]
    public void It_sees_what_the_row_holds_and_no_more(string part, string instead, bool same) =>
        (Digest(EventCatalog.Listings, Listing) == Digest(EventCatalog.Listings, Listing.Replace(part, instead, StringComparison.Ordinal)))
            .Should()
            .Be(same);

    [Fact]
    public void An_absent_date_differs_from_any_date()
    {
        var listing = (ListingPosted)Accept(EventCatalog.Listings, Listing);

        var absent = listing with { ListingPost = null };
        EventCatalog.Listings.Digest(absent).Should().NotBe(EventCatalog.Listings.Digest(listing));
        object?[] row = [1L, 600000m, DBNull.Value, "Apartment", "SOLD", "random_person@random.com"];
        EventCatalog.Listings.Digest(absent.Identity, row).Should().Be(EventCatalog.Listings.Digest(absent));
    }

    [Fact]
    public void The_same_fields_under_another_trace_id_have_another_digest()
    {
        var listing = (ListingPosted)Accept(EventCatalog.Listings, Listing);

        EventCatalog.Listings.Digest(listing with { TraceId = 1 }).Should().NotBe(EventCatalog.Listings.Digest(listing));
    }

    [Fact]
    public void Columns_may_come_as_the_narrower_types_of_older_tables()
    {
        var listing = Accept(EventCatalog.Listings, Listing);
        object?[] row =
        [
            1,
            600000.0d,
            new DateTime(2025, 1, 7, 12, 47, 0, DateTimeKind.Unspecified),
            "Apartment",
            "SOLD",
            "random_person@random.com",
        ];

        EventCatalog.Listings.Digest(listing.Identity, row).Should().Be(EventCatalog.Listings.Digest(listing));
    }

    private static ulong Digest(EventType type, string body) => type.Digest(Accept(type, body));
}
