using static Contracts.Tests.Bodies;

namespace Contracts.Tests;

public sealed class LenientReadingTests
{
    private const string Payload =
        """{"listing_id":1,"listing_price":600000.0,"listing_type":"Condo","listing_status":"SOLD","listing_contact":"a@b","trace_id":1738302360430669700}""";

    [Fact]
    public void The_contracts_example_is_read()
    {
        var bid = Read<BidPosted>(
            """
            {"type":"bids","datetime":"2025-03-04 11:08:08",
             "payload":{"bidding_id":1,"listing_id":1,"asking_price":600000.0,"offer_price":619000.0,
              "offer_date":"2025-01-07T12:47:00Z","property_square_feet":2013,"price_per_square_feet":298.06,
              "bid_status":"REJECTED","trace_id":1738302360430669700}}
            """
        );
        bid.TraceId.Should().Be(1738302360430669700);
        bid.PostedAt.Should().Be(new DateTimeOffset(2025, 3, 4, 11, 8, 8, TimeSpan.Zero));
        bid.OfferPrice.Should().Be(619000m);
    }

    [Fact]
    public void Keys_may_come_in_any_order_and_further_keys_are_skipped() =>
        Read<ListingPosted>(
            $$"""{"schema":{"payload":[1]},"payload":{"x":{"trace_id":1},{{Payload[1..]}},"datetime":"2025-03-04 11:08:08","type":"listings"}"""
        )
            .TraceId.Should()
            .Be(1738302360430669700);

    [Theory]
    [InlineData("2025-03-04 11:08:08")]
    [InlineData("2025-03-04T11:08:08")]
    [InlineData("2025-03-04T11:08:08Z")]
    [InlineData("2025-03-04T13:08:08.000+02:00")]
    public void The_time_may_have_either_systems_shape(string time) =>
        Read<ListingPosted>(Enveloped(Payload, time)).PostedAt.Should().Be(new DateTimeOffset(2025, 3, 4, 11, 8, 8, TimeSpan.Zero));

    [Theory]
    [InlineData("1.0", 1)]
    [InlineData("1e3", 1000)]
    [InlineData("-2.000", -2)]
    [InlineData("9223372036854775807.0", long.MaxValue)]
    public void An_integer_may_be_written_as_a_fraction(string written, long expected)
    {
        var value = Enveloped(Payload.Replace("\"listing_id\":1,", $"\"listing_id\":{written},", StringComparison.Ordinal));

        Read<ListingPosted>(value).ListingId.Should().Be(expected);
        Text(Read<ListingPosted>(value).ToPayload()).Should().Contain($"\"listing_id\":{written},");
    }

    [Fact]
    public void A_trace_id_written_as_a_fraction_keeps_its_digits() =>
        Read<ListingPosted>(Enveloped(Payload.Replace("700}", "700.0}", StringComparison.Ordinal)))
            .Identity.Should()
            .Be("1738302360430669700");

    [Fact]
    public void What_only_the_Receiver_minds_is_taken()
    {
        var listing = Read<ListingPosted>(
            Enveloped(
                """{"listing_id":1,"listing_id":2,"listing_price":-5e15,"listing_post":null,"listing_type":"Condo","listing_status":"SOLD","listing_contact":"nobody","trace_id":1,"x":"\ud800","\ud800":1}"""
            )
        );
        listing.ListingId.Should().Be(2);
        listing.ListingPrice.Should().Be(-5_000_000_000_000_000m);
        listing.ListingPost.Should().BeNull();
        Text((listing with { ListingId = 3 }).ToPayload()).Should().NotContain("\"x\"");
    }

    [Theory]
    [InlineData("\"listing_id\":1,", "\"listing_id\":1.5,", "listing_id")]
    [InlineData("\"listing_id\":1,", "\"listing_id\":1e19,", "listing_id")]
    [InlineData("\"listing_id\":1,", "\"listing_id\":\"1\",", "listing_id")]
    [InlineData("\"listing_id\":1,", "\"listing_id\":null,", "listing_id")]
    [InlineData("\"listing_id\":1,", "", "listing_id")]
    [InlineData("600000.0", "9999999999999999.999", "listing_price")]
    [InlineData("600000.0", "1e16", "listing_price")]
    [InlineData("\"SOLD\"", "\"sold\"", "listing_status")]
    [InlineData("\"Condo\"", "\"123456789012345678901234567890123456789012345678901\"", "listing_type")]
    [InlineData("\"Condo\"", "\"\\udc00\"", "listing_type")]
    [InlineData("{\"listing_id\"", "{\"listing_post\":\"soon\",\"listing_id\"", "listing_post")]
    public void What_no_column_can_hold_is_refused_by_name_and_trace_id(string part, string instead, string field)
    {
        var content = Read(Enveloped(Payload.Replace(part, instead, StringComparison.Ordinal)));

        var refused = content.Should().BeOfType<EnvelopeContent.Undecodable>().Subject;
        refused.Reason.Should().Contain($"'{field}'");
        refused.TraceId.Should().Be("1738302360430669700");
    }

    [Fact]
    public void A_missing_trace_id_is_refused() =>
        Read(Enveloped(Payload.Replace(",\"trace_id\":1738302360430669700", "", StringComparison.Ordinal)))
            .Should()
            .BeEquivalentTo(new EnvelopeContent.Undecodable("'trace_id' is required.", null));

    [Theory]
    [InlineData("1", "1")]
    [InlineData("\"0195f3a1-1c2d-7e3f-8a4b-5c6d7e8f9a0b\"", "0195f3a1-1c2d-7e3f-8a4b-5c6d7e8f9a0b")]
    [InlineData("{}", null)]
    public void A_type_that_came_later_is_reported_as_such(string traceId, string? expected) =>
        Read($$$"""{"type":"auctions","datetime":"2025-03-04 11:08:08","payload":{"x":{"trace_id":2},"trace_id":{{{traceId}}}}}""")
            .Should()
            .Be(new EnvelopeContent.UnknownType("auctions", expected));

    [Theory]
    [InlineData("", "empty")]
    [InlineData("not json", "JSON")]
    [InlineData("null", "object")]
    [InlineData("[]", "object")]
    [InlineData("{\"type\":\"listings\"", "JSON")]
    [InlineData("{}", "'type'")]
    [InlineData("{\"type\":1,\"datetime\":\"2025-03-04 11:08:08\",\"payload\":{}}", "'type'")]
    [InlineData("{\"type\":\"\\ud800\",\"datetime\":\"2025-03-04 11:08:08\",\"payload\":{}}", "'type'")]
    [InlineData("{\"type\":\"listings\",\"payload\":{}}", "'datetime'")]
    [InlineData("{\"type\":\"listings\",\"datetime\":\"now\",\"payload\":{}}", "'datetime'")]
    [InlineData("{\"type\":\"listings\",\"datetime\":null,\"payload\":{}}", "'datetime'")]
    [InlineData("{\"type\":\"listings\",\"datetime\":\"2025-03-04 11:08:08\"}", "'payload'")]
    [InlineData("{\"type\":\"listings\",\"datetime\":\"2025-03-04 11:08:08\",\"payload\":[]}", "'payload'")]
    [InlineData("{\"type\":\"listings\",\"datetime\":\"2025-03-04 11:08:08\",\"payload\":{}} x", "JSON")]
    public void What_is_no_envelope_is_refused_with_a_reason(string value, string why) =>
        Read(value).Should().BeOfType<EnvelopeContent.Undecodable>().Which.Reason.Should().Contain(why);

    [Fact]
    public void Bytes_that_are_no_text_are_refused() =>
        Envelope.Read((byte[])[0x7b, 0xff, 0x7d]).Should().BeOfType<EnvelopeContent.Undecodable>().Which.Reason.Should().Contain("UTF-8");

    private static string Enveloped(string payload, string time = "2025-03-04 11:08:08") =>
        $$"""{"type":"listings","datetime":"{{time}}","payload":{{payload}}}""";
}
