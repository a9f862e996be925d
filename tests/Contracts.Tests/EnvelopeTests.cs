using System.Text.Json;
using CsCheck;
using TestSupport.Events;
using static Contracts.Tests.Bodies;

namespace Contracts.Tests;

public sealed class EnvelopeTests
{
    [Fact]
    public void A_listing_stands_on_the_topic_as_the_client_sent_it() =>
        Text(Envelope.Write(Accept(EventCatalog.Listings, Listing)))
            .Should()
            .Be(
                """{"type":"listings","datetime":"2025-03-04 11:08:08","payload":{"listing_id":1,"listing_price":600000.00,"listing_post":"2025-01-07T12:47:00Z","listing_type":"Apartment","listing_status":"SOLD","listing_contact":"random_person@random.com","trace_id":1738302360430669700}}"""
            );

    [Fact]
    public void A_bid_stands_on_the_topic_as_the_client_sent_it() =>
        Text(Envelope.Write(Accept(EventCatalog.Bids, Bid)))
            .Should()
            .Be(
                """{"type":"bids","datetime":"2025-03-04 11:08:08","payload":{"bidding_id":1,"listing_id":1,"asking_price":600000.00,"offer_price":619000.00,"offer_date":"2025-01-07T12:47:00Z","property_square_feet":2013,"price_per_square_feet":298.06,"bid_status":"REJECTED","trace_id":1738302360430669700}}"""
            );

    [Fact]
    public void A_run_has_Runifys_time_and_trace_id() =>
        Text(Envelope.Write(Accept(EventCatalog.RunningStats, Run)))
            .Should()
            .Be(
                """{"type":"running_stats","datetime":"2025-03-04T11:08:08","payload":{"user_id":"d290f1ee-6c54-4b01-90e6-d701748f0851","duration":3600,"distance":5000,"timestamp":"2024-09-10T09:12:33.001Z","trace_id":"0195f3a1-1c2d-7e3f-8a4b-5c6d7e8f9a0b"}}"""
            );

    [Fact]
    public void A_song_has_Runifys_time_and_trace_id() =>
        Text(Envelope.Write(Accept(EventCatalog.MusicInfo, Song)))
            .Should()
            .Be(
                """{"type":"music_info","datetime":"2025-03-04T11:08:08","payload":{"user_id":"d999f1ee-6c54-4b01-90e6-d701748f0851","song_name":"Run Boy Run","artist":"Woodkid","song_duration":180,"timestamp":"2024-09-10T09:12:33.001Z","trace_id":"0195f3a1-1c2d-7e3f-8a4b-5c6d7e8f9a0b"}}"""
            );

    [Fact]
    public void Numbers_dates_and_unknown_properties_keep_the_clients_spelling()
    {
        const string body = """
            {"agent":{"name":"\u00e9","scores":[1.0,1e2]},"listing_price":6.0E5,"listing_id":1,"listing_type":"A\/B","listing_status":"SOLD",
             "listing_post":"2025-01-07 12:47+02","listing_contact":"a@b","note":9007199254740993.10}
            """;
        var payload = Text(Accept(EventCatalog.Listings, body).ToPayload());

        payload.Should().Be(body.TrimEnd()[..^1] + ",\"trace_id\":1738302360430669700}");
    }

    [Theory]
    [InlineData("""{"trace_id":5,""", """{"trace_id":1738302360430669700,""")]
    [InlineData("""{ "trace_id" : -12345678901 , """, """{ "trace_id" : 1738302360430669700 , """)]
    public void The_trace_id_a_client_sent_is_overwritten_where_it_stands(string sent, string kept) =>
        Text(Accept(EventCatalog.Bids, sent + Bid[1..]).ToPayload()).Should().Be(kept + Bid[1..]);

    [Fact]
    public void A_trace_id_of_any_kind_is_overwritten_in_Runify() =>
        Text(Accept(EventCatalog.RunningStats, """{"trace_id":[{"a":1}],""" + Run[1..]).ToPayload())
            .Should()
            .Be("""{"trace_id":"0195f3a1-1c2d-7e3f-8a4b-5c6d7e8f9a0b",""" + Run[1..]);

    [Fact]
    public void A_message_built_in_code_is_written_from_its_properties()
    {
        var listing = new ListingPosted
        {
            ListingId = 7,
            ListingPrice = 12.50m,
            ListingPost = new DateTimeOffset(2025, 1, 7, 14, 47, 0, 500, TimeSpan.FromHours(2)),
            ListingType = "Flat <é>",
            ListingStatus = "AVAILABLE",
            ListingContact = "a@b",
            TraceId = TraceId,
            PostedAt = At.ToOffset(TimeSpan.FromHours(2)),
        };

        Text(Envelope.Write(listing))
            .Should()
            .Be(
                """{"type":"listings","datetime":"2025-03-04 11:08:08","payload":{"listing_id":7,"listing_price":12.50,"listing_post":"2025-01-07T12:47:00.5Z","listing_type":"Flat <é>","listing_status":"AVAILABLE","listing_contact":"a@b","trace_id":1738302360430669700}}"""
            );
        Text((listing with { ListingPost = null }).ToPayload()).Should().NotContain("listing_post");
    }

    [Fact]
    public void A_changed_copy_is_written_from_its_properties_and_keeps_the_unknown_ones()
    {
        var listing = (ListingPosted)Accept(EventCatalog.Listings, """{"agent":{"id":1.0},""" + Listing[1..]);
        var sold = listing with { ListingStatus = "AVAILABLE", ListingPrice = 1.5m };

        Text(sold.ToPayload())
            .Should()
            .Be(
                """{"listing_id":1,"listing_price":1.5,"listing_post":"2025-01-07T12:47:00Z","listing_type":"Apartment","listing_status":"AVAILABLE","listing_contact":"random_person@random.com","agent":{"id":1.0},"trace_id":1738302360430669700}"""
            );
        Text((sold with { ListingId = 2 }).ToPayload())
            .Should()
            .Contain(
                """
                "agent":{"id":1.0}
                """.Trim()
            );
    }

    [Fact]
    public void Messages_are_equal_when_their_properties_are()
    {
        var one = (BidPosted)Accept(EventCatalog.Bids, Bid);
        var other = (BidPosted)Accept(EventCatalog.Bids, " " + Bid.Replace(":619000.00", ":619000.0", StringComparison.Ordinal));

        one.Should().Be(other).And.Be(one with { });
        one.GetHashCode().Should().Be(other.GetHashCode());
        one.Should().NotBe(one with { TraceId = 1 });
        one.Should().NotBe(one with { PostedAt = At.AddSeconds(1) });
    }

    [Fact]
    public void What_is_written_is_read_back_with_its_text() =>
        EventGenerator.Message.Sample(
            message =>
            {
                var content = Envelope.Read(Envelope.Write(message)).Should().BeOfType<EnvelopeContent.Event>().Subject;
                content.Message.Should().Be(message);
                content.Message.Identity.Should().Be(message.Identity);
                Text(content.Message.ToPayload()).Should().Be(Text(message.ToPayload()));
            },
            iter: 2_000
        );

    [Fact]
    public void What_is_written_from_properties_is_read_back_equal() =>
        EventGenerator.Message.Sample(
            message =>
            {
                var copy = Copy(message);
                var content = Envelope.Read(Envelope.Write(copy)).Should().BeOfType<EnvelopeContent.Event>().Subject;
                content.Message.Should().Be(message);
                content.Type.Digest(content.Message).Should().Be(content.Type.Digest(message));
                using var document = JsonDocument.Parse(message.ToPayload());
                using var written = JsonDocument.Parse(content.Message.ToPayload());
                written
                    .RootElement.EnumerateObject()
                    .Select(property => property.Name)
                    .Should()
                    .BeEquivalentTo(document.RootElement.EnumerateObject().Select(property => property.Name));
            },
            iter: 2_000
        );

    private static EventMessage Copy(EventMessage message) =>
        message switch
        {
            ListingPosted listing => listing with { },
            BidPosted bid => bid with { },
            RunPosted run => run with { },
            SongPosted song => song with { },
            _ => throw new InvalidOperationException(),
        };
}
