using System.Text;
using CsCheck;
using TestSupport.Events;
using static Contracts.Tests.Bodies;

namespace Contracts.Tests;

public sealed class EventCatalogTests
{
    [Fact]
    public void It_has_four_types_of_two_systems() =>
        EventCatalog
            .All.Select(type => $"{type.Id} {type.Name} {type.System} {type.MessageType.Name} {type.TraceIdKind}")
            .Should()
            .Equal(
                "1 listings RealEstate ListingPosted Nanoseconds",
                "2 bids RealEstate BidPosted Nanoseconds",
                "3 running_stats Runify RunPosted Uuid",
                "4 music_info Runify SongPosted Uuid"
            );

    [Fact]
    public void Columns_follow_from_the_records() =>
        EventCatalog
            .All.SelectMany(type =>
                type.Fields.Append(type.TraceId).Select(field => $"{type} {field.Name} {field.ColumnType} {field.Required}")
            )
            .Should()
            .Equal(
                "listings listing_id BIGINT True",
                "listings listing_price DECIMAL(18,2) True",
                "listings listing_post DATETIME(6) False",
                "listings listing_type VARCHAR(50) True",
                "listings listing_status ENUM('SOLD','OFFER_PENDING','AVAILABLE') True",
                "listings listing_contact VARCHAR(254) True",
                "listings trace_id BIGINT True",
                "bids bidding_id BIGINT True",
                "bids listing_id BIGINT True",
                "bids asking_price DECIMAL(18,2) True",
                "bids offer_price DECIMAL(18,2) True",
                "bids offer_date DATETIME(6) False",
                "bids property_square_feet BIGINT True",
                "bids price_per_square_feet DECIMAL(18,2) True",
                "bids bid_status ENUM('APPROVED','REJECTED') True",
                "bids trace_id BIGINT True",
                "running_stats user_id VARCHAR(250) True",
                "running_stats duration DOUBLE True",
                "running_stats distance DOUBLE True",
                "running_stats timestamp VARCHAR(100) True",
                "running_stats trace_id VARCHAR(100) True",
                "music_info user_id VARCHAR(250) True",
                "music_info song_name VARCHAR(250) True",
                "music_info artist VARCHAR(250) True",
                "music_info song_duration DOUBLE True",
                "music_info timestamp VARCHAR(100) True",
                "music_info trace_id VARCHAR(100) True"
            );

    [Fact]
    public void A_type_is_found_by_name_number_and_message()
    {
        foreach (var type in EventCatalog.All)
        {
            EventCatalog.Find(type.Name).Should().BeSameAs(type);
            EventCatalog.Find(type.Id).Should().BeSameAs(type);
            EventCatalog.Of(type.MessageType).Should().BeSameAs(type);
        }
        EventCatalog.Find("Listings").Should().BeNull();
        EventCatalog.Find(0).Should().BeNull();
        EventCatalog.Find(5).Should().BeNull();
    }

    [Fact]
    public void A_listing_and_its_bids_have_the_same_key_and_ids_of_their_own()
    {
        var bid = Accept(EventCatalog.Bids, Bid.Replace("\"bidding_id\":1", "\"bidding_id\":8", StringComparison.Ordinal));

        EventCatalog.Bids.Key(bid).Should().Be(EventCatalog.Listings.Key(Accept(EventCatalog.Listings, Listing))).And.Be("1");
        EventCatalog.Bids.EventId(bid).Should().Be(8L);
        EventCatalog.RunningStats.Key(Accept(EventCatalog.RunningStats, Run)).Should().Be("d290f1ee-6c54-4b01-90e6-d701748f0851");
    }

    [Fact]
    public void A_key_is_never_longer_than_the_logs_column()
    {
        EventGenerator.Message.Sample(message =>
            Encoding.UTF8.GetByteCount(EventCatalog.Of(message).Key(message)).Should().BeLessThanOrEqualTo(256)
        );

        var user = string.Concat(Enumerable.Repeat("😀", 250));
        var run = (RunPosted)Accept(EventCatalog.RunningStats, Run) with { UserId = user };
        EventCatalog.RunningStats.Key(run).Should().StartWith("xxh128:").And.Be(EventCatalog.RunningStats.Key(run with { Duration = 1 }));
        EventCatalog.RunningStats.Key(run).Should().NotBe(EventCatalog.RunningStats.Key(run with { UserId = user[2..] }));
    }

    [Fact]
    public void Column_values_have_the_columns_form()
    {
        var listing = (ListingPosted)Accept(EventCatalog.Listings, Listing) with
        {
            ListingPrice = 0.125m,
            ListingPost = new DateTimeOffset(2025, 1, 7, 14, 47, 0, TimeSpan.FromHours(2)).AddTicks(12_345_678),
        };

        EventCatalog
            .Listings.Fields.Select(field => field.ColumnValue(listing))
            .Should()
            .Equal(
                1L,
                0.13m,
                new DateTime(2025, 1, 7, 12, 47, 1, DateTimeKind.Utc).AddTicks(2_345_670),
                "Apartment",
                "SOLD",
                "random_person@random.com"
            );
    }
}
