using CsCheck;
using TestSupport.Events;
using static Contracts.Tests.Bodies;

namespace Contracts.Tests;

public sealed class StrictReadingTests
{
    [Fact]
    public void The_contracts_examples_are_accepted()
    {
        ErrorOf(EventCatalog.Listings, Listing).Should().BeNull();
        ErrorOf(EventCatalog.Bids, Bid).Should().BeNull();
        ErrorOf(EventCatalog.RunningStats, Run).Should().BeNull();
        ErrorOf(EventCatalog.MusicInfo, Song).Should().BeNull();
    }

    [Fact]
    public void An_accepted_body_fills_every_property() =>
        Accept(EventCatalog.Bids, Bid)
            .Should()
            .Be(
                new BidPosted
                {
                    BiddingId = 1,
                    ListingId = 1,
                    AskingPrice = 600000m,
                    OfferPrice = 619000m,
                    OfferDate = new DateTimeOffset(2025, 1, 7, 12, 47, 0, TimeSpan.Zero),
                    PropertySquareFeet = 2013,
                    PricePerSquareFeet = 298.06m,
                    BidStatus = "REJECTED",
                    TraceId = TraceId,
                    PostedAt = At,
                }
            );

    [Theory]
    [InlineData("listing_id", "2.0", "integer")]
    [InlineData("listing_id", "2.5", "integer")]
    [InlineData("listing_id", "1e3", "integer")]
    [InlineData("listing_id", "\"2\"", "integer")]
    [InlineData("listing_id", "true", "integer")]
    [InlineData("listing_id", "{}", "integer")]
    [InlineData("listing_id", "9223372036854775808", "64 bits")]
    [InlineData("listing_id", "-9223372036854775809", "64 bits")]
    [InlineData("listing_id", "null", "null")]
    [InlineData("listing_price", "\"600000.00\"", "number")]
    [InlineData("listing_price", "null", "null")]
    [InlineData("listing_price", "[1]", "number")]
    [InlineData("listing_price", "-0.01", "0 or more")]
    [InlineData("listing_price", "1e15", "10^15")]
    [InlineData("listing_price", "1000000000000000", "10^15")]
    [InlineData("listing_price", "1e400", "10^15")]
    [InlineData("listing_price", "79228162514264337593543950336", "10^15")]
    [InlineData("listing_post", "null", "null")]
    [InlineData("listing_post", "1736254020", "date-time")]
    [InlineData("listing_post", "\"\"", "date-time")]
    [InlineData("listing_post", "\"yesterday\"", "date-time")]
    [InlineData("listing_post", "\"2025-01-07\"", "date-time")]
    [InlineData("listing_post", "\"2025-02-29T00:00:00Z\"", "date-time")]
    [InlineData("listing_post", "\"2025-01-07T24:00:00Z\"", "date-time")]
    [InlineData("listing_post", "\"2025-01-07T12:47:00ZZ\"", "date-time")]
    [InlineData("listing_post", "\"0999-12-31T23:59:59Z\"", "1000 to 9999")]
    [InlineData("listing_post", "\"1000-01-01T00:30:00+01:00\"", "1000 to 9999")]
    [InlineData("listing_post", "\"9999-12-31T23:30:00-01:00\"", "date-time")]
    [InlineData("listing_type", "5", "string")]
    [InlineData("listing_type", "null", "null")]
    [InlineData("listing_type", "\"\\ud83d\"", "Unicode")]
    [InlineData("listing_type", "\"\\ude00\\ud83d\"", "Unicode")]
    [InlineData("listing_status", "\"sold\"", "SOLD")]
    [InlineData("listing_status", "\"SOLD \"", "OFFER_PENDING")]
    [InlineData("listing_status", "\"\\ud83d\"", "OFFER_PENDING")]
    [InlineData("listing_status", "null", "null")]
    [InlineData("listing_status", "1", "AVAILABLE")]
    [InlineData("listing_contact", "\"nobody\"", "@")]
    [InlineData("listing_contact", "7", "string")]
    [InlineData("trace_id", "\"5\"", "integer")]
    [InlineData("trace_id", "5.0", "integer")]
    [InlineData("trace_id", "null", "null")]
    public void A_value_the_contract_does_not_allow_is_refused_by_name(string field, string value, string why) =>
        ErrorOf(EventCatalog.Listings, With(Listing, field, value)).Should().Contain($"'{field}'").And.Contain(why);

    [Theory]
    [InlineData("asking_price", "-1", "0 or more")]
    [InlineData("offer_price", "null", "null")]
    [InlineData("property_square_feet", "1.5", "integer")]
    [InlineData("bid_status", "\"PENDING\"", "APPROVED, REJECTED")]
    public void A_bid_has_rules_of_its_own(string field, string value, string why) =>
        ErrorOf(EventCatalog.Bids, With(Bid, field, value)).Should().Contain($"'{field}'").And.Contain(why);

    [Theory]
    [InlineData("duration", "-1e15", "10^15")]
    [InlineData("duration", "1e400", "10^15")]
    [InlineData("distance", "\"5\"", "number")]
    [InlineData("timestamp", "5", "string")]
    public void A_run_has_rules_of_its_own(string field, string value, string why) =>
        ErrorOf(EventCatalog.RunningStats, With(Run, field, value)).Should().Contain($"'{field}'").And.Contain(why);

    [Theory]
    [InlineData("listing_price", "0")]
    [InlineData("listing_price", "-0.0")]
    [InlineData("listing_price", "999999999999999.995")]
    [InlineData("listing_price", "1e-400")]
    [InlineData("listing_price", "0.1234567890123456789012345678901234567890")]
    [InlineData("listing_post", "\"1000-01-01T00:00:00Z\"")]
    [InlineData("listing_post", "\"9999-12-31T23:59:59.9999999Z\"")]
    [InlineData("listing_post", "\"2025-01-07T12:47\"")]
    [InlineData("listing_post", "\"2024-02-29 12:47:00,5+0530\"")]
    [InlineData("listing_type", "\"\"")]
    [InlineData("listing_type", "\"\\ud83d\\ude00\\u0000\"")]
    [InlineData("listing_status", "\"\\u0053OLD\"")]
    [InlineData("listing_contact", "\"@\"")]
    [InlineData("trace_id", "0")]
    [InlineData("x", "null")]
    public void The_edges_of_what_is_allowed_are_accepted(string field, string value) =>
        ErrorOf(EventCatalog.Listings, With(Listing, field, value)).Should().BeNull();

    [Fact]
    public void Every_required_field_that_is_missing_is_named()
    {
        ErrorOf(EventCatalog.Listings, "{}")
            .Should()
            .Be("'listing_id', 'listing_price', 'listing_type', 'listing_status', 'listing_contact' are required.");
        foreach (var field in EventCatalog.All.SelectMany(type => type.Fields.Select(field => (Type: type, Field: field))))
        {
            var body = field.Type.Id switch
            {
                1 => Listing,
                2 => Bid,
                3 => Run,
                _ => Song,
            };
            var error = ErrorOf(field.Type, With(body, field.Field.Name, null));
            error.Should().Be(field.Field.Required ? $"'{field.Field.Name}' is required." : null);
        }
    }

    [Theory]
    [InlineData("listing_type", 50)]
    [InlineData("listing_contact", 254)]
    public void A_text_is_measured_in_characters_not_in_bytes_or_UTF16_units(string field, int limit)
    {
        var fits = "@" + string.Concat(Enumerable.Repeat("😀", limit - 1));
        ErrorOf(EventCatalog.Listings, With(Listing, field, $"\"{fits}\"")).Should().BeNull();
        ErrorOf(EventCatalog.Listings, With(Listing, field, $"\"{fits}x\""))
            .Should()
            .Contain($"'{field}'")
            .And.Contain($"{limit} characters");
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("5")]
    [InlineData("\"text\"")]
    [InlineData("{")]
    [InlineData("{\"listing_id\":1,}")]
    [InlineData("{'listing_id':1}")]
    [InlineData("{\"listing_id\":01}")]
    [InlineData("{\"listing_id\":NaN}")]
    [InlineData("// comment\n{}")]
    [InlineData("{\"listing_id\":\"tab\there\"}")]
    public void A_body_that_is_no_JSON_object_is_refused(string body) => ErrorOf(EventCatalog.Listings, body).Should().Contain("body");

    [Theory]
    [InlineData("{}")]
    [InlineData("x")]
    [InlineData("}")]
    public void Nothing_may_follow_the_object(string tail) =>
        ErrorOf(EventCatalog.Listings, Listing + tail).Should().Contain("not valid JSON");

    [Fact]
    public void A_byte_order_mark_and_white_space_around_the_object_are_ignored()
    {
        var draft = EventCatalog.Listings.Check(Utf8("\uFEFF \n" + Listing + "\r\n "), out var error);

        error.Should().BeNull();
        Text(draft!.Accept(5, At).ToPayload()).Should().Be(Listing[..^1] + ",\"trace_id\":5}");
    }

    [Theory]
    [InlineData(new byte[] { 0xff })]
    [InlineData(new byte[] { 0xc0, 0xaf })]
    [InlineData(new byte[] { 0xed, 0xa0, 0x80 })]
    public void Text_that_is_not_UTF8_is_refused(byte[] wrong)
    {
        var body = Utf8(With(Listing, "x", "\"?\""));
        byte[] spoilt = [.. body[..Array.IndexOf(body, (byte)'?')], .. wrong, .. body[(Array.IndexOf(body, (byte)'?') + 1)..]];

        ErrorOf(EventCatalog.Listings, spoilt).Should().Contain("UTF-8");
    }

    [Theory]
    [InlineData("\"listing_id\":1,", "listing_id")]
    [InlineData("\"listing\\u005fid\":1,", "listing_id")]
    [InlineData("\"trace_id\":1,\"trace_id\":1,", "trace_id")]
    [InlineData("\"x\":1,\"\\u0078\":2,", "x")]
    [InlineData("\"x\":[{\"deep\":1,\"deep\":1}],", "deep")]
    [InlineData("\"x\":{\"a\":{\"b\":1,\"c\":[],\"b\":2}},", "b")]
    public void A_key_that_is_there_twice_is_refused(string keys, string named) =>
        ErrorOf(EventCatalog.Listings, "{" + keys + Listing[1..]).Should().Contain($"'{named}' is there twice");

    [Theory]
    [InlineData("\"x\":\"\\ud800\",")]
    [InlineData("\"x\":[\"\\udc00\"],")]
    [InlineData("\"x\":{\"\\ud800\":1},")]
    [InlineData("\"\\ud800\":1,")]
    [InlineData("\"x\":\"\\\\\\ud800\\n\",")]
    public void Half_a_surrogate_pair_is_refused_also_where_nobody_reads(string keys) =>
        ErrorOf(EventCatalog.Listings, "{" + keys + Listing[1..]).Should().Contain("Unicode");

    [Fact]
    public void A_backslash_before_an_escape_is_not_mistaken_for_one() =>
        ErrorOf(EventCatalog.Listings, """{"x":"\\ud800","y":"\\\\","z":"\ud83d\ude00",""" + Listing[1..]).Should().BeNull();

    [Fact]
    public void Nesting_ends_at_its_limit()
    {
        string Nested(int depth) => "{\"x\":" + new string('[', depth) + new string(']', depth) + "," + Listing[1..];

        ErrorOf(EventCatalog.Listings, Nested(FieldLimits.Depth - 1)).Should().BeNull();
        ErrorOf(EventCatalog.Listings, Nested(FieldLimits.Depth)).Should().Contain("deeper than 32");
    }

    [Fact]
    public void Thousands_of_unknown_properties_cost_no_more_than_their_length()
    {
        var body = "{" + string.Concat(Enumerable.Range(0, 20_000).Select(n => $"\"p{n}\":1,")) + Listing[1..];

        ErrorOf(EventCatalog.Listings, body).Should().BeNull();
    }

    [Fact]
    public void A_draft_is_accepted_once()
    {
        var draft = EventCatalog.Listings.Check(Utf8(Listing), out _)!;
        draft.Accept(1, At);

        draft.Invoking(again => again.Accept(2, At)).Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public void Whatever_the_contract_allows_is_accepted() =>
        EventGenerator.Body.Sample((type, body) => ErrorOf(type, body).Should().BeNull(Text(body)), iter: 5_000);

    [Fact]
    public void No_bytes_at_all_make_it_fail() =>
        Gen.Select(EventGenerator.Body, Gen.Int[0, 10_000], Gen.Byte, Gen.Int[0, 3])
            .Sample(
                (sample, at, with, how) =>
                {
                    var body = sample.Body.ToList();
                    at %= body.Count;
                    if (how == 0)
                        body.RemoveRange(at, body.Count - at);
                    else if (how == 1)
                        body.Insert(at, with);
                    else if (how == 2)
                        body.RemoveAt(at);
                    else
                        body[at] = with;
                    ErrorOf(sample.Type, [.. body]);
                    Envelope.Read((byte[])[.. body]).Should().NotBeNull();
                    Envelope.Read(
                        (byte[])[.. Utf8($$"""{"type":"{{sample.Type}}","datetime":"2025-03-04 11:08:08","payload":"""), .. body, (byte)'}']
                    );
                },
                iter: 20_000
            );

    private static string With(string body, string field, string? value)
    {
        using var document = System.Text.Json.JsonDocument.Parse(body);
        var pairs = document
            .RootElement.EnumerateObject()
            .Where(property => property.Name != field)
            .Select(property => $"\"{property.Name}\":{property.Value.GetRawText()}");
        return "{" + string.Join(',', value is null ? pairs : pairs.Append($"\"{field}\":{value}")) + "}";
    }
}
